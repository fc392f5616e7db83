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


@spec(title="zeros", help="All 0; fine for biases, no good for weights: all units stay alike.")
class Zeros:
    """All zero."""

    kind: Literal["zeros"] = "zeros"

    def draw(
        self, generator: Generator, shape: Shape, *, fan_in: int, fan_out: int, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        return np.zeros(shape, dtype)


@spec(title="normal", help="Normal with a standard deviation of your choice.")
class Normal:
    """Normal, mean 0, standard deviation `std`."""

    kind: Literal["normal"] = "normal"
    std: Annotated[
        float,
        Field(gt=0, le=100, title="Standard deviation", description="Spread of the values."),
        Display(scale="log"),
    ] = 0.01
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the standard deviation for a layer of `fan_in` inputs and `fan_out` units."""
        return self.std

    draw = _draw_normal


@spec(title="uniform", help="Uniform between −bound and +bound.")
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


@spec(title="Glorot uniform", help="Like Glorot normal, drawn evenly between two bounds.")
class GlorotUniform:
    """Uniform with bound ``sqrt(6 / (fan_in + fan_out))`` (Glorot and Bengio 2010, eq. 16)."""

    kind: Literal["glorot_uniform"] = "glorot_uniform"
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the bound for a layer of `fan_in` inputs and `fan_out` units."""
        return sqrt(6.0 / (fan_in + fan_out))

    draw = _draw_uniform


@spec(title="He normal", help="Keeps the spread of signals through ReLU layers.")
class HeNormal:
    """Normal with variance ``2 / fan_in`` (He et al. 2015, eq. 10)."""

    kind: Literal["he_normal"] = "he_normal"
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the standard deviation for a layer of `fan_in` inputs and `fan_out` units."""
        return sqrt(2.0 / fan_in)

    draw = _draw_normal


@spec(title="He uniform", help="Like He normal, drawn evenly between two bounds.")
class HeUniform:
    """Uniform with bound ``sqrt(6 / fan_in)`` (He et al. 2015, eq. 10)."""

    kind: Literal["he_uniform"] = "he_uniform"
    scale: Scale = 1.0

    def spread(self, fan_in: int, fan_out: int) -> float:
        """Give the bound for a layer of `fan_in` inputs and `fan_out` units."""
        return sqrt(6.0 / fan_in)

    draw = _draw_uniform


Initializer = Annotated[
    Zeros | Normal | Uniform | GlorotNormal | GlorotUniform | HeNormal | HeUniform,
    Field(
        discriminator="kind", title="Initial weights", description="Values before the first step."
    ),
]
