"""One-step test: a tiny step along the applied gradient keeps what the gradient promises."""

from typing import Final

import numpy as np

from nnstudio.data.progress import Progress, silent
from nnstudio.doctor.checks.result import CheckResult
from nnstudio.doctor.evidence.along import one_step
from nnstudio.doctor.evidence.arithmetic import Stated
from nnstudio.texts import Text, text
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData

LOWEST: Final = 0.9
HIGHEST: Final = 1.1
_CLOSE: Final = 0.05


def one_step_test(
    data: PreparedData, moment: Moment, *, progress: Progress = silent
) -> CheckResult:
    """Compare the real fall of the stated loss with the one that the applied gradient promises.

    Parameters
    ----------
    data : PreparedData
        Of the run.
    moment : Moment
        The step; its gradient is the one that the run applied, mistakes in it.
    progress : Progress
        Told once.

    Returns
    -------
    CheckResult
        Passed from 0.9 to 1.1 (measured: right gradients give 0.997 to 1.003 in both precisions).
    """
    progress(None, text("Taking a tiny step"))
    stated = Stated(moment.experiment, data)
    with np.errstate(all="ignore"):
        stated.state(moment)
        gradient = moment.gradient.astype(np.float64)
        ratio = one_step(stated.network, stated.batch(moment), gradient)
    length = float(np.linalg.norm(gradient))
    if ratio is None:
        told = text("There is no gradient to follow: it is 0, or no finite number.")
        return CheckResult("one_step", False, ((_LENGTH, length),), told)  # noqa: FBT003 - a field
    return CheckResult(
        "one_step",
        LOWEST <= ratio <= HIGHEST,
        ((_RATIO, ratio), (_LENGTH, length)),
        _meaning(ratio, len(moment.rows)),
    )


_RATIO: Final = text("real fall by promised fall")
_LENGTH: Final = text("length of the gradient")


def _meaning(ratio: float, batch: int) -> Text:
    if LOWEST <= ratio <= HIGHEST:
        return text("The loss falls by what the gradient promises.")
    if abs(ratio + 1.0) < _CLOSE:
        return text("The loss rises by what it should fall: the sign of the gradient is wrong.")
    if batch > 1 and abs(ratio * batch - 1.0) < _CLOSE:
        return text(
            "The loss falls by 1/{batch} of the promise: the gradient was added up over the {batch}"
            " samples of the batch instead of averaged.",
            batch=batch,
        )
    if ratio < 0:
        return text("The loss rises along the gradient: it is not that of the loss that is shown.")
    return text(
        "The loss falls by {ratio:.3g} of the promise: a part of the gradient is wrong, such as a "
        "slope or a bias.",
        ratio=ratio,
    )
