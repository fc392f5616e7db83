"""FindingCard: what is wrong with its number, why, what heals it, and where the evidence is."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from nnstudio.doctor.diagnosis import Finding, Remedy, Shows
from nnstudio.doctor.naming import sentence_about
from nnstudio.faults import FAULTS
from nnstudio.gui.views.doctor.severities import LOOKS
from nnstudio.gui.views.doctor.standing import Standing
from nnstudio.gui.widgets.cards import Card, Coloured, Sign, Words, clear
from nnstudio.gui.widgets.flow import Flow, GivingButton
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.spec import kind_of, title_of
from nnstudio.texts import mark, tr

Stand = Callable[[Remedy], Standing]

TITLES: Final = {kind_of(fault): title_of(fault) for fault in FAULTS}
EVIDENCE_TIP: Final = mark("Brings the panel with the evidence to the front.")
CHECK_TIP: Final = mark("Opens the quick checks and makes this one.")
RACE_TIP: Final = mark(
    "A second run takes the change; both are drawn and compared at equal steps until one has won."
)


class FindingCard(Card):
    """One finding; knows it, and what its remedies offered last."""

    remedy_wished = Signal(object)
    restart_wished = Signal()
    race_wished = Signal(object)
    show_wished = Signal(str)
    ignore_wished = Signal(str)

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self._finding = finding
        self._offered: tuple[object, ...] = ()
        self._sign = Sign("info", "text2")
        self._head = Coloured(colour="text2")
        self._claim = Words(weight=600)
        self._reason = Words(role="second")
        self._remedies = QVBoxLayout()
        self._remedies.setSpacing(4)
        self._lay_out()

    @property
    def finding(self) -> Finding:
        """What it says."""
        return self._finding

    def _lay_out(self) -> None:
        more = IconButton("dots", tr("More about this finding"))
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(more)
        menu.addAction(tr("Ignore for this run")).triggered.connect(
            lambda: self.ignore_wished.emit(self._finding.rule)
        )
        menu.addAction(tr("Copy")).triggered.connect(self._copy)
        more.setMenu(menu)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._head, 1)
        head.addWidget(more)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 8, 0)
        words.setSpacing(4)
        words.addWidget(self._claim)
        words.addWidget(self._reason)
        words.addSpacing(4)
        words.addLayout(self._remedies)
        body = QVBoxLayout()
        body.setSpacing(2)
        body.addLayout(head)
        body.addLayout(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 12)
        row.setSpacing(8)
        side = QVBoxLayout()
        side.addSpacing(5)
        side.addWidget(self._sign)
        side.addStretch(1)
        row.addLayout(side)
        row.addLayout(body, 1)

    def show_finding(self, finding: Finding, stand: Stand) -> None:
        """Show this finding, and what its remedies offer just now."""
        self._finding = finding
        look = LOOKS[finding.severity]
        self._sign.show_sign(look.icon, look.role)
        self._head.set_colour(look.role)
        self._head.say(head_of(finding))
        self._head.setToolTip(_measured(finding))
        self._claim.setToolTip(_measured(finding))
        self._claim.say(str(finding.claim))
        self._reason.say(str(finding.reason))
        self.setAccessibleName(f"{head_of(finding)}: {finding.claim}")
        self.setAccessibleDescription(str(finding.reason))
        offered = tuple((remedy, stand(remedy)) for remedy in finding.remedies)
        key = (*((str(remedy.told), remedy, how) for remedy, how in offered), finding.shows)
        if key != self._offered:
            self._offered = key
            self._offer(offered)

    def _offer(self, offered: tuple[tuple[Remedy, Standing], ...]) -> None:
        clear(self._remedies)
        checked = self._finding.shows is Shows.CHECK
        checks = [remedy for remedy, how in offered if checked and _is_check(remedy, how)]
        for remedy, how in offered:
            if remedy in checks:
                continue
            if how is Standing.ELSEWHERE:
                self._remedies.addWidget(Words(_elsewhere(remedy), role="second"))
            elif how is Standing.ACTING:
                self._remedies.addWidget(_Done(tr("{remedy}: acts already.", remedy=remedy.told)))
            elif how is Standing.SET:
                words = tr("{remedy}: is set, applies at restart.", remedy=remedy.told)
                self._remedies.addWidget(_Done(words))
                self._remedies.addWidget(self._after(remedy))
        line = QWidget()
        flow = Flow()
        line.setLayout(flow)
        for remedy, how in offered:
            if how is Standing.OFFERED:
                button = GivingButton(str(remedy.told))
                button.set_tip(tr("Changes the experiment; it can be undone."))
                button.clicked.connect(lambda _=False, one=remedy: self.remedy_wished.emit(one))
                flow.addWidget(button)
                flow.addWidget(self._race(remedy, role="link"))
        if checks:
            # the check is the evidence: one button for both
            for remedy in checks:
                flow.addWidget(self._to_evidence(str(remedy.told), tr(CHECK_TIP), role="soft"))
        else:
            words, tip = tr("Show evidence"), tr(EVIDENCE_TIP)
            flow.addWidget(self._to_evidence(words, tip, role="link"))
        self._remedies.addWidget(line)

    def _to_evidence(self, words: str, tip: str, *, role: str) -> QWidget:
        show = GivingButton(words, role=role)
        show.set_tip(tip)
        show.clicked.connect(lambda: self.show_wished.emit(str(self._finding.shows)))
        return show

    def _after(self, remedy: Remedy) -> QWidget:
        line = QWidget()
        flow = Flow()
        line.setLayout(flow)
        restart = GivingButton(tr("Restart"))
        restart.set_tip(tr("Begins again with the change; the run so far stays in the list."))
        restart.clicked.connect(self.restart_wished)
        flow.addWidget(restart)
        flow.addWidget(self._race(remedy, role="soft"))
        return line

    def _race(self, remedy: Remedy, *, role: str) -> QWidget:
        race = GivingButton(tr("Race"), role=role)
        race.set_tip(tr(RACE_TIP))
        race.setAccessibleName(tr("Race: {remedy}", remedy=remedy.told))
        race.clicked.connect(lambda: self.race_wished.emit(remedy))
        return race

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(words_of(self._finding))


class _Done(QWidget):
    """A check mark and what was set."""

    def __init__(self, words: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(6)
        side = QVBoxLayout()
        side.addWidget(Sign("check", "ok", px=14))
        side.addStretch(1)
        row.addLayout(side)
        row.addWidget(Words(words, px=12), 1)


def _is_check(remedy: Remedy, how: Standing) -> bool:
    """Tell whether a remedy is to look closer: nothing to change, and no mistake to take out."""
    return how is Standing.ELSEWHERE and not remedy.mistake


def head_of(finding: Finding) -> str:
    """Give the severity, the first step, and the layer where it is about one."""
    word = tr(LOOKS[finding.severity].word)
    since = (
        tr("since step {step}", step=grouped(finding.step))
        if finding.step
        else tr("from the start")
    )
    if finding.layer is None:
        return tr("{severity} · {since}", severity=word, since=since)
    return tr(
        "{severity} · {since} · layer {layer}",
        severity=word,
        since=since,
        layer=finding.layer + 1,
    )


def _measured(finding: Finding) -> str:
    """Say of which step the number is, where that is another one than showed it first."""
    if finding.seen <= finding.step:
        return ""
    return tr("The number was measured at step {step}.", step=grouped(finding.seen))


def words_of(finding: Finding) -> str:
    """Give a finding as lines of plain text."""
    return "\n".join(
        (
            head_of(finding),
            str(finding.claim),
            str(finding.reason),
            *(f"→ {remedy.told}" for remedy in finding.remedies),
        )
    )


def _elsewhere(remedy: Remedy) -> str:
    if not remedy.mistake:
        return str(remedy.told)
    return tr(
        "{sentence} No switch of the experiment makes this: it stands in the program that trains.",
        sentence=sentence_about(remedy.mistake),
    )
