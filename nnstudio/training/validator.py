"""Validator: what the held-out samples say of a run, and the best that they said so far."""

from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.network import Network
from nnstudio.seams import Rows, Seams
from nnstudio.training.evaluation import Evaluation, evaluate
from nnstudio.training.experiment import Experiment
from nnstudio.training.feed import Feed
from nnstudio.training.history import HistoryView
from nnstudio.training.plan import small_part, told_part
from nnstudio.training.prepared import PreparedData
from nnstudio.training.stopping import Best, Kept, best_of
from nnstudio.training.streams import StepStream


class Validator:
    """Evaluates the validation part of the data, or the small part of it, for one run.

    Attributes
    ----------
    small : ndarray of int64
        Fixed rows that stand for the whole part within an epoch; none where that does not pay.
    best : Best or None
        The lowest loss on the whole part.
    kept : Kept or None
        Its weights, where the experiment says that they are kept.
    losses : list of float
        Those on the whole part at the ends of epochs, which a schedule may look at: one that was
        made because a run was stopped in between must not move it.
    """

    def __init__(
        self, experiment: Experiment, data: PreparedData, *, seams: Seams, history: HistoryView
    ) -> None:
        scaling = seams.held_out_scaling(data.scaling, data.dataset, data.split.validation)
        self._data = data
        self._feed = Feed(data, scaling=scaling)
        self._keeps = experiment.stopping.keep_best
        self._loss_of = seams.evaluate
        # who evaluates with dropout draws from here, and leaves the streams of training alone
        self._draw = StepStream(experiment.seed, "evaluation")
        self._evaluations = len(history.validation.step)
        self.small = small_part(experiment, data)
        self.best = best_of(history.validation)
        self.kept: Kept | None = None
        rows = history.validation
        regular = rows.whole & np.isin(rows.step, history.epoch_ends)
        self.losses: list[float] = rows.loss[regular].tolist()

    def evaluate(self, network: Network, *, whole: bool) -> Evaluation | None:
        """Give what `network` makes of the whole part or of the small one; None for no samples."""
        rows = self._data.split.validation if whole else self.small
        if not len(rows):
            return None
        self._evaluations += 1
        return self._judge(network, rows, self._evaluations)

    def told(self, network: Network) -> tuple[float, float] | None:
        """Give the loss of a few fixed samples, evaluated twice; None where there are none.

        What `evaluate` gives does not depend on whether it was asked.
        """
        rows = told_part(self._data)
        if not len(rows):
            return None
        # positions in the stream that no count of evaluations reaches
        first, second = (self._judge(network, rows, -1 - again).loss for again in (0, 1))
        return first, second

    def _judge(self, network: Network, rows: Rows, position: int) -> Evaluation:
        network.draw_from(self._draw.at(position))
        return evaluate(network, self._data, rows, feed=self._feed, loss_of=self._loss_of)

    def take(
        self,
        found: Evaluation,
        vector: NDArray[Any],
        *,
        step: int,
        epoch: int,
        ends_epoch: bool,
    ) -> None:
        """Compare what `vector` gave on the whole part with the best so far; copy it if kept."""
        if ends_epoch:
            self.losses.append(found.loss)
        if not isfinite(found.loss):
            return
        best = Best(step, epoch, found.loss, found.score)
        if self.best is None or best.loss < self.best.loss:
            self.best = best
        if self._keeps and (self.kept is None or best.loss < self.kept.best.loss):
            self.kept = Kept(best, vector.copy())

    def follow(self, other: "Validator") -> None:
        """Keep what `other` has kept, where both keep."""
        if self._keeps:
            self.kept = other.kept
