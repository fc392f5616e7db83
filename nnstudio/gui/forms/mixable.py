"""Which kinds of sources go together, told before they are loaded; of an imported set it is not."""

from typing import Any, Final

from nnstudio.data.catalogue import (
    Checkerboard,
    Circles,
    FashionMnist,
    Handwriting,
    Mnist,
    Moons,
    MyDigits,
    Noise,
    Polynomial,
    RandomTargets,
    Spirals,
    Xor,
)

FAMILIES: Final[tuple[tuple[type, ...], ...]] = (
    # 28 × 28 pixels and ten classes
    (Handwriting, Mnist, FashionMnist, MyDigits, Noise),
    # points in a plane and two classes
    (Spirals, Circles, Moons, Xor, Checkerboard),
    (Polynomial,),
    (RandomTargets,),
)


def go_together(one: type, other: type) -> bool:
    """Tell whether samples of two kinds can be mixed, as far as the kinds decide it."""
    families = [_family(cls) for cls in (one, other)]
    return None in families or families[0] == families[1]


def hindering(cls: type, sources: tuple[Any, ...]) -> Any | None:
    """Give the first of `sources` whose samples cannot be mixed with those of `cls`."""
    return next((one for one in sources if not go_together(cls, type(one))), None)


def _family(cls: type) -> int | None:
    return next((at for at, family in enumerate(FAMILIES) if cls in family), None)
