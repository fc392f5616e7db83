"""Words under a choice: whole, or the first lines where there are many, all on a click."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.explanation import LINES, Explanation
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.optimizers import Adadelta, Adagrad, Adam, AdamW, AmsGrad, Nadam, RmsProp, Sgd
from nnstudio.spec import describe, help_of
from nnstudio.training.experiment import Experiment


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


def test_what_is_cut_can_be_read_where_the_pointer_rests(explanation: Explanation) -> None:
    assert " ".join(explanation.toolTip().split()) == help_of(Sgd)
    explanation.click()
    assert explanation.toolTip() == ""


def test_the_usual_words_are_seen_whole(qtbot: QtBot) -> None:
    made = Explanation()
    qtbot.addWidget(made)
    made.resize(256, 40)
    fields = (*describe(HiddenLayer), *describe(Experiment))
    unions = [one for one in fields if one.name in {"activation", "weights", "loss"}]
    for member in (member for one in unions for member in one.members):
        made.show_value(member())
        assert " ".join(made.shown_lines) == help_of(member)


@pytest.mark.parametrize(
    ("cls", "advice"),
    [
        (Sgd, "Take it"),
        (Adam, "usual first choice"),
        (AdamW, "Take it"),
        (Nadam, "Take it"),
        (AmsGrad, "Take it"),
        (RmsProp, "Take it"),
        (Adagrad, "for sparse data"),
        (Adadelta, "starts slowly"),
    ],
)
def test_when_to_take_it_is_seen_at_once(explanation: Explanation, cls: type, advice: str) -> None:
    explanation.resize(256, explanation.height())
    explanation.show_value(cls())
    assert advice in " ".join(explanation.shown_lines)


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
