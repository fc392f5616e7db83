"""Dropout: units left out at random while training; their mean output stays what it was."""

from typing import Annotated, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike

from nnstudio.nn.parameters import Matrix
from nnstudio.spec import Display, Field, spec


class Dropped:
    """``A' = A M``, with ``M`` 0 for the share `rate` of all numbers and ``1 / (1 - rate)`` else.

    Inverted dropout (Srivastava et al. 2014, section 10, "multiply by 1/p while training"), as in
    PyTorch and Keras: evaluation takes every output as it is.

    Parameters
    ----------
    H : int
        Units.
    dtype : dtype
        Precision of the buffers.
    rate : float, in [0, 1)
        Chance of each number to be left out.
    """

    def __init__(self, H: int, dtype: DTypeLike, *, rate: float) -> None:
        self._H, self._dtype = H, dtype
        # rounded once, so that both precisions leave out the same numbers
        self._rate, self._kept = np.float32(rate), 1.0 / (1.0 - rate)
        self._generator: Generator | None = None
        self.reserve(0)
        self.resize(0)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        self._uniform = np.empty((capacity, self._H), np.float32)
        self._M, self._A, self._dZ = np.empty((3, capacity, self._H), self._dtype)
        self._drawn = 0

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        self.uniform = self._uniform[:B]
        self.M, self.A, self.dZ = self._M[:B], self._A[:B], self._dZ[:B]

    def draw_from(self, generator: Generator) -> None:
        """Take the numbers of the next `draw` from here."""
        self._generator = generator

    def draw(self) -> None:
        """Choose anew what is left out, sample by sample; 24 random bits decide about a number.

        Raises
        ------
        RuntimeError
            When no generator was ever given.
        """
        if self._generator is None:
            raise RuntimeError("dropout has no generator to draw from: call draw_from() first")
        self._generator.random(dtype=np.float32, out=self.uniform)
        np.greater_equal(self.uniform, self._rate, out=self.M)
        self.M *= self._kept
        self._drawn = len(self.M)

    def forward(self, Z: Matrix) -> Matrix:
        """Give `Z` as it is: nothing is left out in evaluation."""
        return Z

    def forward_training(self, Z: Matrix) -> Matrix:
        """Give `Z` without what the last `draw` left out.

        Raises
        ------
        RuntimeError
            When nothing was drawn for a batch of this size.
        """
        if self._drawn != len(Z):
            raise RuntimeError(f"dropout was drawn for {self._drawn} samples, not for {len(Z)}")
        return np.multiply(Z, self.M, out=self.A)

    def backward(self, dA: Matrix) -> Matrix:
        """Give the derivative by the inputs of the last `forward_training`."""
        return np.multiply(dA, self.M, out=self.dZ)


@spec(title="none")
class NoDropout:
    """No unit is left out."""

    kind: Literal["none"] = "none"

    def steps(self, H: int, dtype: DTypeLike) -> tuple[()]:
        """Give what follows the activation: nothing."""
        return ()


@spec(
    title="dropout",
    help="Leaves out a random share of the units at every training step, so that none relies on"
    " another; the others count for more meanwhile. Evaluation uses all units.",
)
class Dropout:
    """Inverted dropout (Srivastava et al. 2014)."""

    kind: Literal["dropout"] = "dropout"
    rate: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Rate",
            description="Share of the units that is left out at every step (p in PyTorch, rate in"
            " Keras); 0.5 is usual for wide layers, 0.2 for narrow ones.",
        ),
        Display(unit="%"),
    ] = 0.5

    def steps(self, H: int, dtype: DTypeLike) -> tuple[Dropped]:
        """Give what follows the activation of `H` units."""
        return (Dropped(H, dtype, rate=self.rate),)


DropoutChoice = Annotated[
    NoDropout | Dropout,
    Field(
        discriminator="kind",
        title="Dropout",
        description="What is left out of the outputs of the layer while it trains.",
    ),
]
