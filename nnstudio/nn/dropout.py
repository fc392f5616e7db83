"""Dropout: units left out at random while training; their mean output stays what it was."""

from typing import Annotated, Final, Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import DTypeLike

from nnstudio.nn.parameters import Matrix
from nnstudio.spec import Display, Field, spec

# numbers at once: their random bits stay in the cache
_CHUNK: Final = 16_384
# 16 bits decide about a number: a quarter of what a float of NumPy's generator takes
_LEVELS: Final = 65_536


class Dropped:
    """``A' = A M``, with ``M`` 0 for the share `rate` of all numbers and ``1 / (1 - rate)`` else.

    Inverted dropout (Srivastava et al. 2014, section 10, "multiply by 1/p while training"), as in
    PyTorch and Keras: evaluation takes every output as it is. The rate is a multiple of 1/65536,
    in both places, so that the mean is kept exactly.

    Parameters
    ----------
    H : int
        Units.
    dtype : dtype
        Precision of the buffers.
    rate : float, in [0, 0.99]
        Chance of each number to be left out; the nearest multiple of 1/65536 is taken.
    """

    def __init__(self, H: int, dtype: DTypeLike, *, rate: float) -> None:
        self._H, self._dtype = H, dtype
        self._leave_out(rate)
        self._generator: Generator | None = None
        self.reserve(0)
        self.resize(0)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        self._M, self._A, self._dZ = np.empty((3, capacity, self._H), self._dtype)
        self._drawn = 0

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        self.M, self.A, self.dZ = self._M[:B], self._A[:B], self._dZ[:B]
        flat = self.M.reshape(-1)
        self._pieces = [flat[at : at + _CHUNK] for at in range(0, flat.size, _CHUNK)]

    def adopt(self, dropout: "Dropout") -> None:
        """Leave out as much as `dropout` says from the next `draw` on."""
        self._leave_out(dropout.rate)

    def _leave_out(self, rate: float) -> None:
        self._left_out = np.uint16(round(rate * _LEVELS))
        self._factor = _LEVELS / (_LEVELS - float(self._left_out))

    def draw_from(self, generator: Generator) -> None:
        """Take the numbers of the next `draw` from here."""
        self._generator = generator

    def draw(self) -> None:
        """Choose anew what is left out, sample by sample, the same in both precisions.

        Raises
        ------
        RuntimeError
            When no generator was ever given.
        """
        if self._generator is None:
            raise RuntimeError("dropout has no generator to draw from: call draw_from() first")
        bits_of = self._generator.bit_generator
        for piece in self._pieces:
            bits = bits_of.random_raw(-(-piece.size // 4)).view(np.uint16)
            np.greater_equal(bits[: piece.size], self._left_out, out=piece)
        self.M *= self._factor
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
            le=0.99,
            title="Dropout rate",
            description="Share of the units that is left out at every step (p in PyTorch, rate in"
            " Keras); 0.5 is usual for wide layers, 0.2 for narrow ones.",
        ),
        Display(unit="%", live=True),
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
