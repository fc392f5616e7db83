"""Bars are as long as their probabilities, the highest in accent."""

import math

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import LIGHT, themes
from nnstudio.gui.widgets.probability_bars import ProbabilityBars

DIGITS = tuple("0123456789")


@pytest.fixture
def bars(qtbot: QtBot) -> ProbabilityBars:
    themes.choose("light")
    made = ProbabilityBars()
    qtbot.addWidget(made)
    made.set_names(DIGITS)
    made.resize(296, 180)
    return made


def length_of(bars: ProbabilityBars, row: int, colour: QColor) -> int:
    image = bars.grab().toImage()
    return sum(image.pixelColor(x, row * 18 + 9) == colour for x in range(image.width()))


def test_the_highest_is_in_accent_and_the_longest(bars: ProbabilityBars) -> None:
    bars.set_shares([0.0] * 7 + [0.75, 0.25, 0.0])
    seven, eight = length_of(bars, 7, LIGHT.accent), length_of(bars, 8, LIGHT.text3)
    assert seven == pytest.approx(3 * eight, rel=0.05)
    assert length_of(bars, 0, LIGHT.text3) == 0
    assert bars.best == 7


def test_no_answer_draws_no_bar(bars: ProbabilityBars) -> None:
    bars.set_shares([0.1] * 10)
    bars.set_shares(None)
    assert all(length_of(bars, row, LIGHT.accent) == 0 for row in range(10))
    assert bars.best is None


def test_numbers_that_are_none_are_no_best(bars: ProbabilityBars) -> None:
    bars.set_shares([math.nan] * 10)
    bars.grab()
    assert bars.best is None


def test_of_equals_the_first_is_best(bars: ProbabilityBars) -> None:
    bars.set_shares([0.1] * 10)
    assert bars.best == 0


def test_the_three_highest_are_told_to_a_screen_reader(bars: ProbabilityBars) -> None:
    bars.set_shares([0.0] * 7 + [0.7, 0.2, 0.1])
    told = bars.accessibleDescription().replace("\u00a0", " ")
    assert told == "7: 70.0 %, 8: 20.0 %, 9: 10.0 %"


def test_other_classes_forget_the_old_answer(bars: ProbabilityBars) -> None:
    bars.set_shares([0.1] * 10)
    bars.set_names(("spiral one", "spiral two"))
    assert bars.best is None
    assert bars.minimumSizeHint().height() == 2 * 15


def test_many_classes_stand_in_columns(bars: ProbabilityBars) -> None:
    bars.set_names(tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    assert bars.minimumSizeHint().height() == 13 * 15
    bars.resize(296, 13 * 18)
    bars.set_shares([0.0] * 15 + [1.0] + [0.0] * 10)
    image = bars.grab().toImage()
    accent = [x for x in range(296) if image.pixelColor(x, 2 * 18 + 9) == LIGHT.accent]
    assert min(accent) > 296 // 2


def test_another_number_of_probabilities_is_refused(bars: ProbabilityBars) -> None:
    with pytest.raises(ValueError, match="9 probabilities for 10 classes"):
        bars.set_shares([0.1] * 9)


def test_long_names_leave_room_for_bars(bars: ProbabilityBars) -> None:
    bars.set_names(("a name that is far too long for any panel of this width", "b"))
    bars.set_shares([0.9, 0.1])
    assert length_of(bars, 0, LIGHT.accent) > 30


def test_what_is_painted_row_by_row_is_what_is_painted_at_once(qtbot: QtBot) -> None:
    one, other = ProbabilityBars(), ProbabilityBars()
    for bars in (one, other):
        qtbot.addWidget(bars)
        bars.resize(192, 150)
        bars.set_names(tuple("0123456789"))
        bars.show()
    rng = np.random.default_rng(0)
    for _ in range(5):
        shares = rng.dirichlet(np.full(10, 0.1)).tolist()
        one.set_shares(shares)
        QApplication.processEvents()
    other.set_shares(shares)
    assert one.grab().toImage() == other.grab().toImage()


def test_only_rows_that_look_different_are_painted_anew(qtbot: QtBot) -> None:
    painted: list[QRegion] = []

    class Watched(ProbabilityBars):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(event.region())
            super().paintEvent(event)

    bars = Watched()
    qtbot.addWidget(bars)
    bars.resize(192, 150)
    bars.set_names(tuple("abc"))
    bars.show()
    bars.set_shares([0.9, 0.1, 0.0])
    qtbot.waitUntil(lambda: bool(painted))
    QApplication.processEvents()
    painted.clear()
    bars.set_shares([0.8, 0.2, 0.00001])
    QApplication.processEvents()
    assert painted[-1].boundingRect().bottom() < 2 * 18
