"""Small two-dimensional sets whose answer can be seen."""

from typing import Annotated, Literal

import numpy as np

from nnstudio.data.catalogue.fields import DataSeed, HeldOut, Revision, check_revision
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import mark

TEST_SHARE = 0.2


@spec(title="Two spirals", help="Two arms that wind around each other; needs a hidden layer.")
class Spirals:
    """Two classes of points in the plane, each on an arm of the same spiral."""

    kind: Literal["spirals"] = "spirals"
    samples: Annotated[
        int,
        Field(ge=30, le=1_000_000, title="Samples", description="How many points in all."),
        Display(scale="log"),
    ] = 1_000
    turns: Annotated[
        float, Field(gt=0, le=5, title="Turns", description="How often an arm winds around.")
    ] = 1.5
    noise: Annotated[
        float,
        Field(ge=0, le=1, title="Noise", description="How far points stray from their arm."),
    ] = 0.05
    validation: HeldOut = 0.1
    seed: DataSeed = 0
    revision: Revision = 1

    @property
    def share_held_out(self) -> tuple[float, float]:
        """Give the shares that `split` draws for validation and test."""
        return self.validation, TEST_SHARE

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Draw the points: radius and angle grow together, the second arm is turned by half.

        Raises
        ------
        NnstudioError
            For an unknown revision.
        """
        check_revision(self.revision, newest=1, source="Two spirals")
        generator = np.random.default_rng([self.seed, 0x73706972])
        arm = np.arange(self.samples) % 2
        # the root spreads points evenly along the arm instead of crowding its middle
        radius = np.sqrt(generator.uniform(0.0025, 1, self.samples))
        angle = 2 * np.pi * self.turns * radius + np.pi * arm
        points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        points += self.noise * generator.standard_normal(points.shape)
        return Dataset.of(
            points,
            arm,
            class_names=(mark("first arm"), mark("second arm")),
            source=self.kind,
        )
