"""Activations: function, derivative, gain and where they saturate; forward and backward agree.

Every function writes into `out`, which shares no memory with what it reads, and is finite for
``|z|`` up to 1e4 and far beyond.
"""

from typing import Annotated, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.parameters import Matrix
from nnstudio.spec import Field, spec

Mask = NDArray[np.bool_]

# exp(80) is finite in float32 as well, and 1 / (1 + exp(80)) = 2e-35 is as good as 0
_LARGEST_EXPONENT: Final = 80.0


@spec(title="identity", help="The unit gives its weighted sum as it is.")
class Identity:
    """``A = Z``."""

    kind: Literal["identity"] = "identity"

    @property
    def gain(self) -> float:
        """By what the standard deviation of weights is multiplied to keep signals even."""
        return 1.0

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        np.copyto(out, Z)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA`` into `out`."""
        np.copyto(out, dA)

    def saturated(self, Z: Matrix) -> Mask:
        """Give where the derivative is as good as 0: nowhere."""
        return np.zeros(Z.shape, dtype=np.bool_)


@spec(title="sigmoid", help="Squeezes the weighted sum into 0 to 1; flat, so slow, where |z| > 5.")
class Sigmoid:
    """``A = 1 / (1 + exp(-Z))``."""

    kind: Literal["sigmoid"] = "sigmoid"

    @property
    def gain(self) -> float:
        """By what the standard deviation of weights is multiplied to keep signals even."""
        return 1.0

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        out.fill(-_LARGEST_EXPONENT)
        np.maximum(Z, out, out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)
        out += 1.0
        np.reciprocal(out, out=out)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA A (1 - A)`` into `out`."""
        np.subtract(1.0, A, out=out)
        out *= A
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``|z| > 5``: the derivative is under 0.7 %, at most 25 %."""
        return np.abs(Z) > 5.0


@spec(title="tanh", help="Squeezes the weighted sum into −1 to 1; flat, so slow, where |z| > 2.5.")
class Tanh:
    """``A = tanh(Z)``."""

    kind: Literal["tanh"] = "tanh"

    @property
    def gain(self) -> float:
        """By what the standard deviation of weights is multiplied to keep signals even (5/3)."""
        return 5.0 / 3.0

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        np.tanh(Z, out=out)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA (1 - A**2)`` into `out`."""
        np.multiply(A, A, out=out)
        np.subtract(1.0, out, out=out)
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``|z| > 2.5``: the derivative is under 2.7 %, at most 100 %."""
        return np.abs(Z) > 2.5


@spec(title="ReLU", help="Passes what is positive, gives 0 for the rest; a unit can die there.")
class Relu:
    """``A = max(Z, 0)``; the derivative at 0 is 0."""

    kind: Literal["relu"] = "relu"

    @property
    def gain(self) -> float:
        """By what the standard deviation of weights is multiplied to keep signals even (√2)."""
        return float(np.sqrt(2.0))

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        # two arrays: against one number NumPy 2.4 needs three times as long
        out.fill(0.0)
        np.maximum(Z, out, out=out)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ``, which is `dA` where ``Z > 0`` and 0 elsewhere, into `out`."""
        np.greater(Z, 0.0, out=out)
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``z <= 0``: the derivative is 0."""
        return np.less_equal(Z, 0.0)


@spec(title="softmax", help="Turns the sums of a sample into probabilities that add up to 1.")
class Softmax:
    """``A = exp(Z) / sum(exp(Z))``, per sample."""

    kind: Literal["softmax"] = "softmax"

    @property
    def gain(self) -> float:
        """By what the standard deviation of weights is multiplied to keep signals even."""
        return 1.0

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`; the largest sum of a sample is taken off first, exactly."""
        np.subtract(Z, Z.max(axis=1, keepdims=True), out=out)
        np.exp(out, out=out)
        out /= out.sum(axis=1, keepdims=True)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = A (dA - sum(dA A))``, with the sum per sample, into `out`."""
        np.multiply(dA, A, out=out)
        np.subtract(dA, out.sum(axis=1, keepdims=True), out=out)
        out *= A

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``p (1 - p) < 0.01``: the answer is as good as certain."""
        P = np.empty_like(Z)
        self.forward(Z, P)
        certain: NDArray[Any] = P * (1.0 - P) < 0.01
        return certain


Activation = Annotated[
    Identity | Sigmoid | Tanh | Relu | Softmax,
    Field(discriminator="kind", title="Activation", description="What a unit makes of its sum."),
]
