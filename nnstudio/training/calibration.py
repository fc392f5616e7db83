"""Calibration: whether answers are right as often as their probability says."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

BINS: Final = 15
"""As in Guo et al. 2017."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """How sure answers are, and how often they are right, by how sure they are.

    Attributes
    ----------
    edges : ndarray, shape (bins + 1,)
        From 0 to 1, evenly.
    count : ndarray of int64, shape (bins,)
        Answers in each bin; one on an edge belongs below it.
    confidence, accuracy : ndarray, shape (bins,)
        Mean probability given to the answers of a bin, and share of them that is right; NaN where
        there are none.
    error : float
        Expected calibration error, 0 to 1; NaN without answers.
    """

    edges: Values
    count: NDArray[np.int64]
    confidence: Values
    accuracy: Values
    error: float

    @property
    def gap(self) -> float:
        """Mean probability minus share of right answers, over all: above 0 is too sure."""
        total = int(self.count.sum())
        if not total:
            return float("nan")
        known = self.count > 0
        return float(self.count[known] @ (self.confidence - self.accuracy)[known]) / total


def calibration(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], *, bins: int = BINS
) -> Calibration:
    """Give how probabilities and right answers agree (Guo et al. 2017, eq. 3).

    Parameters
    ----------
    confidence : ndarray, shape (N,), in [0, 1]
        Probability that each answer was given.
    right : ndarray of bool, shape (N,)
        Whether it is right.
    bins : int
        How many even stretches of probability there are.

    Returns
    -------
    Calibration
        ``error`` is ``sum(count / N |accuracy - confidence|)``.

    Examples
    --------
    >>> calibration(np.array([0.9, 0.9]), np.array([True, False]), bins=2).error
    0.4
    """
    edges = np.linspace(0, 1, bins + 1)
    at = np.clip(np.ceil(np.asarray(confidence, np.float64) * bins).astype(np.int64) - 1, 0, None)
    at = np.minimum(at, bins - 1)
    count = np.bincount(at, minlength=bins).astype(np.int64, copy=False)
    sure = _mean(np.bincount(at, weights=confidence, minlength=bins), count)
    hits = _mean(np.bincount(at, weights=right, minlength=bins), count)
    if not len(confidence):
        return Calibration(edges, count, sure, hits, float("nan"))
    known = count > 0
    error = float(count[known] @ np.abs(hits - sure)[known]) / len(confidence)
    return Calibration(edges, count, sure, hits, error)


def _mean(total: NDArray[np.number[Any]], count: NDArray[np.int64]) -> Values:
    mean = np.full(len(total), np.nan)
    np.divide(total, count, out=mean, where=count > 0)
    return mean
