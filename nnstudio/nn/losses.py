"""Losses: value and gradient together; the loss shown is the loss descended."""

from typing import Annotated, Literal

import numpy as np

from nnstudio.nn.activations import Activation, Softmax
from nnstudio.nn.parameters import Matrix, Shape
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import Text, text

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
            description="Inside the logarithm, probabilities stay this far from 0 and 1; 0 is off.",
        ),
        Display(scale="log", advanced=True),
    ] = 0.0
    over_outputs: OverOutputs = "sum"
    over_batch: OverBatch = "mean"

    def factor(self, shape: Shape) -> float:
        """Give by what the sum over all terms of a batch of `shape` (B, C) is multiplied."""
        return _factor(shape, over_outputs=self.over_outputs, over_batch=self.over_batch)

    def targets(self, Y: Matrix) -> Matrix:
        """Give `Y` with the share `label_smoothing` of it spread over all classes."""
        if self.label_smoothing == 0:
            return Y
        smoothed: Matrix = Y * (1.0 - self.label_smoothing) + self.label_smoothing / Y.shape[1]
        return smoothed

    def value_and_gradient(self, A: Matrix, Y: Matrix, dA: Matrix) -> float:
        """Give the loss of a batch and write its derivative by `A` into `dA`.

        A probability of 0 counts as the smallest normal number, so that the loss stays finite; the
        derivative is 0 wherever a bound holds the probability.

        Parameters
        ----------
        A : ndarray, shape (B, C), in [0, 1]
            Outputs of the network.
        Y : ndarray, shape (B, C)
            Targets; rows need not add up to 1.
        dA : ndarray, shape (B, C)
            Overwritten; shares no memory with the others.
        """
        T = self.targets(Y)
        factor = self.factor(A.shape)
        lower = max(self.clip, float(np.finfo(A.dtype).tiny))
        np.clip(A, lower, 1.0 - self.clip, out=dA)
        free = np.equal(A, dA)
        dA += self.epsilon
        value = -factor * float(np.vdot(T, np.log(dA)))
        np.divide(T, dA, out=dA)
        dA *= -factor
        dA *= free
        return value


@spec(title="mean squared error", help="Square of the distance between output and target.")
class MeanSquaredError:
    """``(A - Y)**2``, by default the mean over outputs and batch, as in PyTorch."""

    kind: Literal["mean_squared_error"] = "mean_squared_error"
    over_outputs: OverOutputs = "mean"
    over_batch: OverBatch = "mean"

    def factor(self, shape: Shape) -> float:
        """Give by what the sum over all terms of a batch of `shape` (B, C) is multiplied."""
        return _factor(shape, over_outputs=self.over_outputs, over_batch=self.over_batch)

    def value_and_gradient(self, A: Matrix, Y: Matrix, dA: Matrix) -> float:
        """Give the loss of a batch and write its derivative by `A`, ``2 (A - Y)``, into `dA`.

        Parameters
        ----------
        A, Y : ndarray, shape (B, C)
            Outputs of the network, and targets.
        dA : ndarray, shape (B, C)
            Overwritten; shares no memory with the others.
        """
        factor = self.factor(A.shape)
        np.subtract(A, Y, out=dA)
        value = factor * float(np.vdot(dA, dA))
        dA *= 2.0 * factor
        return value


Loss = Annotated[
    CrossEntropy | MeanSquaredError,
    Field(discriminator="kind", title="Loss", description="What training makes smaller."),
]


def _factor(shape: Shape, *, over_outputs: str, over_batch: str) -> float:
    B, C = shape
    return 1.0 / ((B if over_batch == "mean" else 1) * (C if over_outputs == "mean" else 1))


def pair_problem(activation: Activation, loss: Loss) -> Text | None:
    """Give why this output activation and this loss cannot work together, or None when they can."""
    if isinstance(loss, CrossEntropy) and not isinstance(activation, Softmax):
        return text("Cross-entropy needs probabilities: choose softmax for the output layer.")
    return None
