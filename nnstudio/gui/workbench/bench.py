"""The workbench: the one Qt object with state; it polls, and emits immutable values.

It holds the experiment (undoable), its data, the runs and the model; a desk keeps each of these.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.doctor.examiner import Examiner
from nnstudio.gui.workbench.answers_desk import AnswersDesk
from nnstudio.gui.workbench.background import Background, JobProgress
from nnstudio.gui.workbench.bench_state import BenchState, state_of
from nnstudio.gui.workbench.check_desk import CheckDesk
from nnstudio.gui.workbench.copy_desk import CopyDesk
from nnstudio.gui.workbench.data_desk import TOPIC as DATA_TOPIC
from nnstudio.gui.workbench.doctor_desk import DoctorDesk, Looking
from nnstudio.gui.workbench.drives import watched_session
from nnstudio.gui.workbench.elsewhere import Elsewhere
from nnstudio.gui.workbench.hunt import Hunt
from nnstudio.gui.workbench.model_desk import TOPIC as MODEL_TOPIC
from nnstudio.gui.workbench.model_desk import ModelDesk, SavedModel, has_model, notice_of_mistakes
from nnstudio.gui.workbench.notices import notices_of_ends
from nnstudio.gui.workbench.openings import case_that_is
from nnstudio.gui.workbench.races import Races
from nnstudio.gui.workbench.recovery import Begun, Recovery
from nnstudio.gui.workbench.rewind import Rewind
from nnstudio.gui.workbench.run_bench import RunBench
from nnstudio.gui.workbench.run_control import RunControl
from nnstudio.gui.workbench.run_desk import RunDesk
from nnstudio.gui.workbench.run_list import RunList
from nnstudio.gui.workbench.setting_bench import Setting
from nnstudio.gui.workbench.teach_desk import TeachDesk
from nnstudio.gui.workbench.testing import TestBench
from nnstudio.runs.model import Model
from nnstudio.runs.run import Run
from nnstudio.runs.settings import Settings
from nnstudio.runs.store import RunStore, Unfinished
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.session import Session
from nnstudio.training.trainer import Trainer

# curves at 22 Hz: every frame holds the GIL, so 30 would slow training down by a third more
POLL_MS: Final = 45
PATIENCE_S: Final = 1.5


class Workbench(RunBench):
    """Everything that the window shows and does; tells by signals what has changed.

    `control` begins and drives runs, `races` lets several go on together, `run_list` acts on all
    of them, `models` opens and saves, `tests` judges.

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
    examiner : Looking or None
        Looks at live runs; the workbench closes it.
    """

    def __init__(
        self,
        *,
        trainer: Trainer,
        places: Callable[..., DataPlaces] = DataPlaces.standard,
        settings: Settings | None = None,
        settings_path: Path | None = None,
        store: RunStore | None = None,
        background: Background | None = None,
        make_session: Callable[..., Session] = watched_session,
        examiner: Looking | None = None,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        back = background or Background()
        super().__init__(
            places=places,
            settings=settings,
            settings_path=settings_path,
            background=back,
            clock=clock,
            parent=parent,
        )
        self._trainer = trainer
        self._runs = RunDesk(trainer, make_session=make_session, store=store)
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
        self.races = Races(
            self._runs,
            self._data,
            self.control,
            experiment=lambda: self.experiment,
            change=self.change,
            begun=self._tell_runs,
            changed=self.race_changed.emit,
            tell=self.tell,
            untell=self.notice_over.emit,
        )
        self._elsewhere = Elsewhere(
            self._runs, self.control, tell=self.tell, untell=self.notice_over.emit
        )
        self.hunt = Hunt(
            self._runs,
            self.control,
            experiment=lambda: self.experiment,
            facts=lambda: self.facts,
            change=self.change,
            open_case=self.open_case,
            changed=self.hunt_changed.emit,
            tell=self.tell,
        )
        self.rewind = Rewind(
            self._runs,
            self._data,
            self.control,
            experiment=lambda: self.experiment,
            begun=self._tell_runs,
            refusal=self._refusal,
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
            adopt=lambda one, run: (
                None if self.control.waits else self.open_experiment(one, run.subject)
            ),
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
        self.answers = AnswersDesk(
            back,
            data=lambda: self.data,
            experiment=lambda: self.experiment,
            failed=self._failed,
            clock=clock,
            parent=self,
        )
        self.doctor = DoctorDesk(self._runs, examiner or Examiner(), changed=self._tell_findings)
        self.copies = CopyDesk(
            back,
            self._data,
            run=lambda: self.current,
            changed=self._tell_findings,
            failed=self._failed,
        )
        self.checks = CheckDesk(
            back,
            run=lambda: self.current,
            experiment=lambda: self.experiment,
            data=lambda: self.data,
            changed=lambda: self.checks_changed.emit(self.checks.states),
        )
        self.teach = TeachDesk(
            self._runs,
            self._data,
            back,
            places=self._places_now,
            experiment=lambda: self.experiment,
            change=self.change,
            begun=self._tell_runs,
            tell=self.tell,
            parent=self,
        )
        self._recovery = Recovery(store, back, go_on=self._go_on, tell=self.tell)
        self._work: JobProgress | None = None
        self._state = BenchState()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    @property
    def state(self) -> BenchState:
        """What can be done just now."""
        return self._state

    @property
    def saved(self) -> SavedModel | None:
        """Where the current run was saved last, or comes from."""
        return self.models.of(self.current)

    def begin(self) -> None:
        """Load the data of the experiment, look for interrupted runs, and start to poll."""
        self.teach.look()
        self._data.want(self.experiment, at_once=True)
        self.models.offer_last(self.settings.recent_files)
        self._recovery.look()
        self.imports.refresh()
        self._timer.start()
        self._settle()

    def watch(self, *, weights: bool) -> None:
        """Say whether any visible view wants copies of the parameters."""
        self._runs.watch(weights=weights)

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
        self._elsewhere.look()
        self.races.poll()
        self.teach.poll()
        self.doctor.poll()
        self.checks.poll()
        for told in notices_of_ends(self._runs.take_ended()):
            self.tell(told)
        self._settle()
        self.polled.emit()

    def close(self, *, forget: bool) -> bool:
        """End everything that goes on, wait for it, and tell whether all has ended.

        What nobody wants any more is not waited for longer than a few seconds.

        Parameters
        ----------
        forget : bool
            Whether the runs are saved or wanted no more; else the next start offers them again.
        """
        self._timer.stop()
        self.control.give_up()
        self.doctor.leave()
        if forget:
            self._runs.forget_stored()
        self._recovery.poll()
        self._background.close()
        patience_s = PATIENCE_S if forget else None
        trained = self._trainer.close(patience_s=patience_s)
        looked = self.doctor.close(patience_s=patience_s)
        self._settings.close()
        return trained and looked

    def open_case(self, key: str) -> None:
        """Set the experiment of a case; what was hidden in the one before is forgotten."""
        self.hunt.close()
        super().open_case(key)

    def _experiment_news(self) -> None:
        moved = self._runs.subject != self.subject
        self._runs.subject = self.subject
        self._runs.follow(self.experiment)
        self.races.follow(self.experiment)
        self.hunt.follow(self.experiment)
        super()._experiment_news()
        if moved:
            # what runs are of is told beside what is set now
            self.snapshot_ready.emit(self.views)
        self.control.preview()
        self._settle()

    def _data_news(self) -> None:
        super()._data_news()
        if self.facts is not None:
            self.notice_over.emit(DATA_TOPIC)
        if self._data.refusal is not None:
            self.control.give_up()
        self.control.begin_if_ready()
        self.control.preview()
        self._settle()

    def _opened(self, path: Path, model: Model) -> None:
        self.control.give_up()
        self.hunt.close()
        self.notice_over.emit(MODEL_TOPIC)
        self._runs.subject = subject = self._new_subject()
        run = self._runs.show_model(path, model)
        self.models.note(SavedModel.opened(path, run, model))
        self._undo.push(Setting(model.recipe.experiment, subject), merge=False)
        mistakes = notice_of_mistakes(model)
        if mistakes is not None:
            self.tell(mistakes)
        self._experiment_news()
        self._tell_runs()

    def _go_on(self, left: Unfinished, checkpoint: Checkpoint, begun: Begun) -> None:
        if left.lesson:
            self.teach.go_on(left, checkpoint, begun)
            return
        experiment = checkpoint.experiment
        self.open_experiment(experiment, self._new_subject(case_that_is(experiment)))
        self.control.go_on(checkpoint, begun=begun, paused=left.ended)

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

    def _tell_findings(self, run: Run) -> None:
        if run is self.current:
            self.findings_changed.emit(run.diagnosis)
        self.snapshot_ready.emit(self.views)

    def _settle(self) -> None:
        self._elsewhere.look()
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
