"""Tiles can be picked by mouse and keyboard, and say which class they are of."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import LIGHT, themes
from nnstudio.gui.widgets.sample_tiles import SampleTiles, Tile

INK = np.full((28, 28), 255, np.uint8)
SIX = tuple(Tile(INK, str(at), tip=f"sample {at}") for at in range(6))


@pytest.fixture
def tiles(qtbot: QtBot) -> SampleTiles:
    themes.choose("light")
    made = SampleTiles()
    qtbot.addWidget(made)
    made.resize(86, 57)
    made.show()
    made.show_tiles(SIX)
    return made


def test_a_click_picks_the_tile_under_it(qtbot: QtBot, tiles: SampleTiles) -> None:
    with qtbot.waitSignal(tiles.picked) as told:
        QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    assert told.args == [4]


def test_a_click_beside_them_picks_nothing(qtbot: QtBot, tiles: SampleTiles) -> None:
    tiles.show_tiles(SIX[:1])
    with qtbot.assertNotEmitted(tiles.picked):
        QTest.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))


def test_arrows_go_along_and_enter_picks(qtbot: QtBot, tiles: SampleTiles) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(tiles, key)
    assert tiles.accessibleDescription() == "sample 3"
    with qtbot.waitSignal(tiles.picked) as told:
        QTest.keyClick(tiles, Qt.Key.Key_Return)
    assert told.args == [3]


def test_what_has_no_room_cannot_be_picked(tiles: SampleTiles) -> None:
    tiles.resize(86, 28)
    for _ in range(9):
        QTest.keyClick(tiles, Qt.Key.Key_Right)
    assert tiles.at == 2


def test_one_of_another_class_is_marked(tiles: SampleTiles) -> None:
    tiles.show_tiles([Tile(INK * 0, "3"), Tile(INK * 0, "5", odd=True)])
    image = tiles.grab().toImage()
    assert image.pixelColor(26, 18) != LIGHT.warning
    assert image.pixelColor(29 + 26, 18) == LIGHT.warning


def test_the_tip_is_that_of_the_tile_under_the_pointer(tiles: SampleTiles) -> None:
    place = QPoint(40, 40)
    event = QHelpEvent(QEvent.Type.ToolTip, place, tiles.mapToGlobal(place))
    QApplication.sendEvent(tiles, event)
    assert QToolTip.text() == "sample 4"
    QToolTip.hideText()


def test_fewer_tiles_are_no_error(tiles: SampleTiles) -> None:
    QTest.keyClick(tiles, Qt.Key.Key_Down)
    tiles.show_tiles(SIX[:2])
    assert tiles.at == 1
    tiles.show_tiles(())
    tiles.grab()
    assert tiles.accessibleDescription() == ""
