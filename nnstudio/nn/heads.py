"""Heads: from the sums of the output layer to outputs and loss, and back.

A fused head is activation, loss and both derivatives in one: it never takes the logarithm of a
number that was rounded to 0 or 1. It stands for the true functions only.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import DTypeLike

from nnstudio.nn.layers import Activated, LayerParts
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, KullbackLeibler
from nnstudio.nn.parameters import Matrix

Fusible = CrossEntropy | KullbackLeibler | BinaryCrossEntropy


class Head(Activated):
    """Activation, loss and activation gradient one after the other; each may be replaced.

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
    """What every fused head has: its loss as it is set, smoothed targets, and one factor.

    Parameters
    ----------
    C : int
        Outputs.
    dtype : dtype
        Precision of the buffers.
    parts : LayerParts
        Functions of the output layer.
    loss : CrossEntropy, KullbackLeibler or BinaryCrossEntropy
        Says how targets are smoothed and terms added up.
    """

    def __init__(self, C: int, dtype: DTypeLike, *, parts: LayerParts, loss: Fusible) -> None:
        self._spec = loss
        super().__init__(C, dtype, parts=parts, loss=loss.value_and_gradient)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        super().reserve(capacity)
        self._targets = np.empty_like(self._A)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        super().resize(B)
        self._smoothed = self._targets[:B]
        factor = self._spec.factor((B, self._H)) if B else 0.0
        self._factor = np.array(factor, self._A.dtype)


class SoftmaxHead(FusedHead):
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
        Without `epsilon` and `clip`, which work on the probability itself. (Probabilities that
        are divided by their sum stay what they are.)
    """

    def __init__(
        self, C: int, dtype: DTypeLike, *, parts: LayerParts, loss: CrossEntropy | KullbackLeibler
    ) -> None:
        self._ones = np.ones((C, 1), dtype)
        super().__init__(C, dtype, parts=parts, loss=loss)

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

    def loss_and_gradient(self, Z: Matrix, Y: Matrix) -> float:
        """Give the loss; fill `A` and `dZ`."""
        A, dZ, total, mass = self.A, self.dZ, self._total, self._mass
        T = self._spec.targets(Y, self._smoothed)
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


class DivergenceHead(SoftmaxHead):
    """Softmax and Kullback–Leibler divergence in one.

    The cross-entropy less the entropy of the targets, ``sum(Y log Y)`` more; the same derivative.

    Parameters
    ----------
    C : int
        Outputs.
    dtype : dtype
        Precision of the buffers.
    parts : LayerParts
        Functions of the output layer.
    loss : KullbackLeibler
        How terms are added up.
    """

    def __init__(
        self, C: int, dtype: DTypeLike, *, parts: LayerParts, loss: KullbackLeibler
    ) -> None:
        self._certainty = loss.certainty
        super().__init__(C, dtype, parts=parts, loss=loss)

    def loss_and_gradient(self, Z: Matrix, Y: Matrix) -> float:
        """Give the loss; fill `A` and `dZ`."""
        return super().loss_and_gradient(Z, Y) + float(self._factor) * self._certainty(Y)


class SigmoidHead(FusedHead):
    """Sigmoid and binary cross-entropy in one: exact however large a sum is.

    With ``T`` the smoothed targets, the loss of an output is ``max(Z, 0) - T Z + log(1 +
    exp(-|Z|))`` and its derivative by ``Z`` is ``A - T``; PyTorch's ``BCEWithLogitsLoss``.

    Parameters
    ----------
    C : int
        Outputs.
    dtype : dtype
        Precision of the buffers.
    parts : LayerParts
        Functions of the output layer.
    loss : BinaryCrossEntropy
        Without `epsilon` and `clip`, which work on the probability itself.
    """

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        super().reserve(capacity)
        self._room = np.empty_like(self._A)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        super().resize(B)
        self._terms = self._room[:B]

    def loss_and_gradient(self, Z: Matrix, Y: Matrix) -> float:
        """Give the loss; fill `A` and `dZ`."""
        A, dZ, terms = self.forward(Z), self.dZ, self._terms
        T = self._spec.targets(Y, self._smoothed)
        # what cancels is taken off first, so that the logarithm keeps its digits
        terms.fill(0.0)
        np.maximum(Z, terms, out=terms)
        np.multiply(Z, T, out=dZ)
        terms -= dZ
        np.abs(Z, out=dZ)
        np.negative(dZ, out=dZ)
        np.exp(dZ, out=dZ)
        np.log1p(dZ, out=dZ)
        terms += dZ
        value = float(self._factor * terms.sum())
        np.subtract(A, T, out=dZ)
        dZ *= self._factor
        return value
