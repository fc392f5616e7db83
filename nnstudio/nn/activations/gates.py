"""Activations that weigh the sum with a gate between 0 and 1 that it opens itself: GELU and SiLU.

Every function writes into `out`, which shares no memory with what it reads; each allocates one to
three arrays of the same shape, and says so.
"""

from math import inf, pi, sqrt
from typing import ClassVar, Final, Literal

import numpy as np

from nnstudio.nn.activations.gaussian import lower_tails
from nnstudio.nn.activations.squashing import Mask, logistic
from nnstudio.nn.parameters import Matrix
from nnstudio.spec import spec

_CUBIC: Final = 0.044715
_STEEPNESS: Final = 2.0 * sqrt(2.0 / pi)
_SMALLEST: Final = 1e-30
# exp(-40**2 / 2) is 0 in both precisions, and no square overflows
_FAR: Final = 40.0
# where the gate of the tanh form is as good as 0 or 1, and its exponential finite in float32
_OPEN: Final = 9.0


@spec(
    title="GELU",
    help="Weighs the sum with the probability that a normal number lies below it: a smooth ReLU. "
    "The usual choice in transformers; slower to compute than ReLU.",
)
class Gelu:
    """``A = Z Phi(Z)`` with the normal distribution (Hendrycks and Gimpel 2016, section 2).

    The exact form, default of PyTorch and Keras. No gain is published: ``1 / sqrt(E[A**2])`` for
    a unit normal sum, computed. The lowest output is -0.17, at -0.75.
    """

    kind: Literal["gelu"] = "gelu"
    gain: ClassVar[float] = 1.53353044119554
    lowest: ClassVar[float] = -0.16997120747990366
    highest: ClassVar[float] = inf

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`; allocates three arrays."""
        lower_tails(Z, out)
        out *= Z

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA (Phi(Z) + Z phi(Z))``, with ``Phi = A / Z``; allocates one array."""
        room = np.abs(Z)
        # 0 / 0 is 1/2, and the product with the smallest numbers has no digits to divide
        np.less(room, _SMALLEST, out=room)
        np.add(Z, room, out=out)
        room *= 0.5
        room += A
        np.divide(room, out, out=out)
        np.clip(Z, -_FAR, _FAR, out=room)
        room *= room
        room *= -0.5
        np.exp(room, out=room)
        room *= 1.0 / sqrt(2.0 * pi)
        room *= Z
        out += room
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``z < -3``: the size of the derivative is under 1.2 %."""
        return np.less(Z, -3.0)


@spec(
    title="GELU-tanh",
    help="GELU with the normal distribution replaced by a tanh that is easy to compute. Take "
    "it to agree with networks that were trained with this form, such as GPT-2.",
)
class GeluTanh:
    """``A = Z (1 + tanh(sqrt(2 / pi) (Z + 0.044715 Z**3))) / 2``.

    Hendrycks and Gimpel 2016, section 2; PyTorch's ``approximate="tanh"``; it differs from the
    exact form by up to 5e-4. It is computed as ``Z`` times a sigmoid of twice the argument, which
    keeps its digits in the lower tail. No gain is published: ``1 / sqrt(E[A**2])`` for a unit
    normal sum, computed.
    """

    kind: Literal["gelu_tanh"] = "gelu_tanh"
    gain: ClassVar[float] = 1.53358052166615
    lowest: ClassVar[float] = -0.17004075057125403
    highest: ClassVar[float] = inf

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`; allocates one array."""
        logistic(_argument(Z), out)
        out *= Z

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA (S + Z S (1 - S) v')``, with ``S`` the gate; allocates two arrays."""
        room = _argument(Z)
        logistic(room, out)
        np.clip(Z, -_OPEN, _OPEN, out=room)
        room *= room
        room *= 3.0 * _CUBIC
        room += 1.0
        room *= _STEEPNESS
        room *= Z
        room -= room * out
        room += 1.0
        out *= room
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``z < -3``: the size of the derivative is under 1.2 %."""
        return np.less(Z, -3.0)


@spec(
    title="SiLU (swish)",
    help="Weighs the sum with its own sigmoid: a smooth ReLU that dips a little below 0. "
    "Take it like GELU, from which it hardly differs.",
)
class Silu:
    """``A = Z / (1 + exp(-Z))`` (Elfwing et al. 2018, equation 7; Ramachandran et al. 2017).

    Swish with ``beta = 1``. No gain is published: ``1 / sqrt(E[A**2])`` for a unit normal sum,
    computed. The lowest output is -0.28, at -1.28.
    """

    kind: Literal["silu"] = "silu"
    gain: ClassVar[float] = 1.67653247033109
    lowest: ClassVar[float] = -0.27846454276107377
    highest: ClassVar[float] = inf

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        logistic(Z, out)
        out *= Z

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA S (1 + Z (1 - S))``, with ``S`` the sigmoid; allocates one array."""
        logistic(Z, out)
        room = 1.0 - out
        room *= Z
        room += 1.0
        out *= room
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``z < -6``: the size of the derivative is under 1.3 %."""
        return np.less(Z, -6.0)


def _argument(Z: Matrix) -> Matrix:
    """Give ``2 sqrt(2 / pi) (Z + 0.044715 Z**3)`` within where the gate is neither 0 nor 1."""
    within = np.clip(Z, -_OPEN, _OPEN)
    found: Matrix = within * within
    found *= _CUBIC
    found += 1.0
    found *= within
    found *= _STEEPNESS
    return found
