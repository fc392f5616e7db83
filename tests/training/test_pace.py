import pytest

from nnstudio.training.pace import Pace


def test_nothing_is_known_before_the_first_steps() -> None:
    pace = Pace()
    assert pace.samples_per_second is None
    assert pace.seconds_for(10) is None


def test_an_even_pace_is_given_as_it_is() -> None:
    pace = Pace()
    for _ in range(50):
        pace.add(steps=10, samples=320, seconds=0.04)
    assert pace.samples_per_second == pytest.approx(8000)
    assert pace.seconds_for(1000) == pytest.approx(4.0)


def test_what_was_long_ago_is_forgotten() -> None:
    pace = Pace()
    for seconds in [1.0] * 20 + [0.1] * 200:
        pace.add(steps=1, samples=100, seconds=seconds)
    assert pace.samples_per_second == pytest.approx(1000, rel=0.01)


def test_one_slow_step_does_not_make_the_speed_jump() -> None:
    pace = Pace()
    for _ in range(100):
        pace.add(steps=1, samples=100, seconds=0.1)
    pace.add(steps=1, samples=100, seconds=0.2)
    assert pace.samples_per_second == pytest.approx(1000, rel=0.1)
