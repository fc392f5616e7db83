"""History: append-only columns; a reader holds a prefix that nobody writes to again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import nan
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.training.recipe import Change

Column = NDArray[np.float64]
Numbers = NDArray[np.int64]
Stages = tuple[tuple[int, str], ...]

STEP_COLUMNS: Final = ("loss", "score", "rate", "seconds")
VALIDATION_COLUMNS: Final = ("step", "epoch", "loss", "score", "rmse", "whole")
# how the names of a history's vectors begin in a file; their numbers need not be finite: a loss
# may have been infinite in the very step that ended the run, a score unknown
PREFIX: Final = "history."


@dataclass(frozen=True, eq=False)
class ValidationView:
    """What validation gave, one row each; all arrays are read-only and of one length.

    Attributes
    ----------
    step : ndarray of int64
        How many steps had been made.
    epoch : ndarray of int64
        In which epoch, from 1.
    loss, score : ndarray of float64
        Over the samples.
    rmse : ndarray of float64
        Root of the mean squared error; NaN but for data whose targets are values.
    whole : ndarray of bool
        True for the whole validation part, False for the small part within an epoch.
    """

    step: Numbers
    epoch: Numbers
    loss: Column
    score: Column
    rmse: Column
    whole: NDArray[np.bool_]

    def __len__(self) -> int:
        """Give the number of rows."""
        return len(self.step)


@dataclass(frozen=True, eq=False)
class HistoryView:
    """A prefix of a history, without a copy; all arrays are read-only.

    Attributes
    ----------
    steps : int
        How many steps there are; index 0 of a column is step 1.
    loss, score : ndarray of float64, shape (steps,)
        Of the batch, before the step. The score is the share of right answers for classes, the
        share of outputs on the right side for labels, and R² for values.
    rate : ndarray of float64, shape (steps,)
        Learning rate of the step.
    seconds : ndarray of float64, shape (steps,)
        Training time without pauses when the step was made.
    epoch_ends : ndarray of int64
        Steps that ended an epoch.
    stages : tuple of (int, str)
        After how many steps which stage began; empty for a run of one stage.
    """

    steps: int
    loss: Column
    score: Column
    rate: Column
    seconds: Column
    validation: ValidationView
    changes: tuple[Change, ...]
    epoch_ends: Numbers
    stages: Stages = ()


class _Table:
    """Columns of one length that grow by doubling; old arrays stay, for their readers."""

    __slots__ = ("columns", "rows")

    def __init__(self, *types: type, rows: int) -> None:
        self.columns: list[NDArray[Any]] = [np.empty(rows, kind) for kind in types]
        self.rows = 0

    def append(self, *values: float) -> None:
        at = self.rows
        if at == len(self.columns[0]):
            self.grow()
        for column, value in zip(self.columns, values, strict=True):
            column[at] = value
        self.rows = at + 1

    def grow(self) -> None:
        self.columns = [np.concatenate([one, np.empty_like(one)]) for one in self.columns]

    def extend(self, arrays: list[NDArray[Any]]) -> None:
        self.rows = len(arrays[0])
        self.columns = [
            np.concatenate([array, np.empty(max(64, len(array)), column.dtype)])
            for column, array in zip(self.columns, arrays, strict=True)
        ]

    def view(self) -> list[NDArray[Any]]:
        views = [column[: self.rows] for column in self.columns]
        for view in views:
            view.flags.writeable = False
        return views


class History:
    """What a run has been through, one row per step; written by the training thread alone."""

    __slots__ = ("_changes", "_ends", "_stages", "_steps", "_validation")

    def __init__(self) -> None:
        self._steps = _Table(float, float, float, float, rows=1024)
        self._validation = _Table(np.int64, np.int64, float, float, float, bool, rows=64)
        self._ends = _Table(np.int64, rows=64)
        self._changes: tuple[Change, ...] = ()
        self._stages: Stages = ()

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self._steps.rows

    @property
    def changes(self) -> tuple[Change, ...]:
        """Live changes in the order in which they acted."""
        return self._changes

    def append(self, loss: float, score: float, rate: float, seconds: float) -> None:
        """Add one step; `score` is that of its batch."""
        table = self._steps
        at = table.rows
        if at == len(table.columns[0]):
            table.grow()
        losses, scores, rates, times = table.columns
        losses[at] = loss
        scores[at] = score
        rates[at] = rate
        times[at] = seconds
        table.rows = at + 1

    def append_validation(
        self, *, step: int, epoch: int, loss: float, score: float, whole: bool, rmse: float = nan
    ) -> None:
        """Add what a validation gave."""
        self._validation.append(step, epoch, loss, score, rmse, whole)

    def append_change(self, change: Change) -> None:
        """Add a live change at the step where it acted."""
        self._changes = (*self._changes, change)

    def begin_stage(self, step: int, name: str) -> None:
        """Note that the stage `name` begins after `step` steps."""
        self._stages = (*self._stages, (step, name))

    def end_epoch(self, step: int) -> None:
        """Note that `step` was the last one of its epoch."""
        self._ends.append(step)

    def view(self) -> HistoryView:
        """Give all rows so far; later ones never show in it."""
        loss, score, rate, seconds = self._steps.view()
        return HistoryView(
            steps=self._steps.rows,
            loss=loss,
            score=score,
            rate=rate,
            seconds=seconds,
            validation=ValidationView(*self._validation.view()),
            changes=self._changes,
            epoch_ends=self._ends.view()[0],
            stages=self._stages,
        )

    def prefix(self, steps: int) -> "History":
        """Give a history of its own that holds the first `steps` steps and what belongs to them."""
        return History.of(self.view(), steps)

    @staticmethod
    def of(view: HistoryView, steps: int | None = None) -> "History":
        """Give a history that goes on from `view`, or from the first `steps` of its steps."""
        last = view.steps if steps is None else min(steps, view.steps)
        made = History()
        made._steps.extend([getattr(view, name)[:last] for name in STEP_COLUMNS])
        rows = view.validation.step <= last
        made._validation.extend(
            [getattr(view.validation, name)[rows] for name in VALIDATION_COLUMNS]
        )
        made._ends.extend([view.epoch_ends[view.epoch_ends <= last]])
        made._changes = tuple(change for change in view.changes if change.step <= last)
        made._stages = tuple(stage for stage in view.stages if stage[0] <= last)
        return made


def history_vectors(history: HistoryView) -> dict[str, NDArray[Any]]:
    """Give the columns of a history by the names that they have in a file, all exact."""
    vectors = {PREFIX + name: getattr(history, name) for name in STEP_COLUMNS}
    for name in VALIDATION_COLUMNS:
        values = getattr(history.validation, name)
        storable = values.astype(np.uint8) if values.dtype == np.bool_ else values
        vectors[f"{PREFIX}validation.{name}"] = storable
    vectors[f"{PREFIX}epoch_ends"] = history.epoch_ends
    return vectors


def renamed(vectors: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Give the columns of a file by today's names: a score was once an accuracy, without RMSE."""
    if f"{PREFIX}accuracy" not in vectors:
        return dict(vectors)
    old = {f"{PREFIX}accuracy", f"{PREFIX}validation.accuracy"}
    made = {
        name.replace("accuracy", "score") if name in old else name: column
        for name, column in vectors.items()
    }
    if f"{PREFIX}validation.score" in made:
        shape = made[f"{PREFIX}validation.score"].shape
        made.setdefault(f"{PREFIX}validation.rmse", np.full(shape, nan))
    return made


def history_from(
    vectors: Mapping[str, NDArray[Any]],
    *,
    steps: int,
    changes: tuple[Change, ...],
    stages: Iterable[Any] = (),
) -> HistoryView:
    """Give the history that `history_vectors` took apart; `stages` are pairs of step and name.

    Raises
    ------
    KeyError
        When a column is missing.
    ValueError
        When columns are of different lengths, or steps are named that do not follow one another.
    """
    vectors = renamed(vectors)
    columns = {name: vectors[PREFIX + name] for name in STEP_COLUMNS}
    rows = {name: vectors[f"{PREFIX}validation.{name}"] for name in VALIDATION_COLUMNS}
    ends = vectors[f"{PREFIX}epoch_ends"]
    lengths = {len(column) for column in columns.values()}
    if lengths != {steps} or len({len(row) for row in rows.values()}) != 1:
        raise ValueError(f"lengths {sorted(lengths)} at step {steps}")
    for places in (rows["step"], ends):
        if len(places) and (places[0] < 0 or places[-1] > steps or (np.diff(places) < 0).any()):
            raise ValueError(f"steps up to {places.max()} at step {steps}")
    rows["whole"] = rows["whole"].astype(np.bool_)
    return HistoryView(
        steps=steps,
        **columns,
        validation=ValidationView(**rows),
        changes=changes,
        epoch_ends=ends,
        stages=tuple((int(step), str(name)) for step, name in stages),
    )
