from typing import Any

import numpy as np
import pytest

from nnstudio.nn.losses import CrossEntropy
from nnstudio.training.evaluation import CHUNK_ROWS, evaluate
from nnstudio.training.feed import Feed
from nnstudio.training.loop import train
from nnstudio.training.metrics import accuracy, confusion
from nnstudio.training.prepared import PreparedData
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_case, tiny_dataset


def trained(**settings: Any) -> TrainingState:
    case = tiny_case(tiny_dataset(samples=2 * CHUNK_ROWS + 77), **settings)
    state = TrainingState.start(case.experiment, case.data)
    for _ in train(state):
        pass
    return state


def by_hand(state: TrainingState, data: PreparedData, rows: Any) -> tuple[float, float]:
    X, Y = Feed(data).batch(rows)
    P = state.network.predict(X)
    loss = -(Y * np.log(P)).sum(axis=1).mean()
    return float(loss), float((P.argmax(axis=1) == data.labels[rows]).mean())


@pytest.mark.parametrize("over_batch", ["mean", "sum"])
def test_loss_and_accuracy_are_means_over_the_samples_however_they_are_cut(
    over_batch: Any,
) -> None:
    state = trained(precision="float64", loss=CrossEntropy(over_batch=over_batch))
    rows = np.arange(len(state.data.labels))
    found = evaluate(state.network, state.data, rows)
    loss, share = by_hand(state, state.data, rows)
    np.testing.assert_allclose(found.loss, loss)
    assert found.score == pytest.approx(share)
    assert (found.correct, found.count) == (round(share * len(rows)), len(rows))


def test_nothing_to_evaluate_gives_nan() -> None:
    state = trained()
    found = evaluate(state.network, state.data, np.empty(0, np.int64))
    assert np.isnan(found.loss)
    assert np.isnan(found.score)
    assert found.count == 0


def test_accuracy_is_that_of_the_confusion_matrix() -> None:
    state = trained()
    rows = state.data.split.validation
    answers = state.network.predict(Feed(state.data).batch(rows)[0]).argmax(axis=1)
    table = confusion(state.data.labels[rows], answers, state.data.outputs)
    assert accuracy(table) == evaluate(state.network, state.data, rows).score


def test_evaluation_leaves_parameters_and_gradient_alone() -> None:
    state = trained()
    vector, gradient = state.network.vector.copy(), state.network.gradient.copy()
    evaluate(state.network, state.data, state.data.split.training)
    assert state.network.vector.tobytes() == vector.tobytes()
    assert state.network.gradient.tobytes() == gradient.tobytes()
