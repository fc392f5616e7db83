"""Neighbours: the training samples that are most like a drawing; exact, and fast for any number.

Distances along a few principal directions are never longer than the true ones, so only samples
that are near along those are compared as a whole.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.training.prepared import PreparedData, Rows

_DIRECTIONS: Final = 80
_FITTED_ON: Final = 4_000  # samples; more change the directions by nothing that is felt
_CHUNK: Final = 4_096
_FIRST_LOOK: Final = 128


@dataclass(frozen=True)
class Neighbour:
    """A training sample near a drawing.

    Attributes
    ----------
    row : int
        Of the data set.
    distance : float
        Euclidean, over raw inputs.
    """

    row: int
    distance: float


class Neighbours:
    """The training samples of a data set, ready to be asked; nothing changes it afterwards.

    Parameters
    ----------
    data : PreparedData
        Whose training part is looked through.
    """

    def __init__(self, data: PreparedData) -> None:
        self._inputs = data.dataset.inputs
        self._rows: Rows = np.unique(data.split.training)
        fitted = self._rows[:: max(1, len(self._rows) // _FITTED_ON)]
        sample = self._inputs[fitted].astype(np.float64)
        self._middle = sample.mean(axis=0)
        sample -= self._middle
        _, directions = np.linalg.eigh(sample.T @ sample)
        self._directions = directions[:, ::-1][:, :_DIRECTIONS]
        self._placed = np.empty((len(self._rows), self._directions.shape[1]), np.float32)
        for start in range(0, len(self._rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            self._placed[part] = self._place(self._inputs[self._rows[part]])
        self._lengths = np.einsum("ij,ij->i", self._placed, self._placed)

    def nearest(self, sample: NDArray[Any], *, count: int = 5) -> tuple[Neighbour, ...]:
        """Give the `count` samples nearest to a raw one, the nearest first; fewer if there are.

        Parameters
        ----------
        sample : ndarray
            As many numbers as a row of the data set has, in any shape.
        count : int
            How many are wanted.

        Raises
        ------
        ValueError
            When the sample has another number of inputs.
        """
        wanted = np.asarray(sample, np.float64).reshape(-1)
        if wanted.shape != self._middle.shape:
            raise ValueError(f"sample of {wanted.size} inputs among rows of {self._middle.size}")
        count = min(count, len(self._rows))
        if not count:
            return ()
        place = self._place(wanted[None])[0].astype(np.float32)
        near = self._lengths - 2 * (self._placed @ place) + float(place @ place)
        looked_at = max(_FIRST_LOOK, 2 * count)
        while True:
            chosen, limit = _smallest(near, looked_at)
            whole = self._inputs[self._rows[chosen]].astype(np.float64) - wanted
            squares = np.einsum("ij,ij->i", whole, whole)
            best = np.lexsort((chosen, squares))[:count]
            furthest = float(squares[best[-1]])
            # single precision may have lost so much of a projected square
            if looked_at >= len(near) or furthest <= limit - 1e-5 * float(self._lengths.max()):
                break
            looked_at *= 4
        return tuple(
            Neighbour(int(self._rows[chosen[at]]), float(np.sqrt(squares[at]))) for at in best
        )

    def _place(self, inputs: NDArray[Any]) -> NDArray[np.float64]:
        placed: NDArray[np.float64] = (inputs - self._middle) @ self._directions
        return placed


def _smallest(values: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], float]:
    """Give where the `count` smallest are, in their order of place, and the smallest other one."""
    if count >= len(values):
        return np.arange(len(values)), float("inf")
    order = np.argpartition(values, count)
    return np.sort(order[:count]), float(values[order[count]])
