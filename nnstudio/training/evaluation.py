"""Evaluation: loss and score over rows, in chunks; draws from no stream, changes no bit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import nan
from typing import Final

import numpy as np

from nnstudio.nn.network import Network
from nnstudio.nn.parameters import Matrix
from nnstudio.training.feed import Feed
from nnstudio.training.prepared import PreparedData, Rows

CHUNK_ROWS: Final = 256
"""Samples at a time: large enough for a fast product, small enough to stay in the cache."""


@dataclass(frozen=True)
class Evaluation:
    """What a network made of some samples.

    Attributes
    ----------
    loss : float
        Mean over the samples, whatever the loss does over a batch, and what the weights cost, once;
        NaN when there are none.
    score : float
        Share of right answers, 0 to 1, for classes and labels; R² over all the samples together
        for values. NaN when there is none.
    correct, count : int
        Right answers (of labels, each output is one; of values there are none), and samples.
    rmse : float
        Root of the mean squared error of the outputs; NaN but for values.
    """

    loss: float
    score: float
    correct: int
    count: int
    rmse: float = nan


@np.errstate(all="ignore")
def evaluate(
    network: Network,
    data: PreparedData,
    rows: Rows,
    *,
    feed: Feed | None = None,
    loss_of: Callable[[Network, Matrix, Matrix], float] = Network.data_loss,
) -> Evaluation:
    """Give loss and score of `network` over `rows` of the data set.

    Parameters
    ----------
    network : Network
        Used as it is; its workspace is overwritten.
    data : PreparedData
        The samples.
    rows : ndarray of int64
        Which of them.
    feed : Feed or None
        Buffers to gather into, for who evaluates often.
    loss_of : (network, X, Y) -> float
        Gives the loss of a chunk without penalties and leaves the outputs in the network.
    """
    feed = feed or Feed(data)
    summed = network.loss_spec.over_batch == "sum"
    total, tally = 0.0, data.tally(rows, network.spec.output.activation)
    for chunk in _chunks(rows):
        X, Y = feed.batch(chunk)
        loss = loss_of(network, X, Y)
        total += loss if summed else loss * len(chunk)
        tally.add(network.output, Y, chunk)
    count = len(rows)
    if count == 0:
        return Evaluation(float("nan"), float("nan"), 0, 0)
    return Evaluation(
        total / count + network.penalty(), tally.score, tally.right, count, tally.rmse
    )


def _chunks(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), CHUNK_ROWS):
        yield rows[start : start + CHUNK_ROWS]
