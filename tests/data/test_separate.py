"""Digits beside each other are told apart, and what belongs to one digit stays together."""

import numpy as np
import pytest

from nnstudio.data.blobs import Box
from nnstudio.data.separate import grouped_boxes, separate
from nnstudio.data.strokes import Stroke


def line(*points: tuple[float, float]) -> Stroke:
    return Stroke(np.array(points, float))


BARE_ONE = (line((10, 0), (10, 100)),)
CROSSED_SEVEN = (line((0, 5), (60, 0), (20, 100)), line((10, 50), (55, 48)))
FOUR = (line((20, 0), (0, 60), (70, 60)), line((50, 20), (48, 100)))
FIVE_WITH_A_BAR_APART = (line((20, 5), (15, 45), (60, 70), (10, 100)), line((45, 3), (90, 0)))
DOT = (line((10, 90)),)


def beside(*digits: tuple[Stroke, ...], gap: float) -> list[list[Stroke]]:
    placed, left = [], 0.0
    for digit in digits:
        points = np.concatenate([one.points for one in digit])
        moved = [Stroke(one.points + np.array([left - points[:, 0].min(), 0])) for one in digit]
        placed.append(moved)
        left += float(np.ptp(points[:, 0])) + gap
    return placed


def groups(strokes: list[Stroke], width: float = 8) -> list[list[int]]:
    found = separate(strokes, width=width)
    return [[next(at for at, one in enumerate(strokes) if one is it) for it in g] for g in found]


@pytest.mark.parametrize("digit", [BARE_ONE, CROSSED_SEVEN, FOUR, FIVE_WITH_A_BAR_APART, DOT])
def test_one_digit_stays_whole(digit: tuple[Stroke, ...]) -> None:
    assert groups(list(digit)) == [list(range(len(digit)))]


@pytest.mark.parametrize("gap", [15, 60])
def test_digits_are_read_from_left_to_right(gap: float) -> None:
    digits = beside(FOUR, BARE_ONE, CROSSED_SEVEN, FIVE_WITH_A_BAR_APART, gap=gap)
    assert groups([one for digit in digits for one in digit]) == [[0, 1], [2], [3, 4], [5, 6]]


def test_the_order_of_drawing_does_not_matter() -> None:
    digits = beside(FOUR, CROSSED_SEVEN, gap=30)
    # the bars are added at the end, as many people do
    strokes = [digits[1][0], digits[0][0], digits[1][1], digits[0][1]]
    assert groups(strokes) == [[1, 3], [0, 2]]


def test_a_small_piece_belongs_to_the_digit_beside_it() -> None:
    strokes = [line((0, 0), (0, 100)), line((18, 50), (28, 52)), line((150, 0), (150, 100))]
    assert groups(strokes) == [[0, 1], [2]]


@pytest.mark.parametrize(
    "strokes",
    [[], [Stroke(np.empty((0, 2)))], [line((np.nan, 0))]],
    ids=["none", "empty", "not a number"],
)
def test_nothing_drawn_is_no_digit(strokes: list[Stroke]) -> None:
    assert separate(strokes, width=1) == ()


def test_a_point_that_is_no_number_is_passed_over() -> None:
    strokes = [line((0, 0), (np.nan, 4), (0, 100)), line((90, 0), (90, 100))]
    assert groups(strokes) == [[0], [1]]


def test_boxes_of_a_picture_are_grouped_alike() -> None:
    boxes = [Box(0, 50, 100, 80), Box(0, 0, 100, 30), Box(40, 2, 60, 40)]
    assert grouped_boxes(boxes) == ((1, 2), (0,))


def test_a_shaded_surface_is_one_piece() -> None:
    rows = [line((0, 4 * row), (100, 4 * row + 2)) for row in range(25)]
    assert groups(rows) == [list(range(25))]


def test_strokes_that_cross_between_their_points_touch() -> None:
    strokes = [line((0, 0), (300, 300)), line((0, 300), (300, 0))]
    assert groups(strokes, width=4) == [[0, 1]]


def test_a_pen_far_thinner_than_the_drawing_is_told_apart_all_the_same() -> None:
    strokes = [line((0, 0), (0, 1000)), line((700, 0), (700, 1000))]
    assert groups(strokes, width=0.01) == [[0], [1]]
