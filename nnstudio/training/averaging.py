"""Averages of the parameters over the steps: what is evaluated; training itself goes on without."""

from typing import Annotated, Literal

import numpy as np

from nnstudio.nn.optimizers import CHUNK_FLOATS
from nnstudio.nn.parameters import Vector
from nnstudio.spec import Display, Field, spec


@spec(title="none", help="Evaluation uses the parameters of the last step.")
class NoAveraging:
    """Evaluation uses the parameters of the last step."""

    kind: Literal["none"] = "none"


@spec(
    title="moving average",
    help="Validation, predictions and saved models use a running mean of the weights, which is "
    "calmer than the weights of the last step. Training goes on without it.",
)
class Exponential:
    """Exponential moving average of parameters and buffers, one term per step.

    Averaging what a noisy descent passes through is Polyak and Juditsky 1992, who weight all steps
    evenly. Here the weights fall off exponentially, ``a = d a + (1 - d) theta``, so that the first
    steps are forgotten, with ``d = min(decay, (1 + t) / (10 + t))`` after ``t`` steps, so that a
    short run is not ruled by its initial weights (the warm start of TensorFlow's
    ``ExponentialMovingAverage`` with ``num_updates``). PyTorch's ``get_ema_multi_avg_fn`` has the
    same ``decay`` without the warm start, Keras calls it ``ema_momentum``, MindSpore has none.
    """

    kind: Literal["exponential"] = "exponential"
    decay: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Decay",
            description="Share of the average that is kept at every step: 0.99 looks back about "
            "100 steps, 0.999 about 1000.",
        ),
        Display(live=True),
    ] = 0.99


Averaging = Annotated[
    NoAveraging | Exponential,
    Field(
        discriminator="kind",
        title="Averaging",
        description="Which weights are evaluated and saved.",
    ),
]


class Average:
    """The running mean of a vector.

    Parameters
    ----------
    source : ndarray, shape (P + buffers,)
        What is averaged; the mean begins as a copy of it.

    Attributes
    ----------
    vector : ndarray, shape (P + buffers,)
        The mean so far.
    """

    __slots__ = ("_chunks", "vector")

    def __init__(self, source: Vector) -> None:
        self.vector = source.copy()
        scratch = np.empty(min(len(source), CHUNK_FLOATS), source.dtype)
        # piece by piece, so that each is read from memory once and stays in the cache
        pieces = [
            slice(start, min(start + CHUNK_FLOATS, len(source)))
            for start in range(0, len(source), CHUNK_FLOATS)
        ]
        self._chunks = [
            (source[piece], self.vector[piece], scratch[: piece.stop - piece.start])
            for piece in pieces
        ]

    def take_in(self, step: int, *, decay: float) -> None:
        """Move the mean towards the source, in place: the term of `step` (from 1)."""
        share = 1.0 - min(decay, (1 + step) / (10 + step))
        for source, mean, scratch in self._chunks:
            np.subtract(source, mean, out=scratch)
            np.multiply(scratch, share, out=scratch)
            np.add(mean, scratch, out=mean)
