"""Session: the handle of one live run; other threads send commands and read immutable values."""

import traceback
from collections.abc import Callable, Iterator
from functools import partial
from queue import SimpleQueue
from time import perf_counter
from typing import Any, Final, Literal

from numpy.typing import NDArray

from nnstudio.errors import NnstudioError
from nnstudio.seams import TRUE, Seams
from nnstudio.texts import text
from nnstudio.training.blas import Company
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.equal_steps import EqualSteps
from nnstudio.training.experiment import Experiment
from nnstudio.training.live import with_live
from nnstudio.training.loop import Step, train
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.moments import Moments
from nnstudio.training.prepared import PreparedData
from nnstudio.training.recipe import Recipe
from nnstudio.training.reporter import Reporter
from nnstudio.training.snapshot import RunState, Snapshot
from nnstudio.training.state import TrainingState
from nnstudio.training.stopping import stopped

TURN_SECONDS: Final = 0.010
SPARE_PROCESSORS: Final = 1
"""For whoever watches: in a window on two processors, two BLAS threads trained 784-256-10 at 0.95
of the speed of one, while frames and answers waited for them."""


class Session:
    """One run, from its data to its end.

    It begins with `experiment` and `data`, or goes on from a `checkpoint` with `data`, or from
    where another session is (`forked`), under its experiment or another one.

    Parameters
    ----------
    experiment : Experiment or None
        What to train; with `forked` or `checkpoint`, what to go on under if not as before.
    data : PreparedData or None
        Its samples; with `forked`, only where they are others.
    checkpoint : Checkpoint or None
        Where to go on from.
    initial : ndarray or None
        Vector of a model to start from, with its checksum `initial_sha256`; only where a run
        begins with `experiment` and `data`.
    forked : Session or None
        Whose state to go on from when this one begins; both must have the same trainer.
    checkpoints : Mailbox or None
        Gets a Checkpoint every few seconds, at every pause and at the end.
    moments : Moments or None
        Says of which steps there shall be Moments, and hands them out.
    clock : callable
        Gives seconds.

    Attributes
    ----------
    mailbox : Mailbox of Snapshot
        Holds the newest Snapshot, which says everything.
    experiment : Experiment
        With the live changes that act by now.
    recipe : Recipe
        What reproduces the run up to the last report.
    data : PreparedData
        Its samples.
    moments : Moments or None
        As given; who wants Moments of this run asks it and takes them there.
    initial : ndarray or None
        Read-only copy of the vector before the first step of this session; None until it begins.
    planted : Seams
        What the run is really made of, classic mistakes in it; the true ones until it begins.
    """

    data: PreparedData
    experiment: Experiment
    initial: NDArray[Any] | None
    planted: Seams

    def __init__(
        self,
        *,
        experiment: Experiment | None = None,
        data: PreparedData | None = None,
        checkpoint: Checkpoint | None = None,
        forked: "Session | None" = None,
        initial: NDArray[Any] | None = None,
        initial_sha256: str | None = None,
        checkpoints: Mailbox[Checkpoint] | None = None,
        moments: Moments | None = None,
        seams: Seams = TRUE,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        if forked is not None:
            self.data = data or forked.data
            self.recipe = Recipe(experiment or forked.experiment)
            self._make = partial(forked.fork_state, experiment, data)
        elif data is not None and checkpoint is not None:
            self.data = data
            self.recipe = checkpoint.recipe if experiment is None else Recipe(experiment)
            self._make = partial(_restored, checkpoint, data, experiment)
        elif data is not None and experiment is not None:
            self.data = data
            self.recipe = Recipe(experiment)
            self._make = partial(
                TrainingState.start,
                experiment,
                data,
                spare=SPARE_PROCESSORS,
                initial=initial,
                initial_sha256=initial_sha256,
                seams=seams,
            )
        else:
            raise ValueError("a session needs data and an experiment, or a run to go on from")
        self.experiment = self.recipe.experiment
        self.mailbox: Mailbox[Snapshot] = Mailbox()
        self.initial = None
        self.planted = TRUE
        self._wake: Callable[[], None] = _nothing
        self.moments = moments
        self._together: EqualSteps | None = None
        self._clock = clock
        self._company = Company()
        self._reporter = Reporter(self.mailbox, checkpoints, clock, moments=moments)
        self._commands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._state: TrainingState | None = None
        self._steps: Iterator[Step] = iter(())
        self._run_state = RunState.WAITING
        self._pause_at: Literal["step", "epoch"] | None = None

    # Commands: from any thread, done by the training thread between two steps.

    def start(self) -> None:
        """Begin, or go on after a pause."""
        self._send(partial(self._go, None))

    def resume(self) -> None:
        """Go on after a pause."""
        self._send(partial(self._go, None))

    def hold(self) -> None:
        """Begin, and pause before the first step: what it goes on from is there to be seen."""
        self._send(self._hold)

    def pause(self) -> None:
        """Make no more steps for now."""
        self._send(self._pause)

    def step(self) -> None:
        """Make one step, then pause."""
        self._send(partial(self._go, "step"))

    def epoch(self) -> None:
        """Go on to the end of the epoch, then pause."""
        self._send(partial(self._go, "epoch"))

    def stop(self) -> None:
        """End the run for good."""
        self._send(self._stop)

    def watch(self, *, weights: bool) -> None:
        """Say whether Snapshots shall hold new weights while the run goes on."""
        self._send(partial(self._watch, weights=weights))

    def stay_with(self, together: EqualSteps | None) -> None:
        """Wait from now on while ahead of those that stay together; None for nobody."""
        self._send(partial(self._stay_with, together))

    def change(self, path: str, value: Any) -> None:
        """Change a live setting; it acts at the next step, the batch size at the next epoch.

        Raises
        ------
        NnstudioError
            When the setting cannot change while a run goes on, or the value is not legal.
        """
        with_live(self.experiment, path, value)
        self._send(partial(self._change, path, value))

    def _send(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake()

    def adopt(self, wake: Callable[[], None]) -> None:
        """Call `wake` after every command from now on; for the one trainer that drives this.

        Raises
        ------
        RuntimeError
            When there is one already.
        """
        if self._wake is not _nothing:
            raise RuntimeError("a session has one trainer")
        self._wake = wake

    # What follows belongs to the training thread.

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self._run_state.ended

    @property
    def running(self) -> bool:
        """Whether it makes steps just now."""
        return self._run_state is RunState.RUNNING

    @property
    def steps_made(self) -> int:
        """How many steps the run has made; none before it has begun."""
        return 0 if self._state is None else self._state.step

    def turn(self) -> bool:
        """Do what was asked for and work for a few milliseconds; give whether there is more to do.

        Every error ends this run alone: its traceback is in the last Snapshot.
        """
        try:
            return self._turn()
        except Exception as error:
            self._fail(error)
            return False

    def suspend(self) -> None:
        """Pause because the program closes; its last checkpoint is where to go on from."""
        try:
            self._do_commands()
            self._pause()
        except Exception as error:
            self._fail(error)

    def fork_state(self, experiment: Experiment | None, data: PreparedData | None) -> TrainingState:
        """Give a state of its own that goes on from where this session is."""
        return self._begun().fork(experiment, data=data)

    def _turn(self) -> bool:
        self._do_commands()
        if self._run_state is not RunState.RUNNING:
            return False
        state = self._begun()
        if self._together is not None and self._together.is_ahead(self):
            # what it has done so far is seen while it waits
            self._reporter.report_if_due(state)
            return True
        until = self._clock() + TURN_SECONDS
        self._company.begin()
        while self._run_state is RunState.RUNNING:
            step = next(self._steps, None)
            if step is None or state.ended is not None:
                self._end(state)
                break
            if self._pause_at == "step" or (self._pause_at == "epoch" and step.ends_epoch):
                self._pause()
                break
            if self._reporter.report_if_due(state):
                self._publish(state)
            if self._clock() >= until:
                break
            if not self._commands.empty():
                self._do_commands()
        state.work_with(self._company.end(threads=state.threads, wanted=state.wanted_threads))
        return self._run_state is RunState.RUNNING

    def _do_commands(self) -> None:
        while not self._commands.empty():
            self._commands.get()()

    def _begun(self) -> TrainingState:
        if self._state is None:
            state = self._make()
            self.initial = state.network.vector.copy()
            self.initial.flags.writeable = False
            self.planted = state.seams
            self._steps = train(state, clock=self._clock, moments=self.moments)
            self._state = state
            self._publish(state)
        return self._state

    def _go(self, pause_at: Literal["step", "epoch"] | None) -> None:
        if self.ended:
            return
        self._pause_at = pause_at
        if self._run_state is not RunState.RUNNING:
            state = self._begun()
            self._run_state = RunState.RUNNING
            self._report(state)

    def _pause(self) -> None:
        if self._run_state is RunState.RUNNING:
            state = self._begun()
            if state.guard.check(state):
                self._run_state = RunState.PAUSED
                self._reporter.store(state)
                self._report(state)
            else:
                self._end(state)

    def _hold(self) -> None:
        if self._run_state is not RunState.WAITING:
            return
        state = self._begun()
        if state.ended is not None:
            self._end(state)
        else:
            self._run_state = RunState.PAUSED
            self._reporter.store(state)
            self._report(state)

    def _stop(self) -> None:
        if self.ended:
            return
        if self._state is None:
            self._run_state = RunState.STOPPED
            self._reporter.report_end(RunState.STOPPED, ending=stopped(0).text)
        else:
            self._state.stop()
            self._end(self._state)

    def _change(self, path: str, value: Any) -> None:
        if self.ended:
            return
        state = self._begun()
        state.change(path, value)
        if state.ended is not None:
            self._end(state)
        elif self._run_state is not RunState.RUNNING:
            self._report(state)

    def _stay_with(self, together: EqualSteps | None) -> None:
        if self._together is not None:
            self._together.leave(self)
        self._together = together
        if together is not None:
            together.join(self)

    def _watch(self, *, weights: bool) -> None:
        self._reporter.watched = weights

    def _end(self, state: TrainingState) -> None:
        assert state.ended is not None, "a run ends with an ending"  # noqa: S101 - cannot happen
        self._run_state = _STATES.get(state.ended.reason, RunState.FINISHED)
        if self.moments is not None and self._run_state is RunState.DIVERGED:
            self.moments.look_at_failure(state)
        self._reporter.store(state)
        self._report(state)

    def _fail(self, error: Exception) -> None:
        self._run_state = RunState.FAILED
        ending = (
            error.what
            if isinstance(error, NnstudioError)
            else text(
                "The run ended by an error of the program: {error}", error=type(error).__name__
            )
        )
        trace = "".join(traceback.format_exception(error))
        self._reporter.report_end(RunState.FAILED, ending=ending, traceback=trace)

    def _report(self, state: TrainingState) -> None:
        self._publish(state)
        ending = None if state.ended is None else state.ended.text
        self._reporter.report(state, self._run_state, ending)

    def _publish(self, state: TrainingState) -> None:
        self.experiment = state.experiment
        self.recipe = state.recipe


_STATES: Final = {"diverged": RunState.DIVERGED, "stopped": RunState.STOPPED}


def _restored(
    checkpoint: Checkpoint, data: PreparedData, experiment: Experiment | None
) -> TrainingState:
    state = TrainingState.restore(checkpoint, data)
    goes_on = state.ended is None and experiment == checkpoint.experiment
    if experiment is None or goes_on:
        return state
    return state.fork(experiment)


def _nothing() -> None:
    """Stand for the wake-up of a session that is driven by hand."""
