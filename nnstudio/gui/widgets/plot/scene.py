"""What a plot shows: immutable values in the units of its axes; nothing here paints."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from nnstudio.gui.widgets.plot.ticks import Scale

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Line:
    """A line through points; a gap where a value is NaN. Wide lines only for what is smooth.

    A growing line has an `origin`: lines of the same origin share their first `settled` points.
    """

    x: Values
    y: Values
    colour: QColor
    width: float = 1.5
    dashed: bool = False
    circles: bool = False
    origin: object = None
    settled: int = 0


@dataclass(frozen=True, eq=False)
class Band:
    """Columns from a minimum to a maximum; `edges` has one number more than the others.

    Bands of the same `origin` share their first `settled` columns.
    """

    edges: Values
    low: Values
    high: Values
    colour: QColor
    origin: object = None
    settled: int = 0


@dataclass(frozen=True)
class Dot:
    """A filled circle with a number over it, such as the best value so far."""

    x: float
    y: float
    text: str
    colour: QColor


@dataclass(frozen=True)
class Flag:
    """A dotted vertical line with words at its top."""

    x: float
    text: str
    colour: QColor


@dataclass(frozen=True)
class Level:
    """A short line at the left edge, where something was to be expected, with words beside it."""

    y: float
    text: str
    colour: QColor


@dataclass(frozen=True)
class Entry:
    """One part of the legend, which is the read-out too; words may be left out, not values.

    `short` is what it is called where there is little room.
    """

    name: str
    value: str
    colour: QColor
    dashed: bool = False
    circles: bool = False
    width: float = 2.0
    tip: str = ""
    short: str = ""


@dataclass(frozen=True)
class Readout:
    """What the pointer points at: where the hair line stands, points on the curves, a table.

    `pinned` says, where a click has pinned it, how to let it go.
    """

    x: float
    rows: tuple[tuple[str, str], ...]
    points: tuple[tuple[float, float, QColor], ...] = ()
    pinned: str = ""


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that a plot shows but its read-out; drawn in this order, the last on top.

    `words_low` keeps words away from curves that run along the top. `below` and `above` say what
    lies beyond the edges; `title` and `words` fill an empty plot.
    """

    x: Scale
    y: Scale
    x_unit: str = ""
    y_unit: str = ""
    bands: tuple[Band, ...] = ()
    lines: tuple[Line, ...] = ()
    flags: tuple[Flag, ...] = ()
    levels: tuple[Level, ...] = ()
    dots: tuple[Dot, ...] = ()
    legend: tuple[Entry, ...] = ()
    words_low: bool = False
    below: str = ""
    above: str = ""
    title: str = ""
    words: str = ""
