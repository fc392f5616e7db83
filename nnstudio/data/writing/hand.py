"""Hand: how far writing strays from the skeletons; lengths are shares of the height of a digit."""

from typing import Annotated

from nnstudio.spec import Display, Field, spec
from nnstudio.texts import mark


@spec(
    title="Hand",
    help="How differently people write: the ways that they learned, and how far they stray from "
    "them. Deviations are standard deviations, as shares of the height of a digit.",
)
class Hand:
    """Deviations and shares; with every one at 0 the skeletons are written as they are."""

    digits: Annotated[
        int,
        Field(
            ge=1,
            le=1000,
            title="Digits of a hand",
            description="So many of a digit are written by each hand, in its own way.",
        ),
        Display(advanced=True),
    ] = 2
    mixed: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Mixed ways",
            description="So many hands write between two ways that are alike.",
        ),
        Display(unit="%"),
    ] = 0.8
    care: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Differing care",
            description="Some hands stray less and others more than the deviations below; the "
            "logarithm of how much deviates so far.",
        ),
        Display(unit="%"),
    ] = 0.3
    bend: Annotated[
        float,
        Field(ge=0, le=0.2, title="Bends", description="Of a line from the way, smoothly."),
        Display(unit="%"),
    ] = 0.05
    apart: Annotated[
        float,
        Field(
            ge=0, le=0.2, title="Strokes apart", description="Of whole strokes against each other."
        ),
        Display(unit="%"),
    ] = 0.04
    warp: Annotated[
        float,
        Field(
            ge=0,
            le=0.2,
            title="Proportions",
            description="Of parts of a digit from their place and size.",
        ),
        Display(unit="%"),
    ] = 0.04
    aspect: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Width",
            description="Of how wide digits are for their height, as a logarithm.",
        ),
        Display(unit="%"),
    ] = 0.22
    slant: Annotated[
        float,
        Field(ge=0, le=1, title="Slant", description="To the right for each length upwards."),
        Display(unit="%"),
    ] = 0.22
    turn: Annotated[
        float,
        Field(ge=0, le=90, title="Turn", description="Of the whole digit."),
        Display(unit=mark("°")),
    ] = 6.0
    ends: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Overshoot",
            description="Strokes begin and end so far too early or too late, as a share of the "
            "way to the next bend.",
        ),
        Display(unit="%"),
    ] = 0.15
    joined: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Joined strokes",
            description="So often the pen is not lifted between two strokes, or not quite.",
        ),
        Display(unit="%"),
    ] = 0.2
    short: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Cut short",
            description="In so many digits the first or the last bit is missing.",
        ),
        Display(unit="%"),
    ] = 0.1
    boxed: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Filling a box",
            description="So many digits are made wider or narrower, to fill a square.",
        ),
        Display(unit="%"),
    ] = 0.1
