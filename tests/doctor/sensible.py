"""Sensible Experiments: what a person might well train, drawn from ranges that stand here.

Written down before there was any rule, and changed for none. One draw is a network of depth 1 to 4
and widths from 10 to 512, every activation with its initializer, at a rate within a factor of 3 of
what the range test suggests, on MNIST, Fashion-MNIST, handwriting or points in a plane. Whether it
was sensible is known at its end alone: it counts when its validation comes within `POINTS` of the
preset of the same data, trained on the same samples for as many epochs.

Samples and epochs are few, so that 200 that count take a quarter of an hour on one thread.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from math import exp, log
from typing import Any, Final

import numpy as np
from numpy.random import Generator

from nnstudio.data.catalogue import DataPlaces, FashionMnist, Handwriting, Mnist, Source
from nnstudio.data.catalogue.toys import Checkerboard, Circles, Moons, Spirals, Xor
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Standardized, ToUnit
from nnstudio.data.progress import silent
from nnstudio.nn.activations import (
    Activation,
    Elu,
    Gelu,
    GeluTanh,
    HardSigmoid,
    LeakyRelu,
    Relu,
    Selu,
    Sigmoid,
    Silu,
    Softplus,
    Softsign,
    Tanh,
)
from nnstudio.nn.dropout import Dropout, NoDropout
from nnstudio.nn.initializers import GlorotUniform, HeNormal, Initializer, LeCunNormal
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, AdamW, Optimizer, RmsProp, Sgd
from nnstudio.nn.schedules import Constant, Cosine
from nnstudio.runs.cases import load_case
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.range_test import range_experiment, suggestion, with_rate
from nnstudio.training.state import TrainingState

TUNING_SEED: Final = 6
"""Rules were tuned on draws of this seed."""
UNSEEN_SEED: Final = 606
"""No rule was ever tuned on a draw of this seed; what it gives is told as it is."""
POINTS: Final = 0.03
"""So far under the preset's validation accuracy a draw may stay, to count as sensible."""

DEPTHS: Final = (1, 2, 3, 4)
WIDTHS: Final = (10, 512)
RATE_FACTOR: Final = 3.0
DROPOUT_SHARE: Final = 0.15
"""So many draws of pictures have dropout of 0.2 after every hidden layer."""

ACTIVATIONS: Final[tuple[tuple[Activation, Initializer], ...]] = (
    (Relu(), HeNormal()),
    (LeakyRelu(), HeNormal()),
    (Elu(), HeNormal()),
    (Gelu(), HeNormal()),
    (GeluTanh(), HeNormal()),
    (Silu(), HeNormal()),
    (Softplus(), HeNormal()),
    (Selu(), LeCunNormal()),
    (Sigmoid(), GlorotUniform()),
    (HardSigmoid(), GlorotUniform()),
    (Tanh(), GlorotUniform()),
    (Softsign(), GlorotUniform()),
)

OPTIMIZERS: Final[tuple[Optimizer, ...]] = (
    Sgd(),
    Sgd(momentum=0.9),
    Adam(),
    AdamW(),
    RmsProp(),
)


@dataclass(frozen=True)
class Ground:
    """What is learned: samples, how long, and the preset that shows what can be reached."""

    source: Source
    preset: str
    limit: int | None
    epochs: int
    batches: tuple[int, ...]

    @property
    def is_pictures(self) -> bool:
        """Whether a sample is a picture and not a point."""
        return self.limit is not None


_PICTURE_BATCHES: Final = (32, 64, 128)
_POINT_BATCHES: Final = (16, 32, 64)

GROUNDS: Final[tuple[Ground, ...]] = (
    Ground(Mnist(validation=0.02), "mnist-quick", 4_000, 10, _PICTURE_BATCHES),
    Ground(FashionMnist(validation=0.02), "fashion-quick", 4_000, 10, _PICTURE_BATCHES),
    Ground(
        Handwriting(training=4_000, validation=1_000, test=100),
        "mnist-quick",
        4_000,
        10,
        _PICTURE_BATCHES,
    ),
    Ground(Spirals(), "spirals", None, 60, _POINT_BATCHES),
    Ground(Moons(), "moons", None, 40, _POINT_BATCHES),
    Ground(Circles(), "moons", None, 40, _POINT_BATCHES),
    Ground(Xor(samples=600), "moons", None, 40, _POINT_BATCHES),
    Ground(Checkerboard(samples=2_000), "checkerboard", None, 40, _POINT_BATCHES),
)


@dataclass(frozen=True, eq=False)
class Sensible:
    """One draw, before it is trained.

    Attributes
    ----------
    number : int
        Which draw of its seed, from 0.
    suggested : float
        The rate of the range test; that of the experiment is within `RATE_FACTOR` of it.
    reference : float
        Validation accuracy of the preset on the same samples after as many epochs.
    """

    number: int
    experiment: Experiment
    data: PreparedData
    suggested: float
    reference: float

    def counts(self, score: float) -> bool:
        """Whether this validation accuracy at the end says that the draw was sensible."""
        return score >= self.reference - POINTS

    @property
    def told(self) -> str:
        """What it is, in one line."""
        rows = self.experiment.network.layers
        widths = "-".join(str(row.units) for row in rows)
        optimizer = self.experiment.optimizer
        source = self.experiment.data.sources[0].source.kind
        return (
            f"{self.number}: {source} {widths} {rows[0].activation.kind} {optimizer.kind} "
            f"{optimizer.learning_rate:.2g} (suggested {self.suggested:.2g}) "
            f"batch {self.experiment.batches.size}, {self.experiment.schedule.kind}"
            f"{', dropout' if rows[0].dropout.kind != 'none' else ''}"
        )


class Drawer:
    """Draws sensible Experiments; data sets and what presets reach are worked out once."""

    def __init__(self, places: DataPlaces) -> None:
        self._places = places
        self._dataset = cache(self._load)
        self.reference = cache(self._reference)

    def draws(self, seed: int, *, grounds: tuple[Ground, ...] = GROUNDS) -> Iterator[Sensible]:
        """Give one after the other, without end; the same seed gives the same."""
        number = 0
        while True:
            found = self.draw(seed, number, grounds=grounds)
            if found is not None:
                yield found
            number += 1

    def draw(
        self, seed: int, number: int, *, grounds: tuple[Ground, ...] = GROUNDS
    ) -> Sensible | None:
        """Give draw `number` of `seed`; None where the range test finds no rate."""
        generator = np.random.default_rng([seed, number])
        ground = grounds[int(generator.integers(len(grounds)))]
        experiment = drawn_on(ground, generator)
        data = prepare(experiment, self._dataset(ground))
        rate = suggested_rate(experiment, data)
        if rate is None:
            return None
        factor = exp(generator.uniform(-log(RATE_FACTOR), log(RATE_FACTOR)))
        return Sensible(
            number=number,
            experiment=with_rate(experiment, float(f"{min(10.0, rate * factor):.2g}")),
            data=data,
            suggested=rate,
            reference=self.reference(ground),
        )

    def _load(self, ground: Ground) -> Dataset:
        return ground.source.load(self._places, silent)

    def _reference(self, ground: Ground) -> float:
        experiment = replace(
            load_case(ground.preset),
            data=_settings(ground),
            stopping=Stopping(epochs=ground.epochs),
        )
        return trained_score(experiment, prepare(experiment, self._dataset(ground)))


def _settings(ground: Ground) -> DataSettings:
    return DataSettings(sources=(WeightedSource(source=ground.source),), limit=ground.limit)


def _one_of(generator: Generator, choices: Any) -> Any:
    return choices[int(generator.integers(len(choices)))]


def drawn_on(ground: Ground, generator: Generator) -> Experiment:
    """Give an experiment on `ground`, its rate still that of the optimizer's default."""
    activation, weights = _one_of(generator, ACTIVATIONS)
    depth = _one_of(generator, DEPTHS)
    low, high = (log(width) for width in WIDTHS)
    drops = ground.is_pictures and generator.uniform() < DROPOUT_SHARE
    layers = tuple(
        HiddenLayer(
            units=round(exp(generator.uniform(low, high))),
            activation=activation,
            weights=weights,
            dropout=Dropout(rate=0.2) if drops else NoDropout(),
        )
        for _ in range(depth)
    )
    return Experiment(
        data=_settings(ground),
        scaling=ToUnit() if ground.is_pictures else Standardized(),
        network=NetworkSpec(layers=layers),
        optimizer=_one_of(generator, OPTIMIZERS),
        schedule=_one_of(generator, (Constant(), Cosine())),
        batches=Batches(size=_one_of(generator, ground.batches)),
        stopping=Stopping(epochs=ground.epochs),
        seed=int(generator.integers(1_000)),
    )


def suggested_rate(experiment: Experiment, data: PreparedData) -> float | None:
    """Give the learning rate that the range test suggests; None where it finds none."""
    state = TrainingState.start(range_experiment(experiment), data, threads=1)
    for _ in train(state):
        pass
    reason = state.ended.reason if state.ended is not None else ""
    finding = suggestion(state.history.view(), blown_up=reason in {"blown_up", "diverged"})
    return None if finding is None else finding.suggested


def trained_score(experiment: Experiment, data: PreparedData) -> float:
    """Give the validation accuracy at the end of a whole run."""
    state = TrainingState.start(experiment, data, threads=1)
    for _ in train(state):
        pass
    return final_score(state)


def final_score(state: TrainingState) -> float:
    """Give the newest accuracy over the whole validation part; 0 where there is none yet."""
    rows = state.history.view().validation
    scores = rows.score[rows.whole]
    return float(scores[-1]) if len(scores) else 0.0
