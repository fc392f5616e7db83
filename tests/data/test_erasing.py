"""Erasing: where rectangles lie and what they leave."""

import numpy as np
import pytest

from nnstudio.data.erasing import DRAWS, Rectangles, erase, rectangles


def test_rows_and_columns_of_the_rectangle_become_background_and_no_others() -> None:
    X = np.ones((2, 3, 4))
    first, last = np.array([1, 0]), np.array([1, 2])
    where = Rectangles(top=first, bottom=last, left=np.array([0, 1]), right=np.array([4, 3]))
    erase(X, where, background=-5)
    assert (X[0] == 1).all()
    np.testing.assert_array_equal(X[1] == -5, [[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]])


@pytest.mark.parametrize("shape", [(28, 28), (1, 9), (2, 2)])
@pytest.mark.parametrize("extreme", [0.0, 1 - 2**-53])
def test_rectangles_lie_inside_the_picture_even_for_extreme_draws(
    shape: tuple[int, int], extreme: float
) -> None:
    draws = np.random.default_rng(0).random((500, DRAWS))
    draws[:250, 1:] = extreme
    where = rectangles(draws, shape, share=1.0, area=1.0)
    assert (where.top >= 0).all()
    assert (where.left >= 0).all()
    assert (where.bottom <= shape[0]).all()
    assert (where.right <= shape[1]).all()
    assert (where.bottom > where.top).all()
    assert (where.right > where.left).all()


def test_height_by_width_lies_between_3_10_and_its_inverse() -> None:
    draws = np.random.default_rng(0).random((2000, DRAWS))
    where = rectangles(draws, (1000, 1000), share=1.0, area=0.1)
    aspect = (where.bottom - where.top) / (where.right - where.left)
    large = draws[:, 1] > 0.1
    assert 0.29 < aspect[large].min() < 0.31
    assert 3.2 < aspect[large].max() < 3.4
