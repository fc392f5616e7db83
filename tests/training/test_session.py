"""A session, driven by hand with a clock of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.errors import NnstudioError
from nnstudio.nn.optimizers import Sgd
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.mailbox import Mailbox
from nnstudio.training.session import Session
from nnstudio.training.snapshot import RunState, Snapshot
from tests.strategies import tiny_case


class Clock:
    """Gives a time that passes by a little at every look."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now = 0.0
        self.tick = tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


def session(clock: Callable[[], float] | None = None, **settings: Any) -> Session:
    case = tiny_case(**{"stopping": Stopping(epochs=5), **settings})
    return Session(experiment=case.experiment, data=case.data, clock=clock or Clock())


def newest(one: Session) -> Snapshot:
    found = one.mailbox.take()
    assert found is not None
    return found


def to_the_end(one: Session) -> Snapshot:
    while one.turn():
        pass
    return newest(one)


def test_a_session_waits_until_it_is_started() -> None:
    one = session()
    assert not one.turn()
    assert newest(one).state is RunState.WAITING


def test_a_started_session_runs_to_its_end() -> None:
    one = session()
    one.start()
    last = to_the_end(one)
    assert (last.state, last.step, last.epoch) == (RunState.FINISHED, 20, 5)
    assert last.history is not None
    assert last.history.steps == 20
    assert last.ending is not None
    assert last.seconds_left is None
    assert one.ended


def test_the_first_report_comes_before_the_first_step() -> None:
    one = session()
    one.start()
    one.pause()
    one.turn()
    first = newest(one)
    assert (first.state, first.step, first.total_steps) == (RunState.PAUSED, 0, 20)
    assert first.weights is not None
    assert one.initial is not None
    assert first.weights.vector.tobytes() == one.initial.tobytes()


def test_a_turn_works_for_a_few_milliseconds_only() -> None:
    one = session(Clock(tick=0.001), stopping=Stopping(epochs=100))
    one.start()
    assert one.turn()
    one.pause()
    one.turn()
    assert 0 < newest(one).step <= 10


def test_a_paused_session_makes_no_step_and_goes_on_when_asked() -> None:
    one = session()
    one.step()
    one.turn()
    assert not one.turn()
    assert (newest(one).state, one.turn()) == (RunState.PAUSED, False)
    one.resume()
    assert to_the_end(one).state is RunState.FINISHED


def test_step_makes_one_step_and_pauses() -> None:
    one = session()
    for expected in (1, 2, 3):
        one.step()
        one.turn()
        snapshot = newest(one)
        assert (snapshot.state, snapshot.step) == (RunState.PAUSED, expected)


def test_epoch_goes_to_the_end_of_the_epoch_and_pauses() -> None:
    one = session()
    one.step()
    one.turn()
    one.epoch()
    one.turn()
    snapshot = newest(one)
    assert (snapshot.state, snapshot.step, snapshot.epoch) == (RunState.PAUSED, 4, 1)


def test_stop_ends_the_run_and_its_recipe_says_where() -> None:
    one = session()
    one.step()
    one.turn()
    one.stop()
    one.turn()
    snapshot = newest(one)
    assert (snapshot.state, snapshot.step) == (RunState.STOPPED, 1)
    assert snapshot.ending is not None
    assert one.recipe.end_step == 1


def test_a_session_can_be_stopped_before_it_was_started() -> None:
    one = session()
    one.stop()
    one.turn()
    assert newest(one).state is RunState.STOPPED


@pytest.mark.parametrize("command", ["start", "resume", "pause", "step", "epoch", "stop"])
def test_an_ended_run_stays_ended(command: str) -> None:
    one = session()
    one.start()
    last = to_the_end(one)
    getattr(one, command)()
    one.change("optimizer.learning_rate", 0.5)
    assert not one.turn()
    assert one.mailbox.take() is None
    assert last.state is RunState.FINISHED


def test_a_live_change_acts_and_is_recorded() -> None:
    one = session()
    one.step()
    one.turn()
    one.change("optimizer.learning_rate", 0.5)
    one.turn()
    assert one.experiment.optimizer.learning_rate == 0.5
    assert [(one.step, one.value) for one in one.recipe.changes] == [(1, 0.5)]
    snapshot = newest(one)
    assert snapshot.state is RunState.PAUSED
    assert snapshot.history is not None
    assert len(snapshot.history.changes) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("optimizer.learning_rate", -1.0),
        ("optimizer.learning_rate", "fast"),
        ("network.layers.0.units", 7),
        ("optimizer.momentun", 0.5),
        ("seed", 3),
    ],
)
def test_a_change_that_is_not_legal_is_refused_where_it_is_asked_for(path: str, value: Any) -> None:
    one = session()
    one.step()
    one.turn()
    with pytest.raises(NnstudioError):
        one.change(path, value)
    one.start()
    assert to_the_end(one).state is RunState.FINISHED


def test_a_run_that_diverges_says_so() -> None:
    from tests.training.test_guard import exploding

    case = exploding()
    one = Session(experiment=case.experiment, data=case.data)
    one.start()
    last = to_the_end(one)
    assert last.state is RunState.DIVERGED
    assert last.weights is not None
    assert np.isfinite(last.weights.vector).all()


def test_a_pause_on_the_brink_says_that_the_run_diverged() -> None:
    from tests.training.test_guard import exploding

    case = exploding()
    one = Session(experiment=case.experiment, data=case.data)
    while not one.ended:
        one.step()
        one.turn()
    assert newest(one).state is RunState.DIVERGED


def test_a_bug_ends_the_run_with_its_traceback_and_nothing_else() -> None:
    case = tiny_case()
    broken = replace(case.data, targets=None)  # type: ignore[arg-type]  # that is the bug
    one = Session(experiment=case.experiment, data=broken)
    one.start()
    assert not one.turn()
    last = newest(one)
    assert last.state is RunState.FAILED
    assert last.traceback is not None
    assert "AttributeError" in last.traceback
    assert last.ending is not None


def test_what_a_user_can_mend_is_said_in_its_own_words() -> None:
    case = tiny_case()
    first = Session(experiment=case.experiment, data=case.data)
    wider = replace(case.experiment, precision="float64")
    fork = Session(forked=first, experiment=wider)
    fork.start()
    fork.turn()
    last = newest(fork)
    assert last.state is RunState.FAILED
    assert "precision" in str(last.ending)


def test_snapshots_come_at_most_every_33_ms() -> None:
    clock = Clock(tick=0.001)
    one = session(clock, stopping=Stopping(epochs=200))
    one.start()
    one.turn()
    one.mailbox.take()
    began = clock.now
    seen = 0
    while one.turn():
        seen += one.mailbox.take() is not None
    assert 5 < seen <= (clock.now - began) / 0.033 + 1


def test_weights_are_copied_at_most_10_times_a_second_and_only_when_watched() -> None:
    clock = Clock(tick=0.001)
    one = session(clock, stopping=Stopping(epochs=200))
    one.start()
    one.turn()
    steps: set[int] = set()
    for _ in range(20):
        one.turn()
        steps |= {w.step for s in [one.mailbox.take()] if s and (w := s.weights)}
    assert steps == {0}
    one.watch(weights=True)
    began = clock.now
    while one.turn():
        steps |= {w.step for s in [one.mailbox.take()] if s and (w := s.weights)}
    assert 3 < len(steps) <= (clock.now - began) / 0.1 + 2


def test_the_weights_of_a_snapshot_are_copies_that_stay() -> None:
    one = session()
    one.step()
    one.turn()
    weights = newest(one).weights
    assert weights is not None
    assert weights.gradient is not None
    before = weights.vector.copy()
    one.start()
    to_the_end(one)
    assert weights.vector.tobytes() == before.tobytes()
    assert not weights.vector.flags.writeable


def test_time_spent_paused_counts_neither_as_training_nor_for_the_speed() -> None:
    clock = Clock(tick=0.001)
    one = session(clock)
    one.step()
    one.turn()
    clock.now += 1000.0
    one.step()
    one.turn()
    snapshot = newest(one)
    assert snapshot.seconds is not None
    assert snapshot.seconds < 1
    assert snapshot.samples_per_second is not None
    assert snapshot.samples_per_second > 100
    assert snapshot.seconds_left is not None
    assert snapshot.seconds_left < 1


def test_a_limit_of_time_bounds_the_time_that_is_left() -> None:
    one = session(Clock(), stopping=Stopping(epochs=5000, seconds=3.0))
    one.step()
    one.turn()
    assert newest(one).seconds_left == 3.0


def test_a_checkpoint_comes_every_5_seconds_and_at_a_pause_and_at_the_end() -> None:
    box = Mailbox[Checkpoint]()
    clock = Clock()
    case = tiny_case(stopping=Stopping(epochs=3))
    one = Session(experiment=case.experiment, data=case.data, checkpoints=box, clock=clock)
    one.step()
    one.turn()
    paused = box.take()
    assert paused is not None
    assert paused.step == 1
    clock.now += 6.0
    one.epoch()
    one.turn()
    one.start()
    to_the_end(one)
    last = box.take()
    assert last is not None
    assert last.step == 12
    assert last.record["ended"]["reason"] == "epochs"


def test_a_running_session_stores_a_checkpoint_when_it_is_due_only() -> None:
    box = Mailbox[Checkpoint]()
    clock = Clock(tick=0.002)
    case = tiny_case(stopping=Stopping(epochs=5000))
    one = Session(experiment=case.experiment, data=case.data, checkpoints=box, clock=clock)
    one.start()
    times: list[float] = []
    while len(times) < 3:
        one.turn()
        if box.take() is not None:
            times.append(clock.now)
    assert np.diff([0.0, *times]).min() >= 5.0
    assert np.diff([0.0, *times]).max() < 5.5


def test_a_session_goes_on_from_a_checkpoint() -> None:
    box = Mailbox[Checkpoint]()
    case = tiny_case()
    one = Session(experiment=case.experiment, data=case.data, checkpoints=box)
    one.epoch()
    while one.turn():
        pass
    checkpoint = box.take()
    assert checkpoint is not None
    one.start()
    expected = to_the_end(one).weights
    again = Session(checkpoint=checkpoint, data=case.data)
    assert again.experiment == case.experiment
    again.start()
    found = to_the_end(again).weights
    assert expected is not None
    assert found is not None
    assert found.vector.tobytes() == expected.vector.tobytes()


def test_the_experiment_of_a_checkpoint_goes_on_without_a_parent_and_keeps_what_waits() -> None:
    box = Mailbox[Checkpoint]()
    case = tiny_case()
    one = Session(experiment=case.experiment, data=case.data, checkpoints=box)
    one.change("optimizer.learning_rate", 0.02)
    one.step()
    one.turn()
    one.change("batches.size", 4)
    one.pause()
    one.step()
    one.turn()
    checkpoint = box.take()
    assert checkpoint is not None
    assert checkpoint.experiment.batches.size == 4
    one.start()
    expected = to_the_end(one).weights
    again = Session(checkpoint=checkpoint, data=case.data, experiment=checkpoint.experiment)
    again.start()
    found = to_the_end(again).weights
    assert expected is not None
    assert found is not None
    assert found.vector.tobytes() == expected.vector.tobytes()
    assert again.recipe == one.recipe


def test_a_fork_goes_on_from_an_ended_session_under_another_experiment() -> None:
    one = session()
    one.start()
    to_the_end(one)
    longer = replace(one.experiment, stopping=Stopping(epochs=6), optimizer=Sgd())
    fork = Session(forked=one, experiment=longer)
    fork.start()
    last = to_the_end(fork)
    assert last.step == 24
    assert fork.recipe.parent is not None
    assert fork.recipe.parent.step == 20


def test_suspend_pauses_what_runs_and_stores_it() -> None:
    box = Mailbox[Checkpoint]()
    case = tiny_case(stopping=Stopping(epochs=5000))
    one = Session(
        experiment=case.experiment, data=case.data, checkpoints=box, clock=Clock(tick=0.001)
    )
    one.start()
    one.turn()
    one.suspend()
    checkpoint = box.take()
    assert newest(one).state is RunState.PAUSED
    assert checkpoint is not None
    assert checkpoint.record["ended"] is None


def test_a_session_needs_data_and_something_to_begin_with() -> None:
    with pytest.raises(ValueError, match="needs data"):
        Session(experiment=Experiment())


def test_an_unstarted_session_that_is_changed_begins_with_the_change() -> None:
    one = session()
    one.change("batches.size", 4)
    one.start()
    last = to_the_end(one)
    assert last.history is not None
    assert [change.value for change in last.history.changes] == [4]


def test_a_session_can_begin_with_the_weights_of_a_model() -> None:
    case = tiny_case()
    trained = Session(experiment=case.experiment, data=case.data)
    trained.start()
    while trained.turn():
        pass
    weights = newest(trained).weights
    assert weights is not None
    session = Session(
        experiment=case.experiment, data=case.data, initial=weights.vector, initial_sha256="ab"
    )
    session.step()
    session.turn()
    np.testing.assert_array_equal(session.initial, weights.vector)
    assert session.recipe.initial_sha256 == "ab"


def test_a_held_session_shows_where_it_goes_on_from_and_waits() -> None:
    case, box = tiny_case(), Mailbox[Checkpoint]()
    one = Session(experiment=case.experiment, data=case.data, checkpoints=box)
    one.epoch()
    while one.turn():
        pass
    again = Session(checkpoint=box.take(), data=case.data)
    again.hold()
    assert not again.turn()
    found = again.mailbox.take()
    assert found is not None
    assert found.state is RunState.PAUSED
    assert found.step == one.steps_made
    assert found.weights is not None
    again.step()
    again.turn()
    assert again.steps_made == one.steps_made + 1
