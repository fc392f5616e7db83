"""Samples of a file gathered into one array: inverted, resized or prepared as it was asked.

Where no size is asked for, pictures that are equal and small stay as they are, all others become
28 × 28; that the sizes differ may turn out late, and then those before are resized as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.importing.asked import Asked
from nnstudio.data.importing.found import MOST_CLASSES, Chunk, Found, Paced, class_name
from nnstudio.data.pictures import fitted, on_light_ground
from nnstudio.data.progress import Progress, silent
from nnstudio.data.strokes import SIDE, prepare_picture
from nnstudio.errors import NnstudioError
from nnstudio.texts import text

LARGEST_AS_IS: Final = 64  # pixels a side
MOST_BYTES: Final = 2**30
_FIRST_ROOM: Final = 1024
_HIGHEST: Final = (1.0, 16.0, 255.0, 65535.0)  # what white is, in files of numbers


@dataclass(frozen=True, eq=False)
class Gathered:
    """All samples, one a row, with the places of their classes in `names`.

    `shape` is None where samples are no pictures; `names` are in order of appearance.
    """

    inputs: NDArray[Any]
    shape: tuple[int, int] | None
    labels: NDArray[np.int64]
    names: tuple[str, ...]


def gather(
    found: Found, chunks: Iterator[Chunk], *, file: str, progress: Progress = silent
) -> Gathered:
    """Give the samples of `chunks` as `found.asked` says.

    Raises
    ------
    NnstudioError
        When there are none, too many classes, or more than fits into memory.
    """
    labels = _Labels(file)
    shape: tuple[int, int] | None = None
    if found.nature == "numbers":
        inputs = _rows(chunks, labels, file)
    else:
        room = _Room(found.asked, found.count, file)
        if found.nature == "pixels":
            pixels = _grey_values(_rows(chunks, labels, file))
            if pixels is None:
                raise NnstudioError(
                    "{file} holds negative values or values over 65535; pixels were expected.",
                    hint="Choose to read its values as numbers.",
                    file=file,
                )
            _place_all(pixels, room, found.asked, Paced(progress, text("preparing pictures")))
        else:
            drawn = found.nature == "drawn"
            for chunk in chunks:
                labels.add(chunk.labels)
                for picture in chunk.samples:
                    room.add(picture if drawn else as_asked(picture, found.asked))
        pictures = room.taken()
        shape = (pictures.shape[1], pictures.shape[2])
        inputs = pictures.reshape(len(pictures), shape[0] * shape[1])
    if not len(inputs):
        raise NnstudioError("{file} holds no samples.", hint="Choose another file.", file=file)
    return Gathered(inputs, shape, labels.taken(), tuple(labels.places))


def as_asked(picture: NDArray[np.uint8], asked: Asked) -> NDArray[np.uint8]:
    """Give a picture with light ink on dark ground, prepared like a drawing where asked for."""
    light = on_light_ground(picture) if asked.ground == "guessed" else asked.ground == "light"
    dark = 255 - picture if light else picture
    if not asked.prepare:
        return dark
    prepared = prepare_picture(dark)
    return np.zeros((SIDE, SIDE), np.uint8) if prepared is None else prepared


def _place_all(pixels: NDArray[np.uint8], room: "_Room", asked: Asked, told: Paced) -> None:
    if asked.ground == "guessed":
        # the set as a whole: one picture among many that fills its border is no other ground
        some = pixels[:: max(1, len(pixels) // 1000)]
        light = sum(map(on_light_ground, some)) * 2 > len(some)
    else:
        light = asked.ground == "light"
    if light:
        np.subtract(255, pixels, out=pixels)
    if asked.prepare:
        for place, picture in enumerate(pixels):
            told(place, len(pixels))
            prepared = prepare_picture(picture)
            room.add(np.zeros((SIDE, SIDE), np.uint8) if prepared is None else prepared)
    else:
        room.add_all(pixels, told)


class _Labels:
    """Names of classes as their places in order of appearance."""

    def __init__(self, file: str) -> None:
        self.places: dict[str, int] = {}
        self._seen: dict[str, int] = {}
        self._file = file
        self._found: list[NDArray[np.int64]] = []

    def add(self, names: Any) -> None:
        self._found.append(np.fromiter(map(self._place, names), np.int64))
        if len(self.places) > MOST_CLASSES:
            raise NnstudioError(
                "{file} has more than {most} classes.",
                hint="Choose what holds the labels; this may be something else.",
                file=self._file,
                most=MOST_CLASSES,
            )

    def _place(self, name: str) -> int:
        # a name as it is written is looked at once, whatever it is shown as
        if name not in self._seen:
            shown = class_name(name)
            self._seen[name] = self.places.setdefault(shown, len(self.places))
        return self._seen[name]

    def taken(self) -> NDArray[np.int64]:
        return np.concatenate([np.empty(0, np.int64), *self._found])


def _rows(chunks: Iterator[Chunk], labels: _Labels, file: str) -> NDArray[Any]:
    parts: list[NDArray[Any]] = []
    size = 0
    for chunk in chunks:
        labels.add(chunk.labels)
        part = np.asarray(chunk.samples)
        size += part.nbytes
        if size > MOST_BYTES:
            raise _too_much(file)
        parts.append(part)
    if not parts:
        return np.empty((0, 1, 1), np.uint8)
    sizes = sorted({part.shape[1:] for part in parts})
    if len(sizes) > 1:
        raise NnstudioError(
            "{file} holds samples of different sizes: {sizes}.",
            hint="Name one file of samples.",
            file=file,
            sizes=", ".join(" × ".join(map(str, size)) for size in sizes),
        )
    return parts[0] if len(parts) == 1 else _joined(parts)


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Give all parts as one array; each is let go as soon as it is copied."""
    kind = np.result_type(*{part.dtype for part in parts})
    whole = np.empty((sum(map(len, parts)), *parts[0].shape[1:]), kind)
    start = 0
    parts.reverse()
    while parts:
        part = parts.pop()
        whole[start : start + len(part)] = part
        start += len(part)
    return whole


def _grey_values(values: NDArray[Any]) -> NDArray[np.uint8] | None:
    """Give values as bytes: white is 1, 16, 255 or 65535, the least of these that none exceeds."""
    if not values.size:
        return values.astype(np.uint8)
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > _HIGHEST[-1]:
        return None
    white = next(one for one in _HIGHEST if high <= one)
    if values.dtype == np.uint8 and white == 255:
        return np.array(values)
    made = np.empty(values.shape, np.uint8)
    for start in range(0, len(values), _FIRST_ROOM):
        part = slice(start, start + _FIRST_ROOM)
        made[part] = np.rint(values[part].astype(np.float64) * (255 / white))
    return made


class _Room:
    """Pictures of one size, in an array that grows."""

    def __init__(self, asked: Asked, count: int | None, file: str) -> None:
        self._size = asked_size(asked)
        self._shape = self._size
        self._count = count
        self._file = file
        self._pictures = np.empty((0, 0, 0), np.uint8)
        self._used = 0

    def add(self, picture: NDArray[np.uint8]) -> None:
        if self._shape is None:
            self._shape = _as_is(picture.shape)
        elif self._size is None and picture.shape != self._shape != (SIDE, SIDE):
            self._resize_all()
        if self._used == len(self._pictures):
            self._grow(max(self._count or 0, 2 * self._used, 64), self._shape)
        self._pictures[self._used] = fitted(picture, self._shape)
        self._used += 1

    def add_all(self, pictures: NDArray[np.uint8], told: Paced) -> None:
        shape = pictures.shape[1:]
        wanted = self._size or _as_is(shape)
        if shape == wanted:
            self._shape, self._pictures, self._used = wanted, pictures, len(pictures)
            return
        for place, picture in enumerate(pictures):
            told(place, len(pictures))
            self.add(picture)

    def taken(self) -> NDArray[np.uint8]:
        return self._pictures[: self._used]

    def _grow(self, count: int, shape: tuple[int, int]) -> None:
        if count * shape[0] * shape[1] > MOST_BYTES:
            raise _too_much(self._file)
        more = np.empty((count, *shape), np.uint8)
        if self._used:
            more[: self._used] = self._pictures[: self._used]
        self._pictures = more

    def _resize_all(self) -> None:
        before, self._shape, self._used = self.taken(), (SIDE, SIDE), 0
        self._pictures = np.empty((0, 0, 0), np.uint8)
        for picture in before:
            self.add(picture)


def asked_size(asked: Asked) -> tuple[int, int] | None:
    """Give the height and width that were asked for; one of them alone means a square."""
    height, width = asked.height or asked.width, asked.width or asked.height
    return None if height is None or width is None else (height, width)


def _as_is(shape: tuple[int, ...]) -> tuple[int, int]:
    height, width = shape
    return (height, width) if max(shape) <= LARGEST_AS_IS else (SIDE, SIDE)


def _too_much(file: str) -> NnstudioError:
    return NnstudioError(
        "{file} holds more than fits into {most} MB as pictures of this size.",
        hint="Choose a smaller size, or a part of it.",
        file=file,
        most=MOST_BYTES // 2**20,
    )
