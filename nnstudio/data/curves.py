"""Curves: where a line has few points, a smooth curve goes through them; dense lines stay as is.

The points of a slow tablet or a quick mouse were taken from a curve. It is drawn again as a
centripetal Catmull-Rom spline (Yuksel, Schaefer and Keyser 2011), which has no loops of its own.
Where the line turns sharply a corner stays a corner.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LONG: Final = 0.08  # of the size of the drawing: shorter steps are as good as a curve
_SHARPEST: Final = 0.09  # cosine of 85°: a turn by more than that is a corner
_PIECES: Final = 6


def curved(
    points: Floats, radii: Floats, last: NDArray[np.bool_], starts: NDArray[np.int64]
) -> tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.int64]]:
    """Give the lines of N drawings with more points wherever two of them are far apart.

    Parameters
    ----------
    points : ndarray of float64, shape (P, 2)
        The points of all drawings one after another.
    radii : ndarray of float64, shape (P,)
        Half the width of the pen at each point.
    last : ndarray of bool, shape (P,)
        Whether the pen is lifted after this point.
    starts : ndarray of int64, shape (N,)
        Where each drawing begins; none is empty.

    Returns
    -------
    points, radii, last, starts
        The same things; the given ones when no step is long.
    """
    step = np.zeros_like(points)
    step[:-1] = points[1:] - points[:-1]
    step[last] = 0
    length = np.sqrt(step[:, 0] * step[:, 0] + step[:, 1] * step[:, 1])
    low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    counts = np.diff(np.append(starts, len(points)))
    limit = np.repeat(LONG * (high - low).max(axis=1), counts)
    # a line of two points is straight
    begins = np.ones(len(points), dtype=np.bool_)
    begins[1:] = last[:-1]
    alone = begins.copy()
    alone[:-1] &= last[1:]
    long = (length > limit) & ~alone
    if not long.any():
        return points, radii, last, starts
    arriving, leaving = _tangents(step, length)
    pieces = np.where(long, _PIECES, 1)
    segment = np.repeat(np.arange(len(points)), pieces)
    first = np.cumsum(pieces) - pieces
    share = (np.arange(len(segment)) - first[segment]) / pieces[segment]
    following = np.minimum(segment + 1, len(points) - 1)
    root = np.sqrt(length)[segment]
    rest = 1 - share
    moved = points[segment] + (share * share * (3 - 2 * share))[:, None] * step[segment]
    moved += (share * rest * rest * root)[:, None] * leaving[segment]
    moved -= (share * share * rest * root)[:, None] * arriving[following]
    between = np.zeros(len(segment), dtype=np.bool_)
    between[first] = True
    ends = last[segment] & between
    swell = radii[following] - radii[segment]
    swell[last[segment]] = 0
    return moved, radii[segment] + share * swell, ends, first[starts]


def _tangents(step: Floats, length: Floats) -> tuple[Floats, Floats]:
    """Give the direction in which the curve arrives at each point and leaves it (P, 2)."""
    gap = np.sqrt(length)[:, None]
    slope = step / np.maximum(gap, 1e-12)
    before, gap_before, length_before = (
        np.concatenate([np.zeros_like(whole[:1]), whole[:-1]]) for whole in (slope, gap, length)
    )
    step_before = np.concatenate([np.zeros_like(step[:1]), step[:-1]])
    smooth = (before * gap + slope * gap_before) / np.maximum(gap + gap_before, 1e-12)
    cosine = (step * step_before).sum(axis=1)
    corner = cosine <= _SHARPEST * length * length_before
    arriving = np.where(corner[:, None], before, smooth)
    leaving = np.where(corner[:, None], slope, smooth)
    # at the ends of a line it bends on as it did
    opens, closes = (length_before == 0) & (length > 0), (length == 0) & (length_before > 0)
    place = np.flatnonzero(opens)
    leaving[place] = 1.5 * slope[place] - 0.5 * arriving[place + 1]
    place = np.flatnonzero(closes)
    arriving[place] = 1.5 * before[place] - 0.5 * leaving[place - 1]
    return arriving, leaving
