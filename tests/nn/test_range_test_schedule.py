"""The schedule of the range test: even steps in decades, from the base rate to its multiple."""

import numpy as np
import pytest

from nnstudio.nn.schedules import Progress, RangeTest


def test_the_rate_rises_by_equal_factors_to_the_last_step() -> None:
    run = Progress(total_steps=61, steps_per_epoch=10)
    factors = [RangeTest(rise=1e6).factor(step, run) for step in range(61)]
    assert factors[0] == 1.0
    assert factors[-1] == pytest.approx(1e6)
    assert np.diff(np.log10(factors)) == pytest.approx(np.full(60, 0.1))


def test_beyond_the_end_it_rises_no_further() -> None:
    run = Progress(total_steps=5, steps_per_epoch=5)
    assert RangeTest(rise=100).factor(50, run) == pytest.approx(100)


def test_a_test_of_one_step_has_a_rate() -> None:
    assert RangeTest().factor(0, Progress(total_steps=1, steps_per_epoch=1)) == 1.0


def test_it_refuses_a_run_without_a_known_end() -> None:
    assert RangeTest().needs_end
    with pytest.raises(ValueError, match="no known end"):
        RangeTest().factor(0, Progress(total_steps=None, steps_per_epoch=10))
