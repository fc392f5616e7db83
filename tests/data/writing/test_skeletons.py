"""Skeletons: many ways for every digit, as they are written in many places; lines through them."""

import numpy as np
import pytest

from nnstudio.data.writing.skeletons import WAYS, skeletons


def names(digit: int) -> set[str]:
    return {way.name for way in WAYS[digit]}


def test_there_are_many_ways_for_every_digit() -> None:
    assert len(WAYS) == 10
    assert min(len(ways) for ways in WAYS) >= 20


@pytest.mark.parametrize(
    ("digit", "taught"),
    [
        (0, {"open", "slashed", "clockwise", "from below", "curled in"}),
        (1, {"bare", "flag", "flag and base", "long upstroke", "inverted V"}),
        (2, {"corner", "looped base", "curled head", "like Z"}),
        (3, {"flat top", "looped middle", "angular"}),
        (4, {"open", "closed", "one stroke", "like lightning", "hooked stem"}),
        (5, {"bar last", "one stroke", "like S", "bar apart"}),
        (6, {"closed", "open", "like b", "curled"}),
        (7, {"plain", "crossed", "serif", "crossed, serif", "long serif"}),
        (8, {"like S", "two rings", "from the middle", "open"}),
        (9, {"straight", "curled tail", "like g", "stem apart"}),
    ],
)
def test_the_ways_that_schools_teach_are_there(digit: int, taught: set[str]) -> None:
    assert taught <= names(digit)


@pytest.mark.parametrize("digit", [4, 5, 7, 8])
def test_digits_are_written_in_one_stroke_and_in_two(digit: int) -> None:
    strokes = {int(way.strokes[-1]) + 1 for way in skeletons(digit)}
    assert {1, 2} <= strokes


@pytest.mark.parametrize("digit", range(10))
def test_the_drawn_line_goes_through_the_points_of_its_path(digit: int) -> None:
    for way in skeletons(digit):
        line = way.curve @ way.control
        gaps = np.hypot(*(line[:, None] - way.control).T)
        assert gaps.min(axis=1).max() < 1e-9
        assert way.last.sum() == way.strokes[-1] + 1
        assert way.curve.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize("digit", range(10))
def test_the_ways_of_a_digit_differ_from_each_other(digit: int) -> None:
    paths = [way.path for way in WAYS[digit]]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("digit", range(10))
def test_every_way_is_kin_to_itself_and_to_ways_of_its_kind_alone(digit: int) -> None:
    for way in skeletons(digit):
        assert any(np.array_equal(path, way.control) for path in way.kin)
        assert way.kin.shape[1:] == way.control.shape


@pytest.mark.parametrize("digit", range(10))
def test_the_speed_of_the_pen_says_nothing_about_the_mean_thickness(digit: int) -> None:
    for way in skeletons(digit):
        assert np.isfinite(way.paces).all()
        assert np.abs(way.paces.mean(axis=0)).max() < 1e-2
