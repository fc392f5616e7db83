"""The workbench: the one Qt object with state; it polls, and emits immutable values.

It holds the experiment (undoable), its data, the runs and the model; a desk keeps each of these.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Background, Failure, JobProgress
from nnstudio.gui.workbench.bench_state import BenchState, state_of
from nnstudio.gui.workbench.data_desk import TOPIC as DATA_TOPIC
from nnstudio.gui.workbench.data_desk import DataDesk
from nnstudio.gui.workbench.model_desk import TOPIC as MODEL_TOPIC
from nnstudio.gui.workbench.model_desk import ModelDesk, SavedModel, has_model
from nnstudio.gui.workbench.notices import Notice, Severity, notice_of, notice_of_end
from nnstudio.gui.workbench.openings import case, last_experiment
from nnstudio.gui.workbench.recovery import Begun, Recovery
from nnstudio.gui.workbench.run_control import RunControl
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.run_list import RunList
from nnstudio.gui.workbench.settings_desk import SettingsDesk
from nnstudio.gui.workbench.testing import TestBench
from nnstudio.gui.workbench.undo import UndoStack
from nnstudio.runs.model import Model
from nnstudio.runs.run import Run, RunView
from nnstudio.runs.settings import Settings
from nnstudio.runs.store import RunStore
from nnstudio.spec import Problem
from nnstudio.texts import Text
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment, dumps
from nnstudio.training.facts import DataFacts
from nnstudio.training.prepared import PreparedData
from nnstudio.training.problems import problems
from nnstudio.training.recipe import Recipe
from nnstudio.training.session import Session
from nnstudio.training.trainer import Trainer

# curves at 22 Hz: every frame holds the GIL, so 30 would slow training down by a third more
POLL_MS: Final = 45
log = logging.getLogger(__name__)


class Workbench(QObject):
    """Everything that the window shows and does; tells by signals what has changed.

    `control` begins and drives runs, `run_list` acts on all of them, `models` opens and saves,
    `tests` judges.

    Parameters
    ----------
    trainer : Trainer
        Drives the sessions; the workbench closes it.
    places : callable
        Gives where data sets lie on this machine, folders of the user's first.
    store : RunStore or None
        Keeps runs against a crash.
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
        self._background = back = background or Background()
        self._settings = SettingsDesk(
            settings or Settings(),
            path=settings_path,
            background=back,
            failed=self._failed,
            clock=clock,
        )
        self._undo = UndoStack(last_experiment(self._settings.settings))
        self._runs = RunDesk(trainer, make_session=make_session, store=store)
        self._data = DataDesk(
            back, load=self._load, changed=self._data_news, tell=self.tell, clock=clock
        )
        self.control = RunControl(
            self._runs,
            self._data,
            back,
            experiment=lambda: self.experiment,
            change=self.change,
            refusal=self._refusal,
            begun=self._tell_runs,
            changed=self._settle,
            failed=self._failed,
            tell=self.tell,
        )
        self.models = ModelDesk(
            back,
            opened=self._opened,
            saved=self._saved,
            tell=self.tell,
            current=lambda: self.current,
        )
        self.run_list = RunList(
            self._runs,
            is_saved=self.models.is_saved,
            adopt=lambda one: None if self.control.waits else self.change(one),
            tell=self.tell,
            changed=self._tell_runs,
        )
        self.tests = TestBench(
            back,
            current=lambda: self.current,
            places=self._places_now,
            tell=self.tell,
            changed=self._tell_runs,
        )
        self._recovery = Recovery(store, back, go_on=self._go_on, tell=self.tell)
        self._entry_problem: Text | None = None
        self._work: JobProgress | None = None
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
        return self._data.facts(self.experiment)

    @property
    def data(self) -> PreparedData | None:
        """The data of the experiment, when they are loaded; perhaps in an earlier scaling."""
        return None if self.facts is None else self._data.newest

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
    def driven(self) -> Run | None:
        """The run that the controls act on; when none is under way, the one that is shown."""
        drive = self._runs.drive
        return drive.run if drive is not None else self.current

    @property
    def recipe(self) -> Recipe:
        """What reproduces the run that is shown, or the one that Train would begin."""
        run = self.current
        return run.recipe if run is not None and run.recipe else Recipe(self.experiment)

    @property
    def views(self) -> tuple[RunView, ...]:
        """All runs as views see them, the current one first."""
        return self._runs.shelf.views()

    @property
    def settings(self) -> Settings:
        """What the window remembers."""
        return self._settings.settings

    @property
    def saved(self) -> SavedModel | None:
        """Where the current run was saved last, or comes from."""
        return self.models.of(self.current)

    # the experiment

    def begin(self) -> None:
        """Load the data of the experiment, look for interrupted runs, and start to poll."""
        self._data.want(self.experiment, at_once=True)
        self._recovery.look()
        self._timer.start()
        self._settle()

    def change(self, experiment: Experiment, *, merge: bool = False) -> None:
        """Set another experiment; live settings act on the run under way."""
        if experiment != self.experiment:
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

    def open_case(self, key: str) -> None:
        """Set the experiment of a case; it can be undone."""
        try:
            self.change(case(key))
        except NnstudioError as error:
            self.tell(notice_of(error, topic="case"))

    def entry_problem(self, problem: Text | None) -> None:
        """Take what is wrong in a field just now; no run begins while there is something."""
        self._entry_problem = problem
        self._settle()

    # the run

    def watch(self, *, weights: bool) -> None:
        """Say whether any visible view wants copies of the parameters."""
        self._runs.watch(weights=weights)

    # notices, long work, settings

    def tell(self, notice: Notice) -> None:
        """Show a notice; what is worse than a word also goes to the log."""
        if notice.details:
            log.error("%s\n%s", notice.text, notice.details)
        elif notice.severity is Severity.ERROR:
            log.info("told: %s", notice.text)
        self.notice.emit(notice)

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
        self._recovery.poll()
        work = self._background.poll()
        if work != self._work:
            self._work = work
            self.progress_changed.emit(work)
        if self._runs.poll():
            self.snapshot_ready.emit(self.views)
        for run in self._runs.take_ended():
            told = notice_of_end(run.snapshot, range_test=run.range_test)
            if told is not None:
                self.tell(told)
        self._settle()
        self.polled.emit()

    def close(self, *, forget: bool) -> None:
        """End everything that goes on, and wait for it.

        Parameters
        ----------
        forget : bool
            Whether the runs are saved or wanted no more; else the next start offers them again.
        """
        self._timer.stop()
        self.control.give_up()
        if forget:
            self._runs.forget_stored()
        self._recovery.poll()
        self._background.close()
        self._trainer.close()
        trouble = self._settings.close()
        if trouble is not None:
            log.warning("%s", trouble)

    def _load(self, experiment: Experiment, progress: Progress) -> Dataset:
        return experiment.data.sources[0].source.load(self._places_now(), progress)

    def _places_now(self) -> DataPlaces:
        picked = self.settings.data_folder
        return self._places(*([Path(picked)] if picked else []))

    def _refusal(self) -> Text | None:
        wrong = self.problems
        return self._entry_problem or (wrong[0].message if wrong else self._data.refusal)

    def _experiment_news(self) -> None:
        # written when it stands still: a program that is killed is not closed
        self._settings.change({"last_experiment": dumps(self.experiment)})
        self._runs.follow(self.experiment)
        self._data.want(self.experiment)
        self.experiment_changed.emit(self.experiment)
        self.control.preview()
        self._settle()

    def _data_news(self) -> None:
        self.data_changed.emit(self.facts)
        if self.facts is not None:
            self.notice_over.emit(DATA_TOPIC)
        if self._data.refusal is not None:
            self.control.give_up()
        self.control.begin_if_ready()
        self.control.preview()
        self._settle()

    def _failed(self, failure: Failure) -> None:
        self.tell(notice_of(failure, topic="work"))

    def _opened(self, path: Path, model: Model) -> None:
        self.control.give_up()
        run = self._runs.show_model(path, model)
        self.models.note(SavedModel.opened(path, run, model))
        self._undo.push(model.recipe.experiment, merge=False)
        self._experiment_news()
        self._tell_runs()

    def _go_on(self, experiment: Experiment, checkpoint: Checkpoint, begun: Begun) -> None:
        self.change(experiment)
        self.control.go_on(checkpoint, begun=begun)

    def _saved(self, saved: SavedModel) -> None:
        self._runs.note_saved(saved.identity, saved.step)
        if self._settings.put(self.settings.with_recent(saved.file)):
            self.settings_changed.emit(self.settings)
        self.notice_over.emit(MODEL_TOPIC)
        self.model_changed.emit(saved)
        self._settle()

    def _tell_runs(self) -> None:
        self.runs_changed.emit(self.views)
        self.snapshot_ready.emit(self.views)
        self.control.preview()
        self._settle()

    def _settle(self) -> None:
        state = state_of(
            self.current,
            runs=self._runs,
            undo=self._undo,
            goes_on=self.control.goes_on,
            asks=self.control.asks,
            waits=self.control.waits,
            loading=self._data.pending,
            refusal=self._refusal(),
            has_model=has_model(self.current),
            unsaved=bool(self.run_list.unsaved),
        )
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)
