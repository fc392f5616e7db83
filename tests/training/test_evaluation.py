from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw
from nnstudio.nn.activations import Identity, Sigmoid, Softmax
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.penalties import L2
from nnstudio.tasks import Task
from nnstudio.training.evaluation import CHUNK_ROWS, evaluate
from nnstudio.training.experiment import Stopping
from nnstudio.training.feed import Feed
from nnstudio.training.loop import train
from nnstudio.training.metrics import accuracy, confusion
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_case, tiny_dataset, tiny_experiment


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
    return float(loss), float((P.argmax(axis=1) == labels_of(data)[rows]).mean())


def labels_of(data: PreparedData) -> Rows:
    assert data.labels is not None
    return data.labels


@pytest.mark.parametrize("over_batch", ["mean", "sum"])
def test_loss_and_accuracy_are_means_over_the_samples_however_they_are_cut(
    over_batch: Any,
) -> None:
    state = trained(precision="float64", loss=CrossEntropy(over_batch=over_batch))
    rows = np.arange(len(state.data.targets))
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
    table = confusion(labels_of(state.data)[rows], answers, state.data.outputs)
    assert accuracy(table) == evaluate(state.network, state.data, rows).score


def test_evaluation_leaves_parameters_and_gradient_alone() -> None:
    state = trained()
    vector, gradient = state.network.vector.copy(), state.network.gradient.copy()
    evaluate(state.network, state.data, state.data.split.training)
    assert state.network.vector.tobytes() == vector.tobytes()
    assert state.network.gradient.tobytes() == gradient.tobytes()


def answering(task: Task, **settings: Any) -> TrainingState:
    """A state before its first step, on data whose answers are no classes."""
    generator = np.random.default_rng(3)
    inputs = generator.normal(size=(2 * CHUNK_ROWS + 77, 4))
    answers = inputs[:, :2] ** 2 + [5.0, -3.0]
    if task == "labels":
        answers = (answers > [5.5, -2.5]).astype(np.float64)
    dataset = Dataset.of(inputs, answers, class_names=(), source="spirals", task=task)
    ends: dict[str, tuple[Any, Any]] = {
        "labels": (Sigmoid(), BinaryCrossEntropy()),
        "values": (Identity(), MeanSquaredError()),
    }
    activation, loss = ends[task]
    network = NetworkSpec(layers=(), output=OutputLayer(activation=activation))
    case = tiny_case(dataset, network=network, loss=loss, precision="float64", **settings)
    return TrainingState.start(case.experiment, case.data)


def test_values_are_judged_over_all_samples_together() -> None:
    state = answering("values")
    rows = np.arange(len(state.data.targets))
    X, Y = Feed(state.data).batch(rows)
    off = state.network.predict(X) - Y
    found = evaluate(state.network, state.data, rows)
    assert found.rmse == pytest.approx(np.sqrt((off**2).mean()))
    assert found.score == pytest.approx(1 - (off**2).sum() / ((Y - Y.mean(axis=0)) ** 2).sum())
    assert found.loss == pytest.approx((off**2).mean())
    assert (found.correct, found.count) == (0, len(rows))


def test_each_label_of_each_sample_is_an_answer() -> None:
    state = answering("labels")
    rows = state.data.split.training
    X, Y = Feed(state.data).batch(rows)
    right = ((state.network.predict(X) > 0.5) == (Y == 1)).sum()
    found = evaluate(state.network, state.data, rows)
    assert (found.correct, found.count) == (right, len(rows))
    assert found.score == right / Y.size
    assert np.isnan(found.rmse)


@pytest.mark.parametrize("task", ["labels", "values"])
def test_nothing_to_evaluate_has_no_score_either_without_classes(task: Task) -> None:
    state = answering(task)
    found = evaluate(state.network, state.data, np.empty(0, np.int64))
    assert np.isnan([found.loss, found.score, found.rmse]).all()


def test_a_softmax_that_has_learned_several_labels_by_heart_is_right_about_all() -> None:
    held = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1], [1, 0, 0, 1], [1, 1, 1, 0]])
    dataset = Dataset.of(
        np.tile(np.eye(5, dtype=np.float32), (8, 1)),
        np.tile(held.astype(np.float32), (8, 1)),
        class_names=(),
        source="test",
        task="labels",
    )
    case = tiny_case(
        dataset,
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Softmax())),
        loss=CrossEntropy(),
        scaling=Raw(),
        optimizer=Sgd(learning_rate=2.0),
        stopping=Stopping(epochs=40),
    )
    state = TrainingState.start(case.experiment, case.data)
    last = [step.score for step in train(state)][-1]
    found = evaluate(state.network, state.data, np.arange(40))
    assert (last, found.score, found.correct) == (1.0, 1.0, 160)


@pytest.mark.parametrize("task", ["labels", "values"])
def test_a_step_knows_the_score_of_its_batch(task: Task) -> None:
    state = answering(task)
    data, plan = state.data, state.current_plan()
    rows = plan.batches[0]
    X, Y = Feed(data).batch(rows)
    score = data.score(state.network.spec.output.activation)
    expected = score(state.network.predict(X), Y, rows)
    step = next(iter(train(state)))
    assert step.score == pytest.approx(expected)
    assert state.history.view().score[0] == step.score


def test_learning_a_square_raises_r_squared_and_its_history_has_the_rmse() -> None:
    state = answering("values", stopping=Stopping(epochs=8), scaling=Raw())
    for _ in train(state):
        pass
    validation = state.history.view().validation
    assert validation.score[-1] > validation.score[0]
    assert (validation.rmse > 0).all()
    assert np.argmin(validation.rmse) == np.argmax(validation.score)


@pytest.mark.parametrize("over_batch", ["mean", "sum"])
def test_what_the_weights_cost_is_added_once_however_many_pieces_there_are(
    over_batch: Any,
) -> None:
    loss = CrossEntropy(over_batch=over_batch)
    plain = trained(precision="float64", loss=loss)
    output = OutputLayer(penalty=L2(l2=0.5))
    network = replace(tiny_experiment().network, output=output)
    case = tiny_case(plain.data.dataset, precision="float64", loss=loss, network=network)
    dear = TrainingState.start(case.experiment, case.data)
    dear.network.vector[:] = plain.network.vector
    rows = np.arange(len(plain.data.targets))
    extra = dear.network.penalty()
    assert extra > 0
    found = [evaluate(one.network, one.data, rows).loss for one in (plain, dear)]
    assert found[1] - found[0] == pytest.approx(extra)
