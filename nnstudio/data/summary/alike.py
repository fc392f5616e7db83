"""Alike: pairs of samples that differ by very little, found without comparing all with all.

Samples that are near lie in the same cell of a coarse grid along the directions in which the data
spread most; several grids, each shifted, miss only what lies on a border of every one.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Rows
from nnstudio.data.summary.chunks import GoOn, chunks, never_mind, spread_over

NEAR: Final = 0.08
"""Share of the usual distance between two samples within which they are nearly the same."""
_DIRECTIONS: Final = 24
_OF_GRID: Final = 8  # of these make the cells; the others keep most strangers from being compared
_GRIDS: Final = 6
_NEXT: Final = 4  # samples of a cell that one is compared with in each grid
_FITTED_ON: Final = 1500
_TURNS: Final = 3
_SEED: Final = 20_262

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of rows, and how far apart they are as a share of the usual distance; nearest first."""

    first: Rows
    second: Rows
    share: NDArray[np.float64]


@np.errstate(all="ignore")
def alike(
    inputs: NDArray[Any], rows: Rows, *, near: float = NEAR, go_on: GoOn = never_mind
) -> Pairs:
    """Give pairs of `rows` that are nearly the same, the nearest first.

    Distances are Euclidean over raw inputs; the usual one is the root mean square over all pairs.
    Samples that are not finite are near to none. Not every such pair is found: of copies with some
    noise over the whole picture 97 in 100 (MNIST and generated digits, noise of 6 of 255), fewer
    where the difference is in one place. Of a crowd that is alike each sample is compared with a
    few others.

    Parameters
    ----------
    inputs : ndarray, shape (N, D)
        All samples.
    rows : ndarray of int64, shape (n,)
        The samples that are compared, each once; the first of a pair comes first here.
    near : float
        Largest share of the usual distance.
    go_on : callable
        May end the work.

    Notes
    -----
    Locality-sensitive hashing (Datar et al. 2004) along principal directions, which subspace
    iteration on some of the samples gives.
    """
    nothing = Pairs(rows[:0], rows[:0], np.empty(0))
    sample = inputs[spread_over(rows, _FITTED_ON)].astype(np.float32)
    sample = sample[np.isfinite(sample).all(axis=1)]
    if len(sample) < 2:
        return nothing
    middle = sample.mean(axis=0)
    sample -= middle
    usual = float(np.sqrt(2 * np.einsum("ij,ij->", sample, sample, dtype=np.float64) / len(sample)))
    if not 0 < usual < np.inf:
        return nothing
    limit = near * usual
    directions = _directions(sample)
    places = np.empty((len(rows), directions.shape[1]), np.float32)
    for place, piece in chunks(inputs, rows, go_on=go_on):
        places[place] = (piece.astype(np.float32) - middle) @ directions
    known = np.isfinite(places).all(axis=1)
    rows, places = rows[known], places[known]
    pairs = _candidates(places, limit, go_on)
    first, second = rows[pairs[:, 0]], rows[pairs[:, 1]]
    distance = np.empty(len(pairs))
    for place, piece in chunks(inputs, first, go_on=go_on):
        apart = piece.astype(np.float32) - inputs[second[place]]
        distance[place] = np.sqrt(np.einsum("ij,ij->i", apart, apart, dtype=np.float64))
    close = np.flatnonzero(distance <= limit)
    order = close[np.argsort(distance[close], kind="stable")]
    return Pairs(first[order], second[order], distance[order] / usual)


def _directions(centred: Floats) -> Floats:
    """Give about the directions (D, k) in which samples (n, D) spread most, at right angles."""
    count = min(_DIRECTIONS, centred.shape[1])
    generator = np.random.default_rng(_SEED)
    found = generator.standard_normal((centred.shape[1], count)).astype(np.float32)
    for _ in range(_TURNS):
        found = np.linalg.qr(centred.T @ (centred @ found))[0]
    return np.asarray(found, np.float32)


def _candidates(places: Floats, limit: float, go_on: GoOn) -> Rows:
    """Give pairs (m, 2) of neighbours in some cell whose places are within `limit`."""
    generator = np.random.default_rng(_SEED)
    along = np.ascontiguousarray(places[:, :_OF_GRID]) / np.float32(limit)
    factors = generator.integers(0, 2**62, along.shape[1]) * 2 + 1
    found = []
    for _ in range(_GRIDS):
        go_on()
        shift = generator.random(along.shape[1], dtype=np.float32)
        cells = np.floor(along + shift).astype(np.int64) @ factors
        order = np.argsort(cells, kind="stable")
        for step in range(1, _NEXT + 1):
            together = np.flatnonzero(cells[order[step:]] == cells[order[:-step]])
            ones, others = order[together], order[together + step]
            apart = places[ones] - places[others]
            near = np.einsum("ij,ij->i", apart, apart) <= limit**2
            low, high = np.minimum(ones[near], others[near]), np.maximum(ones[near], others[near])
            found.append(low * len(places) + high)
    return np.stack(np.divmod(np.unique(np.concatenate(found)), len(places)), axis=1)
