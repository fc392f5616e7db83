"""The digits that a person drew and named, as the canvas shows them to a network."""

from dataclasses import replace
from typing import Annotated, Final, Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.fields import HeldOut
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.drawings import Drawing, to_line
from nnstudio.data.my_digits import LABELS, DigitLog
from nnstudio.data.progress import Progress
from nnstudio.data.retracing import retraced
from nnstudio.data.strokes import SIDE
from nnstudio.errors import NnstudioError
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import text

_TOLD_EVERY: Final = 100  # drawings


@spec(title="My digits", help="The digits that you drew and named on the canvas.")
class MyDigits:
    """Drawings of one's own, 28 × 28 pixels; entries that are damaged are passed over."""

    kind: Literal["my-digits"] = "my-digits"
    validation: HeldOut = 0.0
    entries: Annotated[
        int | None,
        Field(
            ge=1,
            le=10_000_000,
            title="Entries",
            description="Use the first so many entries of the log, where every drawing that was "
            "kept or deleted is one; a run notes how many there were, so that it can be made "
            "again. Empty: all that are there.",
        ),
        Display(hidden=True),
    ] = None
    log: Annotated[
        str,
        Field(
            max_length=40,
            title="Log",
            description="Of which log these entries are: when everything is deleted, another one "
            "is begun. Empty: whichever is there.",
        ),
        Display(hidden=True),
    ] = ""

    retraced: Annotated[
        int,
        Field(
            ge=0,
            le=200,
            title="Retraced",
            description="So many times each drawing is drawn again, its strokes bent and moved a "
            "little and with another pen, as the same hand might draw it.",
        ),
    ] = 0

    @property
    def share_held_out(self) -> tuple[float, float]:
        """Give 0 and 0: drawings are held out whole, with all that is retraced of them."""
        return 0.0, 0.0

    def pinned(self, places: DataPlaces) -> "MyDigits":
        """Give the source that goes on giving what is there now.

        Raises
        ------
        NnstudioError
            When the drawings cannot be read, or none was ever kept.
        """
        if self.entries is not None:
            return self
        log = DigitLog(places.own)
        # the window asks this at every change, so no line is looked into
        entries = log.waiting()
        if not entries:
            raise _nothing_drawn()
        return replace(self, entries=entries, log=log.identity)

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Give the drawings as pictures, in the order of drawing; those held out come last.

        Raises
        ------
        NnstudioError
            When they cannot be read, or there are none.
        """
        kept = [one.drawing for one in _read(places, self).drawings]
        drawn = [(one, picture) for one in kept if (picture := _picture(one)) is not None]
        if not drawn:
            raise _nothing_drawn()
        # by what is drawn, so that one that is added later moves no other to the other part
        order = sorted(range(len(drawn)), key=lambda at: crc32(to_line(drawn[at][0]).encode()))
        held_out = set(order[: round(self.validation * len(drawn))])
        pixels, labels = [], []
        for number, (one, picture) in enumerate(drawn):
            if number % _TOLD_EVERY == 0:
                progress(number / len(drawn), text("reading my digits"))
            if number not in held_out:
                pixels += [picture, *retraced(one, self.retraced)]
                labels += [LABELS.index(one.label)] * (1 + self.retraced)
        for number in sorted(held_out):
            pixels.append(drawn[number][1])
            labels.append(LABELS.index(drawn[number][0].label))
        return Dataset.of(
            np.array(pixels, dtype=np.uint8).reshape(-1, SIDE * SIDE),
            np.array(labels, dtype=np.int64),
            class_names=LABELS,
            image_shape=(SIDE, SIDE),
            source=self.kind,
            validation_count=len(held_out),
        )


def _picture(drawing: Drawing) -> NDArray[np.uint8] | None:
    return drawing.pixels() if drawing.label in LABELS else None


def _nothing_drawn() -> NnstudioError:
    return NnstudioError(
        "You have drawn no digits yet.",
        hint="Draw one on the canvas and say which it is; it is kept then.",
    )


def _read(places: DataPlaces, asked: MyDigits) -> DigitLog:
    log = DigitLog(places.own)
    log.refresh(most=asked.entries)
    if asked.log and asked.log != log.identity:
        raise NnstudioError(
            "The drawings of this experiment were all deleted; those that are kept now are others.",
            hint="Take the source “My digits” out and add it anew to use what is there now.",
        )
    return log
