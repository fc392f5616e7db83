"""A thinned curve hides nothing: a column shows the minimum and the maximum of its numbers."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from nnstudio.gui.widgets.plot.decimation import Pyramid

columns = hnp.arrays(
    np.float64,
    st.integers(1, 1500),
    elements=st.sampled_from([0.5, -1.0, 3.0, 1e6, np.nan, np.inf, 0.25, 7.0]),
)


def pyramid_of(values: NDArray[np.floating], cuts: list[int]) -> Pyramid:
    pyramid = Pyramid()
    for cut in sorted({min(cut, len(values)) for cut in cuts} | {len(values)}):
        pyramid.extend(values[:cut])
    return pyramid


@given(columns, st.lists(st.integers(0, 1500), max_size=6), st.integers(2, 40))
def test_a_column_of_the_band_has_the_true_minimum_and_maximum(
    values: NDArray[np.floating], cuts: list[int], count: int
) -> None:
    pyramid = pyramid_of(values, cuts)
    edges = pyramid.rounded(np.linspace(0, len(values), count + 1))
    band = pyramid.reduce(edges[:-1], edges[1:])
    for at, (start, stop) in enumerate(pairwise(edges)):
        part = values[start:stop]
        part = part[np.isfinite(part)]
        assert band.count[at] == len(part)
        if len(part):
            assert (band.low[at], band.high[at]) == (part.min(), part.max())
            assert band.total[at] == pytest.approx(part.sum())
        else:
            assert np.isnan(band.low[at])
            assert np.isnan(band.mean[at])


@given(st.integers(2, 5000), st.integers(2, 300))
def test_the_columns_cover_everything_once(size: int, count: int) -> None:
    pyramid = pyramid_of(np.zeros(size), [])
    edges = pyramid.rounded(np.linspace(0, size, count + 1))
    assert (edges[0], edges[-1]) == (0, size)
    assert (np.diff(edges) > 0).all()


@given(columns, st.lists(st.integers(1, 1500), max_size=6))
def test_taking_a_column_in_pieces_gives_what_taking_it_whole_gives(
    values: NDArray[np.floating], cuts: list[int]
) -> None:
    edges = np.linspace(0, len(values), 7).astype(int)
    pieces = pyramid_of(values, cuts).reduce(edges[:-1], edges[1:])
    whole = pyramid_of(values, []).reduce(edges[:-1], edges[1:])
    np.testing.assert_array_equal(pieces.low, whole.low)
    np.testing.assert_allclose(pieces.total, whole.total)


def test_a_single_spike_among_a_million_is_seen() -> None:
    values = np.zeros(1_000_000, np.float32)
    values[654_321] = 9.0
    pyramid = pyramid_of(values, [10, 1000, 400_000])
    edges = pyramid.rounded(np.linspace(0, len(values), 151))
    assert 140 <= len(edges) <= 151
    band = pyramid.reduce(edges[:-1], edges[1:])
    assert (band.high == 9.0).sum() == 1


def test_the_smoothed_start_of_a_steep_curve_is_its_first_value() -> None:
    values = np.linspace(5, 0, 400)
    smoothed = pyramid_of(values, []).smooth([0, 200], 50)
    assert smoothed[0] == 5
    assert smoothed[1] == pytest.approx(values[200], abs=0.05)


def test_smoothing_takes_the_mean_of_the_window_and_not_of_what_is_drawn() -> None:
    values = np.random.default_rng(1).normal(size=20_000)
    smoothed = pyramid_of(values, [5000]).smooth([10_000], 1000)
    assert smoothed[0] == pytest.approx(values[9000:11_001].mean(), abs=0.01)


def test_a_hole_in_the_curve_stays_a_hole() -> None:
    values = np.full(1000, np.nan)
    values[:10] = 1
    smoothed = pyramid_of(values, []).smooth([5, 900], 3)
    assert smoothed[0] == 1
    assert np.isnan(smoothed[1])


def test_a_column_that_shrinks_is_refused() -> None:
    pyramid = pyramid_of(np.zeros(10), [])
    with pytest.raises(ValueError, match="from 10 to 9"):
        pyramid.extend(np.zeros(9))
