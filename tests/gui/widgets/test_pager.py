"""The pager asks for pages that there are."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.pager import Pager
from nnstudio.gui.widgets.panel_header import IconButton


def test_one_page_needs_no_pager(qtbot: QtBot) -> None:
    pager = Pager()
    qtbot.addWidget(pager)
    assert pager.isHidden()


def test_the_ends_cannot_be_passed(qtbot: QtBot) -> None:
    pager = Pager()
    qtbot.addWidget(pager)
    back, forth = pager.findChildren(IconButton)
    pager.show_page(0, 3)
    assert not back.isEnabled()
    with qtbot.waitSignal(pager.page_requested) as told:
        QTest.mouseClick(forth, Qt.MouseButton.LeftButton)
    assert told.args == [1]
    pager.show_page(2, 3)
    assert not forth.isEnabled()
    with qtbot.waitSignal(pager.page_requested) as told:
        QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert told.args == [1]
