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
