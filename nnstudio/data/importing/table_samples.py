"""Samples in the rows of a table: one column is the class, the others are pixels or numbers.

Long runs of plain lines are read at once; a run in which anything is odd is read cell by cell.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import isqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.class_names import without_fraction
from nnstudio.data.importing.asked import MOST_PREVIEWED
from nnstudio.data.importing.found import Chunk, Found, Paced
from nnstudio.data.importing.tables import Table, far_rows, is_number, uneven
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

_AT_ONCE: Final = 256
_LEAST_SIDE: Final = 5  # a square of fewer numbers than 5 × 5 is more likely a plain table
_ROW_TITLES: Final = frozenset({"", "id", "index", "unnamed: 0", "row"})


@dataclass(frozen=True)
class _Layout:
    """Which column holds the class, which are values, and the side of the picture they make."""

    label: int
    values: tuple[int, ...]
    side: int | None


def find_in_table(table: Table, *, size: int | None) -> Found:
    """Give what is known of a table of samples before it is read.

    Parameters
    ----------
    table : Table
        The table.
    size : int or None
        Its bytes, to tell how far reading is.

    Raises
    ------
    NnstudioError
        When no column can be the class, or there are no others.
    """
    layout, remarks = _layout(table, size)
    pictures = layout.side is not None

    def chunks(progress: Progress) -> Iterator[Chunk]:
        told = Paced(progress, text("reading {name}", name=table.file))
        return _chunks(table, layout, told, size=size, most=None)

    def glance(progress: Progress) -> Iterator[Chunk]:
        told = Paced(progress, text("reading {name}", name=table.file))
        return _chunks(table, layout, told, size=size, most=MOST_PREVIEWED)

    asked = replace(
        table.asked,
        labels=table.columns[layout.label],
        values="pictures" if pictures else "numbers",
    )
    shaped = ("values", "height", "width", "ground", "prepare") if pictures else ("values",)
    kind = (
        text("Table of pictures of {side} × {side} pixels, a sample a row", side=layout.side)
        if pictures
        else text("Table of {count} numbers and a class, a sample a row", count=len(layout.values))
    )
    return Found(
        kind=kind,
        nature="pixels" if pictures else "numbers",
        asked=asked,
        settings=("labels", "header", "separator", "encoding", *shaped, "classes"),
        chunks=chunks,
        glance=glance,
        remarks=remarks,
        columns=table.columns,
        rows=tuple(tuple(row) for row in table.first[:8]),
    )


def _layout(table: Table, size: int | None) -> tuple[_Layout, tuple[Text, ...]]:
    count = len(table.columns)
    label = table.column(table.asked.labels) if table.asked.labels else _guessed_label(table, size)
    left_out = [] if label is None else _row_numbers(table, label)
    if label is None or count - len(left_out) < 2:
        raise NnstudioError(
            "{file} has no column of labels beside its values: it has {count} columns.",
            hint="Choose the column that holds the labels, or another file.",
            file=table.file,
            count=count,
        )
    values = tuple(place for place in range(count) if place != label and place not in left_out)
    side = isqrt(len(values))
    square = side * side == len(values)
    wanted = table.asked.values
    if wanted == "pictures" and not square:
        raise NnstudioError(
            "{file} has {count} columns of values, which make no square picture.",
            hint="Choose another column of labels, or read its values as numbers.",
            file=table.file,
            count=len(values),
        )
    pictures = wanted == "pictures" or (
        wanted == "guessed" and square and side >= _LEAST_SIDE and _look_like_pixels(table, values)
    )
    remarks = [
        text("The column “{name}” only numbers the rows and is left out.", name=table.columns[one])
        for one in left_out
    ]
    if not table.asked.labels and table.asked.header == "no":
        told = text("The class is taken from column {name}.", name=table.columns[label])
        remarks.append(told)
    if any(_is_fraction(row[label]) for row in table.first if len(row) > label):
        told = text("The labels in “{name}” are fractions, not classes.", name=table.columns[label])
        remarks.append(told)
    return _Layout(label, values, side if pictures else None), tuple(remarks)


def _is_fraction(cell: str) -> bool:
    return is_number(cell) and not float(cell).is_integer()


def _guessed_label(table: Table, size: int | None) -> int | None:
    titled = table.titled()
    if titled is not None:
        return titled
    count = len(table.columns)
    some = _some(table)
    wordy = [place for place in range(count) if not _all_numbers(some, place)]
    if wordy:
        return wordy[0] if len(wordy) == 1 else None
    if table.asked.header == "yes" and isqrt(count) ** 2 == count and count >= _LEAST_SIDE**2:
        return None  # pixels alone, with names: a test set without its answers
    # rows may be sorted by class, so some are looked at further down as well
    rows = [row for row in (*table.first, *far_rows(table, size)) if len(row) == count]
    first, last = ({row[place].strip() for row in rows} for place in (0, -1))
    return count - 1 if _like_classes(last) < _like_classes(first) else 0


def _like_classes(cells: set[str]) -> tuple[bool, float]:
    """Give what is the smaller, the more the cells of a column are like numbers of classes."""
    whole = all(cell.isascii() and cell.isdigit() and len(cell) < 6 for cell in cells)
    # the pixels at the edge of pictures are mostly alike; those that are not reach higher
    return not (whole and len(cells) > 1), max(map(int, cells)) if whole and cells else 0.0


def _all_numbers(rows: list[list[str]], place: int) -> bool:
    return all(is_number(row[place]) for row in rows if len(row) > place and row[place])


def _row_numbers(table: Table, label: int) -> list[int]:
    if (
        table.asked.header != "yes"
        or label == 0
        or table.columns[0].casefold() not in (_ROW_TITLES | {"1"})
    ):
        return []
    found = [row[0] for row in table.first if row]
    return [0] if len(set(found)) == len(found) > 1 else []


def _some(table: Table) -> list[list[str]]:
    """Give first rows, the fewer the more columns there are."""
    return table.first[: max(2, 100_000 // len(table.columns))]


def _look_like_pixels(table: Table, values: tuple[int, ...]) -> bool:
    for row in _some(table):
        for place in values:
            if len(row) > place and is_number(row[place]):
                value = float(row[place])
                if not 0 <= value <= 65535:
                    return False
    return True


def _chunks(
    table: Table, layout: _Layout, told: Paced, *, size: int | None, most: int | None
) -> Iterator[Chunk]:
    lines = islice(table.lines(), most)
    taken = _Runs(table, layout)
    done = 0
    while run := list(islice(lines, _AT_ONCE)):
        done += sum(len(line) for _, line in run)
        yield taken(run)
        told(done, size)


class _Runs:
    """Turns runs of lines into samples."""

    def __init__(self, table: Table, layout: _Layout) -> None:
        self._table = table
        self._layout = layout

    def __call__(self, run: list[tuple[int, str]]) -> Chunk:
        made = self._at_once(run)
        values, labels = self._cell_by_cell(run) if made is None else made
        if self._layout.side is not None:
            values = _narrowed(values).reshape(len(values), self._layout.side, -1)
        return Chunk(values, labels)

    def _at_once(self, run: list[tuple[int, str]]) -> tuple[NDArray[np.float64], list[str]] | None:
        table, layout = self._table, self._layout
        separator, breaks = table.separator, len(table.columns) - 1
        if len(layout.values) != breaks:
            return None
        labels, rest = [], []
        for row, line in run:
            found = line.count(separator)
            if '"' in line:
                return None
            if found != breaks:
                raise uneven(table.file, row, found + 1, breaks + 1)
            label, values = _parted(line.rstrip("\r\n"), separator, layout.label)
            labels.append(label)
            rest.append(values)
        joined = separator.join(rest)
        if separator != ",":
            if "," in joined:
                return None
            joined = joined.replace(separator, ",")
        try:
            # stops at what is no number; filters of warnings belong to all threads, so none is set
            made = np.fromstring(joined, np.float64, sep=",")
        except (ValueError, DeprecationWarning):
            return None
        if made.size != len(run) * breaks or not np.isfinite(made).all():
            return None
        names = [label_in(label, row, table) for label, (row, _) in zip(labels, run, strict=True)]
        return made.reshape(len(run), breaks), names

    def _cell_by_cell(self, run: list[tuple[int, str]]) -> tuple[NDArray[np.float64], list[str]]:
        table, layout = self._table, self._layout
        made, labels = [], []
        for row, cells in table.taken_apart(run):
            labels.append(label_in(cells[layout.label], row, table))
            made.append([_number(cells[place], row, place, table) for place in layout.values])
        return np.array(made, np.float64).reshape(len(made), len(layout.values)), labels


def _parted(line: str, separator: str, label: int) -> tuple[str, str]:
    if label == 0:
        found, _, rest = line.partition(separator)
        return found, rest
    cells = line.split(separator)
    found = cells.pop(label)
    return found, separator.join(cells)


def label_in(cell: str, row: int, table: Table) -> str:
    """Give the class that a cell of a table names.

    Raises
    ------
    NnstudioError
        When the cell is empty, with the row.
    """
    name = cell.strip()
    if not name:
        raise NnstudioError(
            "{file}, row {row}: it has no label.",
            hint="Fill in its class, or remove the row.",
            file=table.file,
            row=row,
        )
    return without_fraction(name)


def _number(cell: str, row: int, place: int, table: Table) -> float:
    written = cell.strip()
    if table.separator == ";":
        written = written.replace(",", ".")
    if is_number(written):
        value = float(written)
        if np.isfinite(value):
            return value
    raise NnstudioError(
        "{file}, row {row}, column {column}: a number was expected, not “{found}”.",
        hint="Mend that cell, or choose another column of labels.",
        file=table.file,
        row=row,
        column=table.columns[place],
        found=cell[:40],
    )


def _narrowed(values: NDArray[np.float64]) -> NDArray[Any]:
    """Give pixels as bytes where they are bytes, else in single precision."""
    if values.size and values.min() >= 0 and values.max() <= 255:
        small = values.astype(np.uint8)
        if np.array_equal(small, values):
            return small
    return values.astype(np.float32)
