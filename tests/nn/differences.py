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
