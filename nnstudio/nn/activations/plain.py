"""Identity, which does nothing, and softmax, which looks at all units of a sample at once.

Every function writes into `out`, which shares no memory with what it reads.
"""

from math import inf
from typing import ClassVar, Literal

import numpy as np

from nnstudio.nn.activations.squashing import Mask
from nnstudio.nn.parameters import Matrix
from nnstudio.spec import spec


@spec(
    title="identity",
    help="The unit gives its weighted sum as it is. "
    "Take it for outputs that are numbers of any size; hidden layers of it add nothing.",
)
class Identity:
    """``A = Z``; the gain is 1 by definition."""

    kind: Literal["identity"] = "identity"
    gain: ClassVar[float] = 1.0
    lowest: ClassVar[float] = -inf
    highest: ClassVar[float] = inf

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        np.copyto(out, Z)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA`` into `out`."""
        np.copyto(out, dA)

    def saturated(self, Z: Matrix) -> Mask:
        """Give where the derivative is as good as 0: nowhere."""
        return np.zeros(Z.shape, dtype=np.bool_)


@spec(
    title="softmax",
    help="Turns the sums of a sample into probabilities that add up to 1. Take it for outputs "
    "of which exactly one is right; seldom in hidden layers, where it lets only a few "
    "units speak.",
)
class Softmax:
    """``A = exp(Z) / sum(exp(Z))``, per sample (Bridle 1990).

    No gain is published, and none would keep the spread of what adds up to 1; 1 leaves weights as
    they are.
    """

    kind: Literal["softmax"] = "softmax"
    gain: ClassVar[float] = 1.0
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0

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
        certain: Mask = P * (1.0 - P) < 0.01
        return certain
