from typing import Any

import numpy as np
import pytest

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.training.experiment import Batches, DataSettings, Stopping, WeightedSource
from nnstudio.training.plan import (
    CHECK_STEPS,
    SMALL_ROWS,
    EpochPlan,
    epoch_length,
    plan_epoch,
    small_part,
    total_steps,
)
from tests.strategies import Case, tiny_case, tiny_dataset


def plan(case: Case, **place: Any) -> EpochPlan:
    return plan_epoch(
        case.experiment,
        case.data,
        limits=case.experiment.stopping,
        **{"epoch": 0, "first_step": 0, "small": False, **place},
    )


def large_case(validation: float = 0.04) -> Case:
    source = WeightedSource(source=Spirals(validation=validation))
    return tiny_case(
        tiny_dataset(samples=600), data=DataSettings(sources=(source,)), batches=Batches(size=4)
    )


def test_an_epoch_sees_every_training_sample_once() -> None:
    case = tiny_case()
    rows = np.concatenate(plan(case).batches)
    assert sorted(rows) == case.data.split.training.tolist()


def test_another_epoch_has_another_order() -> None:
    one, other = (np.concatenate(plan(tiny_case(), epoch=epoch).batches) for epoch in (0, 1))
    assert one.tolist() != other.tolist()


def test_an_order_that_is_not_shuffled_is_that_of_the_data() -> None:
    source = WeightedSource(source=Spirals(validation=0.2))
    case = tiny_case(data=DataSettings(sources=(source,), shuffled=False))
    assert np.concatenate(plan(case).batches).tolist() == case.data.split.training.tolist()


def test_the_end_of_the_epoch_and_every_check_are_due() -> None:
    case = large_case()
    length = epoch_length(case.experiment, case.data)
    assert length > 3 * CHECK_STEPS
    due = plan(case).due_after
    assert length in due
    assert set(range(CHECK_STEPS, length, CHECK_STEPS)) <= due


def test_the_small_part_is_looked_at_four_times_within_an_epoch() -> None:
    case = large_case()
    length = epoch_length(case.experiment, case.data)
    found = sorted(plan(case, small=True).small_after)
    assert found == [length * part // 5 for part in (1, 2, 3, 4)]
    assert set(found) <= plan(case, small=True).due_after


def test_a_limit_of_steps_is_due_where_it_falls_into_the_epoch() -> None:
    case = tiny_case(stopping=Stopping(steps=6))
    assert 2 in plan(case, first_step=4).due_after


def test_the_small_part_is_fixed_and_lies_in_the_validation_part() -> None:
    case = large_case()
    rows = small_part(case.experiment, case.data)
    assert 0 < len(rows) <= SMALL_ROWS
    assert set(rows) <= set(case.data.split.validation)
    np.testing.assert_array_equal(rows, small_part(case.experiment, case.data))


@pytest.mark.parametrize("validation", [0.0, 0.3])
def test_there_is_no_small_part_without_samples_or_where_epochs_are_short(
    validation: float,
) -> None:
    case = large_case(validation)
    assert len(small_part(case.experiment, case.data)) == 0


def test_the_total_of_steps_follows_from_epochs_and_steps() -> None:
    def total(stopping: Stopping, epoch: int = 0, first_step: int = 0) -> int | None:
        case = tiny_case(stopping=stopping)
        return total_steps(case.experiment, case.data, epoch=epoch, first_step=first_step)

    assert total(Stopping(epochs=3)) == 12
    assert total(Stopping(epochs=3), epoch=1, first_step=10) == 18
    assert total(Stopping(epochs=3, steps=7)) == 7
    assert total(Stopping(epochs=None, steps=7)) == 7
    assert total(Stopping(epochs=None)) is None
    assert total(Stopping(epochs=2), epoch=5, first_step=20) == 20
