"""A file of lines that is only added to: every line in it is whole, whoever writes and when.

What is added is on the disk when `append` returns, or nothing of it is there. Processes take turns
by a lock beside the file. What a power cut left of a last line is put aside, and that is said.
"""

import json
import os
import secrets
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from nnstudio.errors import NnstudioError
from nnstudio.file_lock import FileLock
from nnstudio.texts import Text, text
from nnstudio.whole_files import write_whole

VERSION: Final = 1
MOST_BYTES: Final = 2**28
_PAUSE_S: Final = 0.02
_HEADER_BYTES: Final = 4096  # at most


class LineLog:
    """The lines in a file behind a header, which gives the file an identity of its own.

    Attributes
    ----------
    identity : str
        Of the file that was read last; another file in its place has another.
    remarks : tuple of Text
        What was put aside, for people.

    Parameters
    ----------
    path : Path
        The file; made, with its folder, when something is added.
    mark : str
        Says in the header what the file is.
    patience_s : float
        So long another process is waited for.
    most_bytes : int
        No more is written, and no more is read.
    sleep : callable
        Waits, seconds.
    """

    def __init__(
        self,
        path: Path,
        *,
        mark: str,
        patience_s: float = 3.0,
        most_bytes: int = MOST_BYTES,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.path = path
        self.identity = ""
        self.remarks: tuple[Text, ...] = ()
        self._lock_path = path.with_suffix(".lock")
        self._mark = mark
        self.patience_s = patience_s
        self._most_bytes = most_bytes
        self._sleep = sleep
        self._first = b""
        self._read = 0

    def added(self) -> tuple[bool, list[bytes]]:
        """Give the lines since the last call, and whether they are those of another file.

        They are without their ends; a torn last one is put aside.

        Raises
        ------
        NnstudioError
            When the file cannot be read, or is of a newer version.
        """
        first, rest = self._news()
        if rest and not rest.endswith(b"\n") and self._mend():
            first, rest = self._news()
        other = first != self._first or not self._read
        header = self._header(first)
        self.identity = str(header.get("id", ""))[:40]
        self._first = first
        whole = rest[: rest.rfind(b"\n") + 1]
        self._read += len(whole)
        lines = whole.split(b"\n")[:-1]
        return other, lines[1:] if other and header else lines

    def _news(self) -> tuple[bytes, bytes]:
        """Give the first line, and what follows what was read of a file that begins with it."""
        try:
            with self.path.open("rb") as file:
                first = file.readline(_HEADER_BYTES)
                size = file.seek(0, os.SEEK_END)
                if first != self._first or size < self._read:
                    self._read = 0
                if size - self._read > self._most_bytes:
                    raise NnstudioError(
                        "{file} is too large to be read.",
                        hint="Move it to another place; a new one is begun then.",
                        file=str(self.path),
                    )
                file.seek(self._read)
                return first, file.read()
        except FileNotFoundError:
            self._read = 0
            return b"", b""
        except OSError as error:
            raise NnstudioError(
                "{file} cannot be read: {reason}.",
                hint="Check that it is there and may be read.",
                file=str(self.path),
                reason=error.strerror or type(error).__name__,
            ) from None

    def append(self, lines: Iterable[str]) -> None:
        """Add lines, all or none.

        Raises
        ------
        NnstudioError
            When they cannot be saved, have no room, or the file is of another version.
        """
        content = "".join(f"{line}\n" for line in lines).encode()
        lock = self._lock()
        try:
            self._mend_locked()
            if self.path.stat().st_size + len(content) > self._most_bytes:
                raise NnstudioError(
                    "{file} has no room for more: it would have more than {most} MB.",
                    hint="Export what is there, and delete what is not needed any more.",
                    file=str(self.path),
                    most=self._most_bytes // 2**20,
                )
            _add(self.path, content)
        except OSError as error:
            raise self._unsaved(error) from error
        finally:
            lock.release()

    def remove(self) -> None:
        """Remove the file.

        Raises
        ------
        NnstudioError
            When that is not possible.
        """
        lock = self._lock()
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unsaved(error) from error
        finally:
            lock.release()

    def _header(self, line: bytes) -> dict[str, Any]:
        found = _object(line)
        if found is None or found.get("nnstudio") != self._mark:
            return {}
        if found.get("version") != VERSION:
            raise NnstudioError(
                "{file} is of another version of the program.",
                hint="Use that version, or move the file to another place.",
                file=str(self.path),
            )
        return found

    def _unsaved(self, error: OSError) -> NnstudioError:
        return NnstudioError(
            "{file} could not be saved: {reason}.",
            hint="Make room on the disk, or check that the folder may be written.",
            file=str(self.path),
            reason=error.strerror or type(error).__name__,
        )

    def _lock(self) -> FileLock:
        waited = 0.0
        while True:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                lock = FileLock.take(self._lock_path)
            except OSError as error:
                raise self._unsaved(error) from error
            if lock is not None:
                return lock
            if waited >= self.patience_s:
                raise NnstudioError(
                    "Another window is writing {file} and does not end.",
                    hint="Try again when it is done, or close it.",
                    file=str(self.path),
                )
            self._sleep(_PAUSE_S)
            waited += _PAUSE_S

    def _mend(self) -> bool:
        """Put aside a torn last line, unless somebody is writing it or the disk is full."""
        with suppress(OSError):
            lock = FileLock.take(self._lock_path)
            if lock is None:
                return False
            try:
                self._mend_locked()
            finally:
                lock.release()
            return True
        return False

    def _mend_locked(self) -> None:
        """Let the file end with a whole line, and begin with a header where it is empty."""
        first, last = _ends(self.path)
        if not first:
            header = {"nnstudio": self._mark, "version": VERSION, "id": secrets.token_hex(8)}
            write_whole(self.path, f"{json.dumps(header)}\n".encode())
            return
        self._header(first)
        if last == b"\n":
            return
        content = self.path.read_bytes()
        sound = content.rfind(b"\n") + 1
        # no part of an object is one: what is one lacks the end of the line alone
        if _object(content[sound:]) is not None:
            _add(self.path, b"\n")
            return
        aside = self.path.with_name(f"{self.path.stem}.damaged-{secrets.token_hex(4)}.txt")
        write_whole(aside, content[sound:])
        _cut(self.path, sound)
        told = text(
            "The last line of {file} was not written whole; what there is of it was put aside as "
            "{aside}.",
            file=self.path.name,
            aside=aside.name,
        )
        self.remarks = (*self.remarks, told)
        if not sound:
            self._mend_locked()


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _ends(path: Path) -> tuple[bytes, bytes]:
    """Give the first line and the last byte of a file; nothing of one that is not there."""
    try:
        with path.open("rb") as file:
            first = file.readline(_HEADER_BYTES)
            if not first:
                return b"", b""
            file.seek(-1, os.SEEK_END)
            return first, file.read()
    except FileNotFoundError:
        return b"", b""


def _add(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
    try:
        before = os.fstat(handle).st_size
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)


def _cut(path: Path, size: int) -> None:
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.ftruncate(handle, size)
        os.fsync(handle)
    finally:
        os.close(handle)
