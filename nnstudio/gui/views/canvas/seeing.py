"""What a network sees of the things on the paper, and what others may keep of them.

Strokes are prepared as strokes; only what cannot be told by strokes goes through a raster.
"""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.drawings import Drawing
from nnstudio.data.strokes import Stroke, prepare, prepare_picture
from nnstudio.gui.widgets.drawing import InkPicture, Item, PenStroke, Raster

if TYPE_CHECKING:
    from nnstudio.data.photo import PhotoStages

RASTER: Final = 140  # pixels; five times what the network sees
_SLIGHT: Final = 0.08  # of the paper: so much is left where somebody erased without care
_INKED: Final = 40  # of 255: less is the soft rim of a line


def seen_pixels(
    items: tuple[Item, ...], *, raster: Raster | None = None
) -> NDArray[np.uint8] | None:
    """Give what a network sees of a drawing, (28, 28), or None of an empty one.

    A `raster` that knows most of the drawing already saves time.
    """
    only = items[0] if len(items) == 1 else None
    if isinstance(only, InkPicture):
        return seen_of(only)
    written = strokes_of(items)
    if written is None:
        return prepare_picture((raster or Raster(RASTER)).ink(items))
    strokes, width = written
    return prepare(strokes, width=width) if strokes else None


def seen_of(picture: InkPicture) -> NDArray[np.uint8] | None:
    """Give what a network sees of a picture, (28, 28), or None of one without ink."""
    if picture.photo is not None:
        return picture.photo.result
    return picture.ink if picture.exact else prepare_picture(picture.ink)


def strokes_of(items: tuple[Item, ...]) -> tuple[tuple[Stroke, ...], float] | None:
    """Give the strokes of a drawing and the full width of its pen; None where there is more."""
    drawn = [one for one in items if isinstance(one, PenStroke) and not one.erasing]
    if len(drawn) < len(items):
        return None
    widest = max((float(one.widths.max()) for one in drawn), default=1.0)
    return tuple(Stroke(one.points, one.widths / widest) for one in drawn), widest


def drawing_of(items: tuple[Item, ...]) -> Drawing | None:
    """Give what somebody drew or pasted; None of empty paper, and of a sample out of the data."""
    if any(isinstance(one, InkPicture) and one.exact for one in items):
        return None
    written = strokes_of(items)
    if written is not None and written[0]:
        return Drawing(label="", strokes=written[0], width=written[1])
    seen = seen_pixels(items)
    return None if seen is None else Drawing(label="", picture=seen)


def photos_of(items: tuple[Item, ...]) -> "tuple[PhotoStages, ...]":
    """Give how each photo among the items was read."""
    pictures = (one.photo for one in items if isinstance(one, InkPicture))
    return tuple(one for one in pictures if one is not None)


def is_slight(items: tuple[Item, ...], raster: Raster) -> bool:
    """Tell whether there is hardly anything: a dot of the pen, or what an eraser has left."""
    if any(isinstance(one, InkPicture) for one in items):
        return False
    written = strokes_of(items)
    if written is not None:
        strokes, width = written
        points = np.concatenate([one.points for one in strokes]) if strokes else np.zeros((1, 2))
        return float(np.ptp(points, axis=0).max()) < width
    ink = raster.ink(items) > _INKED
    places = np.argwhere(ink)
    return not len(places) or float(np.ptp(places, axis=0).max()) < _SLIGHT * max(ink.shape)
