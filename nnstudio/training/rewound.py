"""RewoundSession: goes on from an earlier step of a run, which is made again first, bit for bit.

What an optimizer remembered at that step was not kept, so the run is replayed up to there; the new
one is a fork like every other, and its Recipe reproduces it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter
from typing import Any, Literal

from numpy.typing import NDArray

from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.moments import Moments
from nnstudio.training.prepared import PreparedData, adapted
from nnstudio.training.recipe import Parent
from nnstudio.training.replay import replaying
from nnstudio.training.reporter import Reporter
from nnstudio.training.session import TURN_SECONDS, Session
from nnstudio.training.snapshot import RunState
from nnstudio.training.state import TrainingState


class RewoundSession(Session):
    """A session that is driven like every other; until it is where it begins, it replays.

    Parameters
    ----------
    parent : Parent
        The run to go on from, and after how many of its steps.
    experiment : Experiment
        What to go on under.
    data : PreparedData
        Its samples, prepared for `experiment`.
    initial : ndarray or None
        Vector of the model that the run, or the first of its parents, started from.
    checkpoints : Mailbox or None
        As in `Session`; gets nothing while the other run is made again.
    moments : Moments or None
        As in `Session`.
    pauses : bool
        Whether it stands still where it begins, so that a person can change something.
    clock : callable
        Gives seconds.
    """

    def __init__(
        self,
        *,
        parent: Parent,
        experiment: Experiment,
        data: PreparedData,
        initial: NDArray[Any] | None = None,
        checkpoints: Mailbox[Checkpoint] | None = None,
        moments: Moments | None = None,
        pauses: bool = False,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__(
            experiment=experiment,
            data=data,
            checkpoints=checkpoints,
            moments=moments,
            clock=clock,
        )
        self._again = _replaying(parent, experiment, data, initial)
        self._progress = Reporter(self.mailbox, None, clock)
        self._reached: TrainingState | None = None
        self._there, self._pauses = False, pauses
        self._later: list[Callable[[], None]] = []
        self._asked: Literal["step", "epoch"] | None = None
        self._make = partial(self._forked)

    def _turn(self) -> bool:
        self._do_commands()
        if self._there or not self.running:
            return super()._turn()
        until = self._clock() + TURN_SECONDS
        for state in self._again:
            self._reached = state
            if self._clock() >= until or not self._commands.empty():
                self._progress.report_if_due(state)
                return True
        self._there = True
        self._run_state = RunState.WAITING
        super()._go(self._asked)
        for command in self._later:
            command()
        if self._pauses and self._asked is None:
            super()._pause()
        return True

    def _go(self, pause_at: Literal["step", "epoch"] | None) -> None:
        if self._there or self.ended:
            super()._go(pause_at)
        else:
            self._asked, self._run_state = pause_at, RunState.RUNNING

    def _pause(self) -> None:
        if self._there or not self.running:
            super()._pause()
            return
        self._run_state = RunState.PAUSED
        if self._reached is not None:
            self._progress.report(self._reached, RunState.PAUSED, None)

    def _change(self, path: str, value: Any) -> None:
        if self._there or self.ended:
            super()._change(path, value)
        else:
            self._later.append(partial(super()._change, path, value))

    def _forked(self) -> TrainingState:
        state = self._reached
        assert state is not None, "it is forked when it is there"  # noqa: S101 - cannot happen
        if state.experiment == self.experiment:
            # nothing is another than it was: what waited for the next epoch still does
            return state.fork()
        return state.fork(self.experiment, data=self.data)


def _replaying(
    parent: Parent, experiment: Experiment, data: PreparedData, initial: NDArray[Any] | None
) -> Iterator[TrainingState]:
    recipe = first = parent.recipe
    while first.parent is not None:
        first = first.parent.recipe
    # data that are prepared in another way are prepared by the thread that trains
    earlier = adapted(data, experiment, recipe.experiment)
    yield from replaying(
        recipe,
        earlier,
        until=parent.step,
        initial=initial,
        initial_sha256=first.initial_sha256,
    )
