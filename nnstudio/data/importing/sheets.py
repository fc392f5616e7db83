"""Many small pictures on one sheet: a grid of equal cells, told or guessed from the gaps in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.importing.asked import MOST_CELLS, MOST_PREVIEWED, Asked
from nnstudio.data.importing.found import Chunk, Found, class_name
from nnstudio.data.pictures import decoded, on_light_ground
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

_SIDES: Final = (28, 32, 20, 16, 64, 8)
_EVEN: Final = 2.0  # bands and their distances differ by less
_INK: Final = 0.25  # share of the contrast from which a pixel is ink


def find_sheet(path: Path, asked: Asked) -> Found:
    """Give the pictures on a sheet, or the only one; cells without ink are left out.

    Raises
    ------
    NnstudioError
        When it is no picture, or has not as many pixels as rows and columns.
    """
    grey = decoded(path, name=str(path))
    guessed = _grid(grey)
    rows = asked.rows or guessed[0]
    columns = asked.columns or guessed[1]
    if rows > grey.shape[0] or columns > grey.shape[1]:
        raise NnstudioError(
            "{file} has {height} × {width} pixels, too few for {rows} rows of {columns} pictures.",
            hint="Correct the rows and columns.",
            file=path,
            height=grey.shape[0],
            width=grey.shape[1],
            rows=rows,
            columns=columns,
        )
    sheet = asked.sheet if asked.sheet != "guessed" else _classes(rows, columns)
    asked = replace(
        asked, rows=rows, columns=columns, sheet=sheet, label=asked.label or class_name(path.stem)
    )
    cells = list(_cells(grey, asked))
    blank = rows * columns - len(cells)
    remarks: list[Text] = []
    if blank:
        remarks.append(text("{count} empty cells are left out.", count=blank))
    names = [name for _, name in cells]
    counts = Counter(names)
    chunk = Chunk([cell for cell, _ in cells], names)
    some = cells[:: -(-len(cells) // MOST_PREVIEWED) or 1]

    def chunks(_progress: Progress) -> Iterator[Chunk]:
        yield chunk

    def glance(_progress: Progress) -> Iterator[Chunk]:
        yield Chunk([cell for cell, _ in some], [name for _, name in some])

    kind = (
        text("One picture")
        if rows * columns == 1
        else text("Sheet of {rows} rows of {columns} pictures", rows=rows, columns=columns)
    )
    return Found(
        kind=kind,
        nature="files",
        asked=asked,
        settings=(
            "rows",
            "columns",
            "sheet",
            "label",
            "height",
            "width",
            "ground",
            "prepare",
            "classes",
        ),
        chunks=chunks,
        glance=glance,
        count=len(cells),
        classes=tuple(counts.items()),
        remarks=tuple(remarks),
    )


def _classes(rows: int, columns: int) -> Literal["rows", "columns", "one"]:
    if rows * columns == 1 or 10 not in {rows, columns}:
        return "one"
    return "rows" if rows == 10 else "columns"


def _cells(grey: NDArray[np.uint8], asked: Asked) -> Iterator[tuple[NDArray[np.uint8], str]]:
    rows, columns = asked.rows or 1, asked.columns or 1
    tops = np.linspace(0, grey.shape[0], rows + 1).round().astype(int)
    lefts = np.linspace(0, grey.shape[1], columns + 1).round().astype(int)
    light = on_light_ground(grey) if asked.ground == "guessed" else asked.ground == "light"
    ground = _ground(grey)
    for row in range(rows):
        for column in range(columns):
            cell = grey[tops[row] : tops[row + 1], lefts[column] : lefts[column + 1]]
            if rows * columns > 1 and not _inked(cell, ground, light=light):
                continue
            place = {"rows": str(row), "columns": str(column)}
            yield cell, place.get(asked.sheet, asked.label)


def _inked(cell: NDArray[np.uint8], ground: float, *, light: bool) -> bool:
    strongest = ground - float(cell.min()) if light else float(cell.max()) - ground
    return strongest > 255 * _INK


def _grid(grey: NDArray[np.uint8]) -> tuple[int, int]:
    """Give rows and columns: of cells of a usual size, or of bands of ink with gaps between."""
    height, width = grey.shape
    ink = _ink(grey)
    for side in _SIDES:
        many = max(height, width) // side
        if height % side == 0 and width % side == 0 and 1 < many <= MOST_CELLS:
            across = np.arange(side, height, side)
            down = np.arange(side, width, side)
            edges = np.concatenate([ink[across].ravel(), ink[:, down].ravel()])
            if edges.size and edges.mean() < max(0.02, ink.mean() / 4):
                return height // side, width // side
    rows, columns = _bands(ink.any(axis=1)), _bands(ink.any(axis=0))
    # a single digit may be of several pieces, but not of a grid of them
    grid = rows * columns >= 4 and max(rows, columns) <= MOST_CELLS and min(height, width) > 40
    return (rows, columns) if grid else (1, 1)


def _ink(grey: NDArray[np.uint8]) -> NDArray[np.bool_]:
    away = np.abs(grey.astype(np.float32) - _ground(grey))
    found: NDArray[np.bool_] = away > max(16.0, _INK * float(away.max()))
    return found


def _ground(grey: NDArray[np.uint8]) -> float:
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))


def _bands(inked: Any) -> int:
    """Give how many bands of ink there are, or 1 when they are not as even as a grid's."""
    steps = np.diff(np.concatenate([[0], inked.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    sizes, apart = ends - starts, np.diff((starts + ends) / 2)
    if len(starts) < 2 or sizes.min() * _EVEN < sizes.max() or apart.min() * _EVEN < apart.max():
        return 1  # specks on the paper, or the pieces of one digit
    return len(starts)
