"""Mixture: which rows of several sources an epoch has; a pure function of seed and epoch.

The shares of an epoch are those of the weights to within one sample, however large the sources are;
every source has one sample at least.
"""

from dataclasses import dataclass
from math import fsum
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.seams import Rows

OFTEN: Final = 10
"""So many times an epoch samples of a small source may come before they are learned by heart."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Several sources in one data set.

    Attributes
    ----------
    origin : ndarray of int8, shape (N,)
        Number of the source that each row of the data set is from.
    weights : tuple of float
        Of each source, more than 0.
    """

    origin: NDArray[np.int8]
    weights: tuple[float, ...]

    def parts(self, training: Rows) -> tuple[Rows, ...]:
        """Give those of the rows `training` that are from each source, in their order."""
        origin = self.origin[training]
        return tuple(training[origin == number] for number in range(len(self.weights)))

    def epoch(self, training: Rows, *, generator: Generator) -> Rows:
        """Give the rows of one epoch, source by source: as many as `training` has.

        Of each source come whole repetitions of its training rows, and a rest that is drawn
        without replacement.

        Parameters
        ----------
        training : ndarray of int64
            The training rows of all sources.
        generator : numpy.random.Generator
            Decides the rests; of one epoch alone.
        """
        parts = self.parts(training)
        counts = apportioned(len(training), self.weights)
        return np.concatenate(
            [
                _repeated(part, count, generator)
                for part, count in zip(parts, counts, strict=True)
                if len(part)
            ]
        )


def shares_of(weights: tuple[float, ...]) -> tuple[float, ...]:
    """Give the share of each of the `weights` in their sum."""
    whole = fsum(weights)
    return tuple(weight / whole for weight in weights)


def apportioned(count: int, weights: tuple[float, ...]) -> tuple[int, ...]:
    """Divide `count` samples by `weights`, each to within one sample.

    By largest remainders (Hamilton 1792); of equal remainders the first wins. Whoever would have
    none gets one from the largest, as long as there are enough: a source that is mixed in speaks.

    Examples
    --------
    >>> apportioned(10, (1.0, 2.0))
    (3, 7)
    """
    exact = [count * share for share in shares_of(weights)]
    counts = [int(one) for one in exact]
    left = count - sum(counts)
    by_remainder = sorted(range(len(exact)), key=lambda at: (counts[at] - exact[at], at))
    for at in by_remainder[:left]:
        counts[at] += 1
    for at in range(len(counts)):
        largest = counts.index(max(counts))
        if not counts[at] and counts[largest] > 1:
            counts[largest] -= 1
            counts[at] = 1
    return tuple(counts)


def weight_for(count: int, *, training: int, weights: tuple[float, ...]) -> float:
    """Give the weight with which a source joins others: as theirs, or less where it is small.

    Parameters
    ----------
    count : int
        Training samples that it has.
    training : int
        Training samples of the others together.
    weights : tuple of float
        Of the others.

    Returns
    -------
    float
        Their mean weight, or the one with which each of its samples comes `OFTEN` times an epoch,
        in two digits; whichever is less.

    Examples
    --------
    >>> weight_for(60, training=55_000, weights=(1.0,))
    0.011
    """
    whole = fsum(weights)
    share = OFTEN * count / (training + count)
    usual = whole / len(weights)
    if share >= 0.5 or count < 1:
        return usual
    return min(usual, float(f"{whole * share / (1 - share):.2g}"))


def limits_of(limit: int | None, weights: tuple[float, ...]) -> tuple[int | None, ...]:
    """Give how many training samples each source may have, so that all have `limit` at most.

    Each has one at least, and a larger limit is never a smaller one for any.

    Parameters
    ----------
    limit : int or None
        For all together, not fewer than there are sources; None for no limit.
    weights : tuple of float
        Of the sources.
    """
    if limit is None or len(weights) == 1:
        return (limit,) * len(weights)
    free = limit - len(weights)
    return tuple(1 + int(free * share) for share in shares_of(weights))


def _repeated(part: Rows, count: int, generator: Generator) -> Rows:
    times, rest = divmod(count, len(part))
    whole = np.tile(part, times)
    if not rest:
        return whole
    drawn = np.sort(generator.permutation(len(part))[:rest])
    return np.concatenate([whole, part[drawn]])
