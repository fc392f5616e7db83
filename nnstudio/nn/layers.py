"""Layers: one row of a network, and forward and backward side by side for what it is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol, Self

import numpy as np
from numpy.typing import DTypeLike

from nnstudio.nn.activations import Activation, Relu, Softmax
from nnstudio.nn.constraints import Constraint, NoConstraint
from nnstudio.nn.dropout import DropoutChoice, NoDropout
from nnstudio.nn.initializers import (
    Constant,
    GlorotUniform,
    HeNormal,
    Initializer,
    Normal,
    Uniform,
    Zeros,
)
from nnstudio.nn.normalization import NoNormalization, Normalization
from nnstudio.nn.parameters import Matrix, Vector
from nnstudio.nn.penalties import NoPenalty, PenaltyChoice
from nnstudio.spec import Display, Field, spec

Bias = Annotated[
    bool,
    Field(title="Bias", description="Whether every unit has a number of its own added to its sum."),
    Display(advanced=True),
]
BiasInitializer = Annotated[
    # the others follow the size of a layer or need a matrix: they are for weights
    Zeros | Constant | Normal | Uniform,
    Field(
        discriminator="kind",
        title="Initial biases",
        description="Biases before the first step. Zeros are usual, a small constant keeps units "
        "of ReLU awake at first; what follows the size of a layer is meant for weights.",
    ),
    Display(advanced=True),
]


@spec(title="Hidden layer")
class HiddenLayer:
    """One row of the network: units that all see every output of the row before."""

    units: Annotated[
        int, Field(ge=1, le=100_000, title="Units", description="How many units the layer has.")
    ] = 256
    bias: Bias = True
    weights: Initializer = HeNormal()
    biases: BiasInitializer = Zeros()
    normalization: Normalization = NoNormalization()
    activation: Activation = Relu()
    dropout: DropoutChoice = NoDropout()
    penalty: PenaltyChoice = NoPenalty()
    constraint: Constraint = NoConstraint()


@spec(title="Output layer")
class OutputLayer:
    """The last row; how many units it has follows from the data."""

    bias: Bias = True
    weights: Initializer = GlorotUniform()
    biases: BiasInitializer = Zeros()
    activation: Activation = Softmax()
    penalty: PenaltyChoice = NoPenalty()
    constraint: Constraint = NoConstraint()


def weight_gradient(X: Matrix, dZ: Matrix, out: Matrix) -> None:
    """Write ``dW = X' dZ`` into `out`, shape (D, H)."""
    np.dot(X.T, dZ, out=out)


def bias_gradient(X: Matrix, dA: Matrix, dZ: Matrix, out: Vector) -> None:
    """Write ``db``, the sum of `dZ` over the batch, into `out`, shape (H,)."""
    np.add.reduce(dZ, axis=0, out=out)


def input_gradient(dZ: Matrix, W: Matrix, out: Matrix) -> None:
    """Write ``dX = dZ W'`` into `out`, shape (B, D)."""
    np.dot(dZ, W.T, out=out)


@dataclass(frozen=True)
class LayerParts:
    """The functions that one row is made of; each writes into its last argument, `out`.

    Attributes
    ----------
    activation : (Z, out)
        ``A``.
    activation_gradient : (dA, Z, A, out)
        ``dZ``.
    weight_gradient : (X, dZ, out)
        ``dW``.
    bias_gradient : (X, dA, dZ, out)
        ``db``.
    input_gradient : (dZ, W, out)
        ``dX``.
    """

    activation: Callable[[Matrix, Matrix], None]
    activation_gradient: Callable[[Matrix, Matrix, Matrix, Matrix], None]
    weight_gradient: Callable[[Matrix, Matrix, Matrix], None] = weight_gradient
    bias_gradient: Callable[[Matrix, Matrix, Matrix, Vector], None] = bias_gradient
    input_gradient: Callable[[Matrix, Matrix, Matrix], None] = input_gradient

    @classmethod
    def of(cls, activation: Activation) -> Self:
        """Give the true functions of a row with this activation."""
        return cls(activation=activation.forward, activation_gradient=activation.backward)


class Step(Protocol):
    """What stands between the sums of a row and its outputs; keeps shape (B, H).

    ``A`` is what the last `forward_training` gave, ``dZ`` what `backward` gave.
    """

    A: Matrix
    dZ: Matrix  # noqa: N815 (mathematics keeps its letters)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""

    def forward(self, Z: Matrix, /) -> Matrix:
        """Give the outputs for `Z` in evaluation, in a buffer that the next call overwrites."""

    def forward_training(self, Z: Matrix, /) -> Matrix:
        """Give the outputs for `Z` in training; the same for the same `Z` until the next draw."""

    def backward(self, dA: Matrix, /) -> Matrix:
        """Give the derivative by the inputs of the last `forward_training`."""


class Dense:
    """``Z = X W + b``: every unit sees every input.

    Parameters
    ----------
    arrays, gradients : mapping of str to ndarray
        Views into the vector and the gradient: ``W`` (D, H), and ``b`` (H,) when there is a bias.
    parts : LayerParts
        The functions that make the gradients.
    first : bool
        Whether nothing stands below that could use the gradient of the inputs.
    """

    def __init__(
        self,
        arrays: Mapping[str, Matrix],
        gradients: Mapping[str, Matrix],
        *,
        parts: LayerParts,
        first: bool,
    ) -> None:
        self.W, self.dW = arrays["W"], gradients["W"]
        self.b, self.db = arrays.get("b"), gradients.get("b")
        self._weight_gradient = parts.weight_gradient
        self._bias_gradient = parts.bias_gradient
        self._input_gradient = None if first else parts.input_gradient
        self.reserve(0)
        self.resize(0)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        D, H = self.W.shape
        self._Z = np.empty((capacity, H), self.W.dtype)
        self._dX = np.empty((0 if self._input_gradient is None else capacity, D), self.W.dtype)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        self.Z = self._Z[:B]
        self.dX = self._dX[:B]

    def forward(self, X: Matrix) -> Matrix:
        """Give ``Z`` and keep `X`, which `backward` needs."""
        self._X = X
        Z = self.Z
        np.dot(X, self.W, out=Z)
        if self.b is not None:
            np.add(Z, self.b, out=Z)
        return Z

    def backward(self, dA: Matrix, dZ: Matrix) -> Matrix:
        """Fill ``dW`` and ``db`` from `dZ`, and give ``dX`` (nothing in it for the first layer).

        `dA`, the derivative by the outputs of the row, is handed to the seam of the bias alone.
        """
        X = self._X
        self._weight_gradient(X, dZ, self.dW)
        if self.db is not None:
            self._bias_gradient(X, dA, dZ, self.db)
        if self._input_gradient is not None:
            self._input_gradient(dZ, self.W, self.dX)
        return self.dX


class Activated:
    """``A = f(Z)``, element by element or per sample.

    Parameters
    ----------
    H : int
        Units.
    dtype : dtype
        Precision of the buffers.
    parts : LayerParts
        The function and its gradient.
    """

    def __init__(self, H: int, dtype: DTypeLike, *, parts: LayerParts) -> None:
        self._H, self._dtype = H, dtype
        self._activation = parts.activation
        self._activation_gradient = parts.activation_gradient
        self.reserve(0)
        self.resize(0)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        self._A, self._dZ = np.empty((2, capacity, self._H), self._dtype)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        self.A, self.dZ = self._A[:B], self._dZ[:B]

    def forward(self, Z: Matrix) -> Matrix:
        """Give ``A`` and keep `Z`, which `backward` needs."""
        self._Z = Z
        self._activation(Z, self.A)
        return self.A

    forward_training = forward

    def backward(self, dA: Matrix) -> Matrix:
        """Give ``dZ``."""
        self._activation_gradient(dA, self._Z, self.A, self.dZ)
        return self.dZ


class Row:
    """A hidden layer: weighted sums, and what is made of them step by step.

    Parameters
    ----------
    dense : Dense
        The weighted sums.
    *steps : Step
        What follows; at least the activation.
    """

    def __init__(self, dense: Dense, *steps: Step) -> None:
        self.dense = dense
        self.steps = steps
        self._backwards = steps[::-1]
        self._pieces: tuple[Dense | Step, ...] = (dense, *steps)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        for piece in self._pieces:
            piece.reserve(capacity)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        for piece in self._pieces:
            piece.resize(B)

    def forward(self, X: Matrix) -> Matrix:
        """Give the outputs of the row in evaluation."""
        A = self.dense.forward(X)
        for step in self.steps:
            A = step.forward(A)
        return A

    def forward_training(self, X: Matrix) -> Matrix:
        """Give the outputs of the row in training."""
        A = self.dense.forward(X)
        for step in self.steps:
            A = step.forward_training(A)
        return A

    def backward(self, dA: Matrix) -> Matrix:
        """Fill the gradients of the row and give the derivative by its inputs."""
        dZ = dA
        for step in self._backwards:
            dZ = step.backward(dZ)
        return self.dense.backward(dA, dZ)
