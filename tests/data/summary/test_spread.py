"""How numbers are spread: counts, mean and ends are those of plain sums."""

from typing import Any

import numpy as np
import pytest

from nnstudio.data.preprocessing import FittedScaling
from nnstudio.data.summary import spread
from nnstudio.data.summary.spread import Distribution, distribution, input_ends, of_numbers

GENERATOR = np.random.default_rng(6)


def known(found: Distribution | None) -> Distribution:
    assert found is not None
    return found


def agrees(found: Distribution, numbers: Any) -> None:
    flat = numbers.astype(float).ravel()
    assert found.counts.tolist() == np.histogram(flat, found.edges)[0].tolist()
    assert (found.low, found.high) == (flat.min(), flat.max())
    assert found.mean == pytest.approx(flat.mean())
    assert found.deviation == pytest.approx(flat.std())
    assert found.zeros == np.count_nonzero(flat == 0)


@pytest.mark.parametrize("inputs", [7, 8])
def test_bytes_are_all_counted(inputs: int) -> None:
    pixels = GENERATOR.integers(0, 256, (2101, inputs), dtype=np.uint8)
    rows = np.arange(0, 2101, 3)
    found = known(distribution(pixels, rows))
    agrees(found, pixels[rows])
    assert found.samples == len(rows)
    assert found.edges[-1] == 255


def test_floats_are_counted_between_their_own_ends() -> None:
    numbers = GENERATOR.normal(size=(300, 4))
    agrees(known(distribution(numbers, np.arange(300))), numbers)


def test_a_common_factor_changes_edges_and_moments_alone() -> None:
    pixels = GENERATOR.integers(0, 256, (50, 4), dtype=np.uint8)
    found = known(distribution(pixels, np.arange(50))).times(1 / 255)
    assert found.mean == pytest.approx(pixels.mean() / 255)
    assert found.deviation == pytest.approx(pixels.std() / 255)
    assert found.counts.sum() == 200
    assert found.edges[-1] == pytest.approx(1)


def test_a_scaling_of_each_input_is_done_before_the_count() -> None:
    numbers = GENERATOR.normal(size=(200, 2)) * np.array([1.0, 50.0]) + 3
    scaling = FittedScaling(1 / numbers.std(axis=0), -numbers.mean(axis=0) / numbers.std(axis=0))
    found = known(distribution(numbers, np.arange(200), scaling=scaling))
    assert found.mean == pytest.approx(0, abs=1e-9)
    assert found.deviation == pytest.approx(1)


def test_of_very_many_numbers_some_samples_are_counted_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spread, "MOST_NUMBERS", 400)
    found = known(distribution(GENERATOR.normal(size=(1000, 4)), np.arange(1000)))
    assert found.samples == 100
    assert found.counts.sum() == 400


def test_what_is_no_number_is_counted_apart() -> None:
    found = known(of_numbers(np.array([1.0, np.nan, np.inf, 2.0])))
    assert (found.lost, found.low, found.high) == (2, 1.0, 2.0)
    assert of_numbers(np.array([np.nan])) is None
    assert distribution(np.zeros((3, 2)), np.empty(0, np.int64)) is None


def test_equal_numbers_lie_in_the_middle_of_their_axis() -> None:
    found = known(of_numbers(np.full(5, 2.0)))
    assert (found.edges[0], found.edges[-1]) == (1.0, 3.0)


def test_each_input_has_its_ends() -> None:
    numbers = GENERATOR.normal(size=(1500, 3))
    ends = input_ends(numbers, np.arange(1, 1500))
    assert ends is not None
    assert np.array_equal(ends[0], numbers[1:].min(axis=0))
    assert np.array_equal(ends[1], numbers[1:].max(axis=0))
    assert input_ends(numbers, np.empty(0, np.int64)) is None


@pytest.mark.parametrize(
    "numbers",
    [
        [1.0, 1.0 + 2.2e-16],
        [1.7e308, 1.0],
        [1e308, -1e308],
        [1.7e308],
        [5e-324, 0.0],
        [-1e-310, 1e-310],
    ],
)
def test_numbers_that_are_hard_to_tell_apart_or_very_large_are_all_counted(
    numbers: list[float],
) -> None:
    found = known(of_numbers(np.array(numbers)))
    assert found.counts.sum() == len(numbers)
    assert np.isfinite(found.edges).all()
    assert found.edges[0] <= min(numbers) <= max(numbers) <= found.edges[-1]
    assert np.isfinite([found.mean, found.deviation]).all()
