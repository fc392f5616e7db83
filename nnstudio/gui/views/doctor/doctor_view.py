"""DoctorView: what is wrong with the run that is shown, what heals it, and quick checks."""

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.doctor.diagnosis import Diagnosis, Remedy, Severity
from nnstudio.doctor.rules import RULES
from nnstudio.gui.views.doctor.checks_page import GRADIENT, CheckNews, ChecksPage
from nnstudio.gui.views.doctor.findings_page import FindingsPage
from nnstudio.gui.views.doctor.report import report_of, table_of
from nnstudio.gui.views.doctor.standing import Standing, standing_of
from nnstudio.gui.views.exporting import Exporter, picture_of
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.runs.run import RunView
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment

FINDINGS, CHECKS = "findings", "checks"


class DoctorView(View):
    """Findings of the current run on one page, quick checks on another.

    Knows the diagnosis that it was given last, what is set, and what the run is trained with.
    """

    name: ClassVar[str] = "doctor"
    title: ClassVar[str] = mark("Doctor")
    rate_hz: ClassVar[float] = 4.0
    enlargeable: ClassVar[bool] = True

    remedy_wished = Signal(object)
    restart_wished = Signal()
    race_wished = Signal(object)
    show_wished = Signal(str)
    ignore_wished = Signal(str)
    check_wished = Signal(str)
    cancel_wished = Signal()
    examine_wished = Signal()
    leave_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._run: RunView | None = None
        self._experiment: Experiment | None = None
        self._trained_with: Experiment | None = None
        self._secret = self._copying = False
        self._marked = ""
        self.pages = SegmentedControl(((FINDINGS, tr("Findings")), (CHECKS, tr("Quick checks"))))
        self.pages.setAccessibleName(tr("What the doctor shows"))
        self.findings = FindingsPage(RULES)
        self.checks = ChecksPage()
        self.empty = EmptyState("")
        self.exporter = Exporter(
            self,
            title=lambda: tr("Report of the doctor"),
            picture=lambda: picture_of(self._page_in_front),
            table=lambda: table_of(self.diagnosis),
        )
        self._lay_out()
        for signal, wish in (
            (self.findings.remedy_wished, self.remedy_wished),
            (self.findings.restart_wished, self.restart_wished),
            (self.findings.race_wished, self.race_wished),
            (self.checks.remedy_wished, self.remedy_wished),
            (self.findings.ignore_wished, self.ignore_wished),
            (self.checks.check_wished, self.check_wished),
            (self.checks.cancel_wished, self.cancel_wished),
        ):
            signal.connect(wish)
        self.findings.show_wished.connect(self._show_evidence)
        self.empty.acted.connect(self._examine_or_leave)
        self.pages.chosen.connect(lambda _key: self._show())
        self._show()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 4, 16, 4)
        top.addWidget(self.pages)
        top.addStretch(1)
        self._body = QWidget()
        self._stack = QStackedLayout(self._body)
        for page in (self.empty, self.findings, self.checks):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._body, 1)

    @property
    def _page_in_front(self) -> QWidget:
        """What is shown, with all that is scrolled out of sight."""
        page = self._stack.currentWidget()
        whole = page.widget() if isinstance(page, QScrollArea) else None
        return whole or self._body

    @property
    def diagnosis(self) -> Diagnosis | None:
        """What is said of the run that is shown; None while nothing is known or may be told."""
        return None if self._run is None or self._secret else self._run.diagnosis

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Show what the doctor says of the current run."""
        self._run = next((one for one in views if one.current), None)
        self._show()

    def show_experiment(self, experiment: Experiment, trained_with: Experiment | None) -> None:
        """Take what is set, and what the run that is shown is trained with."""
        if (experiment, trained_with) != (self._experiment, self._trained_with):
            self._experiment, self._trained_with = experiment, trained_with
            self.checks.show_standing(self._stand)
            self._show()

    def show_checks(self, news: Mapping[str, CheckNews], refusal: str) -> None:
        """Show what came of quick checks; `refusal` says why none can be made just now."""
        self.checks.show_checks(news, refusal)

    def show_diagnosis(self, diagnosis: Diagnosis | None) -> None:
        """Say in the title how much was found, also while the panel lies behind another."""
        count = 0 if diagnosis is None or self._secret else len(_weighty(diagnosis))
        self.retitled.emit(tr("Doctor · {count}", count=count) if count else tr(type(self).title))

    def show_copying(self, *, copying: bool) -> None:
        """Say whether a copy of the run that is shown is looked at just now."""
        if copying != self._copying:
            self._copying = copying
            self._show()

    def keep_secret(self, *, secret: bool) -> None:
        """Tell nothing while a person looks for a mistake that was hidden, or tell again."""
        if secret != self._secret:
            self._secret = secret
            self.show_diagnosis(None if self._run is None else self._run.diagnosis)
            self._show()

    def point_out(self, rule: str) -> None:
        """Show the card of a rule, marked."""
        self.pages.choose(FINDINGS)
        self._show()
        self.findings.point_out(rule)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the report, as text, picture and numbers."""
        copy = menu.addAction(tr("Copy report as text"))
        copy.setEnabled(self.diagnosis is not None)
        copy.triggered.connect(self._copy_report)
        self.exporter.fill_menu(menu)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came while nobody saw it."""
        super().showEvent(event)
        self._show()

    def _show_evidence(self, name: str) -> None:
        if name != self.name:
            self.show_wished.emit(name)
            return
        # what only a check can show is checked
        self.pages.choose(CHECKS)
        self._show()
        self.checks.to_top()
        self.check_wished.emit(GRADIENT)

    def _examine_or_leave(self) -> None:
        if self._copying:
            self.leave_wished.emit()
        else:
            self.examine_wished.emit()

    def _copy_report(self) -> None:
        run, diagnosis = self._run, self.diagnosis
        if run is not None and diagnosis is not None:
            QGuiApplication.clipboard().setText(report_of(run.name, diagnosis, RULES))

    def _show(self) -> None:
        secret = self._secret
        if self.pages.key == CHECKS and not secret:
            self._stack.setCurrentWidget(self.checks)
            return
        diagnosis = self.diagnosis
        if diagnosis is None:
            self.empty.set_texts(*self._nothing_yet())
            self._stack.setCurrentWidget(self.empty)
            return
        over = self._run is not None and self._run.snapshot.state.ended
        self.findings.show_diagnosis(diagnosis, self._stand, over=over)
        self._stack.setCurrentWidget(self.findings)

    def _stand(self, remedy: Remedy) -> Standing:
        if self._experiment is None:
            return Standing.OFFERED
        return standing_of(remedy, self._experiment, self._trained_with)

    def _nothing_yet(self) -> tuple[str, ...]:
        run = self._run
        if self._secret:
            return (
                tr("A mistake is hidden"),
                tr("Guess it in the panel Guide first: the doctor would tell you at once."),
            )
        if run is None or not run.number:
            return (
                tr("Nothing examined yet"),
                tr(
                    "Press Train: what is wrong appears here, with its number, its cause and "
                    "what heals it. Quick checks work before the first step, too."
                ),
            )
        if self._copying:
            return (
                tr("Examining a copy of this run …"),
                tr("It is trained beside the window; the run itself stays as it is."),
                tr("Cancel"),
            )
        if run.range_test:
            return (
                tr("This run was not examined"),
                tr("The doctor looks at runs of this session while they are trained."),
            )
        if run.file or run.snapshot.state.ended:
            return (
                tr("This run was not examined"),
                tr(
                    "The doctor looks at runs while they are trained. It can train a private copy "
                    "with the same settings, for at most 1 000 steps or 20 s, and look at that."
                ),
                tr("Examine now"),
            )
        return tr("Looking at the first steps …"), ""


def _weighty(diagnosis: Diagnosis) -> list[str]:
    return [
        one.rule
        for one in diagnosis.findings
        if not one.explained_by and one.severity > Severity.NOTE
    ]
