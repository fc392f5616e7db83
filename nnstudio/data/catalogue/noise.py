"""Random pictures with random labels: there is nothing to learn but by heart."""

from typing import Annotated, Literal

import numpy as np

from nnstudio.data.catalogue.fields import DataSeed, HeldOut, Revision
from nnstudio.data.catalogue.generated import Generated, TestShare
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.spec import Display, Field, spec


@spec(title="Random noise", help="Random pictures with random labels: nothing can be learned.")
class Noise(Generated):
    """Uniform pixels 0–255, 28 × 28, labels drawn evenly from ten classes."""

    kind: Literal["noise"] = "noise"
    samples: Annotated[
        int,
        Field(ge=30, le=1_000_000, title="Samples", description="How many pictures in all."),
        Display(scale="log"),
    ] = 2_000
    validation: HeldOut = 0.1
    test: TestShare = 0.2
    seed: DataSeed = 0
    revision: Revision = 1

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Draw the pictures; the same settings give the same bytes everywhere.

        Raises
        ------
        NnstudioError
            For an unknown revision.
        """
        generator = self._generator()
        return Dataset.of(
            generator.integers(0, 256, (self.samples, 28 * 28), dtype=np.uint8),
            generator.integers(0, 10, self.samples),
            class_names=tuple("0123456789"),
            image_shape=(28, 28),
            source=self.kind,
        )
