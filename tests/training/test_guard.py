"""Divergence is a result: the step at which it happened, and the last finite parameters."""

import warnings
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw
from nnstudio.faults import fault_named, seams_of
from nnstudio.nn.activations import Identity, Relu, Sigmoid, Tanh
from nnstudio.nn.initializers import Normal
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import Network, NetworkSpec
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.schedules import Constant
from nnstudio.seams import TRUE
from nnstudio.training.course import Course
from nnstudio.training.experiment import Batches, DataSettings, Stopping, WeightedSource
from nnstudio.training.guard import Guard
from nnstudio.training.loop import advance, train
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case


def exploding(precision: str = "float32", **settings: Any) -> Case:
    """A linear network whose parameters grow by a large factor at every step."""
    return tiny_case(
        scaling=Raw(),
        network=NetworkSpec(
            layers=(HiddenLayer(units=4, activation=Identity()),),
            output=OutputLayer(activation=Identity()),
        ),
        loss=MeanSquaredError(),
        optimizer=settings.pop("optimizer", Sgd(learning_rate=10.0)),
        schedule=Constant(),
        precision=precision,
        stopping=Stopping(epochs=500),
        **settings,
    )


def run(case: Case) -> TrainingState:
    state = TrainingState.start(case.experiment, case.data)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in train(state):
            pass
    return state


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(
    "optimizer", [Sgd(learning_rate=10.0), Sgd(learning_rate=10.0, momentum=0.9)]
)
def test_a_run_that_diverges_ends_with_finite_parameters(precision: str, optimizer: Sgd) -> None:
    state = run(exploding(precision, optimizer=optimizer))
    assert state.ended is not None
    assert state.ended.reason == "diverged"
    assert np.isfinite(state.network.vector).all()
    assert all(np.isfinite(one).all() for one in state.optimizer_state.vectors.values())
    assert state.ended.step == state.step + 1 == state.history.steps + 1
    assert np.isfinite(state.history.view().loss).all()


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_step_is_the_first_that_cannot_be_made_in_finite_numbers(precision: str) -> None:
    case = exploding(precision)
    state = run(case)
    # by hand: the same steps without a guard
    other = TrainingState.start(case.experiment, case.data)
    other.guard = Blind()
    before = other.network.vector.copy()
    made = 0
    while True:
        step = advance(other)
        if step is None or not np.isfinite(other.network.vector).all():
            break
        before = other.network.vector.copy()
        made += 1
    assert state.ended is not None
    assert state.ended.step == made + 1
    assert state.network.vector.tobytes() == before.tobytes()


def hidden_overflow(calm_rows: int = 0, **settings: Any) -> Case:
    """Inputs of 3e38: the first step takes the weights to infinity, where a sigmoid is flat.

    Before it come some of the `calm_rows`, whose inputs are zero.
    """
    inputs = np.full((40, 2), 3e38)
    inputs[:calm_rows] = 0.0
    return tiny_case(
        Dataset.of(inputs, np.arange(40) % 2, class_names=("a", "b"), source="spirals"),
        scaling=Raw(),
        network=NetworkSpec(
            layers=(HiddenLayer(units=3, activation=Sigmoid(), weights=Normal(std=1e-39)),),
            output=OutputLayer(weights=Normal(std=3.0)),
        ),
        batches=Batches(size=1),
        data=DataSettings(
            sources=(WeightedSource(source=Spirals(validation=0.2)),), shuffled=False
        ),
        schedule=Constant(),
        **{"optimizer": Sgd(learning_rate=10.0), **settings},
    )


def test_an_overflow_that_no_loss_shows_is_found_with_its_step() -> None:
    case = hidden_overflow()
    blind = TrainingState.start(case.experiment, case.data)
    initial = blind.network.vector.copy()
    blind.guard = Blind()
    losses = [step.loss for step in train(blind)]
    assert np.isfinite(losses).all()
    assert not np.isfinite(blind.network.vector).all()
    state = run(case)
    assert state.ended is not None
    assert (state.ended.reason, state.ended.step, state.step) == ("diverged", 1, 0)
    assert state.network.vector.tobytes() == initial.tobytes()
    assert state.history.steps == 0


class Blind(Guard):
    """Sees nothing wrong."""

    def check(self, state: Course) -> bool:
        """Tell that all is well."""
        return state is not None


def test_a_diverged_run_can_be_forked_with_a_smaller_rate() -> None:
    state = run(hidden_overflow())
    fork = state.fork(replace(state.experiment, optimizer=Sgd(learning_rate=1e-9)))
    for _ in train(fork):
        pass
    assert fork.ended is not None
    assert fork.ended.reason == "epochs"
    assert fork.recipe.parent is not None
    assert fork.recipe.parent.step == state.step


def test_a_live_change_after_numbers_overflowed_finds_that_and_does_not_count() -> None:
    case = hidden_overflow()
    state = TrainingState.start(case.experiment, case.data)
    advance(state)
    assert state.ended is None
    state.change("optimizer.learning_rate", 0.5)
    assert state.ended is not None
    assert (state.ended.reason, state.ended.step) == ("diverged", 1)
    assert state.recipe.changes == ()


def test_steps_made_again_after_momentum_was_switched_off_leave_no_velocity() -> None:
    case = hidden_overflow(calm_rows=12, optimizer=Sgd(learning_rate=10.0, momentum=0.5))
    state = TrainingState.start(case.experiment, case.data)
    advance(state)
    advance(state)
    state.change("optimizer.momentum", 0.0)
    assert "velocity" not in state.optimizer_state.vectors
    while state.ended is None:
        advance(state)
    assert state.ended.reason == "diverged"
    assert state.step > 3
    assert "velocity" not in state.optimizer_state.vectors


def test_steps_made_again_after_momentum_was_switched_on_have_their_velocity() -> None:
    case = hidden_overflow(calm_rows=11, optimizer=Sgd(learning_rate=10.0, momentum=0.5))
    state = TrainingState.start(case.experiment, case.data)
    advance(state)
    advance(state)
    state.change("optimizer.momentum", 0.0)
    advance(state)
    state.change("optimizer.momentum", 0.5)
    other = TrainingState.restore(state.checkpoint(), case.data)
    vectors = {}
    while other.ended is None:
        vectors[other.step] = {n: v.copy() for n, v in other.stage.vectors.items()}
        advance(other)
        other.guard.check(other)
    while state.ended is None:
        advance(state)
    assert state.ended == other.ended
    assert state.ended.reason == "diverged"
    assert state.step > 3
    assert state.optimizer_state.vectors["velocity"].any()
    for name, values in state.stage.vectors.items():
        np.testing.assert_array_equal(values, vectors[state.step][name])


def test_a_diverged_run_survives_its_checkpoint() -> None:
    case = exploding()
    state = run(case)
    again = TrainingState.restore(state.checkpoint(), case.data)
    assert again.ended == state.ended
    assert again.network.vector.tobytes() == state.network.vector.tobytes()
    assert list(train(again)) == []


def test_a_checkpoint_between_two_checks_never_holds_numbers_that_are_not_finite() -> None:
    case = exploding()
    state = TrainingState.start(case.experiment, case.data)
    while state.ended is None:
        advance(state)
        checkpoint = state.checkpoint()
        assert np.isfinite(checkpoint.vectors["vector"]).all()
    assert state.ended.reason == "diverged"
    assert state.ended == run(case).ended


@pytest.mark.parametrize("activation", [Sigmoid(), Tanh(), Relu()])
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_weights_of_1e8_give_no_warning_whatever_comes_of_them(
    activation: Any, precision: str
) -> None:
    case = tiny_case(
        network=NetworkSpec(
            layers=(
                HiddenLayer(units=5, activation=activation, weights=Normal(std=100.0, scale=1e6)),
            ),
            output=OutputLayer(weights=Normal(std=100.0, scale=1e6)),
        ),
        optimizer=Sgd(learning_rate=10.0, momentum=0.99),
        schedule=Constant(),
        precision=precision,
        stopping=Stopping(epochs=30),
    )
    state = run(case)
    assert state.ended is not None
    assert np.isfinite(state.network.vector).all()


def test_a_loss_that_is_not_finite_ends_the_run_before_its_step() -> None:
    inputs = np.full((40, 2), 1e200)
    dataset = Dataset.of(inputs, np.arange(40) % 2, class_names=("a", "b"), source="spirals")
    case = tiny_case(
        dataset,
        scaling=Raw(),
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Identity())),
        loss=MeanSquaredError(),
        precision="float64",
    )
    state = TrainingState.start(case.experiment, case.data)
    before = state.network.vector.copy()
    assert list(train(state)) == []
    assert state.ended is not None
    assert (state.ended.reason, state.ended.step, state.step) == ("diverged", 1, 0)
    assert state.network.vector.tobytes() == before.tobytes()


@pytest.mark.parametrize("rate", [1.0, 10.0])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("size", [8, 32])
def test_running_statistics_never_hold_what_no_step_was_made_with(
    rate: float, layers: int, size: int
) -> None:
    row = HiddenLayer(units=8, activation=Identity(), normalization=BatchNorm())
    case = tiny_case(
        network=NetworkSpec(layers=(row,) * layers, output=OutputLayer(activation=Identity())),
        loss=MeanSquaredError(over_outputs="sum", over_batch="sum"),
        optimizer=Sgd(learning_rate=rate, momentum=0.9),
        schedule=Constant(),
        batches=Batches(size=size),
        stopping=Stopping(epochs=60),
    )
    state = run(case)
    assert state.ended is not None
    assert state.ended.reason == "diverged"
    other = TrainingState.start(case.experiment, case.data)
    other.guard = Blind()
    while other.step < state.step:
        advance(other)
    assert np.isfinite(state.network.vector).all()
    assert state.network.vector.tobytes() == other.network.vector.tobytes()
    assert TrainingState.restore(state.checkpoint(), case.data).ended == state.ended


def test_a_kept_gradient_that_overflows_before_a_step_is_made_takes_no_step_back() -> None:
    case = exploding(optimizer=Sgd(learning_rate=1.0))
    seams = seams_of((fault_named("gradient-accumulates"),))
    state = TrainingState.start(case.experiment, case.data, seams=seams)
    for _ in train(state):
        pass
    assert state.ended is not None
    assert state.ended.reason == "diverged"
    assert state.history.steps == state.step > 0
    assert np.isfinite(state.network.vector).all()


def test_a_loss_that_is_not_finite_moves_no_running_statistics() -> None:
    def endless(network: Network, X: Matrix, Y: Matrix) -> float:
        network.loss_and_gradient(X, Y)
        return inf

    row = HiddenLayer(units=3, normalization=BatchNorm())
    case = tiny_case(network=NetworkSpec(layers=(row,)))
    seams = replace(TRUE, gradient=endless)
    state = TrainingState.start(case.experiment, case.data, seams=seams)
    before = state.network.vector.copy()
    assert list(train(state)) == []
    assert state.ended is not None
    assert (state.ended.reason, state.step) == ("diverged", 0)
    assert state.network.vector.tobytes() == before.tobytes()
