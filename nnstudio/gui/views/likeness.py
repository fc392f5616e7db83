"""Likeness: which runs say something beside the one that is shown: of its data, and of its loss."""

from nnstudio.runs.run import RunView
from nnstudio.training.experiment import Experiment
from nnstudio.training.sources import sources_of


def same_data(run: RunView, first: RunView) -> bool:
    """Whether two runs learn the same data, as far as that is known."""
    one, other = experiment_of(run), experiment_of(first)
    return one is None or other is None or _kind_of_data(one) == _kind_of_data(other)


def same_loss(run: RunView, first: RunView) -> bool:
    """Whether the losses of two runs are one quantity, as far as that is known."""
    one, other = experiment_of(run), experiment_of(first)
    # smoothed labels and sums in place of means change the number as another formula does
    return one is None or other is None or one.loss == other.loss


def belongs_beside(run: RunView, first: RunView) -> bool:
    """Whether losses and gradients of a run are drawn beside those of the one that is shown.

    Of an experiment that was open before, only where they are the same quantities.
    """
    own = run.subject == first.subject
    return same_data(run, first) and (own or same_loss(run, first))


def experiment_of(run: RunView) -> Experiment | None:
    """Give what a run was trained with at last; None while that is not known."""
    return None if run.recipe is None else run.recipe.latest


def _kind_of_data(experiment: Experiment) -> tuple[object, ...]:
    kinds = frozenset(source.kind for source in sources_of(experiment))
    return kinds, experiment.data.classes
