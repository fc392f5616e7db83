"""Quick checks: a button for each, and pass or fail with its numbers under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from nnstudio.doctor.checks import CheckResult
from nnstudio.doctor.diagnosis import Remedy
from nnstudio.doctor.gradient_check import GradientReport
from nnstudio.gui.views.doctor.finding_card import Stand
from nnstudio.gui.views.doctor.gradient_panel import GradientPanel
from nnstudio.gui.views.doctor.standing import Standing
from nnstudio.gui.widgets.cards import Card, Coloured, Sign, Words, clear
from nnstudio.gui.widgets.flow import GivingButton
from nnstudio.gui.widgets.numerals import brief, time_left
from nnstudio.gui.widgets.page import Page
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.texts import Text, mark, tr

GRADIENT: Final = "gradient"
RANGE_TEST: Final = "range_test"

# key, title, what it does
CHECKS: Final = (
    (
        GRADIENT,
        mark("Gradient check"),
        mark("Does the gradient that trains agree with the slope of the loss? Names the mistake."),
    ),
    (
        "one_step",
        mark("One step"),
        mark("Does a tiny step along the gradient lower the loss by what the gradient promises?"),
    ),
    (
        "first_loss",
        mark("First loss"),
        mark("Does the untrained network begin at the loss of a guess?"),
    ),
    (
        "overfit",
        mark("Overfit 16 samples"),
        mark("Can it learn 16 samples by heart? What cannot do that learns nothing."),
    ),
    (
        "baseline",
        mark("Without inputs"),
        mark("Is it better with the real inputs than with zeros in their place?"),
    ),
    (
        RANGE_TEST,
        mark("Range test"),
        mark("Which learning rates make the loss fall? Opens a panel of its own."),
    ),
)


@dataclass(frozen=True)
class CheckNews:
    """What is known of one check.

    Attributes
    ----------
    running : bool
        Whether it goes on.
    share : float or None
        How much of it is done.
    seconds_left : float or None
        An estimate.
    result : CheckResult, GradientReport or None
        What came of it.
    trouble : str
        Why there is no result, in one sentence.
    """

    running: bool = False
    share: float | None = None
    seconds_left: float | None = None
    result: CheckResult | GradientReport | None = None
    trouble: str = ""


class CheckCard(Card):
    """One check: what it does, its button, and what came of it."""

    wished = Signal(str)
    cancelled = Signal()
    remedy_wished = Signal(object)

    def __init__(self, key: str, title: str, told: str) -> None:
        super().__init__()
        self.key = key
        self._news: CheckNews | None = None
        self._refusal = ""
        self._stand: Stand = _offered
        self.panel: GradientPanel | None = None
        self.setAccessibleName(title)
        self.button = GivingButton(tr("Open") if key == RANGE_TEST else tr("Check"))
        self.button.set_tip(told)
        self.button.setAccessibleName(tr("Check: {title}", title=title))
        self.button.clicked.connect(self._press)
        self._sign = Sign("check-circle", "ok")
        self._verdict = Coloured(colour="ok", px=13)
        self._told = Words(role="second", px=12)
        self._line = ProgressLine(width=96)
        self._left = Words(role="third", px=12)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Words(title, weight=600), 1)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self._progress = QWidget()
        running = QHBoxLayout(self._progress)
        running.setContentsMargins(0, 0, 0, 0)
        running.addWidget(self._line)
        running.addWidget(self._left, 1)
        self._result = QWidget()
        row = QHBoxLayout(self._result)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        side = QVBoxLayout()
        side.addWidget(self._sign)
        side.addStretch(1)
        row.addLayout(side)
        row.addWidget(self._verdict, 1)
        self._details = QVBoxLayout()
        self._details.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 12)
        column.setSpacing(4)
        column.addLayout(head)
        self._about = Words(told, role="second", px=12)
        for widget in (self._about, self._progress, self._result, self._told):
            column.addWidget(widget)
        column.addLayout(self._details)
        self.show_news(CheckNews())

    def show_standing(self, stand: Stand) -> None:
        """Take what tells what has become of a remedy."""
        self._stand = stand
        if self.panel is not None:
            self.panel.show_standing(stand)

    def show_refusal(self, refusal: str) -> None:
        """Say why it cannot be done just now; nothing where it can."""
        self._refusal = refusal
        running = self._news is not None and self._news.running
        self.button.setEnabled(running or not refusal)
        self.button.set_tip(refusal or self._about.text())

    def show_news(self, news: CheckNews) -> None:
        """Show how far it is, or what came of it."""
        if news == self._news:
            return
        before, self._news = self._news, news
        if self.key != RANGE_TEST:
            self.button.set_words(tr("Cancel") if news.running else tr("Check"))
        self.show_refusal(self._refusal)
        self._progress.setVisible(news.running)
        self._line.setVisible(news.share is not None)
        self._line.show_share(news.share or 0.0)
        left = news.seconds_left
        self._left.say(tr("{time} left", time=time_left(left)) if left else tr("At work …"))
        if before is None or before.result is not news.result or before.trouble != news.trouble:
            self._show_result(news)

    def _press(self) -> None:
        if self._news is not None and self._news.running:
            self.cancelled.emit()
        else:
            self.wished.emit(self.key)

    def _show_result(self, news: CheckNews) -> None:
        clear(self._details)
        self.panel = None
        found = news.result
        self._result.setVisible(found is not None)
        self._told.say(news.trouble if found is None else "")
        if found is None:
            return
        self._sign.show_sign(*(("check-circle", "ok") if found.passed else ("error", "error")))
        self._verdict.set_colour("ok" if found.passed else "error")
        self._verdict.say(tr("Passed") if found.passed else tr("Failed"))
        if isinstance(found, GradientReport):
            self.panel = GradientPanel(found)
            self.panel.remedy_wished.connect(self.remedy_wished)
            self.panel.show_standing(self._stand)
            self._details.addWidget(self.panel)
            return
        self._told.say(str(found.told))
        self._details.addWidget(_numbers(found.numbers))


def _offered(_remedy: Remedy) -> Standing:
    return Standing.OFFERED


def _numbers(numbers: tuple[tuple[Text, float], ...]) -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 4, 4, 0)
    grid.setVerticalSpacing(2)
    for row, (name, value) in enumerate(numbers):
        grid.addWidget(Words(str(name), role="second", px=12), row, 0)
        shown = Words(brief(value), px=12, weight=600)
        shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(shown, row, 1)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 1)
    return table


class ChecksPage(Page):
    """All quick checks, one under the other."""

    check_wished = Signal(str)
    cancel_wished = Signal()
    remedy_wished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        column = self.column
        column.setContentsMargins(16, 4, 16, 16)
        self.cards = {key: CheckCard(key, tr(title), tr(told)) for key, title, told in CHECKS}
        for card in self.cards.values():
            card.wished.connect(self.check_wished)
            card.cancelled.connect(self.cancel_wished)
            card.remedy_wished.connect(self.remedy_wished)
            column.addWidget(card)
        column.addStretch(1)

    def show_standing(self, stand: Stand) -> None:
        """Take what tells what has become of a remedy."""
        for card in self.cards.values():
            card.show_standing(stand)

    def show_checks(self, news: Mapping[str, CheckNews], refusal: str) -> None:
        """Show what is known of each; `refusal` says why none can be begun just now."""
        for key, card in self.cards.items():
            card.show_news(news.get(key, CheckNews()))
            card.show_refusal(refusal)
