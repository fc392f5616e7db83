"""A notice is seen until it is closed, and tells which of its buttons was pressed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.notice_bar import NoticeBar


@pytest.fixture
def bar(qtbot: QtBot) -> NoticeBar:
    made = NoticeBar()
    qtbot.addWidget(made)
    return made


def buttons(bar: NoticeBar) -> dict[str, QPushButton]:
    return {one.text(): one for one in bar.findChildren(QPushButton) if one.isVisibleTo(bar)}


def test_it_is_hidden_until_there_is_a_notice(bar: NoticeBar) -> None:
    assert bar.isHidden()
    bar.show_notice("The file is damaged.", severity="error", hint="Choose another one.")
    assert not bar.isHidden()
    assert bar.text == "The file is damaged. Choose another one."


def test_an_action_is_told_by_its_key(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice("A run can go on.", actions=[("go", "Continue"), ("drop", "Discard")])
    with qtbot.waitSignal(bar.acted) as told:
        QTest.mouseClick(buttons(bar)["Discard"], Qt.MouseButton.LeftButton)
    assert told.args == ["drop"]


def test_the_next_notice_has_only_its_own_buttons(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice("One.", actions=[("a", "A")])
    bar.show_notice("Two.", actions=[("b", "B")])
    qtbot.waitUntil(lambda: list(buttons(bar)) == ["B"])


def test_escape_closes_it(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice("One.")
    with qtbot.waitSignal(bar.closed):
        QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert bar.isHidden()


def test_text_of_others_is_never_taken_for_markup(bar: NoticeBar) -> None:
    bar.show_notice("<b>bold</b>.safetensors is damaged.")
    bar.grab()
    assert bar.text.startswith("<b>")
