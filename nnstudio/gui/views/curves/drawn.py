"""One curve at one zoom, as lines, band and marks; what did not change is the same object again."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.gui.theme import mixed, theme
from nnstudio.gui.views.curves.changes import words_of
from nnstudio.gui.views.curves.curve import Curve, Options, Points, Quantity, Values, best_words
from nnstudio.gui.widgets import numerals
from nnstudio.gui.widgets.plot.scene import Band, Dot, Flag, Line
from nnstudio.gui.widgets.plot.series import Abscissa, Thinned, Trace
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.texts import tr
from nnstudio.training.pretraining import layer_of
from nnstudio.training.snapshot import RunState

# How much of the curve's colour the band has; mixed here, as painting through is dear.
BAND_SHARE: Final = {False: 0.17, True: 0.14}
# With fewer points than these, even a line of raw values is drawn wide.
FEW_POINTS: Final = 40


@dataclass(frozen=True, eq=False)
class Drawn:
    """One curve at one zoom."""

    quantity: Quantity
    abscissa: Abscissa
    thinned: Thinned
    points: Points
    half: int
    factor: float
    x: Scale
    checked: Values
    kept: dict[object, Line] = field(default_factory=dict)
    dots: dict[object, tuple[Dot, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, curve: Curve, options: Options, x: Scale, trace: Trace, old: "Drawn | None"
    ) -> "Drawn":
        """Give `curve` as `trace` shows it; of `old` stays what is still right."""
        abscissa = curve.abscissa(options.x_axis)
        factor = curve.factor
        thinned, points = trace.thin(curve.series, abscissa), curve.points()
        if factor != 1:
            thinned = replace(
                thinned, y=thinned.y * factor, low=thinned.low * factor, high=thinned.high * factor
            )
        kept: dict[object, Line] = {}
        dots: dict[object, tuple[Dot, ...]] = {}
        if old is not None and (old.points, old.abscissa, old.x) == (points, abscissa, x):
            checked, kept, dots = old.checked, old.kept, old.dots
        else:
            share = x.share(abscissa.place(points.step))
            checked = points.value[(share >= 0) & (share <= 1)] * factor
        half = curve.half(options.smoothing)
        return cls(curve.quantity, abscissa, thinned, points, half, factor, x, checked, kept, dots)

    def lines(self, colour: QColor, *, width: float, growing: bool) -> list[Line]:
        """Give the line of the steps and, where there is one, that of the validations."""
        thinned = self.thinned
        smooth = self.half > 0 or len(thinned.x) < FEW_POINTS
        key = ("train", colour.rgba(), width)
        train = self.kept.get(key)
        if train is None or train.y is not thinned.y:
            train = self.kept[key] = Line(
                thinned.x,
                thinned.y,
                colour,
                width if smooth else 1.0,
                origin=(thinned.origin, smooth) if growing else None,
                settled=thinned.settled_points,
            )
        return [train, self._validation(colour, width)] if len(self.points.step) else [train]

    def _validation(self, colour: QColor, width: float) -> Line:
        key = (colour.rgba(), width)
        if key not in self.kept:
            pale = QColor(colour)
            pale.setAlphaF(1.0 if self.points.whole else 0.55)
            x = self.abscissa.place(self.points.step)
            y = np.where(np.isfinite(self.points.value), self.points.value, np.nan) * self.factor
            main = width > 1
            made = Line(x, y, pale, 1.3 if main else 1.0, dashed=True, circles=main)
            self.kept[key] = made
        return self.kept[key]

    def bands(self, colour: QColor) -> tuple[Band, ...]:
        """Give the band from the smallest to the largest value of each column."""
        thinned = self.thinned
        if not self.half or not thinned.count.max(initial=0) > 1:
            return ()
        pale = mixed(colour, theme().panel, BAND_SHARE[theme().dark])
        return (
            Band(
                thinned.edges,
                thinned.low,
                thinned.high,
                pale,
                origin=thinned.origin,
                settled=thinned.settled_columns,
            ),
        )

    def decisive(self) -> Values:
        """Give the values that must be in sight: the smooth line and what validation gave."""
        line = self.thinned.y
        if self.quantity != "loss" and len(line) > 30:
            # The first climb is steep and soon over: it may begin under the picture.
            line = line[len(line) // 20 :]
        return np.concatenate((line, self.checked))

    def best(self, colour: QColor) -> tuple[Dot, ...]:
        """Give the best validation while it is not the last."""
        key = ("best", colour.rgba())
        if key not in self.dots:
            self.dots[key] = self._best(colour)
        return self.dots[key]

    def _best(self, colour: QColor) -> tuple[Dot, ...]:
        points = self.points
        at = points.best("loss" if self.quantity == "loss" else "score")
        if at is None or at == len(points.step) - 1:
            return ()
        value = float(points.value[at])
        place = float(self.abscissa.place(points.step[at]))
        return (Dot(place, value * self.factor, best_words(self.quantity, value), colour),)

    def beyond(self, y: Scale, *, above: bool) -> str:
        """Say how many steps lie wholly beyond the edge of the picture."""
        known = self.thinned.low > y.high if above else self.thinned.high < y.low
        if not known.any():
            return ""
        count = int(self.thinned.count[known].sum())
        return f"{'▴' if above else '▾'} {numerals.grouped(count)}"


def flags_of(curve: Curve, abscissa: Abscissa) -> tuple[Flag, ...]:
    """Give the stages and the live changes of a run, and where it diverged."""
    history = curve.history
    if history is None:
        return ()
    now = theme()
    flags = [
        Flag(float(abscissa.place(step)), _stage_words(name), now.text2)
        for step, name in history.stages
    ]
    flags += [
        Flag(float(abscissa.place(change.step)), words, now.text2)
        for change, words in words_of(history)
    ]
    rewound = curve.run.rewound
    if rewound is not None:
        words = tr("step {step}", step=numerals.grouped(rewound))
        flags.append(Flag(float(abscissa.place(rewound)), words, now.accent_text))
    if curve.snapshot.state is RunState.DIVERGED:
        at = float(abscissa.place(curve.snapshot.step))
        # the step that could not be made, as the notice counts it
        step = numerals.grouped(curve.snapshot.step + 1)
        flags.append(Flag(at, tr("diverged at step {step}", step=step), now.error))
    return tuple(flags)


def _stage_words(name: str) -> str:
    layer = layer_of(name)
    # short, as it stands between the curves
    return tr("whole network") if layer is None else tr("layer {number} alone", number=layer + 1)
