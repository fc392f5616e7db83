"""Normalization: sums brought to mean 0 and variance 1, then to a learned mean and spread.

It stands between the sums and the activation of a row. The variance that is divided by is that of
the numbers at hand (the sum of squares by their count), as in both papers and in PyTorch.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from nnstudio.nn.parameters import Matrix, Vector
from nnstudio.spec import Display, Field, spec

Arrays = Mapping[str, Matrix]
Epsilon = Annotated[
    float,
    Field(
        gt=0,
        le=1,
        title="ε",
        description="Added to the variance before its root is divided by; eps in PyTorch"
        " (1e-5), epsilon in Keras (1e-3).",
    ),
    Display(scale="log", advanced=True),
]


class _Normalized:
    """What both kinds have: ``A = gamma N + beta``, with ``N`` the normalized sums.

    Parameters
    ----------
    arrays, gradients : mapping of str to ndarray
        Views into the vector and the gradient: ``gamma`` and ``beta``, both (H,).
    epsilon : float
        Added to the variance.
    """

    def __init__(self, arrays: Arrays, gradients: Arrays, *, epsilon: float) -> None:
        self._gamma, self._beta = arrays["gamma"], arrays["beta"]
        self._dgamma, self._dbeta = gradients["gamma"], gradients["beta"]
        self._epsilon = epsilon
        self.reserve(0)
        self.resize(0)

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        shape = (3, capacity, self._gamma.size)
        self._all_N, self._all_A, self._all_dZ = np.empty(shape, self._gamma.dtype)
        self._all_ones = np.ones(capacity, self._gamma.dtype)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        self.N, self.A, self.dZ = self._all_N[:B], self._all_A[:B], self._all_dZ[:B]
        self._ones = self._all_ones[:B]

    def _scale(self) -> Matrix:
        np.multiply(self.N, self._gamma, out=self.A)
        return np.add(self.A, self._beta, out=self.A)

    def _fill_gradients(self, dA: Matrix) -> None:
        """Fill ``dgamma = sum(dA N)`` and ``dbeta = sum(dA)``; `dZ` is left as ``dA N``."""
        np.dot(self._ones, dA, out=self._dbeta)
        np.multiply(dA, self.N, out=self.dZ)
        np.dot(self._ones, self.dZ, out=self._dgamma)


class BatchNormalized(_Normalized):
    """Every unit by its mean and variance over the batch; in evaluation, by the running ones.

    Parameters
    ----------
    arrays, gradients : mapping of str to ndarray
        As above; `arrays` also holds the buffers ``running_mean`` and ``running_variance``.
    epsilon, momentum : float
        As in `BatchNorm`.
    """

    def __init__(
        self, arrays: Arrays, gradients: Arrays, *, epsilon: float, momentum: float
    ) -> None:
        self._running_mean, self._running_variance = (
            arrays["running_mean"],
            arrays["running_variance"],
        )
        self._momentum, self._counted = momentum, 0
        self._mean, self._variance, self._inverse, self._row = np.empty(
            (4, arrays["gamma"].size), arrays["gamma"].dtype
        )
        super().__init__(arrays, gradients, epsilon=epsilon)

    def forward(self, Z: Matrix) -> Matrix:
        """Give the outputs for `Z` by the running statistics; a batch of one will do."""
        A, factor = self.A, self._inverse_root(self._running_variance)
        factor *= self._gamma
        np.subtract(Z, self._running_mean, out=A)
        A *= factor
        A += self._beta
        return A

    def backward_of_evaluation(self, dA: Matrix) -> Matrix:
        """Give ``dZ = gamma dA / running deviation``; the running statistics are constants."""
        factor = self._inverse_root(self._running_variance)
        factor *= self._gamma
        return np.multiply(dA, factor, out=self.dZ)

    def forward_training(self, Z: Matrix) -> Matrix:
        """Give the outputs for `Z` by its own statistics (Ioffe and Szegedy 2015, algorithm 1)."""
        B, N = len(Z), self.N
        self._counted = B
        np.dot(self._ones, Z, out=self._mean)
        self._mean /= B
        np.subtract(Z, self._mean, out=N)
        np.multiply(N, N, out=self.A)
        np.dot(self._ones, self.A, out=self._variance)
        self._variance /= B
        N *= self._inverse_root(self._variance)
        return self._scale()

    def backward(self, dA: Matrix) -> Matrix:
        """Give ``dZ = gamma (dA - mean(dA) - N mean(dA N)) / deviation``; fill both gradients."""
        self._fill_gradients(dA)
        B, dZ, row = len(dA), self.dZ, self._row
        np.divide(self._dgamma, B, out=row)
        np.multiply(self.N, row, out=dZ)
        np.subtract(dA, dZ, out=dZ)
        np.divide(self._dbeta, B, out=row)
        dZ -= row
        np.multiply(self._gamma, self._inverse, out=row)
        dZ *= row
        return dZ

    def follow(self) -> None:
        """Let the running statistics follow those of the last batch, in place.

        As in PyTorch, the variance that runs along is the unbiased one, so a batch of one sample,
        which has none, changes nothing.
        """
        B = self._counted
        if B == 1:
            return
        self._mix(self._running_mean, self._mean)
        self._variance *= B / (B - 1)
        self._mix(self._running_variance, self._variance)

    def _mix(self, running: Vector, newest: Vector) -> None:
        np.subtract(newest, running, out=self._row)
        self._row *= self._momentum
        running += self._row

    def _inverse_root(self, variance: Vector) -> Vector:
        inverse = self._inverse
        np.add(variance, self._epsilon, out=inverse)
        np.sqrt(inverse, out=inverse)
        return np.reciprocal(inverse, out=inverse)


class LayerNormalized(_Normalized):
    """Every sample by its mean and variance over the units; training and evaluation are alike."""

    def reserve(self, capacity: int) -> None:
        """Make room for `capacity` samples."""
        super().reserve(capacity)
        dtype = self._gamma.dtype
        self._all_room = np.empty_like(self._all_A)
        self._all_columns = np.empty((3, capacity, 1), dtype)
        self._over_units = np.ones((self._gamma.size, 1), dtype)

    def resize(self, B: int) -> None:
        """Work on batches of `B` samples from now on."""
        super().resize(B)
        self._room = self._all_room[:B]
        self._mean, self._other_mean, self._inverse = self._all_columns[:, :B]

    def forward(self, Z: Matrix) -> Matrix:
        """Give the outputs for `Z` (Ba et al. 2016, equations 3 and 4)."""
        N, inverse = self.N, self._inverse
        np.subtract(Z, self._mean_over_units(Z, self._mean), out=N)
        np.multiply(N, N, out=self.A)
        self._mean_over_units(self.A, inverse)
        inverse += self._epsilon
        np.sqrt(inverse, out=inverse)
        np.reciprocal(inverse, out=inverse)
        N *= inverse
        return self._scale()

    forward_training = forward

    def backward(self, dA: Matrix) -> Matrix:
        """Give ``dZ = (dN - mean(dN) - N mean(dN N)) / deviation``, where ``dN = gamma dA``."""
        self._fill_gradients(dA)
        dZ, dN = self.dZ, self._room
        dZ *= self._gamma
        self._mean_over_units(dZ, self._other_mean)
        np.multiply(dA, self._gamma, out=dN)
        self._mean_over_units(dN, self._mean)
        np.multiply(self.N, self._other_mean, out=dZ)
        dZ += self._mean
        np.subtract(dN, dZ, out=dZ)
        dZ *= self._inverse
        return dZ

    def _mean_over_units(self, values: Matrix, out: Matrix) -> Matrix:
        np.dot(values, self._over_units, out=out)
        out /= self._gamma.size
        return out


@spec(title="none")
class NoNormalization:
    """Nothing is normalized between sum and activation."""

    kind: Literal["none"] = "none"

    @property
    def parameters(self) -> Mapping[str, float]:
        """Names of its parameters, one number per unit each, and their initial values."""
        return {}

    @property
    def buffers(self) -> Mapping[str, float]:
        """Names of its buffers, one number per unit each, and their initial values."""
        return {}

    def steps(self, arrays: Arrays, gradients: Arrays) -> tuple[()]:
        """Give what follows the sums: nothing."""
        return ()


@spec(
    title="batch norm",
    help="Brings the sums of every unit to mean 0 and variance 1 over the batch, then to a learned"
    " mean and spread: deep networks learn faster and bear higher learning rates. Evaluation uses"
    " running averages. The bias of the layer is taken off again with the mean, so it does nothing"
    " here; it is redundant, not wrong. A batch of a single sample teaches such a layer nothing.",
)
class BatchNorm:
    """Over the batch, before the activation (Ioffe and Szegedy 2015)."""

    kind: Literal["batch_norm"] = "batch_norm"
    momentum: Annotated[
        float,
        Field(
            gt=0,
            le=1,
            title="Momentum",
            description="Share of the newest batch in the running mean and variance that evaluation"
            " uses: momentum in PyTorch (0.1); Keras calls 1 minus this momentum (0.99).",
        ),
        Display(advanced=True),
    ] = 0.1
    epsilon: Epsilon = 1e-5

    @property
    def parameters(self) -> Mapping[str, float]:
        """Names of its parameters, one number per unit each, and their initial values."""
        return {"gamma": 1.0, "beta": 0.0}

    @property
    def buffers(self) -> Mapping[str, float]:
        """Names of its buffers, one number per unit each, and their initial values."""
        return {"running_mean": 0.0, "running_variance": 1.0}

    def steps(self, arrays: Arrays, gradients: Arrays) -> tuple[BatchNormalized]:
        """Give what follows the sums."""
        return (BatchNormalized(arrays, gradients, epsilon=self.epsilon, momentum=self.momentum),)


@spec(
    title="layer norm",
    help="Brings the sums of every sample to mean 0 and variance 1 over the units of the layer,"
    " then each unit to a learned mean and spread. It does not depend on the batch, so training"
    " and evaluation are alike.",
)
class LayerNorm:
    """Over the units, before the activation (Ba, Kiros and Hinton 2016)."""

    kind: Literal["layer_norm"] = "layer_norm"
    epsilon: Epsilon = 1e-5

    @property
    def parameters(self) -> Mapping[str, float]:
        """Names of its parameters, one number per unit each, and their initial values."""
        return {"gamma": 1.0, "beta": 0.0}

    @property
    def buffers(self) -> Mapping[str, float]:
        """Names of its buffers, one number per unit each, and their initial values."""
        return {}

    def steps(self, arrays: Arrays, gradients: Arrays) -> tuple[LayerNormalized]:
        """Give what follows the sums."""
        return (LayerNormalized(arrays, gradients, epsilon=self.epsilon),)


Normalization = Annotated[
    NoNormalization | BatchNorm | LayerNorm,
    Field(
        discriminator="kind",
        title="Normalization",
        description="What is done to the sums of the layer before its activation.",
    ),
]
