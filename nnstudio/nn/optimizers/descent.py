"""Gradient descent: every parameter moves by the same rate times its own gradient."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import DTypeLike

from nnstudio.nn.optimizers.settings import Momentum, SgdRate
from nnstudio.nn.optimizers.state import OptimizerState
from nnstudio.nn.parameters import Vector
from nnstudio.spec import Display, Field, spec


@spec(
    title="SGD",
    help="A step against the gradient; with momentum, a heavy ball that rolls on. Take it to "
    "see training at its simplest, or with momentum 0.9 and a rate that the range test "
    "gave. v ← momentum·v + g, θ ← θ − rate·v, as in PyTorch and MindSpore; Keras takes "
    "the rate into v, which differs only while the rate changes. PyTorch's default rate "
    "is 0.001, Keras' 0.01, MindSpore's 0.1.",
)
class Sgd:
    """Gradient descent with heavy-ball momentum (Polyak 1964) or Nesterov's (Sutskever 2013).

    With ``g = gradient + weight_decay theta``:
    ``v = g`` at the first step, then ``v = momentum v + (1 - dampening) g``;
    ``theta = theta - rate v``, or ``theta - rate (g + momentum v)`` with Nesterov's.
    The rate stands outside the velocity, as in PyTorch, so that a change of the rate acts at once.

    ============= =================== ====================== ====================
    here          PyTorch SGD         Keras SGD              MindSpore SGD
    ============= =================== ====================== ====================
    learning_rate lr = 0.001          learning_rate = 0.01   learning_rate = 0.1
    momentum      momentum = 0        momentum = 0           momentum = 0
    nesterov      nesterov = False    nesterov = False       nesterov = False
    dampening     dampening = 0       none                   dampening = 0
    weight_decay  weight_decay = 0    not the same: see help weight_decay = 0
    ============= =================== ====================== ====================

    PyTorch and MindSpore refuse Nesterov's momentum together with dampening; here the formula
    above holds. Keras: ``v = momentum v - rate g``, ``theta = theta + v``.
    """

    kind: Literal["sgd"] = "sgd"
    learning_rate: SgdRate = 0.1
    momentum: Momentum = 0.0
    nesterov: Annotated[
        bool,
        Field(
            title="Nesterov",
            description="Looks one step ahead: θ ← θ − rate·(g + momentum·v). Without momentum it "
            "changes nothing. The same name in PyTorch, Keras and MindSpore.",
        ),
        Display(live=True, advanced=True),
    ] = False
    weight_decay: Annotated[
        float,
        Field(
            ge=0,
            le=10,
            title="Weight decay",
            description="Times every parameter, added to the gradient: an L2 penalty on all "
            "parameters, biases too. PyTorch and MindSpore weight_decay; that of Keras is "
            "decoupled, as in AdamW.",
        ),
        Display(scale="log", live=True, advanced=True),
    ] = 0.0
    dampening: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Dampening",
            description="Share of the gradient that does not enter the momentum, from the second "
            "step on (PyTorch and MindSpore dampening; Keras has none).",
        ),
        Display(live=True, advanced=True),
    ] = 0.0

    def init(self, size: int, dtype: DTypeLike) -> OptimizerState:
        """Give the state before the first step."""
        state = OptimizerState(size, dtype, vectors={})
        self.settle(state)
        return state

    def settle(self, state: OptimizerState) -> None:
        """Have a velocity only with momentum; switched on while it runs, it begins at rest."""
        state.keep("velocity", when=self.momentum != 0.0)

    def begin(self, state: OptimizerState) -> None:
        """Settle, and work out how much of the gradient enters the velocity."""
        self.settle(state)
        state.now[:] = (1.0 if state.step == 1 else 1.0 - self.dampening,)

    def update(self, theta: Vector, grad: Vector, state: OptimizerState, rate: float) -> None:
        """Make the step for one contiguous chunk, in place."""
        scratch, decay = state.scratch, self.weight_decay
        if decay != 0.0:
            np.multiply(theta, decay, out=state.spare)
            state.spare += grad
            grad = state.spare
        if self.momentum == 0.0:
            np.multiply(grad, rate, out=scratch)
            theta -= scratch
            return
        velocity, (share,) = state.vectors["velocity"], state.now
        velocity *= self.momentum
        if share == 1.0:
            velocity += grad
        else:
            np.multiply(grad, share, out=scratch)
            velocity += scratch
        if self.nesterov:
            np.multiply(velocity, self.momentum, out=scratch)
            scratch += grad
            scratch *= rate
        else:
            np.multiply(velocity, rate, out=scratch)
        theta -= scratch
