"""Links that mend a problem: what they say, and that equal ones are offered once."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.remedies import Remedies, words_of
from nnstudio.nn.activations import Identity
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.problems import Problem
from nnstudio.texts import text


@pytest.mark.parametrize(
    ("remedy", "words"),
    [
        (((("loss",), MeanSquaredError()),), "Use mean squared error"),
        (((("stopping", "epochs"), 20),), "Use Epochs 20"),
        (((("network", "layers", 7, "activation"), Identity()),), "Use identity"),
    ],
)
def test_a_remedy_says_what_it_sets(remedy: Any, words: str) -> None:
    assert words_of(remedy) == words


def test_the_same_remedy_of_two_problems_is_offered_once(qtbot: QtBot) -> None:
    remedies = Remedies()
    qtbot.addWidget(remedies)
    remedy = ((("stopping", "epochs"), 20),)
    remedies.show_problems((Problem((), text("one"), remedy), Problem((), text("two"), remedy)))
    assert len(remedies.links) == 1
    with qtbot.waitSignal(remedies.wished) as told:
        remedies.links[0].click()
    assert told.args == [remedy]


def test_without_a_remedy_there_is_nothing_to_see(qtbot: QtBot) -> None:
    remedies = Remedies()
    qtbot.addWidget(remedies)
    remedies.show_problems((Problem((), text("one")),))
    assert remedies.isHidden()
