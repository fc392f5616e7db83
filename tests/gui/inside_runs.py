"""Small runs that were really trained, as the views that look inside are given them."""

from dataclasses import replace
from typing import Any

import numpy as np

from nnstudio.data.dataset import Dataset
from nnstudio.nn.activations import Tanh
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Sgd
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import advance
from nnstudio.training.moments import Kept
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.snapshot import RunState, Snapshot, Weights
from nnstudio.training.state import TrainingState

XOR = Dataset.of(
    np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]),
    np.array([0, 1, 1, 0]),
    class_names=("same", "other"),
    source="xor",
)


def pictures(count: int = 24) -> Dataset:
    """Give pictures of 4 × 3 whose bright half is their class."""
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 2, count)
    inputs = draw.integers(0, 40, (count, 4, 3))
    inputs[labels == 0, :2] += 180
    inputs[labels == 1, 2:] += 180
    return Dataset.of(
        inputs.reshape(count, 12).astype(np.uint8),
        labels,
        class_names=("top", "bottom"),
        image_shape=(4, 3),
        source="halves",
    )


class Trained:
    """An experiment, its data and a run of it that is trained step by step."""

    def __init__(self, dataset: Dataset = XOR, **values: Any) -> None:
        network = NetworkSpec(layers=(HiddenLayer(units=4, activation=Tanh()),))
        base = Experiment(precision="float64", network=network, optimizer=Sgd(learning_rate=0.2))
        self.experiment = replace(base, **values)
        self.data: PreparedData = prepare(self.experiment, dataset)
        self.state = TrainingState.start(self.experiment, self.data)
        layout = self.state.network.layout
        self.initial = self.state.network.vector.copy()
        self.kept: tuple[Kept, ...] = (Kept(0, self.initial),)
        self.blueprint = Blueprint(
            self.experiment.network,
            layout,
            self.data.class_names,
            self.data.image_shape,
            self.data.scaling,
            initial=self.initial,
        )

    def train(self, steps: int) -> "Trained":
        for _ in range(steps):
            advance(self.state)
        self.kept = (*self.kept, Kept(self.state.step, self.state.network.vector.copy()))
        return self

    def run(self, state: RunState = RunState.RUNNING, **values: Any) -> RunView:
        """Give the run as it is now."""
        vector = values.pop("vector", self.state.network.vector.copy())
        gradient = self.state.network.gradient.copy() if self.state.step else None
        history = self.state.history.view()
        snapshot = Snapshot(
            state,
            self.state.step,
            history=history,
            weights=Weights(self.state.step, vector, gradient),
            rate=0.2,
            kept=self.kept,
        )
        made = RunView(
            identity="run 1",
            name="run 1",
            number=1,
            current=True,
            snapshot=snapshot,
            blueprint=self.blueprint,
            recipe=self.state.recipe,
        )
        return replace(made, **values)


def at_once(work: Any) -> None:
    """Do the work of `Beside` in the foreground."""
    work()
