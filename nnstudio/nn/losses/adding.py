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


class AddedUp:
    """Of a loss whose terms are added up as its settings say."""

    over_outputs: OverOutputs
    over_batch: OverBatch

    def factor(self, shape: Shape) -> float:
        """Give by what the sum over all terms of a batch of `shape` (B, C) is multiplied."""
        B, C = shape
        terms = (B if self.over_batch == "mean" else 1) * (C if self.over_outputs == "mean" else 1)
        return 1.0 / terms
