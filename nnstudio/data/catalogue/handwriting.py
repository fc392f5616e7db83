"""Digits written by a generator of pen strokes; needs no network and no file."""

from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec


@spec(title="Handwritten digits", help="Digits 0–9 written by a generator of pen strokes.")
class Handwriting:
    """Pen strokes of digits, 28 × 28 pixels."""

    kind: Literal["handwriting"] = "handwriting"
    training: Annotated[
        int,
        Field(ge=10, le=1_000_000, title="Training", description="Samples to learn from."),
        Display(scale="log"),
    ] = 20_000
    validation: Annotated[
        int,
        Field(
            ge=10, le=1_000_000, title="Validation", description="Samples to watch the run with."
        ),
        Display(scale="log"),
    ] = 2_000
    test: Annotated[
        int,
        Field(ge=10, le=1_000_000, title="Test", description="Samples to judge the result with."),
        Display(scale="log"),
    ] = 2_000
    seed: Annotated[
        int,
        Field(ge=0, le=2**31 - 1, title="Writing seed", description="Other numbers, other hands."),
        Display(advanced=True),
    ] = 0
    revision: Annotated[
        int,
        Field(ge=1, le=1, title="Revision", description="Version of what the source gives."),
        Display(advanced=True),
    ] = 1
