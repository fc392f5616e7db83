"""How people write the ten digits: pen paths through a few points, several ways for each digit.

A way is written as ``x,y`` pairs in a box about 100 high, y downwards; ``!`` behind a point makes
it a corner, ``;`` lifts the pen. Ways of a digit with the same points and corners can be mixed.
"""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Way:
    """One way to write a digit: how common it is, and the path of the pen."""

    share: float
    path: str


WAYS: Final[tuple[tuple[Way, ...], ...]] = (
    (
        Way(3, "50,2 22,15 10,50 22,86 50,98 78,86 90,50 78,15 50,2"),
        Way(2, "50,0 30,14 22,50 30,86 50,100 70,86 78,50 70,14 50,0"),
        Way(2, "58,4 34,8 16,40 20,80 48,98 76,84 84,48 74,16 44,6"),
        Way(1.5, "42,8 22,22 12,55 26,88 52,98 78,82 86,48 76,20 60,8"),
        Way(1.5, "34,10 60,2 86,24 88,62 66,96 34,94 12,66 16,30 44,6 66,12"),
        Way(2, "68,2 40,12 18,48 14,84 34,99 62,86 84,48 86,14 68,2"),
        Way(1, "50,4 20,20 10,56 30,94 66,94 88,60 80,22 54,4 40,10 50,22"),
        Way(1, "30,4 70,2 88,30 88,70 70,96 30,98 12,70 12,30 30,4"),
        Way(0.2, "50,2 22,15 10,50 22,86 50,98 78,86 90,50 78,15 50,2; 88,8 12,94"),
    ),
    (
        Way(5, "50,0 50,50 50,100"),
        Way(2, "54,0 50,50 46,100"),
        Way(1.5, "30,22 52,2! 52,50 52,100"),
        Way(0.7, "28,24 50,2! 50,50 50,98; 24,98 76,98"),
        Way(1, "40,14 48,4 54,6 52,50 50,100"),
        Way(0.3, "50,2 50,50 50,98; 28,98 74,98"),
        Way(0.6, "14,48 52,2! 52,50 52,100"),
        Way(0.7, "50,0 48,50 48,86 58,98"),
    ),
    (
        Way(3, "14,22 34,4 64,4 80,24 66,52 38,76 10,98! 50,97 90,96"),
        Way(2.5, "14,26 36,4 66,6 78,28 62,60 34,88 14,92 12,80 28,78 54,92 88,94"),
        Way(1.5, "18,20 44,2 74,14 72,42 48,74 20,94 8,86 22,74 46,86 70,98 92,86"),
        Way(1.5, "12,30 20,8 50,0 76,14 74,40 46,70 12,96! 40,92 66,98 92,90"),
        Way(1.5, "16,12 50,4 80,14 78,34 50,60 14,92! 90,92"),
        Way(0.7, "14,10 78,8! 14,94! 88,92"),
        Way(1, "20,34 14,20 32,4 62,4 78,24 64,54 36,80 14,96! 52,98 88,94"),
        Way(0.7, "30,30 16,24 20,8 48,0 76,14 74,38 44,72 14,96! 88,98"),
    ),
    (
        Way(3, "16,14 44,2 74,14 70,38 42,48! 78,58 84,82 50,99 14,88"),
        Way(2, "14,16 42,2 72,14 68,36 46,48 38,46 48,46 76,58 82,82 50,99 12,86"),
        Way(1, "14,4 78,4! 40,42! 74,50 84,74 58,98 14,90"),
        Way(2, "18,12 50,2 74,20 56,42 34,48 40,40 62,50 82,74 60,98 16,92"),
        Way(1.5, "20,8 60,0 78,20 48,46! 80,62 76,90 40,100 10,86"),
        Way(1.5, "24,10 54,2 74,18 62,40 44,48! 70,56 80,76 64,96 34,99 16,92"),
        Way(1, "26,10 52,4 66,16 58,32 36,42! 76,48 92,74 62,100 10,90"),
        Way(1, "10,14 44,0 84,16 78,44 40,56! 68,62 74,82 48,99 16,92"),
    ),
    (
        Way(3, "20,4 16,30 12,56! 50,56 88,54; 68,2 66,50 62,100"),
        Way(1.5, "64,2 36,34 10,66! 50,66 90,66; 64,2 64,50 64,100"),
        Way(2, "16,6 14,40 28,54 54,52 78,38; 78,4 74,50 66,100"),
        Way(2, "18,6 14,36 26,54 56,52 76,30 82,6! 76,50 68,100"),
        Way(1, "60,98 62,50 66,4! 38,30 10,64! 50,64 92,62"),
        Way(1, "30,0 20,30 8,60! 50,60 92,60; 62,30 62,66 62,100"),
        Way(1, "58,6 36,34 12,62! 50,62 88,62; 62,14 61,56 60,100"),
        Way(1.5, "24,10 18,30 16,50! 44,50 76,46; 74,0 70,50 60,100"),
    ),
    (
        Way(3, "24,6 20,44! 50,38 82,56 80,84 46,99 12,88; 24,6 82,4"),
        Way(2, "84,4 28,6! 22,44! 56,38 84,62 68,94 36,100 10,88"),
        Way(2, "80,6 44,4 26,20 34,42 62,52 78,72 60,96 24,98 10,88"),
        Way(1.5, "28,14 24,46! 56,40 82,60 72,90 40,99 12,92; 40,6 90,2"),
        Way(1, "30,2 28,40 70,50 78,78 50,98 10,94; 30,2 90,4"),
        Way(1, "80,2 30,4! 26,42! 60,36 84,60 72,92 36,98 16,80"),
    ),
    (
        Way(3, "66,2 36,22 16,62 26,94 58,98 78,78 66,58 38,60 20,76"),
        Way(2, "54,0 32,30 18,64 24,94 54,99 74,80 62,60 36,64 20,80"),
        Way(1.5, "60,4 26,30 10,68 30,98 70,96 84,66 60,46 28,56 14,74"),
        Way(1.5, "50,0 38,34 30,70 38,96 60,96 68,80 54,68 34,82"),
        Way(1, "76,12 60,2 34,16 14,56 22,92 56,100 80,78 68,54 36,58 18,76"),
        Way(1, "30,0 22,40 20,74 36,98 66,96 78,74 60,58 30,66 22,76"),
        Way(1, "64,2 30,26 14,66 28,96 62,96 78,74 60,60 40,64"),
    ),
    (
        Way(3, "12,6 50,5 88,4! 64,46 44,100"),
        Way(2, "12,10 50,4 84,8 72,40 48,98"),
        Way(1, "12,6 50,5 86,4! 60,50 42,100; 30,52 80,48"),
        Way(1, "14,22 16,6! 86,6! 62,50 46,100"),
        Way(1.5, "10,8 50,7 80,6! 72,50 66,100"),
        Way(1.5, "10,12 30,4 56,10 88,2! 60,44 52,100"),
        Way(1, "16,4 50,4 84,4! 56,50 26,98"),
        Way(0.4, "14,22 16,6! 86,6! 62,50 46,100; 34,50 82,48"),
    ),
    (
        Way(3, "72,12 44,2 22,18 36,42 64,54 80,78 52,99 20,82 32,58 62,42 76,22 66,10"),
        Way(1.5, "50,48 24,28 34,6 64,4 78,24 50,48 20,72 30,96 68,98 82,74 50,48"),
        Way(
            1, "50,2 28,12 28,36 50,46 72,36 72,12 50,2; 50,46 20,60 20,88 50,99 80,88 80,60 50,46"
        ),
        Way(1.5, "78,10 50,2 24,16 34,40 66,54 76,80 50,99 22,84 34,58 64,40 82,16"),
        Way(1.5, "70,4 40,8 34,28 48,44 58,62 50,90 26,98 20,78 44,56 70,36 84,12"),
    ),
    (
        Way(3, "76,22 56,4 26,10 16,34 36,52 64,44 78,18! 74,60 68,100"),
        Way(1.5, "78,20 54,2 24,14 20,40 48,52 74,36 80,12! 82,56 62,94 24,96"),
        Way(2, "74,14 46,2 20,20 24,44 54,48 76,24 78,14 76,56 66,100"),
        Way(1, "60,4 30,8 18,30 36,50 66,42 74,18 60,4; 76,4 74,50 70,100"),
        Way(1.5, "70,12 44,4 24,22 30,40 54,38 72,14! 64,50 46,100"),
        Way(1, "80,14 50,2 18,14 16,34 46,42 80,20! 78,60 78,100"),
    ),
)


STEPS: Final = 6  # pieces of the drawn line between two points of a path


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
        Equal for ways that can be mixed.
    """

    share: float
    control: NDArray[np.float64]
    strokes: NDArray[np.int64]
    curve: NDArray[np.float64]
    last: NDArray[np.bool_]
    signature: str


@cache
def skeletons(digit: int) -> tuple[Skeleton, ...]:
    """Give the ways of a digit."""
    return tuple(_skeleton(way) for way in WAYS[digit])


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
    return Skeleton(
        way.share, np.array(control), np.array(strokes), curve, last, ";".join(signature)
    )


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
