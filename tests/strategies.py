"""Hypothesis: small random Experiments, tiny data for them, and live changes."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, get_args

import numpy as np
from hypothesis import strategies as st

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.joined import join
from nnstudio.faults import FAULTS
from nnstudio.nn.activations import Activation, Tanh
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import Loss, pair_problem
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Optimizer
from nnstudio.paths import remedied, replace_at, value_at
from nnstudio.tasks import Task
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.pretraining import LayerByLayer
from nnstudio.training.problems import problems
from tests.any_spec import Overrides, any_of, live_settings, values_of


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


def tiny_pictures(*, samples: int = 40, seed: int = 0) -> Dataset:
    """Grey pictures of 4 × 5 pixels in two classes."""
    inputs = np.random.default_rng(seed).integers(0, 256, (samples, 20), dtype=np.uint8)
    return Dataset.of(
        inputs,
        np.arange(samples) % 2,
        class_names=("a", "b"),
        source="spirals",
        image_shape=(4, 5),
    )


def tiny_answers(task: Task, *, samples: int = 40, seed: int = 0) -> Dataset:
    """Points with three labels each, or with two values each."""
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(samples, 4))
    labels = (generator.uniform(size=(samples, 3)) < 0.4).astype(np.float64)
    targets = labels if task == "labels" else np.stack([inputs[:, 0], inputs[:, 1] ** 2], axis=1)
    return Dataset.of(inputs, targets, class_names=(), source="spirals", task=task)


def tiny_mixture(make: Callable[..., Dataset], count: int, *, seed: int = 0) -> Dataset:
    """So many data sets of 40, 33, 26 ... samples in one; a single one is as it is made."""
    members = [make(samples=40 - 7 * place, seed=seed + place) for place in range(count)]
    return join(members, called=[f"source {place}" for place in range(count)])


@dataclass(frozen=True)
class Case:
    """An experiment and its data."""

    experiment: Experiment
    data: PreparedData

    def __repr__(self) -> str:
        """Leave the samples out: a failure shall be readable."""
        return f"Case({self.experiment})"


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


DATA_AND_NETWORK: Final = ("data", "network", "loss")


def members(union: Any) -> tuple[Any, ...]:
    """Give the classes of a union."""
    return tuple(get_args(get_args(union)[0]))


def built_in(faults: list[Any]) -> tuple[Any, ...]:
    """Give classic mistakes by their classes."""
    return tuple(one() for one in faults)


SMALL: Final[Overrides] = {
    (HiddenLayer, "units"): st.integers(1, 7),
    (Batches, "size"): st.sampled_from([1, 3, 8, 100]),
    (Stopping, "epochs"): st.integers(1, 3),
    (Stopping, "steps"): st.sampled_from([None, 11]),
    # what a clock ends is told by the step at which it did
    (Stopping, "seconds"): st.none(),
    (Stopping, "patience"): st.sampled_from([None, 1]),
    (Stopping, "target"): st.sampled_from([None, 0.7]),
    (LayerByLayer, "epochs"): st.integers(1, 2),
    (Experiment, "seed"): st.integers(0, 50),
    # most runs are made without
    (Experiment, "faults"): st.one_of(
        st.just(()), st.lists(st.sampled_from(FAULTS), max_size=2).map(built_in)
    ),
    **{(cls, "learning_rate"): st.sampled_from([0.01, 0.1]) for cls in members(Optimizer)},
}


WEIGHTS: Final = ((1.0,), (1.0,), (1.0, 1.0), (0.3, 2.5), (1.0, 0.1, 4.0))
"""Of the sources of an experiment; most have one."""


@st.composite
def data_settings(draw: st.DrawFn, task: Task) -> DataSettings:
    """Which samples, of one source or of several."""
    held_out = draw(st.sampled_from([0.0, 0.04, 0.25]))
    weights = draw(st.sampled_from(WEIGHTS))
    return DataSettings(
        sources=tuple(
            WeightedSource(source=Spirals(validation=held_out, seed=place), weight=weight)
            for place, weight in enumerate(weights)
        ),
        limit=draw(st.sampled_from([None, 17])),
        classes=draw(st.sampled_from([(), (1, 0)])) if task == "classes" else (),
        shuffled=draw(st.booleans()),
    )


# made once: putting strategies together takes longer than drawing from them
LAYERS: Final = st.lists(any_of(HiddenLayer, SMALL), max_size=2)
OUTPUTS: Final = any_of(OutputLayer)
LOSSES: Final = st.one_of([any_of(cls) for cls in members(Loss)])
ACTIVATIONS: Final = tuple(cls() for cls in members(Activation))
SETTINGS: Final = any_of(
    Experiment,
    {
        **SMALL,
        **{(Experiment, name): st.just(getattr(Experiment(), name)) for name in DATA_AND_NETWORK},
    },
)


@st.composite
def outputs_and_losses(draw: st.DrawFn) -> tuple[OutputLayer, Loss]:
    """An output layer and a loss that go together."""
    loss, output = draw(LOSSES), draw(OUTPUTS)
    fitting = [one for one in ACTIVATIONS if pair_problem(one, loss) is None]
    return dataclasses.replace(output, activation=draw(st.sampled_from(fitting))), loss


@st.composite
def experiments(draw: st.DrawFn, task: Task = "classes") -> Experiment:
    """Experiments with every setting at any value, that end within about 100 steps."""
    output, loss = draw(outputs_and_losses())
    network = NetworkSpec(layers=tuple(draw(LAYERS)), output=output)
    settings: Experiment = draw(SETTINGS)
    return dataclasses.replace(settings, data=draw(data_settings(task)), network=network, loss=loss)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Experiments with data that fit them, and nothing that the form would refuse."""
    seed = draw(st.integers(0, 3))
    task: Task = draw(st.sampled_from(["classes", "classes", "labels", "values"]))
    if task != "classes":
        make: Callable[..., Dataset] = partial(tiny_answers, task)
    elif draw(st.booleans()):
        make = tiny_pictures
    else:
        make = partial(tiny_dataset, pixels=draw(st.booleans()))
    drawn = draw(experiments(task))
    dataset = tiny_mixture(make, len(drawn.data.sources), seed=seed)
    experiment = mended(drawn, dataset)
    return Case(experiment, prepare(experiment, dataset))


def mended(experiment: Experiment, dataset: Dataset) -> Experiment:
    """Give the experiment with what the form refuses for these data set back to its default."""
    facts = prepare(experiment, dataset).facts
    for _ in range(20):
        wrong = problems(experiment, facts)
        if not wrong:
            return experiment
        for problem in wrong:
            if problem.remedy:
                experiment = remedied(experiment, problem.remedy)
            else:
                default = value_at(Experiment(), problem.path)
                experiment = replace_at(experiment, problem.path, default)
    raise AssertionError(f"cannot be mended: {wrong}")


def live_changes(experiment: Experiment) -> st.SearchStrategy[tuple[tuple[int, str, Any], ...]]:
    """Live changes that are legal for `experiment`: after which step, path, value."""
    values = [
        st.tuples(st.just(".".join(map(str, path))), values_of(setting, {}))
        for path, setting in live_settings(experiment)
        if path != ("batches", "size")
    ]
    values.append(st.tuples(st.just("batches.size"), st.integers(1, 20)))
    change = st.tuples(st.integers(0, 30), st.one_of(values)).map(lambda one: (one[0], *one[1]))
    return st.lists(change, max_size=5).map(
        lambda found: tuple(sorted(found, key=lambda one: one[0]))
    )
