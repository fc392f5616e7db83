"""FaultsForm: a switch for every classic mistake, in a fixed order; it tells what it does."""

from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from nnstudio.faults import FAULTS, Mistake
from nnstudio.gui.forms.part import UNKNOWN, Part, Shown
from nnstudio.gui.forms.remedies import Remedies
from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX, Row
from nnstudio.gui.theme import font
from nnstudio.problems import Problem
from nnstudio.spec import help_of, kind_of, title_of
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts
from nnstudio.training.fault_problems import setup_of

NO_PROBLEMS: Final[tuple[Problem, ...]] = ()


def named(fault: type[Mistake] | Mistake) -> str:
    """Give what a mistake is called, as it stands at the beginning of a line."""
    words = tr(title_of(fault if isinstance(fault, type) else type(fault)))
    return words[:1].upper() + words[1:]


class FaultSwitch(QWidget):
    """One mistake: its name, a box, and, while it is on, what it does and where that shows."""

    def __init__(self, fault: type[Mistake]) -> None:
        super().__init__()
        self.fault = fault
        self.box = QCheckBox()
        self.box.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.row = Row(named(fault), self.box)
        self._about = QLabel(tr(help_of(fault)))
        self._about.setWordWrap(True)
        self._about.setFont(font(12))
        self._about.setProperty("role", "third")
        self._about.setContentsMargins(MARGIN_PX, 0, GUTTER_PX, 6)
        self._about.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self._about)

    def show_state(self, *, on: bool, waits: bool, unfit: str, problems: tuple[str, ...]) -> None:
        """Show whether it is on, whether that waits for a restart, and what is wrong with it."""
        self.box.setChecked(on)
        self.box.setEnabled(on or not unfit)
        self.row.label.setEnabled(on or not unfit)
        about = tr(help_of(self.fault))
        if unfit and not on:
            about = f"{about}\n{unfit}"
        self.row.set_about(about)
        self.box.setToolTip(about)
        self._about.setVisible(on)
        self.row.complain(*problems)
        words = tr("Applies at restart; click to take it back.") if waits else ""
        if on and not waits:
            words = tr("A mistake is built in; click to take it out.")
        self.row.mark.set_state(words, filled=waits)


class FaultsForm(Part):
    """All switches. Knows the mistakes that are on, and what the data are like when told."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = Shown((), default=())
        self._facts: DataFacts | None = None
        self._experiment = Experiment()
        self._case = ""
        self._switches: dict[str, FaultSwitch] = {}
        self._remedies = Remedies()
        self._remedies.wished.connect(self.remedy_wished)
        self.column.addWidget(self._remedies)

    @property
    def switches(self) -> dict[str, FaultSwitch]:
        """The switches by name of their mistake; made when they are first wanted."""
        if not self._switches:
            self._switches = {kind_of(fault): FaultSwitch(fault) for fault in FAULTS}
            for at, (kind, one) in enumerate(self._switches.items()):
                self.column.insertWidget(at, one)
                one.box.clicked.connect(lambda _on, kind=kind: self._switch(kind))
                one.row.mark.clicked.connect(one.box.click)
            self._show()
        return self._switches

    @property
    def count(self) -> int:
        """How many are on."""
        return len(self._shown.value)

    def show_setting(
        self, experiment: Experiment, facts: DataFacts | None, *, case: str = ""
    ) -> None:
        """Take what the mistakes act in: some cannot, and one is offered in one case alone."""
        if (experiment, facts, case) != (self._experiment, self._facts, self._case):
            self._experiment, self._facts, self._case = experiment, facts, case
            self._show()

    def show_this(self, shown: Shown) -> None:
        """Show which are on."""
        self._shown = shown
        self._show()

    def refuse(self, reason: str | None) -> None:
        """Take no notice: which mistakes do not go together is told as a problem of each."""

    @property
    def wrong(self) -> bool:
        """Whether any that is on cannot act."""
        return bool(self._shown.problems)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the switches: most people never open them."""
        super().showEvent(event)
        if not self._switches:
            self._show_made()

    def _show(self) -> None:
        if self._switches or self._shown.value:
            self._show_made()

    def _show_made(self) -> None:
        on = {fault.kind: at for at, fault in enumerate(self._shown.value)}
        running = None if self._shown.running is UNKNOWN else self._shown.running
        acting = None if running is None else {fault.kind for fault in running}
        setup = setup_of(self._experiment, self._facts)
        for kind, one in self.switches.items():
            unfit = one.fault().unfit(setup)
            at = on.get(kind)
            messages = [
                str(problem.message)
                for problem in self._shown.problems
                if at is not None and problem.path[:1] == (at,)
            ]
            one.show_state(
                on=at is not None,
                waits=acting is not None and (kind in acting) != (at is not None),
                unfit="" if unfit is None else str(unfit),
                problems=tuple(messages),
            )
            one.setVisible(at is not None or one.fault.only_in in {"", self._case})
        self._remedies.show_problems(self._shown.problems)

    def _switch(self, kind: str) -> None:
        on = self.switches[kind].box.isChecked()
        kinds = {fault.kind for fault in self._shown.value} - {kind} | ({kind} if on else set())
        value: tuple[Any, ...] = tuple(
            one.fault() for name, one in self.switches.items() if name in kinds
        )
        self.edited.emit(value)
