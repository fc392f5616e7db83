"""The standard normal distribution, for arrays, without SciPy; exact to rounding.

``P(X < -z) = exp(-z**2 / 2) p(t) / (z + 5)`` for ``z >= 0``, with ``t = (z - 5) / (z + 5)``, which
runs from -1 to 1: what the exponential and the denominator leave is smooth, and a polynomial
holds it. Its coefficients are those of a Chebyshev series computed with 60 digits.
"""

from math import erfc, sqrt
from typing import Final

import numpy as np

from nnstudio.nn.parameters import Matrix

_MIDDLE: Final = 5.0

# rising powers; the short one is exact to 1e-8, which float32 cannot tell from exact
_DOUBLE: Final = (
    0.769193049750063,
    -0.665382502890057,
    0.4953056159699805,
    -0.3135331566712814,
    0.16502036617019517,
    -0.06911863870707162,
    0.02079506680323404,
    -0.002993376758978478,
    -0.0007978694277475297,
    0.0005448989683735629,
    -5.937558833377767e-05,
    -4.9762327924579515e-05,
    1.6680852719925394e-05,
    3.979361513829216e-06,
    -2.7688787836720915e-06,
    -3.335427141231054e-07,
    4.3347664285137567e-07,
    3.8571448567257587e-08,
    -6.741689051823604e-08,
    -6.940847374044867e-09,
    9.275082241537343e-09,
    1.2713759260278231e-09,
    -7.854458583247658e-10,
    -1.331210743010702e-10,
)
_SINGLE: Final = (
    0.7691930448988887,
    -0.6653825125458077,
    0.495305970534087,
    -0.3135328843109451,
    0.16501614120547153,
    -0.0691208403339851,
    0.02081367797350101,
    -0.002985708854641621,
    -0.0008357310593561148,
    0.0005317770927616335,
    -2.1967827340979165e-05,
    -3.869156012449377e-05,
)


def lower_tail(z: float) -> float:
    """Give the probability that a standard normal number is below `z`."""
    return 0.5 * erfc(-z / sqrt(2.0))


def lower_tails(Z: Matrix, out: Matrix) -> None:
    """Write the probability that a standard normal number is below each of `Z` into `out`.

    The error is at most 3e-16 (1.5e-7 in float32), and in the lower tail that small relative to
    the value times ``Z**2``. Allocates three arrays of the same shape.

    Parameters
    ----------
    Z : ndarray
        Float32 or float64.
    out : ndarray
        Of the same shape; shares no memory with `Z`.
    """
    coefficients = _SINGLE if Z.dtype == np.float32 else _DOUBLE
    distance = np.abs(Z)
    # exp(-38.6**2 / 2) is 0 in both precisions, and no square overflows
    np.minimum(distance, 40.0, out=distance)
    below = distance + _MIDDLE
    t = distance - _MIDDLE
    t /= below
    out.fill(coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        out *= t
        out += coefficient
    out /= below
    distance *= distance
    distance *= -0.5
    np.exp(distance, out=distance)
    out *= distance
    # 1 - p above 0, p elsewhere; a mask takes ten times as long
    np.greater(Z, 0.0, out=below)
    np.multiply(below, -2.0, out=t)
    t += 1.0
    out *= t
    out += below
