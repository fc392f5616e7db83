"""Averaging keeps the mean, and a picture that is small enough comes back as it is."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.data.resampling import averaging, resampled, shrunk


@given(st.integers(1, 60), st.integers(1, 60))
def test_every_row_averages_and_every_old_pixel_counts_alike(old: int, new: int) -> None:
    matrix = averaging(old, new)
    np.testing.assert_allclose(matrix.sum(axis=1), 1)
    np.testing.assert_allclose(matrix.sum(axis=0), new / old)


def test_halving_takes_the_mean_of_four() -> None:
    picture = np.arange(16).reshape(4, 4)
    np.testing.assert_allclose(resampled(picture, height=2, width=2), [[2.5, 4.5], [10.5, 12.5]])


def test_a_large_picture_keeps_its_aspect() -> None:
    assert shrunk(np.zeros((300, 100), np.uint8), 60).shape == (60, 20)
    assert shrunk(np.zeros((5000, 2), np.uint8), 60).shape == (60, 1)


def test_a_small_picture_comes_back_itself() -> None:
    picture = np.zeros((30, 40), np.uint8)
    assert shrunk(picture, 40) is picture
