"""Activations: function, derivative, gain and where they saturate."""

from typing import Annotated, Literal

from nnstudio.spec import Field, spec


@spec(title="identity", help="The unit gives its weighted sum as it is.")
class Identity:
    """``A = Z``."""

    kind: Literal["identity"] = "identity"


@spec(title="sigmoid", help="Squeezes the weighted sum into 0 to 1; flat, so slow, where |z| > 5.")
class Sigmoid:
    """``A = 1 / (1 + exp(-Z))``."""

    kind: Literal["sigmoid"] = "sigmoid"


@spec(title="tanh", help="Squeezes the weighted sum into −1 to 1; flat, so slow, where |z| > 2.5.")
class Tanh:
    """``A = tanh(Z)``."""

    kind: Literal["tanh"] = "tanh"


@spec(title="ReLU", help="Passes what is positive, gives 0 for the rest; a unit can die there.")
class Relu:
    """``A = max(Z, 0)``."""

    kind: Literal["relu"] = "relu"


@spec(title="softmax", help="Turns the sums of a sample into probabilities that add up to 1.")
class Softmax:
    """``A = exp(Z) / sum(exp(Z))``, per sample."""

    kind: Literal["softmax"] = "softmax"


Activation = Annotated[
    Identity | Sigmoid | Tanh | Relu | Softmax,
    Field(discriminator="kind", title="Activation", description="What a unit makes of its sum."),
]
