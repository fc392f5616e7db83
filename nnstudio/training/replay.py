"""replay(recipe, data): the run that a Recipe tells, made again with the same bits."""

from nnstudio.errors import NnstudioError
from nnstudio.training.loop import advance
from nnstudio.training.prepared import PreparedData
from nnstudio.training.recipe import Recipe
from nnstudio.training.state import TrainingState


def replay(recipe: Recipe, data: PreparedData, *, until: int | None = None) -> TrainingState:
    """Give the run of `recipe`, driven to its end, with its live changes at their steps.

    Parameters
    ----------
    recipe : Recipe
        What is made again; a parent is made again first.
    data : PreparedData
        Of the same data set.
    until : int or None
        Stop after so many steps, without an ending.

    Raises
    ------
    NnstudioError
        When the data are others, or the run started from a model, which a Recipe only names.
    """
    if recipe.data_sha256 != data.facts.sha256:
        raise NnstudioError(
            "The run was trained on other data than these.",
            hint="Choose the data that it was started with.",
        )
    if recipe.initial_sha256 is not None:
        raise NnstudioError(
            "The run started from a model that cannot be found: {sha256}.",
            hint="Only runs that started from a seed can be made again.",
            sha256=recipe.initial_sha256,
        )
    state = _origin(recipe, data)
    changes = list(recipe.changes)
    while True:
        while changes and changes[0].step == state.step:
            change = changes.pop(0)
            state.change(change.path, change.value)
        if until is not None and state.step >= until:
            return state
        if state.step == recipe.end_step:
            state.stop()
        if state.ended is not None:
            return state
        advance(state, clock=_no_time)


def _no_time() -> float:
    """Stand still: a limit of time is in the Recipe as the step that it led to."""
    return 0.0


def _origin(recipe: Recipe, data: PreparedData) -> TrainingState:
    if recipe.parent is None:
        return TrainingState.start(recipe.experiment, data, threads=recipe.threads)
    parent = replay(recipe.parent.recipe, data, until=recipe.parent.step)
    return parent.fork(recipe.experiment, data=data)
