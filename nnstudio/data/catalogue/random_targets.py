"""Random labels for random inputs: the loss has a floor that is known, and nothing generalizes."""

from typing import Annotated, Final, Literal

import numpy as np

from nnstudio.data.catalogue.fields import DataSeed, HeldOut, Revision
from nnstudio.data.catalogue.generated import Generated, TestShare
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.problems import Problem
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import text

MAX_NUMBERS: Final = 2**28
"""One GiB of single-precision numbers."""


@spec(
    title="Random targets",
    help="Normal inputs with several labels each, drawn at random: to be learned by heart. Take "
    "sigmoid outputs with binary cross-entropy; softmax has room for one label.",
)
class RandomTargets(Generated):
    """Inputs drawn from the standard normal distribution, each label 1 with the same chance."""

    kind: Literal["random_targets"] = "random_targets"
    samples: Annotated[
        int,
        Field(ge=4, le=1_000_000, title="Samples", description="How many samples in all."),
        Display(scale="log"),
    ] = 30_000
    inputs: Annotated[
        int,
        Field(ge=1, le=10_000, title="Inputs", description="How many numbers a sample has."),
        Display(scale="log"),
    ] = 784
    labels: Annotated[
        int,
        Field(ge=1, le=1_000, title="Labels", description="How many labels a sample has."),
        Display(scale="log"),
    ] = 10
    share: Annotated[
        float,
        Field(
            ge=0, le=1, title="Share of ones", description="How likely it is that a label holds."
        ),
        Display(unit="%"),
    ] = 0.5
    validation: HeldOut = 0.1
    test: TestShare = 0.2
    seed: DataSeed = 0
    revision: Revision = 1

    def problems(self) -> tuple[Problem, ...]:
        """Give what is wrong although each value is legal by itself, with paths from here."""
        most = MAX_NUMBERS // (self.inputs + self.labels)
        if self.samples <= most:
            return ()
        return (
            Problem(
                ("samples",), text("There is room for at most {most} of this size.", most=most)
            ),
        )

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Draw the samples; the same settings give the same bytes everywhere.

        Raises
        ------
        NnstudioError
            When they would not fit the memory, or for an unknown revision.
        """
        generator = self._generator()
        progress(None, text("drawing samples"))
        inputs = generator.standard_normal((self.samples, self.inputs), dtype=np.float32)
        held = generator.random((self.samples, self.labels), dtype=np.float32) < self.share
        return Dataset.of(
            inputs, held.astype(np.float32), class_names=(), source=self.kind, task="labels"
        )
