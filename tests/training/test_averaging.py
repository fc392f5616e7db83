from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.nn.optimizers import Sgd
from nnstudio.training.averaging import Average, Exponential
from nnstudio.training.evaluation import evaluate
from nnstudio.training.loop import advance, train
from nnstudio.training.session import Session
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case
from tests.training.test_guard import exploding


def test_the_average_follows_its_formula_with_a_warm_start() -> None:
    source = np.zeros(3)
    average = Average(source)
    expected, generator = 0.0, np.random.default_rng(0)
    for step in range(1, 60):
        value = generator.normal()
        source[:] = value
        average.take_in(step, decay=0.8)
        decay = min(0.8, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * value
        np.testing.assert_allclose(average.vector, expected, rtol=1e-13)


def test_without_decay_the_average_is_the_source() -> None:
    source = np.arange(4.0)
    average = Average(source)
    source += 1.0
    average.take_in(1, decay=0.0)
    np.testing.assert_array_equal(average.vector, source)


@pytest.mark.parametrize("size", [1, 32 * 1024, 32 * 1024 + 1, 100_000])
def test_every_piece_of_a_long_vector_is_averaged(size: int) -> None:
    source = np.zeros(size, np.float32)
    average = Average(source)
    source[:] = 1.0
    average.take_in(100, decay=0.5)
    np.testing.assert_array_equal(average.vector, np.full(size, 0.5, np.float32))


def test_the_average_of_values_that_stay_stays_in_every_bit() -> None:
    source = np.random.default_rng(0).normal(size=50).astype(np.float32)
    average = Average(source)
    for step in range(1, 20):
        average.take_in(step, decay=0.99)
    assert average.vector.tobytes() == source.tobytes()


def averaged_case(decay: float = 0.9, **settings: Any) -> Case:
    return tiny_case(
        averaging=Exponential(decay=decay), optimizer=Sgd(learning_rate=1.0), **settings
    )


def finished(case: Case) -> TrainingState:
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    return state


def test_training_goes_on_without_the_average() -> None:
    case = averaged_case()
    without = tiny_case(optimizer=Sgd(learning_rate=1.0))
    one, other = finished(case), finished(without)
    assert one.network.vector.tobytes() == other.network.vector.tobytes()
    assert one.evaluated.tobytes() != other.evaluated.tobytes()
    assert other.evaluated is other.network.vector


def test_what_is_evaluated_is_the_mean_over_the_steps() -> None:
    case = averaged_case(precision="float64")
    state = TrainingState.start(case.experiment, case.data)
    expected = state.network.vector.copy()
    for step in train(state):
        decay = min(0.9, (1 + step.step) / (10 + step.step))
        expected = decay * expected + (1 - decay) * state.network.vector
        np.testing.assert_allclose(state.evaluated, expected, rtol=1e-12)


def test_validation_sees_the_average_and_leaves_the_network_as_it_was() -> None:
    case = averaged_case()
    state = finished(case)
    before = state.network.vector.copy()
    found = state.validate(whole=True)
    assert state.network.vector.tobytes() == before.tobytes()
    with state.evaluating() as network:
        assert network.vector.tobytes() == state.evaluated.tobytes()
        lent = evaluate(network, case.data, case.data.split.validation)
    assert state.network.vector.tobytes() == before.tobytes()
    assert found == lent
    assert found != evaluate(state.network, case.data, case.data.split.validation)


def test_a_snapshot_shows_the_average() -> None:
    case = averaged_case()
    session = Session(experiment=case.experiment, data=case.data)
    session.start()
    while session.turn():
        pass
    snapshot = session.mailbox.take()
    assert snapshot is not None
    assert snapshot.weights is not None
    assert snapshot.weights.vector.tobytes() == finished(case).evaluated.tobytes()


def test_a_fork_that_asks_for_an_average_begins_it_with_the_weights_of_its_parent() -> None:
    parent = finished(tiny_case(optimizer=Sgd(learning_rate=1.0)))
    stopping = replace(parent.experiment.stopping, epochs=5)
    averaged = replace(parent.experiment, averaging=Exponential(), stopping=stopping)
    fork = parent.fork(averaged)
    np.testing.assert_array_equal(fork.evaluated, parent.network.vector)
    advance(fork)
    assert fork.evaluated.tobytes() != fork.network.vector.tobytes()


def test_the_decay_can_be_changed_while_a_run_goes_on() -> None:
    case = averaged_case()
    state = TrainingState.start(case.experiment, case.data)
    advance(state)
    state.change("averaging.decay", 0.0)
    advance(state)
    np.testing.assert_allclose(state.evaluated, state.network.vector, rtol=1e-6)


def test_a_run_that_diverges_ends_with_a_finite_average() -> None:
    case = exploding(averaging=Exponential())
    state = finished(case)
    assert state.ended is not None
    assert state.ended.reason == "diverged"
    assert np.isfinite(state.evaluated).all()
