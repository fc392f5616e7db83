"""Layers: one row of a network, and forward and backward side by side for what it is made of."""

from typing import Annotated, Literal

from nnstudio.nn.activations import Activation, Relu, Softmax
from nnstudio.nn.initializers import GlorotUniform, HeNormal, Initializer, Zeros
from nnstudio.spec import Display, Field, spec

Bias = Annotated[
    bool,
    Field(title="Bias", description="Whether every unit has a number of its own added to its sum."),
    Display(advanced=True),
]
BiasInitializer = Annotated[
    Initializer,
    Field(title="Initial biases", description="Biases before the first step."),
    Display(advanced=True),
]


@spec(title="none")
class NoNormalization:
    """Nothing is normalized between sum and activation."""

    kind: Literal["none"] = "none"


@spec(title="none")
class NoDropout:
    """No unit is left out."""

    kind: Literal["none"] = "none"


@spec(title="none")
class NoPenalty:
    """Large weights cost nothing."""

    kind: Literal["none"] = "none"


@spec(title="Hidden layer")
class HiddenLayer:
    """One row of the network: units that all see every output of the row before."""

    units: Annotated[
        int, Field(ge=1, le=100_000, title="Units", description="How many units the layer has.")
    ] = 128
    bias: Bias = True
    weights: Initializer = HeNormal()
    biases: BiasInitializer = Zeros()
    normalization: NoNormalization = NoNormalization()
    activation: Activation = Relu()
    dropout: NoDropout = NoDropout()
    penalty: NoPenalty = NoPenalty()


@spec(title="Output layer")
class OutputLayer:
    """The last row; how many units it has follows from the data."""

    bias: Bias = True
    weights: Initializer = GlorotUniform()
    biases: BiasInitializer = Zeros()
    activation: Activation = Softmax()
    penalty: NoPenalty = NoPenalty()
