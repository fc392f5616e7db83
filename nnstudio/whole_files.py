"""Writing files so that a reader finds the old contents or the new ones, never a mixture.

A temporary file in the same folder is written, flushed to the disk, read back and then renamed.
"""

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

TEMPORARY_PREFIX: Final = ".nnstudio-"
TEMPORARY_SUFFIX: Final = ".tmp"
ORPHAN_AGE_S: Final = 24 * 3600
REPLACE_ATTEMPTS: Final = 4
REPLACE_PAUSE_S: Final = 0.05
_AT_ONCE: Final = 2**20


@dataclass(frozen=True)
class FileSystem:
    """The calls that writing a file makes; tests pass some that fail."""

    open: Callable[..., int] = os.open
    write: Callable[[int, memoryview], int] = os.write
    fsync: Callable[[int], None] = os.fsync
    close: Callable[[int], None] = os.close
    chmod: Callable[[Path, int], None] = os.chmod
    read: Callable[[Path], bytes] = Path.read_bytes
    replace: Callable[[Path, Path], None] = os.replace
    sleep: Callable[[float], None] = time.sleep


SYSTEM: Final = FileSystem()


def write_whole(path: Path, data: bytes, *, system: FileSystem = SYSTEM) -> None:
    """Put `data` into the file at `path`, or raise and leave there what was there.

    The mode of an old file is kept, and a link goes on pointing to where it points.

    Parameters
    ----------
    path : Path
        A file that may exist, in a folder that must.
    data : bytes
        Everything that the file shall hold.
    system : FileSystem
        The calls to make.

    Raises
    ------
    OSError
        When the disk is full, the folder cannot be written, or what was read back differs.
    """

    def write(handle: int) -> None:
        _write_all(handle, memoryview(data), system)

    def check(temporary: Path) -> None:
        if system.read(temporary) != data:
            raise _other_bytes()

    _put(path, write, check, system)


class Sink(Protocol):
    """What takes the bytes of a file one after another."""

    def write(self, data: bytes, /) -> int:
        """Take bytes and give how many they were."""

    def flush(self) -> None:
        """Nothing: what is buffered is written at the end."""

    def close(self) -> None:
        """Nothing: the file is closed by who opened it."""


def write_streamed(
    path: Path, fill: Callable[[Sink], None], *, system: FileSystem = SYSTEM
) -> None:
    """Put what `fill` writes into the file at `path`, or raise and leave there what was there.

    Does what `write_whole` does for contents that need not be in memory at once.

    Parameters
    ----------
    path : Path
        A file that may exist, in a folder that must.
    fill : callable
        Writes everything that the file shall hold; when it raises, nothing was written.
    system : FileSystem
        The calls to make.

    Raises
    ------
    OSError
        As `write_whole`.
    """
    made = hashlib.sha256()

    def write(handle: int) -> None:
        sink = _Buffered(handle, made.update, system)
        fill(sink)
        sink.end()

    def check(temporary: Path) -> None:
        with temporary.open("rb") as file:
            if hashlib.file_digest(file, "sha256").digest() != made.digest():
                raise _other_bytes()

    _put(path, write, check, system)


class _Buffered:
    """Writes in large pieces and tells each of them to `seen`."""

    def __init__(self, handle: int, seen: Callable[[bytes], None], system: FileSystem) -> None:
        self._handle, self._seen, self._system = handle, seen, system
        self._waiting = bytearray()

    def write(self, data: bytes, /) -> int:
        self._waiting += data
        if len(self._waiting) >= _AT_ONCE:
            self.end()
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def end(self) -> None:
        piece = bytes(self._waiting)
        self._waiting.clear()
        self._seen(piece)
        _write_all(self._handle, memoryview(piece), self._system)


def _put(
    path: Path, write: Callable[[int], None], check: Callable[[Path], None], system: FileSystem
) -> None:
    target = Path(os.path.realpath(path))
    remove_orphans(target.parent)
    temporary = target.parent / f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
    try:
        _write_through(temporary, write, system)
        with contextlib.suppress(FileNotFoundError):
            system.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
        check(temporary)
        _replace(temporary, target, system)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(target.parent, system)


def _write_through(path: Path, write: Callable[[int], None], system: FileSystem) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # the system takes the umask from this mode; asking for the umask would change it for a moment
    handle = system.open(path, flags, 0o666)
    try:
        write(handle)
        system.fsync(handle)
    except BaseException:
        with contextlib.suppress(OSError):
            os.close(handle)
        raise
    system.close(handle)


def _write_all(handle: int, rest: memoryview, system: FileSystem) -> None:
    while rest:
        rest = rest[system.write(handle, rest) :]


def _other_bytes() -> OSError:
    return OSError(errno.EIO, "what was read back differs from what was written")


def _replace(source: Path, target: Path, system: FileSystem) -> None:
    for _ in range(REPLACE_ATTEMPTS - 1):
        try:
            system.replace(source, target)
        except PermissionError:
            # Windows refuses while another process (a virus scanner) has the old file open
            system.sleep(REPLACE_PAUSE_S)
        else:
            return
    system.replace(source, target)


def _flush_folder(folder: Path, system: FileSystem) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there
    # the new file is whole and in its place; that some network disks refuse this changes nothing
    with contextlib.suppress(OSError):
        handle = system.open(folder, os.O_RDONLY)
        try:
            system.fsync(handle)
        finally:
            os.close(handle)


def remove_orphans(folder: Path, *, older_than_s: float = ORPHAN_AGE_S) -> int:
    """Delete the temporary files that a killed process left in `folder`; gives their number."""
    removed = 0
    now = time.time()
    with contextlib.suppress(OSError):
        for entry in folder.iterdir():
            if entry.name.startswith(TEMPORARY_PREFIX) and entry.name.endswith(TEMPORARY_SUFFIX):
                with contextlib.suppress(OSError):
                    if now - entry.stat().st_mtime > older_than_s:
                        entry.unlink()
                        removed += 1
    return removed
