"""The calibration as a plot: how often answers are right, over how sure they are."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.numerals import grouped, percent
from nnstudio.gui.widgets.plot.scene import Band, Entry, Line, Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.texts import tr
from nnstudio.training.calibration import Calibration

BAND_ALPHA: Final = 0.22
FEW: Final = 10
"""A bin of fewer answers is not joined to the others."""
WHOLE: Final = Scale(0, 100)


def scene_of(
    found: Calibration,
    earlier: Calibration | None = None,
    *,
    name: str = "",
    held: tuple[Scale | None, Scale | None] = (None, None),
) -> Scene:
    """Give the picture of a calibration; that of an `earlier` run, of this `name`, lies behind it.

    `held` are axes that a person has zoomed to.
    """
    now = theme()
    shade = QColor(now.text3)
    shade.setAlphaF(BAND_ALPHA)
    known, many = found.count > 0, found.count >= FEW
    share = 100 * found.count / max(int(found.count.sum()), 1)
    lines = [
        Line(np.array([0.0, 100.0]), np.array([0.0, 100.0]), now.text3, 1.0, dashed=True),
        *_behind(earlier),
        _alone(found, known & ~many),
        Line(100 * found.confidence[many], 100 * found.accuracy[many], now.score, circles=True),
    ]
    return Scene(
        held[0] or WHOLE,
        held[1] or WHOLE,
        x_unit=tr("sure"),
        y_unit=" %",
        bands=(Band(100 * found.edges, np.zeros(len(share)), share, shade),),
        lines=tuple(lines),
        legend=(
            Entry(
                tr("right"),
                "",
                now.score,
                circles=True,
                tip=tr("The share of right answers; in grey where fewer than 10 answers say so."),
            ),
            Entry(
                tr("answers"),
                "",
                shade,
                width=8.0,
                tip=tr("The columns: which share of all answers is that sure."),
            ),
            *(() if earlier is None else (Entry(name, "", now.earlier, width=1.0),)),
        ),
    )


def readout_of(found: Calibration, sure: float) -> Readout | None:
    """Give what there is around `sure`, in percent: the nearest bin with answers."""
    known = np.flatnonzero(found.count)
    if not len(known):
        return None
    at = int(known[np.abs(100 * found.confidence[known] - sure).argmin()])
    x, y = float(100 * found.confidence[at]), float(100 * found.accuracy[at])
    return Readout(
        x,
        (
            (tr("sure"), percent(x / 100, digits=1)),
            (tr("right"), percent(y / 100, digits=1)),
            (tr("answers"), grouped(int(found.count[at]))),
        ),
        ((x, y, theme().score),),
    )


def _behind(earlier: Calibration | None) -> tuple[Line, ...]:
    if earlier is None:
        return ()
    many = earlier.count >= FEW
    x, y = 100 * earlier.confidence[many], 100 * earlier.accuracy[many]
    return (Line(x, y, theme().earlier, 1.0, circles=True),)


def _alone(found: Calibration, few: NDArray[np.bool_]) -> Line:
    """Give circles without a line between them, for bins whose few answers say little."""
    x, y = np.repeat(100 * found.confidence[few], 2), np.repeat(100 * found.accuracy[few], 2)
    y[1::2] = np.nan
    return Line(x, y, theme().earlier, 1.0, circles=True)
