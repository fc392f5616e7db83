"""Thinning of a growing column of numbers: what is drawn costs the same after a million steps.

A pyramid keeps minimum, maximum, sum and count of blocks of 8, 64, 512 ... numbers, each made
once from the level below. A column on the screen is then answered exactly from a few blocks.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

FACTOR: Final = 8
# Blocks per column at the least where a border is moved to the edge of a block.
GRAIN: Final = 4

# Up to so many numbers are read as they are: that is quicker than to look for blocks.
DIRECT: Final = 4096

# What one block without any number looks like.
_NOTHING: Final = np.array([[np.nan], [np.nan], [0.0], [0.0]])

Positions = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reduced:
    """Minimum, maximum, sum and count of the finite numbers of each interval; NaN where none is."""

    low: Values
    high: Values
    total: Values
    count: Values

    @property
    def mean(self) -> Values:
        """Mean of the finite numbers; NaN where there is none."""
        known = self.count > 0
        return np.where(known, self.total / np.where(known, self.count, 1), np.nan)


class _Level:
    """Four columns that grow at the end, in one array that doubles when it is full."""

    def __init__(self) -> None:
        self._store = np.empty((4, 64))
        self.size = 0

    def write(self, start: int, block: Values) -> None:
        self.size = start + block.shape[1]
        if self.size > self._store.shape[1]:
            grown = np.empty((4, 2 * self.size))
            grown[:, :start] = self._store[:, :start]
            self._store = grown
        self._store[:, start : self.size] = block

    def rows(self, start: int = 0) -> Values:
        return self._store[:, start : self.size]


class Pyramid:
    """Minimum, maximum, sum and count of any interval of a column that only grows."""

    def __init__(self) -> None:
        self._values: NDArray[np.floating] = np.empty(0)
        self._levels: list[_Level] = []
        self._stacked = 0
        self.size = 0

    def extend(self, values: NDArray[np.floating]) -> None:
        """Take the column as it is now, all of it; it is read only where it is asked for.

        Parameters
        ----------
        values : ndarray, shape (n,)
            The column; its first `size` numbers are those of the last call.
        """
        if len(values) < self.size:
            message = f"a column cannot shrink from {self.size} to {len(values)}"
            raise ValueError(message)
        self.size, self._values = len(values), values

    def _stack(self) -> None:
        """Make the blocks of what is new since the last time."""
        values, old, self._stacked = self._values, self._stacked, self.size
        if old == self.size:
            return
        depth, below = 0, None
        while self.size > FACTOR ** (depth + 1):
            if depth == len(self._levels):
                self._levels.append(_Level())
                old = 0
            level = self._levels[depth]
            # The last block may have been a part of one, so it is made again.
            start = min(old // FACTOR ** (depth + 1), level.size)
            source = (
                _leaves(values[start * FACTOR :]) if below is None else below.rows(start * FACTOR)
            )
            at = np.arange(0, source.shape[1], FACTOR)
            level.write(start, _combine(source, at))
            below, depth = level, depth + 1

    def reduce(self, starts: ArrayLike, stops: ArrayLike) -> Reduced:
        """Give the numbers of the intervals ``[start, stop)``, exactly.

        Quick where the borders are what `rounded` gives: then the coarsest level that has
        both borders of an interval answers it.
        """
        starts, stops = np.asarray(starts, np.int64), np.asarray(stops, np.int64)
        if len(starts) and (stops > starts).all():
            base, top = int(starts.min()), int(stops.max())
            if top - base <= DIRECT:
                rows = _leaves(self._values[base:top])
                return Reduced(*_intervals(rows, starts - base, stops - base))
        self._stack()
        found = np.empty((4, len(starts)))
        found[:2], found[2:] = np.nan, 0
        todo = stops > starts
        for depth in range(len(self._levels), -1, -1):
            block = FACTOR**depth
            fits = todo & (starts % block == 0) & ((stops % block == 0) | (stops == self.size))
            if fits.any():
                first, last = starts[fits] // block, -(-stops[fits] // block)
                base = int(first.min())
                rows = (
                    _leaves(self._values[base : int(last.max())])
                    if depth == 0
                    else self._levels[depth - 1].rows(base)
                )
                found[:, fits] = _intervals(rows, first - base, last - base)
                todo &= ~fits
        return Reduced(*found)

    def rounded(self, edges: ArrayLike) -> Positions:
        """Move borders of columns to near edges of blocks and leave out what became empty."""
        whole = np.clip(np.rint(np.asarray(edges, np.float64)), 0, self.size)
        moved = aligned(whole)
        return np.unique(np.where(whole == self.size, self.size, moved))

    def smooth(self, centres: ArrayLike, half: int) -> Values:
        """Give the mean over about ``2 half + 1`` numbers around each centre.

        Towards the beginning the window narrows on both sides alike, so that a steep start is
        not flattened; at the end only its right side is cut. It is made from all numbers, not
        from the thinned ones: it does not depend on how many are drawn.
        """
        return self.reduce(*self.windows(centres, half)).mean

    def windows(self, centres: ArrayLike, half: int) -> tuple[Positions, Positions]:
        """Give where the windows of `smooth` begin and end."""
        centres = np.asarray(centres, np.int64)
        reach = np.minimum(half, centres)
        starts, stops = centres - reach, np.minimum(centres + reach + 1, self.size)
        grain = _grain(stops - starts)
        starts = starts // grain * grain
        rounded = -(-stops // grain) * grain
        return starts, np.minimum(rounded, self.size)


def aligned(edges: ArrayLike) -> Positions:
    """Move borders of columns down to near edges of blocks; they depend on these borders alone."""
    exact = np.rint(np.asarray(edges, np.float64)).astype(np.int64)
    if len(exact) < 2:
        return exact
    widths = np.diff(exact)
    grain = _grain(np.minimum(np.append(widths, widths[-1]), np.append(widths[0], widths)))
    return np.asarray(exact // grain * grain)


def _grain(widths: Positions) -> Positions:
    parts = np.maximum(widths // GRAIN, 1)
    return np.asarray(FACTOR ** (np.log2(parts) // np.log2(FACTOR)), np.int64)


def _leaves(values: NDArray[np.floating]) -> Values:
    """Give numbers as blocks of one; what is not finite counts as missing."""
    rows = np.empty((4, len(values)))
    rows[:3], rows[3] = values, 1
    finite = np.isfinite(values)
    if finite.all():
        return rows
    kept = np.where(finite, values, np.nan)
    return np.stack((kept, kept, np.where(finite, values, 0), finite)).astype(np.float64)


def _combine(rows: Values, at: Positions) -> Values:
    made = np.empty((4, len(at)))
    np.fmin.reduceat(rows[0], at, out=made[0])
    np.fmax.reduceat(rows[1], at, out=made[1])
    np.add.reduceat(rows[2:], at, axis=1, out=made[2:])
    return made


def _intervals(rows: Values, first: Positions, last: Positions) -> Values:
    """Reduce intervals that may overlap: `reduceat` takes pairs, every other answer is kept."""
    # reduceat refuses a border behind the last block, so one that changes nothing is put there.
    padded = np.concatenate((rows, _NOTHING), axis=1)
    pairs = np.stack((first, last), axis=1).ravel()
    return _combine(padded, pairs)[:, ::2]
