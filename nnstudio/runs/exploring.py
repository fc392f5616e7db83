"""Curves of the engine's own functions, to look at: losses, pulls on a sum, shares, paths.

Nothing here knows a formula of a loss, an activation or an optimizer: each is asked point by point.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnstudio.nn.activations import Activation, Softmax
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import CrossEntropy, KullbackLeibler, Loss, pair_problem
from nnstudio.nn.optimizers import Optimizer, apply
from nnstudio.nn.parts import Parts, head_of
from nnstudio.nn.schedules import Progress, rate_factor
from nnstudio.runs.valleys import Valley
from nnstudio.training.experiment import Experiment

Values = NDArray[np.float64]

RATES: Final = tuple(float(f"{one:.2g}") for one in np.logspace(-3, 1, 13))
"""Learning rates that are tried: three in each decade."""
EDGE: Final = 0.005
POINTS: Final = 241
REACH: Final = 8.0
FAR: Final = 1e6


@dataclass(frozen=True, eq=False)
class LossCurve:
    """A loss over the one output that it judges.

    Attributes
    ----------
    output, loss, gradient : ndarray, shape (P,)
        The output, the loss, and its derivative by the output.
    of_shares : bool
        Whether outputs are probabilities.
    """

    output: Values
    loss: Values
    gradient: Values
    of_shares: bool


def judges_shares(loss: Loss) -> bool:
    """Whether a loss compares probabilities: it makes no sense for values."""
    return "values" not in loss.tasks


def loss_curve(loss: Loss, *, target: float) -> LossCurve:
    """Give `loss` and its derivative over one output, whose right value is `target`."""
    shares = judges_shares(loss)
    low, high = (EDGE, 1 - EDGE) if shares else (target - 3, target + 3)
    output = np.linspace(low, high, POINTS)
    value, gradient = np.empty(POINTS), np.empty(POINTS)
    truth, slope = np.array([[target]]), np.empty((1, 1))
    for at, one in enumerate(output.tolist()):
        value[at] = loss.value_and_gradient(np.array([[one]]), truth, slope)
        gradient[at] = slope[0, 0]
    return LossCurve(output, value, gradient, shares)


@dataclass(frozen=True, eq=False)
class Pull:
    """How a loss pulls at the sum of an output whose answer should be yes.

    Attributes
    ----------
    z, gradient : ndarray, shape (P,)
        The sum, and the derivative of the loss by it.
    """

    z: Values
    gradient: Values

    def at(self, z: float) -> float:
        """Give the derivative at a sum."""
        return float(np.interp(z, self.z, self.gradient))


def pull_of(loss: Loss, activation: Activation) -> Pull | None:
    """Give ``dL/dz`` behind `activation`; None where the two cannot work together.

    The right answer is 1. An activation that joins its units has a second sum of 0 and a second
    answer of 0. All that the loss does over a batch is a sum here: every point is for itself.
    """
    if pair_problem(activation, loss) is not None:
        return None
    row = OutputLayer(activation=activation)
    joined = isinstance(activation, Softmax)
    # a spec of one kind stays of that kind
    alone: Any = replace(loss, over_batch="sum", over_outputs="sum" if joined else "mean")
    outputs = 2 if joined else 1
    sums, truth = np.zeros((POINTS, outputs)), np.zeros((POINTS, outputs))
    sums[:, 0] = np.linspace(-REACH, REACH, POINTS)
    truth[:, 0] = 1.0
    head = head_of(row, alone, Parts.of((row,), alone), C=outputs, dtype=np.float64)
    head.reserve(POINTS)
    head.resize(POINTS)
    with np.errstate(all="ignore"):
        head.loss_and_gradient(sums, truth)
    return Pull(sums[:, 0], head.dZ[:, 0].copy())


def softmax_of(numbers: ArrayLike) -> Values:
    """Give the shares (C,) that softmax makes of `numbers` (C,).

    Examples
    --------
    >>> softmax_of([1, 2, 5, 3]).round(3).tolist()
    [0.015, 0.041, 0.831, 0.112]
    """
    sums = np.asarray(numbers, np.float64)[None]
    shares = np.empty_like(sums)
    Softmax().forward(sums, shares)
    return np.asarray(shares[0])


@dataclass(frozen=True)
class Entropies:
    """What two distributions are to each other, in nats.

    Attributes
    ----------
    entropy : float
        Of the true one: what an answer that knows it still pays.
    relative : float
        Kullback–Leibler divergence: what the other one pays more.
    cross : float
        Their sum.
    """

    entropy: float
    relative: float
    cross: float


def entropies_of(truth: ArrayLike, answer: ArrayLike) -> Entropies:
    """Give entropy, relative entropy and cross-entropy of two distributions (C,)."""
    p, q = (np.asarray(one, np.float64)[None] for one in (truth, answer))
    room = np.empty_like(p)
    cross = CrossEntropy()
    return Entropies(
        entropy=cross.value_and_gradient(p, p, room),
        relative=KullbackLeibler().value_and_gradient(q, p, room),
        cross=cross.value_and_gradient(q, p, room),
    )


def rates_of(
    experiment: Experiment, *, steps_per_epoch: int, epochs: int, validation: tuple[float, ...]
) -> Values:
    """Give the learning rate of every step, where the validation losses of the epochs are known.

    Parameters
    ----------
    experiment : Experiment
        Says schedule, warm-up and base rate.
    steps_per_epoch, epochs : int
        How long the run is.
    validation : tuple of float
        A loss for each epoch; past the last one nothing is known.

    Returns
    -------
    ndarray, shape (steps_per_epoch * epochs,)
    """
    total = steps_per_epoch * epochs
    rates = np.empty(total)
    for epoch in range(epochs):
        first = epoch * steps_per_epoch
        progress = Progress(
            total_steps=total,
            steps_per_epoch=steps_per_epoch,
            validation=validation[:epoch],
            epoch=epoch,
            first_step=first,
            ends_by_epochs=True,
        )
        for step in range(first, first + steps_per_epoch):
            rates[step] = rate_factor(experiment.schedule, experiment.warm_up, step, progress)
    return np.asarray(rates * experiment.optimizer.learning_rate)


@dataclass(frozen=True, eq=False)
class Path:
    """Where an optimizer goes in a valley.

    Attributes
    ----------
    points : ndarray, shape (steps + 1, 2)
        The start and the place after each step; it ends where it leaves all bounds.
    heights : ndarray, shape (steps + 1,)
        Of the valley at each of them.
    """

    points: Values
    heights: Values

    @property
    def left(self) -> bool:
        """Whether it blew up."""
        return not np.isfinite(self.heights[-1]) or bool(np.abs(self.points[-1]).max() > FAR)


def path_of(
    optimizer: Optimizer, valley: Valley, start: tuple[float, float], *, steps: int
) -> Path:
    """Let `optimizer` walk in `valley` from `start` for `steps` steps, at its own rate."""
    theta, gradient = np.array(start), np.empty(2)
    state = optimizer.init(2, np.float64)
    points = np.empty((steps + 1, 2))
    points[0] = theta
    made = steps
    with np.errstate(all="ignore"):
        for step in range(1, steps + 1):
            gradient[:] = valley.slope(theta)
            apply(optimizer, theta, gradient, state, optimizer.learning_rate)
            points[step] = theta
            if not np.isfinite(theta).all() or np.abs(theta).max() > FAR:
                made = step
                break
        points = points[: made + 1]
        return Path(points, valley.height(points[:, 0], points[:, 1]))


def best_rate(
    optimizer: Optimizer, valley: Valley, start: tuple[float, float], *, steps: int
) -> float:
    """Give the one of `RATES` with which `optimizer` gets lowest in `valley` in so many steps."""

    def end(rate: float) -> float:
        # a spec of one kind stays of that kind
        tried: Any = replace(optimizer, learning_rate=rate)
        path = path_of(tried, valley, start, steps=steps)
        return float("inf") if path.left else float(path.heights[-1])

    return min(RATES, key=end)
