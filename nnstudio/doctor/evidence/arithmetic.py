"""Whether a step was what it says it is: the run's numbers against those of an untouched network.

Everything is worked out from the Moment: the batch as the network got it, the same units left out.
"""

from math import isclose, isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.doctor.evidence.along import one_step, reach_of
from nnstudio.doctor.evidence.facts import Arithmetic
from nnstudio.nn.activations import Softmax
from nnstudio.nn.network import Network, build
from nnstudio.nn.optimizers import apply
from nnstudio.nn.parameters import Layout, length
from nnstudio.seams import Apply
from nnstudio.training.experiment import Experiment
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.streams import StepStream

Array = NDArray[Any]

ALIKE: Final = 1e-4
"""Relative differences of a single-precision run from here on are compared with its rounding."""
SAME: Final = 1e-6
NOISE_PARTS: Final = 4
_SMALLEST: Final = 1e-14
"""Share of the whole gradient that counts as 0: what cancels leaves the rounding of its terms."""


class Stated:
    """The stated loss: an untouched network of one precision, used by one thread.

    Parameters
    ----------
    experiment : Experiment
        Of the run.
    data : PreparedData
        Its samples.
    precision : str
        Of every number.
    """

    def __init__(
        self, experiment: Experiment, data: PreparedData, *, precision: str = "float64"
    ) -> None:
        self.network: Network = build(
            experiment.network,
            inputs=data.inputs,
            outputs=data.outputs,
            loss=experiment.loss,
            dtype=np.dtype(precision),
        )
        self._dropout = StepStream(experiment.seed, "dropout")

    def state(self, moment: Moment) -> float:
        """Give the stated loss of the batch of a Moment; its gradient is in the network."""
        network = self.network
        network.adopt(moment.experiment.network)
        network.vector[:] = moment.before
        network.draw_from(self._dropout.at(moment.step))
        return network.loss_and_gradient(*self.batch(moment))

    def batch(self, moment: Moment) -> tuple[Array, Array]:
        """Give the batch of a Moment in this precision."""
        dtype = self.network.dtype
        return moment.inputs.astype(dtype, copy=False), moment.targets.astype(dtype, copy=False)


def arithmetic(
    stated_by: Stated,
    moment: Moment,
    *,
    own_loss: float,
    data: PreparedData,
    rounded: Stated | None,
) -> Arithmetic | None:
    """Give what an untouched network says of the step; None where its numbers are not finite.

    Parameters
    ----------
    stated_by : Stated
        In float64, after `Stated.state` of this step; its network is left with the parameters
        before the step and the stated gradient.
    moment : Moment
        The step.
    own_loss : float
        What `Stated.state` gave.
    data : PreparedData
        Of the run.
    rounded : Stated or None
        In the precision of the run where that is another one: tells how far rounding reaches.
    """
    network = stated_by.network
    if not (isfinite(own_loss) and np.isfinite(network.gradient).all()):
        return None
    applied, stated = moment.gradient.astype(np.float64), network.gradient.copy()
    outputs = network.output.copy()
    errors, sizes = gradient_errors(network.layout, applied, stated)
    told_alike = isclose(own_loss, moment.loss, rel_tol=ALIKE)
    if rounded is not None and (max(errors.values()) > ALIKE or not told_alike):
        rounded_loss = rounded.state(moment)
        if not told_alike and isfinite(rounded_loss):
            # what is 0 in one precision has another logarithm in the other
            own_loss = rounded_loss
        noise = np.abs(rounded.network.gradient - stated)
        errors, _ = gradient_errors(network.layout, applied, stated, noise=noise)
    repeated, repeated_error = _repeated(applied, stated, moment.previous)
    batch = len(moment.rows)
    shares = isinstance(moment.experiment.network.output.activation, Softmax)
    sums = moment.outputs.sum(axis=1, dtype=np.float64)
    found = Arithmetic(
        told_loss=moment.loss,
        own_loss=own_loss,
        gradient_errors=_told(errors),
        gradient_sizes=sizes,
        update_errors=_told(update_errors(network.layout, moment)),
        batch=batch,
        output_error=float(np.abs(moment.outputs - outputs).max()),
        output_size=float(np.abs(outputs).max()),
        batch_input_spread=float(moment.inputs.std(dtype=np.float64)),
        one_step=one_step(network, stated_by.batch(moment), applied),
        repeated=repeated,
        repeated_error=repeated_error,
        output_sum_error=float(np.abs(sums - 1.0).max()) if shares else None,
        batch_classes=_classes(moment, data),
        label_matches=_label_matches(moment, data),
        reach=reach_of(network, stated_by.batch(moment), _update(moment, len(applied))),
        noise=_noise(rounded or stated_by, moment),
    )
    network.gradient[:] = stated
    return found


def _told(errors: dict[str, float]) -> dict[str, float]:
    """Give the errors for the rules: what is not finite is no wrong formula, and told elsewhere."""
    return {name: error if isfinite(error) else 0.0 for name, error in errors.items()}


def _share(off: float, size: float) -> float:
    """Give `off` by `size` where it is more than 0; infinite where there is no finite number."""
    if not (isfinite(off) and isfinite(size)):
        return np.inf
    return off / size if off > 0 else 0.0


@np.errstate(all="ignore")
def gradient_errors(
    layout: Layout, applied: Array, stated: Array, *, noise: Array | None = None
) -> tuple[dict[str, float], dict[str, float]]:
    """Give per slot the relative error, and the factor a of the best fit ``applied = a stated``.

    Parameters
    ----------
    layout : Layout
        Of the gradients.
    applied, stated : ndarray of float64, shape (P,)
        What the run applied, and what it should have.
    noise : ndarray, shape (P,), or None
        How far rounding moved each number of a gradient that is right.

    Returns
    -------
    tuple of dict
        Errors, infinite where a number is not finite, and factors.
    """
    errors, sizes = {}, {}
    smallest = _SMALLEST * max(length(applied), length(stated))
    # what is not finite in one array says nothing about the others
    smallest = smallest if isfinite(smallest) else 0.0
    theirs, own = layout.views(applied), layout.views(stated)
    rounding = None if noise is None else layout.views(noise)
    for name in own:
        a, s = theirs[name], own[name]
        mine = length(s)
        size = max(length(a), mine)
        off = length(a - s) - smallest
        if rounding is not None:
            # of two gradients that were rounded apart, each is off by as much
            off -= 4.0 * length(rounding[name])
        errors[name] = _share(off, size)
        if mine > 0:
            sizes[name] = float(np.vdot(a / mine, s / mine))
        else:
            sizes[name] = 1.0 if size == 0 else np.inf
    return errors, sizes


@np.errstate(all="ignore")
def update_errors(layout: Layout, moment: Moment, *, make: Apply = apply) -> dict[str, float]:
    """Give per slot how far the step is from the optimizer's own, made with the same gradient.

    `make` makes it in another way, to see whether that is what the run does.
    """
    count = layout.parameters
    theta, grad = moment.before[:count].copy(), moment.gradient.copy()
    experiment = moment.experiment
    experiment.clipping.clip(grad, layout)
    optimizer = experiment.optimizer
    state = optimizer.init(count, theta.dtype)
    state.step = moment.optimizer_step
    for name, vector in moment.optimizer_before.items():
        state.vectors[name] = vector.copy()
    optimizer.settle(state)
    make(optimizer, theta, grad, state, moment.rate)
    views = layout.views(theta)
    for number, row in enumerate(experiment.network.rows):
        for bound in row.constraint.of(views[f"layers.{number}.W"]):
            bound.project()
    before = moment.before[:count].astype(np.float64)
    expected = layout.views(theta.astype(np.float64) - before)
    made = layout.views(moment.after[:count].astype(np.float64) - before)
    errors = {}
    for name, want in expected.items():
        errors[name] = _share(length(made[name] - want), max(length(want), length(made[name])))
    return errors


def _repeated(
    applied: Array, stated: Array, previous: Array | None
) -> tuple[float | None, float | None]:
    difference = applied - stated
    size = length(difference)
    if previous is None or size <= SAME * length(applied):
        return None, None
    before = previous.astype(np.float64)
    of_before = length(before)
    if of_before == 0:
        return None, None
    factor = float(np.vdot(difference / of_before, before / of_before))
    return factor, length(difference - factor * before) / size


def _classes(moment: Moment, data: PreparedData) -> int | None:
    return None if data.labels is None else len(np.unique(moment.targets.argmax(axis=1)))


def _label_matches(moment: Moment, data: PreparedData) -> float | None:
    own = data.targets[moment.rows]
    return float((own == moment.targets).all(axis=1).mean())


def _update(moment: Moment, count: int) -> Array:
    return moment.after[:count].astype(np.float64) - moment.before[:count]


def _noise(stated_by: Stated, moment: Moment) -> float | None:
    """Give how far the gradients of parts of the batch lie apart, over the length of their mean."""
    network = stated_by.network
    X, Y = stated_by.batch(moment)
    size = len(X) // NOISE_PARTS
    # what is drawn or normalized belongs to the whole batch
    if size == 0 or network.is_random or network.follows:
        return None
    network.vector[:] = moment.before
    parts = np.empty((NOISE_PARTS, len(network.gradient)), network.dtype)
    for number, part in enumerate(parts):
        piece = slice(number * size, (number + 1) * size)
        network.loss_and_gradient(X[piece], Y[piece])
        part[:] = network.gradient
    mean = parts.mean(axis=0)
    length = float(np.linalg.norm(mean))
    # the mean of the squares around the mean is that of the squares less the square of the mean
    spread = max(0.0, float(np.vdot(parts, parts)) / NOISE_PARTS - length**2)
    return spread**0.5 / length if length > 0 else None
