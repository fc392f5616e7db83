"""Hypothesis: small random Experiments, tiny data for them, and live changes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw, Scaling, Standardized, ToUnit
from nnstudio.nn.activations import Activation, Identity, Relu, Sigmoid, Softmax, Tanh
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import CrossEntropy, Loss, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Optimizer, Sgd
from nnstudio.nn.schedules import Constant, Cosine, Schedule
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.prepared import PreparedData, prepare


def tiny_dataset(
    *, samples: int = 40, inputs: int = 6, classes: int = 3, seed: int = 0, pixels: bool = True
) -> Dataset:
    """Clouds of points, one per class, as bytes or as floats."""
    generator = np.random.default_rng(seed)
    targets = np.arange(samples) % classes
    centres = generator.uniform(0, 200, (classes, inputs))
    points = np.clip(centres[targets] + generator.normal(0, 25, (samples, inputs)), 0, 255)
    return Dataset.of(
        points.astype(np.uint8) if pixels else points / 100,
        targets,
        class_names=tuple("abcdefgh"[:classes]),
        source="spirals",
    )


@dataclass(frozen=True)
class Case:
    """An experiment and its data."""

    experiment: Experiment
    data: PreparedData


def tiny_experiment(**settings: Any) -> Experiment:
    """An experiment that runs in a moment; settings as in `Experiment`."""
    return Experiment(
        **{
            "data": DataSettings(
                sources=(WeightedSource(source=Spirals(validation=0.2)),),
            ),
            "network": NetworkSpec(layers=(HiddenLayer(units=5, activation=Tanh()),)),
            "batches": Batches(size=8),
            "stopping": Stopping(epochs=3),
            **settings,
        }
    )


def tiny_case(dataset: Dataset | None = None, **settings: Any) -> Case:
    """An experiment that runs in a moment, with its data."""
    experiment = tiny_experiment(**settings)
    return Case(experiment, prepare(experiment, dataset or tiny_dataset()))


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Experiments of every kind that end within about 100 steps."""
    layers = draw(
        st.lists(
            st.builds(
                HiddenLayer,
                units=st.integers(1, 7),
                bias=st.booleans(),
                activation=st.sampled_from([Sigmoid(), Tanh(), Relu(), Identity()]),
            ),
            max_size=2,
        )
    )
    pairs: list[tuple[Loss, Activation]] = [
        (CrossEntropy(), Softmax()),
        (CrossEntropy(over_batch="sum", label_smoothing=0.1), Softmax()),
        (MeanSquaredError(), Softmax()),
        (MeanSquaredError(over_outputs="sum"), Identity()),
        (MeanSquaredError(), Sigmoid()),
    ]
    optimizers: list[Optimizer] = [
        Sgd(),
        Sgd(learning_rate=0.05, momentum=0.9),
        Adam(learning_rate=0.01),
    ]
    schedules: list[Schedule] = [Constant(), Cosine(), Cosine(final=0.1, stepwise=True)]
    scalings: list[Scaling] = [Raw(), ToUnit(), Standardized()]
    loss, output = draw(st.sampled_from(pairs))
    return Experiment(
        data=DataSettings(
            sources=(
                WeightedSource(source=Spirals(validation=draw(st.sampled_from([0.0, 0.04, 0.25])))),
            ),
            limit=draw(st.sampled_from([None, 17])),
            classes=draw(st.sampled_from([(), (2, 0)])),
            shuffled=draw(st.booleans()),
        ),
        scaling=draw(st.sampled_from(scalings)),
        network=NetworkSpec(layers=tuple(layers), output=OutputLayer(activation=output)),
        loss=loss,
        optimizer=draw(st.sampled_from(optimizers)),
        schedule=draw(st.sampled_from(schedules)),
        batches=Batches(
            size=draw(st.sampled_from([1, 3, 8, 100])),
            replacement=draw(st.booleans()),
            drop_last=draw(st.booleans()),
        ),
        stopping=Stopping(epochs=draw(st.integers(1, 3)), steps=draw(st.sampled_from([None, 11]))),
        precision=draw(st.sampled_from(["float32", "float64"])),
        seed=draw(st.integers(0, 50)),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Experiments with data that fit them."""
    experiment = draw(experiments())
    dataset = tiny_dataset(samples=40, seed=draw(st.integers(0, 3)), pixels=draw(st.booleans()))
    return Case(experiment, prepare(experiment, dataset))


def live_changes(experiment: Experiment) -> st.SearchStrategy[tuple[tuple[int, str, Any], ...]]:
    """Live changes that are legal for `experiment`: after which step, path, value."""
    values: list[st.SearchStrategy[tuple[str, Any]]] = [
        st.tuples(st.just("optimizer.learning_rate"), st.floats(1e-4, 1.0)),
        st.tuples(st.just("batches.size"), st.integers(1, 20)),
    ]
    if isinstance(experiment.optimizer, Sgd):
        values.append(st.tuples(st.just("optimizer.momentum"), st.floats(0.0, 0.95)))
    change = st.tuples(st.integers(0, 30), st.one_of(values)).map(lambda one: (one[0], *one[1]))
    return st.lists(change, max_size=5).map(
        lambda found: tuple(sorted(found, key=lambda one: one[0]))
    )
