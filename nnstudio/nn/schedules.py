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


Schedule = Annotated[
    Constant | Cosine,
    Field(
        discriminator="kind",
        title="Schedule",
        description="How the learning rate changes with time.",
    ),
]
