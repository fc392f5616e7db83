"""How far a step could have gone along its own direction before the loss rises again."""

from collections.abc import Callable
from math import isfinite, sqrt
from typing import Any, Final

from numpy.typing import NDArray

Vector = NDArray[Any]

FARTHEST: Final = 1e4
_FACTOR: Final = sqrt(10.0)


def reach(loss_at: Callable[[Vector], float], before: Vector, update: Vector) -> float | None:
    """Give how many times as long the step could have been, for the loss of its own batch.

    The factor among 1/10, 1/3, 1, 3, 10 ... with the lowest loss. A batch forgives longer steps
    than all samples do, so a healthy run stands well over 1; what is hundreds is a rate that is
    far too low.

    Parameters
    ----------
    loss_at : callable
        Stated loss of the batch with these parameters.
    before, update : ndarray
        Parameters before the step, and what was added to them; not modified.

    Returns
    -------
    float or None
        None where nothing moved, or where no length of the step lowers the loss.
    """
    if not update.any():
        return None
    lowest, best = loss_at(before), None
    if not isfinite(lowest):
        return None
    factor = 1.0 / _FACTOR**2
    worse = 0
    # two lengths in a row that are no better end the search: losses along a line rise for good
    while factor <= FARTHEST * 1.01 and worse < 2:
        found = loss_at(before + factor * update)
        if isfinite(found) and found < lowest:
            lowest, best, worse = found, factor, 0
        elif best is not None or factor > 1.0 or not isfinite(found):
            worse += 1
        factor *= _FACTOR
    return best
