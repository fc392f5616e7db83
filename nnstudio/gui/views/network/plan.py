"""Where everything of a network lies in its drawing; numbers in shares and pixels, no Qt.

A small network shows every unit and every weight, a large one a block for each layer.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import log2
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]

MOST_UNITS: Final = 16
"""A layer of more units is a block."""
MOST_WEIGHTS: Final = 400
"""So many lines at most are drawn one by one."""
HEAD_PX: Final = 36
FOOT_PX: Final = 34
SIDE_PX: Final = 72
RIGHT_PX: Final = 104
NAME_ROW_PX: Final = 13
LEAST_STEP_PX: Final = 56
BLOCK_PX: Final = 26
LEAST_BLOCK_PX: Final = 24
MOST_BANDS: Final = 48
UNIT_PX: Final = 11
FULL_LOG: Final = 11.0
"""A block of 2 to the power of this many units fills the height."""


@dataclass(frozen=True, eq=False)
class Column:
    """One layer, the inputs the first: its title, what is said of it, values of its units.

    `values` are None where no sample runs through; `names` are there for inputs and outputs.
    `below` says what lies between this column and the one before it: the parameters. Colours go
    up to `limit`.
    """

    title: str
    units: int
    under: str
    below: str
    values: Values | None = None
    names: tuple[str, ...] = ()
    picture: tuple[int, int] | None = None
    limit: float = 1.0


@dataclass(frozen=True, eq=False)
class Drawing:
    """A network as it is drawn: columns, and between them what is shown of the weights (D, H).

    `limit` is the end of the scale: of single weights, or of their root mean square in blocks.
    """

    columns: tuple[Column, ...]
    matrices: tuple[Values | None, ...]
    limit: float = 1.0

    @property
    def small(self) -> bool:
        """Whether every unit and every weight is drawn."""
        weights = sum(0 if one is None else one.size for one in self.matrices)
        shapes = [one.units for one in self.columns]
        lines = sum(a * b for a, b in pairwise(shapes))
        return max(shapes) <= MOST_UNITS and max(weights, lines) <= MOST_WEIGHTS


@dataclass(frozen=True)
class Place:
    """Where one column lies: its middle, top and height in pixels, and how units are spread."""

    x: float
    top: float
    height: float
    units: int

    def y(self, unit: int) -> float:
        """Give the middle of a unit."""
        return self.top + (unit + 0.5) * self.height / self.units


def size_of(values: Values) -> float:
    """Give the root mean square of many numbers; 0 of none."""
    flat = values.reshape(-1)
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.dot(flat, flat) / max(len(flat), 1)))


def extent_of(drawing: Drawing) -> float:
    """Give the largest of what is shown of the weights."""
    known = [one for one in drawing.matrices if one is not None]
    if not drawing.small:
        return max((size_of(one) for one in known), default=0.0)
    sizes = [np.abs(one[np.isfinite(one)]).max(initial=0.0) for one in known]
    return float(max(sizes, default=0.0))


def places_of(drawing: Drawing, *, width: float, height: float) -> tuple[Place, ...]:
    """Give the places of all columns in a drawing of this size."""
    count = len(drawing.columns)
    room = max(height - HEAD_PX - FOOT_PX, LEAST_BLOCK_PX)
    step = (width - SIDE_PX - RIGHT_PX) / max(count - 1, 1)
    found = []
    for at, column in enumerate(drawing.columns):
        if drawing.small:
            tallest = max(one.units for one in drawing.columns)
            tall = room * column.units / tallest
        else:
            tall = max(room * min(log2(column.units + 1) / FULL_LOG, 1.0), LEAST_BLOCK_PX)
            # names want a row each
            tall = max(tall, min(len(column.names) * NAME_ROW_PX, room))
        found.append(Place(SIDE_PX + at * step, HEAD_PX + (room - tall) / 2, tall, column.units))
    return tuple(found)


def bands_of(values: Values, most: int = MOST_BANDS) -> Values:
    """Give at most so many numbers for many units: of neighbours the one of largest size."""
    flat = values.reshape(-1)
    if len(flat) <= most:
        return flat
    starts = np.linspace(0, len(flat), most, endpoint=False).astype(np.intp)
    with np.errstate(invalid="ignore"):
        high, low = np.fmax.reduceat(flat, starts), np.fmin.reduceat(flat, starts)
    return np.where(np.abs(high) >= np.abs(low), high, low)


@dataclass(frozen=True)
class Wire:
    """One weight: between which columns, from which unit to which."""

    matrix: int
    start: int
    stop: int


def wire_at(
    places: tuple[Place, ...], drawing: Drawing, x: float, y: float, *, reach: float = 5.0
) -> Wire | None:
    """Give the line that runs nearest to a point, within `reach` pixels."""
    for matrix, (left, right) in enumerate(pairwise(places)):
        if not left.x + UNIT_PX <= x <= right.x - UNIT_PX or drawing.matrices[matrix] is None:
            continue
        share = (x - left.x) / (right.x - left.x)
        starts = np.array([left.y(unit) for unit in range(left.units)])[:, None]
        stops = np.array([right.y(unit) for unit in range(right.units)])[None]
        away = np.abs(starts + share * (stops - starts) - y)
        nearest = int(away.argmin())
        if away.reshape(-1)[nearest] <= reach:
            start, stop = divmod(nearest, right.units)
            return Wire(matrix, start, stop)
    return None


def unit_at(places: tuple[Place, ...], x: float, y: float) -> tuple[int, int] | None:
    """Give column and unit at a point of a small drawing."""
    for column, place in enumerate(places):
        if abs(x - place.x) > UNIT_PX + 2:
            continue
        for unit in range(place.units):
            if abs(y - place.y(unit)) <= UNIT_PX + 2:
                return column, unit
    return None
