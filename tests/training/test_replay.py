from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.errors import NnstudioError
from nnstudio.training.experiment import Stopping
from nnstudio.training.loop import train
from nnstudio.training.replay import replay
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_case, tiny_dataset
from tests.training.test_guard import exploding


def test_a_run_that_a_clock_ended_is_replayed_to_the_same_step_however_slow_the_machine() -> None:
    case = tiny_case(stopping=Stopping(epochs=100, seconds=10.0))
    state = TrainingState.start(case.experiment, case.data)
    times = iter(np.arange(0.0, 1e6, 0.5))
    for _ in train(state, clock=lambda: float(next(times))):
        pass
    again = replay(state.recipe, case.data)
    assert again.step == state.step
    assert again.network.vector.tobytes() == state.network.vector.tobytes()
    assert again.best == state.best


def test_other_data_are_refused() -> None:
    case = tiny_case()
    recipe = TrainingState.start(case.experiment, case.data).recipe
    with pytest.raises(NnstudioError, match="other data"):
        replay(recipe, tiny_case(tiny_dataset(seed=5)).data)


def test_a_run_that_started_from_a_model_is_refused_with_its_checksum() -> None:
    case = tiny_case()
    recipe = replace(
        TrainingState.start(case.experiment, case.data).recipe, initial_sha256="abcdef"
    )
    with pytest.raises(NnstudioError, match="abcdef"):
        replay(recipe, case.data)


def test_a_run_that_started_from_a_model_is_replayed_with_that_model() -> None:
    case = tiny_case()
    trained = TrainingState.start(case.experiment, case.data)
    for _ in train(trained):
        pass
    initial = trained.network.vector
    state = TrainingState.start(case.experiment, case.data, initial=initial, initial_sha256="ab")
    fork = state.fork()
    for one in (state, fork):
        for _ in train(one):
            pass
        again = replay(one.recipe, case.data, initial=initial, initial_sha256="ab")
        assert again.network.vector.tobytes() == one.network.vector.tobytes()
        assert again.recipe == one.recipe
    wrong: list[dict[str, Any]] = [
        {},
        {"initial": initial},
        {"initial": initial, "initial_sha256": "cd"},
    ]
    for given in wrong:
        with pytest.raises(NnstudioError, match="ab"):
            replay(fork.recipe, case.data, **given)


def test_a_run_that_diverged_is_replayed_to_its_end() -> None:
    case = exploding()
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    again = replay(state.recipe, case.data)
    assert again.ended == state.ended
    assert again.network.vector.tobytes() == state.network.vector.tobytes()
