"""The bar says what its colours mean."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import LIGHT, themes
from nnstudio.gui.widgets.colour_bar import ColourBar


@pytest.fixture
def bar(qtbot: QtBot) -> ColourBar:
    themes.choose("light")
    made = ColourBar()
    qtbot.addWidget(made)
    made.resize(made.sizeHint().width(), 200)
    return made


def test_a_map_of_one_colour_has_its_ends_and_its_middle(qtbot: QtBot) -> None:
    bar = ColourBar()
    qtbot.addWidget(bar)
    bar.set_ends(0.0, 138.0)
    assert bar.labels() == ["138", "69", "0"]
    bar.resize(bar.sizeHint())
    image = bar.grab().toImage()
    top, low = image.pixelColor(2, 1), image.pixelColor(2, bar.height() - 2)
    assert top.lightness() < low.lightness()


def test_five_numbers_with_the_same_decimals(bar: ColourBar) -> None:
    bar.set_limit(0.5)
    assert bar.labels() == ["+0.50", "+0.25", "0", "−0.25", "−0.50"]
    bar.set_limit(0.042)
    assert bar.labels() == ["+0.042", "+0.021", "0", "−0.021", "−0.042"]
    bar.set_limit(0.25)
    assert bar.labels() == ["+0.250", "+0.125", "0", "−0.125", "−0.250"]
    bar.set_limit(12.0)
    assert bar.labels() == ["+12", "+6", "0", "−6", "−12"]


@pytest.mark.parametrize("limit", [0.0, np.nan, np.inf])
def test_a_limit_that_is_none_leaves_only_zero(bar: ColourBar, limit: float) -> None:
    bar.set_limit(limit)
    assert [label for label in bar.labels() if label] == ["0"]


def test_without_a_limit_there_are_no_numbers(bar: ColourBar) -> None:
    assert bar.labels() == []


def test_plus_is_above(bar: ColourBar) -> None:
    bar.set_limit(1.0)
    image = bar.grab().toImage()
    assert image.pixelColor(3, 0) == LIGHT.plus
    assert image.pixelColor(3, 199) == LIGHT.minus


def test_very_small_limits_are_written_short(bar: ColourBar) -> None:
    bar.set_limit(2e-6)
    assert bar.labels()[0] == "+2e-06"
    assert bar.sizeHint().width() < 80
