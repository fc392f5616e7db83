"""The learning rate of a whole run before it begins, from the experiment and facts of its data.

The numbers are those that the run will use: `rate_factor` gives both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.batches import steps_per_epoch
from nnstudio.nn.schedules import Progress, rate_factor
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

FIRST_POINTS: Final = 241
MOST_POINTS: Final = 1200
"""Of a run with more steps only some are looked at, more where the rate changes fast."""
NOTICED_SHARE: Final = 0.01
"""A change by less than this share of the whole range needs no point between."""


@dataclass(frozen=True, eq=False)
class RateForecast:
    """The learning rate over a run.

    Attributes
    ----------
    steps : ndarray of int64, shape (P,)
        Rising, from 0 to the last step.
    rates : ndarray of float64, shape (P,)
        The rate at each of them; it stays until the next step.
    steps_per_epoch : int
        At least 1.
    total_steps : int
        Steps of the whole run.
    until_validated : bool
        Whether the results of the validation will change it, which nobody knows before the run.
    """

    steps: NDArray[np.int64]
    rates: NDArray[np.float64]
    steps_per_epoch: int
    total_steps: int
    until_validated: bool


def rate_forecast(experiment: Experiment, facts: DataFacts | None) -> RateForecast | Text:
    """Give the learning rate over the run that `experiment` describes, or why it is not known.

    Parameters
    ----------
    experiment : Experiment
        With the schedule, the warm-up, the batches and the limits.
    facts : DataFacts or None
        Of its data; None while they are not loaded.
    """
    if facts is None:
        return text("The learning rate is drawn here once the data are loaded.")
    batches, stopping = experiment.batches, experiment.stopping
    per_epoch = steps_per_epoch(facts.training, batches.size, drop_last=batches.drop_last)
    limits = [] if stopping.steps is None else [stopping.steps]
    if stopping.epochs is not None:
        limits.append(stopping.epochs * per_epoch)
    if not limits or not per_epoch:
        return text("Without a limit of epochs or steps nobody knows how long the rate will run.")
    total = min(limits)
    progress = Progress(total_steps=total, steps_per_epoch=per_epoch)
    base = experiment.optimizer.learning_rate

    def rate_at(step: int) -> float:
        return base * rate_factor(experiment.schedule, experiment.warm_up, step, progress)

    steps, rates = _looked_at(rate_at, total)
    waits = experiment.schedule.needs_validation
    return RateForecast(steps, rates, per_epoch, total, until_validated=waits)


def _looked_at(
    rate_at: Callable[[int], float], total: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    known = {int(step): rate_at(int(step)) for step in np.linspace(0, total - 1, FIRST_POINTS)}
    spans = list(pairwise(sorted(known)))
    while spans and len(known) < MOST_POINTS:
        noticed = NOTICED_SHARE * (max(known.values()) - min(known.values()))
        steep = [
            (first, last)
            for first, last in spans
            if last - first > 1 and abs(known[last] - known[first]) > noticed
        ]
        known |= {middle: rate_at(middle) for middle in map(_middle, steep)}
        spans = [half for span in steep for half in pairwise((span[0], _middle(span), span[1]))]
    steps = np.array(sorted(known), dtype=np.int64)
    return steps, np.array([known[step] for step in steps.tolist()])


def _middle(span: tuple[int, int]) -> int:
    return (span[0] + span[1]) // 2
