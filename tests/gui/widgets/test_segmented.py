"""Exactly one choice is taken, by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.segmented import SegmentedControl

ITEMS = [("weights", "Weights"), ("gradient", "Gradient"), ("change", "Change")]


@pytest.fixture
def control(qtbot: QtBot) -> SegmentedControl:
    made = SegmentedControl(ITEMS)
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    return made


def test_a_click_takes_what_is_under_it(qtbot: QtBot, control: SegmentedControl) -> None:
    with qtbot.waitSignal(control.chosen) as told:
        QTest.mouseClick(control, Qt.MouseButton.LeftButton, pos=QPoint(control.width() - 10, 14))
    assert told.args == ["change"]
    assert control.key == "change"


def test_arrows_move_the_choice_and_stop_at_the_ends(
    qtbot: QtBot, control: SegmentedControl
) -> None:
    for key, expected in (
        (Qt.Key.Key_Right, "gradient"),
        (Qt.Key.Key_End, "change"),
        (Qt.Key.Key_Right, "change"),
        (Qt.Key.Key_Home, "weights"),
        (Qt.Key.Key_Left, "weights"),
    ):
        QTest.keyClick(control, key)
        assert control.key == expected


def test_the_taken_choice_is_not_told_again(qtbot: QtBot, control: SegmentedControl) -> None:
    with qtbot.assertNotEmitted(control.chosen):
        QTest.mouseClick(control, Qt.MouseButton.LeftButton, pos=QPoint(10, 14))
        control.choose("gradient")


def test_a_key_that_is_not_offered_changes_nothing(control: SegmentedControl) -> None:
    control.choose("nothing")
    assert control.key == "weights"


def test_other_items_keep_the_choice_that_is_still_there(control: SegmentedControl) -> None:
    control.choose("gradient")
    control.set_items([("gradient", "Gradient"), ("weights", "Weights")])
    assert control.key == "gradient"
    control.set_items([("a", "A")])
    assert control.key == "a"


def test_the_choice_is_described_for_a_screen_reader(control: SegmentedControl) -> None:
    control.choose("change")
    assert control.accessibleDescription() == "Change"


def test_a_choice_does_not_move_its_neighbours(control: SegmentedControl) -> None:
    before = control.sizeHint()
    control.choose("change")
    assert control.sizeHint() == before


def test_a_click_leaves_no_ring_and_a_key_shows_it(qtbot: QtBot) -> None:
    control = SegmentedControl((("a", "One"), ("b", "Two")))
    qtbot.addWidget(control)
    with qtbot.waitExposed(control):
        control.show()
    control.clearFocus()
    QTest.mouseClick(control, Qt.MouseButton.LeftButton, pos=QPoint(4, 14))
    qtbot.waitUntil(control.hasFocus)
    assert not control._ringed
    QTest.keyClick(control, Qt.Key.Key_Right)
    assert control._ringed
