"""Faults of random strength, planted on sensible Experiments, and which rule should see them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import exp, log
from typing import Any, Final

import numpy as np
from numpy.random import Generator

from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw
from nnstudio.faults import FAULTS
from nnstudio.nn.activations import Identity, Relu, Sigmoid
from nnstudio.nn.clipping import ByNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.initializers import Constant, GlorotUniform, HeNormal, Zeros
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.losses import CrossEntropy, MeanSquaredError
from nnstudio.nn.penalties import L2
from nnstudio.nn.schedules import LinearWarmUp
from nnstudio.spec import kind_of
from nnstudio.training.experiment import Experiment
from nnstudio.training.range_test import with_rate

Planter = Callable[[Experiment, Generator], Experiment]
Changer = Callable[[Dataset, Generator], Dataset]


@dataclass(frozen=True)
class Plant:
    """One kind of fault.

    Attributes
    ----------
    name : str
        What is done.
    rules : tuple of str
        Those that should see it; one is enough.
    change : callable or None
        Plants it in the Experiment.
    data : callable or None
        Plants it in the data.
    mistake : str
        Classic mistake that is planted behind the Experiment.
    pictures : bool or None
        Whether it makes sense for pictures alone (True), for points alone (False), or for both.
    """

    name: str
    rules: tuple[str, ...]
    change: Planter | None = None
    data: Changer | None = None
    mistake: str = ""
    pictures: bool | None = None


def between(low: float, high: float, generator: Generator) -> float:
    """Give a number from `low` to `high`, even in its logarithm."""
    return exp(generator.uniform(log(low), log(high)))


def _rows(one: Experiment, change: Callable[[HiddenLayer], HiddenLayer]) -> Experiment:
    layers = tuple(change(row) for row in one.network.layers)
    return replace(one, network=replace(one.network, layers=layers))


def _rate(low: float, high: float) -> Planter:
    def change(one: Experiment, generator: Generator) -> Experiment:
        rate = one.optimizer.learning_rate * between(low, high, generator)
        return with_rate(one, float(f"{min(10.0, rate):.2g}"))

    return change


def _times(weights: Any, factor: float) -> Any:
    return replace(weights, scale=factor)


def _weights(low: float, high: float) -> Planter:
    def change(one: Experiment, generator: Generator) -> Experiment:
        factor = between(low, high, generator)
        made = _rows(one, lambda row: replace(row, weights=_times(row.weights, factor)))
        output = replace(made.network.output, weights=_times(made.network.output.weights, factor))
        return replace(made, network=replace(made.network, output=output))

    return change


def _symmetric(one: Experiment, generator: Generator) -> Experiment:
    drawn: Any = Zeros() if generator.uniform() < 0.5 else Constant(value=0.05)
    made = _rows(one, lambda row: replace(row, weights=drawn))
    output = replace(made.network.output, weights=drawn)
    return replace(made, network=replace(made.network, output=output))


def _biases(value: float, activation: Any = None) -> Planter:
    def change(one: Experiment, generator: Generator) -> Experiment:
        bias = Constant(value=value * between(1, 10, generator))

        def sick(row: HiddenLayer) -> HiddenLayer:
            made = replace(row, biases=bias)
            if activation is None:
                return made
            weights: Any = HeNormal() if activation == Relu() else GlorotUniform()
            return replace(made, activation=activation, weights=weights)

        return _rows(one, sick)

    return change


def _sigmoids(one: Experiment, generator: Generator) -> Experiment:
    row = HiddenLayer(units=60, activation=Sigmoid(), weights=GlorotUniform())
    return replace(one, network=replace(one.network, layers=(row,) * int(generator.integers(5, 9))))


def _narrow(one: Experiment, generator: Generator) -> Experiment:
    units = int(generator.integers(1, 3))
    return replace(
        one, network=replace(one.network, layers=(replace(one.network.layers[0], units=units),))
    )


def _setting(make: Callable[[Experiment, Generator], Mapping[str, Any]]) -> Planter:
    return lambda one, generator: replace(one, **make(one, generator))


def _of(dataset: Dataset, inputs: Any, targets: Any) -> Dataset:
    return Dataset.of(
        inputs,
        targets,
        class_names=dataset.class_names,
        source=dataset.source,
        image_shape=dataset.image_shape,
        validation_count=dataset.validation_count,
        test_count=dataset.test_count,
    )


def _random_labels(dataset: Dataset, generator: Generator) -> Dataset:
    return _of(dataset, dataset.inputs, generator.permutation(dataset.targets))


def _large(dataset: Dataset, generator: Generator) -> Dataset:
    factor = between(20, 300, generator)
    return _of(dataset, dataset.inputs * np.float32(factor), dataset.targets)


def _faint(dataset: Dataset, generator: Generator) -> Dataset:
    factor = between(1e-4, 5e-3, generator) / (255 if dataset.inputs.dtype == np.uint8 else 1)
    return _of(dataset, dataset.inputs * np.float32(factor), dataset.targets)


def _repeated(dataset: Dataset, generator: Generator) -> Dataset:
    rows = generator.integers(len(dataset.inputs), size=len(dataset.inputs))
    return _of(dataset, dataset.inputs[rows], dataset.targets[rows])


def _steps(one: Experiment, generator: Generator) -> Mapping[str, Any]:
    return {"stopping": replace(one.stopping, epochs=None, steps=int(generator.integers(3, 12)))}


BY_MISTAKE: Final[Mapping[str, tuple[str, ...]]] = {
    "validation-in-training": ("validation-in-training",),
    "inputs-shuffled-without-targets": ("labels-off",),
    "labels-off-by-one": ("labels-off", "shifted-answers"),
    "samples-sorted-by-class": ("one-class-per-batch",),
    "softmax-over-batch": ("outputs-do-not-sum",),
    "softmax-twice": ("softmax-twice", "outputs-differ"),
    "activation-derivative-missing": ("gradient-wrong",),
    "derivative-at-error": ("gradient-wrong",),
    "bias-gradient-before-activation": ("gradient-wrong",),
    "bias-gradient-wrong-axis": ("gradient-wrong",),
    "bias-gradient-of-one-sample": ("gradient-wrong",),
    "summed-gradient": ("gradient-scaled",),
    "divided-by-inputs": ("gradient-scaled",),
    "gradient-sign": ("gradient-sign",),
    "gradient-accumulates": ("gradient-accumulates",),
    "update-not-applied": ("nothing-updated",),
    "bias-never-updated": ("biases-not-updated",),
    "evaluation-scaled-differently": ("held-out-scaled-differently",),
}
"""What finds each; the others need a loss, a precision or a layer of their own."""

PLANTS: Final[tuple[Plant, ...]] = (
    Plant("rate times 30 to 1,000", ("rate-too-high", "non-finite"), _rate(30, 1_000)),
    Plant(
        "rate over 100 to 3,000", ("rate-too-low", "weights-do-not-move"), _rate(1 / 3_000, 0.01)
    ),
    Plant("rate over a million", ("rate-too-low", "weights-do-not-move"), _rate(1e-8, 1e-6)),
    Plant("weights times 4 to 30", ("weights-too-large",), _weights(4, 30)),
    Plant("weights over 12 to 1,000", ("weights-too-small",), _weights(1e-3, 1 / 12)),
    Plant("equal weights", ("symmetric-units",), _symmetric),
    Plant("raw pixels", ("raw-inputs",), _setting(lambda *_: {"scaling": Raw()}), pictures=True),
    Plant(
        "points times 20 to 300",
        ("raw-inputs",),
        _setting(lambda *_: {"scaling": Raw()}),
        _large,
        pictures=False,
    ),
    Plant("faint inputs", ("faint-inputs",), _setting(lambda *_: {"scaling": Raw()}), _faint),
    Plant("random labels", ("nothing-to-learn", "over-fitting"), data=_random_labels),
    Plant("samples drawn twice", ("duplicate-samples",), data=_repeated),
    Plant(
        "linear layers",
        ("no-non-linearity",),
        lambda one, _: _rows(one, lambda row: replace(row, activation=Identity())),
    ),
    Plant(
        "squares on softmax",
        ("wrong-loss-for-output",),
        _setting(lambda *_: {"loss": MeanSquaredError()}),
    ),
    Plant(
        "summed loss",
        ("summed-loss",),
        _setting(lambda *_: {"loss": CrossEntropy(over_batch="sum")}),
    ),
    Plant("few steps", ("few-steps", "stopped-too-early"), _setting(_steps)),
    Plant(
        "one batch an epoch",
        ("batch-too-large",),
        _setting(lambda one, _: {"batches": replace(one.batches, size=3_000)}),
    ),
    Plant(
        "endless warm-up",
        ("warm-up-too-long",),
        _setting(
            lambda one, generator: {
                "warm_up": LinearWarmUp(steps=round(between(1e4, 1e6, generator)), start=0.0)
            }
        ),
    ),
    Plant(
        "dropout of 0.85 to 0.98",
        ("heavy-dropout",),
        lambda one, generator: _rows(
            one,
            lambda row: replace(row, dropout=Dropout(rate=float(generator.uniform(0.85, 0.98)))),
        ),
    ),
    Plant(
        "penalty of 0.05 to 5",
        ("penalty-wins",),
        lambda one, generator: _rows(
            one, lambda row: replace(row, penalty=L2(l2=between(0.05, 5, generator)))
        ),
    ),
    Plant(
        "clipped to 1e-5 to 1e-3",
        ("clipped-steps",),
        _setting(lambda _, generator: {"clipping": ByNorm(limit=between(1e-5, 1e-3, generator))}),
    ),
    Plant("dead from the start", ("dead-units",), _biases(-5.0, Relu())),
    Plant("saturated from the start", ("saturated-units",), _biases(6.0, Sigmoid())),
    Plant("five to eight sigmoid layers", ("vanishing-gradient", "stacked-sigmoids"), _sigmoids),
    Plant("one or two units", ("too-small", "narrow-layer", "rate-too-low"), _narrow),
    *(
        Plant(kind_of(fault), BY_MISTAKE[kind_of(fault)], mistake=kind_of(fault))
        for fault in FAULTS
        if kind_of(fault) in BY_MISTAKE
    ),
)
