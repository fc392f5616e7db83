"""What the history says: medians and least squares, so that one hard batch decides nothing."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.doctor.evidence.facts import CourseFacts
from nnstudio.doctor.first_loss import terms_of
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import HistoryView
from nnstudio.training.stopping import Reason

Values = NDArray[np.float64]

SMOOTH_SHARE: Final = 20
FEWEST: Final = 5
MOST: Final = 50
"""The loss is the median of a twentieth of the steps, but of 5 to 50."""
NEWEST_SHARE: Final = 3
"""The newest part is a third of the steps."""
LEAST_STEPS: Final = 20
FLOOR_PERCENT: Final = 5


def course_facts(
    experiment: Experiment,
    history: HistoryView,
    *,
    first_step: int = 0,
    ended: Reason | None = None,
    training: int,
) -> CourseFacts | None:
    """Give the facts of the steps made so far; None before the first.

    Parameters
    ----------
    experiment : Experiment
        Says how the loss is added up.
    history : HistoryView
        Of the run; steps in which other than the whole network was trained are left out.
    first_step : int
        How many steps these were.
    ended : str or None
        Why it is over.
    training : int
        Samples in the training part.
    """
    loss = history.loss[first_step:]
    finite = loss[np.isfinite(loss)]
    if not len(finite):
        return None
    width = max(FEWEST, min(MOST, len(finite) // SMOOTH_SHARE))
    newest = finite[-max(LEAST_STEPS, len(finite) // NEWEST_SHARE) :]
    scores = history.score[first_step:][-width:]
    known = scores[np.isfinite(scores)]
    batch = terms_of(experiment, training)
    epochs = _Epochs(history, first_step, per_sample=batch)
    return CourseFacts(
        steps=history.steps,
        epochs=len(history.epoch_ends),
        first_loss=float(finite[0]),
        best_loss=float(_medians(finite, width).min()),
        loss=float(np.median(finite[-width:])),
        floor=float(np.percentile(finite[len(finite) // 2 :], FLOOR_PERCENT)),
        score=float(known.mean()) if len(known) else float("nan"),
        rate=float(history.rate[-1]),
        fall=_fall(newest),
        swing=_swing(newest),
        validation=epochs.validation,
        rising_epochs=epochs.rising(),
        gap=epochs.gap(),
        ended=ended,
    )


def _medians(loss: Values, width: int) -> Values:
    """Give the medians of blocks of `width` steps, counted from the newest."""
    blocks = max(1, len(loss) // width)
    kept = loss[-blocks * width :] if len(loss) >= width else loss
    medians: Values = np.median(kept.reshape(blocks, -1), axis=1)
    return medians


def _fall(loss: Values) -> float | None:
    """Give the relative fall per 100 steps, between the medians of both halves."""
    if len(loss) < LEAST_STEPS:
        return None
    half = len(loss) // 2
    before, after = float(np.median(loss[:half])), float(np.median(loss[-half:]))
    apart = len(loss) - half
    return (before - after) / before / apart * 100 if before > 0 else None


def _swing(loss: Values) -> float | None:
    """Give the standard deviation around the straight line of least squares, over the mean."""
    if len(loss) < LEAST_STEPS:
        return None
    mean = float(loss.mean())
    if mean <= 0:
        return None
    at = np.arange(len(loss)) - (len(loss) - 1) / 2
    slope = float(at @ loss) / float(at @ at)
    return float((loss - mean - slope * at).std()) / mean


class _Epochs:
    """Training and validation loss per sample at the ends of epochs."""

    def __init__(self, history: HistoryView, first_step: int, *, per_sample: float) -> None:
        rows = history.validation
        whole = np.flatnonzero(rows.whole)
        self.validation = tuple(
            (int(rows.step[at]), float(rows.loss[at]), float(rows.score[at])) for at in whole
        )
        ends = [int(end) for end in history.epoch_ends if end > first_step]
        begins = [first_step, *ends[:-1]]
        held_out = {step: loss for step, loss, _ in self.validation}
        self._pairs = [
            (float(history.loss[begin:end].mean()) / per_sample, held_out[end])
            for begin, end in zip(begins, ends, strict=False)
            if end in held_out
        ]

    def rising(self) -> int:
        """Give how many of the newest epochs raised the validation loss and lowered the other."""
        count = 0
        for (trained, held), (before_trained, before_held) in zip(
            self._pairs[:0:-1], self._pairs[-2::-1], strict=False
        ):
            if not (held > before_held and trained < before_trained):
                break
            count += 1
        return count

    def gap(self) -> float | None:
        """Give how far the validation loss lies over the training loss, relative to it."""
        if not self._pairs:
            return None
        trained, held = self._pairs[-1]
        return (held - trained) / trained if trained > 0 else None
