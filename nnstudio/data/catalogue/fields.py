"""Settings that several sources have, defined once."""

from typing import Annotated

from nnstudio.errors import NnstudioError
from nnstudio.spec import Display, Field
from nnstudio.texts import Text

HeldOut = Annotated[
    float,
    Field(
        ge=0,
        le=0.5,
        title="Validation",
        description="Share of the training samples that is held out to watch the run; of no use "
        "while the test part is watched instead.",
    ),
    Display(unit="%"),
]

DataSeed = Annotated[
    int,
    Field(ge=0, le=2**31 - 1, title="Data seed", description="Other numbers, other data."),
    Display(advanced=True),
]

Revision = Annotated[
    int,
    Field(ge=1, le=1_000_000, title="Revision", description="Version of what the source gives."),
    Display(advanced=True),
]


def check_revision(asked: int, *, newest: int, source: str) -> None:
    """Refuse a revision that this program does not know.

    Raises
    ------
    NnstudioError
        With what is known.
    """
    if asked != newest:
        raise NnstudioError(
            "Revision {asked} of the data source “{source}” is not known here; this is "
            "revision {newest}.",
            hint="Set its revision to {newest}, or use the version of the program that made it.",
            asked=asked,
            newest=newest,
            source=Text(source),
        )
