"""What a network sees of the things on the paper, and what others may keep of them.

Strokes are prepared as strokes; only what cannot be told by strokes goes through a raster.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.drawings import Drawing
from nnstudio.data.strokes import Stroke, prepare, prepare_picture
from nnstudio.gui.widgets.drawing import InkPicture, Item, PenStroke, Raster

RASTER: Final = 140  # pixels; five times what the network sees


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
