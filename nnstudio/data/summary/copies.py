"""Copies: samples whose inputs are equal to the last bit; found by marks, confirmed by a look."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Rows
from nnstudio.data.summary.chunks import GoOn, chunks, never_mind

_SEED: Final = 20_261
_WORD: Final = 8  # bytes


def copies(inputs: NDArray[Any], rows: Rows, *, go_on: GoOn = never_mind) -> tuple[Rows, Rows]:
    """Give pairs of rows with equal inputs: of each further copy the first one and itself.

    A pair for each sample that is there once more; its first row is the one that comes first in
    `rows`. Minus zero is zero, and a NaN is equal to the same NaN.

    Parameters
    ----------
    inputs : ndarray, shape (N, D)
        All samples.
    rows : ndarray of int64, shape (n,)
        The samples that are compared, each once.
    go_on : callable
        May end the work.
    """
    marks = row_marks(inputs, rows, go_on=go_on)
    order = np.argsort(marks, kind="stable")
    alike = np.flatnonzero(marks[order[1:]] == marks[order[:-1]])
    if not len(alike):
        return rows[:0], rows[:0]
    # where a run of equal marks begins
    begins = np.ones(len(order), bool)
    begins[alike + 1] = False
    first = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    ones, others = rows[first[alike + 1]], rows[order[alike + 1]]
    equal = np.empty(len(ones), bool)
    for place, piece in chunks(inputs, ones, go_on=go_on):
        same = _words(piece) == _words(inputs[others[place]])
        equal[place] = same.all(axis=1)
    return ones[equal], others[equal]


def row_marks(inputs: NDArray[Any], rows: Rows, *, go_on: GoOn = never_mind) -> NDArray[np.uint64]:
    """Give a number for each of `rows` (n,), equal where inputs are equal, else hardly ever.

    Multiply-shift hashing (Dietzfelbinger et al. 1997) of every word, summed modulo 2**64.
    """
    bytes_of_row = inputs.dtype.itemsize * inputs.shape[1]
    count = -(-bytes_of_row // _WORD)
    factors = np.random.default_rng(_SEED).integers(0, 2**63, count, dtype=np.uint64) * 2 + 1
    marks = np.empty(len(rows), np.uint64)
    for place, piece in chunks(inputs, rows, go_on=go_on):
        mixed = _words(piece) * factors
        # the upper half knows of all bits of a word, the lower one of its lower bits alone
        mixed ^= mixed >> np.uint64(32)
        mixed *= factors[::-1]
        marks[place] = mixed.sum(axis=1, dtype=np.uint64)
    return marks


def _words(piece: NDArray[Any]) -> NDArray[np.uint64]:
    """Give the bits of samples as whole words (n, W), the last one filled up with zeros."""
    exact = np.ascontiguousarray(piece + 0.0 if piece.dtype.kind == "f" else piece)
    plain = exact.view(np.uint8).reshape(len(exact), -1)
    over = -plain.shape[1] % _WORD
    if over:
        plain = np.pad(plain, ((0, 0), (0, over)))
    return plain.view(np.uint64)
