"""MNIST and Fashion-MNIST: the four IDX files or Keras's one, found, downloaded and checked."""

from typing import Annotated, Literal

from nnstudio.spec import Display, Field, spec


@spec(title="MNIST", help="70,000 handwritten digits, scanned (LeCun, Cortes and Burges).")
class Mnist:
    """60,000 digits to learn from, 10,000 to test, 28 × 28 pixels."""

    kind: Literal["mnist"] = "mnist"
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
    revision: Annotated[
        int,
        Field(ge=1, le=1, title="Revision", description="Version of what the source gives."),
        Display(advanced=True),
    ] = 1


@spec(title="Fashion-MNIST", help="70,000 pictures of clothes in ten classes (Zalando SE).")
class FashionMnist:
    """60,000 pictures of clothes to learn from, 10,000 to test, 28 × 28 pixels."""

    kind: Literal["fashion_mnist"] = "fashion_mnist"
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
    revision: Annotated[
        int,
        Field(ge=1, le=1, title="Revision", description="Version of what the source gives."),
        Display(advanced=True),
    ] = 1
