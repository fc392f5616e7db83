"""A mosaic is true: every value in its place and colour, at every size."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.gui.widgets.mosaic import (
    SMALLEST_TILE,
    Arrangement,
    Look,
    arrange,
    compose,
    hatched,
    resampling,
)

GREYS = Look(colours=np.arange(256, dtype=np.uint32), ground=1000, unknown=2000, hatch=3000)


def composed(tiles: np.ndarray, limit: float, arrangement: Arrangement) -> np.ndarray:
    return compose(tiles, np.full(len(tiles), limit), arrangement, look=GREYS)


@given(
    count=st.integers(1, 600),
    width=st.integers(30, 2000),
    height=st.integers(30, 1500),
    ratio=st.sampled_from([1.0, 1.5, 2.0]),
    shape=st.sampled_from([(28, 28), (1, 10), (30, 7), (200, 300)]),
)
def test_tiles_fill_the_room_and_are_never_tiny(
    count: int, width: int, height: int, ratio: float, shape: tuple[int, int]
) -> None:
    made = arrange(count, shape=shape, room=(width, height), ratio=ratio)
    assert max(made.width, made.height) >= int(SMALLEST_TILE * ratio)
    fits = made.size[0] <= width and made.size[1] <= height
    too_small_for_one = min(width, height) < SMALLEST_TILE * ratio * 2
    assert fits or too_small_for_one
    assert made.capacity >= 1


def test_the_default_layer_fits_on_one_page_of_the_default_window() -> None:
    made = arrange(128, shape=(28, 28), room=(670, 334), ratio=1.0)
    assert made.capacity >= 128
    assert made.width >= 40


def test_many_units_are_put_on_pages() -> None:
    made = arrange(1000, shape=(28, 28), room=(300, 200), ratio=1.0)
    assert made.width == SMALLEST_TILE
    assert made.capacity < 1000


def test_a_point_is_found_in_the_tile_that_is_drawn_there() -> None:
    made = Arrangement(columns=3, rows=2, width=10, height=8, gap=2)
    assert made.hit(13, 9) is None
    assert made.hit(12, 10) == (4, 0.0, 0.0)
    found = made.hit(21.5, 17.9)
    assert found is not None
    assert found[0] == 4
    assert found[1:] == pytest.approx((0.95, 0.9875))
    assert made.hit(40, 3) is None
    assert made.hit(-1, 3) is None
    assert made.place(4) == (12, 10)


@given(old=st.integers(1, 60), new=st.integers(1, 200))
def test_resampling_keeps_a_constant_constant(old: int, new: int) -> None:
    np.testing.assert_allclose(resampling(old, new).sum(axis=1), 1, rtol=1e-5)


def test_whole_factors_from_three_keep_pixels_whole() -> None:
    stretched = resampling(2, 6) @ np.array([0.0, 1.0])
    assert stretched.tolist() == [0, 0, 0, 1, 1, 1]


def test_broken_factors_are_smooth() -> None:
    stretched = resampling(2, 5) @ np.array([0.0, 1.0])
    assert np.all(np.diff(stretched) >= 0)
    assert 0 < stretched[2] < 1


def test_every_value_lies_in_its_place_with_its_colour() -> None:
    tiles = np.array([[[-1.0, 1.0]], [[0.0, 0.5]], [[5.0, -5.0]]])
    picture = composed(tiles, 1.0, Arrangement(columns=2, rows=2, width=2, height=1, gap=1))
    assert picture.tolist() == [
        [0, 255, 1000, 127, 191, 1000],
        [1000] * 6,
        [255, 0, 1000, 1000, 1000, 1000],
        [1000] * 6,
    ]


def test_each_tile_may_have_a_scale_of_its_own() -> None:
    tiles = np.array([[[1.0]], [[10.0]]])
    arrangement = Arrangement(columns=2, rows=1, width=1, height=1, gap=1)
    picture = compose(tiles, np.array([1.0, 10.0]), arrangement, look=GREYS)
    assert picture[0].tolist() == [255, 1000, 255, 1000]


def test_what_is_not_finite_has_a_colour_of_its_own_and_stays_where_it_is() -> None:
    tiles = np.zeros((1, 2, 2))
    tiles[0, 0, 1] = np.nan
    tiles[0, 1, 0] = np.inf
    picture = composed(tiles, 1.0, Arrangement(columns=1, rows=1, width=6, height=6, gap=1))
    assert np.all(picture[:3, 3:6] == 2000)
    assert np.all(picture[3:6, :3] == 2000)
    assert np.all(picture[:3, :3] == 127)


def test_a_scale_of_zero_shows_zero() -> None:
    picture = composed(
        np.zeros((1, 1, 1)), 0.0, Arrangement(columns=1, rows=1, width=1, height=1, gap=1)
    )
    assert picture[0, 0] == 127


def test_hatching_lies_only_over_the_mask() -> None:
    mask = np.array([[True, False]])
    arrangement = Arrangement(columns=1, rows=1, width=20, height=10, gap=2)
    lines = hatched(mask, arrangement, ratio=1.0)
    assert lines[:, :10].any()
    assert not lines[:, :10].all()
    assert not lines[:, 10:].any()
    tiles = np.zeros((1, 1, 2))
    painted = compose(tiles, np.ones(1), arrangement, look=GREYS, hatching=lines)
    assert set(painted[:10, :20][lines].tolist()) == {3000}


def test_the_tiles_are_not_changed() -> None:
    tiles = np.full((2, 3, 3), 7.0, dtype=np.float32)
    composed(tiles, 1.0, Arrangement(columns=2, rows=1, width=9, height=9, gap=1))
    assert np.all(tiles == 7)


def test_a_layer_of_128_pictures_is_composed_within_a_frame() -> None:
    tiles = np.random.default_rng(0).normal(size=(128, 28, 28)).astype(np.float32)
    arrangement = arrange(128, shape=(28, 28), room=(670, 334), ratio=1.0)
    spent = []
    for _ in range(10):
        start = time.thread_time()
        composed(tiles, 2.0, arrangement)
        spent.append(time.thread_time() - start)
    assert min(spent) < 0.008
