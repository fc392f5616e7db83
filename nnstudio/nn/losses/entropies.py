"""Losses on probabilities: cross-entropy, binary cross-entropy, Kullback–Leibler divergence.

A probability of 0 counts as the smallest normal number, so that every value is finite; a derivative
is 0 wherever a bound holds the probability.
"""

from typing import Annotated, ClassVar, Literal

import numpy as np

from nnstudio.nn.losses.adding import AddedUp, OverBatch, OverOutputs
from nnstudio.nn.parameters import Matrix
from nnstudio.spec import Display, Field, spec
from nnstudio.tasks import Task

Epsilon = Annotated[
    float,
    Field(
        ge=0,
        le=0.1,
        title="ε in the logarithm",
        description="Added to every probability inside the logarithm; 0 is exact.",
    ),
    Display(scale="log", advanced=True),
]
Clip = Annotated[
    float,
    Field(
        ge=0,
        lt=0.5,
        title="Clip",
        description="Inside the logarithm, probabilities stay this far from 0 and 1; 0 is off.",
    ),
    Display(scale="log", advanced=True),
]


@spec(
    title="cross-entropy",
    help="Minus the logarithm of the probability given to the right class; for softmax outputs. "
    "The usual choice where every sample has one class.",
)
class CrossEntropy(AddedUp):
    """``-sum(Y log P)`` per sample, on the probabilities of a softmax output.

    Label smoothing is that of Szegedy et al. 2016 (section 7), as in PyTorch and Keras. With
    `normalized`, ``P = A / sum(A)`` per sample for outputs that are not negative, which is what
    Keras's ``categorical_crossentropy`` does; its clip is 1e-7, PyTorch has neither. Terms are
    added up as in PyTorch's ``CrossEntropyLoss``.
    """

    tasks: ClassVar[tuple[Task, ...]] = ("classes", "labels")
    kind: Literal["cross_entropy"] = "cross_entropy"
    label_smoothing: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Label smoothing",
            description="Share of the target that is spread over all classes.",
        ),
        Display(advanced=True),
    ] = 0.0
    normalized: Annotated[
        bool,
        Field(
            title="Divide by the sum",
            description="The outputs of a sample are divided by their sum first, so that outputs "
            "other than softmax count as probabilities.",
        ),
        Display(advanced=True),
    ] = False
    epsilon: Epsilon = 0.0
    clip: Clip = 0.0
    over_outputs: OverOutputs = "sum"
    over_batch: OverBatch = "mean"

    def targets(self, Y: Matrix, out: Matrix | None = None) -> Matrix:
        """Give `Y` with the share `label_smoothing` of it spread over all classes.

        Written into `out`, or into a new array; where nothing is spread, `Y` itself is given.
        """
        return _smoothed(Y, self.label_smoothing, over=Y.shape[1], out=out)

    def value_and_gradient(self, A: Matrix, Y: Matrix, dA: Matrix) -> float:
        """Give the loss of a batch and write its derivative by `A` into `dA`.

        Parameters
        ----------
        A : ndarray, shape (B, C), in [0, 1]; at least 0 when `normalized`
            Outputs of the network.
        Y : ndarray, shape (B, C)
            Targets; rows need not add up to 1.
        dA : ndarray, shape (B, C)
            Overwritten; shares no memory with the others.
        """
        T = self.targets(Y)
        if not self.normalized:
            return self._of_probabilities(A, T, dA)
        tiny = float(np.finfo(A.dtype).tiny)
        total = np.maximum(A.sum(axis=1, keepdims=True), tiny)
        P = A / total
        value = self._of_probabilities(P, T, dA)
        # the quotient rule; what underflows is held, since its derivative would overflow
        dA *= np.greater_equal(A, tiny)
        dA -= (dA * P).sum(axis=1, keepdims=True)
        dA /= total
        return value

    def _of_probabilities(self, P: Matrix, T: Matrix, dP: Matrix) -> float:
        factor = self.factor(P.shape)
        lower = max(self.clip, float(np.finfo(P.dtype).tiny))
        np.clip(P, lower, 1.0 - self.clip, out=dP)
        free = np.equal(P, dP)
        dP += self.epsilon
        value = -factor * float(np.vdot(T, np.log(dP)))
        np.divide(T, dP, out=dP)
        dP *= -factor
        dP *= free
        return value


@spec(
    title="binary cross-entropy",
    help="Every output answers yes or no for itself: minus the logarithm of the probability given "
    "to the right answer. Take it with sigmoid where a sample may have several labels.",
)
class BinaryCrossEntropy(AddedUp):
    """``-(Y log A + (1 - Y) log(1 - A))`` per output, by default the mean over all, as in PyTorch.

    Label smoothing moves every target towards 1/2, as in Keras:
    ``Y (1 - label_smoothing) + label_smoothing / 2``. PyTorch's ``BCELoss`` holds logarithms at
    -100, Keras clips at 1e-7; here the smallest normal number holds them (-87 in float32, -708 in
    float64), unless the head is fused with a sigmoid, which is exact.
    """

    tasks: ClassVar[tuple[Task, ...]] = ("classes", "labels")
    kind: Literal["binary_cross_entropy"] = "binary_cross_entropy"
    label_smoothing: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Label smoothing",
            description="How far every target is moved from yes or no towards one half.",
        ),
        Display(advanced=True),
    ] = 0.0
    epsilon: Epsilon = 0.0
    clip: Clip = 0.0
    over_outputs: OverOutputs = "mean"
    over_batch: OverBatch = "mean"

    def targets(self, Y: Matrix, out: Matrix | None = None) -> Matrix:
        """Give `Y`, moved by `label_smoothing` towards 1/2; `out` as in `CrossEntropy`."""
        return _smoothed(Y, self.label_smoothing, over=2, out=out)

    def value_and_gradient(self, A: Matrix, Y: Matrix, dA: Matrix) -> float:
        """Give the loss of a batch and write its derivative by `A` into `dA`.

        Parameters
        ----------
        A : ndarray, shape (B, C), in [0, 1]
            Outputs of the network.
        Y : ndarray, shape (B, C), in [0, 1]
            Targets.
        dA : ndarray, shape (B, C)
            Overwritten; shares no memory with the others.
        """
        T = self.targets(Y)
        factor = self.factor(A.shape)
        P = np.clip(A, self.clip, 1.0 - self.clip)
        free = np.equal(A, P)
        yes = self._of_answer(P, T, dA)
        no = self._of_answer(np.subtract(1.0, P), 1.0 - T, P)
        dA -= P
        dA *= -factor
        dA *= free
        return -factor * (yes + no)

    def _of_answer(self, P: Matrix, T: Matrix, dP: Matrix) -> float:
        """Give ``sum(T log P)`` and write its derivative by `P` into `dP`."""
        held = np.maximum(P, np.finfo(P.dtype).tiny)
        free = np.equal(P, held)
        held += self.epsilon
        np.divide(T, held, out=dP)
        dP *= free
        return float(np.vdot(T, np.log(held)))


@spec(
    title="KL divergence",
    help="Kullback–Leibler: how far outputs are from the target as distributions; 0 when equal. "
    "Where every sample has one class it is the cross-entropy: take it to see that it is.",
)
class KullbackLeibler(AddedUp):
    """``sum(Y log(Y / P))`` per sample (Kullback and Leibler 1951), target against output.

    Differs from the cross-entropy by the entropy of the targets, so the gradient is the same.
    Added up as in PyTorch's ``reduction="batchmean"``, which is the divergence by its definition;
    its default, the mean over outputs as well, is `over_outputs` = mean.
    """

    tasks: ClassVar[tuple[Task, ...]] = ("classes",)
    kind: Literal["kullback_leibler"] = "kullback_leibler"
    over_outputs: OverOutputs = "sum"
    over_batch: OverBatch = "mean"

    def targets(self, Y: Matrix, out: Matrix | None = None) -> Matrix:
        """Give `Y`: there is no smoothing, and nothing is written into `out`."""
        del out
        return Y

    def certainty(self, Y: Matrix) -> float:
        """Give ``sum(Y log Y)`` over the batch, minus the entropy of the targets."""
        return float(np.vdot(Y, np.log(np.maximum(Y, np.finfo(Y.dtype).tiny))))

    def value_and_gradient(self, A: Matrix, Y: Matrix, dA: Matrix) -> float:
        """Give the loss of a batch and write its derivative by `A`, ``-Y / A``, into `dA`.

        Parameters
        ----------
        A : ndarray, shape (B, C), in [0, 1]
            Outputs of the network.
        Y : ndarray, shape (B, C), in [0, 1]
            Targets.
        dA : ndarray, shape (B, C)
            Overwritten; shares no memory with the others.
        """
        factor = self.factor(A.shape)
        np.maximum(A, np.finfo(A.dtype).tiny, out=dA)
        free = np.equal(A, dA)
        value = factor * (self.certainty(Y) - float(np.vdot(Y, np.log(dA))))
        np.divide(Y, dA, out=dA)
        dA *= -factor
        dA *= free
        return value


def _smoothed(Y: Matrix, share: float, *, over: int, out: Matrix | None) -> Matrix:
    """Give `Y` with `share` of it spread over so many answers, in `out`; `Y` itself without any."""
    if share == 0:
        return Y
    smoothed: Matrix = np.multiply(Y, 1.0 - share, out=out)
    smoothed += share / over
    return smoothed
