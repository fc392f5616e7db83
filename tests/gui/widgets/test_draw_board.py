"""Nothing overlaps at any size, and each tool does what it says."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.draw_board import DrawBoard


@pytest.fixture
def board(qtbot: QtBot) -> DrawBoard:
    made = DrawBoard(pixels=28)
    qtbot.addWidget(made)
    made.bars.set_names(tuple("0123456789"))
    made.resize(328, 420)
    made.show()
    return made


def test_the_default_window_has_the_measures_of_the_picture(board: DrawBoard) -> None:
    assert board.canvas.geometry().getRect() == (16, 0, 192, 192)
    assert board.seen.geometry().getRect() == (224, 19, 86, 86)
    assert board.bars.geometry().getRect() == (16, 232, 192, 180)
    assert board.reasons.geometry().getRect() == (224, 232, 88, 180)


def test_the_small_window_has_the_measures_of_the_picture(board: DrawBoard) -> None:
    board.resize(284, 346)
    assert board.canvas.geometry().getRect() == (16, 0, 148, 148)
    assert board.bars.height() == 150


class Foot(QWidget):
    def sizeHint(self) -> QSize:
        return QSize(200, 30)


@pytest.mark.parametrize("with_foot", [False, True])
@pytest.mark.parametrize(
    "size",
    [(328, 420), (284, 346), (252, 314), (600, 420), (328, 900), (900, 900), (230, 314)],
)
def test_nothing_overlaps_or_leaves_the_panel(
    board: DrawBoard, size: tuple[int, int], *, with_foot: bool
) -> None:
    if with_foot:
        board.set_foot(Foot())
    board.setMinimumSize(0, 0)
    board.resize(QSize(*size).expandedTo(board.minimumSizeHint()))
    parts = [
        one for one in board.findChildren(QWidget) if one.parent() is board and one.isVisible()
    ]
    for one, other in itertools.combinations(parts, 2):
        assert not one.geometry().intersects(other.geometry()), (one, other)
    for part in parts:
        assert board.rect().contains(part.geometry()), part


def test_a_panel_that_is_too_low_still_shows_every_answer(board: DrawBoard) -> None:
    board.setMinimumSize(0, 0)
    board.resize(284, 290)
    assert board.bars.geometry().bottom() < board.height()


def test_an_answer_of_several_digits_gets_more_height(board: DrawBoard) -> None:
    board.resize(284, 346)
    assert (board.seen.width(), board.answer.height()) == (86, 43)
    board.several.setChecked(True)
    assert (board.seen.width(), board.answer.height()) == (58, 71)
    board.several.setChecked(False)
    board.set_note("trained earlier")
    assert board.answer.height() == 71
    board.set_note("")
    assert board.answer.height() == 43


def test_a_foot_takes_room_only_while_it_is_shown(board: DrawBoard) -> None:
    foot = Foot()
    board.set_foot(foot)
    assert foot.geometry().getRect() == (16, 386, 296, 30)
    assert board.canvas.height() == 192
    assert board.bars.geometry().bottom() < foot.y()
    foot.hide()
    assert board.bars.height() == 180


def test_names_that_are_long_get_the_whole_width(board: DrawBoard) -> None:
    board.bars.set_names(("a class with a very long name", "another one"))
    board.resize(328, 421)
    assert not board.reasons.isVisible()
    assert board.bars.width() == 296


def test_reasons_can_be_left_out(board: DrawBoard) -> None:
    board.set_reasons(shown=False)
    assert not board.reasons.isVisible()
    assert board.bars.width() == 296


def test_tools_act_on_the_canvas(board: DrawBoard) -> None:
    board.canvas.set_picture(np.full((4, 4), 255, np.uint8))
    assert board.undo.isEnabled()
    QTest.mouseClick(board.clear, Qt.MouseButton.LeftButton)
    assert board.canvas.empty
    assert not board.clear.isEnabled()
    QTest.mouseClick(board.undo, Qt.MouseButton.LeftButton)
    assert not board.canvas.empty
    QTest.mouseClick(board.eraser, Qt.MouseButton.LeftButton)
    assert board.canvas.erasing
    board.slider.setValue(20)
    assert board.canvas.brush == 20


def test_a_sample_is_asked_for(qtbot: QtBot, board: DrawBoard) -> None:
    with qtbot.waitSignal(board.sample_requested):
        QTest.mouseClick(board.sample, Qt.MouseButton.LeftButton)


def test_everything_that_can_be_used_has_a_name(board: DrawBoard) -> None:
    used = [
        board.canvas,
        board.slider,
        board.several,
        board.eraser,
        board.undo,
        board.sample,
        board.clear,
        board.reasons.spoken,
        board.reasons.nearest,
    ]
    assert all(one.accessibleName() for one in used)
    assert all(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in used)


def test_tab_goes_as_the_eye_does(board: DrawBoard) -> None:
    order: list[QWidget] = []
    at: QWidget | None = board.canvas
    while at is not None and at not in order:
        order.append(at)
        at = at.nextInFocusChain()
    wanted = [
        board.canvas,
        board.slider,
        board.several,
        board.eraser,
        board.undo,
        board.sample,
        board.clear,
        board.reasons.spoken,
        board.reasons.nearest,
    ]
    assert [one for one in order if one in wanted] == wanted
