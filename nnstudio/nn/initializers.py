"""Initializers: values before the first step, from fan-in, fan-out and a Generator.

Numbers are drawn in the generator's own precision and then rounded, so that both precisions start
from the same weights.
"""

from math import sqrt
from typing import Annotated, Any, Literal, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike, NDArray

from nnstudio.nn.parameters import Shape
from nnstudio.spec import Display, Field, spec

Drawn = NDArray[np.floating[Any]]

Scale = Annotated[
    float,
    Field(
        gt=0, le=1e6, title="Factor", description="Everything that is drawn is multiplied by it."
    ),
    Display(scale="log", advanced=True),
]


class _Spreading(Protocol):
    @property
    def scale(self) -> float: ...
    def spread(self, fan_in: int, fan_out: int) -> float: ...


def _draw_normal(
    self: _Spreading,
    generator: Generator,
    shape: Shape,
    *,
    fan_in: int,
    fan_out: int,
    dtype: DTypeLike,
) -> Drawn:
    """Give an array of `shape`, normal with mean 0 and standard deviation ``scale * spread``."""
    std = self.scale * self.spread(fan_in, fan_out)
    return generator.normal(0.0, std, shape).astype(dtype)


def _draw_uniform(
    self: _Spreading,
    generator: Generator,
    shape: Shape,
    *,
    fan_in: int,
    fan_out: int,
    dtype: DTypeLike,
) -> Drawn:
    """Give an array of `shape`, uniform between ``-scale * spread`` and ``scale * spread``."""
    bound = self.scale * self.spread(fan_in, fan_out)
    return generator.uniform(-bound, bound, shape).astype(dtype)


@spec(
    title="zeros",
    help="All 0: usual for biases. As weights they leave a layer of ReLU dead; other "
    "units stay alike where the next layer starts so too.",
)
class Zeros:
    """All zero."""

    kind: Literal["zeros"] = "zeros"

    def draw(
        self, generator: Generator, shape: Shape, *, fan_in: int, fan_out: int, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        return np.zeros(shape, dtype)


@spec(
    title="constant",
    help="All the same number: for biases. As weights they make units alike at the start, and "
    "for good where the next layer starts so too.",
)
class Constant:
    """All `value`; PyTorch and Keras call it so too."""

    kind: Literal["constant"] = "constant"
    value: Annotated[
        float, Field(ge=-100, le=100, title="Value", description="What every number starts as.")
    ] = 0.1

    def draw(
        self, generator: Generator, shape: Shape, *, fan_in: int, fan_out: int, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        return np.full(shape, self.value, dtype)


@spec(
    title="normal",
    help="Normal with a standard deviation of your choice: too small, and signals fade from "
    "layer to layer; too large, and they blow up.",
)
class Normal:
    """Normal, mean 0, standard deviation `std`."""

    kind: Literal["normal"] = "normal"
    std: Annotated[
        float,
        Field(gt=0, le=100, title="Deviation", description="Standard deviation of the values."),
        Display(scale="log"),
    ] = 0.01
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the standard deviation for a layer of `fan_in` inputs and `fan_out` units."""
        return self.std

    draw = _draw_normal


@spec(
    title="uniform",
    help="Uniform between −bound and +bound: too narrow, and signals fade from layer to layer; "
    "too wide, and they blow up.",
)
class Uniform:
    """Uniform in ``(-bound, bound)``."""

    kind: Literal["uniform"] = "uniform"
    bound: Annotated[
        float,
        Field(gt=0, le=100, title="Bound", description="Largest size of a value."),
        Display(scale="log"),
    ] = 0.5
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the bound for a layer of `fan_in` inputs and `fan_out` units."""
        return self.bound

    draw = _draw_uniform


@spec(
    title="Glorot normal",
    help="Keeps the spread of signals even in both directions; for tanh and sigmoid.",
)
class GlorotNormal:
    """Normal with variance ``2 / (fan_in + fan_out)`` (Glorot and Bengio 2010, eq. 12)."""

    kind: Literal["glorot_normal"] = "glorot_normal"
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the standard deviation for a layer of `fan_in` inputs and `fan_out` units."""
        return sqrt(2.0 / (fan_in + fan_out))

    draw = _draw_normal


@spec(
    title="Glorot uniform",
    help="Like Glorot normal, drawn evenly between two bounds; for tanh and sigmoid.",
)
class GlorotUniform:
    """Uniform with bound ``sqrt(6 / (fan_in + fan_out))`` (Glorot and Bengio 2010, eq. 16)."""

    kind: Literal["glorot_uniform"] = "glorot_uniform"
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the bound for a layer of `fan_in` inputs and `fan_out` units."""
        return sqrt(6.0 / (fan_in + fan_out))

    draw = _draw_uniform


@spec(
    title="He normal",
    help="Keeps the spread of signals through layers of ReLU and its kin: leaky ReLU, ELU, "
    "GELU, SiLU.",
)
class HeNormal:
    """Normal with variance ``2 / fan_in`` (He et al. 2015, eq. 10)."""

    kind: Literal["he_normal"] = "he_normal"
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the standard deviation for a layer of `fan_in` inputs and `fan_out` units."""
        return sqrt(2.0 / fan_in)

    draw = _draw_normal


@spec(
    title="He uniform",
    help="Like He normal, drawn evenly between two bounds; for ReLU and its kin.",
)
class HeUniform:
    """Uniform with bound ``sqrt(6 / fan_in)`` (He et al. 2015, eq. 10)."""

    kind: Literal["he_uniform"] = "he_uniform"
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the bound for a layer of `fan_in` inputs and `fan_out` units."""
        return sqrt(6.0 / fan_in)

    draw = _draw_uniform


@spec(
    title="LeCun normal",
    help="Keeps the spread of signals forward where the activation does so itself; for SELU.",
)
class LeCunNormal:
    """Normal with variance ``1 / fan_in`` (LeCun et al. 1998, equation 16).

    Klambauer et al. 2017 ask for it with SELU. Keras cuts its normals off at two standard
    deviations and widens them in turn (Glorot's and He's as well); these are plain ones, as of the
    sources.
    """

    kind: Literal["lecun_normal"] = "lecun_normal"
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the standard deviation for a layer of `fan_in` inputs and `fan_out` units."""
        return sqrt(1.0 / fan_in)

    draw = _draw_normal


@spec(
    title="orthogonal",
    help="Directions at right angles, all equally long: no signal is favoured. "
    "Keeps signals even through very deep networks.",
)
class Orthogonal:
    """``gain Q`` with a ``Q`` drawn evenly from all orthogonal matrices (Saxe et al. 2014).

    ``Q`` is that of the QR decomposition of a normal matrix, each column multiplied by the sign of
    the diagonal of ``R``; without that the draw would not be even (Mezzadri 2007, section 5). Where
    a layer is not square, columns are orthogonal when inputs outnumber units, otherwise rows; so
    far PyTorch and Keras agree. A bias, which they refuse, is one column: a random direction of
    length `gain`.
    """

    kind: Literal["orthogonal"] = "orthogonal"
    gain: Annotated[
        float,
        Field(
            gt=0,
            le=1e6,
            title="Gain",
            description="Length of every direction: √2 fits ReLU, 5/3 tanh, 1 most others.",
        ),
        Display(scale="log"),
    ] = 1.0

    def draw(
        self, generator: Generator, shape: Shape, *, fan_in: int, fan_out: int, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        rows = shape[0]
        columns = shape[1] if len(shape) > 1 else 1
        tall = generator.normal(size=(max(rows, columns), min(rows, columns)))
        Q, R = np.linalg.qr(tall)
        diagonal = np.diagonal(R)
        Q *= np.where(diagonal < 0, -self.gain, self.gain)
        return (Q if rows >= columns else Q.T).reshape(shape).astype(dtype)


Initializer = Annotated[
    Zeros
    | Constant
    | Normal
    | Uniform
    | GlorotNormal
    | GlorotUniform
    | HeNormal
    | HeUniform
    | LeCunNormal
    | Orthogonal,
    Field(
        discriminator="kind", title="Initial weights", description="Values before the first step."
    ),
]
