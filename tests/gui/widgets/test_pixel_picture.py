"""Each pixel is a block of whole screen pixels."""

import numpy as np
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import LIGHT, themes
from nnstudio.gui.widgets.pixel_picture import PixelPicture


def test_pixels_are_whole_blocks_from_paper_to_ink(qtbot: QtBot) -> None:
    themes.choose("light")
    picture = PixelPicture(28)
    qtbot.addWidget(picture)
    picture.resize(picture.sizeHint())
    pixels = np.zeros((28, 28), np.uint8)
    pixels[3, 5] = 255
    picture.set_pixels(pixels)
    image = picture.grab().toImage()
    dark = [(x, y) for x in range(86) for y in range(86) if image.pixelColor(x, y) == LIGHT.ink]
    assert dark == [(x, y) for x in range(16, 19) for y in range(10, 13)]


def test_without_a_picture_there_is_paper(qtbot: QtBot) -> None:
    themes.choose("light")
    picture = PixelPicture(28)
    qtbot.addWidget(picture)
    picture.resize(86, 86)
    picture.set_pixels(np.full((28, 28), 255, np.uint8))
    picture.set_pixels(None)
    assert picture.grab().toImage().pixelColor(40, 40) == LIGHT.paper
