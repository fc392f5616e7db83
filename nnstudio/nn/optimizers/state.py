"""One step of any optimizer: `begin` once, then `update` in place for every chunk of the vector.

A chunk fits into the cache, and nothing is allocated after the first step.
"""

from typing import Final, Protocol

import numpy as np
from numpy.typing import DTypeLike

from nnstudio.nn.parameters import Vector

CHUNK_FLOATS: Final = 32 * 1024


class OptimizerState:
    """What an optimizer remembers between steps, and room to work in.

    Parameters
    ----------
    size : int
        Length of the vector of parameters.
    dtype : dtype
        Its precision.
    vectors : dict of str to ndarray
        What must be kept to go on as if nothing had happened: one number per parameter, or a few
        numbers that belong to all.
    step : int
        Steps made so far.

    Attributes
    ----------
    scratch, spare : ndarray
        Room for the numbers of one chunk; what stands in it means nothing to the next one.
    now : list of float
        Numbers of the step that is being made, the same for every chunk; `begin` writes them.
    idle : set of str
        Vectors that the settings of the moment have no use for; there are none by these names.
    """

    __slots__ = (
        "_chunks",
        "_of",
        "dtype",
        "idle",
        "now",
        "scratch",
        "size",
        "spare",
        "step",
        "vectors",
    )

    def __init__(
        self, size: int, dtype: DTypeLike, *, vectors: dict[str, Vector], step: int = 0
    ) -> None:
        self.size, self.dtype, self.vectors, self.step = size, np.dtype(dtype), vectors, step
        self.scratch = np.empty(min(size, CHUNK_FLOATS), self.dtype)
        self.spare = np.empty_like(self.scratch)
        self.now: list[float] = []
        self.idle: set[str] = set()
        self._chunks: list[tuple[Vector, Vector, OptimizerState]] = []
        self._of: tuple[Vector, Vector] | None = None

    @classmethod
    def of_zeros(
        cls, size: int, dtype: DTypeLike, *names: str, numbers: int = 0
    ) -> "OptimizerState":
        """Give a state of vectors of zeros by these names, and ``numbers`` for all parameters."""
        vectors = {name: np.zeros(size, dtype) for name in names}
        if numbers:
            vectors["weights"] = np.zeros(numbers, dtype)
        return cls(size, dtype, vectors=vectors)

    def keep(self, name: str, *, when: bool) -> None:
        """Have a vector `name` only while `when` holds; each time it begins with zeros."""
        if when and name not in self.vectors:
            self.vectors[name] = np.zeros(self.size, self.dtype)
            self.idle.discard(name)
        elif not when and name not in self.idle:
            self.vectors.pop(name, None)
            self.idle.add(name)
        else:
            return
        # the pieces are views of the vectors that there were
        self._of, self._chunks = None, []

    def part(self, start: int, stop: int) -> "OptimizerState":
        """Give the state of the parameters from `start` to `stop`: views, not copies."""
        views = {
            name: vector[start:stop] if vector.shape == (self.size,) else vector
            for name, vector in self.vectors.items()
        }
        part = OptimizerState(0, self.dtype, vectors=views, step=self.step)
        part.size, part.now = stop - start, self.now
        part.scratch, part.spare = self.scratch[: stop - start], self.spare[: stop - start]
        return part

    def copy(self) -> "OptimizerState":
        """Give a copy that shares nothing."""
        vectors = {name: vector.copy() for name, vector in self.vectors.items()}
        return OptimizerState(self.size, self.dtype, vectors=vectors, step=self.step)

    def chunks(self, theta: Vector, grad: Vector) -> "list[tuple[Vector, Vector, OptimizerState]]":
        """Give parameters, gradient and state in pieces of `CHUNK_FLOATS`; made once per vector.

        Raises
        ------
        ValueError
            When a vector has another length than the state.
        """
        if self._of is None or self._of[0] is not theta or self._of[1] is not grad:
            for vector in (theta, grad):
                if vector.shape != (self.size,):
                    raise ValueError(f"a vector of shape {vector.shape} is not ({self.size},)")
            starts = range(0, self.size, CHUNK_FLOATS)
            pieces = [slice(start, min(start + CHUNK_FLOATS, self.size)) for start in starts]
            self._chunks = [
                (theta[piece], grad[piece], self.part(piece.start, piece.stop)) for piece in pieces
            ]
            self._of = (theta, grad)
        return self._chunks


class Steady:
    """Of an optimizer that uses all of its vectors whatever is set."""

    def settle(self, state: OptimizerState) -> None:
        """Do nothing: there is no vector that a setting could make superfluous."""


class Rule(Protocol):
    """What `apply` needs of an optimizer."""

    def begin(self, state: OptimizerState) -> None:
        """Do what a step needs once for the whole vector."""

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""


def apply(optimizer: Rule, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
    """Make one step of size `rate` against `grad`, in place, and count it.

    Parameters
    ----------
    optimizer : Rule
        Sgd, Adam ...
    theta, grad : ndarray, shape (P,)
        Parameters, which are changed, and the gradient, which is not.
    state : OptimizerState
        As from `optimizer.init`; changed as well.
    rate : float
        Learning rate times the factor of the schedule.
    """
    state.step += 1
    optimizer.begin(state)
    update = optimizer.update
    for theta_part, grad_part, part in state.chunks(theta, grad):
        update(theta_part, grad_part, part, rate)
