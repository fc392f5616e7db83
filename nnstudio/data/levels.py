"""Levels: which number is the background of pictures, and what 100 % of noise are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Rows

_CHUNK_ROWS: Final = 2048


@dataclass(frozen=True, eq=False)
class Levels:
    """What raw inputs mean.

    Attributes
    ----------
    background : float
        The number that stands where a picture shows nothing.
    spread : float or ndarray, shape (D,)
        The range of a pixel; of data that are no pictures the standard deviation of each input.
    """

    background: float
    spread: float | NDArray[np.float64]


BYTES: Final = Levels(0.0, 255.0)


def levels_of(inputs: NDArray[Any], rows: Rows, *, image_shape: tuple[int, int] | None) -> Levels:
    """Give the levels of data by their training `rows` alone, a chunk at a time.

    Bytes are pixels from 0 to 255 whatever the rows hold. The background of other pictures is
    their lowest number, and the range of their pixels reaches up to their highest.

    Parameters
    ----------
    inputs : ndarray, shape (N, D)
        All samples, not scaled.
    rows : ndarray of int64
        Of the training part.
    image_shape : (int, int) or None
        None where the data are no pictures.
    """
    if inputs.dtype == np.uint8 or not len(rows):
        return BYTES
    if image_shape is not None:
        low = min(float(chunk.min()) for chunk in _chunks(inputs, rows))
        high = max(float(chunk.max()) for chunk in _chunks(inputs, rows))
        return Levels(low, high - low)
    mean = sum(chunk.sum(axis=0, dtype=np.float64) for chunk in _chunks(inputs, rows)) / len(rows)
    squares = sum(((chunk - mean) ** 2).sum(axis=0) for chunk in _chunks(inputs, rows))
    return Levels(0.0, np.sqrt(squares / len(rows)))


def _chunks(inputs: NDArray[Any], rows: Rows) -> Iterator[NDArray[Any]]:
    for start in range(0, len(rows), _CHUNK_ROWS):
        yield inputs[rows[start : start + _CHUNK_ROWS]]
