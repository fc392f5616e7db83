"""From the history of a range test to what its plot shows: loss over rate, and what was found."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from nnstudio.gui.theme import theme
from nnstudio.gui.widgets import numerals
from nnstudio.gui.widgets.plot.scene import Dot, Entry, Flag, Line, Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.texts import tr
from nnstudio.training.range_test import RangeCurve, RangeFinding

Values = NDArray[np.float64]

ROOM_ABOVE: Final = 1.6
"""How far over the first loss the picture reaches: what blows up leaves it at the top."""
FIRST_STEPS: Final = 10
NARROWEST: Final = 1e-3
RAW_ALPHA: Final = 0.4


def scene_of(
    curve: RangeCurve,
    found: RangeFinding | None,
    *,
    ends: tuple[float, float],
    x_held: Scale | None = None,
    y_held: Scale | None = None,
) -> Scene:
    """Give the picture of a test.

    Parameters
    ----------
    curve : RangeCurve
        With one step at least.
    found : RangeFinding or None
        What it says so far.
    ends : tuple of float
        First and last rate of the test, run or not.
    x_held, y_held : Scale or None
        What a person has zoomed to.
    """
    now = theme()
    raw = QColor(now.loss)
    raw.setAlphaF(RAW_ALPHA)
    return Scene(
        x=x_held or Scale(*ends, logarithmic=True),
        y=y_held or y_scale(curve),
        x_unit=tr("rate"),
        lines=(
            Line(curve.rate, curve.loss, raw, 1.0),
            Line(curve.rate, curve.smooth, now.loss, 1.5),
        ),
        flags=_flags(found),
        dots=_dots(curve, found),
        legend=(
            Entry(
                tr("smoothed loss"),
                numerals.loss(float(curve.smooth[-1])),
                now.loss,
                tip=tr("Mean of the batches around each rate."),
            ),
            Entry(tr("each batch"), numerals.loss(float(curve.loss[-1])), raw, width=1.0),
        ),
    )


def readout_of(curve: RangeCurve, rate: float) -> Readout | None:
    """Give what there is at `rate`: the nearest step."""
    if not len(curve.rate) or rate <= 0:
        return None
    at = int(np.abs(np.log(curve.rate / rate)).argmin())
    smooth = float(curve.smooth[at])
    rows = (
        (tr("rate"), shown_rate(float(curve.rate[at]))),
        (tr("smoothed loss"), numerals.loss(smooth)),
        (tr("this batch"), numerals.loss(float(curve.loss[at]))),
    )
    return Readout(float(curve.rate[at]), rows, ((float(curve.rate[at]), smooth, theme().loss),))


def y_scale(curve: RangeCurve) -> Scale:
    """Give the axis on which the fall can be seen; what blows up runs out of it at the top."""
    first = float(curve.loss[:FIRST_STEPS].mean())
    high = max(first * ROOM_ABOVE, float(curve.smooth.min()) * ROOM_ABOVE)
    bottom = float(curve.smooth.min())
    low = min(bottom, max(float(np.quantile(curve.loss, 0.02)), bottom / 2))
    if low > 0 and high / low > 1 + NARROWEST:
        return Scale(low / 1.1, high, logarithmic=True).snapped(6)
    room = max(high - low, abs(high) * 1e-6, 1e-12)
    return Scale(max(low - 0.1 * room, min(low, 0.0)), high).snapped(5)


def shown_rate(rate: float) -> str:
    """Give a rate in two digits, as it can be typed."""
    return numerals.rate(float(f"{rate:.1e}"))


def _flags(found: RangeFinding | None) -> tuple[Flag, ...]:
    if found is None:
        return ()
    grey = theme().text2
    flags = [
        Flag(found.steepest, tr("falls fastest"), grey),
        Flag(found.bottom, tr("lowest"), grey),
    ]
    if found.blown_up is not None:
        flags.append(Flag(found.blown_up, tr("blows up"), theme().error))
    return tuple(flags)


def _dots(curve: RangeCurve, found: RangeFinding | None) -> tuple[Dot, ...]:
    if found is None:
        return ()
    level = float(np.interp(np.log(found.suggested), np.log(curve.rate), curve.smooth))
    return (Dot(found.suggested, level, shown_rate(found.suggested), theme().accent_text),)
