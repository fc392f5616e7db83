import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.errors import NnstudioError
from nnstudio.nn.optimizers import Sgd
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.loop import advance
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_case, tiny_dataset

CASE = tiny_case(optimizer=Sgd(learning_rate=0.1, momentum=0.9))


def taken() -> Checkpoint:
    state = TrainingState.start(CASE.experiment, CASE.data)
    for _ in range(6):
        advance(state)
    return state.checkpoint()


def test_a_checkpoint_is_plain_arrays_and_a_record_for_json() -> None:
    checkpoint = taken()
    assert all(type(one) is np.ndarray for one in checkpoint.vectors.values())
    assert all(one.dtype.kind in "fiu" for one in checkpoint.vectors.values())
    assert json.loads(json.dumps(checkpoint.record, allow_nan=False)) == checkpoint.record
    assert checkpoint.step == 6


def test_later_steps_do_not_touch_a_checkpoint() -> None:
    state = TrainingState.start(CASE.experiment, CASE.data)
    advance(state)
    checkpoint = state.checkpoint()
    before = {name: values.copy() for name, values in checkpoint.vectors.items()}
    while state.ended is None:
        advance(state)
    for name, values in checkpoint.vectors.items():
        np.testing.assert_array_equal(values, before[name])


def test_other_data_are_refused() -> None:
    other = tiny_case(tiny_dataset(seed=9), optimizer=Sgd(learning_rate=0.1, momentum=0.9))
    with pytest.raises(NnstudioError, match="other data"):
        TrainingState.restore(taken(), other.data)


def drop(name: str) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    def damage(vectors: dict[str, Any], record: dict[str, Any]) -> None:
        vectors.pop(name, None)
        record.pop(name, None)

    return damage


def put(name: str, value: Any) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    def damage(vectors: dict[str, Any], record: dict[str, Any]) -> None:
        (vectors if name in vectors else record)[name] = value

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        drop("vector"),
        drop("optimizer.velocity"),
        drop("history.loss"),
        drop("history.validation.whole"),
        drop("history.epoch_ends"),
        drop("inherited_changes"),
        drop("batch"),
        drop("checkpoint_version"),
        put("vector", np.zeros(3, np.float32)),
        put("vector", np.zeros(53, np.float64)),
        put("vector", np.full(53, np.nan, np.float32)),
        put("history.loss", np.zeros(5)),
        put("history.validation.loss", np.zeros(9)),
        put("batch", 4),
        put("batch", -1),
        put("step", "six"),
        put("pending", 3),
        put("ended", {"reason": "boredom", "step": 3, "values": {}}),
        put("checkpoint_version", 2),
    ],
)
def test_a_damaged_checkpoint_is_refused(
    damage: Callable[[dict[str, Any], dict[str, Any]], None],
) -> None:
    good = taken()
    vectors, record = dict(good.vectors), dict(good.record)
    assert vectors["vector"].shape == (53,)
    damage(vectors, record)
    with pytest.raises(NnstudioError):
        TrainingState.restore(Checkpoint(vectors, record), CASE.data)


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_the_vectors_of_a_checkpoint_are_those_that_its_settings_use(momentum: float) -> None:
    state = TrainingState.start(CASE.experiment, CASE.data)
    for before in (0.9, 0.0, momentum):
        advance(state)
        state.change("optimizer.momentum", before)
    checkpoint = state.checkpoint()
    assert ("optimizer.velocity" in checkpoint.vectors) == (momentum > 0)
    again = TrainingState.restore(checkpoint, CASE.data)
    for _ in range(3):
        advance(state)
        advance(again)
    assert again.network.vector.tobytes() == state.network.vector.tobytes()


def test_an_older_checkpoint_may_hold_a_velocity_that_nothing_uses() -> None:
    state = TrainingState.start(replace(CASE.experiment, optimizer=Sgd()), CASE.data)
    advance(state)
    checkpoint = state.checkpoint()
    size = state.network.layout.parameters
    vectors = {**checkpoint.vectors, "optimizer.velocity": np.zeros(size, np.float32)}
    again = TrainingState.restore(Checkpoint(vectors, checkpoint.record), CASE.data)
    assert "velocity" not in again.optimizer_state.vectors
    assert again.network.vector.tobytes() == state.network.vector.tobytes()


def test_a_model_of_another_shape_cannot_be_started_from() -> None:
    with pytest.raises(NnstudioError, match="do not fit"):
        TrainingState.start(
            CASE.experiment, CASE.data, initial=np.zeros(4, np.float32), initial_sha256="ab"
        )


def test_a_model_without_its_checksum_cannot_be_started_from() -> None:
    vector = taken().vectors["vector"]
    with pytest.raises(ValueError, match="together"):
        TrainingState.start(CASE.experiment, CASE.data, initial=vector)


def test_a_run_can_start_from_the_vector_of_a_model() -> None:
    vector = taken().vectors["vector"]
    state = TrainingState.start(CASE.experiment, CASE.data, initial=vector, initial_sha256="ab")
    assert state.network.vector.tobytes() == vector.tobytes()
    assert state.recipe.initial_sha256 == "ab"
