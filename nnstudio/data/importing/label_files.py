"""A table of file names and classes beside pictures; each of its rows must name one that is there.

Names are found as they are written, below the table's own folder, without folders, or without
their endings.
"""

import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from typing import Final

from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.found import Paced
from nnstudio.data.importing.piles import Pile
from nnstudio.data.importing.table_samples import label_in
from nnstudio.data.importing.tables import Table, open_table
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

_ENDINGS: Final = (".csv", ".tsv", ".txt")
_LIKELY: Final = ("labels.csv", "label.csv", "annotations.csv", "train.csv", "index.csv")


@dataclass(frozen=True, eq=False)
class Labelled:
    """Files with their classes, and how the table was read."""

    files: list[tuple[str, str]]
    asked: Asked
    columns: tuple[str, ...]
    remarks: tuple[Text, ...]


def tables_in(pile: Pile, asked: Asked) -> list[str]:
    """Give the names of tables that may hold the labels, the likeliest first."""
    found = [name for name in pile.names if name.lower().endswith(_ENDINGS)]
    named = [name for name in found if asked.labels and _last(name) == _last(asked.labels)]
    if named:
        return named
    return sorted(found, key=_unlikely)[:8]


def _unlikely(name: str) -> tuple[int, int, str]:
    last = _last(name).lower()
    place = _LIKELY.index(last) if last in _LIKELY else len(_LIKELY)
    return place, name.count("/"), name


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def labelled(
    pile: Pile, name: str, pictures: list[str], asked: Asked, told: Paced, *, chosen: bool
) -> Labelled | None:
    """Give the pictures that a table names, with their classes; None when it is another table.

    A table that was `chosen`, or has the name of one that holds labels, must name pictures.

    Raises
    ------
    NnstudioError
        With the row: when it names a file that is not there or names one twice with two classes,
        or has no label.
    """
    file = f"{pile.path}/{name}"
    must = chosen or _last(name).lower() in _LIKELY or _last(name) == _last(asked.labels)
    try:
        column = "" if _last(name) == _last(asked.labels) else asked.labels
        table = open_table(file, lambda: BytesIO(pile.content(name)), replace(asked, labels=column))
        names = _Names(name, pictures, stems=must)
        place = _file_column(table, names, enough=1 if must else (len(table.first) + 1) // 2)
    except NnstudioError:
        if must:
            raise
        return None
    if place is None:
        if must:
            raise _unknown(file, table.first[0][0], row=1 + (table.asked.header == "yes"))
        return None
    label = _label_column(table, place)
    return _read(table, place, label, names, told)


class _Names:
    """Finds a picture by what a table calls it."""

    def __init__(self, table: str, pictures: list[str], *, stems: bool) -> None:
        self._stems = stems
        folder = table.rpartition("/")[0]
        self._folder = f"{folder}/" if folder else ""
        # some systems write é as one letter, others as two
        self._whole = {unicodedata.normalize("NFC", name): name for name in pictures}

    @cached_property
    def _by_last(self) -> dict[str, str]:
        return _unique([(_last(key), name) for key, name in self._whole.items()])

    @cached_property
    def _by_stem(self) -> dict[str, str]:
        return _unique([(_last(key).rpartition(".")[0], name) for key, name in self._whole.items()])

    def find(self, cell: str) -> str | None:
        name = unicodedata.normalize("NFC", cell.strip()).replace("\\", "/").removeprefix("./")
        for whole in (self._folder + name, name):
            if whole in self._whole:
                return self._whole[whole]
        last = _last(name)
        return self._by_last.get(last) or (
            self._by_stem.get(last) if last and self._stems else None
        )


def _unique(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, name in pairs:
        found[key] = "" if key in found else name
    return found


def _file_column(table: Table, names: _Names, *, enough: int) -> int | None:
    if table.asked.samples:
        return table.column(table.asked.samples)
    width = min(len(table.columns), 64)
    found = {
        place: sum(names.find(row[place]) is not None for row in table.first if len(row) > place)
        for place in range(width)
    }
    best = max(found, key=lambda place: found[place])
    return best if found[best] >= enough else None


def _label_column(table: Table, file: int) -> int:
    if table.asked.labels:
        return table.column(table.asked.labels)
    titled = table.titled()
    if titled is not None and titled != file:
        return titled
    others = [place for place in range(len(table.columns)) if place != file]
    if not others:
        raise NnstudioError(
            "{file} has no column of labels beside the names of the pictures.",
            hint="Add a column “label”.",
            file=table.file,
        )
    return others[0]


def _read(table: Table, place: int, label: int, names: _Names, told: Paced) -> Labelled:
    classes: dict[str, str] = {}
    twice = 0
    for row, cells in table.rows():
        told(row, None)
        found = names.find(cells[place])
        if not found:
            raise _unknown(table.file, cells[place], row=row)
        name = label_in(cells[label], row, table)
        if classes.get(found, name) != name:
            raise NnstudioError(
                "{file}, row {row}: {picture} is {other} here and {name} further up.",
                hint="Leave one of the two rows.",
                file=table.file,
                row=row,
                picture=cells[place],
                other=name,
                name=classes[found],
            )
        twice += found in classes
        classes[found] = name
    remarks = (text("{count} rows name a picture again.", count=twice),) if twice else ()
    asked = replace(table.asked, labels=table.columns[label], samples=table.columns[place])
    return Labelled(list(classes.items()), asked, table.columns, remarks)


def _unknown(file: str, name: str, *, row: int) -> NnstudioError:
    return NnstudioError(
        "{file}, row {row}: there is no picture {name}.",
        hint="Mend that row, or put the picture beside the table.",
        file=file,
        row=row,
        name=name[:80],
    )
