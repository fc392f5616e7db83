"""The bar under a drawing: ten digits, then what was kept; its keys act where a person draws."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.teach_bar import TeachBar


class Board(QWidget):
    """Something to draw on, with the bar under it."""

    def __init__(self) -> None:
        super().__init__()
        self.bar = TeachBar()
        self.paper = QWidget()
        self.paper.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.addWidget(self.paper)
        column.addWidget(self.bar)
        self.bar.listen_in(self)
        self.taught: list[str] = []
        self.bar.taught.connect(self.taught.append)


@pytest.fixture
def board(qtbot: QtBot) -> Board:
    made = Board()
    qtbot.addWidget(made)
    made.resize(296, 200)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.paper.setFocus()
    return made


def show(
    board: Board, *, count: int = 0, kept: str = "", drawn: bool = True, learning: bool = False
) -> None:
    board.bar.show_state(count=count, kept=kept, drawn=drawn, learning=learning)


def test_a_click_says_which_digit_it_is(board: Board) -> None:
    show(board)
    assert board.bar.asks
    (seven,) = [one for one in board.findChildren(QToolButton) if one.text() == "7"]
    QTest.mouseClick(seven, Qt.MouseButton.LeftButton)
    assert board.taught == ["7"]


def test_a_key_says_it_too_where_a_person_draws(board: Board) -> None:
    show(board)
    QTest.keyClick(board.paper, Qt.Key.Key_4)
    assert board.taught == ["4"]


@pytest.mark.parametrize("state", [{"drawn": False}, {"kept": "4"}])
def test_nothing_is_taught_on_empty_paper_or_twice(board: Board, state: dict[str, Any]) -> None:
    show(board, count=3, **state)
    assert not board.bar.asks
    QTest.keyClick(board.paper, Qt.Key.Key_4)
    assert board.taught == []


def test_what_was_kept_is_said_and_can_be_taken_back(board: Board, qtbot: QtBot) -> None:
    show(board, kept="4", count=3)
    assert board.bar.told == "Kept as 4"
    with qtbot.waitSignal(board.bar.undo_requested):
        board.bar._undo.click()


def test_on_empty_paper_it_says_how_many_there_are(board: Board) -> None:
    show(board, drawn=False)
    assert board.bar.told == "My digits: none yet"
    assert board.bar.learn_button.isHidden()
    show(board, drawn=False, count=3)
    assert board.bar.told == "3 of my digits"
    assert not board.bar.learn_button.isHidden()


def test_a_lesson_is_begun_once(board: Board, qtbot: QtBot) -> None:
    show(board, kept="4", count=3)
    with qtbot.waitSignal(board.bar.learn_requested):
        board.bar.learn_button.click()
    show(board, kept="4", count=3, learning=True)
    assert not board.bar.learn_button.isEnabled()


def test_the_bar_fits_under_the_narrowest_canvas(board: Board) -> None:
    assert board.bar.minimumSizeHint().width() <= 252
    assert board.bar.sizeHint().height() <= 30
