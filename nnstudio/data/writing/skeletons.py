"""Skeletons: the ways in which people write the ten digits, made ready for writing many at once.

Ways of a digit with the same points and corners that lie near each other are kin: hands mix them.
"""

import itertools
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.writing import ways_to_4, ways_to_9
from nnstudio.data.writing.pen import pace
from nnstudio.data.writing.way import Way

WAYS: Final = (
    ways_to_4.ZERO,
    ways_to_4.ONE,
    ways_to_4.TWO,
    ways_to_4.THREE,
    ways_to_4.FOUR,
    ways_to_9.FIVE,
    ways_to_9.SIX,
    ways_to_9.SEVEN,
    ways_to_9.EIGHT,
    ways_to_9.NINE,
)

STEPS: Final = 6  # pieces of the drawn line between two points of a path
_KINDRED: Final = 35.0  # points of ways that can be mixed lie no further apart
_STIFF: Final = 35.0  # over about such a length a path is bent alike


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A way made ready for drawing many variations of it at once.

    Attributes
    ----------
    share : float
        How common it is among the ways of its digit.
    control : ndarray of float64, shape (P, 2)
        The points of the path.
    strokes : ndarray of int64, shape (P,)
        Which stroke each of them belongs to.
    curve : ndarray of float64, shape (K, P)
        Times the control points it gives the points of the drawn line.
    last : ndarray of bool, shape (K,)
        Where on the drawn line the pen is lifted.
    signature : str
        Points and corners of each stroke; equal for ways that can be mixed.
    bends : ndarray of float64, shape (P, P)
        Times independent normal numbers it bends the path smoothly, each stroke by itself.
    paces : ndarray of float64, shape (K, 3)
        How thick the line is for the speed of the pen, as `nnstudio.data.writing.pen.pace` says.
    kin : ndarray of float64, shape (M, P, 2)
        Paths of the ways that it can be mixed with, itself among them.
    name : str
        As in the list of ways.
    """

    share: float
    control: NDArray[np.float64]
    strokes: NDArray[np.int64]
    curve: NDArray[np.float64]
    last: NDArray[np.bool_]
    signature: str
    bends: NDArray[np.float64]
    paces: NDArray[np.float64]
    kin: NDArray[np.float64]
    name: str


@cache
def skeletons(digit: int) -> tuple[Skeleton, ...]:
    """Give the ways of a digit."""
    alone = [_skeleton(way) for way in WAYS[digit]]
    return tuple(
        replace(way, kin=np.array([one.control for one in alone if _mixes(one, way)]))
        for way in alone
    )


def _mixes(one: Skeleton, other: Skeleton) -> bool:
    # halfway between ways that go around in opposite directions lies no digit
    return (
        one.signature == other.signature
        and float(np.abs(one.control - other.control).max()) < _KINDRED
    )


def _skeleton(way: Way) -> Skeleton:
    control: list[tuple[float, float]] = []
    strokes: list[int] = []
    blocks: list[NDArray[np.float64]] = []
    signature: list[str] = []
    for number, stroke in enumerate(way.path.split(";")):
        words = stroke.split()
        points = [tuple(float(part) for part in word.rstrip("!").split(",")) for word in words]
        corners = [place for place, word in enumerate(words) if word.endswith("!")]
        control.extend((x, y) for x, y in points)
        strokes.extend([number] * len(points))
        blocks.append(_curve(np.array(points), [0, *corners, len(points) - 1]))
        signature.append(f"{len(points)}:{corners}")
    curve = np.zeros((sum(len(block) for block in blocks), len(control)))
    last = np.zeros(len(curve), dtype=np.bool_)
    row = column = 0
    for block in blocks:
        curve[row : row + len(block), column : column + block.shape[1]] = block
        row, column = row + len(block), column + block.shape[1]
        last[row - 1] = True
    path, stroke_of = np.array(control), np.array(strokes)
    return Skeleton(
        share=way.share,
        control=path,
        strokes=stroke_of,
        curve=curve,
        last=last,
        signature=";".join(signature),
        bends=_bends(path, stroke_of),
        paces=_rounded(pace(curve @ path, last)),
        kin=path[None],
        name=way.name,
    )


def _bends(path: NDArray[np.float64], strokes: NDArray[np.int64]) -> NDArray[np.float64]:
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    near = np.exp(-0.5 * ((along[:, None] - along) / _STIFF) ** 2)
    near *= strokes[:, None] == strokes
    return _rounded(np.linalg.cholesky(near + 1e-3 * np.eye(len(path))))


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # the last bits differ between machines; what is written must not
    rounded: NDArray[np.float64] = np.rint(values * 1024) / 1024
    return rounded


def _curve(points: NDArray[np.float64], knots: list[int]) -> NDArray[np.float64]:
    """Give the matrix of a line through `points` that is smooth between the `knots`."""
    rows = [_smooth(points, start, stop) for start, stop in itertools.pairwise(knots)]
    end = np.zeros((1, len(points)))
    end[0, -1] = 1
    return np.concatenate([*rows, end])


def _smooth(points: NDArray[np.float64], start: int, stop: int) -> NDArray[np.float64]:
    """Give the rows of a centripetal Catmull-Rom line from point `start` up to before `stop`."""
    unit = np.eye(len(points))
    gaps = np.sqrt(np.hypot(*np.diff(points[start : stop + 1], axis=0).T)) + 1e-9
    slopes = (unit[start + 1 : stop + 1] - unit[start:stop]) / gaps[:, None]
    tangents = np.empty((stop - start + 1, len(points)))
    tangents[1:-1] = (slopes[:-1] * gaps[1:, None] + slopes[1:] * gaps[:-1, None]) / (
        gaps[1:] + gaps[:-1]
    )[:, None]
    if len(slopes) == 1:
        tangents[:] = slopes[0]
    else:
        tangents[0] = 1.5 * slopes[0] - 0.5 * tangents[1]
        tangents[-1] = 1.5 * slopes[-1] - 0.5 * tangents[-2]
    t = np.arange(STEPS)[:, None] / STEPS
    rows = [
        (2 * t**3 - 3 * t**2 + 1) * unit[start + place]
        + (t**3 - 2 * t**2 + t) * gap * tangents[place]
        + (-2 * t**3 + 3 * t**2) * unit[start + place + 1]
        + (t**3 - t**2) * gap * tangents[place + 1]
        for place, gap in enumerate(gaps)
    ]
    return np.concatenate(rows)
