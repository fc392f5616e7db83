"""Optimizers, in order of complexity: immutable hyper-parameters, explicit state.

`apply` makes one step: `begin` once, then `update` in place for every chunk of the vector that fits
into the cache. Nothing is allocated after the first step.
"""

from typing import Annotated, Final, Literal, Protocol

import numpy as np
from numpy.typing import DTypeLike

from nnstudio.nn.parameters import Vector
from nnstudio.spec import Display, Field, spec

CHUNK_FLOATS: Final = 32 * 1024


class OptimizerState:
    """What an optimizer remembers between steps.

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
    """

    __slots__ = ("_chunks", "_of", "dtype", "scratch", "size", "step", "vectors", "zero")

    def __init__(
        self, size: int, dtype: DTypeLike, *, vectors: dict[str, Vector], step: int = 0
    ) -> None:
        self.size, self.dtype, self.vectors, self.step = size, np.dtype(dtype), vectors, step
        self.scratch = np.empty(min(size, CHUNK_FLOATS), self.dtype)
        self.zero = False  # whether the vectors are known to be zero
        self._chunks: list[tuple[Vector, Vector, OptimizerState]] = []
        self._of: tuple[Vector, Vector] | None = None

    def part(self, start: int, stop: int) -> "OptimizerState":
        """Give the state of the parameters from `start` to `stop`: views, not copies."""
        views = {
            name: vector[start:stop] if vector.shape == (self.size,) else vector
            for name, vector in self.vectors.items()
        }
        part = OptimizerState(0, self.dtype, vectors=views, step=self.step)
        part.size, part.scratch = stop - start, self.scratch[: stop - start]
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
        Parameters, which are changed, and the gradient.
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


LearningRate = Annotated[
    float,
    Field(gt=0, le=10, title="Learning rate", description="Size of every step."),
    Display(scale="log", live=True),
]


@spec(title="SGD", help="A step against the gradient; with momentum, a heavy ball that rolls on.")
class Sgd:
    """Gradient descent, with heavy-ball momentum (Polyak 1964).

    ``v = momentum v + g``, ``theta = theta - rate v``: the rate stands outside the velocity, as in
    PyTorch, so that a change of the rate acts at once.
    """

    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.1
    momentum: Annotated[
        float,
        Field(ge=0, lt=1, title="Momentum", description="Share of the last step that is kept."),
        Display(live=True),
    ] = 0.0

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        return OptimizerState(size, dtype, vectors={"velocity": np.zeros(size, dtype)})

    def begin(self, state: OptimizerState) -> None:
        """Forget the velocity when momentum was switched off while it ran."""
        if self.momentum == 0.0 and not state.zero:
            state.vectors["velocity"].fill(0.0)
        state.zero = self.momentum == 0.0

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        velocity, scratch = grad, state.scratch
        if self.momentum != 0.0:
            velocity = state.vectors["velocity"]
            velocity *= self.momentum
            velocity += grad
        np.multiply(velocity, rate, out=scratch)
        theta -= scratch


Beta1 = Annotated[
    float,
    Field(ge=0, lt=1, title="β₁", description="Memory of the mean gradient."),
    Display(live=True, advanced=True),
]
Beta2 = Annotated[
    float,
    Field(ge=0, lt=1, title="β₂", description="Memory of the mean squared gradient."),
    Display(live=True, advanced=True),
]
Epsilon = Annotated[
    float,
    Field(gt=0, le=1, title="ε", description="Keeps the division from blowing up."),
    Display(scale="log", live=True, advanced=True),
]


class _AdamLike(Protocol):
    @property
    def beta1(self) -> float: ...
    @property
    def beta2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...


def _moments(size: int, dtype: DTypeLike) -> OptimizerState:
    vectors = {"gradients": np.zeros(size, dtype), "squares": np.zeros(size, dtype)}
    return OptimizerState(size, dtype, vectors=vectors | {"weights": np.zeros(2, dtype)})


def _weigh(state: OptimizerState, beta1: float, beta2: float) -> None:
    first, second = state.vectors["weights"]
    state.vectors["weights"][:] = beta1 * first + 1.0, beta2 * second + 1.0


def _adam_step(
    rule: _AdamLike, theta: Vector, grad: Vector, state: OptimizerState, rate: float
) -> None:
    vectors, scratch = state.vectors, state.scratch
    m, v = vectors["gradients"], vectors["squares"]
    first, second = vectors["weights"].tolist()
    m *= rule.beta1
    m += grad
    v *= rule.beta2
    np.multiply(grad, grad, out=scratch)
    v += scratch
    # rate (m / first) / (sqrt(v / second) + epsilon), with one factor for the whole vector
    np.sqrt(v, out=scratch)
    scratch += rule.epsilon * second**0.5
    np.divide(m, scratch, out=scratch)
    scratch *= rate * second**0.5 / first
    theta -= scratch


@spec(title="Adam", help="Steps of even size for every weight, from running means of the gradient.")
class Adam:
    """Adaptive moments with bias correction (Kingma and Ba 2015, algorithm 1).

    Kept are not the two running means but the sums behind them, ``m = beta1 m + g`` and
    ``v = beta2 v + g**2``, and the sums of the weights of their terms. Sum by weights is exactly
    the bias-corrected mean of the paper, takes three passes fewer over the vector, and stays a
    mean when a beta is changed while a run goes on.
    """

    kind: Literal["adam"] = "adam"
    learning_rate: LearningRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        return _moments(size, dtype)

    def begin(self, state: OptimizerState) -> None:
        """Add the weight of this step's gradient and square to those before."""
        _weigh(state, self.beta1, self.beta2)

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        _adam_step(self, theta, grad, state, rate)


@spec(
    title="AdamW",
    help="Adam that also takes a small share off every parameter at each step.",
)
class AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2).

    ``theta = theta - rate weight_decay theta``, then the step of `Adam`: as in PyTorch and Keras
    the decay shrinks with the rate, and it acts on all parameters, biases too.
    """

    kind: Literal["adamw"] = "adamw"
    learning_rate: LearningRate = 0.001
    weight_decay: Annotated[
        float,
        Field(
            ge=0,
            le=10,
            title="Weight decay",
            description="Times the learning rate: the share of every parameter lost in a step.",
        ),
        Display(scale="log", live=True),
    ] = 0.01
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        return _moments(size, dtype)

    def begin(self, state: OptimizerState) -> None:
        """Add the weight of this step's gradient and square to those before."""
        _weigh(state, self.beta1, self.beta2)

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        theta *= 1.0 - rate * self.weight_decay
        _adam_step(self, theta, grad, state, rate)


Optimizer = Annotated[
    Sgd | Adam | AdamW,
    Field(discriminator="kind", title="Optimizer", description="How a gradient becomes a step."),
]
