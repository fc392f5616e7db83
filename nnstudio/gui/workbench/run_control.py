"""What Train, Pause, Step, Stop and Restart mean just now; waits for data that are not there."""

from collections.abc import Callable

from nnstudio.gui.workbench.data_desk import DataDesk
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.texts import Text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState

Command = Callable[[Session], None]


class RunControl:
    """Begins and drives the current run.

    Parameters
    ----------
    experiment : callable
        Gives what is set.
    refusal : callable
        Gives why no run can begin just now, or None.
    begun : callable
        Called when another run became the current one.
    changed : callable
        Called when what can be done may be another.
    """

    def __init__(
        self,
        runs: RunDesk,
        data: DataDesk,
        *,
        experiment: Callable[[], Experiment],
        refusal: Callable[[], Text | None],
        begun: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self._changed = changed
        self._runs = runs
        self._data = data
        self._experiment = experiment
        self._refusal = refusal
        self._begun = begun
        self._wish: Callable[[], None] | None = None

    @property
    def waits(self) -> bool:
        """Whether a run begins as soon as its data are there."""
        return self._wish is not None

    def train_or_pause(self) -> None:
        """Pause what goes on; else go on, or begin a run."""
        drive = self._runs.drive
        if self._wish is not None:
            self._wish = None
        elif drive is None:
            self._when_ready(lambda: self._begin(Session.start))
        elif drive.run.snapshot.state is RunState.RUNNING:
            drive.session.pause()
        else:
            drive.session.resume()
        self._changed()

    def step(self) -> None:
        """Make one step; begins a run that stands still after it."""
        self._advance(Session.step)

    def epoch(self) -> None:
        """Train to the end of the epoch."""
        self._advance(Session.epoch)

    def restart(self) -> None:
        """Begin again with what is set; the run so far stays as an earlier one."""
        self._when_ready(lambda: self._begin(Session.start))

    def go_on(self, checkpoint: Checkpoint, *, begun: Callable[[], None]) -> None:
        """Go on with a run that was interrupted, and tell when it does."""

        def begin() -> None:
            self._begin(Session.start, checkpoint=checkpoint)
            begun()

        self._when_ready(begin)

    def stop(self) -> None:
        """End the run under way, or do not begin the one that waits for its data."""
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
        drive = self._runs.drive
        if drive is not None:
            command(drive.session)
        else:
            self._when_ready(lambda: self._begin(command))

    def _when_ready(self, wish: Callable[[], None]) -> None:
        if self._refusal() is not None:
            return
        self._wish = wish
        self._data.want(self._experiment(), at_once=True)
        self.begin_if_ready()
        self._changed()

    def _begin(self, command: Command, *, checkpoint: Checkpoint | None = None) -> None:
        experiment = self._experiment()
        data = self._data.of(experiment)
        if data is None or self._refusal() is not None:
            return
        drive = self._runs.begin(experiment, data, checkpoint=checkpoint)
        command(drive.session)
        self._begun()
