"""Schedules: the learning rate as a factor of its base, of the step and of the progress so far."""

from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec


@spec(title="constant", help="The learning rate stays what it is.")
class Constant:
    """Factor 1 throughout."""

    kind: Literal["constant"] = "constant"


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


Schedule = Annotated[
    Constant | Cosine,
    Field(
        discriminator="kind",
        title="Schedule",
        description="How the learning rate changes with time.",
    ),
]
