"""What a stop of one step says, in one sentence, with the number that stands out."""

import numpy as np

from nnstudio.gui.views.one_step.quiz import cell_name
from nnstudio.gui.views.one_step.stop import Stop
from nnstudio.gui.widgets.numerals import brief, grouped
from nnstudio.texts import tr


def sentence_of(stop: Stop) -> str:
    """Say what happens at a stop, and the main point of its numbers."""
    sizes, told = np.abs(stop.values), tr(stop.told)
    if stop.instead is not None:
        told = tr("A classic mistake is at work here; the right line is {line}.", line=stop.instead)
    if not np.isfinite(sizes).all():
        return tr(
            "{told} Here {count} numbers are not finite.",
            told=told,
            count=grouped(int(np.count_nonzero(~np.isfinite(sizes)))),
        )
    if stop.key == "loss":
        return tr(
            "{told} It is {value}.",
            told=told,
            value=brief(stop.behind(0, 0).value, digits=4),
        )
    row, column = divmod(int(sizes.argmax()), stop.values.shape[1])
    return tr(
        "{told} The largest is {name} = {value}; {zeros} of {count} are 0.",
        told=told,
        name=cell_name(stop, row, column),
        value=brief(float(stop.values[row, column])),
        zeros=grouped(int(np.count_nonzero(sizes == 0))),
        count=grouped(sizes.size),
    )
