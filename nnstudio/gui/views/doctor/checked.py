"""What was checked and what was not, because ...; there also when all is well."""

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.doctor.diagnosis import Diagnosis, Phase, Rule, Severity
from nnstudio.gui.forms.heading import Heading
from nnstudio.gui.widgets.cards import Row, Words, clear
from nnstudio.texts import Text, mark, tr, tr_count

PHASES: Final = {
    Phase.DATA: mark("Data"),
    Phase.START: mark("Start"),
    Phase.ARITHMETIC: mark("Arithmetic"),
    Phase.FLOW: mark("Flow of the gradient"),
    Phase.RATE: mark("Learning rate"),
    Phase.RESULT: mark("Result"),
}


class Folding(QWidget):
    """A heading that opens and closes what stands under it; closed at first."""

    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heading = Heading("")
        self.heading.setChecked(False)
        self.heading.toggled.connect(self._follow)
        self.heading.clicked.connect(self._note_choice)
        self._chosen = False
        self._body = QWidget()
        self.column = QVBoxLayout(self._body)
        self.column.setContentsMargins(24, 0, 0, 4)
        self.column.setSpacing(2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addWidget(self._body)
        self._follow()

    def open_by_itself(self, *, opened: bool) -> None:
        """Open or close it, unless a person has done so."""
        if not self._chosen:
            self.heading.setChecked(opened)

    def _note_choice(self) -> None:
        self._chosen = True

    def fill(self, title: str, widgets: Iterable[QWidget]) -> None:
        """Say `title`, and put these under it."""
        self.heading.setText(title)
        self.heading.updateGeometry()
        clear(self.column)
        for widget in widgets:
            self.column.addWidget(widget)

    def _follow(self) -> None:
        self._body.setVisible(self.heading.isChecked())
        self.toggled.emit()


class Checked(QWidget):
    """One line for each phase, and the rules of a phase when it is unfolded.

    Parameters
    ----------
    rules : iterable of Rule
        All there are; a diagnosis names them.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        super().__init__()
        self._rules: Mapping[str, Rule] = {rule.name: rule for rule in rules}
        self._shown: object = None
        self._well = Folding()
        self._open = Folding()
        self._ignored = Words(role="third", px=12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._well, self._open, self._ignored):
            column.addWidget(widget)

    @property
    def titles(self) -> tuple[str, str]:
        """What the two headings say."""
        return self._well.heading.text(), self._open.heading.text()

    def show_diagnosis(self, diagnosis: Diagnosis) -> None:
        """Show what this diagnosis was made of."""
        found = frozenset(one.rule for one in diagnosis.findings)
        key = diagnosis.checked, diagnosis.unknown, found, diagnosis.ignored
        if key == self._shown:
            return
        self._shown = key
        well = [name for name in diagnosis.checked if name not in found | diagnosis.ignored]
        count = len(diagnosis.checked)
        self._well.fill(
            tr(
                "What was checked: {well} of {count} are well",
                well=len(well),
                count=count,
            ),
            self._lines(well, diagnosis),
        )
        # where nothing is wrong, there is room to say what is right
        wrong = any(one.severity > Severity.NOTE for one in diagnosis.findings)
        self._well.open_by_itself(opened=not wrong)
        unknown = diagnosis.unknown
        self._open.setVisible(bool(unknown))
        self._open.fill(
            tr_count(
                "Not checked, because …: {count}", "Not checked, because …: {count}", len(unknown)
            ),
            self._reasons(unknown),
        )
        self._ignored.say(
            tr(
                "Ignored in this run: {names}",
                names=", ".join(self._words(name) for name in sorted(diagnosis.ignored)),
            )
            if diagnosis.ignored
            else ""
        )

    def _lines(self, well: list[str], diagnosis: Diagnosis) -> list[QWidget]:
        lines: list[QWidget] = []
        for phase, title in PHASES.items():
            of_phase = [one for one in diagnosis.checked if self._phase(one) is phase]
            if not of_phase:
                continue
            share = sum(one in well for one in of_phase)
            all_well = share == len(of_phase)
            lines.append(
                Row(
                    "check" if all_well else "minus",
                    "ok" if all_well else "warning",
                    tr(title),
                    tr("{well} of {count}", well=share, count=len(of_phase)),
                )
            )
            lines += [_Check(self._words(name)) for name in of_phase if name in well]
        return lines

    def _reasons(self, unknown: tuple[tuple[str, Text], ...]) -> list[QWidget]:
        by_reason: dict[str, list[str]] = {}
        for name, why in unknown:
            by_reason.setdefault(str(why), []).append(self._words(name))
        return [
            widget
            for why, names in by_reason.items()
            for widget in (Words(why, px=12), *map(_Check, names))
        ]

    def _phase(self, name: str) -> Phase | None:
        rule = self._rules.get(name)
        return rule.phase if rule is not None else None

    def _words(self, name: str) -> str:
        rule = self._rules.get(name)
        return str(rule.checks) if rule is not None else name


class _Check(QWidget):
    """One thing that was looked at, in its own words."""

    def __init__(self, words: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 0, 2)
        column.addWidget(Words(words, role="second", px=12))
