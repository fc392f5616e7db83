"""Guard: the last finite parameters, and the very step at which they stopped being finite.

A check of every step would cost 5 %. So every few steps the numbers are checked and copied; when
one is not finite, the steps since the last copy are made again, which gives the same bits, and
the first that fails is the one.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from nnstudio.training.course import Course


class Guard:
    """Copies of everything that a step changes, made when it was last known to be finite."""

    __slots__ = ("_copies", "_optimizer_step", "_step", "_watched")

    def __init__(self) -> None:
        self._copies: list[NDArray[Any]] = []
        self._watched: list[NDArray[Any]] = []
        self._step = -1
        self._optimizer_step = 0

    def remember(self, state: "Course") -> None:
        """Take the numbers of `state` as finite, without a look at them."""
        state.stage.publish()
        vectors = _vectors(state)
        if not self._watches(vectors):
            self._copies = [np.empty_like(vector) for vector in vectors]
            self._watched = vectors
        for copy, vector in zip(self._copies, vectors, strict=True):
            copy[:] = vector
        self._step = state.step
        self._optimizer_step = state.optimizer_state.step

    def follow(self, state: "Course") -> None:
        """Take the numbers of `state` as finite where a live change left a step other vectors."""
        if not self._watches(_vectors(state)):
            self.remember(state)

    def _watches(self, vectors: list[NDArray[Any]]) -> bool:
        return list(map(id, vectors)) == list(map(id, self._watched))

    @np.errstate(all="ignore")
    def check(self, state: "Course") -> bool:
        """Tell whether all is finite; if not, take `state` back to before the step that failed."""
        if state.step == self._step:
            return state.ended is None or state.ended.reason != "diverged"
        if _finite(_vectors(state)):
            self.remember(state)
            return True
        return self._go_back(state)

    def _go_back(self, state: "Course") -> bool:
        """Tell whether every step that was made is finite after all; if not, undo from the first.

        A mistake that keeps gradients leaves one that is not finite where no step was made yet.
        """
        steps = state.step - self._step
        first = state.batch - steps
        rates = state.history.view().rate[self._step : state.step].tolist()
        self._recall(state)
        stage, plan = state.stage, state.plan
        assert plan is not None, "steps were made since the epoch began"  # noqa: S101 - cannot happen
        done = 0
        while _finite(_vectors(state)):
            if done == steps:
                self.remember(state)
                return True
            before = [vector.copy() for vector in _vectors(state)], state.optimizer_state.step
            step = self._step + done
            stage.compute(plan.batches[first + done], plan.labelled[first + done], step)
            stage.update(rates[done], step)
            done += 1
        self._copies, self._optimizer_step = before
        self._step += done - 1
        self._recall(state)
        stage.publish()
        state.rewind(steps - done + 1)
        return False

    def _recall(self, state: "Course") -> None:
        for copy, vector in zip(self._copies, _vectors(state), strict=True):
            vector[:] = copy
        state.optimizer_state.step = self._optimizer_step


def _vectors(state: "Course") -> list[NDArray[Any]]:
    return list(state.stage.vectors.values())


def _finite(vectors: list[NDArray[Any]]) -> bool:
    # the product with itself is finite only if all numbers are, and takes a third of the time;
    # where it is not, they may just be large
    return all(
        np.isfinite(np.dot(vector, vector)) or bool(np.isfinite(vector).all()) for vector in vectors
    )
