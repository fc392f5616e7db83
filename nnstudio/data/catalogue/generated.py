"""What all drawn sources share: parts by share, and a generator that no other source has."""

from typing import Annotated, Final

import numpy as np

from nnstudio.data.catalogue.fields import check_revision
from nnstudio.problems import Problem, SpecError
from nnstudio.spec import Display, Field, title_of

TestShare = Annotated[
    float,
    Field(
        ge=0,
        le=0.5,
        title="Test",
        description="Share of all samples that is kept to judge the result.",
    ),
    Display(unit="%", advanced=True),
]

_LETTERS: Final = 4


class Generated:
    """A source that draws its samples; what is declared here are settings of those who inherit."""

    kind: str
    validation: float
    test: float
    seed: int
    revision: int

    @property
    def share_held_out(self) -> tuple[float, float]:
        """Give the shares that `split` draws for validation and test."""
        return self.validation, self.test

    def problems(self) -> tuple[Problem, ...]:
        """Give what is wrong although each value is legal by itself, with paths from here."""
        return ()

    def _generator(self) -> np.random.Generator:
        """Give the one for this kind of source and its seed.

        Raises
        ------
        NnstudioError
            For an unknown revision, or when there are `problems`.
        """
        check_revision(self.revision, newest=1, source=title_of(type(self)))
        found = self.problems()
        if found:
            raise SpecError(found)
        return np.random.default_rng([self.seed, int.from_bytes(self.kind[:_LETTERS].encode())])
