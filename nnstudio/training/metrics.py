"""Metrics: what share of answers is right, how far values are off; sums, never means of means.

Classes and labels have an accuracy. Values have none: theirs are R² and RMSE. The confusion matrix
says the most about classes: how often class i was taken for class j.
"""

from collections.abc import Callable
from math import nan, sqrt
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Matrix = NDArray[Any]
Score = Callable[[Matrix, Matrix, Counts], float]
"""(output, Y, rows) -> score: of one batch, whose targets `Y` (B, C) are those of `rows`."""


def right_classes(output: Matrix, labels: Counts) -> int:
    """Give how many rows of `output` (B, C) are largest at their class number in `labels` (B,)."""
    return int(np.count_nonzero(output.argmax(axis=1) == labels))


def right_labels(output: Matrix, Y: Matrix, *, shared: bool = False) -> int:
    """Give how many of the outputs (B, C) are on the side where their label `Y` is.

    Parameters
    ----------
    output, Y : ndarray, shape (B, C)
        Answers and labels.
    shared : bool
        Whether the outputs of a sample share a whole, as those of softmax do: of k labels that
        hold, each is 1/k at best, so the sides part at half of that; else at 1/2.
    """
    held = Y > 0.5
    side = 0.5 / np.maximum(1, held.sum(axis=1, keepdims=True)) if shared else 0.5
    return int(np.count_nonzero((output > side) == held))


def varies(targets: Matrix) -> bool:
    """Whether any output has more than one value in `targets` (N, C), whatever rounding does."""
    return bool(len(targets) and (targets != targets[0]).any())


def class_score(labels: Counts) -> Score:
    """Give the accuracy of a batch where there are classes; `labels` (N,) are those of all rows."""
    return lambda output, _Y, rows: right_classes(output, labels.take(rows)) / len(rows)


def label_score(*, shared: bool = False) -> Score:
    """Give the accuracy of a batch where there are labels: each output is an answer."""
    return lambda output, Y, _rows: right_labels(output, Y, shared=shared) / Y.size


def value_score(targets: Matrix) -> Score:
    """Give R² of a batch where there are values, by the variance of the training `targets` (N, C).

    A batch has a variance of its own, but that of a few samples says little and may be 0. With this
    one, the mean over the equal batches of an epoch is R² of the training part.
    """
    if not varies(targets):
        return lambda _output, _Y, _rows: nan
    variance = float(targets.var(axis=0, dtype=np.float64).mean())

    def score(output: Matrix, Y: Matrix, _rows: Counts) -> float:
        off = output - Y
        return 1 - float(np.vdot(off, off)) / (off.size * variance)

    return score


class Tally(Protocol):
    """Sums over the answers to many samples, added in any pieces."""

    def add(self, output: Matrix, Y: Matrix, rows: Counts) -> None:
        """Add the answers to `rows`, whose targets are `Y`."""

    @property
    def right(self) -> int:
        """How many answers are right; 0 where there is no right and wrong."""

    @property
    def score(self) -> float:
        """Accuracy or R²; NaN when there is none."""

    @property
    def rmse(self) -> float:
        """Root of the mean squared error; NaN but for values."""


class ClassTally:
    """Right and wrong classes; `labels` (N,) are those of all rows."""

    rmse = nan

    def __init__(self, labels: Counts) -> None:
        self._labels = labels
        self.right = self._answers = 0

    def add(self, output: Matrix, Y: Matrix, rows: Counts) -> None:
        """Add the answers to `rows`."""
        del Y
        self.right += right_classes(output, self._labels.take(rows))
        self._answers += len(rows)

    @property
    def score(self) -> float:
        """Share of right answers."""
        return self.right / self._answers if self._answers else nan


class LabelTally:
    """Right and wrong labels, each output for itself; `shared` as in `right_labels`."""

    rmse = nan

    def __init__(self, *, shared: bool = False) -> None:
        self._shared = shared
        self.right = self._answers = 0

    def add(self, output: Matrix, Y: Matrix, rows: Counts) -> None:
        """Add the answers to samples whose labels are `Y`."""
        del rows
        self.right += right_labels(output, Y, shared=self._shared)
        self._answers += Y.size

    @property
    def score(self) -> float:
        """Share of the outputs on the right side."""
        return self.right / self._answers if self._answers else nan


class ValueTally:
    """How far values are off, in double precision.

    Parameters
    ----------
    targets : ndarray, shape (N, C)
        Of all rows that will be added.
    """

    right = 0

    def __init__(self, targets: Matrix) -> None:
        self._varies = varies(targets)
        self._centre = targets.mean(axis=0, dtype=np.float64) if len(targets) else 0.0
        self._off = self._spread = 0.0
        self._answers = 0

    def add(self, output: Matrix, Y: Matrix, rows: Counts) -> None:
        """Add the answers to samples whose values are `Y`."""
        del rows
        exact = Y.astype(np.float64)
        self._off += float(((output - exact) ** 2).sum())
        self._spread += float(((exact - self._centre) ** 2).sum())
        self._answers += Y.size

    @property
    def score(self) -> float:
        """R²: 1 minus the squared errors over the squares around the mean, summed over outputs.

        NaN where all targets are the same. Of several outputs each counts by its variance.
        """
        return 1 - self._off / self._spread if self._varies and self._spread else nan

    @property
    def rmse(self) -> float:
        """Root of the mean squared error, in the unit of the targets."""
        return sqrt(self._off / self._answers) if self._answers else nan


def confusion(labels: Counts, answers: Counts, classes: int) -> Counts:
    """Give the confusion matrix (C, C): rows are the true classes, columns the answers.

    Raises
    ------
    ValueError
        When there is not one answer for each label.

    Examples
    --------
    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    if labels.shape != answers.shape:
        raise ValueError(f"labels {labels.shape} and answers {answers.shape} do not fit")
    table = np.bincount(labels * classes + answers, minlength=classes * classes)
    return table.reshape(classes, classes).astype(np.int64, copy=False)


def accuracy(table: Counts) -> float:
    """Give the share of right answers of a confusion matrix; NaN when it is empty."""
    count = int(table.sum())
    return int(np.trace(table)) / count if count else float("nan")


def recall(table: Counts) -> NDArray[np.float64]:
    """Give, per class (C,), the share of its samples that were answered right; NaN without any."""
    count = table.sum(axis=1)
    share = np.full(len(table), np.nan)
    np.divide(np.diagonal(table), count, out=share, where=count > 0)
    return share


def precision(table: Counts) -> NDArray[np.float64]:
    """Give, per class (C,), the share of right answers among those of this class; NaN without any.

    Examples
    --------
    >>> precision(np.array([[1, 1], [0, 1]])).tolist()
    [1.0, 0.5]
    """
    count = table.sum(axis=0)
    share = np.full(len(table), np.nan)
    np.divide(np.diagonal(table), count, out=share, where=count > 0)
    return share
