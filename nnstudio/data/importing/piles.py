"""The files below a folder or in a zip archive, listed without trust and opened one by one.

Nothing is unpacked and no name leads out of its archive; what systems leave behind is passed over.
"""

import os
import stat
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, Protocol

from nnstudio.data.catalogue.idx_files import MAX_DEFLATE_RATIO, unreadable
from nnstudio.data.catalogue.npz_files import ARCHIVE_DAMAGE
from nnstudio.data.importing.found import MOST_SAMPLES, Paced
from nnstudio.errors import NnstudioError

MOST_DEPTH: Final = 40
_SMALL_BYTES: Final = 4 * 2**20
_MOST_FILE_BYTES: Final = 256 * 2**20
_MOST_DIRECTORY_BYTES: Final = 192 * 2**20
_IN_UTF_8: Final = 0x800
_LEFT_BEHIND: Final = frozenset({"thumbs.db", "desktop.ini", "__macosx", "@eadir", "ehthumbs.db"})
ZIP_DAMAGE: Final = (*ARCHIVE_DAMAGE, ValueError, OSError)


class Pile(Protocol):
    """Files by their names, which have "/" between folders.

    Links to folders are not followed, and those of an archive not at all; `links` counts them.
    """

    path: Path
    names: list[str]
    links: int

    def source(self, name: str) -> Any:
        """Give what `decoded` takes for the file."""

    def content(self, name: str) -> bytes:
        """Give the bytes of a file."""


def passed_over(name: str) -> bool:
    """Tell whether a file or folder is hidden or one that systems leave behind."""
    return name.startswith(".") or name.lower() in _LEFT_BEHIND


class FolderPile:
    """The files below a folder; no folder is entered twice, and none through a link.

    A link would lead out of the folder, or to what is read at its own place.

    Raises
    ------
    NnstudioError
        When a folder cannot be read, or there are more than `MOST_SAMPLES` files.
    """

    def __init__(self, path: Path, told: Paced, *, most: int = MOST_SAMPLES) -> None:
        self.path = path
        self.names: list[str] = []
        self.links = 0
        entered: set[tuple[int, int]] = set()
        waiting = [("", 0)]
        while waiting:
            below, depth = waiting.pop()
            folder = os.path.join(path, below)  # noqa: PTH118 - a Path for each of 100,000 files is slow
            for entry, what in _entries(folder, entered):
                told(len(self.names), None)
                if what == "folder" and depth < MOST_DEPTH:
                    waiting.append((f"{below}{entry}/", depth + 1))
                elif what == "file":
                    self.names.append(below + entry)
                self.links += what == "link"
                if len(self.names) > most:
                    raise too_many(path, most)

    def source(self, name: str) -> str:
        """Give the whole name of the file."""
        return os.path.join(self.path, name)  # noqa: PTH118 - as above

    def content(self, name: str) -> bytes:
        """Give the bytes of a file.

        Raises
        ------
        NnstudioError
            When it cannot be read, or is too large.
        """
        path = self.path / name
        try:
            if path.stat().st_size > _MOST_FILE_BYTES:
                raise _too_large(str(path))
            return path.read_bytes()
        except OSError as error:
            raise unreadable(path, error) from None


def _entries(folder: str, entered: set[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """Give what is in a folder by name, each a "folder", a "file", or a "link" to anything else."""
    try:
        about = os.stat(folder)  # noqa: PTH116 - a name, not a Path
        if (about.st_dev, about.st_ino) in entered and about.st_ino:
            return
        entered.add((about.st_dev, about.st_ino))
        with os.scandir(folder) as found:
            for entry in found:
                if passed_over(entry.name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield entry.name, "folder"
                elif entry.is_file():
                    yield entry.name, "file"
                elif entry.is_symlink():
                    yield entry.name, "link"
    except OSError as error:
        raise unreadable(Path(folder), error) from None


class _Told(list[zipfile.ZipInfo]):
    """A list that tells how long it is as it grows."""

    def __init__(self, told: Paced) -> None:
        super().__init__()
        self._told = told

    def append(self, entry: zipfile.ZipInfo, /) -> None:
        self._told(len(self), None)
        super().append(entry)


class _Archive(zipfile.ZipFile):
    """An archive that tells that it goes on while its files are listed, which takes long."""

    def __init__(self, path: Path, told: Paced) -> None:
        self._listed = _Told(told)
        super().__init__(path)

    @property
    def filelist(self) -> list[zipfile.ZipInfo]:
        return self._listed

    @filelist.setter
    def filelist(self, empty: list[zipfile.ZipInfo]) -> None:
        self._listed[:] = empty


class ZipPile:
    """The files in a zip archive; close it when done.

    Raises
    ------
    NnstudioError
        When it is damaged, has too many files, a name twice, or one that leads out of it.
    """

    def __init__(self, path: Path, told: Paced, *, most: int = MOST_SAMPLES) -> None:
        self.path = path
        try:
            if path.stat().st_size - _directory_start(path) > _MOST_DIRECTORY_BYTES:
                raise too_many(path, most)
            self._archive = _Archive(path, told)
        except ZIP_DAMAGE as error:
            raise damaged(path, error) from None
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self.links = 0
        if len(self._archive.infolist()) > most:
            raise too_many(path, most)
        for entry in self._archive.infolist():
            told(len(self._entries), None)
            self._take(entry)
        self.names = list(self._entries)

    def _take(self, entry: zipfile.ZipInfo) -> None:
        name = _written(entry).replace("\\", "/")
        parts = name.split("/")
        if name.startswith("/") or ".." in parts or ":" in parts[0]:
            raise NnstudioError(
                "{file} holds the name {name}, which leads out of it.",
                hint="Choose an archive from a place that you trust.",
                file=self.path,
                name=entry.filename,
            )
        linked = stat.S_ISLNK(entry.external_attr >> 16)
        self.links += linked
        if entry.is_dir() or linked or any(passed_over(part) for part in parts):
            return
        if name in self._entries:
            raise NnstudioError(
                "{file} holds {name} twice.", hint="Pack it again.", file=self.path, name=name
            )
        self._entries[name] = entry

    def source(self, name: str) -> IO[bytes]:
        """Give the file in memory; a large one as a stream, of which only what is asked for."""
        entry = self._entries[name]
        if entry.file_size <= _SMALL_BYTES:
            return BytesIO(self.content(name))
        self._check(name)
        try:
            return self._archive.open(entry)
        except ZIP_DAMAGE as error:
            raise damaged(Path(f"{self.path}/{name}"), error) from None

    def _check(self, name: str) -> None:
        entry = self._entries[name]
        limit = min(_MOST_FILE_BYTES, 64 + entry.compress_size * MAX_DEFLATE_RATIO)
        if entry.file_size > limit:
            raise _too_large(f"{self.path}/{name}")

    def content(self, name: str) -> bytes:
        """Give the bytes of a file.

        Raises
        ------
        NnstudioError
            When it is damaged, encrypted, or claims more than it can hold.
        """
        entry = self._entries[name]
        self._check(name)
        try:
            with self._archive.open(entry) as stream:
                return stream.read(entry.file_size)
        except ZIP_DAMAGE as error:
            raise damaged(Path(f"{self.path}/{name}"), error) from None

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()


def _written(entry: zipfile.ZipInfo) -> str:
    """Give the name of a file as it was meant; old programs do not say in which letters."""
    name = entry.filename
    if entry.flag_bits & _IN_UTF_8 or name.isascii():
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def _directory_start(path: Path) -> int:
    """Give where the list of an archive's files begins, or its size when that cannot be told."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 2**16 - 22))
        tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 20:
        return size
    start = int.from_bytes(tail[place + 16 : place + 20], "little")
    return size if start == 2**32 - 1 else start


def too_many(path: Path, most: int) -> NnstudioError:
    """Give the sentence for a folder or archive of more files than anyone can read."""
    return NnstudioError(
        "{file} holds more than {most} files.",
        hint="Choose a folder further down, or a part of it.",
        file=path,
        most=most,
    )


def _too_large(name: str) -> NnstudioError:
    return NnstudioError(
        "{file} claims to be larger than {most} MB or than it can be.",
        hint="Remove it, or choose another file.",
        file=name,
        most=_MOST_FILE_BYTES // 2**20,
    )


def damaged(path: Path, error: Exception) -> NnstudioError:
    """Give the sentence for a zip archive, or a file in it, that cannot be read."""
    if isinstance(error, OSError) and error.strerror:
        return unreadable(path, error)
    return NnstudioError(
        "{file} cannot be read from its zip archive: {reason}.",
        hint="Copy or download the archive again.",
        file=path,
        reason=str(error) or type(error).__name__,
    )
