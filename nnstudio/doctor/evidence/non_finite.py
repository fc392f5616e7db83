"""Where numbers stopped being finite: the failing step made again, layer by layer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.doctor.evidence.arithmetic import Stated
from nnstudio.doctor.evidence.facts import NonFinite
from nnstudio.training.moments import Moment


@np.errstate(all="ignore")
def non_finite_in(stated_by: Stated, moment: Moment) -> NonFinite:
    """Give what overflowed first in a step that could not be made.

    Parameters
    ----------
    stated_by : Stated
        In the precision of the run.
    moment : Moment
        The step: from finite parameters to numbers that are not.

    Returns
    -------
    NonFinite
        ``what`` is ``inputs``, ``sums``, ``outputs``, ``loss``, ``gradient`` or ``update``; the
        step counts from 1.
    """
    step, network = moment.step + 1, stated_by.network
    if not np.isfinite(moment.inputs).all():
        return NonFinite(step, None, "inputs")
    loss = stated_by.state(moment)
    layers = [
        *((row.dense.Z, row.steps) for row in network.rows),
        (network.last.Z, (network.head,)),
    ]
    for number, (sums, after) in enumerate(layers):
        if not _finite(sums):
            return NonFinite(step, number, "sums")
        if not all(_finite(one.A) for one in after if hasattr(one, "A")):
            return NonFinite(step, number, "outputs")
    if not (np.isfinite(loss) and np.isfinite(moment.loss)):
        return NonFinite(step, len(layers) - 1, "loss")
    for vector, what in ((moment.gradient, "gradient"), (moment.after, "update")):
        # a gradient comes from behind: the last layer is the first
        for name, view in reversed(network.layout.views(vector).items()):
            if not _finite(view):
                return NonFinite(step, int(name.split(".")[1]), what)
    return NonFinite(step, None, "update")


def _finite(array: NDArray[Any]) -> bool:
    return bool(np.isfinite(array).all())
