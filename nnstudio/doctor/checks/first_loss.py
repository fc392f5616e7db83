"""First loss: where an undecided network begins, the untrained one should begin as well."""

from math import isfinite
from typing import Final

from nnstudio.data.progress import Progress, silent
from nnstudio.doctor.checks.copies import learned, short, unpenalised
from nnstudio.doctor.checks.result import CheckResult
from nnstudio.doctor.first_loss import expected_first_loss
from nnstudio.seams import TRUE, Seams
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

LOWEST: Final = 0.5
HIGHEST: Final = 2.0
"""Off by 100 % fails in TheDeepChecker; all presets are under 1.4, sensible deep networks reach 2.6
times the expected loss, so the rule ``first-loss-wrong``, which speaks unasked, waits for 3."""


def first_loss_check(
    experiment: Experiment,
    data: PreparedData,
    *,
    seams: Seams = TRUE,
    progress: Progress = silent,
) -> CheckResult:
    """Compare the loss of the first batch with that of a network that prefers no answer.

    Parameters
    ----------
    experiment : Experiment
        What would be trained.
    data : PreparedData
        Its samples.
    seams : Seams
        Of the run; the classic mistakes of the experiment come on top.
    progress : Progress
        Told from time to time, and may raise `Cancelled`.

    Returns
    -------
    CheckResult
        Passed from half to twice the expected loss.
    """
    once = short(unpenalised(experiment), steps=1, batch=experiment.batches.size)
    doing = text("Asking the untrained network")
    first = learned(once, data, seams=seams, progress=progress, doing=doing).first
    targets = data.targets[data.split.training]
    expected = expected_first_loss(experiment, data.facts, targets)
    numbers = ((text("first loss"), first),)
    if expected is None or expected <= 0:
        told = text("What to expect of this loss is not known.")
        return CheckResult("first_loss", isfinite(first), numbers, told)
    ratio = first / expected
    passed = LOWEST <= ratio <= HIGHEST
    if passed:
        told = text("The untrained network is as undecided as it should be.")
    elif ratio < LOWEST:
        told = text("The untrained network is better than it can be: something is added up wrong.")
    else:
        told = text("The untrained network has strong opinions: inputs or weights are too large.")
    return CheckResult(
        "first_loss", passed, (*numbers, (text("of an undecided network"), expected)), told
    )
