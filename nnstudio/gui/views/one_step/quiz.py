"""A quiz on the lines of a step: one is hidden, four are offered, or a number is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, icon, themes
from nnstudio.gui.views.one_step.stop import Stop
from nnstudio.gui.widgets.numerals import MINUS, brief
from nnstudio.texts import tr

OFFERED: Final = 4
TOLERANCE: Final = 0.02
"""A number that is entered may be so much beside the true one."""
MOST_TERMS: Final = 2


@dataclass(frozen=True)
class LineQuestion:
    """Which line stands at a stop: `offered` with the right one at place `right`."""

    left: str
    offered: tuple[str, ...]
    right: int


@dataclass(frozen=True)
class NumberQuestion:
    """Which number stands in a cell, given the numbers that it is made of."""

    name: str
    given: tuple[tuple[str, float], ...]
    value: float

    def accepts(self, answer: float) -> bool:
        """Tell whether `answer` is near enough."""
        return bool(np.isclose(answer, self.value, rtol=TOLERANCE, atol=1e-9))


def line_question(stop: Stop, draw: Generator) -> LineQuestion | None:
    """Hide the line of a stop among wrong ones; None where there is nothing to mistake it for."""
    wrong = [one for one in stop.line.wrong if one != stop.line.right][: OFFERED - 1]
    if not wrong:
        return None
    offered = [stop.line.right, *wrong]
    order = draw.permutation(len(offered)).tolist()
    return LineQuestion(stop.line.left, tuple(offered[at] for at in order), order.index(0))


def number_question(stop: Stop, draw: Generator) -> NumberQuestion | None:
    """Ask for a number of a stop that is made of few; None where there is none."""
    rows, columns = stop.values.shape
    for _ in range(20):
        row, column = int(draw.integers(rows)), int(draw.integers(columns))
        behind = stop.behind(row, column)
        fits = behind.adds_up and 0 < len(behind.left) <= MOST_TERMS and behind.agrees
        if not fits or not np.isfinite(behind.value) or abs(behind.value) < 1e-6:
            continue
        given = [
            pair
            for at in range(len(behind.left))
            for pair in (
                (behind.left_name(at), float(behind.left[at])),
                (behind.right_name(at), float(behind.right[at])),
            )
        ]
        name = cell_name(stop, row, column)
        return NumberQuestion(name, (*given, *behind.rest), behind.value)
    return None


def cell_name(stop: Stop, row: int, column: int) -> str:
    """Give what one number of a stop is called."""
    left = stop.line.left
    if stop.key == "loss":
        return left
    if len(stop.values) == 1:
        return f"{left}[{column}]"
    return f"{left}[{row}, {column}]"


def number_of(words: str) -> float | None:
    """Give the number that a person typed, with either decimal mark; None for anything else."""
    try:
        return float(words.strip().replace(MINUS, "-").replace(",", "."))
    except ValueError:
        return None


class QuizCard(QWidget):
    """One question with its answers; tells whether it was answered right, and the wish for more.

    Keys 1 to 4 choose a line.
    """

    answered = Signal(bool)
    next_wished = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._question: LineQuestion | NumberQuestion | None = None
        self._told = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._asked, self._given, self._verdict = QLabel(), QLabel(), QLabel()
        self._buttons = [QPushButton() for _ in range(OFFERED)]
        self._entry = QLineEdit()
        self._entry.setFixedWidth(140)
        self._entry.returnPressed.connect(self._check_number)
        self._check = QPushButton()
        self._check.setProperty("role", "soft")
        self._check.clicked.connect(self._check_number)
        self._next = QPushButton()
        self._next.setProperty("role", "soft")
        self._next.clicked.connect(self.next_wished)
        for label in (self._asked, self._given, self._verdict):
            label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._asked)
        column.addWidget(self._given)
        for at, button in enumerate(self._buttons):
            button.clicked.connect(self._chooser(at))
            button.setProperty("role", "flat")
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addWidget(self._entry)
        row.addWidget(self._check)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._verdict)
        column.addWidget(self._next, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        themes.changed.connect(self._dress)
        self._dress()

    @property
    def verdict(self) -> str:
        """What was said of the answer."""
        return self._verdict.text()

    def ask(self, question: LineQuestion | NumberQuestion, *, told: str) -> None:
        """Ask a question; `told` is said when it has been answered."""
        self._question, self._told = question, told
        lines = isinstance(question, LineQuestion)
        for button in self._buttons:
            button.setVisible(lines)
            button.setIcon(QIcon())
            button.setAccessibleDescription("")
            button.setProperty("role", "flat")
            button.style().polish(button)
        for part in (self._entry, self._check, self._given):
            part.setVisible(not lines)
        self._verdict.setText("")
        self._next.hide()
        if isinstance(question, LineQuestion):
            self._asked.setText(tr("Which line belongs here?  {left} = ?", left=question.left))
            for at, button in enumerate(self._buttons):
                there = at < len(question.offered)
                button.setVisible(there)
                if there:
                    button.setText(f"{at + 1}   {question.left} = {question.offered[at]}")
        else:
            self._asked.setText(tr("Which number is {name}?", name=question.name))
            self._given.setText(
                "\n".join(f"{name} = {brief(value, digits=4)}" for name, value in question.given)
            )
            self._entry.clear()
            self._entry.setEnabled(True)
            self._check.setEnabled(True)
            self._entry.setFocus()

    def choose(self, at: int) -> None:
        """Answer with the line at this place."""
        question = self._question
        if not isinstance(question, LineQuestion) or not 0 <= at < len(question.offered):
            return
        if self.verdict:
            return
        right = at == question.right
        button = self._buttons[question.right]
        button.setProperty("role", "soft")
        button.style().polish(button)
        self._sign(at, question.right)
        self._tell(right=right, line=f"{question.left} = {question.offered[question.right]}")

    def _sign(self, chosen: int, right: int) -> None:
        """Mark what was chosen, and what would have been right."""
        for at, button in enumerate(self._buttons):
            if at == right:
                button.setIcon(icon("check", "ok"))
                button.setAccessibleDescription(tr("right"))
            elif at == chosen:
                button.setIcon(icon("cross", "error"))
                button.setAccessibleDescription(tr("your answer, wrong"))

    def enter(self, words: str) -> None:
        """Answer with a number as it was typed."""
        question = self._question
        if not isinstance(question, NumberQuestion):
            return
        answer = number_of(words)
        if answer is None:
            self._verdict.setText(tr("Type a number, such as −0.25."))
            return
        self._entry.setEnabled(False)
        self._check.setEnabled(False)
        line = f"{question.name} = {brief(question.value, digits=5)}"
        self._tell(right=question.accepts(answer), line=line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a line by its number."""
        if event.text() in {"1", "2", "3", "4"} and not self._entry.isVisible():
            self.choose(int(event.text()) - 1)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._next.isVisible():
            self.next_wished.emit()
        else:
            super().keyPressEvent(event)

    def _tell(self, *, right: bool, line: str) -> None:
        said = tr("Right.") if right else tr("No: it is {line}.", line=line)
        self._verdict.setText(tr("{said} {why}", said=said, why=self._told))
        self._verdict.setProperty("role", "ok" if right else "error")
        self._verdict.style().polish(self._verdict)
        self._next.show()
        self._next.setFocus()
        self.answered.emit(right)

    def _check_number(self) -> None:
        self.enter(self._entry.text())

    def _chooser(self, at: int) -> Callable[[], None]:
        return lambda: self.choose(at)

    def _dress(self) -> None:
        self._asked.setFont(font(13, 600))
        self._given.setFont(font(13))
        self._verdict.setFont(font(13))
        self._entry.setAccessibleName(tr("Your number"))
        self._check.setText(tr("Check"))
        self._next.setText(tr("Next line"))
