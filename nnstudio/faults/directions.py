"""Mistakes with a gradient that is right by itself: its sign, and what is left of the last one."""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from nnstudio.faults.mistake import Mistake, Place
from nnstudio.nn.network import Network
from nnstudio.nn.parameters import Matrix
from nnstudio.seams import Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text


@spec(
    title="wrong sign",
    help="The step goes along the gradient instead of against it: the loss rises at once.",
)
class GradientSign(Mistake):
    """Uphill."""

    kind: Literal["gradient-sign"] = "gradient-sign"
    place: ClassVar[Place] = "direction"
    told: ClassVar[Text] = text("The gradient has the wrong sign: every step goes uphill")
    formula_wrong: ClassVar[str] = "W ← W + η dW"
    formula_right: ClassVar[str] = "W ← W - η dW"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with the sign turned."""
        before = seams.gradient

        def gradient(network: Network, X: Matrix, Y: Matrix) -> float:
            loss = before(network, X, Y)
            np.negative(network.gradient, out=network.gradient)
            return loss

        return replace(seams, gradient=gradient)


@spec(
    title="gradient never reset",
    help="Each step adds its gradient to those of all steps before, as when zero_grad is "
    "forgotten: right in the first step, and longer and older in every later one.",
)
class GradientAccumulates(Mistake):
    """The gradient of a step on top of what the step before left, clipped or not."""

    kind: Literal["gradient-accumulates"] = "gradient-accumulates"
    place: ClassVar[Place] = "reset"
    told: ClassVar[Text] = text("The gradient is never reset: those of all steps add up")
    formula_wrong: ClassVar[str] = "dW = dW of this batch + dW of the step before"
    formula_right: ClassVar[str] = "dW = dW of this batch"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` whose gradient is not reset."""
        before = seams.gradient

        def gradient(network: Network, X: Matrix, Y: Matrix) -> float:
            kept = network.gradient.copy()
            loss = before(network, X, Y)
            network.gradient += kept
            return loss

        return replace(seams, gradient=gradient, keeps_gradient=True)
