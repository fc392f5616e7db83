"""Adam and its kin: steps of even size for every weight, from running means without their bias.

Kept are not the running means but the sums behind them, such as ``m = beta1 m + g``, and the sums
of the weights of their terms. Sum by weights is exactly the bias-corrected mean of the paper, takes
fewer passes over the vector, and stays a mean when a beta is changed while a run goes on.
"""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import DTypeLike

from nnstudio.nn.optimizers.settings import AdamRate, Beta1, Beta2
from nnstudio.nn.optimizers.state import OptimizerState, Steady
from nnstudio.nn.parameters import Vector
from nnstudio.spec import Display, Field, spec

Epsilon = Annotated[
    float,
    Field(
        gt=0,
        le=1,
        title="ε",
        description="Keeps the division from blowing up: PyTorch eps and MindSpore eps (1e-8), "
        "Keras epsilon (1e-7), which acts on means that are not corrected yet.",
    ),
    Display(scale="log", live=True, advanced=True, means="adam"),
]


def _weigh(state: OptimizerState, beta1: float, beta2: float, epsilon: float) -> None:
    """Add the weight of this step's terms; what follows from the weights is the same everywhere."""
    weights = state.vectors["weights"]
    weights[:2] = beta1 * weights[0] + 1.0, beta2 * weights[1] + 1.0
    first, second = weights[:2].tolist()
    # (m / first) / (sqrt(v / second) + epsilon), with one factor and one summand for all
    state.now[:] = second**0.5 / first, epsilon * second**0.5


def _add_up(sums: Vector, terms: Vector, memory: float) -> None:
    sums *= memory
    sums += terms


def _step(
    theta: Vector, grad: Vector, state: OptimizerState, *, beta1: float, beta2: float, rate: float
) -> None:
    vectors, scratch = state.vectors, state.scratch
    m, v = vectors["gradients"], vectors["squares"]
    factor, epsilon = state.now
    _add_up(m, grad, beta1)
    np.multiply(grad, grad, out=scratch)
    _add_up(v, scratch, beta2)
    np.sqrt(v, out=scratch)
    scratch += epsilon
    np.divide(m, scratch, out=scratch)
    scratch *= rate * factor
    theta -= scratch


@spec(
    title="Adam",
    help="The usual first choice: steps of even size for every weight, from running means of "
    "gradient and square. θ ← θ − rate·m̂ / (√v̂ + ε), the paper's algorithm 1, as in "
    "PyTorch.",
)
class Adam(Steady):
    """Adaptive moments with bias correction (Kingma and Ba 2015, algorithm 1).

    ``m = beta1 m + (1 - beta1) g``, ``v = beta2 v + (1 - beta2) g**2``,
    ``theta = theta - rate (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + epsilon)``, as in
    PyTorch. Keras adds its epsilon to ``sqrt(v)`` before the correction ("epsilon hat"). PyTorch's
    ``weight_decay`` of Adam is an L2 penalty, which layers have; decoupled decay is `AdamW`.

    ============= ====================== ====================== =====================
    here          PyTorch Adam           Keras Adam             MindSpore Adam
    ============= ====================== ====================== =====================
    learning_rate lr = 0.001             learning_rate = 0.001  learning_rate = 0.001
    beta1, beta2  betas = (0.9, 0.999)   beta_1, beta_2 (same)  beta1, beta2 (same)
    epsilon       eps = 1e-8             epsilon = 1e-7         eps = 1e-8
    ============= ====================== ====================== =====================
    """

    kind: Literal["adam"] = "adam"
    learning_rate: AdamRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        return OptimizerState.of_zeros(size, dtype, "gradients", "squares", numbers=2)

    def begin(self, state: OptimizerState) -> None:
        """Add the weight of this step's gradient and square to those before."""
        _weigh(state, self.beta1, self.beta2, self.epsilon)

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        _step(theta, grad, state, beta1=self.beta1, beta2=self.beta2, rate=rate)


@spec(
    title="AdamW",
    help="Take it where a network learns its training samples by heart: Adam that also takes a "
    "small share off every parameter at each step, apart from the gradient. θ ← θ − "
    "rate·decay·θ, then Adam's step.",
)
class AdamW(Steady):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2).

    ``theta = theta - rate weight_decay theta``, then the step of `Adam`. As in PyTorch and Keras
    the decay is times the rate of the step, and it acts on all parameters, biases too. MindSpore's
    ``AdamWeightDecay`` has no bias correction; its ``mint.optim.AdamW`` is this one.

    ============= ======================= ======================= =========================
    here          PyTorch AdamW           Keras AdamW             MindSpore AdamWeightDecay
    ============= ======================= ======================= =========================
    learning_rate lr = 0.001              learning_rate = 0.001   learning_rate = 0.001
    weight_decay  weight_decay = 0.01     weight_decay = 0.004    weight_decay = 0
    beta1, beta2  betas = (0.9, 0.999)    beta_1, beta_2 (same)   beta1, beta2 (same)
    epsilon       eps = 1e-8              epsilon = 1e-7          eps = 1e-6
    ============= ======================= ======================= =========================
    """

    kind: Literal["adamw"] = "adamw"
    learning_rate: AdamRate = 0.001
    weight_decay: Annotated[
        float,
        Field(
            ge=0,
            le=10,
            title="Weight decay",
            description="Times the learning rate: the share that every parameter, biases too, "
            "loses in a step. weight_decay in PyTorch (0.01), Keras (0.004) and MindSpore (0).",
        ),
        Display(scale="log", live=True),
    ] = 0.01
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        return OptimizerState.of_zeros(size, dtype, "gradients", "squares", numbers=2)

    def begin(self, state: OptimizerState) -> None:
        """Add the weight of this step's gradient and square to those before."""
        _weigh(state, self.beta1, self.beta2, self.epsilon)

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        theta *= 1.0 - rate * self.weight_decay
        _step(theta, grad, state, beta1=self.beta1, beta2=self.beta2, rate=rate)


@spec(
    title="Nadam",
    help="Adam that looks one step ahead as Nesterov's momentum does. Take it like Adam, from "
    "which it hardly differs. Its momentum grows from β₁/2 to β₁ while it trains, as in "
    "PyTorch; Keras lets it grow 250 times faster (ψ = 1).",
)
class Nadam(Steady):
    """Adam with Nesterov's momentum (Dozat 2016), PyTorch's form.

    With ``mu(t) = beta1 (1 - 0.5 * 0.96**(t momentum_decay))`` and ``p`` the product of all
    ``mu`` up to ``t``: ``theta = theta - rate ((1 - mu(t)) / (1 - p) g +
    mu(t + 1) / (1 - p mu(t + 1)) m) / (sqrt(v / (1 - beta2**t)) + epsilon)``, with ``m`` and ``v``
    as in `Adam`. Here ``m`` is kept as it is, because no sum of weights stands under it.

    ============== ========================= ========================== ========================
    here           PyTorch NAdam             Keras Nadam                MindSpore (experimental)
    ============== ========================= ========================== ========================
    learning_rate  lr = 0.002                learning_rate = 0.001      lr = 0.002
    beta1, beta2   betas = (0.9, 0.999)      beta_1, beta_2 (same)      betas (same)
    momentum_decay momentum_decay = 0.004    always 1                   momentum_decay = 0.004
    epsilon        eps = 1e-8                epsilon = 1e-7             eps = 1e-8
    ============== ========================= ========================== ========================
    """

    kind: Literal["nadam"] = "nadam"
    learning_rate: AdamRate = 0.002
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    momentum_decay: Annotated[
        float,
        Field(
            ge=0,
            le=10,
            title="ψ",
            description="How fast the momentum grows to β₁: momentum_decay in PyTorch and "
            "MindSpore (0.004); Keras has always 1.",
        ),
        Display(scale="log", live=True, advanced=True),
    ] = 0.004
    epsilon: Epsilon = 1e-8

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        state = OptimizerState.of_zeros(size, dtype, "means", "squares", numbers=3)
        state.vectors["weights"][2] = 1.0
        return state

    def begin(self, state: OptimizerState) -> None:
        """Work out how much of gradient and mean there is in this step."""
        weights = state.vectors["weights"]
        _weigh(state, self.beta1, self.beta2, self.epsilon)
        here, ahead = self._momentum(state.step), self._momentum(state.step + 1)
        weights[2] *= here
        _, second, product = weights.tolist()
        root = second**0.5
        of_gradient = root * (1.0 - here) / (1.0 - product)
        of_mean = root * ahead / (1.0 - product * ahead)
        state.now[:] = of_gradient, of_mean, self.epsilon * root

    def _momentum(self, step: int) -> float:
        return self.beta1 * (1.0 - 0.5 * float(0.96 ** (step * self.momentum_decay)))

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        m, v = state.vectors["means"], state.vectors["squares"]
        scratch, spare = state.scratch, state.spare
        of_gradient, of_mean, epsilon = state.now
        np.multiply(grad, 1.0 - self.beta1, out=scratch)
        _add_up(m, scratch, self.beta1)
        np.multiply(grad, grad, out=scratch)
        _add_up(v, scratch, self.beta2)
        np.sqrt(v, out=spare)
        spare += epsilon
        np.multiply(grad, rate * of_gradient, out=scratch)
        scratch /= spare
        theta -= scratch
        np.multiply(m, rate * of_mean, out=scratch)
        scratch /= spare
        theta -= scratch


@spec(
    title="AMSGrad",
    help="Take it where the loss of Adam jumps late in training: steps are divided by the "
    "largest mean square so far and do not grow again when gradients get small. As in "
    "PyTorch (Adam with amsgrad), Keras (amsgrad) and MindSpore (use_amsgrad): the "
    "largest is of means that are not corrected yet.",
)
class AmsGrad(Steady):
    """Adam with the maximum of the second moments (Reddi et al. 2018, algorithm 2), PyTorch's form.

    ``v = beta2 v + (1 - beta2) g**2``, ``w = max(w, v)``,
    ``theta = theta - rate (m / (1 - beta1**t)) / (sqrt(w / (1 - beta2**t)) + epsilon)``. The paper
    has no bias correction; PyTorch, Keras and MindSpore correct after the maximum was taken. Here
    ``v`` is kept as a mean, so that a maximum stays one when beta2 is changed while a run goes on.

    ============= ====================== ====================== =====================
    here          PyTorch Adam           Keras Adam             MindSpore Adam
    ============= ====================== ====================== =====================
    kind          amsgrad = True         amsgrad = True         use_amsgrad = True
    learning_rate lr = 0.001             learning_rate = 0.001  learning_rate = 0.001
    beta1, beta2  betas = (0.9, 0.999)   beta_1, beta_2 (same)  beta1, beta2 (same)
    epsilon       eps = 1e-8             epsilon = 1e-7         eps = 1e-8
    ============= ====================== ====================== =====================
    """

    kind: Literal["amsgrad"] = "amsgrad"
    learning_rate: AdamRate = 0.001
    beta1: Beta1 = 0.9
    beta2: Beta2 = 0.999
    epsilon: Epsilon = 1e-8

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        names = "gradients", "squares", "largest"
        return OptimizerState.of_zeros(size, dtype, *names, numbers=2)

    def begin(self, state: OptimizerState) -> None:
        """Add the weight of this step's gradient and square to those before."""
        weights = state.vectors["weights"]
        weights[0] = self.beta1 * weights[0] + 1.0
        weights[1] = self.beta2 * weights[1] + (1.0 - self.beta2)
        first, second = weights.tolist()
        state.now[:] = second**0.5 / first, self.epsilon * second**0.5

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        vectors, scratch = state.vectors, state.scratch
        m, v, largest = vectors["gradients"], vectors["squares"], vectors["largest"]
        factor, epsilon = state.now
        _add_up(m, grad, self.beta1)
        np.multiply(grad, grad, out=scratch)
        scratch *= 1.0 - self.beta2
        _add_up(v, scratch, self.beta2)
        np.maximum(largest, v, out=largest)
        np.sqrt(largest, out=scratch)
        scratch += epsilon
        np.divide(m, scratch, out=scratch)
        scratch *= rate * factor
        theta -= scratch
