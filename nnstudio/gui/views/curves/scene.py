"""From curves to what a plot shows: axes that change rarely, lines, the best value, the legend."""

import time
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from PySide6.QtGui import QColor

from nnstudio.gui.theme import kind_colours, mixed, theme
from nnstudio.gui.views.curves.comparable import comparable, decides, named
from nnstudio.gui.views.curves.curve import Curve, Metric, Options, XAxis, shown
from nnstudio.gui.views.curves.drawn import Drawn, flags_of
from nnstudio.gui.views.curves.ranges import x_scale, y_scale
from nnstudio.gui.views.curves.readout import readout_at, validation_words
from nnstudio.gui.views.likeness import same_loss
from nnstudio.gui.views.run_words import mistakes_in
from nnstudio.gui.widgets import numerals
from nnstudio.gui.widgets.plot.scene import Entry, Flag, Level, Readout, Scene
from nnstudio.gui.widgets.plot.series import Abscissa, Trace
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.runs.run import RunView
from nnstudio.texts import tr, tr_count
from nnstudio.training.snapshot import RunState

# Numbers of the legend that change more often than that cannot be read.
PAUSE_S: Final = 0.24
# How much of its grey an earlier run keeps whose losses cannot be compared.
APART_SHARE: Final = 0.55
# How much of its colour a run keeps while another experiment is set than the one it is of.
ELSEWHERE_SHARE: Final = 0.4
# The legend has room for numbers beside names of so many letters in all.
FEW_LETTERS: Final = 22


def x_unit(x_axis: XAxis) -> str:
    """Give what stands in the corner of the axes."""
    return {"step": tr("step"), "epoch": tr("epoch"), "seconds": tr("s")}[x_axis]


@dataclass(frozen=True, eq=False)
class _Axis:
    """An axis that follows the data, until when it may be kept, and for which newest values."""

    scale: Scale
    key: tuple[object, ...]
    made_at: float
    low: float
    high: float

    def fits(self, now: float, newest: float) -> bool:
        """Whether it need not be worked out anew."""
        return now - self.made_at < PAUSE_S and self.low <= newest <= self.high


@dataclass(eq=False)
class SceneMaker:
    """Makes scenes out of curves; keeps what is known of each run, so only new steps are read."""

    metric: Metric
    curves: dict[str, Curve] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    expected: float | None = None
    guess: bool = False
    _traces: dict[str, tuple[object, Trace]] = field(default_factory=dict)
    _drawn: "dict[str, tuple[object, Drawn]]" = field(default_factory=dict)
    _flags: tuple[object, tuple[Flag, ...]] = (None, ())
    _read: "tuple[object, tuple[Entry, ...]]" = (None, ())
    _read_at: float = 0.0
    _beyond: "tuple[object, tuple[str, str]]" = (None, ("", ""))
    _beyond_at: float = 0.0
    _x: _Axis | None = None
    _y: _Axis | None = None

    def forget_words(self) -> None:
        """Say and colour everything anew, as theme or language have changed."""
        self._flags = self._read = (None, ())
        self._drawn.clear()
        self._x = self._y = None

    def take(self, runs: tuple[RunView, ...]) -> None:
        """Take in the runs, the current one first; those without any step are left out.

        So are those of other data than the first.
        """
        known = [run for run in runs if run.snapshot.history is not None]
        known = comparable(self.metric, known)
        self.order = tuple(run.identity for run in known)
        for run in known:
            curve = self.curves.setdefault(run.identity, Curve(self.metric, run))
            curve.extend(run)
        for gone in set(self.curves) - set(self.order):
            del self.curves[gone]
            self._traces.pop(gone, None)
            self._drawn.pop(gone, None)

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
        x = x_held or self._x_of(current, options)
        columns = max(20, int(width / 2))
        colour = self._colour(current.run, current.run)
        main = self._drawn_of(self.order[0], options, x, columns)
        others = [self._drawn_of(one, options, x, columns // 2) for one in self.order[1:]]
        y = y_held or self._y_of(current, (main, *others), options)
        # The best and the flags belong to the current run alone.
        lines = [
            line
            for identity, other in zip(self.order[1:], others, strict=True)
            for line in other.lines(
                self._colour(self.curves[identity].run, current.run), width=1.0, growing=False
            )
        ]
        lines += main.lines(colour, width=1.5, growing=True)
        below, above = self._beyond_of(current, main, y)
        return Scene(
            x=x,
            y=y,
            x_unit=x_unit(options.x_axis),
            y_unit=f"{numerals.GAP}%" if current.quantity == "accuracy" else "",
            # the noise of one run would hide the others that it is compared with
            bands=() if current.run.place is not None else main.bands(colour),
            lines=tuple(lines),
            flags=self._flags_of(current, main.abscissa),
            levels=self._levels(colour),
            dots=main.best(colour),
            legend=self._legend(current, main, colour),
            words_low=self.metric == "score",
            below=below,
            above=above,
        )

    def place_of(self, step: int, options: Options) -> float:
        """Give where a step of the current run stands on the x axis."""
        current = self.first
        if current is None:
            return 0.0
        return float(current.abscissa(options.x_axis).place(step))

    def _levels(self, colour: QColor) -> tuple[Level, ...]:
        """Mark the loss that a guess has, from where the first step should begin."""
        if self.expected is None or self.metric != "loss":
            return ()
        value = numerals.loss(self.expected)
        if self.guess:
            words = tr("loss of a guess {value}", value=value)
        else:
            words = tr("expected first loss {value}", value=value)
        return (Level(self.expected, words, colour),)

    def readout(self, x: float, options: Options) -> Readout | None:
        """Give what there is at the value `x` of the x axis."""
        curve = self.first
        if curve is None:
            return None
        return readout_at(curve, options, x, self._colour(curve.run, curve.run))

    def _decides(self, identity: str) -> bool:
        """Whether the axes reach as far as this curve."""
        return decides(self.metric, self.curves[identity].run, self.curves[self.order[0]].run)

    def _x_of(self, curve: Curve, options: Options) -> Scale:
        """Give the x axis; the kept one for a moment, while the newest step is on it."""
        steps, now = curve.series.steps, time.monotonic()
        key = (self.order, options, curve.series.pyramid, curve.snapshot.state)
        kept = self._x
        if kept is None or kept.key != key or not kept.fits(now, steps):
            found = x_scale([self.curves[one] for one in self.order if self._decides(one)], options)
            last = float(curve.abscissa(options.x_axis).step(found.high))
            kept = self._x = _Axis(found, key, now, 0, last)
        return kept.scale

    def _y_of(self, curve: Curve, drawn: tuple[Drawn, ...], options: Options) -> Scale:
        """Give the y axis; the kept one for a moment, while the newest value is on it."""
        main, now = drawn[0], time.monotonic()
        newest = float(main.thinned.y[-1]) if len(main.thinned.y) else float("nan")
        key = (
            self.order,
            options,
            main.x,
            main.half,
            main.points,
            curve.snapshot.state,
            self.expected,
        )
        kept = self._y
        if kept is None or kept.key != key or not kept.fits(now, newest):
            levels = [] if self.expected is None else [np.array([self.expected])]
            found = y_scale(
                [
                    one.decisive()
                    for run, one in zip(self.order, drawn, strict=True)
                    if self._decides(run)
                ]
                + levels,
                main.thinned.low,
                quantity=curve.quantity,
                logarithmic=options.y_logarithmic and self.metric == "loss",
            )
            kept = self._y = _Axis(found, key, now, found.low, found.high)
        return kept.scale

    def _drawn_of(self, identity: str, options: Options, x: Scale, columns: int) -> Drawn:
        """Give a curve at one zoom, the kept one while nothing of it has changed."""
        curve = self.curves[identity]
        half = curve.half(options.smoothing)
        zoom = (curve.series.pyramid, options.x_axis, x, columns, half)
        trace = self._traces.get(identity)
        if trace is None or trace[0] != zoom:
            trace = self._traces[identity] = (zoom, Trace(x, columns=columns, half=half))
        key = (trace[1], curve.series.steps, curve.points(), curve.abscissa(options.x_axis))
        drawn = self._drawn.get(identity)
        if drawn is None or drawn[0] != key:
            old = drawn[1] if drawn else None
            made = Drawn.of(curve, options, x, trace[1], old)
            drawn = self._drawn[identity] = (key, made)
        return drawn[1]

    def _flags_of(self, curve: Curve, abscissa: Abscissa) -> tuple[Flag, ...]:
        history, diverged = curve.history, curve.snapshot.state is RunState.DIVERGED
        if history is None:
            return ()
        rewound = curve.run.rewound
        key = (curve.series.pyramid, history.changes, history.stages, abscissa, diverged, rewound)
        if self._flags[0] != key:
            self._flags = (key, flags_of(curve, abscissa))
        return self._flags[1]

    def _beyond_of(self, curve: Curve, main: Drawn, y: Scale) -> tuple[str, str]:
        """Say what lies beyond the edges, as often as the legend says its numbers."""
        now, running = time.monotonic(), curve.snapshot.state is RunState.RUNNING
        key = (self.order, curve.series.pyramid, main.x, y)
        if not running or self._beyond[0] != key or now - self._beyond_at >= PAUSE_S:
            self._beyond_at = now
            self._beyond = (key, (main.beyond(y, above=False), main.beyond(y, above=True)))
        return self._beyond[1]

    def _colour(self, run: RunView, first: RunView) -> QColor:
        """Give the colour of a run: its own among those that are compared, else by its meaning."""
        colour: QColor = self._grey(run, first)
        if run.place is not None:
            colour = kind_colours(run.place + 1)[run.place]
        elif run is first:
            colour = getattr(theme(), self.metric)
        else:
            return colour
        return mixed(colour, theme().panel, ELSEWHERE_SHARE) if run.elsewhere else colour

    def _grey(self, run: RunView, first: RunView) -> QColor:
        """Give the colour of an earlier run; paler where its loss is another quantity."""
        apart = self.metric == "loss" and not same_loss(run, first)
        return mixed(theme().earlier, theme().panel, APART_SHARE) if apart else theme().earlier

    def _legend(self, curve: Curve, main: Drawn, colour: QColor) -> tuple[Entry, ...]:
        """Give the legend; while a run goes on, not more often than it can be read."""
        now, running = time.monotonic(), curve.snapshot.state is RunState.RUNNING
        key = (self.order, curve.series.pyramid, main.points, main.half, curve.run.elsewhere)
        if not running or self._read[0] != key or now - self._read_at >= PAUSE_S:
            self._read, self._read_at = (key, self._entries(curve, main, colour)), now
        return self._read[1]

    def _entries(self, curve: Curve, main: Drawn, colour: QColor) -> tuple[Entry, ...]:
        if curve.run.place is not None:
            return (*self._entries_of_compared(main), *_whose(curve.run))
        points = main.points
        newest = float(points.value[-1]) if len(points.value) else float("nan")
        entries = [
            Entry(
                tr("train"),
                shown(curve.quantity, curve.series.last(main.half)),
                colour,
                tip=tr("Mean over the last {steps} steps.", steps=main.half + 1)
                if main.half
                else tr("The last batch."),
            ),
            Entry(
                validation_words(curve.run),
                shown(curve.quantity, newest),
                colour,
                circles=True,
                width=1.4,
                tip=tr("After the last whole epoch.")
                if points.whole
                else tr("On a small part, until the first epoch is over."),
                # as short as it is understood beside "train"
                short=tr("valid."),
            ),
        ]
        entries += _whose(curve.run)
        mistakes = mistakes_in(curve.run)
        if mistakes:
            tip = tr("This run is trained with a mistake built in: {mistakes}.", mistakes=mistakes)
            recipe = curve.run.recipe
            count = 0 if recipe is None else len(recipe.latest.faults)
            words = tr_count("{count} mistake", "{count} mistakes", count)
            entries.append(
                Entry(mistakes if count == 1 else words, "", theme().error, dashed=True, tip=tip)
            )
        for one in self.order[1:3]:
            run = self.curves[one].run
            name, tip = named(run, curve.run) if self.metric == "loss" else (run.name, "")
            entries.append(Entry(name, "", self._grey(run, curve.run), width=1.4, tip=tip))
        return tuple(entries)

    def _entries_of_compared(self, main: Drawn) -> tuple[Entry, ...]:
        """Give the runs that are compared by their names, in the order in which they were named."""
        compared = [one for one in self.curves.values() if one.run.place is not None]
        compared.sort(key=lambda one: one.run.place or 0)
        # names before numbers, where both have no room
        few = sum(len(one.run.name) for one in compared) <= FEW_LETTERS
        return tuple(
            Entry(
                one.run.name,
                shown(one.quantity, one.series.last(main.half)) if few else "",
                self._colour(one.run, one.run),
                tip=tr(
                    "{run}: mean over the last {steps} steps.",
                    run=one.run.name,
                    steps=main.half + 1,
                ),
            )
            for one in compared
        )


def _whose(run: RunView) -> tuple[Entry, ...]:
    """Say what a run is of, where another experiment is set."""
    if not run.elsewhere:
        return ()
    tip = tr(
        "{run} is of “{title}”, which is no longer open. Train, or Restart, begins a run of what "
        "is open now.",
        run=run.name,
        title=run.elsewhere,
    )
    words = tr("{run} of “{title}”", run=run.name, title=run.elsewhere)
    return (Entry(words, "", theme().text3, dashed=True, width=1.4, tip=tip),)
