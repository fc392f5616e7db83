"""A drawing becomes the 28 × 28 pixels that digit data sets hold, made as MNIST was made.

Fitted into a box of 20 × 20 with its aspect kept, anti-aliased, then moved by whole pixels until
the centre of mass lies at pixel (14, 14) (LeCun, Cortes and Burges, "The MNIST database"). One
function does it for the canvas and for the generator of handwriting, so that both look alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.curves import curved
from nnstudio.data.pen_points import pen_points
from nnstudio.data.resampling import resampled

SIDE: Final = 28
BOX: Final = 20
_EDGE: Final = (SIDE - BOX) // 2
_CENTRE: Final = SIDE // 2
_PATCH: Final = 7  # a dab of the widest pen, with its soft edge, covers no more
_PHASES: Final = 8  # positions of a dab within a pixel, each way
_RADIUS_STEPS: Final = 16  # radii in a pixel
MIN_RADIUS: Final = 0.6
MAX_RADIUS: Final = 3.0
_WIDEST_SHARE: Final = 6.0  # a pen wider than that, after fitting, draws a blob, not a digit
_SPACING: Final = 0.6  # pixels between dabs; the ripple of the thinnest pen is then under 8 %
_STANDARD_SHARE: Final = 15 / 192 / 0.7  # of a drawing's extent
_CHUNK: Final = 16_384  # dabs at once: index and value buffers stay in the cache

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Stroke:
    """One line of the pen.

    Attributes
    ----------
    points : ndarray of float, shape (n, 2)
        x to the right and y downwards, in any unit; n is at least 1.
    widths : ndarray of float, shape (n,), or None
        Width of the pen at each point as a share of its full width, 0 to 1; None is 1.
    """

    points: NDArray[np.floating]
    widths: NDArray[np.floating] | None = None


def standard_width(strokes: Sequence[Stroke]) -> float:
    """Give the width of pen that a drawing of unknown width is taken to be drawn with.

    That is what the brush a canvas begins with, 15 on paper of 192, is for a digit that fills 70 %
    of the paper, as most do: it makes lines of 2 pixels.
    """
    found = pen_points(strokes)
    if found is None:
        return 1.0
    points, _, _, unit = found
    width = _STANDARD_SHARE * float(np.ptp(points, axis=0).max()) * unit
    # a dot has no size: any pen draws it alike
    return width if 0 < width < np.inf else 1.0


def prepare(strokes: Sequence[Stroke], *, width: float) -> NDArray[np.uint8] | None:
    """Give the picture (28, 28) of a drawing, or None when nothing is drawn.

    Position and size of the drawing do not matter. The pen keeps its width relative to the
    drawing as far as digits are written with such pens: it is made 1.2 to 6 pixels wide, so that
    a very small or a very large drawing is still read. A dot stays a dot. Where points are far
    apart the line between them is a curve.

    Parameters
    ----------
    strokes : sequence of Stroke
        Lines in the order of drawing; those without points, points that are no numbers and
        single points far away are passed over.
    width : float
        Full width of the pen, in the unit of the points.

    Raises
    ------
    ValueError
        When `width` is not positive.
    """
    if not width > 0:
        raise ValueError(f"a pen of width {width}")
    found = pen_points(strokes)
    if found is None:
        return None
    points, widths, last, unit = found
    width = max(width / unit, 1e-300)
    extent = float(np.ptp(points, axis=0).max())
    scale = min(BOX / (extent + width), _WIDEST_SHARE / width)
    radius = float(np.clip(scale * width / 2, MIN_RADIUS, MAX_RADIUS))
    pictures = draw(
        points,
        radii=radius * np.clip(widths, 0.2, 1.0),
        last=last,
        starts=np.zeros(1, dtype=np.int64),
        largest=np.array([_WIDEST_SHARE / width]),
    )
    return _only(pictures)


def draw(
    points: Floats,
    *,
    radii: Floats,
    last: NDArray[np.bool_],
    starts: NDArray[np.int64],
    largest: Floats | None = None,
) -> NDArray[np.uint8]:
    """Give the pictures (N, 28, 28) of N drawings at once, as `paint` does, and centred.

    Its parameters are those of `paint`.
    """
    return centred(paint(points, radii=radii, last=last, starts=starts, largest=largest))


def paint(
    points: Floats,
    *,
    radii: Floats,
    last: NDArray[np.bool_],
    starts: NDArray[np.int64],
    largest: Floats | None = None,
) -> NDArray[np.uint8]:
    """Give the pictures (N, 28, 28) of N drawings at once, each in the middle 20 × 20 pixels.

    Parameters
    ----------
    points : ndarray of float64, shape (P, 2)
        The points of all drawings one after another, each drawing in a unit of its own.
    radii : ndarray of float64, shape (P,)
        Half the width of the pen at each point, in pixels of the result.
    last : ndarray of bool, shape (P,)
        Whether the pen is lifted after this point.
    starts : ndarray of int64, shape (N,)
        Where each drawing begins; none is empty.
    largest : ndarray of float64, shape (N,), or None
        Pixels that a unit may become at most; None is no limit.
    """
    radii = np.clip(radii, MIN_RADIUS, MAX_RADIUS)
    points, radii, last, starts = curved(points, radii, last, starts)
    counts = np.diff(np.append(starts, len(points)))
    placed = _fitted(points, radii, starts, counts, largest)
    x, y, radius, owner = _dabs(placed, radii, last, np.repeat(np.arange(len(starts)), counts))
    return _painted(x, y, radius, owner, len(starts))


def _fitted(
    points: Floats,
    radii: Floats,
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    largest: Floats | None,
) -> Floats:
    low = np.minimum.reduceat(points, starts)
    extent = np.maximum((np.maximum.reduceat(points, starts) - low).max(axis=1), 1e-9)
    scale = (BOX - 2 * np.maximum.reduceat(radii, starts)) / extent
    # where the pen is thin at the outermost points there is room left: grow into it
    for growing in (True, True, False):
        if largest is not None:
            scale = np.minimum(scale, largest)
        placed = points * np.repeat(scale, counts)[:, None]
        near = np.minimum.reduceat(placed - radii[:, None], starts)
        size = np.maximum.reduceat(placed + radii[:, None], starts) - near
        if growing:
            room = BOX - size.max(axis=1)
            scale *= 1 + room / (scale * extent)
    moved: Floats = placed + np.repeat(_CENTRE - near - size / 2, counts, axis=0)
    return moved


def _dabs(
    points: Floats, radii: Floats, last: NDArray[np.bool_], owner: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    step = np.zeros_like(points)
    step[:-1] = points[1:] - points[:-1]
    step[last] = 0
    swell = np.zeros_like(radii)
    swell[:-1] = radii[1:] - radii[:-1]
    counts = np.maximum(1, np.ceil(np.hypot(step[:, 0], step[:, 1]) / _SPACING)).astype(np.int64)
    segment = np.repeat(np.arange(len(points)), counts)
    within = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = within / counts[segment]
    return (
        points[segment, 0] + share * step[segment, 0],
        points[segment, 1] + share * step[segment, 1],
        radii[segment] + share * swell[segment],
        owner[segment],
    )


@cache
def _brushes() -> NDArray[np.uint8]:
    """Give the coverage of every dab: (radius, phase of y, phase of x) by 7 × 7 pixels."""
    radius = np.arange(round(MAX_RADIUS * _RADIUS_STEPS) + 1)[:, None, None, None, None]
    phase = (np.arange(_PHASES) + 0.5) / _PHASES
    away = np.arange(_PATCH) - _PATCH // 2 + 0.5 - phase[:, None]
    distance = np.hypot(away[None, :, None, :, None], away[None, None, :, None, :])
    coverage = np.clip(radius / _RADIUS_STEPS + 0.5 - distance, 0, 1)
    return np.rint(255 * coverage).astype(np.uint8).reshape(-1, _PATCH * _PATCH)


def _painted(
    x: Floats, y: Floats, radius: Floats, owner: NDArray[np.int64], count: int
) -> NDArray[np.uint8]:
    brushes = _brushes()
    column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    brush = np.rint(radius * _RADIUS_STEPS).astype(np.int64)
    brush = brush * _PHASES + ((y - row) * _PHASES).astype(np.int64)
    brush = brush * _PHASES + ((x - column) * _PHASES).astype(np.int64)
    corner = (owner * SIDE + row - _PATCH // 2) * SIDE + column - _PATCH // 2
    offsets = (np.arange(_PATCH)[:, None] * SIDE + np.arange(_PATCH)).reshape(-1)
    pixels = np.zeros(count * SIDE * SIDE, dtype=np.uint8)
    for start in range(0, len(corner), _CHUNK):
        part = slice(start, start + _CHUNK)
        places = corner[part, None] + offsets
        np.maximum.at(pixels, places.reshape(-1), brushes[brush[part]].reshape(-1))
    return pixels.reshape(count, SIDE, SIDE)


def centred(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give pictures (N, 28, 28) moved by whole pixels until their mass lies at pixel (14, 14).

    Nothing outside the middle 20 × 20 pixels is kept, and no ink is moved over the border.
    """
    boxes = pictures[:, _EDGE : _EDGE + BOX, _EDGE : _EDGE + BOX].astype(np.int64)
    mass = np.maximum(boxes.sum(axis=(1, 2)), 1)
    place = np.arange(BOX)
    wanted = []
    for axis in (2, 1):
        centre = (boxes.sum(axis=axis) @ place) / mass
        wanted.append(np.clip(np.rint(_CENTRE - centre), 0, SIDE - BOX).astype(np.int64))
    moved = np.zeros_like(pictures)
    top, left = wanted
    rows = top[:, None] + place
    columns = left[:, None] + place
    moved[np.arange(len(pictures))[:, None, None], rows[:, :, None], columns[:, None, :]] = boxes
    return moved


def prepare_picture(grey: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Give the picture (28, 28) of a digit on a picture of any size, or None when it is blank.

    Light ink on dark ground is wanted: the picture is inverted when its border is the lighter
    part. The ground (the middle value of the border) becomes 0 and the strongest ink 255. What is
    a picture of such a data set already comes back as it is.

    Parameters
    ----------
    grey : ndarray of uint8, shape (H, W)
        The picture, 0 is black.
    """
    ink = _ink(grey)
    if ink is None:
        return None
    if _is_prepared(grey):
        return grey.copy()
    marked = ink > 0.15
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(1, round(BOX * size / max(ink.shape))) for size in ink.shape)
    small = resampled(ink, height=height, width=width)
    picture = np.zeros((1, SIDE, SIDE), dtype=np.uint8)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    picture[0, top : top + height, left : left + width] = np.rint(255 * np.clip(small, 0, 1))
    return _only(centred(picture))


def _only(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    picture: NDArray[np.uint8] = pictures[0]
    return picture


def _is_prepared(grey: NDArray[np.uint8]) -> bool:
    if grey.shape != (SIDE, SIDE) or grey.max() < 250:
        return False
    return bool(np.array_equal(_only(centred(_middle(grey)[None])), grey))


def _middle(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give the picture with its inked box moved to the middle, as `centred` takes it."""
    rows, columns = (np.flatnonzero((grey > 0).any(axis=axis)) for axis in (1, 0))
    top, left = ((SIDE - int(np.ptp(found)) - 1) // 2 for found in (rows, columns))
    box = grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    moved = np.zeros_like(grey)
    moved[top : top + box.shape[0], left : left + box.shape[1]] = box
    return moved


def _ink(grey: NDArray[np.uint8]) -> Floats | None:
    if grey.ndim != 2 or not grey.size:
        raise ValueError(f"a picture of shape {grey.shape}")
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = float(np.median(border))
    values = grey.astype(np.float64) - ground
    if ground > 127.5:
        values = -values
    strongest = float(values.max())
    if strongest < 16:  # paper and sensor differ by that much without any ink
        return None
    ink: Floats = np.clip(values / strongest, 0, 1)
    return ink
