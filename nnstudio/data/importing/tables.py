"""Tables of text: how letters, columns and header are written is guessed from the first rows.

Rows are counted as an editor counts the lines of the file, from 1; every complaint names its row.
"""

import codecs
import csv
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from io import TextIOWrapper
from itertools import islice
from typing import Any, BinaryIO, Final

from nnstudio.data.importing.asked import Asked
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

FIRST_ROWS: Final = 64
LONGEST_LINE: Final = 4_000_000
_DAMAGE: Final = (OSError, EOFError, zlib.error)
_FAR: Final = (0.3, 0.5, 0.7, 0.9)
_FAR_BYTES: Final = 32 * 1024
_HEAD_BYTES: Final = 256 * 1024
_SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# the likeliest first
_TITLES: Final = (
    "label", "labels", "class", "classes", "target", "digit", "category", "species", "y", "name",
)  # fmt: skip
_FILE_TITLES: Final = frozenset({"file", "filename", "image", "path", "picture"})


@dataclass(frozen=True, eq=False)
class Table:
    """A table whose layout is known.

    Attributes
    ----------
    file : str
        What it is called in complaints.
    opened : callable
        Gives its bytes from the beginning.
    asked : Asked
        With encoding, separator and header filled in.
    columns : tuple of str
        Names of the columns; their numbers from 1 where there is no header.
    first : list of list of str
        At most `FIRST_ROWS` rows below the header.
    """

    file: str
    opened: Callable[[], BinaryIO]
    asked: Asked
    columns: tuple[str, ...]
    first: list[list[str]]

    @property
    def separator(self) -> str:
        """What stands between two columns."""
        return _SEPARATORS[self.asked.separator]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Give number and text of every line below the header; empty ones are passed over."""
        numbered = _lines(self.file, self.opened, self.asked.encoding)
        if self.asked.header == "yes":
            next(numbered, None)
        return numbered

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give number and cells of every row below the header.

        Raises
        ------
        NnstudioError
            When a row cannot be taken apart or has not as many cells as there are columns.
        """
        return self.taken_apart(self.lines())

    def taken_apart(self, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[str]]]:
        """Give number and cells of numbered lines; raises as `rows` does."""
        for number, cells in _rows(self.file, iter(lines), self.separator):
            if len(cells) != len(self.columns):
                raise uneven(self.file, number, len(cells), len(self.columns))
            yield number, cells

    def column(self, asked: str) -> int:
        """Give the place of the column of a name, or of a number from 1.

        Raises
        ------
        NnstudioError
            When there is none.
        """
        folded = [name.casefold() for name in self.columns]
        if asked in self.columns:
            return self.columns.index(asked)
        if asked.casefold() in folded:
            return folded.index(asked.casefold())
        if asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= len(self.columns):
            return int(asked) - 1
        raise NnstudioError(
            "{file} has no column {name}; it has {columns}.",
            hint="Name one of its columns, or its number from 1.",
            file=self.file,
            name=asked,
            columns=", ".join(self.columns[:8]),
        )

    def titled(self) -> int | None:
        """Give the place of the column whose name says the most clearly that it holds labels."""
        if self.asked.header != "yes":
            return None
        folded = [name.casefold() for name in self.columns]
        return next((folded.index(title) for title in _TITLES if title in folded), None)


def uneven(file: str, row: int, found: int, expected: int) -> NnstudioError:
    """Give the sentence for a row of too few or too many cells."""
    return NnstudioError(
        "{file}, row {row}: it has {found} columns; {expected} were expected.",
        hint="Mend that row, or choose another separator.",
        file=file,
        row=row,
        found=found,
        expected=expected,
    )


def open_table(file: str, opened: Callable[[], BinaryIO], asked: Asked) -> Table:
    """Give a table after a look at its first rows.

    Raises
    ------
    NnstudioError
        When it cannot be read, has no rows, or is no text.
    """
    head = _head(file, opened)
    encoding = _encoding(head, file) if asked.encoding == "guessed" else asked.encoding
    asked = replace(asked, encoding=encoding)
    lines = list(islice(_lines(file, opened, encoding), FIRST_ROWS + 1))
    if not lines:
        raise NnstudioError("{file} has no rows.", hint="Choose another file.", file=file)
    if asked.separator == "guessed":
        asked = replace(asked, separator=_separator([line for _, line in lines]))
    rows = list(_rows(file, iter(lines), _SEPARATORS[asked.separator]))
    if asked.header == "guessed":
        asked = replace(asked, header=_header([cells for _, cells in rows]))
    top = rows[0][1]
    if asked.header == "yes":
        columns = tuple(name.strip()[:200] or str(place) for place, name in enumerate(top, 1))
        rows = rows[1:]
    else:
        columns = tuple(str(place) for place in range(1, len(top) + 1))
    first = [cells for _, cells in rows[:FIRST_ROWS]]
    if not first:
        raise NnstudioError(
            "{file} has no rows below its header.", hint="Choose another file.", file=file
        )
    return Table(file=file, opened=opened, asked=asked, columns=columns, first=first)


def far_rows(table: Table, size: int | None) -> list[list[str]]:
    """Give some rows from the middle and the end of a file of `size` bytes, for guesses alone."""
    if size is None or table.asked.encoding == "utf-16":
        return []
    found = []
    with suppress(*_DAMAGE, csv.Error), table.opened() as stream:
        for share in _FAR:
            stream.seek(int(size * share))
            lines = stream.read(_FAR_BYTES).decode(table.asked.encoding, "replace").splitlines()
            # the first and the last of them may be parts of a line
            found += list(csv.reader(lines[1:-1], delimiter=table.separator))
    return found


def _head(file: str, opened: Callable[[], BinaryIO]) -> bytes:
    try:
        with opened() as stream:
            return stream.read(_HEAD_BYTES)
    except _DAMAGE as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise _unreadable(file, text("{reason}", reason=reason)) from None


def _unreadable(file: str, reason: Text) -> NnstudioError:
    return NnstudioError(
        "{file} cannot be read: {reason}.",
        hint="Check that it is there, whole, and may be read.",
        file=file,
        reason=reason,
    )


def _encoding(head: bytes, file: str) -> Any:
    for mark, name in _BOMS:
        if head.startswith(mark):
            return "utf-8" if name == "utf-8-sig" else name
    if b"\0" in head:
        raise NnstudioError(
            "{file} is no table: it holds bytes that no text has.",
            hint="Choose another file, or the encoding UTF-16.",
            file=file,
        )
    for name in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"


def _lines(file: str, opened: Callable[[], BinaryIO], encoding: str) -> Iterator[tuple[int, str]]:
    number = 0
    try:
        with opened() as raw:
            name = "utf-8-sig" if encoding == "utf-8" else encoding
            with TextIOWrapper(raw, encoding=name) as stream:
                while line := stream.readline(LONGEST_LINE + 1):
                    number += 1
                    if len(line) > LONGEST_LINE:
                        raise NnstudioError(
                            "{file}, row {row}: it is longer than {most} characters.",
                            hint="Choose another file.",
                            file=file,
                            row=number,
                            most=LONGEST_LINE,
                        )
                    if line.strip():
                        yield number, line
    except UnicodeError:
        raise NnstudioError(
            "{file}, row {row} or soon after: its letters are not written in {encoding}.",
            hint="Choose another encoding.",
            file=file,
            row=number + 1,
            encoding=encoding.upper(),
        ) from None
    except _DAMAGE as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise _unreadable(
            file, text("row {row}: {reason}", row=number + 1, reason=reason)
        ) from None


def _rows(
    file: str, lines: Iterator[tuple[int, str]], separator: str
) -> Iterator[tuple[int, list[str]]]:
    number = 0

    def texts() -> Iterator[str]:
        nonlocal number
        for number, line in lines:  # noqa: B007 - told of by who reads the rows
            yield line

    reader = csv.reader(texts(), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield number, cells
    except csv.Error as error:
        raise NnstudioError(
            "{file}, row {row}: it cannot be taken apart ({reason}).",
            hint="Mend that row, or choose another separator.",
            file=file,
            row=number,
            reason=str(error),
        ) from None


def _separator(lines: list[str]) -> Any:
    counts = {
        name: [line.count(sign) for line in lines[:FIRST_ROWS]]
        for name, sign in _SEPARATORS.items()
    }
    # the one that stands in every line, most often in the line that has fewest
    return max(counts, key=lambda name: (min(counts[name]), sum(counts[name]), name == "comma"))


def _header(rows: list[list[str]]) -> Any:
    top, below = rows[0], rows[1:]
    titled = any(cell.strip().casefold() in {*_TITLES, *_FILE_TITLES} for cell in top)
    if not below:
        return "yes" if titled and not any(map(is_number, top)) else "no"
    if any(is_number(cell) for cell in top):
        # columns called label, 0, 1, 2 ...: no row of values has every number once and in order
        numbers = [cell.strip() for cell in top if is_number(cell)]
        counted = [str(place + (numbers[0] != "0")) for place in range(len(numbers))]
        return "yes" if titled and numbers == counted and len(numbers) > 1 else "no"
    numeric = any(is_number(cell) for row in below for cell in row)
    return "yes" if numeric or titled else "no"


def is_number(cell: str) -> bool:
    """Tell whether a cell holds a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell
