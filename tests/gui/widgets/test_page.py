"""A page is scrolled as far as its last widget, and no farther."""

from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.cards import WIDEST_PX, Words
from nnstudio.gui.widgets.page import Page


def page_of(qtbot: QtBot, *, width: int, words: int = 40) -> Page:
    page = Page()
    qtbot.addWidget(page)
    for _ in range(12):
        page.column.addWidget(Words("some words that wrap " * words))
    page.column.addWidget(QPushButton("last"))
    page.column.addStretch(1)
    page.resize(width, 300)
    page.show()
    QApplication.processEvents()
    return page


def test_a_wide_page_ends_below_its_last_widget(qtbot: QtBot) -> None:
    for width in (260, 1300):
        page = page_of(qtbot, width=width)
        content, last = page.widget(), page.findChildren(QPushButton)[0]
        assert content is not None
        assert content.height() - last.geometry().bottom() < 40
        assert content.width() <= WIDEST_PX


def test_what_has_room_is_not_scrolled(qtbot: QtBot) -> None:
    page = page_of(qtbot, width=1300, words=2)
    page.resize(1300, 600)
    QApplication.processEvents()
    assert page.verticalScrollBar().maximum() == 0


def test_a_part_is_shown_but_its_beginning_never_leaves(qtbot: QtBot) -> None:
    page = page_of(qtbot, width=300)
    words = page.findChildren(Words)
    page.show_part(words[3], words[8])
    QApplication.processEvents()
    assert 0 <= words[3].geometry().top() - page.verticalScrollBar().value() < 20
    page.to_top()
    assert page.verticalScrollBar().value() == 0
