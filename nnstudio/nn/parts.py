"""Parts: the frozen set of functions that a network is built from; bound once, when it is built.

A classic mistake is a replacement of one or more of them. Softmax and cross-entropy are one fused
function only while nothing in it is replaced.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from nnstudio.nn.activations import Softmax
from nnstudio.nn.layers import Activated, HiddenLayer, LayerParts, OutputLayer, bias_gradient
from nnstudio.nn.losses import CrossEntropy, Loss
from nnstudio.nn.parameters import Matrix


@dataclass(frozen=True)
class Parts:
    """What a network is made of.

    Attributes
    ----------
    layers : tuple of LayerParts
        One per layer; the last belongs to the output layer.
    loss : (A, Y, dA) -> float
        Value of the loss; its derivative by ``A`` is written into ``dA``.
    """

    layers: tuple[LayerParts, ...]
    loss: Callable[[Matrix, Matrix, Matrix], float]

    @classmethod
    def of(cls, rows: tuple[HiddenLayer | OutputLayer, ...], loss: Loss) -> "Parts":
        """Give the true functions of these layers and this loss."""
        return cls(
            layers=tuple(LayerParts.of(row.activation) for row in rows),
            loss=loss.value_and_gradient,
        )


class Head(Activated):
    """From the sums of the output layer to outputs and loss, and back.

    Activation, loss and activation gradient come one after the other; each may be replaced.

    Parameters
    ----------
    C : int
        Outputs.
    dtype : dtype
        Precision of the buffers.
    parts : LayerParts
        Functions of the output layer.
    loss : (A, Y, dA) -> float
        As in `Parts`.

    Attributes
    ----------
    A, dA, dZ : ndarray, shape (B, C)
        Outputs, and the derivatives of the loss by outputs and sums; a fused head leaves `dA` as
        it is.
    """

    def __init__(
        self,
        C: int,
        dtype: DTypeLike,
        *,
        parts: LayerParts,
        loss: Callable[[Matrix, Matrix, Matrix], float],
    ) -> None:
        self._loss = loss
        super().__init__(C, dtype, parts=parts)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        super().reserve(capacity)
        self._dA = np.empty_like(self._A)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        super().resize(B)
        self.dA = self._dA[:B]

    def loss_and_gradient(self, Z: Matrix, Y: Matrix) -> float:
        """Give the loss; fill `A`, `dA` and `dZ`."""
        value = self._loss(self.forward(Z), Y, self.dA)
        self.backward(self.dA)
        return value


class FusedHead(Head):
    """Softmax and cross-entropy in one: exact where a probability is too small for a number.

    With ``T`` the smoothed targets, ``t`` their sum per sample and ``S = Z - max(Z)``, the loss of
    a sample is ``t log(sum(exp(S))) - sum(T S)`` and its derivative by ``Z`` is ``t P - T``.

    Parameters
    ----------
    C : int
        Outputs.
    dtype : dtype
        Precision of the buffers.
    parts : LayerParts
        Functions of the output layer.
    loss : CrossEntropy
        Without `epsilon` and `clip`, which work on the probability itself.
    """

    def __init__(self, C: int, dtype: DTypeLike, *, parts: LayerParts, loss: CrossEntropy) -> None:
        self._spec = loss
        self._ones = np.ones((C, 1), dtype)
        super().__init__(C, dtype, parts=parts, loss=loss.value_and_gradient)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        super().reserve(capacity)
        self._columns = np.empty((3, capacity, 1), self._A.dtype)
        self._flat = np.empty(capacity * self._H, self._A.dtype)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        super().resize(B)
        self._largest, self._total, self._mass = self._columns[:, :B]
        self._largest_row = self._largest[:, 0]
        self._transposed = self._flat[: B * self._H].reshape(self._H, B)
        factor = self._spec.factor((B, self._H)) if B else 0.0
        self._factor = np.array(factor, self._A.dtype)

    def loss_and_gradient(self, Z: Matrix, Y: Matrix) -> float:
        """Give the loss; fill `A` and `dZ`."""
        A, dZ, total, mass = self.A, self.dZ, self._total, self._mass
        T = self._spec.targets(Y)
        # a maximum over few columns takes three times as long as one over few rows
        np.copyto(self._transposed, Z.T)
        np.maximum.reduce(self._transposed, axis=0, out=self._largest_row)
        np.subtract(Z, self._largest, out=dZ)
        np.exp(dZ, out=A)
        np.dot(A, self._ones, out=total)
        np.dot(T, self._ones, out=mass)
        A /= total
        np.log(total, out=total)
        value = float(self._factor * (np.vdot(mass, total) - np.vdot(T, dZ)))
        np.multiply(A, mass, out=dZ)
        dZ -= T
        dZ *= self._factor
        return value


def head_of(row: OutputLayer, loss: Loss, parts: Parts, *, C: int, dtype: DTypeLike) -> Head:
    """Give the head of a network: fused where nothing that it stands for is replaced."""
    mine = parts.layers[-1]
    true = Parts.of((row,), loss)
    if (
        isinstance(row.activation, Softmax)
        and isinstance(loss, CrossEntropy)
        and loss.epsilon == 0
        and loss.clip == 0
        and parts.loss == true.loss
        and mine.activation == true.layers[-1].activation
        and mine.activation_gradient == true.layers[-1].activation_gradient
        # the gradient of the bias is handed dA, which a fused head does not know
        and mine.bias_gradient is bias_gradient
    ):
        return FusedHead(C, dtype, parts=mine, loss=loss)
    return Head(C, dtype, parts=mine, loss=parts.loss)
