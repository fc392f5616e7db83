"""Chunks: samples a piece at a time, so that a look at all of them is small and can be ended."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Rows

GoOn = Callable[[], None]
"""Called between pieces of work; ends the work by raising `Cancelled`."""

CHUNK_ROWS: Final = 1024


def never_mind() -> None:
    """Let the work go on."""


def chunks(
    inputs: NDArray[Any], rows: Rows, *, go_on: GoOn = never_mind
) -> Iterator[tuple[slice, NDArray[Any]]]:
    """Give places in `rows` and the samples at them, piece by piece.

    Parameters
    ----------
    inputs : ndarray, shape (N, D)
        All samples.
    rows : ndarray of int64, shape (n,)
        The wanted ones.
    go_on : callable
        Called before each piece.
    """
    for start in range(0, len(rows), CHUNK_ROWS):
        go_on()
        place = slice(start, min(start + CHUNK_ROWS, len(rows)))
        yield place, inputs[rows[place]]


def spread_over(rows: Rows, most: int) -> Rows:
    """Give at most `most` of the rows, at equal steps from the first on."""
    step = -(-len(rows) // most)
    return rows if step <= 1 else np.ascontiguousarray(rows[::step])
