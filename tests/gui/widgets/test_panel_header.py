"""A header shows its title; its buttons can be heard as well as seen."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import themes
from nnstudio.gui.widgets.panel_header import HEIGHT_PX, IconButton, PanelHeader


def test_a_header_keeps_its_height_and_puts_widgets_at_the_right(qtbot: QtBot) -> None:
    header = PanelHeader("Loss")
    qtbot.addWidget(header)
    button = IconButton("expand", "Enlarge")
    header.add(button)
    header.resize(300, 100)
    header.show()
    assert header.height() == HEIGHT_PX
    assert button.geometry().right() == 300 - 8 - 1
    assert header.title == "Loss"


def test_an_icon_button_is_named_and_reached_by_tab(qtbot: QtBot) -> None:
    button = IconButton("undo", "Undo")
    qtbot.addWidget(button)
    assert button.accessibleName() == button.toolTip() == "Undo"
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_an_icon_button_is_drawn_anew_in_another_theme(qtbot: QtBot) -> None:
    themes.choose("light")
    button = IconButton("undo", "Undo")
    qtbot.addWidget(button)
    before = button.icon().pixmap(16, 16).toImage()
    themes.choose("dark")
    after = button.icon().pixmap(16, 16).toImage()
    themes.choose("light")
    assert before != after
