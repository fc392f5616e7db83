"""Pen strokes as JSON lines: rendered by the canvas's own code, so always prepared."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from nnstudio.data.drawings import Drawing, read_drawings
from nnstudio.data.importing.asked import MOST_PREVIEWED, Asked
from nnstudio.data.importing.found import Chunk, Found
from nnstudio.data.progress import Progress
from nnstudio.data.strokes import SIDE
from nnstudio.errors import NnstudioError
from nnstudio.texts import text

_AT_ONCE: Final = 256


def find_drawn(path: Path, asked: Asked) -> Found:
    """Give what is known of a file of drawings before it is read."""

    def chunks(progress: Progress) -> Iterator[Chunk]:
        return _chunks(path, progress, most=None)

    def glance(progress: Progress) -> Iterator[Chunk]:
        return _chunks(path, progress, most=MOST_PREVIEWED)

    return Found(
        kind=text("Pen strokes, one drawing a line"),
        nature="drawn",
        asked=asked,
        settings=("classes", "height", "width"),
        chunks=chunks,
        glance=glance,
    )


def _chunks(path: Path, progress: Progress, *, most: int | None) -> Iterator[Chunk]:
    drawings = enumerate(islice(read_drawings(path, progress), most), 1)
    while some := list(islice(drawings, _AT_ONCE)):
        pictures = [one.pixels() for _, one in some]
        blank = np.zeros((SIDE, SIDE), np.uint8)
        labels = [_label(one, path, number) for number, one in some]
        yield Chunk([blank if one is None else one for one in pictures], labels)


def _label(drawing: Drawing, path: Path, number: int) -> str:
    if drawing.label:
        return drawing.label
    raise NnstudioError(
        "Drawing {number} of {file} has no label.",
        hint="Give every drawing a “label”.",
        number=number,
        file=path,
    )
