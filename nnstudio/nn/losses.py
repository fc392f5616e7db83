"""Losses: value and gradient together; the loss shown is the loss descended."""

from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec

OverOutputs = Annotated[
    Literal["sum", "mean"],
    Field(title="Over outputs", description="How the terms of one sample are put together."),
    Display(choices=("sum", "mean"), advanced=True),
]
OverBatch = Annotated[
    Literal["mean", "sum"],
    Field(
        title="Over the batch",
        description="A sum makes every step longer by the number of samples in a batch.",
    ),
    Display(choices=("mean", "sum"), advanced=True),
]


@spec(
    title="cross-entropy",
    help="Minus the logarithm of the probability given to the right class; for softmax outputs.",
)
class CrossEntropy:
    """``-sum(Y log P)`` per sample, on the probabilities of a softmax output."""

    kind: Literal["cross_entropy"] = "cross_entropy"
    label_smoothing: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Label smoothing",
            description="Share of the target that is spread over all classes.",
        ),
        Display(advanced=True),
    ] = 0.0
    epsilon: Annotated[
        float,
        Field(
            ge=0,
            le=0.1,
            title="ε in the logarithm",
            description="Added to every probability inside the logarithm; 0 is exact.",
        ),
        Display(scale="log", advanced=True),
    ] = 0.0
    clip: Annotated[
        float,
        Field(
            ge=0,
            lt=0.5,
            title="Clip",
            description="Probabilities are kept this far from 0 and 1 inside the logarithm; 0 is off.",
        ),
        Display(scale="log", advanced=True),
    ] = 0.0
    over_outputs: OverOutputs = "sum"
    over_batch: OverBatch = "mean"


@spec(title="mean squared error", help="Square of the distance between output and target.")
class MeanSquaredError:
    """``(A - Y)**2``, by default the mean over outputs and batch, as in PyTorch."""

    kind: Literal["mean_squared_error"] = "mean_squared_error"
    over_outputs: OverOutputs = "mean"
    over_batch: OverBatch = "mean"


Loss = Annotated[
    CrossEntropy | MeanSquaredError,
    Field(discriminator="kind", title="Loss", description="What training makes smaller."),
]
