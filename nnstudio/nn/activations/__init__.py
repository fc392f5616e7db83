"""Activations: function, derivative, gain and where they saturate; forward and backward agree.

A member has

``gain``
    By what the standard deviation of weights is multiplied to keep the spread of signals even.
``lowest``, ``highest``
    Between which no output fails to lie, attained or not.
``forward(Z, out)``
    Write ``A`` into `out`.
``backward(dA, Z, A, out)``
    Write ``dZ`` into `out`.
``saturated(Z)``
    Give where the derivative is as good as 0.

`out` shares no memory with what is read, and everything is finite for ``|z|`` up to 1e4 and far
beyond.
"""

from typing import Annotated

from nnstudio.nn.activations.gates import Gelu, GeluTanh, Silu
from nnstudio.nn.activations.plain import Identity, Softmax
from nnstudio.nn.activations.rectifiers import Elu, LeakyRelu, Relu, Selu, Softplus
from nnstudio.nn.activations.squashing import HardSigmoid, Mask, Sigmoid, Softsign, Tanh
from nnstudio.spec import Field

__all__ = [
    "Activation",
    "Elu",
    "Gelu",
    "GeluTanh",
    "HardSigmoid",
    "Identity",
    "LeakyRelu",
    "Mask",
    "Relu",
    "Selu",
    "Sigmoid",
    "Silu",
    "Softmax",
    "Softplus",
    "Softsign",
    "Tanh",
]

Activation = Annotated[
    Identity
    | Sigmoid
    | HardSigmoid
    | Tanh
    | Relu
    | LeakyRelu
    | Elu
    | Selu
    | Softplus
    | Softsign
    | Gelu
    | GeluTanh
    | Silu
    | Softmax,
    Field(discriminator="kind", title="Activation", description="What a unit makes of its sum."),
]
