"""The part of the workbench that holds what is set: the experiment, its data, the settings.

What is set is one immutable Experiment on an undo stack; every signal of the workbench is here.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import Progress
from nnstudio.errors import NnstudioError
from nnstudio.gui.workbench.background import Background, Failure
from nnstudio.gui.workbench.data_desk import DataDesk
from nnstudio.gui.workbench.import_desk import ImportDesk
from nnstudio.gui.workbench.notices import Notice, Severity, notice_of
from nnstudio.gui.workbench.openings import case, case_that_is, last_experiment
from nnstudio.gui.workbench.own_sources import with_all_drawings
from nnstudio.gui.workbench.sample_export import SampleExport
from nnstudio.gui.workbench.settings_desk import SettingsDesk
from nnstudio.gui.workbench.summary_desk import SummaryDesk
from nnstudio.gui.workbench.undo import UndoStack
from nnstudio.runs.cases import case_of
from nnstudio.runs.run import Subject
from nnstudio.runs.settings import Settings
from nnstudio.spec import Problem
from nnstudio.texts import Text
from nnstudio.training.experiment import Experiment, dumps
from nnstudio.training.facts import DataFacts
from nnstudio.training.prepared import PreparedData
from nnstudio.training.problems import problems
from nnstudio.training.sources import load_sources

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Setting:
    """What is set, and of which experiment that was opened it is a change."""

    experiment: Experiment
    subject: Subject


class SettingBench(QObject):
    """What is set, and what follows from it before anything is trained.

    Parameters
    ----------
    places : callable
        Gives where data sets lie on this machine, folders of the user's first.
    background : Background
        Where long work goes.
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
    findings_changed = Signal(object)
    checks_changed = Signal(object)
    race_changed = Signal(object)
    hunt_changed = Signal(object)
    polled = Signal()

    def __init__(
        self,
        *,
        places: Callable[..., DataPlaces],
        settings: Settings | None,
        settings_path: Path | None,
        background: Background,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._places = places
        self._background = background
        self._settings = SettingsDesk(
            settings or Settings(),
            path=settings_path,
            background=background,
            failed=self._failed,
            clock=clock,
        )
        first = last_experiment(self._settings.settings, self._places_now())
        self._undo = UndoStack(Setting(first, Subject(case=case_that_is(first))))
        self._subjects = 0
        self._data = DataDesk(
            background, load=self._load, changed=self._data_news, tell=self.tell, clock=clock
        )
        self.imports = ImportDesk(
            background, places=self._places_now, failed=self._failed, tell=self.tell, parent=self
        )
        self.imports.sets_changed.connect(self._retry_refused)
        self.summaries = SummaryDesk(background, failed=self._failed, parent=self)
        self.sample_export = SampleExport(background, places=self._places_now, tell=self.tell)
        self._entry_problem: Text | None = None

    @property
    def experiment(self) -> Experiment:
        """What is set."""
        return self._undo.current.experiment

    @property
    def subject(self) -> Subject:
        """Which of the experiments that were opened is set, perhaps changed since."""
        return self._undo.current.subject

    @property
    def case(self) -> str:
        """The case that is set, itself or a step of it; empty for a preset."""
        return self.subject.case

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
        return (*problems(self.experiment, self.facts), *self._data.problems)

    @property
    def settings(self) -> Settings:
        """What the window remembers."""
        return self._settings.settings

    def change(self, experiment: Experiment, *, merge: bool = False) -> None:
        """Set another experiment; live settings act on the run under way."""
        experiment = with_all_drawings(experiment, self._places_now())
        if experiment != self.experiment:
            self._undo.push(Setting(experiment, self.subject), merge=merge)
            self._experiment_news()

    def open_experiment(self, experiment: Experiment, subject: Subject | None = None) -> None:
        """Set another experiment that no run under way is of: nothing of it acts live.

        Without a `subject` it is a new one of the case that is set.
        """
        setting = Setting(experiment, subject or self._new_subject(self.case))
        if setting != self._undo.current:
            self._undo.push(setting, merge=False)
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
            opened = case(key)
        except NnstudioError as error:
            self.tell(notice_of(error, topic="case"))
            return
        name = case_of(key) or ""
        same = (opened, name) == (self.experiment, self.case)
        self.open_experiment(opened, self.subject if same else self._new_subject(name))

    def _new_subject(self, name: str = "") -> Subject:
        self._subjects += 1
        return Subject(self._subjects, name)

    def entry_problem(self, problem: Text | None) -> None:
        """Take what is wrong in a field just now; no run begins while there is something."""
        self._entry_problem = problem
        self._settle()

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

    def _retry_refused(self, _sets: object) -> None:
        # a set that was gone may be there again
        if self._data.refusal is not None:
            self._data.retry()

    def _load(self, experiment: Experiment, progress: Progress) -> Dataset:
        return load_sources(experiment, self._places_now(), progress)

    def _places_now(self) -> DataPlaces:
        picked = self.settings.data_folder
        return self._places(*([Path(picked)] if picked else []))

    def _refusal(self) -> Text | None:
        wrong = self.problems
        return self._entry_problem or (wrong[0].message if wrong else self._data.refusal)

    def _failed(self, failure: Failure) -> None:
        self.tell(notice_of(failure, topic="work"))

    def _experiment_news(self) -> None:
        # written when it stands still: a program that is killed is not closed
        self._settings.change({"last_experiment": dumps(self.experiment)})
        self._data.want(self.experiment)
        self.experiment_changed.emit(self.experiment)

    def _data_news(self) -> None:
        self.data_changed.emit(self.facts)

    def _settle(self) -> None:
        """Look again at what can be done; who can do something extends it."""
