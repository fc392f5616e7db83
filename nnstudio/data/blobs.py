"""Connected pieces of ink: what belongs together in a picture, and which box holds it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Box:
    """A rectangle of whole pixels: from `top` and `left` up to before `bottom` and `right`."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How many rows it has."""
        return self.bottom - self.top

    @property
    def width(self) -> int:
        """How many columns it has."""
        return self.right - self.left

    def of(self, picture: NDArray[Any]) -> NDArray[Any]:
        """Give the part of a picture that lies in it: a view."""
        part: NDArray[Any] = picture[self.top : self.bottom, self.left : self.right]
        return part

    def joined(self, other: "Box") -> "Box":
        """Give the smallest box that holds both."""
        return Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )


@dataclass(frozen=True, eq=False)
class Blobs:
    """The connected pieces of a mask, touching at sides or corners.

    Attributes
    ----------
    labels : ndarray of int64, shape (H, W)
        0 where nothing is, else the number of the piece, from 1 on, from the top down.
    boxes : tuple of Box
        Of the pieces 1, 2, ...
    areas : ndarray of int64, shape (n,)
        Pixels of each.
    """

    labels: NDArray[np.int64]
    boxes: tuple[Box, ...]
    areas: NDArray[np.int64]

    def only(self, chosen: NDArray[np.bool_]) -> Mask:
        """Give the mask (H, W) of the pieces of which `chosen` (n,) says so."""
        kept = np.concatenate([[False], chosen])
        mask: Mask = kept[self.labels]
        return mask


def blobs(mask: Mask) -> Blobs:
    """Give the connected pieces of a mask (H, W); 8 neighbours count.

    Runs of each row are joined with those of the row above (the two passes of Rosenfeld and
    Pfaltz 1966, on runs instead of pixels).
    """
    height, width = mask.shape
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    stops = np.nonzero(edges == -1)[1]
    parents = np.arange(len(rows))
    first = np.searchsorted(rows, np.arange(height + 1))
    for row in range(1, height):
        _join(parents, starts, stops, first[row - 1 : row + 2])
    roots = np.array([_root(parents, run) for run in range(len(rows))], np.int64)
    _, firsts, numbers = np.unique(roots, return_index=True, return_inverse=True)
    labels = np.zeros(height * width, np.int64)
    lengths = stops - starts
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    labels[np.repeat(rows * width + starts, lengths) + within] = np.repeat(numbers + 1, lengths)
    count = len(firsts)
    tops, lefts = np.full((2, count), max(height, width), np.int64)
    bottoms, rights, areas = np.zeros((3, count), np.int64)
    np.minimum.at(tops, numbers, rows)
    np.maximum.at(bottoms, numbers, rows + 1)
    np.minimum.at(lefts, numbers, starts)
    np.maximum.at(rights, numbers, stops)
    np.add.at(areas, numbers, lengths)
    boxes = tuple(
        Box(*(int(edge) for edge in box)) for box in zip(tops, lefts, bottoms, rights, strict=True)
    )
    return Blobs(labels.reshape(height, width), boxes, areas)


def _join(
    parents: NDArray[np.int64],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    first: NDArray[np.int64],
) -> None:
    """Join the runs of a row with those above that they touch; `first` bounds both rows."""
    above, here = int(first[0]), int(first[1])
    while above < first[1] and here < first[2]:
        if starts[above] <= stops[here] and starts[here] <= stops[above]:
            one, other = _root(parents, above), _root(parents, here)
            parents[max(one, other)] = min(one, other)
        if stops[above] < stops[here]:
            above += 1
        else:
            here += 1


def _root(parents: NDArray[np.int64], run: int) -> int:
    while parents[run] != run:
        parents[run] = parents[parents[run]]
        run = int(parents[run])
    return run
