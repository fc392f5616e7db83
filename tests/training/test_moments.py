from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nnstudio.data.preprocessing import Raw
from nnstudio.nn.activations import Identity
from nnstudio.nn.clipping import ByNorm
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.nn.schedules import Constant
from nnstudio.training.averaging import Averaging, Exponential, NoAveraging
from nnstudio.training.evaluation import evaluate
from nnstudio.training.experiment import Batches, Stopping
from nnstudio.training.feed import Feed
from nnstudio.training.loop import train
from nnstudio.training.moments import Kept, Moment, Moments
from nnstudio.training.plan import TOLD_ROWS, told_part
from nnstudio.training.pretraining import LayerByLayer
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case


def kept_at(step: int, size: int = 100) -> Kept:
    return Kept(step, np.zeros(size))


def moments_of(case: Case, moments: Moments | None = None) -> list[Moment]:
    moments = moments or Moments()
    found = []
    for _ in train(TrainingState.start(case.experiment, case.data), moments=moments):
        moment = moments.take()
        if moment is not None:
            found.append(moment)
    return found


def short(**changed: Any) -> Case:
    return tiny_case(
        **{
            "optimizer": Sgd(learning_rate=0.5),
            "schedule": Constant(),
            "precision": "float64",
            **changed,
        }
    )


def test_there_are_moments_of_the_fixed_steps() -> None:
    case = tiny_case(batches=Batches(size=1), stopping=Stopping(epochs=None, steps=320))
    assert [one.step for one in moments_of(case)] == [0, 1, 2, 5, 10, 20, 50, 100, 200, 300, 319]


def test_the_fixed_steps_count_from_where_the_whole_network_is_trained() -> None:
    case = tiny_case(
        batches=Batches(size=1),
        pretraining=LayerByLayer(epochs=1),
        stopping=Stopping(epochs=None, steps=200),
    )
    steps = [one.step for one in moments_of(case)]
    begun = steps[0]
    assert begun > 0
    assert [one - begun for one in steps][:7] == [0, 1, 2, 5, 10, 20, 50]


def test_a_moment_holds_the_step_from_inside() -> None:
    case = short()
    state = TrainingState.start(case.experiment, case.data)
    moments = Moments()
    first_step = next(train(state, moments=moments))
    moment = moments.take()
    assert moment is not None
    assert (moment.step, moment.rate, moment.epoch, moment.loss) == (0, 0.5, 0, first_step.loss)
    assert moment.after.tobytes() == state.network.vector.tobytes()
    np.testing.assert_allclose(moment.after - moment.before, -0.5 * moment.gradient, atol=1e-15)
    X, Y = Feed(case.data).batch(moment.rows)
    np.testing.assert_array_equal(moment.inputs, X)
    np.testing.assert_array_equal(moment.targets, Y)
    state.network.vector[:] = moment.before
    assert state.network.loss_and_gradient(moment.inputs, moment.targets) == moment.loss
    np.testing.assert_array_equal(moment.outputs, state.network.output)
    np.testing.assert_array_equal(moment.gradient, state.network.gradient)


def test_what_a_moment_holds_is_never_written_to() -> None:
    moment = moments_of(short())[0]
    for array in (moment.before, moment.after, moment.gradient, moment.inputs, moment.outputs):
        assert not array.flags.writeable


def test_a_moment_knows_the_gradient_of_the_step_before() -> None:
    first, second, third, *_ = moments_of(short())
    assert first.previous is None
    np.testing.assert_array_equal(second.previous, first.gradient)
    np.testing.assert_array_equal(third.previous, second.gradient)


def test_the_gradients_of_a_moment_are_those_before_clipping() -> None:
    free, clipped = moments_of(short()), moments_of(short(clipping=ByNorm(limit=1e-3)))
    np.testing.assert_array_equal(clipped[0].gradient, free[0].gradient)
    np.testing.assert_array_equal(clipped[1].previous, clipped[0].gradient)


def test_a_moment_knows_what_the_optimizer_remembered_before_the_step() -> None:
    first, second, *_ = moments_of(short(optimizer=Adam(learning_rate=0.01)))
    assert (first.optimizer_step, second.optimizer_step) == (0, 1)
    assert not any(vector.any() for vector in first.optimizer_before.values())
    # the state holds the mean without its bias, which is the gradient itself after one step
    np.testing.assert_allclose(second.optimizer_before["gradients"], first.gradient, rtol=1e-12)


def test_a_moment_tells_twice_what_the_run_says_of_a_few_held_out_samples() -> None:
    case = short()
    moment = moments_of(case)[0]
    state = TrainingState.start(case.experiment, case.data)
    rows = told_part(case.data)
    assert 0 < len(rows) <= TOLD_ROWS
    expected = evaluate(state.network, case.data, rows).loss
    assert moment.told == (expected, expected)


@pytest.mark.parametrize("averaging", [NoAveraging(), Exponential(decay=0.9)])
def test_taking_moments_changes_no_bit(averaging: Averaging) -> None:
    case = tiny_case(averaging=averaging)
    with_moments = TrainingState.start(case.experiment, case.data)
    without = TrainingState.start(case.experiment, case.data)
    list(train(with_moments, moments=Moments()))
    list(train(without))
    assert with_moments.network.vector.tobytes() == without.network.vector.tobytes()
    left, right = (one.history.view().validation.loss for one in (with_moments, without))
    np.testing.assert_array_equal(left, right)


class Clock:
    """A clock that is wound by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def long_run(clock: Clock, moments: Moments, at: Callable[[int], None]) -> list[int]:
    case = tiny_case(batches=Batches(size=1), stopping=Stopping(epochs=None, steps=200))
    state = TrainingState.start(case.experiment, case.data)
    found = []
    for step in train(state, clock=clock, moments=moments):
        moment = moments.take()
        found += [] if moment is None else [moment.step]
        at(step.step)
    return found


def test_with_a_clock_moments_come_when_asked_and_one_a_second_at_most() -> None:
    clock = Clock()
    moments = Moments(clock=clock)

    def at(step: int) -> None:
        clock.now += 0.05
        if step in {60, 63, 150}:
            moments.ask()

    found = long_run(clock, moments, at)
    # a wish is granted at the next step but one, whose gradient before is known by then
    assert found[:7] == [0, 1, 2, 5, 10, 20, 50]
    assert found[7:] == [72, 151, 199]


def test_with_a_clock_nobody_who_does_not_ask_gets_more_than_the_first_ones() -> None:
    clock = Clock()

    def at(step: int) -> None:
        del step
        clock.now += 1.0

    assert long_run(clock, Moments(clock=clock), at) == [0, 1, 2, 5, 10, 20, 50, 199]


def test_the_first_moment_is_never_dropped_and_of_the_others_the_newest_is_taken() -> None:
    case = tiny_case(batches=Batches(size=1), stopping=Stopping(epochs=None, steps=60))
    moments = Moments()
    list(train(TrainingState.start(case.experiment, case.data), moments=moments))
    first, newest = moments.take(), moments.take()
    assert first is not None
    assert newest is not None
    assert (first.step, newest.step) == (0, 59)
    assert moments.take() is None


def test_the_first_steps_of_a_run_that_nobody_looked_at_can_all_be_taken() -> None:
    case = tiny_case(batches=Batches(size=1), stopping=Stopping(epochs=None, steps=15))
    moments = Moments()
    list(train(TrainingState.start(case.experiment, case.data), moments=moments))
    taken = [moments.take(each=True) for _ in range(7)]
    assert [one and one.step for one in taken] == [0, 1, 2, 5, 10, 14, None]


def test_first_steps_that_would_take_too_much_room_do_not_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nnstudio.training.moments.FIRST_BYTES", 0)
    case = tiny_case(batches=Batches(size=1), stopping=Stopping(epochs=None, steps=15))
    moments = Moments()
    list(train(TrainingState.start(case.experiment, case.data), moments=moments))
    taken = [moments.take(each=True) for _ in range(3)]
    assert [one and one.step for one in taken] == [0, 14, None]


def test_kept_vectors_are_those_before_the_steps_of_the_moments() -> None:
    case, moments = short(), Moments()
    found = moments_of(case, moments)
    assert [one.step for one in moments.kept] == [one.step for one in found]
    for kept, moment in zip(moments.kept, found, strict=True):
        np.testing.assert_array_equal(kept.vector, moment.before)


def test_kept_vectors_are_averages_where_these_are_evaluated() -> None:
    case, moments = short(averaging=Exponential(decay=0.9)), Moments()
    state = TrainingState.start(case.experiment, case.data)
    start = state.evaluated.copy()
    averages = [start, *(state._averaged.copy() for _ in train(state, moments=moments))]
    for kept in moments.kept:
        np.testing.assert_array_equal(kept.vector, averages[kept.step])


@pytest.mark.parametrize("count", [5, 12])
def test_kept_vectors_stay_within_the_budget_and_spread_over_the_run(count: int) -> None:
    moments = Moments(budget=kept_at(0).vector.nbytes * count)
    for step in range(20_000):
        moments.keep(kept_at(step))
    kept = [one.step for one in moments.kept]
    assert len(kept) <= count
    assert (kept[0], kept[-1]) == (0, 19_999)
    assert kept == sorted(kept)
    assert max(np.diff(kept)) <= 20_000 / count * 4


def test_the_first_and_the_newest_stay_even_over_the_budget() -> None:
    moments = Moments(budget=1)
    for step in (0, 100, 400):
        moments.keep(kept_at(step))
    assert [one.step for one in moments.kept] == [0, 400]


def test_a_run_that_goes_on_keeps_what_was_kept_before() -> None:
    before = (kept_at(0), kept_at(50))
    moments = Moments(kept=before)
    moments.keep(kept_at(100))
    assert moments.kept[:2] == before


def diverging() -> Case:
    return short(
        precision="float32",
        scaling=Raw(),
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Identity())),
        loss=MeanSquaredError(),
        stopping=Stopping(epochs=20),
    )


def test_the_step_that_could_not_be_made_is_handed_out_and_the_run_stays_as_it_is() -> None:
    case, moments = diverging(), Moments()
    state = TrainingState.start(case.experiment, case.data)
    list(train(state, moments=moments))
    assert state.ended is not None
    assert state.ended.reason == "diverged"
    vector, made = state.network.vector.copy(), state.optimizer_state.step
    moments.look_at_failure(state)
    failed = moments.take_failure()
    assert failed is not None
    assert failed.step == state.step == state.ended.step - 1
    assert np.isfinite(failed.before).all()
    assert not (np.isfinite(failed.loss) and np.isfinite(failed.after).all())
    np.testing.assert_array_equal(state.network.vector, vector)
    assert state.optimizer_state.step == made
    assert moments.take_failure() is None
    assert all(np.isfinite(one.vector).all() for one in moments.kept)


def test_a_session_whose_run_diverged_hands_out_the_step_that_failed() -> None:
    case, moments = diverging(), Moments()
    session = Session(experiment=case.experiment, data=case.data, moments=moments)
    session.start()
    while session.turn():
        pass
    snapshot = session.mailbox.take()
    assert snapshot is not None
    assert snapshot.state is RunState.DIVERGED
    assert moments.take_failure() is not None
    assert snapshot.kept == moments.kept


def test_a_run_that_is_looked_at_keeps_its_weights_ten_times_a_second() -> None:
    clock = Clock()
    moments = Moments(clock=clock)

    def at(step: int) -> None:
        clock.now += 0.03
        if step == 60:
            moments.ask()

    long_run(clock, moments, at)
    steps = np.array([one.step for one in moments.kept])
    late = steps[(steps > 80) & (steps < 199)]
    assert set(np.diff(late).tolist()) <= {3, 4}
    assert steps[steps <= 60].tolist() == [0, 1, 2, 5, 10, 20, 50, 60]
    ignored = Moments(clock=clock)
    long_run(clock, ignored, lambda _step: None)
    assert [one.step for one in ignored.kept] == [0, 1, 2, 5, 10, 20, 50, 199]
