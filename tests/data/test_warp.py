"""Warp: resampling agrees with a slow loop; whole pixels and right angles are exact."""

from math import floor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnstudio.data.warp import Warp, bumps

SHAPES = [(28, 28), (5, 9), (1, 4), (40, 3)]


def identity(count: int) -> NDArray[np.float64]:
    affine = np.zeros((count, 2, 3))
    affine[:, 0, 0] = affine[:, 1, 1] = 1
    return affine


def pictures(count: int, shape: tuple[int, int], dtype: Any = np.float32) -> NDArray[Any]:
    drawn = np.random.default_rng(3).uniform(0, 255, (count, shape[0] * shape[1]))
    return drawn.astype(dtype)


def slowly(
    picture: NDArray[Any], affine: NDArray[Any], moved: NDArray[Any] | None
) -> NDArray[np.float64]:
    """Sample one picture pixel by pixel, from the definition of bilinear interpolation."""
    height, width = picture.shape
    found = np.zeros(picture.shape)

    def at(row: int, column: int) -> float:
        inside = 0 <= row < height and 0 <= column < width
        return float(picture[row, column]) if inside else 0.0

    for row in range(height):
        for column in range(width):
            r, c = row - (height - 1) / 2, column - (width - 1) / 2
            y, x = (one[0] * r + one[1] * c + one[2] for one in affine)
            y, x = y + (height - 1) / 2, x + (width - 1) / 2
            if moved is not None:
                y, x = y + moved[0, row, column], x + moved[1, row, column]
            top, left = floor(y), floor(x)
            down, across = y - top, x - left
            found[row, column] = (1 - down) * (
                (1 - across) * at(top, left) + across * at(top, left + 1)
            ) + down * ((1 - across) * at(top + 1, left) + across * at(top + 1, left + 1))
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_any_affine_map_and_displacement_is_bilinear_sampling(shape: tuple[int, int]) -> None:
    generator = np.random.default_rng(1)
    count = 3
    warp = Warp(shape, smoothness=2.5, dtype=np.float64)
    affine = identity(count) + generator.normal(0, 0.4, (count, 2, 3))
    affine[:, :, 2] *= 5
    drawn = generator.normal(0, 1.5, (count, 2, *warp.nodes))
    X = pictures(count, shape, np.float64)
    rows, columns = (bumps(size, 2.5) for size in shape)
    expected = [
        slowly(one.reshape(shape), linear, rows @ coefficients @ columns.T).ravel()
        for one, linear, coefficients in zip(X, affine, drawn, strict=True)
    ]
    warp.apply(X, affine, drawn)
    np.testing.assert_allclose(X, expected, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_identity_changes_no_bit(shape: tuple[int, int], dtype: Any) -> None:
    X = pictures(70, shape, dtype)
    before = X.copy()
    Warp(shape, smoothness=None, dtype=dtype).apply(X, identity(70))
    np.testing.assert_array_equal(X, before)


@given(down=st.integers(-30, 30), across=st.integers(-30, 30))
def test_shifts_by_whole_pixels_are_exact_and_fill_with_0(down: int, across: int) -> None:
    shape = 11, 17
    X = pictures(2, shape)
    expected = np.zeros((2, *shape), np.float32)
    for row in range(shape[0]):
        for column in range(shape[1]):
            if 0 <= row - down < shape[0] and 0 <= column - across < shape[1]:
                expected[:, row, column] = X.reshape(2, *shape)[:, row - down, column - across]
    affine = identity(2)
    affine[:, :, 2] = -down, -across
    Warp(shape, smoothness=None, dtype=np.float32).apply(X, affine)
    np.testing.assert_array_equal(X.reshape(2, *shape), expected)


def test_more_pictures_than_a_chunk_holds_are_sampled_as_each_alone() -> None:
    generator = np.random.default_rng(5)
    affine = identity(75) + generator.normal(0, 0.2, (75, 2, 3))
    warp = Warp((28, 28), smoothness=4.0, dtype=np.float64)
    drawn = generator.normal(0, 1, (75, 2, *warp.nodes))
    X = pictures(75, (28, 28), np.float64)
    alone = X.copy()
    warp.apply(X, affine, drawn)
    for row in range(75):
        warp.apply(alone[row : row + 1], affine[row : row + 1], drawn[row : row + 1])
    np.testing.assert_allclose(X, alone, atol=1e-9)


def test_what_was_sampled_before_leaves_nothing_behind() -> None:
    warp = Warp((28, 28), smoothness=4.0, dtype=np.float32)
    affine = identity(3)
    bright = np.full((3, 784), 255, np.float32)
    moved = np.ones((3, 2, *warp.nodes), np.float32)
    warp.apply(bright, affine * 1.3, moved)
    X = pictures(3, (28, 28))
    before = X.copy()
    warp.apply(X, affine, np.zeros_like(moved))
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize("smoothness", [1.0, 3.0, 5.0, 30.0])
def test_bumps_give_each_pixel_variance_1_and_neighbours_the_covariance_of_simard(
    smoothness: float,
) -> None:
    basis = bumps(28, smoothness)
    covariance = basis @ basis.T
    np.testing.assert_allclose(np.diag(covariance), 1)
    distance = np.arange(28)[:, None] - np.arange(28)
    np.testing.assert_allclose(covariance, np.exp(-(distance**2) / (4 * smoothness**2)), atol=0.006)
