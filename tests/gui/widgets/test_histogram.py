"""A histogram counts what is finite and tells how many lie where."""

import numpy as np
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.histogram import Histogram, Spread


def test_every_finite_number_is_counted_once() -> None:
    spread = Spread.of(np.array([-1.0, 0.0, 0.5, 1.0, np.nan, np.inf]), bins=4)
    assert spread is not None
    assert spread.counts.tolist() == [1, 0, 1, 2]
    assert spread.lost == 2
    assert spread.ends == (-1.0, 1.0)


def test_equal_numbers_have_some_room_around_them() -> None:
    spread = Spread.of(np.zeros(5))
    assert spread is not None
    assert spread.ends == (-0.5, 0.5)
    assert spread.counts.sum() == 5


def test_of_nothing_finite_there_is_no_spread() -> None:
    assert Spread.of(np.array([np.nan])) is None


def test_bars_by_a_logarithm_have_their_powers_of_ten_at_the_side(qtbot: QtBot) -> None:
    shown = Histogram()
    qtbot.addWidget(shown)
    shown.resize(200, 160)
    spread = Spread(np.array([0.0, 1.0, 2.0]), np.array([2_000_000, 30]))
    shown.show_spread(spread, title="Raw")
    assert shown.ticks() == []
    assert shown.words_at(2).startswith("2")
    shown.show_spread(spread, title="Raw", logarithmic=True)
    assert shown.ticks() == [10**power for power in range(6, -1, -1)]
    assert shown.words_at(2) == ""
    assert shown.words_at(199) == "30 from 1 to 2"
    shown.resize(200, 80)
    few = shown.ticks()
    assert few[0] == 1_000_000
    assert 1 < len(few) < 4


def test_the_pointer_reads_a_bin(qtbot: QtBot) -> None:
    shown = Histogram()
    qtbot.addWidget(shown)
    shown.resize(100, 80)
    shown.show_spread(Spread.of(np.array([0.0, 0.1, 1.0]), bins=2), title="Weights", mark=0.4)
    assert shown.words_at(10) == "2 from 0 to 0.5"
    assert shown.words_at(90) == "1 from 0.5 to 1"
    assert not shown.words_at(200)
    filled = shown.grab().toImage()
    shown.show_spread(None, title="Weights")
    assert shown.grab().toImage() != filled
    assert not shown.words_at(10)
