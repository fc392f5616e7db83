"""Drawings retraced: as the same hand would draw them again, in the same strokes.

Each stroke is slanted, stretched and bent by itself, and moved against the others; the pen is
thinner or thicker. That is what no distortion of a finished picture brings.
"""

from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.drawings import Drawing, to_line
from nnstudio.data.strokes import Stroke, prepare, standard_width

_PENS: Final = (0.6, 1.6)  # times the width of the drawing
_STRETCHED: Final = 0.12  # standard deviation of each number of a stroke's linear map
_BENT: Final = 0.08  # of the extent; half of it for the bend that is half as long
_MOVED: Final = 0.056  # of the extent, a stroke against the others

Floats = NDArray[np.float64]


def retraced(drawing: Drawing, count: int) -> list[NDArray[np.uint8]]:
    """Give `count` pictures (28, 28) of a drawing that was drawn anew, the same in every call.

    What was pasted as a picture has no strokes: it comes as it is.
    """
    pixels = drawing.pixels()
    if pixels is None:
        return []
    if drawing.picture is not None:
        return [pixels] * count
    generator = np.random.default_rng(crc32(to_line(drawing).encode()))
    strokes = drawing.strokes
    width = standard_width(strokes) if drawing.width is None else drawing.width
    extent = float(np.ptp(np.concatenate([one.points for one in strokes]), axis=0).max())
    low, high = np.log(_PENS)
    found = []
    for _again in range(count):
        pen = width * float(np.exp(generator.uniform(low, high)))
        anew = [
            Stroke(_bent(one.points, extent, generator, alone=len(strokes) == 1), one.widths)
            for one in strokes
        ]
        picture = prepare(anew, width=pen)
        found.append(pixels if picture is None else picture)
    return found


def _bent(
    points: NDArray[np.floating], extent: float, generator: np.random.Generator, *, alone: bool
) -> Floats:
    middle = points.mean(axis=0)
    turn = np.eye(2) + generator.normal(0, _STRETCHED, (2, 2))
    bent = (points - middle) @ turn.T
    along = np.linspace(0, 1, len(points))[:, None]
    for waves in (1, 2):
        begin = generator.uniform(0, 2 * np.pi, 2)
        size = generator.normal(0, _BENT * extent / waves, 2)
        bent += size * np.sin(np.pi * waves * along + begin)
    moved = np.zeros(2) if alone else generator.normal(0, _MOVED * extent, 2)
    place: Floats = bent + middle + moved
    return place
