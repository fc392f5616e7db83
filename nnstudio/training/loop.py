"""train(state) -> Step by Step: no thread, no printing, no flag; not pulling is pause."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite, nan
from time import perf_counter
from typing import NamedTuple

import numpy as np

from nnstudio.training.blas import use_threads
from nnstudio.training.moments import Moments
from nnstudio.training.plan import EpochPlan
from nnstudio.training.pretraining import WHOLE
from nnstudio.training.state import TrainingState


@dataclass(frozen=True)
class Validation:
    """Loss and score of held-out samples after a step; `whole` or on the small fixed part."""

    loss: float
    score: float
    whole: bool
    rmse: float = nan


class Step(NamedTuple):
    """One step that was made.

    Attributes
    ----------
    step : int
        Its number, from 1.
    epoch : int
        The number of its epoch, from 1.
    loss, score : float
        Of the batch, before the step.
    rate : float
        Learning rate that it was made with.
    ends_epoch : bool
        Whether it was the last one of its epoch.
    validation : Validation or None
        When one was made after it.
    """

    step: int
    epoch: int
    loss: float
    score: float
    rate: float
    ends_epoch: bool
    validation: Validation | None


def train(
    state: TrainingState,
    *,
    clock: Callable[[], float] = perf_counter,
    moments: Moments | None = None,
) -> Iterator[Step]:
    """Make steps until the run ends; between two of them `state` is complete and may be changed.

    Parameters
    ----------
    state : TrainingState
        Modified in place.
    clock : callable
        Gives seconds; what passes between two steps does not count as training time.
    moments : Moments or None
        Says of which steps there shall be Moments, and hands them out.

    Yields
    ------
    Step
        Each step that was made. One whose loss is not finite is not made: the run ends before it.
    """
    while state.ended is None:
        step = advance(state, clock=clock, moments=moments)
        if step is None:
            return
        yield step


@np.errstate(all="ignore")
def advance(
    state: TrainingState,
    *,
    clock: Callable[[], float] = perf_counter,
    moments: Moments | None = None,
) -> Step | None:
    """Make one step of a run that has not ended; None when it diverged instead."""
    started = clock()
    use_threads(state.threads)
    plan = state.current_plan()
    stage, made = state.stage, state.step
    rows, labelled = plan.batches[state.batch], plan.labelled[state.batch]
    loss = stage.compute(rows, labelled, made)
    if not isfinite(loss):
        state.diverge()
        return None
    score = stage.score(labelled)
    rate = stage.rate(made, state.progress)
    if moments is None or stage.name != WHOLE:
        stage.update(rate, made)
    else:
        moments.make_step(state, rows=rows, loss=loss, rate=rate)
    state.step = made + 1
    state.batch += 1
    state.samples += len(rows)
    state.seconds += clock() - started
    state.history.append(loss, score, rate, state.seconds)
    step = Step(made + 1, state.epoch + 1, loss, score, rate, False, None)  # noqa: FBT003 - fields
    if state.batch in plan.due_after or state.seconds >= state.time_limit:
        return _settle(state, plan, step, clock)
    return step


def _settle(
    state: TrainingState, plan: EpochPlan, step: Step, clock: Callable[[], float]
) -> Step | None:
    """Do what is due now and then: check the numbers, validate, end the epoch, end the run."""
    started = clock()
    if not state.guard.check(state):
        return None
    small = state.batch in plan.small_after
    ends_epoch = state.batch == len(plan.batches)
    found = state.validate(whole=ends_epoch) if ends_epoch or small else None
    if ends_epoch:
        state.end_epoch()
    state.seconds += clock() - started
    state.end_if_due(found.score if found is not None and ends_epoch else None)
    whole = ends_epoch
    if state.ended is not None and not ends_epoch:
        found, whole = state.validate(whole=True), True
    shown = None if found is None else Validation(found.loss, found.score, whole, found.rmse)
    return step._replace(ends_epoch=ends_epoch, validation=shown)
