"""NumPy .npz files, read without trust: nothing is executed, no header claims what is not there."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from nnstudio.data.catalogue.idx_files import MAX_DEFLATE_RATIO, unreadable
from nnstudio.data.progress import Progress, silent
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text
from nnstudio.whole_files import Sink

_MAX_ARRAY_BYTES: Final = 4 * 2**30
ARCHIVE_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
)
_AT_ONCE: Final = 2**22
_KINDS: Final = "uifbU"


def array_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Give the shapes of the arrays in an .npz file that hold numbers or words, by their names.

    Raises
    ------
    NnstudioError
        When it is no zip archive, or an array has no sound header.
    """
    found = {}
    with _opened(path) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith(".npy"):
                name = entry.filename.removesuffix(".npy")
                with archive.open(entry) as stream:
                    shape, _, dtype = _header(path, name, stream)
                if dtype.kind in _KINDS:
                    found[name] = shape
    return found


def read_npz(
    path: Path, names: tuple[str, ...], *, progress: Progress = silent, most: int | None = None
) -> dict[str, NDArray[Any]]:
    """Give the arrays `names` of an .npz file; others in it are not looked at.

    Parameters
    ----------
    path : Path
        The file.
    names : tuple of str
        What to read.
    progress : Progress
        May end the work by raising `Cancelled`.
    most : int or None
        At most so many rows, where rows lie one after another.

    Raises
    ------
    NnstudioError
        With the name of the file, what was found and what was expected.
    """
    with _opened(path) as archive:
        return {name: _member(path, archive, name, progress, most=most) for name in names}


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise unreadable(path, error) from None
    except ARCHIVE_DAMAGE as error:
        raise _bad(path, text("it is no sound zip archive ({reason})", reason=error)) from None


def _member(
    path: Path, archive: zipfile.ZipFile, name: str, progress: Progress, *, most: int | None
) -> NDArray[Any]:
    try:
        entry = archive.getinfo(f"{name}.npy")
    except KeyError:
        held = ", ".join(one.filename for one in archive.infolist()[:8]) or "-"
        raise _bad(path, text("it has no array {name}, but {held}", name=name, held=held)) from None
    limit = min(_MAX_ARRAY_BYTES, 64 + entry.compress_size * MAX_DEFLATE_RATIO)
    if entry.file_size > limit:
        raise _bad(path, text("{name} claims {size} bytes", name=name, size=entry.file_size))
    with archive.open(entry) as stream:
        shape, fortran, dtype = _header(path, name, stream)
        if dtype.kind not in _KINDS:
            raise _bad(path, text("{name} holds no numbers, but {dtype}", name=name, dtype=dtype))
        expected = prod(shape) * dtype.itemsize
        if not 0 <= expected <= entry.file_size:
            raise _bad(path, text("{name} claims {size} bytes", name=name, size=expected))
        few = most is not None and shape and not fortran and most < shape[0]
        if few:
            shape = (most or 0, *shape[1:])
            expected = prod(shape) * dtype.itemsize
        values = _values(stream, expected, name, progress)
        if len(values) != expected or (not few and stream.read(1)):
            raise _bad(path, text("{name} has not the size that it claims", name=name))
    array: NDArray[Any] = np.frombuffer(values, dtype=dtype)
    return array.reshape(shape[::-1]).T if fortran else array.reshape(shape)


def _values(stream: IO[bytes], expected: int, name: str, progress: Progress) -> bytearray:
    values = bytearray()
    while len(values) < expected:
        progress(len(values) / expected, text("reading {name}", name=name))
        part = stream.read(min(_AT_ONCE, expected - len(values)))
        if not part:
            break
        values += part
    return values


def _header(path: Path, name: str, stream: IO[bytes]) -> tuple[tuple[int, ...], bool, Any]:
    try:
        version = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(stream)
    except (ValueError, TypeError, SyntaxError, OverflowError) as error:
        raise _bad(
            path, text("{name} has no NumPy header ({reason})", name=name, reason=error)
        ) from None
    if any(size < 0 for size in shape):
        raise _bad(path, text("{name} claims {size} bytes", name=name, size=min(shape)))
    return shape, fortran, dtype


def _bad(path: Path, reason: Text) -> NnstudioError:
    return NnstudioError(
        "{file} is not a NumPy file with the arrays that were expected: {reason}.",
        hint="Choose another file.",
        file=path,
        reason=reason,
    )


def write_npz(
    sink: Sink, arrays: Mapping[str, NDArray[Any]], progress: Progress, *, doing: Text
) -> None:
    """Write arrays as an .npz file, a piece at a time; the same arrays give the same bytes.

    Parameters
    ----------
    sink : Sink
        Takes the bytes.
    arrays : mapping of str to ndarray
        By their names.
    progress : Progress
        Told how far it is; may end the work by raising `Cancelled`.
    doing : Text
        What it is told.
    """
    whole, done = max(1, sum(one.nbytes for one in arrays.values())), 0
    with zipfile.ZipFile(
        cast("IO[bytes]", sink), "w", zipfile.ZIP_DEFLATED, compresslevel=1
    ) as archive:
        for name, array in arrays.items():
            content = np.ascontiguousarray(array)
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                npy.write_array_header_1_0(member, npy.header_data_from_array_1_0(content))
                pieces = content.reshape(-1).view(np.uint8).data
                for start in range(0, len(pieces), _AT_ONCE):
                    progress((done + start) / whole, doing)
                    member.write(pieces[start : start + _AT_ONCE])
            done += array.nbytes
