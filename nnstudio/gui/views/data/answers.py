"""What the network of a run answers to points of its inputs, through a Predictor of the view's own.

So many points as take a few milliseconds; the weights are copied in, training never waits.
"""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.activations import Activation
from nnstudio.runs.answers import newest_of
from nnstudio.runs.predictor import Predictor
from nnstudio.runs.run import Blueprint, RunView

if TYPE_CHECKING:
    from nnstudio.training.snapshot import Vector

Values = NDArray[np.float64]

MOST_MOVING: Final = 72 * 72
MOST_RESTING: Final = 144 * 144
LEAST_POINTS: Final = 64
# Half as fast as measured in float32: 0.02 ns a weight, 0.8 ns a unit; double precision is twice.
WEIGHT_NS: Final = 0.03
UNIT_NS: Final = 1.5
MOVING_NS: Final = 4e6
"""So long may an answer take while the network changes."""
RESTING_NS: Final = 4e7
"""So long when it comes but once."""


class Answers:
    """What one network says; knows the newest vector that it was given."""

    def __init__(self) -> None:
        self._predictor: Predictor | None = None
        self._vector: Vector | None = None

    @property
    def blueprint(self) -> Blueprint | None:
        """Of the network whose answers these are; None while there is none."""
        return None if self._predictor is None else self._predictor.blueprint

    @property
    def activation(self) -> Activation:
        """Of the outputs."""
        if self._predictor is None:
            raise RuntimeError("there is no network to ask")
        return self._predictor.blueprint.network.output.activation

    def follow(self, run: RunView | None) -> bool:
        """Take the newest weights of `run`; gives whether they are others than before."""
        blueprint = None if run is None else run.blueprint
        vector = None if run is None else newest_of(run)
        if blueprint is None or vector is None:
            changed = self._predictor is not None
            self._predictor = self._vector = None
            return changed
        if self._predictor is not None and self._predictor.blueprint is blueprint:
            if vector is self._vector:
                return False
        else:
            self._predictor = Predictor(blueprint)
        self._predictor.show(vector)
        self._vector = vector
        return True

    def to(self, inputs: NDArray[Any]) -> Values:
        """Give the outputs (N, C) for raw inputs (N, D); not finite where sums overflow."""
        if self._predictor is None:
            raise RuntimeError("there is no network to ask")
        # few large products: after each call the training thread may hold the lock for a while
        chunk = affordable(self._predictor.blueprint, moving=True)
        found = [
            self._predictor.probabilities(inputs[start : start + chunk])
            for start in range(0, len(inputs), chunk)
        ]
        return np.concatenate(found).astype(np.float64)


def affordable(blueprint: Blueprint, *, moving: bool) -> int:
    """Give how many points can be asked for at once; fewer where the network is large."""
    weights = sum(
        slot.stop - slot.start for slot in blueprint.layout.slots if slot.name.endswith(".W")
    )
    units = sum(slot.shape[1] for slot in blueprint.layout.slots if slot.name.endswith(".W"))
    cost = weights * WEIGHT_NS + units * UNIT_NS
    time, most = (MOVING_NS, MOST_MOVING) if moving else (RESTING_NS, MOST_RESTING)
    return round(min(max(time / cost, LEAST_POINTS), most))
