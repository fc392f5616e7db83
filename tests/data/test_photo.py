"""Photos of digits, made of strokes on paper that is lit, lined and noisy in known ways."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnstudio.data.photo import LARGEST_SIDE, read_photo
from nnstudio.data.strokes import Stroke, prepare

ZERO = [(50 + 40 * np.sin(turn), 50 - 50 * np.cos(turn)) for turn in np.linspace(0, 6.3, 60)]
SEVEN = [(0.0, 0.0), (60.0, 0.0), (25.0, 100.0)]
PEN = 9.0


def inked(
    *digits: list[tuple[float, float]], pen: float = PEN, size: tuple[int, int] = (200, 300)
) -> np.ndarray:
    """Give the share of ink in each pixel: digits 100 high, one beside the other."""
    down, across = np.mgrid[: size[0], : size[1]]
    nearest = np.full(size, np.inf)
    left = 40.0
    for digit in digits:
        path = np.array(digit) + np.array([left, 50])
        along = np.linspace(0, len(path) - 1, 300)
        for at in along:
            x, y = (np.interp(at, np.arange(len(path)), path[:, axis]) for axis in (0, 1))
            nearest = np.minimum(nearest, np.hypot(across - x, down - y))
        left += float(np.ptp(path[:, 0])) + 40
    return np.clip(pen / 2 + 0.5 - nearest, 0, 1)


def photo(ink: np.ndarray, *, paper: np.ndarray | float = 210.0, noise: float = 3.0) -> np.ndarray:
    values = paper * (1 - 0.7 * ink) + np.random.default_rng(0).normal(0, noise, ink.shape)
    return np.clip(values, 0, 255).astype(np.uint8)


def expected(digit: list[tuple[float, float]]) -> np.ndarray:
    drawn = prepare([Stroke(np.array(digit, float))], width=PEN)
    assert drawn is not None
    return drawn


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """Give the best correlation; rounding may centre the two a pixel apart."""
    moved = [
        np.roll(other, (down, right), (0, 1)).reshape(-1)
        for down in (-1, 0, 1)
        for right in (-1, 0, 1)
    ]
    return float(max(np.corrcoef(one.reshape(-1), it)[0, 1] for it in moved))


def papers() -> dict[str, np.ndarray | float]:
    down, across = np.mgrid[:200, :300]
    lined = np.full((200, 300), 215.0)
    lined[20::35] = 150
    squared = lined.copy()
    squared[:, 10::35] = 170
    return {
        "even": 210.0,
        "dim": 110.0,
        "darker to one side": 230.0 - 0.4 * across,
        "half in shadow": np.where(across + down > 230, 220.0, 120.0),
        "lined": lined,
        "squared": squared,
    }


@pytest.mark.parametrize("paper", papers())
@pytest.mark.parametrize("digit", [ZERO, SEVEN], ids=["0", "7"])
def test_a_digit_on_any_paper_is_what_a_drawing_of_it_is(
    paper: str, digit: list[tuple[float, float]]
) -> None:
    found = read_photo(photo(inked(digit), paper=papers()[paper]))
    assert len(found.results) == 1
    assert alike(found.results[0], expected(digit)) > 0.9
    assert found.result is not None
    np.testing.assert_array_equal(found.result, found.results[0])


def test_chalk_on_a_blackboard_is_read_as_ink_on_paper() -> None:
    found = read_photo(255 - photo(inked(SEVEN)))
    assert [alike(one, expected(SEVEN)) > 0.9 for one in found.results] == [True]


def test_several_digits_come_from_left_to_right() -> None:
    found = read_photo(photo(inked(SEVEN, ZERO)))
    assert len(found.results) == 2
    first, second = found.boxes
    assert first.right < second.left
    assert abs(first.height - 109) < 4
    assert [
        alike(one, expected(it)) > 0.9 for one, it in zip(found.results, (SEVEN, ZERO), strict=True)
    ] == [
        True,
        True,
    ]


def test_specks_and_the_edge_of_the_table_are_not_read() -> None:
    picture = photo(inked(ZERO))
    picture[150:153, 250:252] = 60
    picture[10, 10] = 0
    found = read_photo(picture)
    assert len(found.results) == 1
    assert alike(found.results[0], expected(ZERO)) > 0.9


@pytest.mark.parametrize("lean", [0.14, -0.14])
def test_the_table_in_the_corners_is_not_read(lean: float) -> None:
    rows, columns = np.mgrid[:300, :400] - np.array([150, 200])[:, None, None]
    paper = (abs(columns + lean * rows) < 200) & (abs(rows - lean * columns) < 150)
    ink = np.roll(inked(SEVEN, size=(300, 400)), (40, 120), (0, 1))
    found = read_photo(photo(np.where(paper, ink, 0.0), paper=np.where(paper, 210.0, 60.0)))
    assert len(found.results) == 1
    assert alike(found.results[0], expected(SEVEN)) > 0.85


def test_a_thin_line_becomes_as_wide_as_a_pen_draws() -> None:
    found = read_photo(photo(inked(ZERO, pen=3.0)))
    assert len(found.results) == 1
    ink = found.results[0].astype(float).sum() / 255
    assert ink > 0.7 * expected(ZERO).astype(float).sum() / 255


@pytest.mark.parametrize(
    "blank",
    [
        np.full((120, 90), 255, np.uint8),
        np.zeros((120, 90), np.uint8),
        photo(np.zeros((200, 300)), noise=6),
        np.zeros((1, 1), np.uint8),
        np.full((1, 900), 255, np.uint8),
    ],
    ids=["white", "black", "noise", "a pixel", "a row"],
)
def test_blank_paper_has_no_digit(blank: np.ndarray) -> None:
    found = read_photo(blank)
    assert found.results == ()
    assert found.result is None
    assert found.stages


def test_every_stage_is_shown_with_a_title_of_its_own() -> None:
    found = read_photo(photo(inked(ZERO)))
    titles = [str(one.title) for one in found.stages]
    assert len(titles) == len(set(titles)) == 6
    assert all(one.picture.dtype == np.uint8 for one in found.stages)
    assert found.stages[-1].picture.shape == (28, 28)


def test_a_huge_photo_is_made_smaller_first() -> None:
    found = read_photo(np.kron(photo(inked(ZERO)), np.ones((5, 5), np.uint8)))
    assert max(found.stages[0].picture.shape) == LARGEST_SIDE
    assert alike(found.results[0], expected(ZERO)) > 0.9


@settings(max_examples=60)
@given(
    arrays(
        np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.integers(0, 255)
    )
)
def test_whatever_the_picture_its_reading_is_a_picture_or_none(picture: np.ndarray) -> None:
    found = read_photo(picture)
    assert all(one.shape == (28, 28) and one.any() for one in found.results)


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="a picture of shape"):
        read_photo(np.zeros((0, 4), np.uint8))


def test_gravel_is_given_up_soon() -> None:
    gravel = np.where(np.random.default_rng(0).random((300, 300)) < 0.02, 20, 240).astype(np.uint8)
    assert len(read_photo(gravel).results) <= 64


def test_a_tall_stem_is_no_ruled_line() -> None:
    grey = np.full((300, 420), 220, np.uint8)
    grey[40:260, 90:102] = 40
    grey[40:260, 290:302] = 40
    assert len(read_photo(grey).results) == 2
