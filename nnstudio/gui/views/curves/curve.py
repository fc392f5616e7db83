"""One run as a curve: what is new in its history is taken in once, the rest stays thinned."""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.widgets import numerals
from nnstudio.gui.widgets.plot.series import Abscissa, Series
from nnstudio.runs.run import RunView
from nnstudio.training.history import HistoryView
from nnstudio.training.snapshot import Snapshot

Metric = Literal["loss", "score"]
Quantity = Literal["loss", "accuracy", "r_squared"]
XAxis = Literal["step", "epoch", "seconds"]
Values = NDArray[np.float64]

# Half of the smoothing window as a share of the steps so far.
SMOOTHING: Final = {"off": 0.0, "light": 0.003, "medium": 0.01, "strong": 0.04}
HALVES: Final = tuple(part * 10**power for power in range(7) for part in (1, 2, 5))
# Where a step stands on an axis of steps.
STEPS: Final = Abscissa.of([0], [0], slope=1)


@dataclass(frozen=True)
class Options:
    """How a person wants to see the curves."""

    x_axis: XAxis = "step"
    x_logarithmic: bool = False
    y_logarithmic: bool = False
    smoothing: str = "medium"


@dataclass(frozen=True, eq=False)
class Points:
    """What validation gave, as it is drawn: of the whole part, or of the small one before that."""

    step: NDArray[np.int64]
    value: Values
    whole: bool = True

    def best(self, metric: Metric) -> int | None:
        """Give the position of the best value; None where there is no number at all."""
        known = np.where(np.isfinite(self.value), self.value, np.nan)
        if not self.whole or not np.isfinite(known).any():
            return None
        return int(np.nanargmin(known) if metric == "loss" else np.nanargmax(known))


@dataclass(eq=False)
class Curve:
    """One run as a curve; knows its snapshot and what was worked out of it so far."""

    metric: Metric
    run: RunView
    series: Series = field(default_factory=Series)
    _abscissa: "tuple[object, Abscissa] | None" = None
    _points: "tuple[object, Points] | None" = None
    _rows: object = None

    def extend(self, run: RunView) -> None:
        """Take in what is new in the run."""
        self.run = run
        if self.history is not None:
            if self.history.steps < self.series.steps:
                self._abscissa = self._points = self._rows = None
            self.series.extend(getattr(self.history, self.metric))

    @property
    def quantity(self) -> Quantity:
        """What its values are."""
        return quantity_of(self.metric, self.run)

    @property
    def factor(self) -> float:
        """By what its values are multiplied on the axis: an accuracy is shown in percent."""
        return 100.0 if self.quantity == "accuracy" else 1.0

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot of the run."""
        return self.run.snapshot

    @property
    def history(self) -> HistoryView | None:
        """What the run has been through."""
        return self.snapshot.history

    def half(self, smoothing: str) -> int:
        """Give half of the smoothing window in steps, a round number so that it rarely changes."""
        if SMOOTHING[smoothing] == 0:
            return 0
        wanted = SMOOTHING[smoothing] * self.series.steps
        return max((one for one in HALVES if one <= wanted), default=1)

    def abscissa(self, x_axis: XAxis) -> Abscissa:
        """Give where each step stands on the x axis; the same one while no knot is new."""
        history = self.history
        if x_axis == "step" or history is None or not history.steps:
            return STEPS
        ends = history.epoch_ends
        last = int(ends[-1] - (ends[-2] if len(ends) > 1 else 0)) if len(ends) else history.steps
        per_epoch = max(self.snapshot.steps_per_epoch or last, 1)
        key = (x_axis, len(ends), per_epoch) if x_axis == "epoch" else (x_axis, history.steps)
        if self._abscissa is None or self._abscissa[0] != key:
            made = _seconds(history) if x_axis == "seconds" else _epochs(ends, per_epoch)
            self._abscissa = (key, made)
        return self._abscissa[1]

    def points(self) -> Points:
        """Give what validation gave; the same ones while there is nothing new."""
        if self.history is None:
            return Points(np.empty(0, np.int64), np.empty(0))
        rows = self.history.validation
        given = (self.series.pyramid, len(rows))
        if self._points is not None and self._rows == given:
            return self._points[1]
        self._rows = given
        whole = bool(rows.whole.any())
        kept = rows.whole if whole else np.ones(len(rows), np.bool_)
        # Rows that are not drawn leave everything as it is.
        key = (self.series.pyramid, whole, int(np.count_nonzero(kept)))
        if self._points is None or self._points[0] != key:
            made = Points(rows.step[kept], getattr(rows, self.metric)[kept], whole)
            self._points = (key, made)
        return self._points[1]


def _epochs(ends: NDArray[np.int64], per_epoch: int) -> Abscissa:
    return Abscissa.of(np.concatenate(([0], ends)), np.arange(len(ends) + 1), slope=1 / per_epoch)


def _seconds(history: HistoryView) -> Abscissa:
    stride = max(1, history.steps // 2000)
    seconds = np.append(history.seconds[:-1:stride], history.seconds[-1])
    steps = np.append(np.arange(1, history.steps, stride), history.steps)
    # A clock that stands still between two steps would make the axis ambiguous.
    seconds = np.maximum.accumulate(np.nan_to_num(seconds)) + 1e-9 * np.arange(len(seconds))
    return Abscissa.of(
        np.concatenate(([0], steps)),
        np.concatenate(([0], seconds)),
        slope=float(seconds[-1]) / history.steps,
    )


def quantity_of(metric: Metric, run: RunView) -> Quantity:
    """Give what `metric` is for the data of a run."""
    if metric == "loss":
        return "loss"
    return "r_squared" if run.task == "values" else "accuracy"


def shown(quantity: Quantity, value: float) -> str:
    """Give a value of `quantity` as a person reads it."""
    if not np.isfinite(value):
        return "–" if np.isnan(value) else numerals.loss(value)
    if quantity == "accuracy":
        return numerals.percent(value)
    return numerals.loss(value) if quantity == "loss" else numerals.r_squared(value)


def best_words(quantity: Quantity, value: float) -> str:
    """Give the best value in few digits, three where two would be another place in the plot."""
    if quantity == "accuracy":
        return numerals.percent(value, digits=1)
    if quantity == "r_squared":
        return numerals.r_squared(value, digits=3)
    digits = 2 if abs(value) < 1 else 3
    return f"{value:.{digits}g}" if 1e-3 <= abs(value) < 100 else numerals.loss(value)
