"""Erasing: a rectangle of each picture becomes background (Zhong et al. 2017, random erasing)."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
DRAWS: Final = 5
"""Uniform numbers for each rectangle."""
_NARROWEST: Final = 0.3
"""Height by width is drawn between this and its inverse, evenly in the logarithm."""


@dataclass(frozen=True, eq=False)
class Rectangles:
    """First row, row after the last, first column, column after the last; each of shape (B,)."""

    top: Whole
    bottom: Whole
    left: Whole
    right: Whole


def rectangles(
    draws: NDArray[np.float64], shape: tuple[int, int], *, share: float, area: float
) -> Rectangles:
    """Give a rectangle for each picture; one without rows where nothing is erased.

    Parameters
    ----------
    draws : ndarray, shape (B, 5)
        Uniform from 0 to 1: whether, area, height by width, row, column.
    shape : (int, int)
        Height and width of the pictures in pixels.
    share : float
        Of the pictures that lose a rectangle.
    area : float
        The largest rectangle as a share of the picture.
    """
    height, width = shape
    chosen, size, aspect, row, column = draws.T
    pixels = height * width * area * size
    tall = _NARROWEST ** (2 * aspect - 1)
    rows = np.clip(np.rint(np.sqrt(pixels * tall)), 1, height)
    columns = np.clip(np.rint(np.sqrt(pixels / tall)), 1, width)
    rows[chosen >= share] = 0
    top = np.floor(row * (height - rows + 1))
    left = np.floor(column * (width - columns + 1))
    return Rectangles(*(one.astype(np.int64) for one in (top, top + rows, left, left + columns)))


def erase(pictures: NDArray[Any], where: Rectangles, *, background: float) -> None:
    """Fill a rectangle of each of the `pictures` (B, H, W), in place."""
    rows, columns = (np.arange(size) for size in pictures.shape[1:])
    inside_rows = (rows >= where.top[:, None]) & (rows < where.bottom[:, None])
    inside_columns = (columns >= where.left[:, None]) & (columns < where.right[:, None])
    inside = inside_rows[:, :, None] & inside_columns[:, None, :]
    np.copyto(pictures, background, where=inside)
