"""Digits written by a generator of pen strokes; needs no network and no file.

Each part is written by hands of its own. What was written once lies in the cache, and a cache file
that is damaged or of other settings is written anew.
"""

from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.fields import Revision, check_revision
from nnstudio.data.catalogue.kept import keep, read_kept
from nnstudio.data.catalogue.penmanship import write
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.data.strokes import SIDE
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import text

REVISION: Final = 1
_PIXELS: Final = SIDE * SIDE


@spec(title="Handwriting", help="Digits 0–9 written by a generator of pen strokes.")
class Handwriting:
    """Pen strokes of digits, 28 × 28 pixels."""

    kind: Literal["handwriting"] = "handwriting"
    training: Annotated[
        int,
        Field(ge=10, le=1_000_000, title="Training", description="Samples to learn from."),
        Display(scale="log"),
    ] = 20_000
    validation: Annotated[
        int,
        Field(
            ge=10, le=1_000_000, title="Validation", description="Samples to watch the run with."
        ),
        Display(scale="log"),
    ] = 2_000
    test: Annotated[
        int,
        Field(ge=10, le=1_000_000, title="Test", description="Samples to judge the result with."),
        Display(scale="log"),
    ] = 2_000
    seed: Annotated[
        int,
        Field(ge=0, le=2**31 - 1, title="Writing seed", description="Other numbers, other hands."),
        Display(advanced=True),
    ] = 0
    revision: Revision = REVISION

    @property
    def share_held_out(self) -> tuple[float, float]:
        """Give 0 and 0: validation and test have hands of their own."""
        return 0.0, 0.0

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Give the digits, written now or kept from the last time; the same settings, same bytes.

        Raises
        ------
        NnstudioError
            For an unknown revision.
        """
        check_revision(self.revision, newest=REVISION, source="Handwriting")
        sizes = (self.training, self.validation, self.test)
        name = "-".join(str(part) for part in ("handwriting", REVISION, self.seed, *sizes))
        kept = places.cache / f"{name}.bin"
        content = read_kept(kept)
        if content is not None and len(content) == sum(sizes) * (_PIXELS + 1):
            values = np.frombuffer(content, dtype=np.uint8)
            pixels = values[sum(sizes) :].reshape(-1, _PIXELS)
            labels = values[: sum(sizes)]
        else:
            pixels, labels = self._written(sizes, progress)
            keep(kept, labels.data, pixels.data)
        return Dataset.of(
            pixels,
            labels,
            class_names=tuple("0123456789"),
            image_shape=(SIDE, SIDE),
            source=self.kind,
            revision=REVISION,
            validation_count=self.validation,
            test_count=self.test,
        )

    def _written(
        self, sizes: tuple[int, ...], progress: Progress
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        pixels = np.empty((sum(sizes), _PIXELS), dtype=np.uint8)
        labels = np.empty(sum(sizes), dtype=np.uint8)
        start = 0
        for part, count in enumerate(sizes):
            generator = np.random.default_rng([self.seed, REVISION, part])
            for pictures, digits in write(count, generator=generator):
                rows = slice(start, start + len(digits))
                pixels[rows] = pictures.reshape(-1, _PIXELS)
                labels[rows] = digits
                start = rows.stop
                progress(start / sum(sizes), text("writing digits"))
        return pixels, labels
