"""Mistakes with the derivative of the activation, on the way back through every layer."""

from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np

from nnstudio.faults.mistake import Mistake, Place, Setup, own_slope, with_layers
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import HiddenLayer, LayerParts, OutputLayer
from nnstudio.nn.parameters import Matrix
from nnstudio.seams import Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text


class OfSlopes(Mistake):
    """Of layers whose activation has a derivative of its own: all but softmax."""

    place: ClassVar[Place] = "activation"

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it makes no difference: no activation has a derivative but 1."""
        rows = setup.network.rows
        if any(own_slope(row) and not isinstance(row.activation, Identity) for row in rows):
            return None
        return text("It needs a layer with an activation other than identity and softmax.")


@spec(
    title="derivative at the error",
    help="The derivative of the activation is taken at the incoming error instead of at the sum, "
    "and not multiplied with the error, so that the direction is lost.",
)
class DerivativeAtError(OfSlopes):
    """``dZ = f'(dA)`` instead of ``dA f'(Z)``."""

    kind: Literal["derivative-at-error"] = "derivative-at-error"
    told: ClassVar[Text] = text(
        "The derivative of the activation is taken at the incoming error and stands in its place"
    )
    formula_wrong: ClassVar[str] = "dZ = f'(dA)"
    formula_right: ClassVar[str] = "dZ = dA · f'(Z)"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with the derivative at the error in every layer but softmax."""
        return with_layers(seams, _at_error)


def _at_error(parts: LayerParts, row: HiddenLayer | OutputLayer) -> LayerParts:
    if not own_slope(row):
        return parts
    activation = row.activation

    def derivative(dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        del Z, A
        value = np.empty_like(dA)
        activation.forward(dA, value)
        activation.backward(np.ones_like(dA), dA, value, out)

    return replace(parts, activation_gradient=derivative)


@spec(
    title="no derivative of the activation",
    help="The error passes through every layer as if the activation were a straight line: with "
    "sigmoid the gradient grows from layer to layer on its way back.",
)
class ActivationDerivativeMissing(OfSlopes):
    """``dZ = dA`` instead of ``dA f'(Z)``."""

    kind: Literal["activation-derivative-missing"] = "activation-derivative-missing"
    told: ClassVar[Text] = text("The derivative of the activation is missing")
    formula_wrong: ClassVar[str] = "dZ = dA"
    formula_right: ClassVar[str] = "dZ = dA · f'(Z)"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` without the derivative in every layer but softmax."""
        return with_layers(seams, _missing)


def _missing(parts: LayerParts, row: HiddenLayer | OutputLayer) -> LayerParts:
    if not own_slope(row):
        return parts
    return replace(parts, activation_gradient=lambda dA, _Z, _A, out: np.copyto(out, dA))
