"""replay(recipe, data): the run that a Recipe tells, made again with the same bits."""

from collections.abc import Iterator
from typing import Any

from numpy.typing import NDArray

from nnstudio.errors import NnstudioError
from nnstudio.training.loop import advance
from nnstudio.training.prepared import PreparedData, adapted
from nnstudio.training.recipe import Recipe
from nnstudio.training.state import TrainingState


def replay(
    recipe: Recipe,
    data: PreparedData,
    *,
    until: int | None = None,
    initial: NDArray[Any] | None = None,
    initial_sha256: str | None = None,
) -> TrainingState:
    """Give the run of `recipe`, driven to its end, with its live changes at their steps.

    `replaying` does the same step by step.

    Parameters
    ----------
    recipe : Recipe
        What is made again; a parent is made again first.
    data : PreparedData
        Of the same data set, prepared for the experiment of the recipe.
    until : int or None
        Give the run after so many steps.
    initial : ndarray or None
        Vector of the model that the run, or the first of its parents, started from, with its
        checksum `initial_sha256`; a Recipe only names it.

    Raises
    ------
    NnstudioError
        When the data are others, or the model that the run started from is missing or another.
    """
    *_, state = replaying(recipe, data, until=until, initial=initial, initial_sha256=initial_sha256)
    return state


def replaying(
    recipe: Recipe,
    data: PreparedData,
    *,
    until: int | None = None,
    initial: NDArray[Any] | None = None,
    initial_sha256: str | None = None,
) -> Iterator[TrainingState]:
    """Make the run of `recipe` again, as `replay` does, and give it before every step.

    The last state is the wanted one; those of a parent come before it.
    """
    if recipe.data_sha256 != data.facts.sha256:
        raise NnstudioError(
            "The run was trained on other data than these.",
            hint="Choose the data that it was started with.",
        )
    if recipe.parent is None:
        state = _started(recipe, data, initial, initial_sha256)
    else:
        before = recipe.parent
        earlier = adapted(data, recipe.experiment, before.recipe.experiment)
        for parent in replaying(
            before.recipe,
            earlier,
            until=before.step,
            initial=initial,
            initial_sha256=initial_sha256,
        ):
            yield parent
        state = parent.fork(recipe.experiment, data=data)
    changes, threads = list(recipe.changes), dict(recipe.thread_changes)
    while True:
        state.work_with(threads.get(state.step, state.threads))
        while changes and changes[0].step == state.step:
            change = changes.pop(0)
            state.change(change.path, change.value)
        if state.step == recipe.end_step:
            # before a fork goes on: what was validated then belongs to its history
            state.stop()
        yield state
        if state.ended is not None or (until is not None and state.step >= until):
            return
        advance(state, clock=_no_time)


def _no_time() -> float:
    """Stand still: a limit of time is in the Recipe as the step that it led to."""
    return 0.0


def _started(
    recipe: Recipe, data: PreparedData, initial: NDArray[Any] | None, sha256: str | None
) -> TrainingState:
    wanted = recipe.initial_sha256
    if wanted is not None and (initial is None or sha256 != wanted):
        raise NnstudioError(
            "The run started from a model that was not given: {sha256}.",
            hint="Name the model file that it was started with.",
            sha256=wanted,
        )
    return TrainingState.start(
        recipe.experiment,
        data,
        threads=recipe.threads,
        initial=None if wanted is None else initial,
        initial_sha256=wanted,
    )
