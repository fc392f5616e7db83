import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.nn.schedules import (
    Constant,
    Cosine,
    CosineRestarts,
    Exponential,
    InverseTime,
    LinearWarmUp,
    NoWarmUp,
    OneCycle,
    Polynomial,
    Progress,
    RangeTest,
    ReduceOnPlateau,
    Schedule,
    Step,
    rate_factor,
)

ORACLE = Path(__file__).parents[1] / "oracles" / "torch_schedules.json"
FROZEN = json.loads(ORACLE.read_text(encoding="utf-8"))
RUN = Progress(total_steps=100, steps_per_epoch=10)
MEMBERS = get_args(get_args(Schedule)[0])
# what PyTorch calls a step is an epoch here, unless the schedule is smooth
OF_PYTORCH: dict[str, Any] = {
    "step": Step(gamma=0.3, epochs=5),
    "exponential": Exponential(gamma=0.9, stepwise=True),
    "polynomial": Polynomial(),
    "polynomial of power 3": Polynomial(power=3.0),
    "cosine": Cosine(final=0.1),
    "restarts": CosineRestarts(epochs=5, final=0.05),
    "growing restarts": CosineRestarts(epochs=3, growth=2),
    "one cycle": OneCycle(),
    "another cycle": OneCycle(rise=0.45, start=0.2, final=0.01),
    "warm-up": Constant(),
    "warm-up and exponential": Exponential(gamma=0.8),
}
WARM_UPS = {
    "warm-up": LinearWarmUp(steps=7, start=0.2),
    "warm-up and exponential": LinearWarmUp(steps=4, start=0.1),
}
PLATEAUS = {
    "plateau": ReduceOnPlateau(gamma=0.5, patience=2),
    "impatient plateau": ReduceOnPlateau(gamma=0.3, patience=0, minimum=0.02),
    "plateau with threshold": ReduceOnPlateau(gamma=0.1, patience=1, threshold=0.2),
}
SETTINGS = {"gamma": 0.5, "final": 0.2, "epochs": 2, "decay": 0.7, "power": 2.0, "rise": 0.4}


def made(cls: Any, **more: Any) -> Any:
    """One of the kind `cls`, with those settings of the table that it has."""
    names = cls.__dataclass_fields__.keys()
    rise = {"rise": 30.0} if cls is RangeTest else {}
    own = {name: value for name, value in {**SETTINGS, **rise}.items() if name in names}
    return cls(**{**own, **more})


def factors(schedule: Any, progress: Progress, steps: int) -> list[float]:
    return [schedule.factor(step, progress) for step in range(steps)]


# as PyTorch has them


@pytest.mark.parametrize("name", OF_PYTORCH)
def test_pytorch_has_the_same_factors(name: str) -> None:
    frozen = FROZEN["factors"][name]
    total = 20 if name.startswith("polynomial") else len(frozen)
    progress, warm_up = Progress(total, 1), WARM_UPS.get(name, NoWarmUp())
    found = [rate_factor(OF_PYTORCH[name], warm_up, step, progress) for step in range(len(frozen))]
    assert found == pytest.approx(frozen, abs=1e-10)


def test_pytorch_has_the_same_restarts_within_an_epoch() -> None:
    frozen = FROZEN["restarts within epochs"]
    progress, wanted = Progress(None, frozen["steps_per_epoch"]), frozen["factors"]
    found = factors(CosineRestarts(epochs=2, growth=2), progress, len(wanted))
    assert found == pytest.approx(wanted, abs=1e-10)


@pytest.mark.parametrize("name", PLATEAUS)
def test_pytorch_leaves_a_plateau_at_the_same_epochs(name: str) -> None:
    losses, wanted = FROZEN["losses"], FROZEN["plateaus"][name]
    runs = [Progress(None, 1, tuple(losses[: epoch + 1])) for epoch in range(len(losses))]
    found = [PLATEAUS[name].factor(epoch, run) for epoch, run in enumerate(runs)]
    assert len(set(wanted)) > 2
    assert found == pytest.approx(wanted, abs=1e-10)


def test_everything_that_was_frozen_is_compared() -> None:
    assert set(FROZEN["factors"]) == set(OF_PYTORCH)
    assert set(FROZEN["plateaus"]) == set(PLATEAUS)
    compared = {type(one) for one in (*OF_PYTORCH.values(), *PLATEAUS.values())}
    # these two have no counterpart there: closed forms below, and a file of its own
    assert set(MEMBERS) - compared == {InverseTime, RangeTest}


# by hand, and as the other libraries have them


def test_exponential_decay_has_the_rates_of_the_example() -> None:
    progress, schedule = Progress(6, 2), Exponential(gamma=0.9, stepwise=True)
    rates = [0.1 * schedule.factor(step, progress) for step in range(6)]
    assert rates == pytest.approx([0.1, 0.1, 0.09, 0.09, 0.081, 0.081], rel=1e-15)


def test_exponential_decay_may_change_at_every_step() -> None:
    found = factors(Exponential(gamma=0.25, epochs=2.0), Progress(None, 1), 5)
    assert found == pytest.approx([1, 0.5, 0.25, 0.125, 0.0625])


def test_inverse_time_is_one_over_one_and_the_epochs() -> None:
    progress = Progress(None, 2)
    smooth = factors(InverseTime(decay=2.0, epochs=4.0), progress, 6)
    assert smooth == pytest.approx([1 / (1 + 2 * step / 8) for step in range(6)])
    stepwise = factors(InverseTime(decay=0.5, stepwise=True), progress, 6)
    assert stepwise == pytest.approx([1, 1, 2 / 3, 2 / 3, 0.5, 0.5])


def test_inverse_time_with_one_step_an_epoch_is_what_pytorch_calls_lr_decay() -> None:
    found = factors(InverseTime(decay=0.05), Progress(None, 1), 20)
    assert found == pytest.approx([1 / (1 + 0.05 * step) for step in range(20)])


def test_a_polynomial_of_power_one_is_a_straight_line_to_the_final_factor() -> None:
    found = factors(Polynomial(final=0.5), Progress(4, 2), 6)
    assert found == pytest.approx([1, 0.875, 0.75, 0.625, 0.5, 0.5])


def test_a_step_is_made_after_whole_epochs_only() -> None:
    found = factors(Step(gamma=0.5, epochs=2), Progress(None, 3), 13)
    assert found == [1.0] * 6 + [0.5] * 6 + [0.25]


def test_constant_is_one_throughout_and_needs_no_end() -> None:
    assert [Constant().factor(step, Progress(None, 10)) for step in (0, 1, 10**9)] == [1, 1, 1]
    assert not Constant().needs_end


def test_cosine_falls_from_one_to_the_final_factor() -> None:
    found = factors(Cosine(final=0.2), RUN, 101)
    assert found[0] == 1
    assert found[50] == pytest.approx(0.6)
    assert found[100] == pytest.approx(0.2)
    assert found == sorted(found, reverse=True)


def test_one_cycle_is_at_its_top_where_it_is_said_to_be_and_ends_lowest() -> None:
    found = factors(OneCycle(rise=0.25, start=0.1, final=0.01), Progress(40, 10), 40)
    assert found[0] == pytest.approx(0.1)
    assert found[9] == 1.0
    assert found[39] == pytest.approx(0.01)
    assert found.index(min(found)) == 39


@pytest.mark.parametrize("total", [1, 2, 3])
def test_one_cycle_of_a_few_steps_begins_at_the_top(total: int) -> None:
    assert OneCycle().factor(0, Progress(total, 1)) == 1.0
    assert factors(OneCycle(), Progress(total, 1), total + 2)[total:] == pytest.approx([4e-6] * 2)


def test_restarts_begin_again_at_the_full_rate_for_ever() -> None:
    found = factors(CosineRestarts(epochs=2), Progress(10, 5), 41)
    assert [step for step, factor in enumerate(found) if factor == 1.0] == [0, 10, 20, 30, 40]


def test_growing_restarts_come_at_longer_and_longer_intervals() -> None:
    found = factors(CosineRestarts(epochs=1, growth=3), Progress(10, 2), 30)
    assert [step for step, factor in enumerate(found) if factor == 1.0] == [0, 2, 8, 26]


def test_a_plateau_is_left_when_patience_is_over_and_again_after_as_long() -> None:
    schedule = ReduceOnPlateau(gamma=0.5, patience=1)
    found = [schedule.factor(0, Progress(None, 1, (1.0,) * epochs)) for epochs in range(7)]
    assert found == [1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25]


def test_a_loss_that_is_no_number_is_not_better() -> None:
    run = Progress(None, 1, (1.0, float("nan"), float("nan")))
    assert ReduceOnPlateau(gamma=0.5, patience=1).factor(0, run) == 0.5


def test_every_validation_is_looked_at_once_when_what_was_found_is_handed_on() -> None:
    losses, schedule = (3.0, 2.0, 2.0, 2.5, 1.0, 1.0, 1.0, 1.0), ReduceOnPlateau(patience=0)
    run, factors_so_far = Progress(None, 1), []
    for count in range(len(losses) + 1):
        # those that were seen before may be anything
        seen = max(count - 1, 0)
        now = Progress(None, 1, (-9.0,) * seen + losses[seen:count])
        now.found.update(run.found)
        factors_so_far.append(schedule.factor(count, now))
        run = now
    wanted = [schedule.factor(0, Progress(None, 1, losses[:count])) for count in range(9)]
    assert factors_so_far == wanted
    assert len(set(wanted)) > 3


def test_a_plateau_is_looked_at_once_an_epoch() -> None:
    run = Progress(None, 1, (1.0,) * 9)
    one, other = ReduceOnPlateau(patience=1), ReduceOnPlateau(patience=2)
    first = one.factor(0, run), other.factor(0, run)
    assert set(run.found) == {one, other}
    assert (one.factor(1, run), other.factor(1, run)) == first


# what all of them keep to


@pytest.mark.parametrize("cls", MEMBERS)
@given(step=st.integers(0, 300), total=st.integers(1, 200), per_epoch=st.integers(1, 20))
def test_a_factor_is_a_finite_number_that_depends_on_nothing_else(
    cls: Any, step: int, total: int, per_epoch: int
) -> None:
    schedule = made(cls)
    run = Progress(total, per_epoch, (3.0, 2.0, 2.0))
    found = schedule.factor(step, run)
    assert type(found) is float
    assert 0 <= found <= (30 if cls is RangeTest else 1)
    assert schedule.factor(step, Progress(total, per_epoch, (3.0, 2.0, 2.0))) == found


@pytest.mark.parametrize("cls", MEMBERS)
def test_only_what_needs_the_end_refuses_a_run_without_one(cls: Any) -> None:
    endless = Progress(total_steps=None, steps_per_epoch=10)
    if cls.needs_end:
        with pytest.raises(ValueError, match="no known end"):
            made(cls).factor(0, endless)
    else:
        assert made(cls).factor(0, endless) <= 1.0


@pytest.mark.parametrize("cls", [cls for cls in MEMBERS if cls.needs_end])
def test_past_the_end_a_rate_stays_what_it_was_in_the_end(cls: Any) -> None:
    assert made(cls).factor(500, RUN) == made(cls).factor(100, RUN)


@pytest.mark.parametrize("cls", [cls for cls in MEMBERS if not cls.needs_end])
def test_what_needs_no_end_does_not_look_at_it(cls: Any) -> None:
    assert factors(made(cls), RUN, 50) == factors(made(cls), replace(RUN, total_steps=None), 50)


@pytest.mark.parametrize("cls", MEMBERS)
def test_only_what_needs_validation_looks_at_it(cls: Any) -> None:
    validated = replace(RUN, validation=(1.0,) * 99)
    assert (factors(made(cls), validated, 9) != factors(made(cls), RUN, 9)) is cls.needs_validation


@pytest.mark.parametrize("cls", [cls for cls in MEMBERS if "stepwise" in cls.__dataclass_fields__])
def test_what_is_stepwise_changes_once_an_epoch_to_the_value_it_would_have(cls: Any) -> None:
    found = factors(made(cls, stepwise=True), RUN, 100)
    assert all(len(set(found[start : start + 10])) == 1 for start in range(0, 100, 10))
    assert found[::10] == pytest.approx(factors(made(cls), RUN, 100)[::10])


def test_an_epoch_that_the_end_cuts_short_counts_as_one() -> None:
    run = Progress(total_steps=25, steps_per_epoch=10)
    assert Cosine(stepwise=True).factor(20, run) == pytest.approx(0.25)


@pytest.mark.parametrize("cls", [Step, Exponential, InverseTime, CosineRestarts])
def test_epochs_are_counted_on_when_their_length_has_changed(cls: Any) -> None:
    # three epochs of 10 steps were made; since then they have 40
    longer = Progress(None, 40, epoch=3, first_step=30)
    for made_steps in (0, 20, 40):
        same = made(cls).factor(30 + made_steps // 4, Progress(None, 10))
        assert made(cls).factor(30 + made_steps, longer) == pytest.approx(same)


@given(epoch=st.integers(0, 9), within=st.integers(0, 9))
def test_where_epochs_are_of_one_length_it_does_not_matter_where_the_last_one_began(
    epoch: int, within: int
) -> None:
    begun = replace(RUN, epoch=epoch, first_step=10 * epoch)
    step = 10 * epoch + within
    for cls in MEMBERS:
        assert made(cls).factor(step, begun) == pytest.approx(made(cls).factor(step, RUN))


@pytest.mark.parametrize("stepwise", [False, True])
@pytest.mark.parametrize("cls", [Cosine, Polynomial, OneCycle])
def test_a_share_of_the_run_is_one_of_its_epochs_where_these_end_it(
    cls: Any, *, stepwise: bool
) -> None:
    settings = {"stepwise": stepwise} if "stepwise" in cls.__dataclass_fields__ else {}
    # two of four epochs were made, of 100 steps each; since then they have 250
    longer = Progress(700, 250, epoch=2, first_step=200, ends_by_epochs=True)
    even = Progress(400, 100, epoch=2, first_step=200, ends_by_epochs=True)
    for share in range(0, 200, 50):
        found = cls(**settings).factor(200 + share * 5 // 2, longer)
        assert found == pytest.approx(cls(**settings).factor(200 + share, even), abs=0.01)


def test_a_share_of_the_run_is_one_of_its_steps_where_these_end_it() -> None:
    longer = Progress(400, 250, epoch=2, first_step=200)
    assert Cosine().factor(200, longer) == pytest.approx(0.5)
    assert Cosine().factor(300, longer) == Cosine().factor(75, Progress(100, 10))


def test_a_warm_up_multiplies_the_schedule_until_its_last_step() -> None:
    warm_up = LinearWarmUp(steps=4, start=0.2)
    found = [rate_factor(Cosine(), warm_up, step, RUN) for step in range(6)]
    without = [rate_factor(Cosine(), NoWarmUp(), step, RUN) for step in range(6)]
    assert without == factors(Cosine(), RUN, 6)
    shares = [one / other for one, other in zip(found, without, strict=True)]
    assert shares == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0])
