"""Levels: of bytes, of other pictures and of other data, by the training rows alone."""

import numpy as np
import pytest

from nnstudio.data.levels import BYTES, levels_of

SHAPE = 1, 3


def test_bytes_are_pixels_from_0_to_255_whatever_they_hold() -> None:
    inputs = np.full((4, 3), 7, np.uint8)
    for shape in (SHAPE, None):
        assert levels_of(inputs, np.arange(4), image_shape=shape) is BYTES
    assert (BYTES.background, BYTES.spread) == (0, 255)


def test_other_pictures_have_one_range_and_their_lowest_number_as_background() -> None:
    inputs = np.array([[-1.0, 0.0, 0.5], [-0.5, 1.0, 1.0], [-90.0, 90.0, 0.0]])
    levels = levels_of(inputs, np.arange(2), image_shape=SHAPE)
    assert (levels.background, levels.spread) == (-1.0, 2.0)


@pytest.mark.parametrize("count", [50, 5000])
def test_other_data_have_the_deviation_of_each_input_of_the_training_rows(count: int) -> None:
    generator = np.random.default_rng(0)
    inputs = generator.normal([1, 2, 3], [1, 0.1, 10], (count + 5, 3)).astype(np.float32)
    inputs[count:] = 1e6
    levels = levels_of(inputs, np.arange(count), image_shape=None)
    assert levels.background == 0
    expected = inputs[:count].std(axis=0, dtype=np.float64)
    np.testing.assert_allclose(levels.spread, expected, rtol=1e-9)


def test_data_without_training_rows_have_levels_too() -> None:
    assert levels_of(np.ones((2, 3)), np.arange(0), image_shape=None) is BYTES
