"""Moment: parameters before and after one step, what was applied, and to which samples."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.floating[Any]]

FIRST_STEPS: Final = frozenset({0, 1, 2, 5, 10, 20, 50})
EVERY_STEPS: Final = 100
KEPT_BYTES: Final = 64 * 2**20


@dataclass(frozen=True, eq=False)
class Moment:
    """One step from inside; read-only copies.

    Attributes
    ----------
    step : int
        How many steps had been made before.
    before, after : ndarray, shape (P + buffers,)
        The flat vector before and after the step.
    gradient : ndarray, shape (P,)
        The gradient that was applied.
    rows : ndarray of int64, shape (B,)
        Rows of the data set in the batch.
    rate : float
        Learning rate of the step.
    """

    step: int
    before: Vector
    after: Vector
    gradient: Vector
    rows: NDArray[np.int64]
    rate: float

    @property
    def nbytes(self) -> int:
        """How much memory its arrays take."""
        return sum(one.nbytes for one in (self.before, self.after, self.gradient, self.rows))


class Moments:
    """Keeps the Moments of fixed steps, thinned evenly to a budget of bytes.

    The first and the newest always stay. When there is no room, every other one of the rest goes
    and the distance of the fixed steps doubles, so that what is kept stays spread over the run.
    """

    __slots__ = ("_budget", "_every", "_kept")

    def __init__(self, *, budget: int = KEPT_BYTES) -> None:
        self._budget = budget
        self._every = EVERY_STEPS
        self._kept: tuple[Moment, ...] = ()

    @property
    def kept(self) -> tuple[Moment, ...]:
        """What is kept, in the order of the steps."""
        return self._kept

    def wants(self, step: int) -> bool:
        """Tell whether the step after `step` steps is one to keep."""
        return step % self._every == 0 or step in FIRST_STEPS

    def keep(self, moment: Moment) -> None:
        """Add a Moment, later than all that are kept, and thin out what is over the budget."""
        self._kept = (*self._kept, moment)
        while len(self._kept) > 2 and sum(one.nbytes for one in self._kept) > self._budget:
            first, *rest, newest = self._kept
            self._kept = (first, *rest[1::2], newest)
            self._every *= 2
