"""The workbench: the one Qt object with state; it polls, and emits immutable values.

It holds the experiment (undoable), its data, the runs and the model; a desk keeps each of these.
"""

import logging
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.bench_state import Activity, BenchState
from nnstudio.gui.workbench.data_desk import DataDesk
from nnstudio.gui.workbench.model_desk import ModelDesk, SavedModel, model_of
from nnstudio.gui.workbench.notices import Notice, Severity, notice_of
from nnstudio.gui.workbench.openings import case, cases, last_experiment, name_of, random_picture
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.settings_desk import SettingsDesk
from nnstudio.gui.workbench.undo import UndoStack
from nnstudio.paths import replace_at
from nnstudio.runs.model import Model
from nnstudio.runs.run import Run, RunView
from nnstudio.runs.settings import Settings
from nnstudio.runs.store import RunStore
from nnstudio.spec import Problem, title_of
from nnstudio.texts import Text, text, tr
from nnstudio.training.experiment import Experiment, dumps, problems
from nnstudio.training.facts import DataFacts
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState
from nnstudio.training.state import TrainingState
from nnstudio.training.trainer import Trainer

POLL_MS: Final = 33
log = logging.getLogger(__name__)

_ACTIVITIES: Final = {
    RunState.WAITING: Activity.READY,
    RunState.RUNNING: Activity.RUNNING,
    RunState.PAUSED: Activity.PAUSED,
    RunState.FINISHED: Activity.FINISHED,
    RunState.STOPPED: Activity.STOPPED,
    RunState.DIVERGED: Activity.DIVERGED,
    RunState.FAILED: Activity.FAILED,
}


class Workbench(QObject):
    """Everything that the window shows and does; tells by signals what has changed.

    Parameters
    ----------
    places : callable
        Gives where data sets lie on this machine, folders of the user's first.
    trainer : Trainer
        Drives the sessions; the workbench closes it.
    background : Background
        Where long work goes.
    make_session : callable
        Gives the session of an experiment.
    """

    experiment_changed = Signal(object)
    data_changed = Signal(object)
    settings_changed = Signal(object)
    runs_changed = Signal(object)
    snapshot_ready = Signal(object)
    state_changed = Signal(object)
    notice = Signal(object)
    notice_over = Signal(str)
    progress_changed = Signal(object)
    model_changed = Signal(object)
    polled = Signal()

    def __init__(
        self,
        *,
        trainer: Trainer,
        places: Callable[..., DataPlaces] = DataPlaces.standard,
        settings: Settings | None = None,
        settings_path: Path | None = None,
        store: RunStore | None = None,
        background: Background | None = None,
        make_session: Callable[..., Session] = Session,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._places = places
        self._trainer = trainer
        self._background = background or Background()
        self._settings = SettingsDesk(
            settings or Settings(),
            path=settings_path,
            background=self._background,
            failed=self._failed,
            clock=clock,
        )
        self._undo = UndoStack(last_experiment(self._settings.settings))
        self._runs = RunDesk(trainer, make_session=make_session, store=store)
        self._data = DataDesk(
            self._background,
            load=self._load,
            changed=self._data_news,
            tell=self.tell,
            clock=clock,
        )
        self._models = ModelDesk(
            self._background, opened=self._opened, saved=self._saved, tell=self.tell
        )
        self._intent: Callable[[], None] | None = None
        self._entry_problem: Text | None = None
        self._previewing: Experiment | None = None
        self._state = BenchState()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    # what there is

    @property
    def experiment(self) -> Experiment:
        """What is set."""
        return self._undo.current

    @property
    def running(self) -> Experiment | None:
        """What the run under way is trained with, live changes in it."""
        drive = self._runs.drive
        return drive.experiment if drive is not None else None

    @property
    def facts(self) -> DataFacts | None:
        """What the data of the experiment are like, when they are loaded."""
        data = self._data.of(self.experiment)
        return data.facts if data is not None else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the experiment as a whole."""
        return problems(self.experiment, self.facts)

    @property
    def state(self) -> BenchState:
        """What can be done just now."""
        return self._state

    @property
    def current(self) -> Run | None:
        """The run that is shown first and saved."""
        return self._runs.current

    @property
    def views(self) -> tuple[RunView, ...]:
        """All runs as views see them, the current one first."""
        return self._runs.views()

    @property
    def settings(self) -> Settings:
        """What the window remembers."""
        return self._settings.settings

    @property
    def saved(self) -> SavedModel | None:
        """Where the model was saved last."""
        return self._models.last

    # the experiment

    @property
    def name(self) -> str:
        """What is trained, in a word or two."""
        return name_of(self.experiment)

    @property
    def data_name(self) -> str:
        """What the data are called."""
        return tr(title_of(type(self.experiment.data.sources[0].source)))

    @property
    def model_file(self) -> Path | None:
        """The file that the current run was saved in or comes from."""
        last, run = self._models.last, self.current
        return last.file if last and run and last.identity == run.identity else None

    def begin(self) -> None:
        """Load the data of the experiment and start to poll."""
        self._data.want(self.experiment, at_once=True)
        self._timer.start()
        self._settle()

    def change(self, experiment: Experiment, *, merge: bool = False) -> None:
        """Set another experiment; live settings act on the run under way."""
        if experiment == self.experiment:
            return
        self._undo.push(experiment, merge=merge)
        self._experiment_news()

    def undo(self) -> None:
        """Take the last change back."""
        self._undo.undo()
        self._experiment_news()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._undo.redo()
        self._experiment_news()

    def random_seed(self) -> None:
        """Set another seed."""
        seed = random.SystemRandom().randrange(2**31)
        self.change(replace_at(self.experiment, ("seed",), seed))

    def default_experiment(self) -> None:
        """Set everything back to what a first start has."""
        self.change(Experiment())

    def cases(self) -> tuple[tuple[str, str], ...]:
        """Give key and title of every case that ships."""
        return cases()

    def open_case(self, key: str) -> None:
        """Set the experiment of a case; it can be undone."""
        try:
            self.change(case(key))
        except NnstudioError as error:
            self.report(error, topic="case")

    def experiment_text(self) -> str:
        """Give the experiment as JSON."""
        return dumps(self.experiment)

    def entry_problem(self, problem: Text | None) -> None:
        """Take what is wrong in a field just now; no run begins while there is something."""
        self._entry_problem = problem
        self._settle()

    # the run

    def train_or_pause(self) -> None:
        """Pause what goes on; else go on, or begin a run."""
        drive = self._runs.drive
        if self._intent is not None:
            self._intent = None
        elif drive is None:
            self._when_ready(lambda: self._begin(Session.start))
        elif drive.run.snapshot.state is RunState.RUNNING:
            drive.session.pause()
        else:
            drive.session.resume()
        self._settle()

    def step(self) -> None:
        """Make one step; begins a run that stands still after it."""
        self._advance(Session.step)

    def epoch(self) -> None:
        """Train to the end of the epoch."""
        self._advance(Session.epoch)

    def stop(self) -> None:
        """End the run under way, or do not begin the one that waits for its data."""
        self._intent = None
        self._runs.stop()
        self._settle()

    def restart(self) -> None:
        """Begin again with what is set; the run so far stays as an earlier one."""
        self._when_ready(lambda: self._begin(Session.start))
        self._settle()

    def choose_run(self, identity: str) -> None:
        """Show another run first."""
        self._runs.choose(identity)
        self._tell_runs()

    def watch(self, *, weights: bool) -> None:
        """Say whether any visible view wants copies of the parameters."""
        self._runs.watch(weights=weights)

    # the model

    def open_model(self, path: Path) -> None:
        """Open the model in a file; it becomes a run that has ended."""
        self._models.opens(path)

    def save_model(self, path: Path) -> None:
        """Save the model of the current run."""
        if self.current is not None:
            self._models.saves(self.current, path)

    def save_model_now(self, path: Path) -> bool:
        """Save before the window goes; gives whether it worked."""
        run = self.current
        try:
            if run is not None:
                self._models.saves_now(run, path)
        except NnstudioError as error:
            self.report(error, topic="model")
            return False
        return True

    def sample(self) -> tuple[Any, str] | None:
        """Give a random test picture of the data and what it shows, for the canvas."""
        data = self._data.newest
        return None if data is None or data.image_shape is None else random_picture(data)

    # notices and long work

    def tell(self, notice: Notice) -> None:
        """Show a notice; what is worse than a word also goes to the log."""
        if notice.details:
            log.error("%s\n%s", notice.text, notice.details)
        elif notice.severity is Severity.ERROR:
            log.info("told: %s", notice.text)
        self.notice.emit(notice)

    def report(self, error: NnstudioError, *, topic: str = "") -> None:
        """Show what a person caused and can mend."""
        self.tell(notice_of(error, topic=topic))

    def cancel_work(self) -> None:
        """End the long work whose progress is shown."""
        self._background.cancel_newest()

    def change_settings(self, **values: Any) -> None:
        """Change what the window remembers."""
        if self._settings.change(values):
            self.settings_changed.emit(self.settings)

    def use_data_folder(self, folder: Path) -> None:
        """Look for data sets there from now on, and again for what was not found."""
        self.change_settings(data_folder=str(folder))
        self._data.retry()

    def poll(self) -> None:
        """Take all news and tell them; called by a timer, or by hand."""
        self._data.poll()
        self._settings.poll()
        self.progress_changed.emit(self._background.poll())
        if self._runs.poll():
            self._tell_snapshots()
        self._settle()
        self.polled.emit()

    def close(self) -> None:
        """End everything that goes on, and wait for it."""
        self._timer.stop()
        self._intent = None
        self.change_settings(last_experiment=dumps(self.experiment))
        self._runs.forget_stored()
        self._background.close()
        self._trainer.close()
        self._settings.close()

    # inside

    def _load(self, experiment: Experiment, progress: Progress) -> Dataset:
        picked = self.settings.data_folder
        places = self._places(*([Path(picked)] if picked else []))
        return experiment.data.sources[0].source.load(places, progress)

    def _when_ready(self, begin: Callable[[], None]) -> None:
        if self._refusal() is not None:
            return
        self._intent = begin
        self._data.want(self.experiment, at_once=True)
        self._begin_if_ready()

    def _begin_if_ready(self) -> None:
        begin = self._intent
        if begin is not None and self._data.of(self.experiment) is not None:
            self._intent = None
            begin()

    def _begin(self, *commands: Callable[[Session], None]) -> None:
        data = self._data.of(self.experiment)
        if data is None or self._refusal() is not None:
            return
        drive = self._runs.begin(self.experiment, data)
        for command in commands:
            command(drive.session)
        self._tell_runs()

    def _advance(self, command: Callable[[Session], None]) -> None:
        drive = self._runs.drive
        if drive is not None:
            command(drive.session)
        else:
            self._when_ready(lambda: self._begin(command))
        self._settle()

    def _refusal(self) -> Text | None:
        if self._entry_problem is not None:
            return self._entry_problem
        wrong = self.problems
        if wrong:
            return wrong[0].message
        return self._data.refusal

    def _experiment_news(self) -> None:
        self._runs.follow(self.experiment)
        self._data.want(self.experiment)
        self.experiment_changed.emit(self.experiment)
        self._preview()
        self._settle()

    def _data_news(self) -> None:
        self.data_changed.emit(self.facts)
        if self.facts is not None:
            self.notice_over.emit("data")
        if self._data.refusal is not None:
            self._intent = None
        self._begin_if_ready()
        self._preview()
        self._settle()

    def _preview(self) -> None:
        """Make the untrained network beside the window, where no run has begun."""
        experiment, data = self.experiment, self._data.of(self.experiment)
        if self._runs.begun or data is None or self._refusal() is not None:
            return
        if self._previewing == experiment:
            return
        self._previewing = experiment

        def done(state: TrainingState) -> None:
            if self._previewing == experiment and not self._runs.begun:
                self._runs.preview(experiment, data, state.network.vector)
                self._tell_runs()

        self._background.run(
            text("Preparing the network"),
            lambda _progress: TrainingState.start(experiment, data),
            done=done,
            failed=self._failed,
            cancellable=False,
        )

    def _failed(self, failure: Failure) -> None:
        self.tell(notice_of(failure, topic="work"))

    def _opened(self, path: Path, model: Model) -> None:
        self._intent = None
        run = self._runs.show_model(path.stem, model)
        self._undo.push(model.recipe.experiment, merge=False)
        self._remember(path)
        self._models.note(SavedModel.now(path, run))
        self._experiment_news()
        self._tell_runs()

    def _remember(self, path: Path) -> None:
        if self._settings.put(self.settings.with_recent(path)):
            self.settings_changed.emit(self.settings)

    def _saved(self, saved: SavedModel) -> None:
        self._remember(saved.file)
        self.notice_over.emit("model")
        self.model_changed.emit(saved)
        self._settle()

    def _tell_runs(self) -> None:
        self.runs_changed.emit(self.views)
        self._tell_snapshots()
        self._settle()

    def _tell_snapshots(self) -> None:
        self.snapshot_ready.emit(self.views)

    def _settle(self) -> None:
        state = self._find_state()
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    def _find_state(self) -> BenchState:
        run, drive, refusal = self.current, self._runs.drive, self._refusal()
        doing = run.snapshot.state if run is not None else RunState.WAITING
        activity = _ACTIVITIES[doing]
        if drive is None and self._data.pending:
            activity = Activity.LOADING
        elif activity is Activity.READY and refusal is not None:
            activity = Activity.REFUSED
        return BenchState(
            activity=activity,
            busy=self._intent is not None or (drive is not None and doing is RunState.RUNNING),
            live=drive is not None,
            begun=self._runs.begun,
            refusal=refusal,
            has_model=model_of(run) is not None,
            unsaved=not self._models.is_saved(run),
            can_undo=self._undo.can_undo,
            can_redo=self._undo.can_redo,
        )
