"""Penalties: what large weights cost; value and gradient together, and never of a bias.

The strength is the factor of the plain sum, as in Keras. Many books halve the sum of squares, so
that their strength, like the ``weight_decay`` of plain gradient descent, is twice that of here.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal, Protocol

import numpy as np

from nnstudio.nn.parameters import Matrix, Vector
from nnstudio.spec import Display, Field, spec

# numbers at once: a chunk, its gradient and the room to work in stay in the cache
_CHUNK: Final = 16_384

L1Strength = Annotated[
    float,
    Field(
        ge=0,
        le=10,
        title="L1 strength",
        description="Times the sum of |w|; l1 in Keras.",
    ),
    Display(scale="log", live=True),
]
L2Strength = Annotated[
    float,
    Field(
        ge=0,
        le=10,
        title="L2 strength",
        description="Times the sum of w², as l2 in Keras; weight_decay in PyTorch's SGD is twice"
        " this number.",
    ),
    Display(scale="log", live=True),
]


class Penalty(Protocol):
    """What one layer's weights cost."""

    def value(self, W: Vector, room: Vector, /) -> float:
        """Give what a chunk `W` costs; `room`, of its size, is overwritten."""

    def add_gradient(self, W: Vector, dW: Vector, room: Vector, /) -> None:
        """Add the derivative of that value to `dW`; `room` is overwritten."""


class Penalized:
    """The weights of one layer and what they cost.

    Parameters
    ----------
    penalty : Penalty
        The price.
    W, dW : ndarray, shape (D, H), contiguous
        Weights and their gradient, as views.
    """

    def __init__(self, penalty: Penalty, W: Matrix, dW: Matrix) -> None:
        self._penalty = penalty
        self._room = np.empty(min(W.size, _CHUNK), W.dtype)
        self._chunks = tuple(self._pieces(W.reshape(-1), dW.reshape(-1)))

    def adopt(self, penalty: Penalty) -> None:
        """Take another price from now on."""
        self._penalty = penalty

    def _pieces(self, W: Vector, dW: Vector) -> Iterator[tuple[Vector, Vector, Vector]]:
        for start in range(0, W.size, _CHUNK):
            piece = slice(start, min(start + _CHUNK, W.size))
            yield W[piece], dW[piece], self._room[: piece.stop - start]

    def value(self) -> float:
        """Give what the weights cost."""
        return sum(self._penalty.value(W, room) for W, _, room in self._chunks)

    def add_gradient(self) -> float:
        """Give what the weights cost, and add the derivative of that to their gradient."""
        penalty, value = self._penalty, 0.0
        for W, dW, room in self._chunks:
            value += penalty.value(W, room)
            penalty.add_gradient(W, dW, room)
        return value


def _sum_of_sizes(W: Vector, room: Vector) -> float:
    return float(np.add.reduce(np.abs(W, out=room)))


def _add_signs(strength: float, W: Vector, dW: Vector, room: Vector) -> None:
    np.sign(W, out=room)
    room *= strength
    dW += room


def _add_shares(strength: float, W: Vector, dW: Vector, room: Vector) -> None:
    np.multiply(W, 2.0 * strength, out=room)
    dW += room


@spec(title="none")
class NoPenalty:
    """Large weights cost nothing."""

    kind: Literal["none"] = "none"

    def of(self, W: Matrix, dW: Matrix) -> tuple[()]:
        """Give what makes these weights cost: nothing."""
        return ()


def _priced(penalty: Penalty, W: Matrix, dW: Matrix) -> tuple[Penalized]:
    """Give what makes the weights `W` with the gradient `dW`, both (D, H), cost."""
    return (Penalized(penalty, W, dW),)


@spec(
    title="L1",
    help="Adds the sizes of the weights to the loss: weights that are of little use become 0.",
)
class L1:
    """``l1 sum(|W|)``; the derivative at 0 is 0 (Tibshirani 1996)."""

    kind: Literal["l1"] = "l1"
    l1: L1Strength = 1e-5

    of = _priced

    def value(self, W: Vector, room: Vector) -> float:
        """Give what the weights `W` cost."""
        return self.l1 * _sum_of_sizes(W, room)

    def add_gradient(self, W: Vector, dW: Vector, room: Vector) -> None:
        """Add ``l1 sign(W)`` to `dW`."""
        _add_signs(self.l1, W, dW, room)


@spec(
    title="L2",
    help="Adds the squares of the weights to the loss: all weights stay small (ridge, weight"
    " decay).",
)
class L2:
    """``l2 sum(W**2)``, without a half (Hoerl and Kennard 1970)."""

    kind: Literal["l2"] = "l2"
    l2: L2Strength = 1e-4

    of = _priced

    def value(self, W: Vector, room: Vector) -> float:
        """Give what the weights `W` cost."""
        return self.l2 * float(np.vdot(W, W))

    def add_gradient(self, W: Vector, dW: Vector, room: Vector) -> None:
        """Add ``2 l2 W`` to `dW`."""
        _add_shares(self.l2, W, dW, room)


@spec(title="elastic net", help="L1 and L2 together, each with a strength of its own.")
class ElasticNet:
    """``l1 sum(|W|) + l2 sum(W**2)``, without a half (Zou and Hastie 2005)."""

    kind: Literal["elastic_net"] = "elastic_net"
    l1: L1Strength = 1e-5
    l2: L2Strength = 1e-4

    of = _priced

    def value(self, W: Vector, room: Vector) -> float:
        """Give what the weights `W` cost."""
        return self.l1 * _sum_of_sizes(W, room) + self.l2 * float(np.vdot(W, W))

    def add_gradient(self, W: Vector, dW: Vector, room: Vector) -> None:
        """Add ``l1 sign(W) + 2 l2 W`` to `dW`."""
        _add_signs(self.l1, W, dW, room)
        _add_shares(self.l2, W, dW, room)


PenaltyChoice = Annotated[
    NoPenalty | L1 | L2 | ElasticNet,
    Field(
        discriminator="kind",
        title="Penalty",
        description="What large weights of the layer add to the loss; biases cost nothing.",
    ),
    Display(advanced=True),
]
