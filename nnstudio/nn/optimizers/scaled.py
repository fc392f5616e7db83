"""Steps scaled for each parameter by the size of its own gradients, without bias correction."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import DTypeLike

from nnstudio.nn.optimizers.settings import AdadeltaRate, AdagradRate, Momentum, RmsPropRate
from nnstudio.nn.optimizers.state import OptimizerState, Steady
from nnstudio.nn.parameters import Vector
from nnstudio.spec import Display, Field, spec


def _blend(mean: Vector, value: Vector, memory: float) -> None:
    """``mean = memory mean + (1 - memory) value``; `value` is used up."""
    mean *= memory
    value *= 1.0 - memory
    mean += value


@spec(
    title="Adagrad",
    help="Meant for sparse data: every step of a weight is divided by the length of all its "
    "gradients so far, so that its steps only ever get smaller. s ← s + g², θ ← θ − "
    "rate·g / (√s + ε), as in PyTorch; Keras has √(s + ε), MindSpore √s.",
)
class Adagrad(Steady):
    """Adaptive subgradients, diagonal form (Duchi et al. 2011, figure 1).

    ``s = s + g**2``, ``theta = theta - rate g / (sqrt(s) + epsilon)`` as in PyTorch. What PyTorch
    calls ``lr_decay`` is the schedule `InverseTime`.

    ============= ===================== ================================ =====================
    here          PyTorch Adagrad       Keras Adagrad                    MindSpore Adagrad
    ============= ===================== ================================ =====================
    learning_rate lr = 0.01             learning_rate = 0.001            learning_rate = 0.001
    initial       (the name of Keras) 0 initial_accumulator_value = 0.1  accum = 0.1
    epsilon       eps = 1e-10           epsilon = 1e-7, inside the root  none
    ============= ===================== ================================ =====================
    """

    kind: Literal["adagrad"] = "adagrad"
    learning_rate: AdagradRate = 0.01
    initial: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            title="First sum",
            description="What the sum of squares starts with: PyTorch initial_accumulator_value "
            "(0), Keras the same name (0.1), MindSpore accum (0.1).",
        ),
        Display(scale="log", advanced=True),
    ] = 0.0
    epsilon: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            title="ε",
            description="Keeps the division from blowing up: PyTorch eps (1e-10), Keras epsilon "
            "(1e-7, under the root), none in MindSpore.",
        ),
        Display(scale="log", live=True, advanced=True, means="adagrad"),
    ] = 1e-10

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        return OptimizerState(size, dtype, vectors={"squares": np.full(size, self.initial, dtype)})

    def begin(self, state: OptimizerState) -> None:
        """Do nothing: no number belongs to all parameters."""

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        s, scratch = state.vectors["squares"], state.scratch
        np.multiply(grad, grad, out=scratch)
        s += scratch
        np.sqrt(s, out=scratch)
        scratch += self.epsilon
        np.divide(grad, scratch, out=scratch)
        scratch *= rate
        theta -= scratch


@spec(
    title="Adadelta",
    help="Needs no learning rate (1 means the paper's own steps) but starts slowly: the recent "
    "steps over the recent gradients give the size of the next one. θ ← θ − rate·d with "
    "d = g·√((u + ε) / (v + ε)), the same in PyTorch, Keras and MindSpore; the rate of "
    "0.001 that Keras begins with hardly moves.",
)
class Adadelta(Steady):
    """Steps in the unit of the parameters (Zeiler 2012, algorithm 1), times a rate.

    ``v = rho v + (1 - rho) g**2``, ``d = g sqrt((u + epsilon) / (v + epsilon))``,
    ``u = rho u + (1 - rho) d**2``, ``theta = theta - rate d``, as in all three.

    ============= ================= ======================== ====================
    here          PyTorch Adadelta  Keras Adadelta           MindSpore Adadelta
    ============= ================= ======================== ====================
    learning_rate lr = 1.0          learning_rate = 0.001    learning_rate = 1.0
    rho           rho = 0.9         rho = 0.95               rho = 0.9
    epsilon       eps = 1e-6        epsilon = 1e-7           epsilon = 1e-6
    ============= ================= ======================== ====================
    """

    kind: Literal["adadelta"] = "adadelta"
    learning_rate: AdadeltaRate = 1.0
    rho: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="ρ",
            description="Memory of the squared gradients and steps: rho in PyTorch and MindSpore "
            "(0.9) and in Keras (0.95).",
        ),
        Display(live=True, advanced=True),
    ] = 0.9
    epsilon: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            title="ε",
            description="Under both roots; sets how large the first steps are. PyTorch eps and "
            "MindSpore epsilon (1e-6), Keras epsilon (1e-7).",
        ),
        Display(scale="log", live=True, advanced=True, means="adadelta"),
    ] = 1e-6

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        return OptimizerState.of_zeros(size, dtype, "squares", "steps")

    def begin(self, state: OptimizerState) -> None:
        """Do nothing: no number belongs to all parameters."""

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        v, u = state.vectors["squares"], state.vectors["steps"]
        scratch, spare = state.scratch, state.spare
        np.multiply(grad, grad, out=scratch)
        _blend(v, scratch, self.rho)
        np.add(v, self.epsilon, out=spare)
        np.add(u, self.epsilon, out=scratch)
        scratch /= spare
        np.sqrt(scratch, out=scratch)
        scratch *= grad
        np.multiply(scratch, scratch, out=spare)
        _blend(u, spare, self.rho)
        scratch *= rate
        theta -= scratch


@spec(
    title="RMSProp",
    help="Every step of a weight is divided by the size of its recent gradients. Take it where "
    "gradients change much in size; Adam does the same with momentum. v ← ρ·v + (1 − "
    "ρ)·g², θ ← θ − rate·g / (√v + ε), as in PyTorch; Keras and MindSpore have √(v + ε) "
    "and other defaults (rate 0.001 and 0.1, ρ 0.9).",
)
class RmsProp:
    """Root mean square propagation (Hinton 2012, lecture 6, slide 29), PyTorch's form.

    ``v = rho v + (1 - rho) g**2``, ``d = g / (sqrt(v) + epsilon)``. Centred (Graves 2013, eq. 38 to
    40): also ``m = rho m + (1 - rho) g``, and ``v - m**2`` in place of ``v``, never less than 0.
    With momentum ``u = momentum u + d``, ``theta = theta - rate u``; otherwise
    ``theta = theta - rate d``. The rate stands outside ``u``; in Keras and MindSpore inside, which
    differs only while it changes. They also have ``epsilon`` under the root.

    ============= ================== ======================= =======================
    here          PyTorch RMSprop    Keras RMSprop           MindSpore RMSProp
    ============= ================== ======================= =======================
    learning_rate lr = 0.01          learning_rate = 0.001   learning_rate = 0.1
    rho           alpha = 0.99       rho = 0.9               decay = 0.9
    momentum      momentum = 0       momentum = 0            momentum = 0
    centred       centered = False   centered = False        centered = False
    epsilon       eps = 1e-8         epsilon = 1e-7          epsilon = 1e-10
    ============= ================== ======================= =======================
    """

    kind: Literal["rmsprop"] = "rmsprop"
    learning_rate: RmsPropRate = 0.01
    rho: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="ρ",
            description="Memory of the squared gradients: PyTorch alpha (0.99), Keras rho (0.9), "
            "MindSpore decay (0.9).",
        ),
        Display(live=True, advanced=True),
    ] = 0.99
    momentum: Momentum = 0.0
    centred: Annotated[
        bool,
        Field(
            title="Centred",
            description="Divides by the spread of the gradients, not by their size (centered in "
            "PyTorch, Keras and MindSpore).",
        ),
        Display(advanced=True),
    ] = False
    epsilon: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            title="ε",
            description="Keeps the division from blowing up: PyTorch eps (1e-8, outside the root), "
            "Keras (1e-7) and MindSpore (1e-10) epsilon, under it.",
        ),
        Display(scale="log", live=True, advanced=True, means="rmsprop"),
    ] = 1e-8

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        state = OptimizerState.of_zeros(size, dtype, "squares")
        self.settle(state)
        return state

    def settle(self, state: OptimizerState) -> None:
        """Have a velocity only with momentum, and means only where they are taken off."""
        state.keep("velocity", when=self.momentum != 0.0)
        state.keep("means", when=self.centred)

    def begin(self, state: OptimizerState) -> None:
        """Settle: no number belongs to all parameters."""
        self.settle(state)

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        v, scratch = state.vectors["squares"], state.scratch
        np.multiply(grad, grad, out=scratch)
        _blend(v, scratch, self.rho)
        if self.centred:
            m = state.vectors["means"]
            np.copyto(scratch, grad)
            _blend(m, scratch, self.rho)
            np.multiply(m, m, out=scratch)
            np.subtract(v, scratch, out=scratch)
            # the difference of two numbers that are equal may round below zero
            np.maximum(scratch, 0.0, out=scratch)
            np.sqrt(scratch, out=scratch)
        else:
            np.sqrt(v, out=scratch)
        scratch += self.epsilon
        np.divide(grad, scratch, out=scratch)
        if self.momentum != 0.0:
            velocity = state.vectors["velocity"]
            velocity *= self.momentum
            velocity += scratch
            np.multiply(velocity, rate, out=scratch)
        else:
            scratch *= rate
        theta -= scratch
