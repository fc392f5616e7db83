import numpy as np
import pytest

from nnstudio.runs.valleys import VALLEYS, Valley


@pytest.mark.parametrize("valley", VALLEYS, ids=lambda one: one.kind)
def test_the_slope_of_a_valley_is_that_of_its_height(valley: Valley) -> None:
    generator = np.random.default_rng(2)
    for x, y in zip(generator.uniform(*valley.x, 5), generator.uniform(*valley.y, 5), strict=True):
        h = 1e-6
        place = np.array([x, y])
        along = (valley.height(x + h, y) - valley.height(x - h, y)) / (2 * h)
        across = (valley.height(x, y + h) - valley.height(x, y - h)) / (2 * h)
        assert valley.slope(place) == pytest.approx((along, across), rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("valley", VALLEYS, ids=lambda one: one.kind)
def test_nothing_that_is_seen_of_a_valley_lies_under_its_lowest_place(valley: Valley) -> None:
    assert valley.lowest is not None
    x, y = np.meshgrid(np.linspace(*valley.x, 81), np.linspace(*valley.y, 81))
    lowest = valley.height(*(np.array(one) for one in valley.lowest))
    assert valley.height(x, y).min() >= lowest - 1e-12
    assert valley.slope(np.array(valley.lowest)) == pytest.approx((0, 0), abs=1e-12)


def test_every_valley_has_a_kind_of_its_own() -> None:
    assert len({one.kind for one in VALLEYS}) == len(VALLEYS)
