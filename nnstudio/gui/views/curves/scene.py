"""From curves to what a plot shows: axes that change rarely, lines, the best value, the legend."""

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.gui.theme import theme
from nnstudio.gui.views.curves.changes import words_of
from nnstudio.gui.views.curves.curve import (
    Curve,
    Metric,
    Options,
    Points,
    Values,
    XAxis,
    best_words,
    shown,
)
from nnstudio.gui.views.curves.readout import readout_at
from nnstudio.gui.widgets import numerals
from nnstudio.gui.widgets.plot_scene import Band, Dot, Entry, Flag, Line, Readout, Scene
from nnstudio.gui.widgets.series import Abscissa, Thinned
from nnstudio.gui.widgets.ticks import Scale
from nnstudio.runs.run import RunView
from nnstudio.texts import tr
from nnstudio.training.snapshot import RunState

# How much of the curve's colour the band has; mixed here, as painting through is dear.
BAND_SHARE: Final = {False: 0.17, True: 0.14}
# Where the x axis ends at first, in steps.
LEAST_STEPS: Final = 50
# From this share of the planned steps on, the axis shows all of them.
MOST_PLANNED: Final = 0.2


def x_unit(x_axis: XAxis) -> str:
    """Give what stands in the corner of the axes."""
    return {"step": tr("step"), "epoch": tr("epoch"), "seconds": tr("s")}[x_axis]


@dataclass(eq=False)
class SceneMaker:
    """Makes scenes out of curves; keeps each run's thinned curve, so only new steps are read."""

    metric: Metric
    curves: dict[str, Curve] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    _kept: "dict[str, tuple[object, _Drawn]]" = field(default_factory=dict)

    def take(self, runs: tuple[RunView, ...]) -> None:
        """Take in the runs, the current one first; those without any step are left out."""
        known = [run for run in runs if run.snapshot.history is not None]
        self.order = tuple(run.identity for run in known)
        for run in known:
            curve = self.curves.setdefault(run.identity, Curve(self.metric, run))
            curve.extend(run)
        for gone in set(self.curves) - set(self.order):
            del self.curves[gone]
            self._kept.pop(gone, None)

    @property
    def first(self) -> Curve | None:
        """The current run's curve."""
        return self.curves[self.order[0]] if self.order else None

    def scene(
        self, options: Options, *, width: float, x_held: Scale | None, y_held: Scale | None
    ) -> Scene | None:
        """Give what a plot of `width` pixels shows; None while there is nothing."""
        current = self.first
        if current is None:
            return None
        x = x_held or self._x_scale(options)
        columns = max(20, int(width / 2))
        colour: QColor = getattr(theme(), self.metric)
        main = self._drawn(self.order[0], options, x, columns)
        others = [self._drawn(one, options, x, columns // 2) for one in self.order[1:]]
        y = y_held or self._y_scale([main, *others], options)
        # The best and the flags belong to the current run alone.
        lines = [line for other in others for line in other.lines(theme().earlier, width=1.0)]
        lines += main.lines(colour, width=1.5)
        return Scene(
            x=x,
            y=y,
            x_unit=x_unit(options.x_axis),
            y_unit=f"{numerals.GAP}%" if self.metric == "accuracy" else "",
            bands=main.bands(colour),
            lines=tuple(lines),
            flags=_flags(current, main.abscissa),
            dots=_best(current, main, colour),
            legend=self._legend(main, colour),
            words_low=self.metric == "accuracy",
            below=_beyond(main, y, above=False),
            above=_beyond(main, y, above=True),
        )

    def readout(self, x: float, options: Options) -> Readout | None:
        """Give what there is at the value `x` of the x axis."""
        curve = self.first
        if curve is None:
            return None
        return readout_at(curve, options, x, getattr(theme(), self.metric))

    def _drawn(self, identity: str, options: Options, x: Scale, columns: int) -> "_Drawn":
        """Give a curve at one zoom, the kept one while nothing of it has changed."""
        curve = self.curves[identity]
        key = (curve.series.steps, len(curve.points().step), options, x, columns)
        kept = self._kept.get(identity)
        if kept is None or kept[0] != key:
            kept = self._kept[identity] = (key, _Drawn.of(curve, options, x, columns))
        return kept[1]

    def _x_scale(self, options: Options) -> Scale:
        ends = []
        for one in self.order:
            curve = self.curves[one]
            steps, planned = curve.series.steps, curve.snapshot.total_steps
            if planned and MOST_PLANNED * planned <= steps <= planned:
                steps = planned
            elif not curve.snapshot.state.ended:
                steps = _roomy(steps)
            abscissa = curve.abscissa(options.x_axis)
            ends.append(float(abscissa.place(max(steps, 1 if curve.series.steps else LEAST_STEPS))))
        high = max(ends)
        if options.x_logarithmic:
            first = float(self.curves[self.order[0]].abscissa(options.x_axis).place(1))
            first = max(first, high * 1e-7)
            return Scale(first, max(high, first * 10), logarithmic=True)
        return Scale(0, high * 1.002)

    def _y_scale(self, drawn: "list[_Drawn]", options: Options) -> Scale:
        values = np.concatenate([one.decisive() for one in drawn])
        values = values[np.isfinite(values)]
        if self.metric == "accuracy":
            return _share_scale(values)
        if options.y_logarithmic and (values > 0).any():
            values = values[values > 0]
            low, high = float(values.min()), float(values.max())
            lows = drawn[0].thinned.low
            lows = lows[np.isfinite(lows) & (lows > 0)]
            if len(lows):
                low = min(low, max(float(np.quantile(lows, 0.2)), low / 30))
            return Scale(low / 1.05, max(high * 1.1, low * 1.5), logarithmic=True).snapped(6)
        if not len(values):
            return Scale(0, 1)
        low, high = float(values.min()), float(values.max())
        low = min(low, 0.0)
        return Scale(low, max(high, low + 1e-12 + abs(low) * 1e-6)).snapped(5)

    def _legend(self, main: "_Drawn", colour: QColor) -> tuple[Entry, ...]:
        curve, points = main.curve, main.points
        newest = float(points.value[-1]) if len(points.value) else float("nan")
        entries = [
            Entry(
                tr("train"),
                shown(self.metric, curve.series.last(main.half)),
                colour,
                tip=tr("Mean over the last {steps} steps.", steps=main.half + 1)
                if main.half
                else tr("The last batch."),
            ),
            Entry(
                tr("validation"),
                shown(self.metric, newest),
                colour,
                circles=True,
                width=1.4,
                tip=tr("After the last whole epoch.")
                if points.whole
                else tr("On a small part, until the first epoch is over."),
            ),
        ]
        entries += [
            Entry(self.curves[one].run.name, "", theme().earlier, width=1.4)
            for one in self.order[1:3]
        ]
        return tuple(entries)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """One curve at one zoom."""

    curve: Curve
    abscissa: Abscissa
    thinned: Thinned
    points: Points
    half: int
    factor: float
    x: Scale
    kept_lines: dict[tuple[str, float], list[Line]] = field(default_factory=dict)

    @classmethod
    def of(cls, curve: Curve, options: Options, x: Scale, columns: int) -> "_Drawn":
        abscissa = curve.abscissa(options.x_axis)
        half = curve.half(options.smoothing)
        factor = 100.0 if curve.metric == "accuracy" else 1.0
        thinned = curve.series.thin(x, abscissa, columns=columns, half=half)
        thinned = replace(
            thinned, y=thinned.y * factor, low=thinned.low * factor, high=thinned.high * factor
        )
        return cls(curve, abscissa, thinned, curve.points(), half, factor, x)

    def lines(self, colour: QColor, *, width: float) -> list[Line]:
        """Give the curves; the same ones while nothing has changed, so that they stay as drawn."""
        key = (colour.name(), width)
        if key not in self.kept_lines:
            self.kept_lines[key] = self._lines(colour, width)
        return self.kept_lines[key]

    def _lines(self, colour: QColor, width: float) -> list[Line]:
        main = width > 1
        smooth = self.half > 0 or len(self.thinned.x) < 40
        train = Line(self.thinned.x, self.thinned.y, colour, width if smooth else 1.0)
        if not len(self.points.step):
            return [train]
        pale = QColor(colour)
        pale.setAlphaF(1.0 if self.points.whole else 0.55)
        x = self.abscissa.place(self.points.step)
        y = np.where(np.isfinite(self.points.value), self.points.value, np.nan) * self.factor
        return [train, Line(x, y, pale, 1.3 if main else 1.0, dashed=True, circles=main)]

    def bands(self, colour: QColor) -> tuple[Band, ...]:
        if not self.half or not (self.thinned.count > 1).any():
            return ()
        pale = _mixed(colour, theme().panel, BAND_SHARE[theme().dark])
        return (Band(self.thinned.edges, self.thinned.low, self.thinned.high, pale),)

    def decisive(self) -> Values:
        """Give the values that must be in sight: the smooth line and what validation gave."""
        inside = (self.x.share(self.abscissa.place(self.points.step)) >= 0) & (
            self.x.share(self.abscissa.place(self.points.step)) <= 1
        )
        line = self.thinned.y
        if self.curve.metric == "accuracy" and len(line) > 30:
            # The first climb is steep and soon over: it may begin under the picture.
            line = line[len(line) // 20 :]
        return np.concatenate((line, self.points.value[inside] * self.factor))


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    inks = (
        (colour.redF(), ground.redF()),
        (colour.greenF(), ground.greenF()),
        (colour.blueF(), ground.blueF()),
    )
    return QColor.fromRgbF(*(share * over + (1 - share) * under for over, under in inks))


def _share_scale(values: Values) -> Scale:
    if not len(values):
        return Scale(0, 100)
    low, high = max(float(values.min()), 0.0), min(float(values.max()), 100.0)
    room = max(high - low, 2.0)
    scale = Scale(max(low - 0.05 * room, 0), min(high + 0.1 * room, 100.0)).snapped(6)
    return Scale(max(scale.low, 0), min(scale.high, 100))


def _roomy(steps: int) -> int:
    """Give a round number of steps that leaves room for more, so that the axis rarely changes."""
    wanted = max(steps * 1.1, LEAST_STEPS)
    power = 10 ** int(np.log10(wanted))
    return int(
        next(part * power for part in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if part * power >= wanted)
    )


def _flags(curve: Curve, abscissa: Abscissa) -> tuple[Flag, ...]:
    history = curve.history
    if history is None:
        return ()
    flags = [
        Flag(float(abscissa.place(change.step)), words, theme().text2)
        for change, words in words_of(history)
    ]
    if curve.snapshot.state is RunState.DIVERGED:
        at = float(abscissa.place(curve.snapshot.step))
        flags.append(
            Flag(
                at,
                tr("diverged at step {step}", step=numerals.grouped(curve.snapshot.step)),
                theme().error,
            )
        )
    return tuple(flags)


def _best(curve: Curve, drawn: _Drawn, colour: QColor) -> tuple[Dot, ...]:
    points = drawn.points
    at = points.best(curve.metric)
    if at is None or at == len(points.step) - 1:
        return ()
    value = float(points.value[at])
    return (
        Dot(
            float(drawn.abscissa.place(points.step[at])),
            value * drawn.factor,
            best_words(curve.metric, value),
            colour,
        ),
    )


def _beyond(drawn: _Drawn, y: Scale, *, above: bool) -> str:
    """Say how many steps lie wholly beyond the edge of the picture."""
    thinned = drawn.thinned
    known = thinned.low > y.high if above else thinned.high < y.low
    count = int(thinned.count[known].sum())
    if not count:
        return ""
    return f"{'▴' if above else '▾'} {numerals.grouped(count)}"
