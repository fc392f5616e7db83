"""Which runs can stand on the same axes: those of the same data, and how their losses compare."""

from nnstudio.gui.views.curves.curve import Metric, quantity_of
from nnstudio.runs.run import RunView
from nnstudio.spec import title_of
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment


def comparable(metric: Metric, runs: list[RunView]) -> list[RunView]:
    """Give those of `runs` whose curves say something beside the first: of its data and quantity.

    A run whose data are not known stays.
    """
    return [
        run
        for run in runs
        if quantity_of(metric, run) == quantity_of(metric, runs[0]) and _same_data(run, runs[0])
    ]


def named(run: RunView, first: RunView) -> tuple[str, str]:
    """Give what the legend of the losses calls an earlier run, and the tooltip that says why."""
    one = _experiment_of(run)
    if one is None or same_loss(run, first):
        return run.name, ""
    return tr("other loss: {run}", run=run.name), tr(
        "It was trained with “{loss}”, set in another way than that of this run: the heights of "
        "the two curves cannot be compared.",
        loss=tr(title_of(type(one.loss))),
    )


def same_loss(run: RunView, first: RunView) -> bool:
    """Whether the losses of two runs are one quantity, as far as that is known."""
    one, other = _experiment_of(run), _experiment_of(first)
    # smoothed labels and sums in place of means change the number as another formula does
    return one is None or other is None or one.loss == other.loss


def _same_data(run: RunView, first: RunView) -> bool:
    one, other = _experiment_of(run), _experiment_of(first)
    if one is None or other is None:
        return True
    return _kind_of_data(one) == _kind_of_data(other)


def _kind_of_data(experiment: Experiment) -> tuple[object, ...]:
    return type(experiment.data.sources[0].source), experiment.data.classes


def _experiment_of(run: RunView) -> Experiment | None:
    return None if run.recipe is None else run.recipe.latest
