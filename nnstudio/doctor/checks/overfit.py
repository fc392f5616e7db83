"""Overfit a few samples: a right network learns by heart what is small enough."""

from math import isfinite
from typing import Final

import numpy as np

from nnstudio.data.progress import Progress, silent
from nnstudio.doctor.checks.copies import Learned, learned, of_rows, short, unregularised
from nnstudio.doctor.checks.result import CheckResult
from nnstudio.doctor.evidence.probe import spread_over
from nnstudio.doctor.first_loss import guess_loss
from nnstudio.nn.activations import Softmax
from nnstudio.seams import TRUE, Seams
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows

SAMPLES: Final = 16
STEPS: Final = 1000
WRONG: Final = 0.05
OF_A_GUESS: Final = 0.2
"""Share of the loss of a blind guess under which the loss has to come."""


def overfit_check(
    experiment: Experiment,
    data: PreparedData,
    *,
    samples: int = SAMPLES,
    steps: int = STEPS,
    seams: Seams = TRUE,
    progress: Progress = silent,
) -> CheckResult:
    """Train a private copy on a few samples without regularisation, and see what it has learned.

    Parameters
    ----------
    experiment : Experiment
        What would be trained, with its rate, batches of all the samples, and no schedule.
    data : PreparedData
        Its samples.
    samples, steps : int
        How many, and how often.
    seams : Seams
        Of the run; the classic mistakes of the experiment come on top.
    progress : Progress
        Told from time to time, and may raise `Cancelled`.

    Returns
    -------
    CheckResult
        Failed where more than 5 % of the answers are wrong (of values: R² under 0.95), as in
        TheDeepChecker, or the loss stays over a fifth of that of a blind guess.
    """
    few = of_rows(data, _some(data, samples))
    copy = short(unregularised(experiment), steps=steps, batch=samples)
    found = learned(copy, few, seams=seams, progress=progress, doing=text("Learning by heart"))
    guess = _guess(copy, few)
    wrong = 1.0 - found.score
    right = isfinite(wrong) and wrong <= WRONG
    per_sample = len(few.split.training) if copy.loss.over_batch == "sum" else 1
    low = guess is None or found.loss / per_sample <= OF_A_GUESS * guess
    missed = text("1 − R²") if data.task == "values" else text("share of wrong answers")
    numbers = [(missed, wrong)] if isfinite(wrong) else []
    numbers.append((text("loss"), found.loss))
    if guess is not None:
        numbers.append((text("loss of a blind guess"), guess * per_sample))
    return CheckResult(
        "overfit",
        found.finite and right and low,
        tuple(numbers),
        _meaning(found, right=right, low=low, samples=len(few.split.training)),
    )


def _some(data: PreparedData, count: int) -> Rows:
    """Give training rows, of as many classes as there are."""
    rows = data.split.training
    if data.labels is not None:
        # a class after the other, the first of each, then the second ...
        labels = data.labels[rows]
        order = np.argsort(labels, kind="stable")
        begins = np.searchsorted(labels[order], labels[order])
        turn = np.arange(len(rows)) - begins
        rows = rows[order[np.argsort(turn, kind="stable")]][:count]
        return np.sort(rows)
    return spread_over(rows, count)


def _guess(experiment: Experiment, data: PreparedData) -> float | None:
    """Give the loss of a blind guess where a network can come near to 0."""
    shares = isinstance(experiment.network.output.activation, Softmax)
    if data.task == "labels" and shares:
        return None
    guess = guess_loss(experiment, data.targets.astype(np.float64))
    return guess if guess is not None and guess > 0 else None


def _meaning(found: Learned, *, right: bool, low: bool, samples: int) -> Text:
    if not found.finite:
        return text("The numbers are no longer finite: the rate is too high, or a sum overflows.")
    if not isfinite(found.score):
        return text("The targets of these samples are all the same: there is nothing to learn.")
    if right and low:
        return text(
            "It learns the few samples by heart ({samples}), as a right network does.",
            samples=samples,
        )
    if found.falling:
        return text(
            "It is still learning when the steps are over: the rate is too low, or a layer too "
            "narrow."
        )
    if right:
        return text("The answers are right, but the loss does not come near to 0.")
    return text(
        "It cannot learn the few samples by heart ({samples}): look at gradient, weights and rate.",
        samples=samples,
    )
