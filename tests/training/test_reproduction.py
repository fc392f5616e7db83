"""Same Recipe, same bits: however a run is driven, interrupted, restored, forked or replayed."""

import dataclasses
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.preprocessing import Standardized
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import Constant, RangeTest, ReduceOnPlateau
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.evaluation import evaluate
from nnstudio.training.experiment import Batches, DataSettings, Experiment, Stopping, WeightedSource
from nnstudio.training.loop import advance, train
from nnstudio.training.prepared import prepare
from nnstudio.training.recipe import Recipe
from nnstudio.training.replay import replay
from nnstudio.training.session import Session
from nnstudio.training.state import TrainingState
from tests.strategies import Case, cases, live_changes, tiny_case, tiny_dataset

FEW = settings(max_examples=50)
Changes = Sequence[tuple[int, str, Any]]


def drive(state: TrainingState, changes: Changes = (), until: int | None = None) -> TrainingState:
    left = [change for change in changes if change[0] >= state.step]
    while state.ended is None and state.step != until:
        while left and left[0][0] == state.step:
            _, path, value = left.pop(0)
            state.change(path, value)
        advance(state)
    return state


def same(one: TrainingState, other: TrainingState) -> None:
    assert one.step == other.step
    assert one.network.vector.tobytes() == other.network.vector.tobytes()
    assert one.evaluated.tobytes() == other.evaluated.tobytes()
    assert one.stage.name == other.stage.name
    assert bits(one) == bits(other)
    left, right = one.history.view(), other.history.view()
    for name in ("loss", "score", "rate"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name))
    for name in ("step", "epoch", "loss", "score", "rmse", "whole"):
        np.testing.assert_array_equal(
            getattr(left.validation, name), getattr(right.validation, name)
        )
    assert left.changes == right.changes
    assert left.stages == right.stages
    np.testing.assert_array_equal(left.epoch_ends, right.epoch_ends)
    assert one.ended == other.ended
    # a score may be unknown, which is not equal to itself
    assert repr(one.best) == repr(other.best)


def bits(state: TrainingState) -> dict[str, bytes]:
    return {name: values.tobytes() for name, values in state.stage.vectors.items()}


@st.composite
def runs(draw: st.DrawFn) -> tuple[Case, Changes, int]:
    case = draw(cases())
    return case, draw(live_changes(case.experiment)), draw(st.integers(0, 40))


def whole_run(case: Case, changes: Changes = ()) -> TrainingState:
    return drive(TrainingState.start(case.experiment, case.data), changes)


def through_json(checkpoint: Checkpoint) -> Checkpoint:
    return Checkpoint(
        {name: values.copy() for name, values in checkpoint.vectors.items()},
        json.loads(json.dumps(checkpoint.record)),
    )


@FEW
@given(runs())
def test_a_run_restored_from_a_checkpoint_at_any_step_goes_on_with_the_same_bits(
    run: tuple[Case, Changes, int],
) -> None:
    case, changes, at = run
    expected = whole_run(case, changes)
    broken = drive(TrainingState.start(case.experiment, case.data), changes, at)
    restored = TrainingState.restore(through_json(broken.checkpoint()), case.data)
    same(drive(restored, [one for one in changes if one[0] >= restored.step], None), expected)
    assert restored.recipe == expected.recipe


@FEW
@given(runs())
def test_a_replayed_recipe_gives_the_same_bits(run: tuple[Case, Changes, int]) -> None:
    case, changes, _ = run
    expected = whole_run(case, changes)
    recipe = Recipe.from_json(json.loads(json.dumps(expected.recipe.to_json())))
    assert recipe == expected.recipe
    again = replay(recipe, case.data)
    same(again, expected)
    assert again.recipe == expected.recipe


@FEW
@given(runs())
def test_a_stopped_run_is_replayed_to_the_step_where_it_was_stopped(
    run: tuple[Case, Changes, int],
) -> None:
    case, changes, at = run
    stopped = drive(TrainingState.start(case.experiment, case.data), changes, at)
    stopped.stop()
    same(replay(stopped.recipe, case.data), stopped)


@FEW
@given(runs())
def test_a_fork_under_an_unchanged_experiment_goes_on_with_the_same_bits(
    run: tuple[Case, Changes, int],
) -> None:
    case, changes, at = run
    expected = whole_run(case, changes)
    parent = drive(TrainingState.start(case.experiment, case.data), changes, at)
    # what has reached its target or lost its patience goes on only because it is asked to
    assume(parent.ended is None or parent.ended.reason not in {"target", "patience", "blown_up"})
    fork = drive(parent.fork(), [one for one in changes if one[0] >= parent.step])
    same(fork, expected)
    same(replay(fork.recipe, case.data), fork)


@FEW
@given(runs(), st.sampled_from([None, 5, 50]))
def test_a_fork_under_another_experiment_is_replayed_through_its_parent(
    run: tuple[Case, Changes, int], size: int | None
) -> None:
    case, changes, at = run
    parent = drive(TrainingState.start(case.experiment, case.data), changes, at)
    experiment = parent.experiment
    if size is not None:
        experiment = dataclasses.replace(
            experiment, batches=dataclasses.replace(experiment.batches, size=size)
        )
    parent.guard.check(parent)
    before = bits(parent)
    fork = drive(parent.fork(experiment))
    same(replay(fork.recipe, case.data), fork)
    assert bits(parent) == before


@FEW
@given(cases(), st.lists(st.sampled_from(["step", "epoch", "turn", "pause"]), max_size=8))
def test_a_session_with_pauses_and_single_steps_makes_the_same_bits(
    case: Case, orders: list[str]
) -> None:
    expected = whole_run(case)
    session = Session(experiment=case.experiment, data=case.data)
    for order in orders:
        if order == "step":
            session.step()
        elif order == "epoch":
            session.epoch()
        elif order == "pause":
            session.start()
            session.pause()
        session.turn()
    session.resume()
    while session.turn():
        pass
    snapshot = session.mailbox.take()
    assert snapshot is not None
    assert snapshot.weights is not None
    assert snapshot.weights.vector.tobytes() == expected.evaluated.tobytes()
    assert snapshot.history is not None
    np.testing.assert_array_equal(snapshot.history.loss, expected.history.view().loss)
    assert session.recipe == expected.recipe


@FEW
@given(cases())
def test_checkpoints_and_validation_in_between_change_no_bit(case: Case) -> None:
    expected = whole_run(case)
    state = TrainingState.start(case.experiment, case.data)
    for step in train(state):
        if step.step % 3 == 0:
            state.checkpoint()
            state.validate(whole=False)
            with state.evaluating() as network:
                evaluate(network, case.data, case.data.split.training)
    assert bits(state) == bits(expected)
    np.testing.assert_array_equal(state.history.view().loss, expected.history.view().loss)


def test_a_batch_size_that_waits_for_its_epoch_survives_a_checkpoint() -> None:
    case = tiny_case()
    changes = [(1, "batches.size", 3)]
    expected = whole_run(case, changes)
    for at in (2, 3, 4, 5, 6):
        broken = drive(TrainingState.start(case.experiment, case.data), changes, at)
        same(drive(TrainingState.restore(through_json(broken.checkpoint()), case.data)), expected)
        same(drive(broken.fork()), expected)


def test_the_changes_of_a_parent_stay_in_the_history_of_its_fork_and_out_of_its_recipe() -> None:
    case = tiny_case()
    rate = "optimizer.learning_rate"
    parent = drive(TrainingState.start(case.experiment, case.data), [(2, rate, 0.5)], 5)
    fork = drive(parent.fork(), [(6, rate, 0.25)], 8)
    restored = TrainingState.restore(through_json(fork.checkpoint()), case.data)
    for state in (fork, restored):
        assert [change.step for change in state.history.view().changes] == [2, 6]
        assert [change.step for change in state.recipe.changes] == [6]
    same(drive(restored), drive(fork))


def test_a_run_that_was_stopped_within_an_epoch_goes_on_with_the_same_rates() -> None:
    case = tiny_case(
        optimizer=Sgd(learning_rate=1.0),
        schedule=ReduceOnPlateau(patience=0, gamma=0.5, threshold=0.3),
        stopping=Stopping(epochs=8),
    )
    expected = whole_run(case)
    assert len(set(expected.history.view().rate)) > 1
    stopped = drive(TrainingState.start(case.experiment, case.data), (), 6)
    stopped.stop()
    fork = drive(stopped.fork())
    np.testing.assert_array_equal(fork.history.view().rate, expected.history.view().rate)
    assert bits(fork) == bits(expected)


@FEW
@given(runs())
def test_a_fork_of_a_stopped_run_is_replayed_with_what_was_validated_at_its_end(
    run: tuple[Case, Changes, int],
) -> None:
    case, changes, at = run
    parent = drive(TrainingState.start(case.experiment, case.data), changes, at)
    parent.stop()
    fork = drive(parent.fork())
    same(replay(fork.recipe, case.data), fork)


@pytest.mark.parametrize(
    "settings",
    [
        {"stopping": Stopping(epochs=20, patience=1)},
        {"stopping": Stopping(epochs=5, keep_best=True)},
        {"schedule": ReduceOnPlateau(patience=0, gamma=0.5)},
    ],
    ids=["patience", "best", "plateau"],
)
def test_whatever_looks_at_validations_sees_the_same_ones_in_a_replay(
    settings: dict[str, Any],
) -> None:
    case = tiny_case(**{"optimizer": Sgd(learning_rate=3.0), "schedule": Constant(), **settings})
    for at in range(1, 10):
        parent = drive(TrainingState.start(case.experiment, case.data), (), at)
        parent.stop()
        fork = drive(parent.fork())
        same(replay(fork.recipe, case.data), fork)


def other_experiments() -> dict[str, Callable[[Experiment], Experiment]]:
    replace = dataclasses.replace
    held_out = DataSettings(sources=(WeightedSource(source=Spirals(validation=0.4)),))
    return {
        "seed": lambda one: replace(one, seed=7),
        "limit": lambda one: replace(one, data=replace(one.data, limit=20)),
        "scaling": lambda one: replace(one, scaling=Standardized()),
        "validation": lambda one: replace(one, data=held_out),
    }


@pytest.mark.parametrize("name", list(other_experiments()))
@pytest.mark.parametrize("prepared", ["by the caller", "by the fork"])
def test_a_fork_on_data_that_are_prepared_in_another_way_is_replayed_from_its_parent_on(
    name: str, prepared: str
) -> None:
    dataset = tiny_dataset()
    case = tiny_case(dataset)
    changed = other_experiments()[name](case.experiment)
    data = prepare(changed, dataset)
    parent = drive(TrainingState.start(case.experiment, case.data), (), 5)
    fork = drive(parent.fork(changed, data=data if prepared == "by the caller" else None))
    np.testing.assert_array_equal(fork.data.split.training, data.split.training)
    same(replay(fork.recipe, data), fork)


def test_a_fork_is_not_ended_where_its_parent_went_on() -> None:
    case = tiny_case(
        optimizer=Sgd(learning_rate=1e-3),
        schedule=RangeTest(rise=1e6),
        batches=Batches(size=2),
        stopping=Stopping(epochs=None, steps=200, blow_up=3.0),
    )
    expected = whole_run(case)
    assert expected.ended is not None
    assert expected.ended.reason == "blown_up"
    for at in range(expected.step - 6, expected.step):
        parent = drive(TrainingState.start(case.experiment, case.data), (), at)
        same(drive(parent.fork()), expected)
