import numpy as np
import pytest

from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import Constant
from nnstudio.training.experiment import Batches, Stopping
from nnstudio.training.loop import train
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_case


def moment(step: int, size: int = 100) -> Moment:
    zeros = np.zeros(size)
    return Moment(step, zeros, zeros, zeros, np.zeros(8, np.int64), 0.1)


def test_moments_of_the_fixed_steps_are_kept() -> None:
    case = tiny_case(batches=Batches(size=1), stopping=Stopping(epochs=None, steps=320))
    moments = Moments()
    list(train(TrainingState.start(case.experiment, case.data), moments=moments))
    assert [one.step for one in moments.kept] == [0, 1, 2, 5, 10, 20, 50, 100, 200, 300]


def test_a_moment_holds_the_step_from_inside() -> None:
    case = tiny_case(optimizer=Sgd(learning_rate=0.5), schedule=Constant())
    moments = Moments()
    state = TrainingState.start(case.experiment, case.data)
    steps = train(state, moments=moments)
    next(steps)
    after = state.network.vector.copy()
    list(steps)
    first = moments.kept[0]
    assert first.rate == 0.5
    assert first.after.tobytes() == after.tobytes()
    np.testing.assert_allclose(
        first.after - first.before, -0.5 * first.gradient, rtol=1e-4, atol=1e-7
    )
    assert set(first.rows) <= set(case.data.split.training)
    assert len(first.rows) == 8


def test_taking_moments_changes_no_bit() -> None:
    case = tiny_case()
    with_moments = TrainingState.start(case.experiment, case.data)
    without = TrainingState.start(case.experiment, case.data)
    list(train(with_moments, moments=Moments()))
    list(train(without))
    assert with_moments.network.vector.tobytes() == without.network.vector.tobytes()


@pytest.mark.parametrize("budget", [moment(0).nbytes * 5, moment(0).nbytes * 12])
def test_kept_moments_stay_within_the_budget_and_spread_over_the_run(budget: int) -> None:
    moments = Moments(budget=budget)
    for step in range(20_000):
        if moments.wants(step):
            moments.keep(moment(step))
    kept = [one.step for one in moments.kept]
    assert sum(one.nbytes for one in moments.kept) <= budget
    assert kept[0] == 0
    assert kept[-1] > 15_000
    assert kept == sorted(kept)


def test_the_first_and_the_newest_stay_even_over_the_budget() -> None:
    moments = Moments(budget=1)
    for step in (0, 100, 400):
        moments.keep(moment(step))
    assert [one.step for one in moments.kept] == [0, 400]
