"""Tabs in a header: picked by pointer and arrows, sharing the room there is."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.tab_strip import TabStrip


@pytest.fixture
def strip(qtbot: QtBot) -> TabStrip:
    made = TabStrip()
    qtbot.addWidget(made)
    made.show_tabs(("Weights", "Data", "Units"), 1)
    made.resize(made.sizeHint())
    return made


def picked(strip: TabStrip) -> list[int]:
    heard: list[int] = []
    strip.picked.connect(heard.append)
    return heard


def test_a_click_picks_the_tab_under_the_pointer(strip: TabStrip) -> None:
    heard = picked(strip)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(10, 20))
    assert heard == [0]


def test_a_click_on_the_chosen_tab_is_left_to_the_panel(strip: TabStrip) -> None:
    heard = picked(strip)
    x = round(strip._boxes()[1].center().x())
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 20))
    assert heard == []


def test_arrows_pick_the_neighbour_and_stop_at_the_ends(strip: TabStrip) -> None:
    heard = picked(strip)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert heard == [2, 0]
    strip.show_tabs(strip.titles, 2)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert heard == [2, 0]


def test_titles_that_have_no_room_are_in_a_menu(strip: TabStrip) -> None:
    heard = picked(strip)
    assert strip.behind == ()
    strip.resize(strip.width() - 1, 40)
    assert strip.shown == (0, 1)
    menu = QMenu(strip)
    strip.fill_more(menu)
    assert [entry.text() for entry in menu.actions()] == ["Units"]
    menu.actions()[0].trigger()
    assert heard == [2]


def test_the_tab_in_front_always_has_room(strip: TabStrip) -> None:
    for chosen in range(3):
        strip.show_tabs(strip.titles, chosen)
        strip.resize(strip.minimumSizeHint())
        assert strip.shown == (chosen,)
        assert strip._boxes()[chosen].width() >= 20
        more = strip._more_box()
        assert more is not None
        assert more.right() <= strip.width()


def test_the_menu_opens_by_click_and_by_key(
    strip: TabStrip, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip.resize(100, 40)
    opened: list[bool] = []
    monkeypatch.setattr(strip, "open_more", lambda: opened.append(True))
    more = strip._more_box()
    assert more is not None
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=more.center().toPoint())
    QTest.keyClick(strip, Qt.Key.Key_Down)
    assert opened == [True, True]


def test_what_is_in_front_is_said(strip: TabStrip) -> None:
    assert strip.accessibleDescription() == "Data"
