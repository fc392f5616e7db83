"""The answer fits its place, whatever the class is called."""

import math

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.answer import Answer


@pytest.fixture
def answer(qtbot: QtBot) -> Answer:
    made = Answer()
    qtbot.addWidget(made)
    made.resize(86, 87)
    return made


def test_no_answer_is_blank(answer: Answer) -> None:
    blank = answer.grab().toImage()
    answer.set_answer("7", 0.978)
    assert answer.grab().toImage() != blank
    answer.set_answer(None)
    assert answer.grab().toImage() == blank


def test_it_is_told_to_a_screen_reader(answer: Answer) -> None:
    answer.set_answer("7", 0.978)
    assert answer.accessibleName().replace("\u00a0", " ") == "7, 97.8 %"


@pytest.mark.parametrize("size", [(86, 87), (86, 43), (86, 10)])
@pytest.mark.parametrize("name", ["7", "Ankle boot", "a class with a very long name"])
def test_every_name_is_drawn_at_every_size(
    answer: Answer, size: tuple[int, int], name: str
) -> None:
    answer.resize(*size)
    answer.set_answer(name, 0.5)
    answer.grab()
    assert answer.name == name


def test_a_probability_that_is_none_is_no_error(answer: Answer) -> None:
    answer.set_answer("7", math.nan)
    answer.grab()


def test_who_answers_is_told_too(answer: Answer) -> None:
    answer.set_answer("7", 0.978)
    before = answer.grab().toImage()
    answer.set_note("trained earlier")
    assert answer.accessibleName().endswith("trained earlier")
    assert answer.grab().toImage() != before


@pytest.mark.parametrize("size", [(86, 87), (86, 71), (86, 43)])
def test_several_digits_with_a_note_are_seen_in_little_room(
    answer: Answer, size: tuple[int, int]
) -> None:
    answer.resize(*size)
    answer.set_note("trained earlier")
    answer.set_answer("1", 0.5)
    one = answer.grab().toImage()
    answer.set_answer("71177", 0.5)
    assert answer.grab().toImage() != one
