"""The doctor: a remedy changes the experiment, undoably; evidence is brought to the front."""

from nnstudio.doctor.diagnosis import Remedy
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.joining.hub import Hub, Joint
from nnstudio.gui.views.doctor import DoctorView
from nnstudio.gui.views.doctor.checks_page import RANGE_TEST, CheckNews
from nnstudio.gui.views.doctor.standing import mended
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.notices import Notice
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment


class DoctorJoint(Joint):
    """Joins the panel of the doctor."""

    def __init__(self, view: DoctorView, workbench: Workbench, docks: Docks, parent: Hub) -> None:
        super().__init__(workbench, docks, parent)
        bench, self._view = workbench, view
        view.remedy_wished.connect(self._heal)
        view.restart_wished.connect(bench.control.restart)
        view.race_wished.connect(self._race)
        view.show_wished.connect(docks.bring)
        view.ignore_wished.connect(bench.doctor.ignore)
        view.exporter.failed.connect(self._tell_not_written)
        view.check_wished.connect(self._check)
        view.cancel_wished.connect(bench.checks.cancel)
        bench.checks_changed.connect(self._show_checks)
        bench.findings_changed.connect(view.show_diagnosis)
        bench.findings_changed.connect(self._show_copying)
        view.examine_wished.connect(bench.copies.examine)
        view.leave_wished.connect(bench.copies.cancel)
        bench.hunt_changed.connect(self._keep_secret)
        self._keep_secret()
        for news in (
            bench.experiment_changed,
            bench.data_changed,
            bench.runs_changed,
            bench.state_changed,
        ):
            news.connect(self._show)
        self._show()

    def _show(self, _news: object = None) -> None:
        bench = self.workbench
        run = bench.current
        shown = run.recipe.latest if run is not None and run.recipe is not None else None
        driven = bench.running if run is bench.driven else None
        self._view.show_experiment(bench.experiment, driven or shown)
        self._view.show_diagnosis(None if run is None else run.diagnosis)
        self._show_copying()
        self._show_checks()

    def _show_copying(self, _diagnosis: object = None) -> None:
        bench = self.workbench
        self._view.show_copying(copying=bench.copies.looks_at(bench.current))

    def _keep_secret(self, _state: object = None) -> None:
        self._view.keep_secret(secret=self.workbench.hunt.hidden)

    def _show_checks(self, _news: object = None) -> None:
        bench = self.workbench
        refusal = bench.state.refusal
        if refusal is None and bench.checks.subject is None:
            refusal = text("The data are not loaded yet.")
        news = {
            key: CheckNews(
                running=one.running,
                share=one.share,
                seconds_left=one.seconds_left,
                result=one.result,
                trouble=str(one.trouble),
            )
            for key, one in bench.checks.states.items()
        }
        self._view.show_checks(news, str(refusal or ""))

    def _check(self, kind: str) -> None:
        if kind == RANGE_TEST:
            self.docks.bring("range_test")
        else:
            self.workbench.checks.check(kind)

    def _heal(self, remedy: Remedy) -> None:
        changed = self._mended(remedy)
        if changed is not None:
            self.workbench.change(changed)

    def _race(self, remedy: Remedy) -> None:
        changed = self._mended(remedy)
        if changed is not None:
            self.workbench.races.race(changed)

    def _mended(self, remedy: Remedy) -> Experiment | None:
        changed = mended(self.workbench.experiment, remedy)
        if changed is None:
            words = text("This change does not fit what is set by now.")
            self.workbench.tell(Notice(words, topic="remedy", lasting=False))
        return changed
