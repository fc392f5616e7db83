"""Warm-up: a factor in front of any schedule that lets the first steps be smaller."""

from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec


@spec(title="none", help="The schedule begins at its full rate.")
class NoWarmUp:
    """Factor 1 throughout."""

    kind: Literal["none"] = "none"

    def factor(self, step: int) -> float:
        """Give the factor of the scheduled rate at `step`, counted from 0: always 1."""
        return 1.0


@spec(
    title="linear",
    help="The first steps are smaller: the rate rises in a straight line until it is that of the "
    "schedule. Helps where training blows up at once, as with large rates, large batches and Adam.",
)
class LinearWarmUp:
    """A factor that rises from `start` to 1 within `steps` (Goyal et al. 2017, section 2.2).

    The schedule counts from the first step of the run and is multiplied by it, as in that paper:
    a warm-up does not move the epochs at which a rate falls. PyTorch: ``LinearLR(start_factor =
    1/3, total_iters = 5)`` chained with the schedule; Keras has it within ``CosineDecay`` only,
    whose fall begins when the warm-up is over.
    """

    kind: Literal["linear"] = "linear"
    steps: Annotated[
        int,
        Field(
            ge=1,
            title="Steps",
            description="After so many steps the full rate is reached (PyTorch total_iters, Keras "
            "warmup_steps).",
        ),
        Display(scale="log"),
    ] = 100
    start: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="First factor",
            description="Share of the rate at the first step (PyTorch start_factor, 1/3).",
        ),
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
