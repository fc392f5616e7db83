"""Several digits of one drawing, told apart from left to right.

What touches or lies above one another is one digit: the bar of a 5, the stem of a 4 and the dash
through a 7 stay with theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.blobs import Box
from nnstudio.data.strokes import Stroke

_SHARED: Final = 0.4  # of the narrower one's width: pieces that lie so far above one another
_SMALL: Final = 0.3  # of the usual height: what is smaller both ways is no digit by itself
_NEAR: Final = 0.45  # of the usual height: so far away a small piece still belongs to a digit
_MOST_POINTS: Final = 4_000
_MOST_CELLS: Final = 96  # along the longer side


@dataclass(frozen=True)
class _Span:
    """Where a piece lies: a box in any unit."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def with_(self, other: "_Span") -> "_Span":
        return _Span(
            min(self.left, other.left),
            max(self.right, other.right),
            min(self.top, other.top),
            max(self.bottom, other.bottom),
        )

    def away(self, other: "_Span") -> float:
        """Give the empty space between both across; below 0 where they share some of it."""
        return max(self.left, other.left) - min(self.right, other.right)


def separate(strokes: Sequence[Stroke], *, width: float) -> tuple[tuple[Stroke, ...], ...]:
    """Give the strokes of each digit, the leftmost digit first.

    Parameters
    ----------
    strokes : sequence of Stroke
        Lines in the order of drawing; those without a finite point are passed over.
    width : float
        Full width of the pen, in the unit of the points.
    """
    drawn = [one for one in strokes if np.isfinite(one.points).all(axis=1).any()]
    spans = [_span(one, width) for one in drawn]
    touching = _touching(drawn, width)
    return tuple(tuple(drawn[place] for place in group) for group in _grouped(spans, touching))


def grouped_boxes(boxes: Sequence[Box]) -> tuple[tuple[int, ...], ...]:
    """Give the numbers of the boxes of each digit in a picture, the leftmost digit first."""
    spans = [_Span(one.left, one.right, one.top, one.bottom) for one in boxes]
    return _grouped(spans, [])


def _span(stroke: Stroke, width: float) -> _Span:
    points = _finite(stroke)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    half = width / 2
    return _Span(left - half, right + half, top - half, bottom + half)


def _touching(strokes: Sequence[Stroke], width: float) -> list[tuple[int, int]]:
    """Give the pairs of strokes that come about as near as the pen is wide.

    Each stroke marks cells of a grid, and those around them; whose cells meet, touch. So many
    strokes, as of who shades a surface, cost no more than their points.
    """
    if len(strokes) < 2:
        return []
    corners = np.concatenate([_finite(one) for one in strokes])
    low = corners.min(axis=0)
    extent = float((corners.max(axis=0) - low).max())
    cell = max(width / 1.4, extent / _MOST_CELLS)
    side = int(extent / cell) + 3
    marked = np.zeros((len(strokes), side, side), np.float32)
    for number, stroke in enumerate(strokes):
        column, row = ((_dense(stroke, cell / 2) - low) / cell).astype(np.int64).T + 1
        marked[number, row, column] = 1
    around = np.zeros_like(marked)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            # the rim of the grid is empty, so nothing comes round to the other side
            around += np.roll(marked, (down, right), axis=(1, 2))
    flat = marked.reshape(len(strokes), -1)
    meet = flat @ around.reshape(len(strokes), -1).T > 0
    return [(int(one), int(other)) for one, other in np.argwhere(np.tril(meet, -1))]


def _finite(stroke: Stroke) -> NDArray[np.float64]:
    points = np.asarray(stroke.points, np.float64)
    path: NDArray[np.float64] = points[np.isfinite(points).all(axis=1)]
    return path


def _dense(stroke: Stroke, step: float) -> NDArray[np.float64]:
    """Give points along a line, at most `step` apart if it is not very long."""
    path = _finite(stroke)
    lengths = np.hypot(*np.diff(path, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    count = int(np.clip(np.ceil(along[-1] / step) + 1, 1, _MOST_POINTS))
    wanted = np.linspace(0, along[-1], count)
    return np.stack([np.interp(wanted, along, path[:, axis]) for axis in (0, 1)], axis=1)


def _grouped(
    spans: Sequence[_Span], touching: Sequence[tuple[int, int]]
) -> tuple[tuple[int, ...], ...]:
    groups = [[place] for place in range(len(spans))]
    joined = list(spans)
    for one, other in touching:
        _merge(groups, joined, _of(groups, one), _of(groups, other))
    usual = _usual_height(joined)
    while (pair := _next_pair(joined, usual)) is not None:
        _merge(groups, joined, *pair)
    order = sorted(range(len(groups)), key=lambda at: joined[at].left + joined[at].right)
    return tuple(tuple(sorted(groups[at])) for at in order)


def _of(groups: list[list[int]], piece: int) -> int:
    return next(at for at, group in enumerate(groups) if piece in group)


def _merge(groups: list[list[int]], spans: list[_Span], one: int, other: int) -> None:
    if one == other:
        return
    first, second = min(one, other), max(one, other)
    groups[first] += groups.pop(second)
    spans[first] = spans[first].with_(spans.pop(second))


def _usual_height(spans: Sequence[_Span]) -> float:
    """Give the height of the taller half: dots and bars do not count."""
    heights = np.sort([span.height for span in spans])
    return float(np.median(heights[len(heights) // 2 :])) if len(heights) else 0.0


def _next_pair(spans: Sequence[_Span], usual: float) -> tuple[int, int] | None:
    """Give two pieces of one digit: those that share most of their width, then small ones."""
    best: tuple[float, int, int] | None = None
    for one, span in enumerate(spans):
        for other in range(one):
            shared = -span.away(spans[other]) / min(span.width, spans[other].width)
            if shared >= _SHARED and (best is None or shared > best[0]):
                best = (shared, other, one)
    if best is not None:
        return best[1], best[2]
    for one, span in enumerate(spans):
        if max(span.width, span.height) >= _SMALL * usual or len(spans) == 1:
            continue
        nearest = min(
            (other for other in range(len(spans)) if other != one),
            key=lambda other: span.away(spans[other]),
        )
        if span.away(spans[nearest]) <= _NEAR * usual:
            return one, nearest
    return None
