"""Mistakes in the products of the backward pass: what divides them, and which way W lies."""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from nnstudio.faults.losses import without_mean
from nnstudio.faults.mistake import Mistake, Place, Setup, with_layers, with_parts
from nnstudio.nn.layers import HiddenLayer, LayerParts, OutputLayer
from nnstudio.nn.parameters import Matrix, Vector
from nnstudio.seams import Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text


@spec(
    title="divided by the inputs",
    help="Gradients are divided by the number of inputs of the layer instead of by the number of "
    "samples in the batch: their lengths are wrong by another factor in every layer.",
)
class DividedByInputs(Mistake):
    """``dW`` and ``db`` by D; the loss's derivative has no 1/B."""

    kind: Literal["divided-by-inputs"] = "divided-by-inputs"
    place: ClassVar[Place] = "batch"
    told: ClassVar[Text] = text(
        "The gradients are divided by the number of inputs of the layer instead of by the batch"
    )
    formula_wrong: ClassVar[str] = "dW = Xᵀ dZ / D, db = Σ_samples dZ / D"
    formula_right: ClassVar[str] = "dW = Xᵀ dZ / B, db = Σ_samples dZ / B"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with the other divisor in every layer."""
        return with_layers(with_parts(seams, without_mean), _divided)


def _divided(parts: LayerParts, _row: HiddenLayer | OutputLayer) -> LayerParts:
    weights, biases = parts.weight_gradient, parts.bias_gradient

    def weight_gradient(X: Matrix, dZ: Matrix, out: Matrix) -> None:
        weights(X, dZ, out)
        out /= X.shape[1]

    def bias_gradient(X: Matrix, dA: Matrix, dZ: Matrix, out: Vector) -> None:
        biases(X, dA, dZ, out)
        out /= X.shape[1]

    return replace(parts, weight_gradient=weight_gradient, bias_gradient=bias_gradient)


@spec(
    title="transposed weights",
    help="On the way back, the error is multiplied with the weights instead of with their "
    "transpose. Shapes tell it, but for layers with as many units as inputs.",
)
class TransposedError(Mistake):
    """``dX = dZ W`` instead of ``dZ W'``, in square layers."""

    kind: Literal["transposed-error"] = "transposed-error"
    place: ClassVar[Place] = "errors"
    told: ClassVar[Text] = text("The error goes back through the weights untransposed")
    formula_wrong: ClassVar[str] = "dX = dZ W"
    formula_right: ClassVar[str] = "dX = dZ Wᵀ"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with the weights untransposed in square layers."""
        return with_layers(seams, _untransposed)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: no layer above the first is square."""
        units = [row.units for row in setup.network.layers]
        # what the output layer has is not known before the data are
        ends = [] if setup.outputs is None else [setup.outputs]
        if any(one == other for one, other in zip(units, (*units[1:], *ends), strict=False)):
            return None
        if setup.outputs is None:
            return None
        return text("It needs a layer with as many units as the layer before.")


def _untransposed(parts: LayerParts, _row: HiddenLayer | OutputLayer) -> LayerParts:
    true = parts.input_gradient

    def input_gradient(dZ: Matrix, W: Matrix, out: Matrix) -> None:
        if W.shape[0] == W.shape[1]:
            np.dot(dZ, W, out=out)
        else:
            true(dZ, W, out)

    return replace(parts, input_gradient=input_gradient)
