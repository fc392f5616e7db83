"""Words under a choice: two lines of them, all on a click, and those of what is chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.explanation import LINES, Explanation
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.spec import help_of


@pytest.fixture
def explanation(qtbot: QtBot) -> Explanation:
    made = Explanation()
    qtbot.addWidget(made)
    made.resize(264, 40)
    made.show_value(Sgd())
    return made


def test_the_first_lines_are_seen_until_all_are_asked_for(explanation: Explanation) -> None:
    short = explanation.height()
    assert len(explanation.shown_lines) == LINES
    explanation.click()
    assert " ".join(explanation.shown_lines) == help_of(Sgd)
    assert explanation.height() > short
    explanation.click()
    assert explanation.height() == short


def test_space_shows_all_of_it(explanation: Explanation) -> None:
    QTest.keyClick(explanation, Qt.Key.Key_Space)
    assert len(explanation.shown_lines) > LINES


def test_another_choice_is_explained_at_once(explanation: Explanation) -> None:
    explanation.show_value(Adam())
    assert explanation.text() == help_of(Adam)


def test_nothing_chosen_needs_no_words(explanation: Explanation) -> None:
    explanation.show_value(None)
    assert explanation.isHidden()


def test_lines_are_broken_anew_for_another_width(explanation: Explanation) -> None:
    explanation.click()
    narrow = len(explanation.shown_lines)
    explanation.resize(900, explanation.height())
    explanation.grab()
    assert len(explanation.shown_lines) < narrow
