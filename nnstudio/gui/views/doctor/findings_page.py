"""Findings: a card for each cause with what follows from it folded under it, then what is well."""

from collections.abc import Iterable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from nnstudio.doctor.diagnosis import Diagnosis, Finding, Rule, Severity
from nnstudio.gui.views.doctor.checked import Checked, Folding
from nnstudio.gui.views.doctor.finding_card import FindingCard, Stand
from nnstudio.gui.widgets.cards import Card, Sign, Words
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.page import Page
from nnstudio.texts import tr, tr_count


class Cause(QWidget):
    """The card of a cause, and the cards of what it explains behind a heading."""

    def __init__(self, page: "FindingsPage", finding: Finding) -> None:
        super().__init__()
        self._page = page
        self.card = page.new_card(finding)
        self.effects: dict[str, FindingCard] = {}
        self.folding = Folding()
        self.folding.column.setContentsMargins(12, 0, 0, 0)
        self.folding.column.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.card)
        column.addWidget(self.folding)

    def show_findings(self, cause: Finding, effects: tuple[Finding, ...], stand: Stand) -> None:
        """Show a cause and what follows from it."""
        self.card.show_finding(cause, stand)
        self.folding.setVisible(bool(effects))
        if [one.rule for one in effects] != list(self.effects):
            self.effects = {one.rule: self._page.new_card(one) for one in effects}
            self.folding.fill(
                tr_count(
                    "{count} finding follows from this",
                    "{count} findings follow from this",
                    len(effects),
                ),
                self.effects.values(),
            )
        for one in effects:
            self.effects[one.rule].show_finding(one, stand)


class FindingsPage(Page):
    """Everything that a diagnosis says; cards stay the same widgets while their rule stays."""

    remedy_wished = Signal(object)
    restart_wished = Signal()
    race_wished = Signal(object)
    show_wished = Signal(str)
    ignore_wished = Signal(str)

    def __init__(self, rules: Iterable[Rule]) -> None:
        super().__init__()
        self.causes: dict[str, Cause] = {}
        self._marked = ""
        self._well = Card()
        self._well_title = Words(weight=600)
        self._well_words = Words(role="second")
        self._when = Words(role="third", px=12)
        self.checked = Checked(rules)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(8)
        column = self.column
        column.setContentsMargins(16, 4, 16, 16)
        self._fill_well()
        column.addWidget(self._well)
        column.addLayout(self._cards)
        column.addWidget(self.checked)
        column.addWidget(self._when)
        column.addStretch(1)

    def _fill_well(self) -> None:
        row = QHBoxLayout(self._well)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(8)
        side = QVBoxLayout()
        side.addWidget(Sign("check-circle", "ok"))
        side.addStretch(1)
        row.addLayout(side)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._well_title)
        words.addWidget(self._well_words)
        row.addLayout(words, 1)

    def new_card(self, finding: Finding) -> FindingCard:
        """Give a card whose wishes this page tells."""
        card = FindingCard(finding)
        card.remedy_wished.connect(self.remedy_wished)
        card.restart_wished.connect(self.restart_wished)
        card.race_wished.connect(self.race_wished)
        card.show_wished.connect(self.show_wished)
        card.ignore_wished.connect(self.ignore_wished)
        return card

    def show_diagnosis(self, diagnosis: Diagnosis, stand: Stand, *, over: bool) -> None:
        """Show `diagnosis`; `stand` tells what has become of a remedy."""
        roots = [one for one in diagnosis.findings if not one.explained_by]
        # what is only good to know comes after what is wrong
        roots.sort(key=lambda one: one.severity is Severity.NOTE)
        self._keep([one.rule for one in roots], {one.rule: one for one in roots})
        for at, root in enumerate(roots):
            effects = tuple(one for one in diagnosis.findings if one.explained_by == root.rule)
            cause = self.causes[root.rule]
            cause.show_findings(root, effects, stand)
            if self._cards.indexOf(cause) != at:
                self._cards.insertWidget(at, cause)
        self._well.setVisible(all(one.severity is Severity.NOTE for one in roots))
        self._well_title.say(
            tr("Nothing is wrong with this run") if over else tr("Nothing is wrong so far")
        )
        self._well_words.say(
            tr_count(
                "{count} thing was checked; what it was stands below.",
                "{count} things were checked; what they were stands below.",
                len(diagnosis.checked),
            )
        )
        self.checked.show_diagnosis(diagnosis)
        self._when.say(
            tr("Looked at step {step}.", step=grouped(diagnosis.step))
            if diagnosis.copy_steps is None
            else tr(
                "Found in a private copy with the settings of this run, trained for {steps} steps; "
                "the run itself was not looked at.",
                steps=grouped(diagnosis.copy_steps),
            )
        )

    def point_out(self, rule: str) -> None:
        """Bring the card of a rule into sight and mark it; unfold it where it is folded."""
        self._marked = rule
        for name, cause in self.causes.items():
            for card in (cause.card, *cause.effects.values()):
                card.set_marked(marked=card.finding.rule == rule)
            if rule in cause.effects:
                cause.folding.heading.setChecked(True)
            found = cause.card if name == rule else cause.effects.get(rule)
            if found is not None:
                # a card that was folded has its place only after the next layout
                QTimer.singleShot(0, found, lambda card=found: self.ensureWidgetVisible(card, 0, 8))

    def _keep(self, rules: list[str], findings: dict[str, Finding]) -> None:
        for gone in [rule for rule in self.causes if rule not in findings]:
            cause = self.causes.pop(gone)
            self._cards.removeWidget(cause)
            cause.hide()
            cause.deleteLater()
        for rule in rules:
            if rule not in self.causes:
                self.causes[rule] = Cause(self, findings[rule])
