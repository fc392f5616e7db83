"""Reporter: turns a state into Snapshots, Weights and Checkpoints, each no more often than it pays.

A snapshot costs no copy but that of the weights, and the newest one holds the newest weights, so
that one nobody took may be dropped.
"""

from collections.abc import Callable
from dataclasses import replace
from math import isinf
from typing import Final

from nnstudio.texts import Text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.moments import Moments
from nnstudio.training.pace import Pace
from nnstudio.training.pretraining import WHOLE
from nnstudio.training.snapshot import RunState, Snapshot, Weights
from nnstudio.training.state import TrainingState

SNAPSHOT_SECONDS: Final = 0.033
WEIGHTS_SECONDS: Final = 0.1
CHECKPOINT_SECONDS: Final = 5.0
CHECKPOINT_SHARE: Final = 0.02
"""At most so much of the time goes into copies for checkpoints."""


class Reporter:
    """Puts what a run looks like into mailboxes; used by the training thread.

    Attributes
    ----------
    watched : bool
        Whether somebody wants to see the weights while the run goes on.
    """

    def __init__(
        self,
        mailbox: Mailbox[Snapshot],
        checkpoints: Mailbox[Checkpoint] | None,
        clock: Callable[[], float],
        *,
        moments: Moments | None = None,
    ) -> None:
        self.watched = False
        self._moments = moments
        self._mailbox = mailbox
        self._checkpoints = checkpoints
        self._clock = clock
        self._weights: Weights | None = None
        self._copied: tuple[object, ...] = ()
        self._pace = Pace()
        self._paced: tuple[int, int, float] | None = None
        self._snapshot_due = self._weights_due = clock()
        self._checkpoint_due = clock() + CHECKPOINT_SECONDS
        self._last = Snapshot(RunState.WAITING, 0)
        mailbox.put(self._last)

    def report_if_due(self, state: TrainingState) -> bool:
        """Report a run that goes on when the time for it has come, and tell whether it had."""
        now = self._clock()
        if now < self._snapshot_due:
            return False
        if self._checkpoints is not None and now >= self._checkpoint_due:
            self.store(state)
        if self.watched and now >= self._weights_due:
            self._copy_weights(state)
            self._weights_due = now + WEIGHTS_SECONDS
        self._put(state, RunState.RUNNING)
        self._snapshot_due = self._clock() + SNAPSHOT_SECONDS
        return True

    def report(self, state: TrainingState, run_state: RunState, ending: Text | None) -> None:
        """Report now, with the newest weights: the run began, pauses or ended."""
        self._copy_weights(state)
        self._put(state, run_state, ending)

    def report_end(
        self, run_state: RunState, *, ending: Text, traceback: str | None = None
    ) -> None:
        """Report the end of a run whose state is not there or cannot be trusted."""
        self._last = replace(
            self._last, state=run_state, seconds_left=None, ending=ending, traceback=traceback
        )
        self._mailbox.put(self._last)

    def store(self, state: TrainingState) -> None:
        """Put a checkpoint into its mailbox now."""
        if self._checkpoints is None:
            return
        started = self._clock()
        self._checkpoints.put(state.checkpoint())
        ended = self._clock()
        self._checkpoint_due = ended + max(CHECKPOINT_SECONDS, (ended - started) / CHECKPOINT_SHARE)

    def _copy_weights(self, state: TrainingState) -> None:
        state.guard.check(state)
        if self._copied == (state.step, state.ended):
            return
        self._copied = state.step, state.ended
        stage, vector = state.stage, state.evaluated.copy()
        trained = stage.name == WHOLE and state.step > stage.first_step
        gradient = state.network.gradient.copy() if trained else None
        for array in (vector, gradient):
            if array is not None:
                array.flags.writeable = False
        self._weights = Weights(state.evaluated_step, vector, gradient)

    def _put(self, state: TrainingState, run_state: RunState, ending: Text | None = None) -> None:
        self._note_pace(state)
        history = state.history.view()
        self._last = Snapshot(
            run_state,
            state.step,
            epoch=state.epoch + (state.batch > 0),
            steps_per_epoch=state.steps_per_epoch,
            total_steps=state.total_steps,
            history=history,
            weights=self._weights,
            seconds=state.seconds,
            samples_per_second=self._pace.samples_per_second,
            seconds_left=None if run_state.ended else self._seconds_left(state),
            rate=float(history.rate[-1]) if history.steps else None,
            stage=state.stage.name if history.stages else None,
            kept=self._moments.kept if self._moments is not None else (),
            reason=None if state.ended is None else state.ended.reason,
            ending=ending,
        )
        self._mailbox.put(self._last)

    def _note_pace(self, state: TrainingState) -> None:
        now = state.step, state.samples, state.seconds
        before, self._paced = self._paced or now, now
        if now[0] > before[0]:
            self._pace.add(
                steps=now[0] - before[0],
                samples=now[1] - before[1],
                seconds=now[2] - before[2],
            )

    def _seconds_left(self, state: TrainingState) -> float | None:
        total = state.total_steps
        by_steps = None if total is None else self._pace.seconds_for(max(0, total - state.step))
        by_clock = None if isinf(state.time_limit) else max(0.0, state.time_limit - state.seconds)
        return min((one for one in (by_steps, by_clock) if one is not None), default=None)
