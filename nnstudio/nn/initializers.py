"""Initializers: values before the first step, from fan-in, fan-out and a Generator.

Numbers are drawn in the generator's own precision and then rounded, so that both precisions start
from the same weights.
"""

from typing import Annotated, Any, Literal

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


@spec(title="zeros", help="All 0; fine for biases, no good for weights: all units stay alike.")
class Zeros:
    """All zero."""

    kind: Literal["zeros"] = "zeros"

    def draw(
        self, generator: Generator, fan_in: int, fan_out: int, shape: Shape, dtype: DTypeLike
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

    def draw(
        self, generator: Generator, fan_in: int, fan_out: int, shape: Shape, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        std = self.std
        return generator.normal(0.0, self.scale * std, shape).astype(dtype)


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

    def draw(
        self, generator: Generator, fan_in: int, fan_out: int, shape: Shape, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        bound = self.bound
        return generator.uniform(-self.scale * bound, self.scale * bound, shape).astype(dtype)


@spec(
    title="Glorot normal",
    help="Keeps the spread of signals even in both directions; for tanh and sigmoid.",
)
class GlorotNormal:
    """Normal with variance ``2 / (fan_in + fan_out)`` (Glorot and Bengio 2010, eq. 12)."""

    kind: Literal["glorot_normal"] = "glorot_normal"
    scale: Scale = 1.0

    def draw(
        self, generator: Generator, fan_in: int, fan_out: int, shape: Shape, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        std = (2.0 / (fan_in + fan_out)) ** 0.5
        return generator.normal(0.0, self.scale * std, shape).astype(dtype)


@spec(title="Glorot uniform", help="Like Glorot normal, drawn evenly between two bounds.")
class GlorotUniform:
    """Uniform with bound ``sqrt(6 / (fan_in + fan_out))`` (Glorot and Bengio 2010, eq. 16)."""

    kind: Literal["glorot_uniform"] = "glorot_uniform"
    scale: Scale = 1.0

    def draw(
        self, generator: Generator, fan_in: int, fan_out: int, shape: Shape, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        bound = (6.0 / (fan_in + fan_out)) ** 0.5
        return generator.uniform(-self.scale * bound, self.scale * bound, shape).astype(dtype)


@spec(title="He normal", help="Keeps the spread of signals through ReLU layers.")
class HeNormal:
    """Normal with variance ``2 / fan_in`` (He et al. 2015, eq. 10)."""

    kind: Literal["he_normal"] = "he_normal"
    scale: Scale = 1.0

    def draw(
        self, generator: Generator, fan_in: int, fan_out: int, shape: Shape, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        std = (2.0 / fan_in) ** 0.5
        return generator.normal(0.0, self.scale * std, shape).astype(dtype)


@spec(title="He uniform", help="Like He normal, drawn evenly between two bounds.")
class HeUniform:
    """Uniform with bound ``sqrt(6 / fan_in)`` (He et al. 2015, eq. 10)."""

    kind: Literal["he_uniform"] = "he_uniform"
    scale: Scale = 1.0

    def draw(
        self, generator: Generator, fan_in: int, fan_out: int, shape: Shape, dtype: DTypeLike
    ) -> Drawn:
        """Give an array of `shape` for a layer of `fan_in` inputs and `fan_out` units."""
        bound = (6.0 / fan_in) ** 0.5
        return generator.uniform(-self.scale * bound, self.scale * bound, shape).astype(dtype)


Initializer = Annotated[
    Zeros | Normal | Uniform | GlorotNormal | GlorotUniform | HeNormal | HeUniform,
    Field(
        discriminator="kind", title="Initial weights", description="Values before the first step."
    ),
]
