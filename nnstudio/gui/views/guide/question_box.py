"""A question with answers of which one is picked; what is right is shown when it was tried."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.widgets.cards import Sign, Words, clear
from nnstudio.texts import tr

RADIO_PX: Final = 24


class Answer(QWidget):
    """One answer: a round button and words that wrap; both can be pressed."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.button = QRadioButton()
        self.button.setFixedWidth(RADIO_PX)
        self.button.setAccessibleName(words)
        self.words = Words(words)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.sign = Sign("check", "ok")
        self.sign.setVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setContentsMargins(0, 5, 0, 3)
        column.addWidget(self.words)
        row.addLayout(column, 1)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the answer when its words are pressed."""
        if event.button() == Qt.MouseButton.LeftButton and self.button.isEnabled():
            self.button.click()


class QuestionBox(QWidget):
    """A question and its answers; it knows which one was picked."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._asked = Words()
        self._answers: list[Answer] = []
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.picked)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._asked)
        column.addLayout(self._list)

    @property
    def answers(self) -> Sequence[Answer]:
        """What can be picked."""
        return self._answers

    def ask(self, question: str, answers: Sequence[str]) -> None:
        """Ask this; nothing is picked."""
        self._asked.say(question)
        clear(self._list)
        for answer in self._answers:
            self._group.removeButton(answer.button)
        self._answers = [Answer(words) for words in answers]
        for at, answer in enumerate(self._answers):
            self._group.addButton(answer.button, at)
            self._list.addWidget(answer)

    def show_picked(self, picked: int | None, *, right: int | None) -> None:
        """Show what was picked; with `right`, which answer is, and nothing can be picked more."""
        for at, answer in enumerate(self._answers):
            if at == picked:
                answer.button.setChecked(True)
            answer.button.setEnabled(right is None)
            answer.sign.setVisible(right is not None and at in {right, picked})
            answer.sign.show_sign(*(("check", "ok") if at == right else ("cross", "error")))

    def strike(self, at: int) -> None:
        """Show that an answer was wrong; another one can be picked."""
        answer = self._answers[at]
        answer.button.setEnabled(False)
        answer.sign.show_sign("cross", "error")
        answer.sign.setVisible(True)

    def take_focus(self) -> None:
        """Let keys go to what is picked, else to the first answer."""
        if self._answers:
            open_ones = [one.button for one in self._answers if one.button.isEnabled()]
            picked = self._group.checkedButton()
            taker = picked if picked in open_ones else next(iter(open_ones), None)
            if taker is not None:
                taker.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, told: Callable[[int], str]) -> None:
        """Say of each answer more than its words, to who points at it."""
        for at, answer in enumerate(self._answers):
            answer.setToolTip(told(at))


def verdict_of(picked: int, right: int) -> tuple[str, str, str]:
    """Give icon, role and words of what a prediction came to."""
    if picked == right:
        return "check-circle", "ok", tr("You were right.")
    return "info", "warning", tr("It comes otherwise.")
