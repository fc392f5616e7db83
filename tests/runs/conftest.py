"""A small model to save and to spoil, and a small run to interrupt."""

import numpy as np
import pytest

from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import FittedScaling
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.runs.model import Model
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.recipe import Change, Recipe


@pytest.fixture(scope="session")
def model() -> Model:
    experiment = Experiment(network=NetworkSpec(layers=(HiddenLayer(units=3),)))
    layout = layout_of(experiment.network, inputs=4, outputs=2)
    generator = np.random.default_rng(3)
    return Model(
        recipe=Recipe(
            experiment=experiment,
            changes=(Change(2, "optimizer.learning_rate", 0.01),),
            data_sha256="ab",
        ),
        layout=layout,
        vector=generator.normal(size=layout.size).astype(np.float32),
        class_names=("no", "是"),
        image_shape=(2, 2),
        scaling=FittedScaling(factor=np.array([1.0, 2.0, 3.0, 1 / 3]), shift=np.array(0.25)),
        constant_inputs=np.array([True, False, False, True]),
        summary={"test_accuracy": 0.5, "steps": 7, "loss": None},
    )


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    return Experiment(
        network=NetworkSpec(layers=(HiddenLayer(units=5),)),
        batches=Batches(size=8),
        stopping=Stopping(epochs=4),
        data=DataSettings(sources=(WeightedSource(source=Noise(samples=30)),)),
    )


@pytest.fixture(scope="session")
def data(experiment: Experiment) -> PreparedData:
    generator = np.random.default_rng(5)
    inputs = generator.integers(0, 256, (60, 6), np.uint8)
    dataset = Dataset.of(
        inputs,
        generator.integers(0, 3, 60),
        class_names=("a", "b", "c"),
        image_shape=(2, 3),
        source="noise",
    )
    return prepare(experiment, dataset)
