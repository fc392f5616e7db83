"""What Train, Pause, Step, Stop and Restart mean just now; waits for data that are not there.

Before the first run the untrained network is shown; its weights are drawn beside the window.
"""

from collections.abc import Callable
from typing import Any

from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.data_desk import DataDesk, data_key
from nnstudio.gui.workbench.drives import FROM_SCRATCH, Start, can_go_on
from nnstudio.gui.workbench.notices import Notice
from nnstudio.gui.workbench.origins import Origin, Origins
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.runs.model import Model
from nnstudio.runs.store import StoredRun
from nnstudio.texts import Text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.range_test import STEPS, range_experiment
from nnstudio.training.session import Session
from nnstudio.training.snapshot import Vector
from nnstudio.training.state import TrainingState

Command = Callable[[Session], None]


class RunControl:
    """Begins runs, drives the newest, and shows the untrained network before the first.

    Parameters
    ----------
    background : Background
        Where initial weights are drawn.
    experiment : callable
        Gives what is set.
    change : callable
        Sets another experiment.
    refusal : callable
        Gives why no run can begin just now, or None.
    begun : callable
        Called when another run became the current one, or is known better.
    changed : callable
        Called when what can be done may be another.
    failed : callable
        Takes what went wrong beside the window.
    tell : callable
        Takes notices.
    """

    def __init__(
        self,
        runs: RunDesk,
        data: DataDesk,
        background: Background,
        *,
        experiment: Callable[[], Experiment],
        change: Callable[[Experiment], None],
        refusal: Callable[[], Text | None],
        begun: Callable[[], None],
        changed: Callable[[], None],
        failed: Callable[[Failure], None],
        tell: Callable[[Notice], None],
    ) -> None:
        self._changed = changed
        self._background = background
        self._failed = failed
        self._previewed: Any = None
        self._runs = runs
        self._data = data
        self._experiment = experiment
        self._refusal = refusal
        self._begun = begun
        self._wish: Callable[[], None] | None = None
        self._origins = Origins(
            runs.shelf,
            begin=lambda origin: self.when_ready(lambda: self._begin_from(origin)),
            begin_anew=self.begin_anew,
            change=change,
            tell=tell,
        )

    @property
    def waits(self) -> bool:
        """Whether a run begins as soon as its data are there."""
        return self._wish is not None

    @property
    def goes_on(self) -> bool:
        """Whether Train would go on with the run that is shown, not begin another."""
        return self._runs.drive is None and can_go_on(self._runs.current, self._experiment())

    @property
    def asks(self) -> bool:
        """Whether Train would ask whether to go on from the model that was opened."""
        return self._runs.drive is None and self._fitting(self._origins.opened()) is not None

    def train_or_pause(self) -> None:
        """Pause all that goes on; else go on with all, or begin a run."""
        if self._wish is not None:
            self._wish = None
        elif self._runs.drive is None:
            self.when_ready(lambda: self._ask_or(self._train, self._origins.opened()))
        else:
            running = self._runs.running
            for drive in self._runs.live:
                if running:
                    drive.pause()
                else:
                    drive.resume()
        self._changed()

    def step(self) -> None:
        """Make one step; begins a run that stands still after it."""
        self._advance(Session.step)

    def epoch(self) -> None:
        """Train to the end of the epoch."""
        self._advance(Session.epoch)

    def restart(self) -> None:
        """Begin again with what is set; the run so far stays as an earlier one.

        Where that run began with the weights of a model, it is asked whether this one shall too.
        """
        drive = self._runs.drive
        origin = self._origins.of(drive.run if drive is not None else self._runs.current)
        self.when_ready(lambda: self._ask_or(self.begin_anew, origin))

    def begin_anew(self, *, shown_off: bool = False) -> None:
        """Begin with what is set, and with weights that are drawn; nothing is asked.

        One that a guide begins is `shown_off`: nobody is asked to save it.
        """
        self.when_ready(lambda: self._begin(Session.start, Start(shown_off=shown_off)))

    def train_from(self, model: Model, file: str) -> None:
        """Begin with the weights of a model, where they fit what is set."""
        self.when_ready(lambda: self._begin_from(Origin(model, file)))

    def range_test(self, *, steps: int = STEPS) -> None:
        """Look for a learning rate for what is set, beside whatever goes on."""
        self.when_ready(lambda: self._test_rates(steps))

    def stop_range_test(self) -> None:
        """End the range test that goes on."""
        self._runs.stop_range_test()

    def go_on(
        self,
        checkpoint: Checkpoint,
        *,
        begun: Callable[[StoredRun | None], None],
        paused: bool = False,
    ) -> None:
        """Go on with a run that was interrupted, or show it paused; runs under way are set aside.

        Tells what keeps it on disk when it does.
        """
        command = Session.hold if paused else Session.start
        start = Start(checkpoint=checkpoint, spares=True)
        self.when_ready(lambda: self._begin(command, start, told=begun))

    def stop(self) -> None:
        """End all runs under way, or do not begin the one that waits for its data."""
        self._wish = None
        self._runs.stop()
        self._changed()

    def give_up(self) -> None:
        """Forget what waits for data."""
        self._wish = None

    def begin_if_ready(self) -> None:
        """Begin what waits, if its data are there now."""
        wish = self._wish
        if wish is not None and self._data.of(self._experiment()) is not None:
            self._wish = None
            wish()

    def _advance(self, command: Command) -> None:
        if self._runs.drive is not None:
            for drive in self._runs.live:
                command(drive.session)
        else:
            self.when_ready(lambda: self._begin(command))

    def when_ready(self, wish: Callable[[], None]) -> None:
        """Do what was wished for as soon as the data are there of what is set, if all is legal."""
        if self._refusal() is not None:
            return
        self._wish = wish
        self._data.want(self._experiment(), at_once=True)
        self.begin_if_ready()
        self._changed()

    def preview(self) -> None:
        """Show the untrained network, unless it is shown or a run has begun."""
        experiment = self._experiment()
        data, key = self._data.of(experiment), (experiment.network, data_key(experiment))
        if self._refusal() is not None or data is None:
            return
        there = key == self._previewed and self._runs.current is not None
        if self._runs.begun or there:
            return
        self._previewed = key

        def show(initial: Vector) -> None:
            if self._previewed == key and not self._runs.begun:
                self._runs.preview(experiment, data, initial)
                self._begun()

        self._draw_initial(experiment, data, done=show)

    def _train(self) -> None:
        if self.goes_on and self._refusal() is None:
            self._runs.go_on(self._experiment())
            self._begun()
        else:
            self._begin(Session.start)

    def _ask_or(self, begin: Callable[[], None], origin: Origin | None) -> None:
        """Ask whether to begin with a model that fits; begin where there is none."""
        fitting = self._fitting(origin)
        if fitting is None:
            begin()
        else:
            self._origins.ask(fitting)

    def _fitting(self, origin: Origin | None) -> Origin | None:
        """Give `origin` where a run of what is set can begin with it just now."""
        data = self._data.of(self._experiment())
        if origin is None or data is None or self._refusal() is not None:
            return None
        return origin if origin.fits(self._experiment(), data) else None

    def _begin_from(self, origin: Origin) -> None:
        experiment = self._experiment()
        data = self._data.of(experiment)
        warm = None if data is None else self._origins.start_of(origin, experiment, data)
        if warm is not None:
            self._origins.leave_out_pretraining(origin, experiment)
            self._begin(Session.start, Start(warm=warm))
            if self._runs.drive is not None:
                self._origins.note(self._runs.drive.run, origin)

    def _test_rates(self, steps: int) -> None:
        experiment = self._experiment()
        data = self._data.of(experiment)
        if data is not None:
            self._runs.begin_range_test(range_experiment(experiment, steps=steps), data)
            self._begun()

    def _begin(
        self,
        command: Command,
        start: Start = FROM_SCRATCH,
        *,
        told: Callable[[StoredRun | None], None] = lambda _stored: None,
    ) -> None:
        experiment = self._experiment()
        data = self._data.of(experiment)
        if data is None or self._refusal() is not None:
            return
        checkpoint = start.checkpoint
        drive = self._runs.begin(experiment, data, start)
        command(drive.session)
        self._begun()
        told(drive.stored)
        # the weights of a model that a run began with are not drawn again
        if checkpoint is not None and checkpoint.recipe.initial_sha256 is None:

            def show(initial: Vector) -> None:
                self._runs.give_initial(drive.run, initial)
                self._begun()

            self._draw_initial(checkpoint.recipe.experiment, data, done=show)

    def _draw_initial(
        self, experiment: Experiment, data: PreparedData, *, done: Callable[[Vector], None]
    ) -> None:
        self._background.run(
            None,
            lambda _progress: TrainingState.start(experiment, data).network.vector,
            done=done,
            failed=self._failed,
        )
