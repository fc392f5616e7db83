"""Spread: how numbers are distributed, raw and scaled, and between which ones each input lies."""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Rows
from nnstudio.data.preprocessing import FittedScaling
from nnstudio.data.summary.chunks import GoOn, chunks, never_mind, spread_over

BINS: Final = 51
"""Of bytes each has five levels, the last one six."""
MOST_NUMBERS: Final = 4_000_000
"""So many numbers that are no bytes are counted; of more samples some at equal steps."""

_LARGE: Final = 1e100
_SMALL: Final = 1e-100

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Distribution:
    """How numbers are spread.

    Attributes
    ----------
    edges : ndarray of float64, shape (B + 1,)
        Ends of the bins.
    counts : ndarray of int64, shape (B,)
        Numbers in each.
    low, high, mean, deviation : float
        Of the numbers that are finite; the divisor is their count.
    zeros, lost : int
        Numbers that are 0, and that are not finite.
    samples : int
        How many samples were counted.
    """

    edges: Values
    counts: NDArray[np.int64]
    low: float
    high: float
    mean: float
    deviation: float
    zeros: int
    lost: int
    samples: int

    def times(self, factor: float) -> Self:
        """Give how the numbers are spread once each is multiplied by a `factor` above 0."""
        return replace(
            self,
            edges=self.edges * factor,
            low=self.low * factor,
            high=self.high * factor,
            mean=self.mean * factor,
            deviation=self.deviation * factor,
        )


def distribution(
    inputs: NDArray[Any],
    rows: Rows,
    *,
    scaling: FittedScaling | None = None,
    go_on: GoOn = never_mind,
) -> Distribution | None:
    """Give how all inputs of `rows` are spread; None where none is finite.

    Raw bytes are all counted; of other numbers those of some samples, where they are very many.

    Parameters
    ----------
    inputs : ndarray, shape (N, D)
        All samples.
    rows : ndarray of int64
        The samples that count.
    scaling : FittedScaling, optional
        What is done to them first; nothing by default.
    go_on : callable
        May end the work.
    """
    if not len(rows):
        return None
    if inputs.dtype == np.uint8 and scaling is None:
        return _of_bytes(_byte_counts(inputs, rows, go_on), len(rows))
    chosen = spread_over(rows, max(MOST_NUMBERS // inputs.shape[1], 1))
    numbers = np.empty((len(chosen), inputs.shape[1]))
    for place, piece in chunks(inputs, chosen, go_on=go_on):
        if scaling is None:
            numbers[place] = piece
        else:
            scaling.into(piece, numbers[place])
    return of_numbers(numbers)


@np.errstate(all="ignore")
def of_numbers(numbers: NDArray[Any], *, bins: int = BINS) -> Distribution | None:
    """Give how `numbers` (n, ...) are spread; None where none is finite."""
    known = numbers[np.isfinite(numbers)].astype(np.float64, copy=False)
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    largest = max(abs(low), abs(high))
    # the squares and the range of very large numbers are no numbers any more
    unit = largest if largest > _LARGE else 1.0
    known = known / unit
    counts, edges = np.histogram(known, bins=bins, range=_ends(low / unit, high / unit, bins))
    most = float(np.finfo(np.float64).max)
    edges = np.clip(edges.astype(np.float64) * unit, -most, most)
    edges[0], edges[-1] = min(edges[0], low), max(edges[-1], high)
    return Distribution(
        edges=edges,
        counts=counts.astype(np.int64),
        low=low,
        high=high,
        mean=float(known.mean()) * unit,
        deviation=min(float(known.std()) * unit, most),
        zeros=int(known.size - np.count_nonzero(known)),
        lost=int(numbers.size - known.size),
        samples=len(numbers),
    )


def _ends(low: float, high: float, bins: int) -> tuple[float, float]:
    """Give the ends of an axis for numbers from `low` to `high`, so far apart that bins differ."""
    largest = max(abs(low), abs(high))
    if high - low > max(4 * bins * float(np.spacing(largest)), _SMALL):
        return low, high
    room = largest * 0.5 if largest > _SMALL else 0.5
    return low - room, high + room


def _byte_counts(inputs: NDArray[np.uint8], rows: Rows, go_on: GoOn) -> NDArray[np.int64]:
    """Give how often each byte stands in `rows`, shape (256,)."""
    pairs = np.zeros(65_536, np.int64)
    single = np.zeros(256, np.int64)
    for _, piece in chunks(inputs, rows, go_on=go_on):
        flat = piece.reshape(-1)
        even = flat.size & ~1
        # half as many numbers to count
        pairs += np.bincount(flat[:even].view(np.uint16), minlength=65_536)
        single += np.bincount(flat[even:], minlength=256)
    table = pairs.reshape(256, 256)
    counts: NDArray[np.int64] = table.sum(axis=0) + table.sum(axis=1) + single
    return counts


def _of_bytes(counts: NDArray[np.int64], samples: int) -> Distribution:
    numbers = np.arange(256, dtype=np.float64)
    there = numbers[counts > 0]
    total = float(counts.sum())
    mean = float(counts @ numbers) / total
    return Distribution(
        edges=np.linspace(0.0, 255.0, BINS + 1),
        counts=np.append(
            counts[: 5 * BINS - 5].reshape(-1, 5).sum(axis=1), counts[5 * BINS - 5 :].sum()
        ),
        low=float(there.min()),
        high=float(there.max()),
        mean=mean,
        deviation=float(np.sqrt(counts @ (numbers - mean) ** 2 / total)),
        zeros=int(counts[0]),
        lost=0,
        samples=samples,
    )


def input_ends(
    inputs: NDArray[Any], rows: Rows, *, go_on: GoOn = never_mind
) -> tuple[NDArray[Any], NDArray[Any]] | None:
    """Give the lowest and the highest number of each input (D,) over `rows`; None without rows."""
    low: NDArray[Any] | None = None
    high: NDArray[Any] | None = None
    for _, piece in chunks(inputs, rows, go_on=go_on):
        below, above = piece.min(axis=0), piece.max(axis=0)
        low = below if low is None else np.minimum(low, below)
        high = above if high is None else np.maximum(high, above)
    return None if low is None or high is None else (low, high)
