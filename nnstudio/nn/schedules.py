"""Schedules: the learning rate as a factor of its base, of the step and of the progress so far."""

from dataclasses import dataclass
from math import ceil, cos, pi
from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    Attributes
    ----------
    total_steps : int or None
        Steps of the whole run; None when no limit says how many there will be.
    steps_per_epoch : int
        At least 1.
    validation : tuple of float
        Validation losses so far, one per epoch.
    """

    total_steps: int | None
    steps_per_epoch: int
    validation: tuple[float, ...] = ()


@spec(title="constant", help="The learning rate stays what it is.")
class Constant:
    """Factor 1 throughout."""

    kind: Literal["constant"] = "constant"

    @property
    def needs_end(self) -> bool:
        """Whether it must be known how many steps a run has."""
        return False

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0: always 1."""
        return 1.0


@spec(title="cosine", help="Falls along half a cosine from the base rate to the end of the run.")
class Cosine:
    """Half a cosine from 1 to `final` (Loshchilov and Hutter 2017, eq. 5, without restarts)."""

    kind: Literal["cosine"] = "cosine"
    final: Annotated[
        float,
        Field(ge=0, le=1, title="Final factor", description="What is left at the end of the run."),
    ] = 0.0
    stepwise: Annotated[
        bool,
        Field(title="Per epoch", description="The rate changes once an epoch, not at every step."),
        Display(advanced=True),
    ] = False

    @property
    def needs_end(self) -> bool:
        """Whether it must be known how many steps a run has."""
        return True

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Raises
        ------
        ValueError
            When nothing says how many steps the run has.

        Examples
        --------
        >>> Cosine().factor(50, Progress(total_steps=100, steps_per_epoch=10))
        0.5
        """
        if progress.total_steps is None:
            raise ValueError("a cosine falls to the end of a run, but this run has no known end")
        total = progress.total_steps
        if self.stepwise:
            step = step // progress.steps_per_epoch
            total = ceil(total / progress.steps_per_epoch)
        done = min(step / total, 1.0)
        return self.final + (1.0 - self.final) * (1.0 + cos(pi * done)) / 2.0


@spec(title="range test", help="Rises exponentially, to find out which learning rates work.")
class RangeTest:
    """An exponential rise from 1 to `rise` (Smith 2017, section 3.3, with rates evenly in decades).

    For looking at the loss over the rate, not for training: the rate rises until the loss blows up.
    """

    kind: Literal["range_test"] = "range_test"
    rise: Annotated[
        float,
        Field(
            gt=1,
            le=1e12,
            title="Rise",
            description="How many times the learning rate is reached at the last step.",
        ),
        Display(scale="log"),
    ] = 1e4

    @property
    def needs_end(self) -> bool:
        """Whether it must be known how many steps a run has."""
        return True

    def factor(self, step: int, progress: Progress) -> float:
        """Give the factor of the base rate at `step`, counted from 0.

        Raises
        ------
        ValueError
            When nothing says how many steps the run has.

        Examples
        --------
        >>> progress = Progress(total_steps=3, steps_per_epoch=3)
        >>> [RangeTest(rise=100).factor(step, progress) for step in (0, 1, 2)]
        [1.0, 10.0, 100.0]
        """
        if progress.total_steps is None:
            raise ValueError("a range test rises to the end of a run, but this has no known end")
        return float(self.rise ** min(step / max(progress.total_steps - 1, 1), 1.0))


Schedule = Annotated[
    Constant | Cosine | RangeTest,
    Field(
        discriminator="kind",
        title="Schedule",
        description="How the learning rate changes with time.",
    ),
]


@spec(title="none")
class NoWarmUp:
    """The schedule begins at its full rate."""

    kind: Literal["none"] = "none"

    def factor(self, step: int) -> float:
        """Give the factor of the scheduled rate at `step`, counted from 0: always 1."""
        return 1.0


@spec(
    title="linear",
    help="The first steps are smaller: the rate rises in a straight line.",
)
class LinearWarmUp:
    """A factor that rises from `start` to 1 within `steps` (Goyal et al. 2017, section 2.2).

    The schedule counts from the first step of the run and is multiplied by it, as in that paper:
    a warm-up does not move the epochs at which a rate falls.
    """

    kind: Literal["linear"] = "linear"
    steps: Annotated[
        int,
        Field(ge=1, title="Steps", description="After so many steps the full rate is reached."),
        Display(scale="log"),
    ] = 100
    start: Annotated[
        float,
        Field(ge=0, le=1, title="First factor", description="Share of the rate at the first step."),
        Display(advanced=True),
    ] = 0.1

    def factor(self, step: int) -> float:
        """Give the factor of the scheduled rate at `step`, counted from 0.

        Examples
        --------
        >>> [LinearWarmUp(steps=2, start=0.5).factor(step) for step in (0, 1, 2, 3)]
        [0.5, 0.75, 1.0, 1.0]
        """
        if step >= self.steps:
            return 1.0
        return self.start + (1.0 - self.start) * step / self.steps


WarmUp = Annotated[
    NoWarmUp | LinearWarmUp,
    Field(
        discriminator="kind",
        title="Warm-up",
        description="Whether the first steps are made smaller, whatever the schedule.",
    ),
]


def rate_factor(schedule: Schedule, warm_up: WarmUp, step: int, progress: Progress) -> float:
    """Give the factor of the base rate at `step`, counted from 0: schedule times warm-up."""
    return schedule.factor(step, progress) * warm_up.factor(step)
