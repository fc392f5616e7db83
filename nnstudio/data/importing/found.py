"""What a reader found at a path: facts for a first look, and samples that are read when taken."""

import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from numpy.typing import NDArray

from nnstudio.data.importing.asked import Asked
from nnstudio.data.progress import Progress
from nnstudio.texts import Text

MOST_CLASSES: Final = 10_000
MOST_SAMPLES: Final = 1_000_000
LONGEST_CLASS_NAME: Final = 200
TOLD_EVERY_S: Final = 0.05
_NUMBER: Final = re.compile("([0-9]+)")

Nature = Literal["files", "pixels", "numbers", "drawn"]
"""Pictures of any size; pixels of one size; plain numbers; drawings that are prepared already."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some samples and the names of their classes, as they are in the file.

    Attributes
    ----------
    samples : sequence of ndarray, or ndarray
        Of the natures "files" and "drawn" pictures of bytes (H, W); of "pixels" an array
        (n, H, W) of bytes or floats; of "numbers" floats (n, D).
    labels : sequence of str
        As many.
    """

    samples: Sequence[NDArray[Any]] | NDArray[Any]
    labels: Sequence[str]


@dataclass(frozen=True, eq=False)
class Found:
    """What is at a path; see `Preview` for the fields of the same names.

    Attributes
    ----------
    nature : str
        What the samples are.
    chunks : callable
        Gives all samples in their order, those of the validation part and then those of the test
        part last, and tells how far it is.
    glance : callable
        Gives a few of them at once.
    validation_count, test_count : int
        How many samples at the end are parts of their own.
    """

    kind: Text
    nature: Nature
    asked: Asked
    settings: tuple[str, ...]
    chunks: Callable[[Progress], Iterator[Chunk]]
    glance: Callable[[Progress], Iterator[Chunk]]
    count: int | None = None
    classes: tuple[tuple[str, int | None], ...] = ()
    remarks: tuple[Text, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    validation_count: int = 0
    test_count: int = 0


class Paced:
    """Tells how far work is, at most twenty times a second, however often it is called."""

    def __init__(self, progress: Progress, doing: Text) -> None:
        self._progress = progress
        self._doing = doing
        self._due = 0.0

    def __call__(self, done: float, total: float | None) -> None:
        """Tell that `done` of `total` is done; raises what the listener raises."""
        now = time.perf_counter()
        if now >= self._due:
            self._due = now + TOLD_EVERY_S
            self._progress(min(1.0, done / total) if total else None, self._doing)


def class_name(written: str) -> str:
    """Give the name of a class as it is shown: composed letters, no signs that steer a terminal."""
    name = unicodedata.normalize("NFC", written.strip())[:LONGEST_CLASS_NAME]
    if name.isprintable():
        return name
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)


def in_order(names: Sequence[str], told: Paced | None = None) -> list[str]:
    """Give names as people sort them: numbers within them by their value.

    `told` is told that it goes on; it may take long.
    """

    def key(name: str) -> tuple[list[str | int], str]:
        if told is not None:
            told(0, None)
        return natural(name)

    return sorted(names, key=key)


def natural(name: str) -> tuple[list[str | int], str]:
    """Give the key by which `in_order` sorts."""
    parts = _NUMBER.split(name.casefold())
    # letters stand at the even places and numbers at the odd ones, so equal kinds are compared
    return [int(part[:4000]) if place % 2 else part for place, part in enumerate(parts)], name
