"""The table of how digits of other people are read: its intervals, its mistakes and its bars."""

import numpy as np
import pytest

from nnstudio.data.strokes import Stroke
from nnstudio.runs.cases import case_names
from tests.benchmarks.reading import BARS, Read, confusions, interval, missed, sparse, table

WELL = Read(right=98, count=100, worst=(("7", "1", 2),))


def test_the_interval_of_a_share_is_that_of_wilson() -> None:
    # the textbook example: 81 of 263 (Newcombe 1998, table I)
    low, high = interval(81, 263)
    assert low == pytest.approx(25.53, abs=0.01)
    assert high == pytest.approx(36.62, abs=0.01)


def test_the_interval_of_all_right_is_not_empty() -> None:
    low, high = interval(20, 20)
    assert low < 85
    assert high == pytest.approx(100)


def test_a_row_of_the_table_has_share_interval_and_mistakes() -> None:
    written = table({"mine": {"strokes": WELL}})
    assert written.splitlines()[-1] == "| strokes | 100 | **98.00** (93.0 to 99.4; 2) |"


def test_mistakes_are_told_set_by_set() -> None:
    assert confusions({"strokes": WELL}) == "  strokes: 7 read as 1 (2)"


def test_a_bar_that_is_missed_is_said_and_one_that_is_reached_is_not() -> None:
    assert missed({"everyday-digits": {"strokes": WELL}}) == []
    badly = Read(right=90, count=100, worst=())
    (sentence,) = missed({"everyday-digits": {"strokes": badly}})
    assert "90.00 % on strokes" in sentence


def test_every_bar_is_of_a_preset_that_ships() -> None:
    assert set(BARS) - {"everyday-digits"} <= set(case_names())


def test_a_coarse_tablet_tells_points_evenly_along_each_stroke() -> None:
    long, short = Stroke(np.array([[0.0, 0], [1, 0], [6, 0]])), Stroke(np.array([[0.0, 5], [2, 5]]))
    told = sparse((long, short), 8, joined=False)
    assert told[0].points.tolist() == [[x, 0] for x in np.linspace(0, 6, 6)]
    assert told[1].points.tolist() == [[0, 5], [2, 5]]


def test_a_coarse_tablet_may_not_tell_where_the_pen_was_lifted() -> None:
    strokes = Stroke(np.array([[0.0, 0], [4, 0]])), Stroke(np.array([[4.0, 4], [0, 4]]))
    (told,) = sparse(strokes, 4, joined=True)
    assert told.points.tolist() == [[0, 0], [4, 0], [4, 4], [0, 4]]
