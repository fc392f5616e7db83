"""The digits that a person drew and named, as the canvas shows them to a network."""

from dataclasses import replace
from typing import Annotated, Final, Literal

import numpy as np

from nnstudio.data.catalogue.fields import HeldOut
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
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
        """Give the share that `split` draws for validation; none is kept for a test."""
        return self.validation, 0.0

    def pinned(self, places: DataPlaces) -> "MyDigits":
        """Give the source that goes on giving what is there now.

        Raises
        ------
        NnstudioError
            When the drawings cannot be read, or there are none.
        """
        if self.entries is not None:
            return self
        return replace(self, entries=_read(places, None).entries)

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Give the drawings as pictures, in the order of drawing.

        Raises
        ------
        NnstudioError
            When they cannot be read, or there are none.
        """
        kept = _read(places, self.entries).drawings
        pixels, labels = [], []
        for number, one in enumerate(kept):
            if number % _TOLD_EVERY == 0:
                progress(number / len(kept), text("reading my digits"))
            picture = one.drawing.pixels()
            if picture is not None and one.drawing.label in LABELS:
                pixels += [picture, *retraced(one.drawing, self.retraced)]
                labels += [LABELS.index(one.drawing.label)] * (1 + self.retraced)
        return Dataset.of(
            np.array(pixels, dtype=np.uint8).reshape(-1, SIDE * SIDE),
            np.array(labels, dtype=np.int64),
            class_names=LABELS,
            image_shape=(SIDE, SIDE),
            source=self.kind,
        )


def _read(places: DataPlaces, entries: int | None) -> DigitLog:
    log = DigitLog(places.own)
    log.refresh(most=entries)
    if not log.drawings:
        raise NnstudioError(
            "You have drawn no digits yet.",
            hint="Draw one on the canvas and say which it is; it is kept then.",
        )
    return log
