"""Without inputs: what a network learns must be worth more than how frequent each answer is."""

from math import isfinite
from typing import Final

from nnstudio.data.progress import Progress, silent
from nnstudio.doctor.checks.copies import learned, of_rows, short
from nnstudio.doctor.checks.result import CheckResult
from nnstudio.doctor.evidence.probe import spread_over
from nnstudio.seams import TRUE, Seams
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

SAMPLES: Final = 2000
STEPS: Final = 400
BATCH: Final = 128
BETTER: Final = 1.2
"""So many times as large must the loss without inputs be (TheDeepChecker asks for worse)."""


def baseline_check(
    experiment: Experiment,
    data: PreparedData,
    *,
    steps: int = STEPS,
    seams: Seams = TRUE,
    progress: Progress = silent,
) -> CheckResult:
    """Train one private copy with the inputs and one with zeros in their place, and compare.

    Parameters
    ----------
    experiment : Experiment
        What would be trained; rate and layers stay, schedules are left out.
    data : PreparedData
        Its samples; at most `SAMPLES` of the training part are used.
    steps : int
        For each copy.
    seams : Seams
        Of the run; the classic mistakes of the experiment come on top.
    progress : Progress
        Told from time to time, and may raise `Cancelled`.

    Returns
    -------
    CheckResult
        Passed where the loss without inputs is at least `BETTER` times that with them.
    """
    rows = spread_over(data.split.training, SAMPLES)
    copy = short(experiment, steps=steps, batch=min(experiment.batches.size, BATCH))
    real = learned(
        copy,
        of_rows(data, rows),
        seams=seams,
        progress=progress,
        doing=text("Learning with the inputs"),
        share=(0.0, 0.5),
    )
    blind = learned(
        copy,
        of_rows(data, rows, blank=True),
        seams=seams,
        progress=progress,
        doing=text("Learning without inputs"),
        share=(0.5, 1.0),
    )
    passed = real.finite and isfinite(real.loss) and BETTER * real.loss <= blind.loss
    told = (
        text("The network uses its inputs: without them it is much worse.")
        if passed
        else text(
            "With the inputs it is hardly better than without: it learns only how frequent "
            "each answer is."
        )
    )
    numbers = (
        (text("loss with the inputs"), real.loss),
        (text("loss without inputs"), blind.loss),
    )
    return CheckResult("baseline", passed, numbers, told)
