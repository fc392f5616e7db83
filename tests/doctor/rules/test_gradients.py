"""How a wrong gradient is told from one that is only scaled."""

from math import inf, isfinite

import pytest

from nnstudio.doctor.rules.gradients import ONLY_SCALED, _off_direction


@pytest.mark.parametrize("factor", [2.0, 0.1, -1.0, 64.0])
def test_a_gradient_that_is_only_scaled_points_the_right_way(factor: float) -> None:
    error = abs(factor - 1) / max(1.0, abs(factor))
    assert _off_direction(error, factor) < ONLY_SCALED


@pytest.mark.parametrize("factor", [2.4e286, -1e300, 0.0, 1e-12, inf, float("nan")])
def test_no_factor_is_too_large_or_too_small_to_be_judged(factor: float) -> None:
    assert not isfinite(_off_direction(0.9999999, factor))
