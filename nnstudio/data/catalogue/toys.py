"""Small two-dimensional sets whose answer can be seen."""

from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec


@spec(title="Two spirals", help="Two arms that wind around each other; needs a hidden layer.")
class Spirals:
    """Two classes of points in the plane."""

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
