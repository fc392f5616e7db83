"""How the terms of a loss are added up: over the outputs of a sample and over the batch."""

from typing import Annotated, Literal

from nnstudio.nn.parameters import Shape
from nnstudio.spec import Display, Field

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


def factor_of(shape: Shape, *, over_outputs: str, over_batch: str) -> float:
    """Give by what the sum over all terms of a batch of `shape` (B, C) is multiplied."""
    B, C = shape
    return 1.0 / ((B if over_batch == "mean" else 1) * (C if over_outputs == "mean" else 1))
