"""Whole runs against scikit-learn: the same batches, so the same losses, weights and scores."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw
from nnstudio.nn.activations import Identity, Softmax, Tanh
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import CrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.nn.schedules import Constant
from nnstudio.training.evaluation import evaluate
from nnstudio.training.experiment import Batches, DataSettings, Stopping, WeightedSource
from nnstudio.training.loop import train
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case

ORACLE = Path(__file__).parents[1] / "oracles" / "sklearn_runs.json"
FROZEN = json.loads(ORACLE.read_text(encoding="utf-8"))


def optimizer(run: dict[str, Any]) -> Sgd | Adam:
    rate = run["rate"]
    if run["optimizer"] == "adam":
        return Adam(learning_rate=rate, epsilon=1e-15)
    # scikit-learn's squared error is half of the mean, so its steps are half as long
    rate = rate / 2 if run["task"] == "values" else rate
    momentum = 0.0 if run["optimizer"] == "sgd" else 0.9
    return Sgd(learning_rate=rate, momentum=momentum, nesterov=run["optimizer"] == "nesterov")


def the_same(run: dict[str, Any]) -> Case:
    classes = run["task"] == "classes"
    targets = np.array(run["targets"])
    dataset = Dataset.of(
        np.array(FROZEN["X"]),
        targets if classes else targets[:, np.newaxis],
        class_names=("a", "b", "c") if classes else (),
        source="spirals",
        task=run["task"],
    )
    return tiny_case(
        dataset,
        data=DataSettings(
            sources=(WeightedSource(source=Spirals(validation=0.0, test=0.0)),), shuffled=False
        ),
        scaling=Raw(),
        network=NetworkSpec(
            layers=(
                HiddenLayer(units=5, activation=Tanh()),
                HiddenLayer(units=4, activation=Tanh()),
            ),
            output=OutputLayer(activation=Softmax() if classes else Identity()),
        ),
        loss=CrossEntropy() if classes else MeanSquaredError(),
        optimizer=optimizer(run),
        schedule=Constant(),
        batches=Batches(size=8),
        stopping=Stopping(epochs=FROZEN["epochs"]),
        precision="float64",
    )


@pytest.mark.parametrize("run", FROZEN["runs"], ids=lambda run: f"{run['task']} {run['optimizer']}")
def test_a_whole_run_is_that_of_scikit_learn(run: dict[str, Any]) -> None:
    case = the_same(run)
    np.testing.assert_array_equal(case.data.split.training, np.arange(30))
    start = np.concatenate([np.ravel(array) for array in run["start"]])
    state = TrainingState.start(case.experiment, case.data, initial=start, initial_sha256="")
    for _ in train(state):
        pass
    losses = state.history.view().loss.reshape(FROZEN["epochs"], 4)
    half = 0.5 if run["task"] == "values" else 1.0
    curve = half * losses @ np.array([8, 8, 8, 6]) / 30
    np.testing.assert_allclose(curve, run["losses"], rtol=1e-9)
    end = np.concatenate([np.ravel(array) for array in run["end"]])
    np.testing.assert_allclose(state.network.parameters, end, rtol=1e-8, atol=1e-9)
    found = evaluate(state.network, case.data, case.data.split.training)
    assert found.score == pytest.approx(run["score"], rel=1e-8)
