"""Reproduction: one step made again by a network of other seams, to compare what it gives.

Nothing of the run is touched; what was left out is drawn again, from the position of the step.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnstudio.doctor.evidence.arithmetic import Stated, gradient_errors
from nnstudio.nn.network import Network, NetworkSpec, build
from nnstudio.nn.parameters import length
from nnstudio.seams import Seams, parts_of
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.streams import StepStream

Array = NDArray[Any]

LIMIT: Final = 1e-6
LIMIT_SINGLE: Final = 1e-4
"""Of a relative error, in a run of single precision, beyond what its rounding explains."""
_DIFFERENCES_NOISE: Final = 16.0 * float(np.finfo(np.float64).eps) / 1e-4
"""How far rounding moves a difference with the step 1e-4, as a share of the loss."""


@dataclass(frozen=True, eq=False)
class Gradient:
    """What a network made of the batch: the loss that it tells and the gradient, in float64."""

    loss: float
    vector: Array


class Reproduction:
    """The step of a Moment, to be made again under any seams; used by one thread.

    Parameters
    ----------
    data : PreparedData
        Of the run.
    moment : Moment
        The step; the classic mistakes of its experiment are not looked at.

    Attributes
    ----------
    layout : Layout
        Of all gradients.
    applied : ndarray of float64, shape (P,)
        The gradient that the run computed.
    stated : Gradient
        That of the stated loss, by an untouched network in float64.
    noise : ndarray of float64, shape (P,), or None
        How far the precision of the run moves each number of it; None in float64.
    limit : float
        From which relative error on two gradients are two.
    """

    def __init__(self, data: PreparedData, moment: Moment) -> None:
        self.experiment, self.moment = moment.experiment, moment
        self._inputs, self._outputs = data.inputs, data.outputs
        self._dropout = StepStream(self.experiment.seed, "dropout")
        self.applied: Array = moment.gradient.astype(np.float64)
        stated = Stated(self.experiment, data)
        self.layout = stated.network.layout
        self.stated = Gradient(stated.state(moment), stated.network.gradient.copy())
        self.noise: Array | None = None
        self.limit = LIMIT
        if self.experiment.precision == "float32":
            rounded = Stated(self.experiment, data, precision="float32")
            rounded.state(moment)
            self.noise = np.abs(rounded.network.gradient - self.stated.vector)
            self.limit = LIMIT_SINGLE
        below = stated.network.rows[-1].steps[-1].A if stated.network.rows else None
        self._below = None if below is None else below.copy()
        self._kept = self._left_by_last_step()

    def errors(self, found: Gradient, *, applied: Array | None = None) -> dict[str, float]:
        """Give per array the relative error of `applied` (by default the run's) against `found`."""
        mine = self.applied if applied is None else applied
        return gradient_errors(self.layout, mine, found.vector, noise=self.noise)[0]

    @np.errstate(all="ignore")
    def difference(self, seams: Seams, *, numerical: bool) -> float:
        """Give how far the run is from `seams`: the largest relative error, the loss among them.

        What rounding does in the precision of the run is forgiven, and what it does to differences
        where the gradient of `seams` is `numerical`.
        """
        found = self.whole(seams)
        candidates, noise = [found], np.zeros_like(self.applied)
        if self.noise is not None:
            # the very operations of the run, so that its rounding is made again
            rounded = self.whole(seams, precision="float32")
            noise = np.maximum(self.noise, np.abs(rounded.vector - found.vector))
            candidates.append(rounded)
        if numerical:
            noise = noise + _DIFFERENCES_NOISE * abs(found.loss)
        return min(self._apart(one, noise) for one in candidates)

    def _apart(self, found: Gradient, noise: Array) -> float:
        errors = gradient_errors(self.layout, self.applied, found.vector, noise=noise)[0]
        told = abs(found.loss - self.moment.loss) / max(abs(found.loss), abs(self.moment.loss), 1.0)
        return max(*errors.values(), told) if np.isfinite(told) else np.inf

    def whole(self, seams: Seams, *, precision: str = "float64") -> Gradient:
        """Give what the whole network makes of the batch under `seams`."""
        moment = self.moment
        network = self._built(
            self.experiment.network, self._inputs, seams=seams, precision=precision
        )
        network.vector[:] = moment.before
        network.draw_from(self._dropout.at(moment.step))
        if self._kept is not None:
            network.gradient[:] = self._kept
        return _run(network, seams, moment.inputs, moment.targets)

    @np.errstate(all="ignore")
    def output_error(self, seams: Seams) -> float:
        """Give the largest relative error in the arrays of the output layer, under `seams`.

        It takes the output layer alone, so that most of what cannot be is refused at small cost.
        """
        found = self._output_alone(seams, "float64")
        rounded = found if self.noise is None else self._output_alone(seams, "float32")
        theirs = self.layout.views(self.applied)
        size = length(self.applied)
        worst = 0.0
        for name, own in rounded.items():
            larger = max(length(theirs[name]), length(own))
            if not np.isfinite(larger):
                return np.inf
            # what cancels leaves the rounding of its terms, which refuses nothing
            noise = 4.0 * length(own - found[name])
            if larger > 1e-2 * self.limit * size:
                worst = max(worst, (length(theirs[name] - own) - noise) / larger)
        return worst

    def _output_alone(self, seams: Seams, precision: str) -> dict[str, Array]:
        """Give the gradients of the output layer by their names in the whole network."""
        last = f"layers.{self.layout.layers - 1}."
        below = self.moment.inputs if self._below is None else self._below
        alone = NetworkSpec(layers=(), output=self.experiment.network.output)
        network = self._built(alone, below.shape[1], seams=seams, precision=precision)
        before = [(network.vector, self.moment.before)]
        if self._kept is not None:
            before.append((network.gradient, self._kept))
        for inner, outer in before:
            values = self.layout.views(outer)
            for name, view in network.layout.views(inner).items():
                view[...] = values[last + name.removeprefix("layers.0.")]
        found = network.layout.views(_run(network, seams, below, self.moment.targets).vector)
        return {last + name.removeprefix("layers.0."): view for name, view in found.items()}

    @property
    def rows_are_even(self) -> bool:
        """Whether every row of every weight gradient is one number, as of rows moved as a whole."""
        views = self.layout.views(self.applied)
        weights = [view for name, view in views.items() if name.endswith(".W")]
        if all(view.shape[1] == 1 for view in weights):
            return False
        largest = max(float(np.abs(view).max()) for view in weights)
        return all(float(np.ptp(view, axis=1).max()) <= LIMIT * largest for view in weights)

    def _built(
        self,
        spec: NetworkSpec,
        inputs: int,
        *,
        seams: Seams | None = None,
        precision: DTypeLike = "float64",
    ) -> Network:
        loss = self.experiment.loss
        return build(
            spec,
            inputs=inputs,
            outputs=self._outputs,
            loss=loss,
            dtype=precision,
            parts=None if seams is None else parts_of(spec, loss, seams=seams),
        )

    def _left_by_last_step(self) -> Array | None:
        """Give what stood in the gradient before this step: that of the last one, clipped."""
        if self.moment.previous is None:
            return None
        kept = self.moment.previous.copy()
        self.experiment.clipping.clip(kept, self.layout)
        return kept


def _run(network: Network, seams: Seams, inputs: Array, targets: Array) -> Gradient:
    dtype = network.dtype
    with np.errstate(all="ignore"):
        loss = seams.gradient(
            network, inputs.astype(dtype, copy=False), targets.astype(dtype, copy=False)
        )
    return Gradient(loss, network.gradient.astype(np.float64))
