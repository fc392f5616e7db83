"""What speaks for is of one colour, what speaks against of the other, nothing of neither."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import DARK, LIGHT, themes
from nnstudio.gui.widgets.signed_picture import SignedPicture


@pytest.fixture
def picture(qtbot: QtBot) -> SignedPicture:
    themes.choose("light")
    made = SignedPicture()
    qtbot.addWidget(made)
    made.resize(58, 58)
    return made


def test_colours_tell_for_from_against(picture: SignedPicture) -> None:
    values = np.zeros((28, 28))
    values[5, 5], values[20, 20] = 3.0, -3.0
    picture.set_values(values)
    image = picture.grab().toImage()
    assert image.pixelColor(1 + 2 * 5, 1 + 2 * 5) == LIGHT.plus
    assert image.pixelColor(1 + 2 * 20, 1 + 2 * 20) == LIGHT.minus
    assert image.pixelColor(1 + 2 * 14, 1 + 2 * 14) == LIGHT.zero


def test_another_theme_paints_it_anew(picture: SignedPicture) -> None:
    values = np.zeros((28, 28))
    values[5, 5] = 1.0
    picture.set_values(values)
    picture.grab()
    themes.choose("dark")
    assert picture.grab().toImage().pixelColor(11, 11) == DARK.plus
    themes.choose("light")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_shown_as_nothing(picture: SignedPicture, value: float) -> None:
    blank = picture.grab().toImage()
    picture.set_values(np.full((28, 28), value))
    assert picture.grab().toImage() == blank


def test_nothing_takes_the_picture_away(picture: SignedPicture) -> None:
    blank = picture.grab().toImage()
    picture.set_values(np.ones((28, 28)))
    assert picture.grab().toImage() != blank
    picture.set_values(None)
    assert picture.grab().toImage() == blank
