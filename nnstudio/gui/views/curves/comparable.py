"""Which runs can stand on the same axes, which of them decide how far these reach, their names."""

from nnstudio.gui.views.curves.curve import Metric, quantity_of
from nnstudio.gui.views.likeness import belongs_beside, experiment_of, same_data, same_loss
from nnstudio.runs.run import RunView
from nnstudio.spec import title_of
from nnstudio.texts import tr


def comparable(metric: Metric, runs: list[RunView]) -> list[RunView]:
    """Give those of `runs` whose curves say something beside the first: of its data and quantity.

    A run whose data are not known stays.
    """
    beside = belongs_beside if metric == "loss" else same_data
    return [
        run
        for run in runs
        if quantity_of(metric, run) == quantity_of(metric, runs[0]) and beside(run, runs[0])
    ]


def decides(metric: Metric, run: RunView, first: RunView) -> bool:
    """Whether the axes reach as far as the curve of a run: of other experiments, they do not."""
    if run is first or (run.place is not None and first.place is not None):
        return True
    return run.subject == first.subject and (metric != "loss" or same_loss(run, first))


def named(run: RunView, first: RunView) -> tuple[str, str]:
    """Give what the legend of the losses calls an earlier run, and the tooltip that says why."""
    one = experiment_of(run)
    if one is None or same_loss(run, first):
        return run.name, ""
    return tr("other loss: {run}", run=run.name), tr(
        "It was trained with “{loss}”, set in another way than that of this run: the heights of "
        "the two curves cannot be compared.",
        loss=tr(title_of(type(one.loss))),
    )
