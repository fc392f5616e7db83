"""Drawings become pictures as MNIST's were made: box of 20, mass in the middle, nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnstudio.data.strokes import (
    BOX,
    SIDE,
    Stroke,
    draw,
    prepare,
    prepare_picture,
    standard_width,
)


def three(*, scale: float = 1.0, shift: tuple[float, float] = (0.0, 0.0)) -> list[Stroke]:
    points = [(20, 10), (60, 5), (75, 25), (45, 48), (80, 70), (55, 98), (15, 85)]
    return [Stroke(np.array(points) * scale + shift)]


def picture_of(strokes: list[Stroke], width: float = 10.0) -> NDArray[np.uint8]:
    picture = prepare(strokes, width=width)
    assert picture is not None
    return picture


def centre(picture: NDArray[np.uint8]) -> tuple[float, float]:
    mass = picture.sum()
    place = np.arange(SIDE)
    return float(picture.sum(axis=1) @ place / mass), float(picture.sum(axis=0) @ place / mass)


def extent(picture: NDArray[np.uint8]) -> tuple[int, int]:
    rows, columns = (np.flatnonzero((picture > 0).any(axis=axis)) for axis in (1, 0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


def test_nothing_drawn_gives_no_picture() -> None:
    assert prepare([], width=3) is None
    assert prepare([Stroke(np.empty((0, 2)))], width=3) is None
    assert prepare([Stroke(np.full((2, 2), np.nan))], width=3) is None


def test_points_that_are_no_numbers_are_passed_over() -> None:
    points = three()[0].points
    spoiled = np.insert(points, 2, np.nan, axis=0)
    np.testing.assert_array_equal(picture_of([Stroke(spoiled)]), picture_of(three()))


def test_a_drawing_fills_a_box_of_20_and_its_mass_lies_at_pixel_14() -> None:
    picture = picture_of(three())
    assert max(extent(picture)) == BOX
    assert centre(picture) == pytest.approx((14, 14), abs=0.51)
    assert picture.max() == 255


@given(
    st.lists(
        st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=8),
        min_size=1,
        max_size=3,
    ),
    st.floats(0.5, 80),
)
def test_any_drawing_stays_in_the_picture_and_within_the_box(
    lines: list[list[tuple[float, float]]], width: float
) -> None:
    picture = picture_of([Stroke(np.array(line)) for line in lines], width)
    assert picture.shape == (SIDE, SIDE)
    assert picture.any()
    assert max(extent(picture)) <= BOX


@given(st.floats(0.01, 100), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_neither_place_nor_size_of_a_drawing_matters(scale: float, dx: float, dy: float) -> None:
    moved = picture_of(three(scale=scale, shift=(dx, dy)), 10 * scale).astype(int)
    # dabs lie on eighths of a pixel, so that rounding may move one by that much
    assert np.abs(moved - picture_of(three())).mean() < 2


def test_the_aspect_is_kept() -> None:
    tall = picture_of([Stroke(np.array([(0, 0), (0, 100), (30, 100)]))], 8.0)
    height, width = extent(tall)
    assert height == BOX
    assert width == pytest.approx(20 * 38 / 108, abs=1)


def test_a_dot_stays_a_dot_in_the_middle() -> None:
    picture = picture_of([Stroke(np.array([(5.0, 5.0)]))])
    assert max(extent(picture)) <= 8
    assert centre(picture) == pytest.approx((14, 14), abs=0.51)


@pytest.mark.parametrize("width", [0.01, 300.0])
def test_a_pen_far_too_thin_or_thick_is_made_one_that_digits_are_written_with(width: float) -> None:
    ink = picture_of(three(), width).mean() / 255
    assert 0.03 < ink < 0.35


def test_a_pen_of_usual_width_gives_as_much_ink_as_mnist_has() -> None:
    assert picture_of(three(), 12.0).mean() / 255 == pytest.approx(0.13, abs=0.03)


def test_edges_are_grey() -> None:
    picture = picture_of(three())
    assert ((picture > 20) & (picture < 235)).sum() > 0.2 * (picture > 0).sum()


def test_a_line_of_two_points_has_no_gap_however_far_apart_they_are() -> None:
    picture = picture_of([Stroke(np.array([(0.0, 0.0), (9000.0, 0.0)]))], 600.0)
    row = picture[SIDE // 2 - 1 : SIDE // 2 + 1].max(axis=0)
    inked = np.flatnonzero(row)
    assert len(inked) == BOX
    inner = row[inked[1] : inked[-1]]
    assert inner.min() > 0.8 * inner.max()


def test_thinner_places_of_a_stroke_are_drawn_thinner() -> None:
    points = np.array([(0.0, 0.0), (0.0, 50.0), (0.0, 100.0)])
    full = picture_of([Stroke(points)], 20.0)
    thin = picture_of([Stroke(points, np.array([1.0, 0.3, 1.0]))], 20.0)
    assert thin[14].sum() < full[14].sum()


def test_a_pen_without_width_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="width"):
        prepare(three(), width=0)


def test_many_drawings_at_once_give_the_pictures_of_each_alone() -> None:
    drawings = [three()[0].points, np.array([(0.0, 0.0), (3.0, 9.0)]), three(scale=7)[0].points]
    sizes = [len(one) for one in drawings]

    def drawn(which: list[int]) -> NDArray[np.uint8]:
        points = np.concatenate([drawings[one] for one in which]).astype(np.float64)
        counts = np.array([sizes[one] for one in which])
        last = np.zeros(len(points), dtype=np.bool_)
        last[np.cumsum(counts) - 1] = True
        return draw(
            points,
            radii=np.full(len(points), 1.3),
            last=last,
            starts=np.cumsum(counts) - counts,
        )

    together = drawn([0, 1, 2])
    for place in range(3):
        np.testing.assert_array_equal(together[place], drawn([place])[0])


def on_paper(digit: NDArray[np.uint8], *, size: int, at: tuple[int, int]) -> NDArray[np.uint8]:
    paper = np.full((size, size), 230, np.uint8)
    big = np.kron(digit, np.ones((3, 3), np.uint8))
    top, left = at
    paper[top : top + len(big), left : left + len(big)] -= (big // 2).astype(np.uint8)
    return paper


def test_a_picture_of_dark_ink_on_light_paper_is_inverted_fitted_and_centred() -> None:
    digit = picture_of(three())
    picture = prepare_picture(on_paper(digit, size=200, at=(90, 20)))
    assert picture is not None
    assert max(extent(picture)) <= BOX
    assert centre(picture) == pytest.approx((14, 14), abs=0.51)
    difference = np.abs(picture.astype(int) - digit)
    assert difference.mean() < 6


def test_light_ink_on_dark_ground_is_taken_as_it_is() -> None:
    digit = picture_of(three())
    large = np.kron(np.pad(digit, 4), np.ones((4, 4), np.uint8)) // 2
    picture = prepare_picture(large.astype(np.uint8))
    assert picture is not None
    assert np.abs(picture.astype(int) - digit).mean() < 3


def test_a_picture_that_is_prepared_already_stays_as_it_is() -> None:
    digit = picture_of(three())
    picture = prepare_picture(digit)
    assert picture is not None
    np.testing.assert_array_equal(picture, digit)


def test_a_prepared_picture_that_was_moved_is_centred_again() -> None:
    digit = picture_of(three())
    moved = prepare_picture(np.roll(digit, 3, axis=1))
    assert moved is not None
    assert np.abs(moved.astype(int) - digit).mean() < 3


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_blank_picture_gives_none(value: int) -> None:
    assert prepare_picture(np.full((40, 30), value, np.uint8)) is None


def test_a_picture_that_is_not_a_picture_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="shape"):
        prepare_picture(np.zeros((3, 3, 3), np.uint8))


def test_a_point_that_is_no_number_at_the_end_of_a_stroke_joins_no_strokes() -> None:
    bars = [Stroke(np.array([(0.0, y), (60.0, y), (100.0, y)])) for y in (0.0, 100.0)]
    ended = [Stroke(np.append(bars[0].points, [(np.nan, 0.0)], axis=0)), bars[1]]
    np.testing.assert_array_equal(picture_of(ended), picture_of(bars))


def test_points_told_twice_change_nothing() -> None:
    points = three()[0].points
    np.testing.assert_array_equal(
        picture_of([Stroke(points.repeat(3, axis=0))]), picture_of([Stroke(points)])
    )


def test_a_single_point_far_away_is_passed_over() -> None:
    turn = np.linspace(0, 6, 40)
    ring = 50 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    spoiled = np.insert(ring, 20, (4000.0, -3000.0), axis=0)
    np.testing.assert_array_equal(picture_of([Stroke(spoiled)]), picture_of([Stroke(ring)]))


def test_a_long_thin_point_of_a_digit_is_kept() -> None:
    # a 1 like an inverted V: its tip is far from both ends, but no jump
    tip = [(-20.0, 100.0 - 5 * n) for n in range(1, 10)] + [(0.0, -100.0)]
    tip += [(20.0, 5.0 * n) for n in range(10, 20)]
    picture = picture_of([Stroke(np.array(tip))])
    assert extent(picture)[0] == BOX


@pytest.mark.parametrize("scale", [1e-200, 1e-30, 1e30, 1e200, 1e306])
def test_the_unit_of_the_points_does_not_matter_however_odd(scale: float) -> None:
    strokes = three(scale=scale)
    picture = picture_of(strokes, standard_width(strokes))
    expected = picture_of(three(), standard_width(three()))
    assert np.abs(picture.astype(int) - expected).mean() < 2


def test_widths_that_are_no_numbers_are_the_full_width() -> None:
    points = three()[0].points
    spoiled = Stroke(points, np.full(len(points), np.nan))
    np.testing.assert_array_equal(picture_of([spoiled]), picture_of([Stroke(points)]))


def test_few_points_are_drawn_as_a_curve_and_two_as_a_line() -> None:
    turn = np.linspace(0, 2 * np.pi, 9)
    sparse, dense = (
        picture_of([Stroke(50 * np.stack([np.cos(at), np.sin(at)], axis=1))], 12.0).astype(int)
        for at in (turn, np.linspace(0, 2 * np.pi, 200))
    )
    # the mass of one may lie on the other side of the middle of a pixel
    moved = (
        np.roll(sparse, (down, across), (0, 1)) for down in (-1, 0, 1) for across in (-1, 0, 1)
    )
    assert min(np.abs(one - dense).mean() for one in moved) < 6
    line = picture_of([Stroke(np.array([(0.0, 0.0), (0.0, 80.0)]))], 8.0)
    assert extent(line)[1] <= 4


def test_the_standard_pen_makes_lines_of_two_pixels_at_any_size() -> None:
    for scale in (0.01, 1.0, 500.0):
        assert standard_width(three(scale=scale)) == pytest.approx(scale * standard_width(three()))
    upright = Stroke(np.array([(0.0, 0.0), (0.0, 100.0)]))
    picture = picture_of([upright], standard_width([upright]))
    assert picture[14].sum() / 255 == pytest.approx(2, abs=0.4)


@pytest.mark.parametrize("strokes", [[], [Stroke(np.empty((0, 2)))], [Stroke(np.ones((3, 2)))]])
def test_a_drawing_without_size_has_a_standard_pen_all_the_same(strokes: list[Stroke]) -> None:
    assert standard_width(strokes) == 1.0
