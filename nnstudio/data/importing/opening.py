"""Which reader a path is for: told by what the file begins with, never by its name alone."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final, cast

from nnstudio.data.catalogue.idx_files import unreadable
from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.drawn_lines import find_drawn
from nnstudio.data.importing.found import Found, Paced
from nnstudio.data.importing.idx_pairs import find_idx, pair_of, pairs_in
from nnstudio.data.importing.npz_arrays import find_npz
from nnstudio.data.importing.picture_sets import find_pictures
from nnstudio.data.importing.piles import FolderPile, ZipPile
from nnstudio.data.importing.sheets import find_sheet
from nnstudio.data.importing.table_samples import find_in_table
from nnstudio.data.importing.tables import Table, open_table
from nnstudio.data.pictures import ENDINGS
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.texts import text

_HEAD_BYTES: Final = 512
_MOST_COLUMNS: Final = 64  # of a table that names pictures
_TABLES: Final = (".csv", ".tsv")
_TEXTS: Final = (*_TABLES, ".txt", ".gz")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_SINGLE: Final = (".csv", ".tsv", ".csv.gz", ".jsonl", ".jsonl.gz")
_PICTURES: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"P5", b"P6",
)  # fmt: skip
_NUMBER_KINDS: Final = b"\x08\x09\x0b\x0c\x0d\x0e"


@contextmanager
def opened(path: Path, asked: Asked, progress: Progress) -> Iterator[Found]:
    """Give what is at a path, as long as the context lasts.

    Raises
    ------
    NnstudioError
        When nothing is there, it cannot be read, or is of no kind that is known.
    """
    with ExitStack() as stack:
        if os.path.isdir(path):  # noqa: PTH112 - a Path raises for names that are too long
            yield _in_folder(path, asked, progress, stack)
        else:
            yield _in_file(path, asked, progress, stack)


def _told(path: Path, progress: Progress) -> Paced:
    return Paced(progress, text("looking into {name}", name=path.name))


def _in_folder(path: Path, asked: Asked, progress: Progress, stack: ExitStack) -> Found:
    told = _told(path, progress)
    pile = FolderPile(path, told)
    tops = [name for name in pile.names if "/" not in name]
    images = [name for name in tops if "-images" in name and "idx" in name]
    if images:
        return find_idx(pairs_in(path, images, asked), asked, progress)
    archives = [name for name in tops if name.endswith(".npz")]
    pictured = any(Path(name).suffix.lower() in ENDINGS for name in pile.names)
    if len(archives) == 1 and not pictured:
        return find_npz(path / archives[0], asked, progress)
    single = [name for name in tops if name.lower().endswith(_SINGLE)]
    if not pictured and len(single) == 1:
        return _in_file(path / single[0], asked, progress, stack)
    if not pictured:
        raise NnstudioError(
            "{folder} holds no pictures, no IDX files and {count} .npz files.",
            hint="Name the file itself, or a folder of pictures.",
            folder=path,
            count=len(archives),
        )
    return find_pictures(pile, asked, told)


def _in_file(path: Path, asked: Asked, progress: Progress, stack: ExitStack) -> Found:
    head = _head(path)
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _in_zip(path, asked, progress, stack)
    gzipped = head.startswith(b"\x1f\x8b")
    inner = _inflated(head) if gzipped else head
    if inner[:2] == b"\0\0" and len(inner) > 2 and inner[2] in _NUMBER_KINDS:
        return find_idx([pair_of(path, asked)], asked, progress)
    if not gzipped and (inner.startswith(_PICTURES) or path.suffix.lower() in ENDINGS):
        return find_sheet(path, asked)
    if inner.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" or ".jsonl" in path.name.lower():
        return find_drawn(path, asked)

    if b"\0" in inner and not inner.startswith(_UTF_16) and path.suffix.lower() not in _TEXTS:
        raise NnstudioError(
            "{file} is of no kind that is known: no picture, table, archive or file of arrays.",
            hint="Choose another file.",
            file=path,
        )

    def stream() -> BinaryIO:
        return cast("BinaryIO", gzip.open(path)) if gzipped else path.open("rb")

    table = open_table(str(path), stream, asked)
    if not gzipped and _names_pictures(table, path.parent):
        told = _told(path, progress)
        return find_pictures(FolderPile(path.parent, told), asked, told, table=path.name)
    return find_in_table(table, size=None if gzipped else path.stat().st_size)


def _names_pictures(table: Table, folder: Path) -> bool:
    """Tell whether a cell of the first rows is the name of a picture below `folder`."""
    if len(table.columns) > _MOST_COLUMNS:
        return False
    cells = [cell.strip().replace("\\", "/") for row in table.first for cell in row]
    named = [cell for cell in cells if Path(cell).suffix.lower() in ENDINGS]
    return any(len(cell) < 200 and (folder / cell).is_file() for cell in named)


def _head(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise NnstudioError(
                "{file} is neither a file nor a folder.", hint="Choose another file.", file=path
            )
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise NnstudioError(
            "{file} is not there.", hint="Check the name of the file or folder.", file=path
        ) from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError):
            raise unreadable(path, error) from None
        raise NnstudioError(
            "{file} is not there.", hint="Check the name of the file or folder.", file=path
        ) from None
    if not head:
        raise NnstudioError("{file} is empty.", hint="Choose another file.", file=path)
    return head


def _inflated(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD_BYTES)
    except zlib.error:
        return b""


def _in_zip(path: Path, asked: Asked, progress: Progress, stack: ExitStack) -> Found:
    told = _told(path, progress)
    pile = ZipPile(path, told)
    stack.callback(pile.close)
    if pile.names and all(name.endswith(".npy") for name in pile.names):
        return find_npz(path, asked, progress)
    pictured = any(Path(name).suffix.lower() in ENDINGS for name in pile.names)
    tables = [name for name in pile.names if name.lower().endswith(_TABLES)]
    if len(tables) == 1 and not pictured:
        table = open_table(f"{path}/{tables[0]}", lambda: BytesIO(pile.content(tables[0])), asked)
        return find_in_table(table, size=None)
    return find_pictures(pile, asked, told)
