"""Noisy samples of a polynomial: one number in, one number out, and the truth is known."""

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.fields import DataSeed, HeldOut, Revision
from nnstudio.data.catalogue.generated import Generated, TestShare
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.problems import Problem
from nnstudio.spec import Display, Field, spec
from nnstudio.texts import text

Numbers = NDArray[np.float64]


@spec(
    title="Polynomial",
    help="Noisy samples of a polynomial of one variable, to be fitted: few samples and many units "
    "show over-fitting. The targets are left as they are; the inputs are scaled as chosen.",
)
class Polynomial(Generated):
    """Inputs spread evenly over a range; targets are the polynomial there plus normal noise."""

    kind: Literal["polynomial"] = "polynomial"
    samples: Annotated[
        int,
        Field(ge=4, le=1_000_000, title="Samples", description="How many points in all."),
        Display(scale="log"),
    ] = 200
    coefficients: Annotated[
        tuple[Annotated[float, Field(ge=-1e6, le=1e6)], ...],
        Field(
            min_length=1,
            max_length=13,
            title="Coefficients",
            description="Of 1, x, x², x³ and so on, with commas between them.",
        ),
    ] = (0.0, -2.0, 0.0, 1.0)
    low: Annotated[
        float, Field(ge=-100, le=100, title="From", description="The smallest input.")
    ] = -2.0
    high: Annotated[float, Field(ge=-100, le=100, title="To", description="The largest input.")] = (
        2.0
    )
    noise: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            title="Noise",
            description="Standard deviation of what is added to each target.",
        ),
    ] = 0.3
    validation: HeldOut = 0.2
    test: TestShare = 0.2
    seed: DataSeed = 0
    revision: Revision = 1

    def value(self, x: Numbers) -> Numbers:
        """Give the polynomial without noise at each of `x`."""
        found = np.zeros_like(x)
        for coefficient in reversed(self.coefficients):
            found = found * x + coefficient
        return found

    def problems(self) -> tuple[Problem, ...]:
        """Give what is wrong although each value is legal by itself, with paths from here."""
        if self.low < self.high:
            return ()
        return (
            Problem(
                ("high",),
                text("The inputs must end above {low:g}, where they begin.", low=self.low),
            ),
        )

    def load(self, places: DataPlaces, progress: Progress) -> Dataset:
        """Draw the samples; the same settings give the same bytes everywhere.

        Raises
        ------
        NnstudioError
            When the range is empty, or for an unknown revision.
        """
        generator = self._generator()
        x = generator.uniform(self.low, self.high, self.samples)
        y = self.value(x) + self.noise * generator.standard_normal(self.samples)
        return Dataset.of(
            x[:, None], y[:, None], class_names=("y",), source=self.kind, task="values"
        )
