"""Losses on the distance between output and target: squared, absolute, and Huber's between them."""

from typing import Annotated, ClassVar, Literal

import numpy as np

from nnstudio.nn.losses.adding import AddedUp, OverBatch, OverOutputs
from nnstudio.nn.parameters import Matrix
from nnstudio.spec import Display, Field, spec
from nnstudio.tasks import Task

_EVERY_TASK: tuple[Task, ...] = ("classes", "labels", "values")


@spec(
    title="mean squared error",
    help="Square of the distance between output and target; large errors count most. "
    "The usual choice for numbers; works for classes too.",
)
class MeanSquaredError(AddedUp):
    """``(A - Y)**2``, by default the mean over outputs and batch, as in PyTorch."""

    tasks: ClassVar[tuple[Task, ...]] = _EVERY_TASK
    kind: Literal["mean_squared_error"] = "mean_squared_error"
    over_outputs: OverOutputs = "mean"
    over_batch: OverBatch = "mean"

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


@spec(
    title="mean absolute error",
    help="Distance between output and target as it is: every error pulls equally hard. "
    "Take it where some targets are far off and should not decide.",
)
class MeanAbsoluteError(AddedUp):
    """``|A - Y|``, by default the mean over all, as in PyTorch (``L1Loss``); derivative 0 at 0."""

    tasks: ClassVar[tuple[Task, ...]] = _EVERY_TASK
    kind: Literal["mean_absolute_error"] = "mean_absolute_error"
    over_outputs: OverOutputs = "mean"
    over_batch: OverBatch = "mean"

    def value_and_gradient(self, A: Matrix, Y: Matrix, dA: Matrix) -> float:
        """Give the loss of a batch and write its derivative by `A`, the sign, into `dA`.

        Parameters
        ----------
        A, Y : ndarray, shape (B, C)
            Outputs of the network, and targets.
        dA : ndarray, shape (B, C)
            Overwritten; shares no memory with the others.
        """
        factor = self.factor(A.shape)
        distance = A - Y
        np.sign(distance, out=dA)
        value = factor * float(np.vdot(distance, dA))
        dA *= factor
        return value


@spec(
    title="Huber",
    help="Squared for small errors, straight for large ones: smooth near the target, and "
    "outliers do not decide. Take it where mean squared error follows a few bad samples.",
)
class Huber(AddedUp):
    """``d**2 / 2`` up to ``|d| = delta``, ``delta (|d| - delta / 2)`` beyond, with ``d = A - Y``.

    Huber 1964; by default the mean over all, as in PyTorch (``HuberLoss``) and Keras, which both
    have `delta` 1. (PyTorch's ``SmoothL1Loss`` is this by `delta`.)
    """

    tasks: ClassVar[tuple[Task, ...]] = _EVERY_TASK
    kind: Literal["huber"] = "huber"
    delta: Annotated[
        float,
        Field(
            gt=0, le=1e6, title="δ", description="Errors larger than this count by their size only."
        ),
        Display(scale="log"),
    ] = 1.0
    over_outputs: OverOutputs = "mean"
    over_batch: OverBatch = "mean"

    def value_and_gradient(self, A: Matrix, Y: Matrix, dA: Matrix) -> float:
        """Give the loss of a batch and write its derivative by `A`, the clipped ``d``, into `dA`.

        Parameters
        ----------
        A, Y : ndarray, shape (B, C)
            Outputs of the network, and targets.
        dA : ndarray, shape (B, C)
            Overwritten; shares no memory with the others.
        """
        factor = self.factor(A.shape)
        distance = A - Y
        np.clip(distance, -self.delta, self.delta, out=dA)
        # with c the clipped distance, both branches are c (d - c / 2)
        value = factor * float(np.vdot(dA, distance) - 0.5 * np.vdot(dA, dA))
        dA *= factor
        return value
