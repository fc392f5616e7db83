"""The table of how digits of other people are read: its intervals, its mistakes and its bars."""

import pytest

from nnstudio.runs.cases import case_names
from tests.benchmarks.reading import BARS, Read, confusions, interval, missed, table

WELL = Read(right=98, count=100, worst=(("7", "1", 2),))


def test_the_interval_of_a_share_is_that_of_wilson() -> None:
    # the textbook example: 81 of 263 (Newcombe 1998, table I)
    low, high = interval(81, 263)
    assert (low, high) == (pytest.approx(25.53, abs=0.01), pytest.approx(36.62, abs=0.01))


def test_the_interval_of_all_right_is_not_empty() -> None:
    low, high = interval(20, 20)
    assert low < 85
    assert high == pytest.approx(100)


def test_a_row_of_the_table_has_share_counts_and_interval() -> None:
    written = table({"mine": {"strokes": WELL}})
    assert written.splitlines()[-1] == "| mine | **98.00** (98 of 100; 93.0 to 99.4) |"


def test_mistakes_are_told_set_by_set() -> None:
    assert confusions({"strokes": WELL}) == "  strokes: 7 read as 1 (2)"


def test_a_bar_that_is_missed_is_said_and_one_that_is_reached_is_not() -> None:
    assert missed({"everyday-digits": {"strokes": WELL}}) == []
    badly = Read(right=90, count=100, worst=())
    (sentence,) = missed({"everyday-digits": {"strokes": badly}})
    assert "90.00 % on strokes" in sentence


def test_every_bar_is_of_a_preset_that_ships() -> None:
    assert set(BARS) - {"everyday-digits"} <= set(case_names())
