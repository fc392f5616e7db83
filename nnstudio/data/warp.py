"""Warp: a batch of pictures resampled at one field of positions, bilinear, 0 outside.

Affine map and elastic displacement are one product ``rows @ coefficients @ columns`` per picture:
the bases hold 1, the centred coordinate, and Gaussian bumps. So a picture is sampled only once.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

Floats = NDArray[np.floating[Any]]

_CHUNK_PIXELS: Final = 32 * 784
"""Pixels at a time: every buffer of a chunk stays in the second-level cache."""
_SPACING: Final = 1.25
_REACH: Final = 2.5


def bumps(size: int, smoothness: float) -> NDArray[np.float64]:
    """Give the basis (size, K) that makes a smooth random curve of K independent normal numbers.

    Gaussian bumps of standard deviation `smoothness` (pixels) stand 1.25 of it apart and reach
    2.5 of it over both ends. White noise convolved with such a Gaussian (Simard, Steinkraus and
    Platt 2003) has the same covariance ``exp(-d² / (4 smoothness²))`` to 0.006, with one random
    number for every pixel. Every row has norm 1: each pixel's displacement has variance 1.

    Examples
    --------
    >>> bumps(28, 4.0).shape
    (28, 11)
    """
    spacing = _SPACING * smoothness
    count = int(np.ceil((size - 1 + 2 * _REACH * smoothness) / spacing)) + 1
    places = (np.arange(count) - (count - 1) / 2) * spacing
    distances = _centred(size)[:, None] - places
    basis: NDArray[np.float64] = np.exp(-0.5 * (distances / smoothness) ** 2)
    basis /= np.sqrt((basis**2).sum(axis=1, keepdims=True))
    return basis


def _centred(size: int) -> NDArray[np.float64]:
    return np.arange(size, dtype=np.float64) - (size - 1) / 2


class Warp:
    """Resamples pictures of one shape; holds buffers, so it belongs to one thread.

    Parameters
    ----------
    shape : (int, int)
        Height and width in pixels.
    smoothness : float or None
        Of the elastic displacement in pixels; None where there is none.
    dtype : dtype
        Of the pictures and of everything that is computed.

    Attributes
    ----------
    nodes : (int, int)
        How many random numbers per axis an elastic displacement is made of.
    """

    def __init__(
        self, shape: tuple[int, int], *, smoothness: float | None, dtype: DTypeLike
    ) -> None:
        height, width = self._shape = shape
        bases = [
            np.empty((size, 0)) if smoothness is None else bumps(size, smoothness) for size in shape
        ]
        self.nodes = bases[0].shape[1], bases[1].shape[1]
        # after the bumps: a column of ones, which a shift uses, and the centred coordinate
        rows, columns = (
            np.column_stack([basis, np.ones(size), _centred(size)]).astype(dtype)
            for basis, size in zip(bases, shape, strict=True)
        )
        self._rows, self._columns = rows, np.ascontiguousarray(columns.T)
        self._chunk = max(1, _CHUNK_PIXELS // (height * width))
        count = self._chunk
        down, across = rows.shape[1], columns.shape[1]
        self._coefficients = np.zeros((count, 2, down, across), dtype)
        self._half = np.empty((count, 2, down, width), dtype)
        self._positions = np.empty((count, 2, height, width), dtype)
        self._stride = width + 2
        self._picture = (height + 2) * self._stride
        # one row and one number more: the neighbours of the last pixel, which have weight 0
        self._padded = np.zeros(count * self._picture + self._stride + 1, dtype)
        self._whole = np.empty((2, count, height, width), dtype)
        self._index = np.empty((count, height, width), np.intp)
        self._starts = (np.arange(count, dtype=np.intp) * self._picture)[:, None, None]
        self._corners = np.empty((3, count, height, width), dtype)

    def apply(self, pictures: Floats, affine: Floats, displacement: Floats | None = None) -> None:
        """Replace pictures by what lies at the given positions of them, in place.

        Parameters
        ----------
        pictures : ndarray, shape (B, H * W)
            C-contiguous, of this warp's dtype.
        affine : ndarray, shape (B, 2, 3)
            Row and column (centred, in pixels) that a pixel is taken from: factor of its row,
            factor of its column, and a constant.
        displacement : ndarray, shape (B, 2, *nodes), or None
            Coefficients of the bumps for row and column, in pixels; None moves nothing.
        """
        for start in range(0, len(pictures), self._chunk):
            part = slice(start, start + self._chunk)
            self._locate(affine[part], None if displacement is None else displacement[part])
            self._sample(pictures[part])

    def _locate(self, affine: Floats, displacement: Floats | None) -> None:
        count = len(affine)
        down, across = self.nodes
        coefficients = self._coefficients[:count]
        coefficients[:, :, down + 1, across] = affine[:, :, 0]
        coefficients[:, :, down, across + 1] = affine[:, :, 1]
        coefficients[:, :, down, across] = affine[:, :, 2]
        if displacement is not None:
            coefficients[:, :, :down, :across] = displacement
        half = self._half[:count]
        np.dot(
            coefficients.reshape(-1, across + 2),
            self._columns,
            out=half.reshape(-1, self._shape[1]),
        )
        np.matmul(self._rows, half, out=self._positions[:count])

    def _sample(self, pictures: Floats) -> None:
        count, (height, width) = len(pictures), self._shape
        grey = pictures.reshape(count, height, width)
        padded, stride = self._padded, self._stride
        framed = padded[: count * self._picture].reshape(count, height + 2, stride)
        framed[:, 1:-1, 1:-1] = grey
        down, across = self._positions[:count, 0], self._positions[:count, 1]
        row, column = self._whole[:, :count]
        _split(down, into=row, size=height)
        _split(across, into=column, size=width)
        # whole numbers, exact in single precision up to pictures of 16 million pixels
        row *= stride
        row += column
        index = self._index[:count]
        np.copyto(index, row, casting="unsafe")
        index += self._starts[:count]
        right, below, beyond = self._corners[:, :count]
        padded.take(index, None, grey, "clip")
        padded[1:].take(index, None, right, "clip")
        padded[stride:].take(index, None, below, "clip")
        padded[stride + 1 :].take(index, None, beyond, "clip")
        _blend(grey, right, across)
        _blend(below, beyond, across)
        _blend(grey, below, down)


def _split(places: Floats, *, into: Floats, size: int) -> None:
    """Split centred places into the pixel of the frame before them and the share beyond it."""
    places += (size + 1) / 2
    # what lies outside the frame is as black as the frame itself
    np.clip(places, 0, size + 1, out=places)
    np.floor(places, out=into)
    places -= into


def _blend(near: Floats, far: Floats, share: Floats) -> None:
    """Move `near` towards `far` by `share`; a share of 0 changes no bit. Overwrites `far`."""
    far -= near
    far *= share
    near += far
