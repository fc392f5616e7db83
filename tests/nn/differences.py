"""Derivatives by central differences, independent of the code that they are compared with."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


def numerical_gradient(function: Callable[[Array], float], at: Array) -> Array:
    """Give the gradient of `function` at the array `at`, with Richardson's extrapolation."""
    found = np.empty_like(at)
    moved = at.copy()
    for place in np.ndindex(at.shape):
        coarse, fine = (_difference(function, moved, place, step) for step in (2e-4, 1e-4))
        found[place] = (4 * fine - coarse) / 3
    return found


def _difference(
    function: Callable[[Array], float], moved: Array, place: tuple[int, ...], step: float
) -> float:
    before = moved[place]
    moved[place] = before + step
    value = function(moved)
    moved[place] = before - step
    value -= function(moved)
    moved[place] = before
    return value / (2 * step)


def assert_gradient(found: Array, expected: Array, *, scale: float = 1.0) -> None:
    """Fail unless the relative error is at most 1e-6; 1e-10 of `scale` is rounding."""
    size = max(float(np.linalg.norm(found)), float(np.linalg.norm(expected)))
    error = float(np.linalg.norm(found - expected))
    assert error <= 1e-6 * size + 1e-10 * scale, (found, expected)


def smooth_gradient(
    function: Callable[[Array], float], at: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Give the gradient of `function` at `at`, and which entries of it there are.

    An entry near a kink has no derivative: either the quotients of the two step lengths differ, or
    the second difference by its step, which halves with the step where all is smooth, does not.
    """
    moved = at.copy()
    here = function(moved)
    found, smooth = np.empty_like(at), np.empty(at.shape, np.bool_)
    steps = (2e-5, 1e-5)
    noise = 1e-15 * (1 + abs(here)) / steps[1]
    for place in np.ndindex(at.shape):
        before = moved[place]
        slopes, bends = [], []
        for step in steps:
            moved[place] = before + step
            above = function(moved) - here
            moved[place] = before - step
            below = here - function(moved)
            slopes.append((above + below) / (2 * step))
            bends.append((above - below) / step)
        moved[place] = before
        found[place] = (4 * slopes[1] - slopes[0]) / 3
        size = 1e-6 * abs(slopes[1]) + noise
        smooth[place] = max(abs(slopes[0] - slopes[1]), abs(bends[0] - 2 * bends[1])) <= size
    return found, smooth


def assert_gradient_where_smooth(
    found: Array, function: Callable[[Array], float], at: Array, *, scale: float = 1.0
) -> None:
    """Fail unless `found` is the gradient of `function` at `at`, in all entries that there are."""
    expected, smooth = smooth_gradient(function, at)
    size = float(np.linalg.norm(expected[smooth]))
    error = float(np.linalg.norm((found - expected)[smooth]))
    # a kink smaller than rounding looks smooth, in each of the entries
    assert error <= 1e-6 * size + 1e-10 * scale * found.size**0.5, (found, expected, smooth)
