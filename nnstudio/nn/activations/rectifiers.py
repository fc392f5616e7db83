"""Activations that pass what is positive: ReLU and its kin; the rest is cut, bent or rounded off.

Every function writes into `out`, which shares no memory with what it reads. Where it says so, one
array of the same shape is allocated.
"""

from math import exp, inf, log, sqrt
from typing import Annotated, ClassVar, Final, Literal

import numpy as np

from nnstudio.nn.activations.gaussian import lower_tail
from nnstudio.nn.activations.squashing import Mask
from nnstudio.nn.parameters import Matrix
from nnstudio.spec import Display, Field, spec

# the fixed point of mean 0 and variance 1 (Klambauer et al. 2017, equation 14)
_SELU_ALPHA: Final = 1.6732632423543772848170429916717
_SELU_SCALE: Final = 1.0507009873554804934193349852946


@spec(
    title="ReLU",
    help="Passes what is positive, gives 0 for the rest; a unit can die there. "
    "The usual choice for hidden layers: fast, and signals keep their size through many layers.",
)
class Relu:
    """``A = max(Z, 0)``; the derivative at 0 is 0, as in PyTorch.

    The gain of sqrt(2) keeps the mean square (He et al. 2015, equation 10).
    """

    kind: Literal["relu"] = "relu"
    gain: ClassVar[float] = sqrt(2.0)
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = inf

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


@spec(
    title="leaky ReLU",
    help="Like ReLU, but what is negative passes with a small slope, so that no unit can die. "
    "Take it when many units of a ReLU layer have died.",
)
class LeakyRelu:
    """``A = max(Z, slope Z)`` (Maas et al. 2013); the derivative at 0 is `slope`, as in PyTorch.

    Default slope of PyTorch and Maas et al., 0.01; Keras 3 has 0.2, and its layer 0.3. The gain
    ``sqrt(2 / (1 + slope**2))`` is that of He et al. 2015, equation 15.
    """

    kind: Literal["leaky_relu"] = "leaky_relu"
    slope: Annotated[
        float,
        Field(ge=0, le=1, title="Slope", description="By what a negative sum is multiplied."),
    ] = 0.01
    highest: ClassVar[float] = inf

    @property
    def gain(self) -> float:
        """By what the standard deviation of weights is multiplied to keep signals even."""
        return sqrt(2.0 / (1.0 + self.slope**2))

    @property
    def lowest(self) -> float:
        """Below what no output lies."""
        return -inf if self.slope else 0.0

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`."""
        np.multiply(Z, self.slope, out=out)
        np.maximum(Z, out, out=out)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ``, which is `dA` where ``Z > 0`` and ``slope dA`` elsewhere, into `out`."""
        np.greater(Z, 0.0, out=out)
        np.maximum(out, self.slope, out=out)
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``z <= 0`` when the slope is under 1 %, and nowhere when it is not."""
        return np.less_equal(Z, 0.0 if self.slope < 0.01 else -inf)


@spec(
    title="ELU",
    help="Like ReLU above 0; below, it bends smoothly towards −α. "
    "Outputs lie nearer to 0 on average than with ReLU, and units do not die at once.",
)
class Elu:
    """``A = Z`` where ``Z > 0``, ``alpha (exp(Z) - 1)`` elsewhere (Clevert et al. 2016, eq. 15).

    The derivative at 0 is `alpha`, as in PyTorch. No gain is published:
    ``1 / sqrt(E[A**2])`` for a unit normal sum, in closed form.
    """

    kind: Literal["elu"] = "elu"
    alpha: Annotated[
        float,
        Field(gt=0, le=10, title="α", description="Minus what very negative sums give."),
        Display(scale="log"),
    ] = 1.0
    highest: ClassVar[float] = inf

    @property
    def gain(self) -> float:
        """By what the standard deviation of weights is multiplied to keep signals even."""
        below = exp(2.0) * lower_tail(-2.0) - 2.0 * exp(0.5) * lower_tail(-1.0) + 0.5
        return 1.0 / sqrt(0.5 + self.alpha**2 * below)

    @property
    def lowest(self) -> float:
        """Below what no output lies."""
        return -self.alpha

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`; allocates one array."""
        _bend(Z, out, alpha=self.alpha)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA (1 or alpha exp(Z))`` into `out`; allocates one array."""
        _slope_of_bend(Z, out, alpha=self.alpha)
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``z <= 0`` and the derivative is under 1 %."""
        return np.less_equal(Z, min(0.0, log(0.01 / self.alpha)))


@spec(
    title="SELU",
    help="ELU with numbers for which signals keep mean 0 and spread 1 through many layers. "
    "Take it with LeCun normal weights in deep networks without normalization.",
)
class Selu:
    """``A = 1.0507 ELU(Z)`` with ``alpha = 1.6733`` (Klambauer et al. 2017, equations 2 and 14).

    The derivative at 0 is that of the left side, as in PyTorch. The gain of 1 is the fixed point
    of the source; PyTorch's ``calculate_gain`` has 3/4, which is found by trial.
    """

    kind: Literal["selu"] = "selu"
    gain: ClassVar[float] = 1.0
    lowest: ClassVar[float] = -_SELU_ALPHA * _SELU_SCALE
    highest: ClassVar[float] = inf

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A`` into `out`; allocates one array."""
        _bend(Z, out, alpha=_SELU_ALPHA)
        out *= _SELU_SCALE

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ`` into `out`; allocates one array."""
        _slope_of_bend(Z, out, alpha=_SELU_ALPHA)
        out *= _SELU_SCALE
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``z < -5.2``: the derivative is under 1 %."""
        return np.less(Z, -5.2)


@spec(
    title="softplus",
    help="ReLU with its corner rounded off; always positive. "
    "Take it for outputs that must be positive, or where ReLU's corner is in the way.",
)
class Softplus:
    """``A = log(1 + exp(Z))`` (Dugas et al. 2001), PyTorch's with ``beta = 1``.

    PyTorch gives ``Z`` itself above 20; this is exact everywhere. No gain is published:
    ``1 / sqrt(E[A**2])`` for a unit normal sum, computed.
    """

    kind: Literal["softplus"] = "softplus"
    gain: ClassVar[float] = 1.0418668355353
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = inf

    def forward(self, Z: Matrix, out: Matrix) -> None:
        """Write ``A = max(Z, 0) + log(1 + exp(-|Z|))`` into `out`; allocates one array."""
        np.abs(Z, out=out)
        np.negative(out, out=out)
        np.exp(out, out=out)
        np.log1p(out, out=out)
        out += np.maximum(Z, 0.0)

    def backward(self, dA: Matrix, Z: Matrix, A: Matrix, out: Matrix) -> None:
        """Write ``dZ = dA (1 - exp(-A))``, which is the sigmoid of ``Z``, into `out`."""
        np.negative(A, out=out)
        np.expm1(out, out=out)
        np.negative(out, out=out)
        out *= dA

    def saturated(self, Z: Matrix) -> Mask:
        """Give where ``z < -4.6``: the derivative is under 1 %."""
        return np.less(Z, -4.6)


def _bend(Z: Matrix, out: Matrix, *, alpha: float) -> None:
    out.fill(0.0)
    np.minimum(Z, out, out=out)
    np.expm1(out, out=out)
    out *= alpha
    # one of the two is 0; a mask takes ten times as long
    out += np.maximum(Z, 0.0)


def _slope_of_bend(Z: Matrix, out: Matrix, *, alpha: float) -> None:
    below = np.empty_like(Z)
    np.less_equal(Z, 0.0, out=below)
    below *= alpha
    out.fill(0.0)
    np.minimum(Z, out, out=out)
    np.exp(out, out=out)
    below *= out
    np.greater(Z, 0.0, out=out)
    out += below
