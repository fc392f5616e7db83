"""The data sources by name, a file for each or for a small family; the union is the list of all."""

from typing import Annotated

from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.catalogue.imported import Imported
from nnstudio.data.catalogue.mnist import FashionMnist, Mnist
from nnstudio.data.catalogue.my_digits import MyDigits
from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.data.catalogue.random_targets import RandomTargets
from nnstudio.data.catalogue.toys import Checkerboard, Circles, Moons, Spirals, Xor
from nnstudio.spec import Field

__all__ = [
    "Checkerboard",
    "Circles",
    "DataPlaces",
    "FashionMnist",
    "Handwriting",
    "Imported",
    "Mnist",
    "Moons",
    "MyDigits",
    "Noise",
    "Polynomial",
    "RandomTargets",
    "Source",
    "Spirals",
    "Xor",
]

Source = Annotated[
    Handwriting
    | Mnist
    | FashionMnist
    | MyDigits
    | Imported
    | Spirals
    | Circles
    | Moons
    | Xor
    | Checkerboard
    | Polynomial
    | RandomTargets
    | Noise,
    Field(discriminator="kind", title="Source", description="Where the samples come from."),
]
