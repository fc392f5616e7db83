import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from nnstudio.errors import NnstudioError
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import Constant, RangeTest
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Batches, Stopping
from nnstudio.training.history import History
from nnstudio.training.loop import advance, train
from nnstudio.training.smoothing import blown_up
from nnstudio.training.state import TrainingState
from nnstudio.training.stopping import (
    best_of,
    diverged,
    ending_at,
    ending_from_json,
    ending_to_json,
    stopped,
)
from tests.strategies import tiny_case


def run(stopping: Stopping, **settings: Any) -> TrainingState:
    case = tiny_case(stopping=stopping, **settings)
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    return state


def test_a_run_ends_after_its_epochs() -> None:
    state = run(Stopping(epochs=3))
    assert state.ended is not None
    assert (state.ended.reason, state.epoch, state.step) == ("epochs", 3, 12)


def test_a_run_ends_after_its_steps_within_an_epoch_and_is_validated() -> None:
    state = run(Stopping(epochs=3, steps=6))
    assert state.ended is not None
    assert (state.ended.reason, state.step) == ("steps", 6)
    assert state.history.view().validation.step.tolist() == [4, 6]


def test_of_steps_and_epochs_the_first_wins() -> None:
    ended = run(Stopping(epochs=1, steps=6)).ended
    assert ended is not None
    assert ended.reason == "epochs"


def test_a_run_without_a_limit_on_epochs_ends_after_its_steps() -> None:
    assert run(Stopping(epochs=None, steps=9)).step == 9


def test_a_run_ends_at_its_target() -> None:
    state = run(Stopping(epochs=500, target=0.6))
    assert state.ended is not None
    assert state.ended.reason == "target"
    validation = state.history.view().validation
    assert validation.score[-1] >= 0.6
    assert (validation.score[:-1] < 0.6).all()


def test_a_run_ends_when_the_validation_loss_has_not_fallen_for_its_patience() -> None:
    state = run(
        Stopping(epochs=500, patience=2), optimizer=Sgd(learning_rate=3.0), schedule=Constant()
    )
    assert state.ended is not None
    assert state.ended.reason == "patience"
    assert state.best is not None
    assert state.epoch == state.best.epoch + 2


def test_a_run_ends_when_its_time_is_over_and_its_recipe_says_where() -> None:
    case = tiny_case(stopping=Stopping(epochs=100, seconds=10.0))
    state = TrainingState.start(case.experiment, case.data)
    times = iter(np.arange(0.0, 1e6, 0.5))
    for _ in train(state, clock=lambda: float(next(times))):
        pass
    assert state.ended is not None
    assert state.ended.reason == "seconds"
    assert 10.0 <= state.seconds <= 11.0
    assert state.recipe.end_step == state.step


def test_time_between_two_steps_does_not_count() -> None:
    case = tiny_case(stopping=Stopping(epochs=3))
    state = TrainingState.start(case.experiment, case.data)
    now = [0.0]
    for _ in train(state, clock=lambda: now[0]):
        now[0] += 1000.0
    assert state.seconds == 0.0


def test_the_best_validation_is_the_first_of_the_lowest_on_the_whole_part() -> None:
    history = History()
    for step, loss, whole in [(1, 0.9, True), (2, 0.1, False), (3, 0.5, True), (4, 0.5, True)]:
        history.append_validation(step=step, epoch=step, loss=loss, score=0.5, whole=whole)
    history.append_validation(step=5, epoch=5, loss=np.nan, score=0.5, whole=True)
    best = best_of(history.view().validation)
    assert best is not None
    assert best.step == 3


def test_without_a_validation_there_is_no_best() -> None:
    assert best_of(History().view().validation) is None


@pytest.mark.parametrize(
    "stopping",
    [
        Stopping(epochs=2),
        Stopping(epochs=9, steps=3),
        Stopping(epochs=90, target=0.1),
        Stopping(epochs=90, seconds=1e-9),
    ],
)
def test_an_ending_survives_json(stopping: Stopping) -> None:
    ended = run(stopping).ended
    assert ended is not None
    assert ending_from_json(json.loads(json.dumps(ending_to_json(ended)))) == ended


@pytest.mark.parametrize("ending", [diverged(7), stopped(0)])
def test_the_sentence_of_an_ending_names_the_step(ending: Any) -> None:
    assert str(ending.step) in str(ending.text)


def test_a_target_of_values_is_told_as_r_squared_and_survives_json() -> None:
    ended = ending_at(
        Stopping(target=0.5), step=9, epochs=3, seconds=1, best=None, score=0.75, task="values"
    )
    assert ended is not None
    assert str(ended.text) == "Finished: validation R² 0.7500 reached 0.5."
    assert ending_from_json(json.loads(json.dumps(ending_to_json(ended)))) == ended


def test_no_ending_stays_none_in_json() -> None:
    assert ending_from_json(ending_to_json(None)) is None


@pytest.mark.parametrize(
    ("reason", "values"),
    [
        ("seconds", {}),
        ("target", {"target": "high", "accuracy": 0.5}),
        ("epochs", ["no names"]),
        ("bored", {}),
    ],
)
def test_a_stored_ending_that_cannot_be_said_is_refused(reason: str, values: object) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        ending_from_json({"reason": reason, "step": 5, "values": values})


def test_stopping_twice_changes_nothing() -> None:
    case = tiny_case()
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        state.stop()
    first = state.ended
    state.stop()
    assert state.ended is first
    assert first is not None
    assert dataclasses.replace(first, step=1) == first


def test_a_run_ends_when_its_training_loss_blows_up() -> None:
    state = run(
        Stopping(epochs=None, steps=200, blow_up=3.0),
        optimizer=Sgd(learning_rate=1e-3),
        schedule=RangeTest(rise=1e6),
    )
    assert state.ended is not None
    assert state.ended.reason == "blown_up"
    assert "3 times" in str(state.ended.text)
    assert state.step < 200
    loss = state.history.view().loss
    assert blown_up(loss, 3.0)
    # it is looked at every fourth batch of an epoch of four
    assert not blown_up(loss[:-4], 3.0)


def test_the_best_weights_are_kept_for_the_end_and_training_goes_on_from_the_last_ones() -> None:
    stopping = Stopping(epochs=12, keep_best=True)
    settings: dict[str, Any] = {"optimizer": Sgd(learning_rate=3.0), "schedule": Constant()}
    case = tiny_case(stopping=stopping, **settings)
    state = TrainingState.start(case.experiment, case.data)
    best, vector = np.inf, state.network.vector.copy()
    for step in train(state):
        assert step.validation is None or step.validation.whole
        if step.validation is not None and step.validation.loss < best:
            best, vector = step.validation.loss, state.network.vector.copy()
    assert state.best is not None
    assert state.best.step < state.step
    assert state.evaluated_step == state.best.step
    assert state.evaluated.tobytes() == vector.tobytes()
    without = run(Stopping(epochs=12), **settings)
    assert state.network.vector.tobytes() == without.network.vector.tobytes()
    longer = dataclasses.replace(case.experiment, stopping=Stopping(epochs=20, keep_best=True))
    assert state.fork(longer).evaluated.tobytes() == without.network.vector.tobytes()


def test_the_best_weights_survive_a_checkpoint() -> None:
    case = tiny_case(
        stopping=Stopping(epochs=12, keep_best=True),
        optimizer=Sgd(learning_rate=3.0),
        schedule=Constant(),
    )
    whole = TrainingState.start(case.experiment, case.data)
    for _ in train(whole):
        pass
    assert whole.best is not None
    state = TrainingState.start(case.experiment, case.data)
    while state.step < whole.best.step + 2:
        advance(state)
    for _ in range(2):
        state = TrainingState.restore(state.checkpoint(), case.data)
        for _ in train(state):
            pass
        assert state.evaluated.tobytes() == whole.evaluated.tobytes()
        assert state.evaluated_step == whole.evaluated_step


@pytest.mark.parametrize("step", [1, 2**40, -3])
def test_best_weights_of_no_validation_are_damage(step: int) -> None:
    case = tiny_case(stopping=Stopping(epochs=3, keep_best=True))
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    taken = state.checkpoint()
    with pytest.raises(NnstudioError, match="cannot be gone on with"):
        TrainingState.restore(
            Checkpoint(taken.vectors, {**taken.record, "kept_step": step}), case.data
        )


def test_best_weights_that_are_missing_are_damage() -> None:
    case = tiny_case(stopping=Stopping(epochs=3, keep_best=True))
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    taken = state.checkpoint()
    vectors = {name: values for name, values in taken.vectors.items() if name != "best"}
    with pytest.raises(NnstudioError, match="cannot be gone on with"):
        TrainingState.restore(Checkpoint(vectors, taken.record), case.data)


def test_a_network_that_takes_long_is_not_validated_once_more_when_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = tiny_case(batches=Batches(size=4))
    found = []
    for limit in (1e9, 1):
        monkeypatch.setattr("nnstudio.training.course.LAST_PRODUCTS", limit)
        state = TrainingState.start(case.experiment, case.data)
        steps = train(state)
        next(steps)
        state.stop()
        found.append((state.ended is not None, len(state.history.view().validation.step)))
    assert found == [(True, 1), (True, 0)]
