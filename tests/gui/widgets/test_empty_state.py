"""An empty panel says what will be here and how to get it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.empty_state import EmptyState


def test_the_action_is_told(qtbot: QtBot) -> None:
    state = EmptyState("No weights yet", "Press Train to see them.", "Train")
    qtbot.addWidget(state)
    with qtbot.waitSignal(state.acted):
        QTest.mouseClick(state.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)


def test_what_is_empty_is_not_shown(qtbot: QtBot) -> None:
    state = EmptyState("No weights yet", "Press Train.", "Train")
    qtbot.addWidget(state)
    state.set_texts("Nothing here")
    assert state.findChildren(QPushButton)[0].isHidden()
    assert state.accessibleName() == "Nothing here"
