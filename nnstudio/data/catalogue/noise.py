"""Random pictures with random labels: there is nothing to learn but by heart."""

from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec


@spec(title="Random noise", help="Random pictures with random labels: nothing can be learned.")
class Noise:
    """Uniform pixels 0–255, 28 × 28, labels drawn evenly from ten classes."""

    kind: Literal["noise"] = "noise"
    samples: Annotated[
        int,
        Field(ge=30, le=1_000_000, title="Samples", description="How many pictures in all."),
        Display(scale="log"),
    ] = 2_000
    validation: Annotated[
        float,
        Field(
            ge=0,
            le=0.5,
            title="Validation",
            description="Share of the training samples that is held out to watch the run.",
        ),
        Display(unit="%"),
    ] = 0.1
    seed: Annotated[
        int,
        Field(ge=0, le=2**31 - 1, title="Data seed", description="Other numbers, other data."),
        Display(advanced=True),
    ] = 0
    revision: Annotated[
        int,
        Field(ge=1, le=1, title="Revision", description="Version of what the source gives."),
        Display(advanced=True),
    ] = 1
