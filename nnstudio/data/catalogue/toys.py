"""Small sets of points in a plane, two classes each: the answer can be seen, so can the mistake."""

from abc import ABC, abstractmethod
from typing import Annotated, Any, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.data.catalogue.fields import DataSeed, HeldOut, Revision
from nnstudio.data.catalogue.generated import Generated, TestShare
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import mark

Points = NDArray[np.float64]
Classes = NDArray[np.int64]

Samples = Annotated[
    int,
    Field(ge=30, le=1_000_000, title="Samples", description="How many points in all."),
    Display(scale="log"),
]

Straying = Annotated[
    float,
    Field(
        ge=0,
        le=1,
        title="Noise",
        description="How far points stray from where they belong (standard deviation).",
    ),
]


class _Plane(Generated, ABC):
    """Two classes of points in a plane; who inherits draws them without noise."""

    samples: int
    noise: float
    class_names: tuple[str, str]

    @abstractmethod
    def _draw(self, generator: Generator) -> tuple[Points, Classes]:
        """Give the points where they belong, (samples, 2), and their classes."""

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Draw the points; the same settings give the same bytes everywhere.

        Raises
        ------
        NnstudioError
            For an unknown revision.
        """
        generator = self._generator()
        points, classes = self._draw(generator)
        points += self.noise * generator.standard_normal(points.shape)
        return Dataset.of(
            self._stored(points), classes, class_names=self.class_names, source=self.kind
        )

    def _stored(self, points: Points) -> NDArray[Any]:
        # the last bits of a sine differ between machines; single precision does not show them
        return points.astype(np.float32)


def _alternating(count: int) -> Classes:
    return np.arange(count, dtype=np.int64) % 2


def _circle(angle: Points) -> Points:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


@spec(title="Two spirals", help="Two arms that wind around each other; needs a hidden layer.")
class Spirals(_Plane):
    """Two classes of points in the plane, each on an arm of the same spiral."""

    kind: Literal["spirals"] = "spirals"
    samples: Samples = 1_000
    turns: Annotated[
        float, Field(gt=0, le=5, title="Turns", description="How often an arm winds around.")
    ] = 1.5
    noise: Straying = 0.05
    validation: HeldOut = 0.1
    test: TestShare = 0.2
    seed: DataSeed = 0
    revision: Revision = 1

    class_names = (mark("first arm"), mark("second arm"))

    def _draw(self, generator: Generator) -> tuple[Points, Classes]:
        """Give points whose radius and angle grow together; the second arm is turned by half."""
        arm = _alternating(self.samples)
        # the root spreads points evenly along the arm instead of crowding its middle
        radius = np.sqrt(generator.uniform(0.0025, 1, self.samples))
        return radius[:, None] * _circle(2 * np.pi * self.turns * radius + np.pi * arm), arm

    def _stored(self, points: Points) -> NDArray[Any]:
        # as it was before others came; runs of old know these data by their checksum
        return points


@spec(
    title="Two circles",
    help="A small circle inside a large one; no straight line can part them.",
)
class Circles(_Plane):
    """Points on two circles around the origin; the outer one has radius 1."""

    kind: Literal["circles"] = "circles"
    samples: Samples = 1_000
    inner: Annotated[
        float,
        Field(
            gt=0, lt=1, title="Inner radius", description="Of the small circle; the other has 1."
        ),
    ] = 0.5
    noise: Straying = 0.1
    validation: HeldOut = 0.1
    test: TestShare = 0.2
    seed: DataSeed = 0
    revision: Revision = 1

    class_names = (mark("outer circle"), mark("inner circle"))

    def _draw(self, generator: Generator) -> tuple[Points, Classes]:
        circle = _alternating(self.samples)
        points = _circle(generator.uniform(0, 2 * np.pi, self.samples))
        return points * np.where(circle == 1, self.inner, 1.0)[:, None], circle


@spec(
    title="Two moons",
    help="Two half circles that reach into each other; a straight line gets most of them right.",
)
class Moons(_Plane):
    """An upper half circle around the origin, and a lower one around (1, 0.5); both of radius 1."""

    kind: Literal["moons"] = "moons"
    samples: Samples = 1_000
    noise: Straying = 0.1
    validation: HeldOut = 0.1
    test: TestShare = 0.2
    seed: DataSeed = 0
    revision: Revision = 1

    class_names = (mark("upper moon"), mark("lower moon"))

    def _draw(self, generator: Generator) -> tuple[Points, Classes]:
        moon = _alternating(self.samples)
        upper = _circle(generator.uniform(0, np.pi, self.samples))
        return np.where(moon[:, None] == 1, np.array([1, 0.5]) - upper, upper), moon


@spec(
    title="XOR",
    help="Four corners of a square; opposite ones belong together. Without a hidden layer a "
    "network cannot learn it.",
)
class Xor(_Plane):
    """Points at the corners (0, 0), (0, 1), (1, 0), (1, 1); the class is the exclusive or."""

    kind: Literal["xor"] = "xor"
    samples: Annotated[
        int,
        Field(ge=4, le=1_000_000, title="Samples", description="How many points in all."),
        Display(scale="log"),
    ] = 400
    noise: Straying = 0.1
    validation: HeldOut = 0.1
    test: TestShare = 0.2
    seed: DataSeed = 0
    revision: Revision = 1

    class_names = (mark("same"), mark("different"))

    def _draw(self, generator: Generator) -> tuple[Points, Classes]:
        del generator
        first, second = np.divmod(np.arange(self.samples, dtype=np.int64) % 4, 2)
        return np.stack([first, second], axis=1).astype(np.float64), (first + second) % 2


@spec(
    title="Checkerboard",
    help="Squares of two colours in turn; the more squares, the harder it is to learn.",
)
class Checkerboard(_Plane):
    """Points spread evenly over the square from (-1, -1) to (1, 1), coloured as a chessboard is."""

    kind: Literal["checkerboard"] = "checkerboard"
    samples: Samples = 2_000
    squares: Annotated[
        int, Field(ge=2, le=20, title="Squares", description="How many stand along each side.")
    ] = 4
    noise: Straying = 0.0
    validation: HeldOut = 0.1
    test: TestShare = 0.2
    seed: DataSeed = 0
    revision: Revision = 1

    class_names = (mark("dark square"), mark("light square"))

    def _draw(self, generator: Generator) -> tuple[Points, Classes]:
        places = generator.uniform(0, self.squares, (self.samples, 2))
        colour: Classes = np.floor(places).sum(axis=1).astype(np.int64) % 2
        return places * (2 / self.squares) - 1, colour
