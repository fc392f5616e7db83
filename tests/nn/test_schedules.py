import json
from pathlib import Path

import pytest

from nnstudio.nn.schedules import (
    Constant,
    Cosine,
    LinearWarmUp,
    NoWarmUp,
    Progress,
    rate_factor,
)

ORACLE = Path(__file__).parents[1] / "oracles" / "torch_values.json"
RUN = Progress(total_steps=100, steps_per_epoch=10)


def test_constant_is_one_throughout_and_needs_no_end() -> None:
    assert [Constant().factor(step, Progress(None, 10)) for step in (0, 1, 10**9)] == [1, 1, 1]
    assert not Constant().needs_end


def test_cosine_falls_from_one_to_the_final_factor() -> None:
    schedule = Cosine(final=0.2)
    factors = [schedule.factor(step, RUN) for step in range(101)]
    assert factors[0] == 1
    assert factors[50] == pytest.approx(0.6)
    assert factors[100] == pytest.approx(0.2)
    assert factors == sorted(factors, reverse=True)


def test_cosine_gives_the_values_of_pytorch() -> None:
    frozen = json.loads(ORACLE.read_text(encoding="utf-8"))["cosine"]
    schedule, run = Cosine(final=frozen["final"]), Progress(frozen["total"], 5)
    found = [schedule.factor(step, run) for step in range(len(frozen["factors"]))]
    assert found == pytest.approx(frozen["factors"], abs=1e-12)


def test_a_stepwise_cosine_changes_once_an_epoch() -> None:
    schedule = Cosine(stepwise=True)
    factors = [schedule.factor(step, RUN) for step in range(100)]
    assert all(len(set(factors[start : start + 10])) == 1 for start in range(0, 100, 10))
    assert factors[::10] == [Cosine().factor(step, RUN) for step in range(0, 100, 10)]


def test_an_epoch_that_the_end_cuts_short_counts_as_one() -> None:
    run = Progress(total_steps=25, steps_per_epoch=10)
    assert Cosine(stepwise=True).factor(20, run) == pytest.approx(0.25)


def test_cosine_stays_at_the_final_factor_beyond_the_end() -> None:
    assert Cosine(final=0.3).factor(500, RUN) == pytest.approx(0.3)


def test_cosine_refuses_a_run_without_a_known_end() -> None:
    assert Cosine().needs_end
    with pytest.raises(ValueError, match="no known end"):
        Cosine().factor(0, Progress(total_steps=None, steps_per_epoch=10))


def test_a_warm_up_multiplies_the_schedule_until_its_last_step() -> None:
    warm_up = LinearWarmUp(steps=4, start=0.2)
    found = [rate_factor(Cosine(), warm_up, step, RUN) for step in range(6)]
    without = [rate_factor(Cosine(), NoWarmUp(), step, RUN) for step in range(6)]
    assert without == [Cosine().factor(step, RUN) for step in range(6)]
    shares = [one / other for one, other in zip(found, without, strict=True)]
    assert shares == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0])
