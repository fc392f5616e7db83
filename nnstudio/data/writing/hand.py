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
            description="Each hand writes so many of a digit in its own way; with more there "
            "are fewer hands.",
        ),
        Display(advanced=True),
    ] = 2
    mixed: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Mixed ways",
            description="So many hands write something between two similar ways; at 0 % the "
            "ways stay apart.",
        ),
        Display(unit="%"),
    ] = 0.8
    care: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Differing care",
            description="How unlike hands are in care: with more, some digits are neat and "
            "others scrawled.",
        ),
        Display(unit="%"),
    ] = 0.3
    bend: Annotated[
        float,
        Field(
            ge=0,
            le=0.2,
            title="Bends",
            description="How far lines wander off smoothly; at 0 % they are clean.",
        ),
        Display(unit="%"),
    ] = 0.05
    apart: Annotated[
        float,
        Field(
            ge=0,
            le=0.2,
            title="Strokes apart",
            description="How far strokes slip against each other, as the dash of a 7.",
        ),
        Display(unit="%"),
    ] = 0.04
    warp: Annotated[
        float,
        Field(
            ge=0,
            le=0.2,
            title="Proportions",
            description="How far parts of a digit change size and place: a 9 with a small head.",
        ),
        Display(unit="%"),
    ] = 0.04
    aspect: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Width",
            description="How unlike digits are in width: some are narrow, others broad.",
        ),
        Display(unit="%"),
    ] = 0.22
    slant: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Slant",
            description="How far digits lean to the left or the right; at 0 % they are upright.",
        ),
        Display(unit="%"),
    ] = 0.22
    turn: Annotated[
        float,
        Field(
            ge=0,
            le=90,
            title="Turn",
            description="How far whole digits are turned to the left or the right.",
        ),
        Display(unit=mark("°")),
    ] = 6.0
    ends: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            title="Overshoot",
            description="How far strokes begin and end too early or too late: loops stay open, "
            "or lines cross.",
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
            description="So many digits are squeezed or stretched to a square, as in the boxes "
            "of a form.",
        ),
        Display(unit="%"),
    ] = 0.1
