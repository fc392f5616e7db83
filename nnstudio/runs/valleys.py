"""Valleys: surfaces over two parameters on which an optimizer can be watched; each with its slope.

Every slope is checked against differences of the heights in the tests.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.texts import mark

Values = NDArray[np.float64]
Ends = tuple[float, float]


class Valley(ABC):
    """A surface: its height, its slope, where it is looked at and from where one starts."""

    kind: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    x: ClassVar[Ends]
    y: ClassVar[Ends]
    start: ClassVar[tuple[float, float]]
    lowest: ClassVar[tuple[float, float] | None]
    rate: ClassVar[float]
    """A learning rate at which plain gradient descent gets somewhere."""

    @abstractmethod
    def height(self, x: Values, y: Values) -> Values:
        """Give the heights at places, shapes as given."""

    @abstractmethod
    def slope(self, place: Values) -> tuple[float, float]:
        """Give the derivatives by both parameters at one place (2,)."""


class LongValley(Valley):
    """``x**2 / 40 + y**2``: forty times steeper across than along."""

    kind = "long"
    title = mark("long valley")
    help = mark(
        "Forty times steeper across than along. Plain steps that do not jump across are too short "
        "to get on; momentum and a rate for each parameter help."
    )
    x, y = (-10.0, 10.0), (-3.0, 3.0)
    start = (-9.0, 2.2)
    lowest = (0.0, 0.0)
    rate = 0.5

    def height(self, x: Values, y: Values) -> Values:
        """Give the heights at places."""
        return np.asarray(x**2 / 40 + y**2)

    def slope(self, place: Values) -> tuple[float, float]:
        """Give the derivatives at one place."""
        x, y = place.tolist()
        return x / 20, 2 * y


class TurnedValley(Valley):
    """The same valley turned by 45 degrees: a rate for each parameter no longer fits."""

    kind = "turned"
    title = mark("turned valley")
    help = mark(
        "The long valley, turned by 45°: both parameters have the same slopes now, so a rate for "
        "each of them helps less, and momentum as before."
    )
    x, y = (-8.0, 8.0), (-5.0, 5.0)
    start = (-7.0, -3.5)
    lowest = (0.0, 0.0)
    rate = 0.5

    def height(self, x: Values, y: Values) -> Values:
        """Give the heights at places."""
        along, across = (x + y) / np.sqrt(2), (y - x) / np.sqrt(2)
        return np.asarray(along**2 / 40 + across**2)

    def slope(self, place: Values) -> tuple[float, float]:
        """Give the derivatives at one place."""
        x, y = place.tolist()
        along, across = (x + y) / 40, y - x
        return along - across, along + across


class Banana(Valley):
    """``(1 - x)**2 + 10 (y - x**2)**2``: Rosenbrock 1960, with 10 in place of 100."""

    kind = "banana"
    title = mark("banana")
    help = mark(
        "A bent valley with a flat floor (Rosenbrock, with 10 instead of 100): the floor is found "
        "soon, the lowest place at (1, 1) late."
    )
    x, y = (-2.0, 2.0), (-1.0, 3.0)
    start = (-1.6, 1.2)
    lowest = (1.0, 1.0)
    rate = 0.01

    def height(self, x: Values, y: Values) -> Values:
        """Give the heights at places."""
        return np.asarray((1 - x) ** 2 + 10 * (y - x**2) ** 2)

    def slope(self, place: Values) -> tuple[float, float]:
        """Give the derivatives at one place."""
        x, y = place.tolist()
        off = y - x * x
        return -2 * (1 - x) - 40 * x * off, 20 * off


class Saddle(Valley):
    """``x**2 / 2 - y**2 / 2 + y**4 / 8``: a pass between two hollows."""

    kind = "saddle"
    title = mark("saddle")
    help = mark(
        "A pass between two hollows. Whoever comes down the ridge stays near the pass for long: "
        "the slope is nearly 0 there, though nothing is lowest."
    )
    x, y = (-3.0, 3.0), (-2.4, 2.4)
    start = (-2.6, 0.01)
    lowest = (0.0, 2.0**0.5)
    rate = 0.1

    def height(self, x: Values, y: Values) -> Values:
        """Give the heights at places."""
        return np.asarray(x**2 / 2 - y**2 / 2 + y**4 / 8)

    def slope(self, place: Values) -> tuple[float, float]:
        """Give the derivatives at one place."""
        x, y = place.tolist()
        return x, -y + y**3 / 2


class Ripples(Valley):
    """``(x**2 + y**2) / 20 + 1 - cos(x) cos(y)``: a bowl with many hollows."""

    kind = "ripples"
    title = mark("ripples")
    help = mark(
        "A bowl with many hollows, of which one is the lowest: where one ends depends on the "
        "start, the rate and how much one rolls on."
    )
    x, y = (-10.0, 10.0), (-7.0, 7.0)
    start = (-8.4, 5.0)
    lowest = (0.0, 0.0)
    rate = 0.3

    def height(self, x: Values, y: Values) -> Values:
        """Give the heights at places."""
        return np.asarray((x**2 + y**2) / 20 + 1 - np.cos(x) * np.cos(y))

    def slope(self, place: Values) -> tuple[float, float]:
        """Give the derivatives at one place."""
        x, y = place.tolist()
        return (
            x / 10 + float(np.sin(x) * np.cos(y)),
            y / 10 + float(np.cos(x) * np.sin(y)),
        )


class Plateau(Valley):
    """``1 - exp(-(x**2 + 4 y**2) / 8)``: a hole in a plain that is flat far off."""

    kind = "plateau"
    title = mark("plateau")
    help = mark(
        "A hole in a plain that is flat far off, as a saturated layer sees it: the slope vanishes "
        "with the distance. Optimizers that divide by its size do not mind."
    )
    x, y = (-8.0, 8.0), (-5.0, 5.0)
    start = (-6.5, 2.0)
    lowest = (0.0, 0.0)
    rate = 1.0

    def height(self, x: Values, y: Values) -> Values:
        """Give the heights at places."""
        return np.asarray(1 - np.exp(-(x**2 + 4 * y**2) / 8))

    def slope(self, place: Values) -> tuple[float, float]:
        """Give the derivatives at one place."""
        x, y = place.tolist()
        bell = float(np.exp(-(x**2 + 4 * y**2) / 8))
        return x / 4 * bell, y * bell


VALLEYS: Final[tuple[Valley, ...]] = (
    LongValley(),
    TurnedValley(),
    Banana(),
    Saddle(),
    Ripples(),
    Plateau(),
)
