"""Activations that squash a sum between two bounds: sigmoid, hard sigmoid, tanh, softsign.

Every function writes into `out`, which shares no memory with what it reads; nothing is allocated
but by `saturated`.
"""

from typing import ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.parameters import Matrix
from nnstudio.spec import spec

Mask = NDArray[np.bool_]

# exp of them is finite, and 1 / (1 + exp) = 2e-35 or 1e-304 is as good as 0
_LARGEST_EXPONENT_SINGLE: Final = 80.0
_LARGEST_EXPONENT_DOUBLE: Final = 700.0


def logistic(Z: Matrix, out: Matrix) -> None:
    """Write ``1 / (1 + exp(-Z))`` into `out`; below -80 (float64: -700) the value there."""
    out.fill(-_LARGEST_EXPONENT_SINGLE if out.itemsize == 4 else -_LARGEST_EXPONENT_DOUBLE)
    np.maximum(Z, out, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    out += 1.0
    np.reciprocal(out, out=out)


@spec(
    title="sigmoid",
    help="Squeezes the sum into 0 to 1; flat, so slow, where |z| > 5. Take it for outputs that "
    "are probabilities of their own; hidden layers learn faster with others, or with "
    "Glorot weights.",
)
class Sigmoid:
    """``A = 1 / (1 + exp(-Z))``, the logistic function.

    The gain of 1 is PyTorch's (``calculate_gain``); near 0 the function is about ``1/2 + Z / 4``.
    """

    kind: Literal["sigmoid"] = "sigmoid"
    gain: ClassVar[float] = 1.0
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        logistic(Z, out)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA A (1 - A)`` into `out`."""
        np.subtract(1.0, A, out=out)
        out *= A
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``|z| > 5``: the derivative is under 0.7 %, at most 25 %."""
        return np.abs(Z) > 5.0


@spec(
    title="hard sigmoid",
    help="The sigmoid drawn with three straight lines: 0 up to −3, 1 from 3 on, between them even. "
    "Cheap to compute; beyond ±3 nothing is learned.",
)
class HardSigmoid:
    """``A = min(max((Z + 3) / 6, 0), 1)``; the derivative at both corners is 0.

    The slope 1/6 of PyTorch and Keras 3 (Howard et al. 2019, section 5.2: ``ReLU6(x + 3) / 6``).
    Keras 1 and 2 and Courbariaux et al. 2015 use 1/5 and 1/2: ``0.2 x + 0.5``, clipped.
    No gain is published: ``1 / sqrt(E[A**2])`` for a unit normal sum, computed.
    """

    kind: Literal["hard_sigmoid"] = "hard_sigmoid"
    gain: ClassVar[float] = 1.89784042472956
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        np.add(Z, 3.0, out=out)
        out /= 6.0
        np.clip(out, 0.0, 1.0, out=out)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ``, which is ``dA / 6`` where ``|Z| < 3`` and 0 elsewhere, into `out`."""
        np.abs(Z, out=out)
        np.less(out, 3.0, out=out)
        out /= 6.0
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``|z| >= 3``: the derivative is 0, and 1/6 elsewhere."""
        return np.abs(Z) >= 3.0


@spec(
    title="tanh",
    help="Squeezes the sum into −1 to 1; flat, so slow, where |z| > 2.5. Its outputs lie "
    "around 0, so that hidden layers learn faster than with sigmoid. Take it with Glorot "
    "weights.",
)
class Tanh:
    """``A = tanh(Z)``.

    The gain of 5/3 is PyTorch's (``calculate_gain``); LeCun et al. 1998 (section 4.4) advise
    ``1.7159 tanh(2 Z / 3)``, which has a gain of its own built in.
    """

    kind: Literal["tanh"] = "tanh"
    gain: ClassVar[float] = 5.0 / 3.0
    lowest: ClassVar[float] = -1.0
    highest: ClassVar[float] = 1.0

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


@spec(
    title="softsign",
    help="Squeezes the sum into −1 to 1 like tanh, but comes near the bounds much later. "
    "Take it where tanh gets stuck: units that are far out still learn a little.",
)
class Softsign:
    """``A = Z / (1 + |Z|)`` (Bergstra et al. 2009; Glorot and Bengio 2010, section 3).

    No gain is published: ``1 / sqrt(E[A**2])`` for a unit normal sum, computed.
    """

    kind: Literal["softsign"] = "softsign"
    gain: ClassVar[float] = 2.33753336310854
    lowest: ClassVar[float] = -1.0
    highest: ClassVar[float] = 1.0

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        np.abs(Z, out=out)
        out += 1.0
        np.divide(Z, out, out=out)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA / (1 + |Z|)**2`` into `out`."""
        np.abs(Z, out=out)
        out += 1.0
        np.reciprocal(out, out=out)
        out *= out
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``|z| > 5``: the derivative is under 2.8 %, at most 100 %."""
        return np.abs(Z) > 5.0
