"""Mistakes between the loss that is shown and the derivative that is taken of it."""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from nnstudio.faults.mistake import Mistake, Place, Setup, with_output, with_parts
from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.layers import LayerParts
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, KullbackLeibler, Loss
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.parts import Parts
from nnstudio.seams import Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text


@spec(
    title="targets not clipped",
    help="The derivative of the loss uses clipped predictions with targets as they are. It hardly "
    "matters: the gradient is equal to four digits unless sums lie beyond ±15.",
)
class TargetsNotClipped(Mistake):
    """Binary cross-entropy whose derivative knows nothing of the clip that holds predictions.

    The derivative of the clipped loss is 0 where the clip holds; this one is ``-T / c`` there.
    """

    kind: Literal["targets-not-clipped"] = "targets-not-clipped"
    place: ClassVar[Place] = "loss"
    only_in: ClassVar[str] = "loss-rises"
    told: ClassVar[Text] = text(
        "The derivative of the loss uses clipped predictions with targets that are not clipped"
    )
    formula_wrong: ClassVar[str] = "dA = (clip(A) - Y) / (clip(A) (1 - clip(A)))"
    formula_right: ClassVar[str] = "dA = the same where clip(A) = A, and 0 elsewhere"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with a derivative that is not 0 where the clip holds."""
        return with_parts(seams, _not_clipped)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: there is no clip."""
        if isinstance(setup.loss, BinaryCrossEntropy) and setup.loss.clip > 0:
            return None
        return text("It needs binary cross-entropy with a clip.")


def _not_clipped(parts: Parts, _spec: NetworkSpec, loss: Loss) -> Parts:
    if not isinstance(loss, BinaryCrossEntropy):
        return parts
    value_of = parts.loss

    def value_and_gradient(A: Matrix, Y: Matrix, dA: Matrix) -> float:
        value = value_of(A, Y, dA)
        T, P = loss.targets(Y), np.clip(A, loss.clip, 1.0 - loss.clip)
        np.divide(P - T, np.maximum(P * (1.0 - P), np.finfo(A.dtype).tiny), out=dA)
        dA *= loss.factor(A.shape)
        return value

    return replace(parts, loss=value_and_gradient)


@spec(
    title="gradient of another loss",
    help="The gradient is outputs minus targets, which belongs to softmax with cross-entropy or "
    "sigmoid with binary cross-entropy, whatever loss is shown: what falls is not what is drawn.",
)
class LossOfAnotherGradient(Mistake):
    """``dZ = (A - Y) / B`` behind the output layer, whatever the loss."""

    kind: Literal["loss-of-another-gradient"] = "loss-of-another-gradient"
    place: ClassVar[Place] = "loss"
    told: ClassVar[Text] = text(
        "The gradient is outputs minus targets, which belongs to another loss than the one shown"
    )
    formula_wrong: ClassVar[str] = "dZ = (A - Y) / B"
    formula_right: ClassVar[str] = "dZ = ∂L/∂A · f'(Z), for the loss L that is shown"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with outputs minus targets as the error of the output layer."""
        return with_output(with_parts(seams, _difference), _passed_on)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it makes no difference: the gradient is the right one here."""
        match setup.network.output.activation, setup.loss:
            case (Softmax(), CrossEntropy(over_outputs="sum", epsilon=0, clip=0)) | (
                Softmax(),
                KullbackLeibler(over_outputs="sum"),
            ) if setup.task in {"classes", None}:
                return text("Outputs minus targets is the right gradient of this loss.")
            case Sigmoid(), BinaryCrossEntropy(over_outputs="sum", epsilon=0, clip=0):
                return text("Outputs minus targets is the right gradient of this loss.")
        return None


def _difference(parts: Parts, _spec: NetworkSpec, loss: Loss) -> Parts:
    value_of = parts.loss

    def value_and_gradient(A: Matrix, Y: Matrix, dA: Matrix) -> float:
        value = value_of(A, Y, dA)
        np.subtract(A, Y, out=dA)
        if loss.over_batch == "mean":
            dA /= len(A)
        return value

    return replace(parts, loss=value_and_gradient)


def _passed_on(parts: LayerParts) -> LayerParts:
    return replace(parts, activation_gradient=lambda dA, _Z, _A, out: np.copyto(out, dA))


@spec(
    title="summed gradient",
    help="The loss shown is the mean over the batch, but the gradient is the sum: every step is as "
    "many times too long as there are samples in a batch.",
)
class SummedGradient(Mistake):
    """The gradient of the data without the 1/B of the mean."""

    kind: Literal["summed-gradient"] = "summed-gradient"
    place: ClassVar[Place] = "batch"
    told: ClassVar[Text] = text(
        "The gradient is the sum over the batch, while the loss shown is the mean"
    )
    formula_wrong: ClassVar[str] = "dW = Xᵀ dZ, with dZ of each sample's own loss"
    formula_right: ClassVar[str] = "dW = Xᵀ dZ / B"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` without the division by the batch."""
        return with_parts(seams, without_mean)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it makes no difference: the loss is a sum as well."""
        if setup.loss.over_batch == "mean":
            return None
        return text("The loss is a sum over the batch itself: the sum is its right gradient.")


def without_mean(parts: Parts, _spec: NetworkSpec, loss: Loss) -> Parts:
    """Give `parts` whose derivative of the loss lacks the 1/B of a mean over the batch."""
    if loss.over_batch == "sum":
        return parts
    value_of = parts.loss

    def value_and_gradient(A: Matrix, Y: Matrix, dA: Matrix) -> float:
        value = value_of(A, Y, dA)
        dA *= len(A)
        return value

    return replace(parts, loss=value_and_gradient)
