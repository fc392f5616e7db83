"""Mistakes in the gradient of the biases; no curve shows them, for the weights make up for it."""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from nnstudio.faults.mistake import Mistake, Place, Setup, own_slope, with_layers
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import HiddenLayer, LayerParts, OutputLayer
from nnstudio.nn.parameters import Matrix, Vector
from nnstudio.seams import Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text


class OfBiases(Mistake):
    """Of layers with biases."""

    place: ClassVar[Place] = "bias"

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: there are no biases."""
        if any(row.bias for row in setup.network.rows):
            return None
        return text("It needs a layer with biases.")


@spec(
    title="bias gradient before the activation",
    help="The gradient of the biases is summed from the error before the derivative of the "
    "activation is multiplied in; the weights are right.",
)
class BiasGradientBeforeActivation(OfBiases):
    """``db = sum(dA)`` instead of ``sum(dZ)``."""

    kind: Literal["bias-gradient-before-activation"] = "bias-gradient-before-activation"
    told: ClassVar[Text] = text(
        "The bias gradient is the one before the derivative of the activation"
    )
    formula_wrong: ClassVar[str] = "db = Σ_samples dA"
    formula_right: ClassVar[str] = "db = Σ_samples dZ"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with the other sum in every layer but softmax."""
        return with_layers(seams, _before)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it makes no difference: no layer with biases has a derivative but 1."""
        rows = [row for row in setup.network.rows if row.bias]
        if any(own_slope(row) and not isinstance(row.activation, Identity) for row in rows):
            return None
        return text("It needs a layer with biases and an activation other than identity, softmax.")


def _before(parts: LayerParts, row: HiddenLayer | OutputLayer) -> LayerParts:
    return replace(parts, bias_gradient=_sum_of_errors) if own_slope(row) else parts


def _sum_of_errors(X: Matrix, dA: Matrix, dZ: Matrix, out: Vector) -> None:
    del X, dZ
    np.add.reduce(dA, axis=0, out=out)


@spec(
    title="bias gradient over the wrong axis",
    help="The gradient of the biases is summed over the units of each sample instead of over the "
    "samples for each unit, and repeated to the length that is needed.",
)
class BiasGradientWrongAxis(OfBiases):
    """``db[j] = sum of dZ[j % B]`` over the units."""

    kind: Literal["bias-gradient-wrong-axis"] = "bias-gradient-wrong-axis"
    told: ClassVar[Text] = text(
        "The bias gradient is summed over the units of a sample instead of over the samples"
    )
    formula_wrong: ClassVar[str] = "db = Σ_units dZ (one number per sample)"
    formula_right: ClassVar[str] = "db = Σ_samples dZ (one number per unit)"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with the other axis in every layer."""
        return with_layers(seams, lambda parts, _: replace(parts, bias_gradient=_over_units))


def _over_units(X: Matrix, dA: Matrix, dZ: Matrix, out: Vector) -> None:
    del X, dA
    out[:] = np.resize(dZ.sum(axis=1), out.shape)


@spec(
    title="bias gradient of one sample",
    help="The gradient of the biases is that of the first sample of the batch alone: too short and "
    "noisy, and in the right direction on average.",
)
class BiasGradientOfOneSample(OfBiases):
    """``db = dZ[0]`` instead of the sum over the batch."""

    kind: Literal["bias-gradient-of-one-sample"] = "bias-gradient-of-one-sample"
    told: ClassVar[Text] = text("The bias gradient is that of the first sample of the batch alone")
    formula_wrong: ClassVar[str] = "db = dZ[0]"
    formula_right: ClassVar[str] = "db = Σ_samples dZ"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with one sample's biases in every layer."""
        return with_layers(seams, lambda parts, _: replace(parts, bias_gradient=_first))


def _first(X: Matrix, dA: Matrix, dZ: Matrix, out: Vector) -> None:
    del X, dA
    np.copyto(out, dZ[0])
