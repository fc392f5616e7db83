"""Scaling and encoding, fitted on the training part only."""

from typing import Annotated, Literal

from nnstudio.spec import Field, spec


@spec(title="raw", help="Values reach the network as they are, pixels from 0 to 255.")
class Raw:
    """Inputs as they are."""

    kind: Literal["raw"] = "raw"


@spec(
    title="to 0–1", help="The range of the training part becomes 0 to 1; pixels are divided by 255."
)
class ToUnit:
    """One common range, mapped to 0–1; for pictures of bytes that is division by 255."""

    kind: Literal["unit"] = "unit"


@spec(title="standardized", help="Every input gets mean 0 and standard deviation 1.")
class Standardized:
    """Each input minus its mean, divided by its standard deviation (1 where it is constant)."""

    kind: Literal["standard"] = "standard"


Scaling = Annotated[
    Raw | ToUnit | Standardized,
    Field(discriminator="kind", title="Scaling", description="How inputs are scaled."),
]
