"""Optimizers, in order of complexity: immutable hyper-parameters, explicit state."""

from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec

LearningRate = Annotated[
    float,
    Field(gt=0, le=10, title="Learning rate", description="Size of every step."),
    Display(scale="log", live=True),
]


@spec(title="SGD", help="A step against the gradient; with momentum, a heavy ball that rolls on.")
class Sgd:
    """Gradient descent, with heavy-ball momentum (Polyak 1964)."""

    kind: Literal["sgd"] = "sgd"
    learning_rate: LearningRate = 0.1
    momentum: Annotated[
        float,
        Field(ge=0, lt=1, title="Momentum", description="Share of the last step that is kept."),
        Display(live=True),
    ] = 0.0


@spec(title="Adam", help="Steps of even size for every weight, from running means of the gradient.")
class Adam:
    """Adaptive moments with bias correction (Kingma and Ba 2015, algorithm 1)."""

    kind: Literal["adam"] = "adam"
    learning_rate: LearningRate = 0.001
    beta1: Annotated[
        float,
        Field(ge=0, lt=1, title="β₁", description="Memory of the mean gradient."),
        Display(live=True, advanced=True),
    ] = 0.9
    beta2: Annotated[
        float,
        Field(ge=0, lt=1, title="β₂", description="Memory of the mean squared gradient."),
        Display(live=True, advanced=True),
    ] = 0.999
    epsilon: Annotated[
        float,
        Field(gt=0, le=1, title="ε", description="Keeps the division from blowing up."),
        Display(scale="log", live=True, advanced=True),
    ] = 1e-8


Optimizer = Annotated[
    Sgd | Adam,
    Field(discriminator="kind", title="Optimizer", description="How a gradient becomes a step."),
]
