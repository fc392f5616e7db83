"""Pen points: the points of a drawing as they can be drawn, without what no pen has written.

Points that are no numbers, points told twice and single points far away are left out; a stroke
keeps its own end whatever is left out.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SMALLEST, _LARGEST = 1e-6, 1e100  # lengths of such lines can be squared and divided by
_FEWEST: Final = 8  # points; of fewer, one far away may well be meant
_SHRINKS: Final = 0.6  # without a stray point a drawing is smaller than this share
_RETURNS: Final = 0.3  # of the way out: so near to each other are the points around a stray one
_MOST_STRAY: Final = 8


class Line(Protocol):
    """A stroke: points (n, 2), and their share of the pen's width or None."""

    @property
    def points(self) -> NDArray[np.floating]:
        """Give x to the right and y downwards."""
        ...

    @property
    def widths(self) -> NDArray[np.floating] | None:
        """Give the shares from 0 to 1."""
        ...


def pen_points(strokes: Sequence[Line]) -> tuple[Floats, Floats, NDArray[np.bool_], float] | None:
    """Give points (P, 2), shares of the width (P,), the ends of strokes (P,) and the unit.

    Points times the unit are in the unit of the strokes; it is 1 but for drawings of numbers so
    large or small that they could not be squared. None when nothing can be drawn.
    """
    drawn = [stroke for stroke in strokes if len(stroke.points)]
    if not drawn:
        return None
    points = np.concatenate([np.asarray(stroke.points, dtype=np.float64) for stroke in drawn])
    widths = np.concatenate(
        [np.ones(len(one.points)) if one.widths is None else one.widths for one in drawn]
    ).astype(np.float64)
    stroke_of = np.repeat(np.arange(len(drawn)), [len(stroke.points) for stroke in drawn])
    widths[~np.isfinite(widths)] = 1.0
    kept = np.isfinite(points).all(axis=1)
    if not kept.any():
        return None
    largest = float(np.abs(points[kept]).max())
    unit = 1.0 if largest == 0 or _SMALLEST < largest < _LARGEST else largest
    points = points / unit
    same = (points[1:] == points[:-1]).all(axis=1) & (widths[1:] == widths[:-1])
    kept[1:] &= ~(same & (stroke_of[1:] == stroke_of[:-1]))
    points, widths, stroke_of = points[kept], widths[kept], stroke_of[kept]
    for _ in range(_MOST_STRAY):
        stray = _stray(points, stroke_of)
        if stray is None:
            break
        points, widths, stroke_of = (
            np.delete(one, stray, 0) for one in (points, widths, stroke_of)
        )
    last = np.ones(len(points), dtype=np.bool_)
    last[:-1] = stroke_of[1:] != stroke_of[:-1]
    return points, widths, last, unit


def _stray(points: Floats, stroke_of: NDArray[np.int64]) -> int | None:
    """Give a point to which the pen only seems to have jumped and back, or None."""
    if len(points) < _FEWEST:
        return None
    size = float(np.ptp(points, axis=0).max())
    for place in (*points.argmin(axis=0), *points.argmax(axis=0)):
        before, after = place - 1, place + 1
        if before < 0 or after == len(points) or stroke_of[before] != stroke_of[after]:
            continue
        out, back = points[place] - points[before], points[after] - points[place]
        way = min(float(np.hypot(*out)), float(np.hypot(*back)))
        if float(np.hypot(*(out + back))) > _RETURNS * way:
            continue
        if float(np.ptp(np.delete(points, place, 0), axis=0).max()) < _SHRINKS * size:
            return int(place)
    return None
