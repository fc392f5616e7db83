"""Pictures made smaller by averaging: every old pixel counts by the area that it covers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def averaging(old: int, new: int) -> NDArray[np.float64]:
    """Give the matrix (new, old) that averages `old` pixels into `new` by the area they share."""
    edges = np.linspace(0, old, new + 1)
    place = np.arange(old)
    shared = np.minimum(edges[1:, None], place + 1) - np.maximum(edges[:-1, None], place)
    weights = np.clip(shared, 0, None)
    averaged: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return averaged


def resampled(picture: NDArray[Any], *, height: int, width: int) -> NDArray[np.float64]:
    """Give a picture (H, W) as floats of the shape (height, width)."""
    values: NDArray[np.float64] = (
        averaging(picture.shape[0], height) @ picture @ averaging(picture.shape[1], width).T
    )
    return values


def shrunk(grey: Grey, largest: int) -> Grey:
    """Give a picture with no side over `largest` pixels, its aspect kept; itself if it has none."""
    longer = max(grey.shape)
    if longer <= largest:
        return grey
    height, width = (max(1, round(side * largest / longer)) for side in grey.shape)
    small: Grey = np.rint(resampled(grey, height=height, width=width)).astype(np.uint8)
    return small
