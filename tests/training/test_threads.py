"""BLAS threads of a run: changed between two steps, part of the Recipe, made again by a replay."""

import json

import numpy as np
import pytest

from nnstudio.nn.activations import Relu
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.training import blas
from nnstudio.training import state as state_module
from nnstudio.training.experiment import Batches, Stopping
from nnstudio.training.loop import advance
from nnstudio.training.recipe import Recipe
from nnstudio.training.replay import replay
from nnstudio.training.session import Session
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case, tiny_dataset


def wide_case() -> Case:
    """Products for which OpenBLAS adds up in another order with two threads."""
    return tiny_case(
        tiny_dataset(samples=160, inputs=200),
        network=NetworkSpec(layers=(HiddenLayer(units=128, activation=Relu()),)),
        batches=Batches(size=64),
        stopping=Stopping(steps=8),
    )


def driven(case: Case, switches: dict[int, int], *, threads: int = 2) -> TrainingState:
    state = TrainingState.start(case.experiment, case.data, threads=threads)
    while state.ended is None:
        state.work_with(switches.get(state.step, state.threads))
        advance(state)
    return state


def test_a_change_of_threads_is_in_the_recipe_at_its_step() -> None:
    state = driven(wide_case(), {3: 1, 6: 2})
    assert state.recipe.threads == state.wanted_threads == 2
    assert state.recipe.thread_changes == ((3, 1), (6, 2))


def test_the_same_number_of_threads_is_no_change() -> None:
    assert driven(wide_case(), {3: 2, 5: 2}).recipe.thread_changes == ()


def test_a_replay_has_the_threads_and_so_the_bits_of_the_run() -> None:
    case = wide_case()
    state = driven(case, {3: 1})
    written = json.loads(json.dumps(state.recipe.to_json()))
    again = replay(Recipe.from_json(written), case.data)
    assert again.threads == 1
    assert again.network.vector.tobytes() == state.network.vector.tobytes()
    assert again.recipe == state.recipe


def test_a_run_goes_on_from_a_checkpoint_with_the_threads_that_it_had() -> None:
    case = wide_case()
    whole = driven(case, {3: 1})
    state = TrainingState.start(case.experiment, case.data, threads=2)
    for _ in range(5):
        if state.step == 3:
            state.work_with(1)
        advance(state)
    resumed = TrainingState.restore(state.checkpoint(), case.data)
    assert (resumed.threads, resumed.wanted_threads) == (1, 2)
    while resumed.ended is None:
        advance(resumed)
    assert resumed.network.vector.tobytes() == whole.network.vector.tobytes()


def test_steps_that_are_made_again_after_divergence_have_their_own_threads() -> None:
    case = wide_case()
    state = TrainingState.start(case.experiment, case.data, threads=2)
    for _ in range(3):
        advance(state)
    state.work_with(1)
    for _ in range(2):
        advance(state)
    before = state.network.vector.copy()
    state.stage.update(float("nan"), state.step)
    state.step, state.batch = state.step + 1, state.batch + 1
    state.history.append(0.0, 0.0, float("nan"), 0.0)
    assert not state.guard.check(state)
    assert state.step == 5
    assert np.array_equal(state.network.vector, before)


def test_a_run_that_is_over_keeps_its_threads() -> None:
    state = driven(wide_case(), {})
    state.work_with(1)
    assert state.recipe.thread_changes == ()


def test_a_recipe_of_an_older_program_has_no_changes_of_threads() -> None:
    written = driven(wide_case(), {}).recipe.to_json()
    del written["thread_changes"]
    assert Recipe.from_json(written).thread_changes == ()


def test_a_session_leaves_a_processor_to_whoever_watches_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blas, "_LARGE_PRODUCT", 1)
    monkeypatch.setattr(state_module, "cores", lambda: 3)
    case = wide_case()
    session = Session(experiment=case.experiment, data=case.data)
    session.step()
    session.turn()
    assert session.recipe.threads == 2
    assert TrainingState.start(case.experiment, case.data).threads == 3
    assert TrainingState.start(case.experiment, case.data, spare=9).threads == 1
