"""The digits of a drawing one by one: what a network sees of each, and where each lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.drawings import Drawing
from nnstudio.data.strokes import Stroke, prepare, prepare_picture
from nnstudio.gui.views.canvas.seeing import RASTER, seen_pixels, strokes_of
from nnstudio.gui.widgets.drawing import UNITS, InkPicture, Item, Raster

if TYPE_CHECKING:
    from nnstudio.data.blobs import Box

Place = tuple[float, float, float, float]

_INKED: Final = 40  # of 255: less is the soft rim of a line
_FEWEST: Final = 12  # pixels; less is what an eraser has left
_MOST_PIECES: Final = 64  # of ink
_MOST: Final = 40  # digits; more are no digits
_DOT: Final = 0.2  # of the largest digit: what is smaller both ways is none


@dataclass(frozen=True, eq=False)
class Part:
    """One digit: what is seen of it (28, 28), and where it lies as shares of the paper.

    The place is left, top, width, height; None where the whole drawing is meant. The strokes are
    those of the digit with the full width of the pen; None where it was not told by strokes.
    """

    pixels: NDArray[np.uint8]
    place: Place | None = None
    strokes: tuple[tuple[Stroke, ...], float] | None = None

    def drawing(self) -> Drawing:
        """Give it as somebody may keep it, without a class."""
        if self.strokes is None:
            return Drawing(label="", picture=self.pixels)
        return Drawing(label="", strokes=self.strokes[0], width=self.strokes[1])


def parts_of(
    items: tuple[Item, ...], *, several: bool, raster: Raster | None = None
) -> tuple[tuple[Part, ...], int]:
    """Give the digits of a drawing from left to right, and which of them was drawn last.

    There is one at most unless `several` are looked for. A `raster` that knows most of the drawing
    already saves time.
    """
    raster = raster or Raster(RASTER)
    if several:
        parts, newest = _without_dots(*_several(items, raster))
        if len(parts) > 1:
            return parts, newest
    seen = seen_pixels(items, raster=raster)
    return ((Part(seen),) if seen is not None else ()), 0


def _without_dots(parts: tuple[Part, ...], newest: int) -> tuple[tuple[Part, ...], int]:
    sizes = [0.0 if one.place is None else max(one.place[2:]) for one in parts]
    kept = [at for at, size in enumerate(sizes) if size >= _DOT * max(sizes)]
    at = kept.index(newest) if newest in kept else max(len(kept) - 1, 0)
    return tuple(parts[one] for one in kept), at


def _several(items: tuple[Item, ...], raster: Raster) -> tuple[tuple[Part, ...], int]:
    from nnstudio.data.separate import separate  # noqa: PLC0415 - not needed to start

    if any(isinstance(one, InkPicture) and one.exact for one in items):
        return (), 0
    written = strokes_of(items)
    if written is None:
        found = _of_ink(items, raster)
        return found, len(found) - 1
    strokes, width = written
    groups = separate(strokes, width=width)[:_MOST]
    parts: list[Part] = []
    newest = 0
    for group in groups:
        seen = prepare(group, width=width)
        if seen is None:
            continue
        if any(one is strokes[-1] for one in group):
            newest = len(parts)
        parts.append(Part(seen, _place_of(group, width), (tuple(group), width)))
    return tuple(parts), newest


def _place_of(group: Sequence[Stroke], width: float) -> Place:
    points = np.concatenate([one.points for one in group])
    low, high = points.min(axis=0) - width / 2, points.max(axis=0) + width / 2
    left, top = (float(one) / UNITS for one in low)
    wide, tall = (float(one) / UNITS for one in high - low)
    return left, top, wide, tall


def _of_ink(items: tuple[Item, ...], raster: Raster) -> tuple[Part, ...]:
    from nnstudio.data.blobs import Box, blobs  # noqa: PLC0415 - as above
    from nnstudio.data.separate import grouped_boxes  # noqa: PLC0415 - as above

    only = items[0] if len(items) == 1 and isinstance(items[0], InkPicture) else None
    if only is not None and only.photo is not None:
        found_in = zip(only.photo.results, only.photo.boxes, strict=True)
        return tuple(Part(seen, _placed(box, only.ink.shape)) for seen, box in found_in)
    ink = only.ink if only is not None else raster.ink(items)
    found = blobs(ink > _INKED)
    kept = np.argsort(-found.areas, kind="stable")[:_MOST_PIECES]
    kept = np.sort(kept[found.areas[kept] >= _FEWEST])
    parts = []
    for group in grouped_boxes([found.boxes[at] for at in kept])[:_MOST]:
        numbers = kept[list(group)]
        chosen = np.zeros(len(found.boxes), np.bool_)
        chosen[numbers] = True
        alone = np.where(found.only(chosen), ink, 0).astype(np.uint8)
        # framed, so that ink at the rim is not taken for the ground
        seen = prepare_picture(np.pad(alone, 1))
        if seen is not None:
            box = reduce(Box.joined, (found.boxes[at] for at in numbers))
            parts.append(Part(seen, _placed(box, ink.shape)))
    return tuple(parts)


def _placed(box: "Box", shape: tuple[int, ...]) -> Place:
    """Give where a box of a picture of `shape` lies, which is laid in the middle of the paper."""
    height, width = shape
    side = max(height, width)
    left, top = box.left + (side - width) / 2, box.top + (side - height) / 2
    return left / side, top / side, box.width / side, box.height / side
