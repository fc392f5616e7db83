"""IDX files, gzipped or not, read strictly: the header must account for every byte that follows.

Layout: two zero bytes, type (8 = unsigned bytes), number of dimensions, each dimension as a
big-endian 32-bit number, then the values (LeCun, Cortes and Burges, "The MNIST database", file
formats).
"""

import zlib
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.progress import Progress, silent
from nnstudio.errors import NnstudioError
from nnstudio.texts import Text, text

_BYTES: Final = 8
_MAX_FILE_BYTES: Final = 4 * 2**30
_HEAD_BYTES: Final = 4096
_AT_ONCE: Final = 2**22
_FED_BYTES: Final = 2**20  # what is left over of it is copied at every call
_GZIP: Final = b"\x1f\x8b"
MAX_DEFLATE_RATIO: Final = 1032  # what deflate can gain at most, so a header cannot claim more


def idx_shape(path: Path, *, dimensions: int) -> tuple[int, ...]:
    """Give the shape that the header of an IDX file tells; nothing else of it is read.

    Raises
    ------
    NnstudioError
        As `read_idx`.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise unreadable(path, error) from None
    gzipped = head[:2] == _GZIP
    stream = _Inflated(path, head) if gzipped else _Plain(head)
    return _shape(path, stream.read(4 + 4 * dimensions), dimensions)


def read_idx(
    path: Path, *, dimensions: int, progress: Progress = silent, most: int | None = None
) -> NDArray[np.uint8]:
    """Give the bytes of an IDX file in its shape.

    Parameters
    ----------
    path : Path
        The file; compressed when it starts as gzip does, whatever its name is.
    dimensions : int
        3 for pictures (N, height, width), 1 for labels (N,).
    progress : Progress
        May end the work by raising `Cancelled`.
    most : int or None
        At most so many samples; what follows them is not looked at.

    Raises
    ------
    NnstudioError
        With the name of the file, what was found and what was expected.
    """
    content = _content(path)
    gzipped = content[:2] == _GZIP
    stream = _Inflated(path, content) if gzipped else _Plain(content)
    header_bytes = 4 + 4 * dimensions
    header = stream.read(header_bytes)
    shape = _shape(path, header, dimensions)
    expected = prod(shape)
    if expected > len(content) * (MAX_DEFLATE_RATIO if gzipped else 1):
        raise _cut_off(path, text("no more than {count} bytes", count=len(content)), expected)
    if not shape[0]:
        raise NnstudioError(
            "{file} holds no samples; at least one was expected.",
            hint="Choose another file.",
            file=path,
        )
    few = most is not None and most < shape[0]
    if few:
        shape = (most or 0, *shape[1:])
        expected = prod(shape)
    values = bytearray()
    while len(values) < expected:
        progress(len(values) / expected, text("reading {name}", name=path.name))
        part = stream.read(min(_AT_ONCE, expected - len(values)))
        if not part:
            raise _cut_off(path, text("{count} bytes", count=len(values)), expected)
        values += part
    if not few and not stream.at_end():
        raise NnstudioError(
            "{file} is longer than its header says: {shape} values were expected.",
            hint="Copy or download the file again.",
            file=path,
            shape=_times(shape),
        )
    return np.frombuffer(values, dtype=np.uint8).reshape(shape)


def _content(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > _MAX_FILE_BYTES:
            raise NnstudioError(
                "{file} has {size} bytes; an IDX file of at most {limit} was expected.",
                hint="Choose another file.",
                file=path,
                size=size,
                limit=_MAX_FILE_BYTES,
            )
        content = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None
    if not content:
        raise NnstudioError(
            "{file} is empty; an IDX file was expected.",
            hint="Copy or download the file again.",
            file=path,
        )
    return content


def unreadable(path: Path, error: OSError) -> NnstudioError:
    """Give the sentence for a file that the system does not let us read."""
    return NnstudioError(
        "{file} cannot be read: {reason}.",
        hint="Check that it is there and may be read.",
        file=path,
        reason=error.strerror or type(error).__name__,
    )


def _cut_off(path: Path, found: Text, expected: int) -> NnstudioError:
    return NnstudioError(
        "{file} is cut off: {found} of values were found, {expected} bytes were expected.",
        hint="Copy or download the file again.",
        file=path,
        found=found,
        expected=expected,
    )


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(str(size) for size in shape)


def _shape(path: Path, header: bytes, dimensions: int) -> tuple[int, ...]:
    magic = bytes([0, 0, _BYTES, dimensions])
    if header[:4] != magic:
        raise NnstudioError(
            "{file} is not an IDX file of {what}: it starts with {found}, {expected} was expected.",
            hint="Choose the right file; pictures and labels have their own.",
            file=path,
            what=text("pictures") if dimensions > 1 else text("labels"),
            found=header[:4].hex(" ") or "-",
            expected=magic.hex(" "),
        )
    if len(header) < 4 + 4 * dimensions:
        raise NnstudioError(
            "{file} is cut off: it ends within its header of {expected} bytes.",
            hint="Copy or download the file again.",
            file=path,
            expected=4 + 4 * dimensions,
        )
    return tuple(
        int.from_bytes(header[4 + 4 * axis : 8 + 4 * axis], "big") for axis in range(dimensions)
    )


class _Plain:
    """The bytes of a file that is not compressed."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    def read(self, count: int) -> bytes:
        start, self._at = self._at, min(self._at + count, len(self._content))
        return self._content[start : self._at]

    def at_end(self) -> bool:
        return self._at == len(self._content)


class _Inflated:
    """The bytes in a gzip file; never inflates more than was asked for."""

    def __init__(self, path: Path, content: bytes) -> None:
        self._path = path
        self._content = content
        self._fed = 0
        self._rest = b""
        self._inflater = zlib.decompressobj(wbits=31)

    def read(self, count: int) -> bytes:
        parts: list[bytes] = []
        missing = count
        while missing:
            part = self._inflate(missing)
            parts.append(part)
            missing -= len(part)
            if not part and not self._next_member():
                break
        return b"".join(parts) if len(parts) != 1 else parts[0]

    def at_end(self) -> bool:
        """Tell whether nothing is left; checks the sums behind the last byte."""
        while True:
            if self._inflate(1):
                return False
            if not self._next_member():
                return True

    def _inflate(self, most: int) -> bytes:
        part = b""
        while not part and not self._inflater.eof:
            if not self._rest:
                self._rest = self._content[self._fed : self._fed + _FED_BYTES]
                self._fed += len(self._rest)
            ended = not self._rest
            try:
                part = self._inflater.decompress(self._rest, most)
            except zlib.error as error:
                raise self._damaged(str(error)) from None
            self._rest = self._inflater.unconsumed_tail
            if ended and not part and not self._inflater.eof:
                raise NnstudioError(
                    "{file} is cut off: the gzip data end before their end mark.",
                    hint="Copy or download the file again.",
                    file=self._path,
                )
        return part

    def _next_member(self) -> bool:
        self._fed -= len(self._inflater.unused_data)
        self._rest = b""
        if self._fed >= len(self._content):
            return False
        self._inflater = zlib.decompressobj(wbits=31)
        return True

    def _damaged(self, reason: str) -> NnstudioError:
        return NnstudioError(
            "{file} is damaged: its gzip data do not fit their checksum or format ({reason}).",
            hint="Copy or download the file again.",
            file=self._path,
            reason=reason,
        )


def read_pair(
    pictures: Path, labels: Path, *, classes: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64], tuple[int, int]]:
    """Give the pictures as rows, their labels and the shape of a picture.

    Parameters
    ----------
    pictures, labels : Path
        Two IDX files that belong together.
    classes : int
        Labels must be smaller.

    Returns
    -------
    inputs : ndarray of uint8, shape (N, D)
    targets : ndarray of int64, shape (N,)
    image_shape : tuple of int

    Raises
    ------
    NnstudioError
        When a file is bad or the two do not fit each other.
    """
    inputs = read_idx(pictures, dimensions=3)
    targets = read_idx(labels, dimensions=1)
    check_pair(inputs, targets, classes=classes, pictures=str(pictures), labels=str(labels))
    count, height, width = inputs.shape
    return inputs.reshape(count, height * width), targets.astype(np.int64), (height, width)


def check_pair(
    inputs: NDArray[Any], targets: NDArray[Any], *, classes: int, pictures: str, labels: str
) -> None:
    """Refuse pictures and labels that do not belong together.

    Raises
    ------
    NnstudioError
        When their counts differ, a label is not a class, or a picture has no pixels.
    """
    if len(inputs) != len(targets):
        raise NnstudioError(
            "{pictures} has {found} pictures, but {labels} has {expected} labels.",
            hint="Choose two files that belong together.",
            pictures=pictures,
            labels=labels,
            found=len(inputs),
            expected=len(targets),
        )
    if not inputs.size:
        raise NnstudioError(
            "{pictures} holds pictures without pixels.",
            hint="Choose another file.",
            pictures=pictures,
        )
    wrong = np.flatnonzero((targets < 0) | (targets >= classes))
    if len(wrong):
        raise NnstudioError(
            "{labels} has the label {found} at place {place}; 0 to {last} were expected.",
            hint="Choose another file.",
            labels=labels,
            found=int(targets[wrong[0]]),
            place=int(wrong[0]),
            last=classes - 1,
        )
