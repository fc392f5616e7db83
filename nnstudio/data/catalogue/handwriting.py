"""Digits written by a generator of pen strokes; needs no network and no file.

Each part is written by hands of its own. What was written once lies in the cache, and a cache file
that is damaged or of other settings is written anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.fields import Revision, check_revision
from nnstudio.data.catalogue.kept import keep, read_kept
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.drawings import Drawing
from nnstudio.data.progress import Progress
from nnstudio.data.strokes import BOX, MAX_RADIUS, MIN_RADIUS, SIDE, Stroke, centred, paint
from nnstudio.data.writing.hand import Hand
from nnstudio.data.writing.ink import Ink, together
from nnstudio.data.writing.paper import NoPaper, Paper
from nnstudio.data.writing.pen import Pen
from nnstudio.data.writing.penmanship import AT_ONCE, Written, written
from nnstudio.data.writing.tablet import Tablet
from nnstudio.spec import Display, Field, spec, to_json
from nnstudio.texts import text

REVISION: Final = 2
CLASS_NAMES: Final = tuple("0123456789")
_PIXELS: Final = SIDE * SIDE
_PAINTED_AT_ONCE: Final = 400  # some of few ways cost as much as many of one
_PREVIEW: Final = 3  # the number of the stream of random numbers behind those of the three parts


@spec(
    title="Handwriting",
    help="Digits 0–9 written by a generator of pen strokes, in the ways of many people and places.",
)
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
    hand: Annotated[Hand, Field(title="Hand")] = Hand()
    pen: Annotated[Pen, Field(title="Pen")] = Pen()
    tablet: Annotated[Tablet, Field(title="Tablet")] = Tablet()
    paper: Paper = NoPaper()
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
        settings = json.dumps(to_json(self), sort_keys=True).encode()
        kept = places.cache / f"handwriting-{hashlib.sha256(settings).hexdigest()[:32]}.bin"
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
            class_names=CLASS_NAMES,
            image_shape=(SIDE, SIDE),
            source=self.kind,
            revision=REVISION,
            validation_count=self.validation,
            test_count=self.test,
        )

    def preview(self, count: int, *, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Give some digits as these settings write them, at once and without the cache.

        Parameters
        ----------
        count : int
            How many, as many of each digit as possible.
        seed : int
            Other numbers, other hands; they are not those of the parts.

        Returns
        -------
        pictures : ndarray of uint8, shape (count, 28, 28)
        labels : ndarray of uint8, shape (count,)
        """
        generator = np.random.default_rng([self.seed, REVISION, _PREVIEW, seed])
        return self._pictures(count, generator)

    def drawings(self, count: int) -> Iterator[Drawing]:
        """Give digits as strokes; with as many as training has, those of the training part.

        Drawn as the canvas draws them they give the pictures of the part, but for the paper, for
        the last bits of edges, and for pens of more than 5 pixels, which the canvas keeps smaller.
        """
        generator = np.random.default_rng([self.seed, REVISION, 0])
        for start in range(0, count, AT_ONCE):
            size = min(AT_ONCE, count - start)
            found: list[Drawing | None] = [None] * size
            for some in self._lines(size, generator):
                drawings = _drawings(some.digit, some.ink)
                for place, drawing in zip(some.places, drawings, strict=True):
                    found[place] = drawing
            yield from (drawing for drawing in found if drawing is not None)

    def _written(
        self, sizes: tuple[int, ...], progress: Progress
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        pixels = np.empty((sum(sizes), _PIXELS), dtype=np.uint8)
        labels = np.empty(sum(sizes), dtype=np.uint8)
        done = 0
        for part, count in enumerate(sizes):
            generator = np.random.default_rng([self.seed, REVISION, part])
            for start in range(0, count, AT_ONCE):
                size = min(AT_ONCE, count - start)
                rows = slice(done, done + size)

                def told(share: float, done: int = done, size: int = size) -> None:
                    progress((done + share * size) / sum(sizes), text("writing digits"))

                pictures, labels[rows] = self._pictures(size, generator, told)
                pixels[rows] = pictures.reshape(-1, _PIXELS)
                done = rows.stop
        return pixels, labels

    def _lines(self, count: int, generator: np.random.Generator) -> Iterator[Written]:
        return written(count, hand=self.hand, pen=self.pen, tablet=self.tablet, generator=generator)

    def _pictures(
        self,
        count: int,
        generator: np.random.Generator,
        progress: Callable[[float], None] = lambda share: None,
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        pictures = np.empty((count, SIDE, SIDE), dtype=np.uint8)
        labels = np.empty(count, dtype=np.uint8)
        waiting: list[Written] = []

        def paint_waiting() -> None:
            ink = together([some.ink for some in waiting])
            places = np.concatenate([some.places for some in waiting])
            pictures[places] = paint(ink.points, radii=ink.radii, last=ink.last, starts=ink.starts)
            waiting.clear()

        for some in self._lines(count, generator):
            labels[some.places] = some.digit
            waiting.append(some)
            if sum(len(one.places) for one in waiting) >= _PAINTED_AT_ONCE:
                paint_waiting()
                progress(some.digit / len(CLASS_NAMES))
        if waiting:
            paint_waiting()
        pictures = centred(self.paper.scan(pictures, generator=generator))
        progress(1.0)
        return pictures, labels


def _drawings(digit: int, ink: Ink) -> Iterator[Drawing]:
    for start, stop in zip(ink.starts, np.append(ink.starts[1:], len(ink.points)), strict=True):
        points = ink.points[start:stop]
        radii = np.clip(ink.radii[start:stop], MIN_RADIUS, MAX_RADIUS)
        widest = float(radii.max())
        extent = float(np.ptp(points, axis=0).max())
        # so that the fitted drawing has a pen of that many pixels
        width = 2 * widest * max(extent, 1e-6) / (BOX - 2 * widest)
        ends = np.flatnonzero(ink.last[start:stop])[:-1] + 1
        yield Drawing(
            label=str(digit),
            strokes=tuple(
                Stroke(line, thickness / widest)
                for line, thickness in zip(
                    np.split(points, ends), np.split(radii, ends), strict=True
                )
            ),
            width=width,
            source="handwriting",
        )
