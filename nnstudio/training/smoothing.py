"""Smoothed losses: by the past alone where a run decides, by both sides where it is looked at."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

WINDOW: Final = 10
"""Steps whose mean is the loss that `blown_up` judges."""
FLOOR: Final = 1e-3
"""Share of the first mean loss under which it does not matter how much lower a loss was."""
REACH: Final = 3.0
"""Beyond so many widths a Gaussian weighs less than 1.2 % of its middle: it is cut off there."""


def blown_up(losses: Values, times: float) -> bool:
    """Tell whether the mean loss of the last steps is over `times` its lowest value so far.

    Means of `WINDOW` steps are compared, so that one hard batch ends nothing; a lowest mean under
    `FLOOR` of the first one counts as that, so that a perfect fit may waver. The answer follows
    from the past alone and stays the same when a run is made again.

    Parameters
    ----------
    losses : ndarray, shape (steps,)
        Of every step so far, finite.
    times : float
        Over 1.

    Examples
    --------
    >>> blown_up(np.array([1.0] * 20 + [5.0] * 10), 4)
    True
    """
    if len(losses) <= WINDOW:
        return False
    # blocks side by side: means at every step would take twenty times as long in a long run
    blocks = losses[: len(losses) // WINDOW * WINDOW].reshape(-1, WINDOW).mean(axis=1)
    lowest = max(float(blocks.min()), FLOOR * float(blocks[0]))
    return bool(losses[-WINDOW:].mean() > times * lowest)


def smoothed(losses: Values, width: float) -> Values:
    """Give the mean of each value and its neighbours, weighted by a Gaussian of `width` steps.

    Both sides count, so nothing is shifted, as an exponential mean would; at the ends the weights
    of what is missing are left out.

    Parameters
    ----------
    losses : ndarray, shape (steps,)
        Finite.
    width : float
        Standard deviation of the weights, in steps, over 0.

    Returns
    -------
    ndarray, shape (steps,)
        A new array.
    """
    if not len(losses):
        return losses.copy()
    reach = max(1, round(REACH * width))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    known = np.convolve(np.ones(len(losses)), weights)[reach:-reach]
    return np.asarray(np.convolve(losses, weights)[reach:-reach] / known)
