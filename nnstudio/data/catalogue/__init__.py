"""The data sources by name, one file each; the union is the list of all."""

from typing import Annotated

from nnstudio.data.catalogue.any_file import read_file
from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.catalogue.mnist import FashionMnist, Mnist
from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.catalogue.toys import Spirals
from nnstudio.spec import Field

__all__ = [
    "DataPlaces",
    "FashionMnist",
    "Handwriting",
    "Mnist",
    "Noise",
    "Source",
    "Spirals",
    "read_file",
]

Source = Annotated[
    Handwriting | Mnist | FashionMnist | Noise | Spirals,
    Field(discriminator="kind", title="Source", description="Where the samples come from."),
]
