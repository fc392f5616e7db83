"""Mistakes in the output activation; the gradient is the true one of what is computed wrongly."""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from nnstudio.faults.mistake import Mistake, Place, Setup, with_output
from nnstudio.nn.activations import Softmax
from nnstudio.nn.layers import LayerParts
from nnstudio.nn.parameters import Matrix
from nnstudio.seams import Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text


class OfSoftmax(Mistake):
    """Of an output layer with softmax alone."""

    place: ClassVar[Place] = "outputs"

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: the output layer has another activation."""
        if isinstance(setup.network.output.activation, Softmax):
            return None
        return text("It needs softmax in the output layer.")


@spec(
    title="softmax over the whole batch",
    help="One sum over all samples of the batch instead of one per sample: the outputs of a sample "
    "do not add up to 1, and the loss cannot fall under ln B, for a batch of B samples.",
)
class SoftmaxOverBatch(OfSoftmax):
    """``exp(Z)`` by its sum over samples and outputs together."""

    kind: Literal["softmax-over-batch"] = "softmax-over-batch"
    told: ClassVar[Text] = text("Softmax is taken over the whole batch instead of over each sample")
    formula_wrong: ClassVar[str] = "P = exp(Z) / Σ_samples Σ_outputs exp(Z)"
    formula_right: ClassVar[str] = "P = exp(Z) / Σ_outputs exp(Z)"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with softmax over the batch."""
        return with_output(
            seams,
            lambda parts: replace(parts, activation=_over_batch, activation_gradient=_back),
        )


def _over_batch(Z: Matrix, out: Matrix) -> None:
    np.subtract(Z, Z.max(initial=-np.inf), out=out)
    np.exp(out, out=out)
    out /= out.sum()


def _back(dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
    del Z
    np.subtract(dA, np.vdot(dA, A), out=out)
    out *= A


@spec(
    title="softmax twice",
    help="The outputs of softmax go through softmax again, as when a loss that has its own is "
    "given probabilities: the loss cannot fall under ln(1 + 9/e) = 1.461 for ten classes.",
)
class SoftmaxTwice(OfSoftmax):
    """Softmax of what softmax gave, with its true derivative."""

    kind: Literal["softmax-twice"] = "softmax-twice"
    place: ClassVar[Place] = "second outputs"
    told: ClassVar[Text] = text("Softmax is applied to the outputs twice")
    formula_wrong: ClassVar[str] = "P = softmax(softmax(Z))"
    formula_right: ClassVar[str] = "P = softmax(Z)"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with a second softmax."""
        return with_output(seams, _twice)


def _twice(parts: LayerParts) -> LayerParts:
    first, first_gradient = parts.activation, parts.activation_gradient
    second = Softmax()

    def activation(Z: Matrix, out: Matrix) -> None:
        inner = np.empty_like(Z)
        first(Z, inner)
        second.forward(inner, out)

    def activation_gradient(dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        inner, by_inner = np.empty_like(Z), np.empty_like(Z)
        first(Z, inner)
        second.backward(dA, inner, A, by_inner)
        first_gradient(by_inner, Z, inner, out)

    return replace(parts, activation=activation, activation_gradient=activation_gradient)
