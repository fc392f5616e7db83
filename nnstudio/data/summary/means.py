"""Means: the mean sample of each class, and how each input goes with each value to be learned."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Rows
from nnstudio.data.summary.chunks import GoOn, chunks, never_mind

Values = NDArray[np.float64]


def class_means(
    inputs: NDArray[Any],
    targets: NDArray[Any],
    rows: Rows,
    *,
    classes: int,
    go_on: GoOn = never_mind,
) -> Values:
    """Give the mean of the raw inputs of each class over `rows`, shape (classes, D).

    A class without a sample has NaN.

    Parameters
    ----------
    inputs : ndarray, shape (N, D)
        All samples.
    targets : ndarray
        Class numbers (N,), or labels (N, classes) that hold where they are more than 0.
    rows : ndarray of int64
        The samples that count.
    classes : int
        How many there are.
    go_on : callable
        May end the work.
    """
    # of bytes a chunk sums up to less than 2**24, which single precision holds exactly
    kind = np.float32 if inputs.dtype == np.uint8 else np.float64
    sums = np.zeros((classes, inputs.shape[1]))
    counts = np.zeros(classes)
    for place, piece in chunks(inputs, rows, go_on=go_on):
        chosen = targets[rows[place]]
        holds = (
            chosen == np.arange(classes)[:, None] if targets.ndim == 1 else np.transpose(chosen > 0)
        ).astype(kind)
        sums += holds @ piece.astype(kind)
        counts += holds.sum(axis=1)
    with np.errstate(invalid="ignore"):
        means: Values = sums / counts[:, None]
    return means


@dataclass(frozen=True, eq=False)
class InputMoments:
    """How each input is spread, and how it goes with the values that are to be learned.

    Attributes
    ----------
    mean, deviation : ndarray of float64, shape (D,)
        Over the samples; the divisor is their number.
    correlation : ndarray of float64, shape (D, C)
        Pearson's, with each value; NaN where one of the two does not vary.
    """

    mean: Values
    deviation: Values
    correlation: Values


@np.errstate(all="ignore")
def input_moments(
    inputs: NDArray[Any], values: NDArray[Any], rows: Rows, *, go_on: GoOn = never_mind
) -> InputMoments:
    """Give the moments of every input over `rows`, in two passes so that no digits are lost.

    Parameters
    ----------
    inputs : ndarray, shape (N, D)
        All samples.
    values : ndarray, shape (N, C)
        What is to be learned of each.
    rows : ndarray of int64
        The samples that count; one at least.
    go_on : callable
        May end the work.
    """
    total = sum(
        piece.sum(axis=0, dtype=np.float64) for _, piece in chunks(inputs, rows, go_on=go_on)
    )
    mean = np.asarray(total / len(rows), np.float64)
    told = values[rows].astype(np.float64)
    told -= told.mean(axis=0)
    squares, products = np.zeros(len(mean)), np.zeros((len(mean), told.shape[1]))
    for place, piece in chunks(inputs, rows, go_on=go_on):
        centred = piece - mean
        squares += np.einsum("ij,ij->j", centred, centred)
        products += centred.T @ told[place]
    size = np.sqrt(squares)[:, None] * np.sqrt(np.einsum("ij,ij->j", told, told))
    return InputMoments(mean, np.sqrt(squares / len(rows)), products / size)
