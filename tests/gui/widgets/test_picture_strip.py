"""A strip shows small pictures in rows as wide as the panel, and is clicked like a button."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import LIGHT, themes
from nnstudio.gui.widgets.picture_strip import PictureStrip


def strip_of(qtbot: QtBot, pictures: int, *, columns: int = 4) -> PictureStrip:
    strip = PictureStrip(columns=columns, margins=(16, 8))
    qtbot.addWidget(strip)
    strip.show_pictures(np.full((pictures, 5, 5), 255, np.uint8))
    return strip


def test_the_height_follows_from_the_width_and_the_number_of_rows(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, 6)
    assert strip.heightForWidth(16 + 8 + 4 * 20 - 2) == 2 * 20
    strip.show_pictures(np.zeros((0, 5, 5), np.uint8))
    assert strip.heightForWidth(100) == 0


def test_pictures_are_ink_and_what_is_missing_in_a_row_is_paper(qtbot: QtBot) -> None:
    themes.choose("light")
    strip = strip_of(qtbot, 5)
    strip.resize(16 + 8 + 4 * 20 - 2, 40)
    image = strip.grab().toImage()
    assert image.pixelColor(16 + 9, 9) == LIGHT.ink
    assert image.pixelColor(16 + 9, 29) == LIGHT.ink
    assert image.pixelColor(16 + 29, 29) == LIGHT.paper


def test_a_key_does_what_a_click_does(qtbot: QtBot) -> None:
    strip = strip_of(qtbot, 4)
    with qtbot.waitSignal(strip.clicked):
        QTest.keyClick(strip, Qt.Key.Key_Space)
