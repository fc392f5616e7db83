"""One sick Experiment for every rule, all small: what is wrong with it, and little else.

A classic mistake is planted behind the Experiment, so no rule can read its switch; to be healed it
is taken away. What no change of the Experiment can mend (data of a person) is mended in the data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw, Standardized
from nnstudio.doctor.diagnosis import Diagnosis, Remedy
from nnstudio.doctor.examine import Examination
from nnstudio.doctor.headless import examined
from nnstudio.doctor.remedies import healed
from nnstudio.faults import fault_named, seams_of
from nnstudio.nn.activations import Identity, Relu, Sigmoid, Softmax, Tanh
from nnstudio.nn.clipping import ByNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.initializers import Constant, GlorotUniform, HeNormal, Normal, Zeros
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Sgd, apply
from nnstudio.nn.penalties import L2
from nnstudio.nn.schedules import Constant as ConstantRate
from nnstudio.nn.schedules import LinearWarmUp
from nnstudio.seams import TRUE, Seams
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.history import HistoryView
from nnstudio.training.prepared import prepare
from nnstudio.training.state import TrainingState

INPUTS: Final = 40
CLASSES: Final = 5
NAMES: Final = tuple("abcde")


# data


def clouds(
    *, samples: int = 400, factor: float = 1.0, seed: int = 0, counts: tuple[int, ...] = ()
) -> Dataset:
    """Clouds of points around one centre a class, about as large as 1, times `factor`."""
    generator = np.random.default_rng(seed)
    targets = np.repeat(np.arange(len(counts)), counts) if counts else np.arange(samples) % CLASSES
    generator.shuffle(targets)
    centres = generator.normal(size=(CLASSES, INPUTS))
    points = centres[targets] + generator.normal(0, 1.2, (len(targets), INPUTS))
    return of_classes(points * factor, targets)


def of_classes(points: Any, targets: Any) -> Dataset:
    """Points with class numbers."""
    return Dataset.of(points, targets, class_names=NAMES, source="spirals")


def sick_clouds(change: Callable[[Any, Any], tuple[Any, Any]]) -> Dataset:
    """Clouds whose points and targets are changed."""
    well = clouds()
    return of_classes(*change(well.inputs.copy(), well.targets.copy()))


def values(*, factor: float = 1.0, samples: int = 300) -> Dataset:
    """Two values that follow from the inputs, times `factor`."""
    generator = np.random.default_rng(1)
    inputs = generator.normal(size=(samples, 4))
    targets = np.stack([inputs[:, 0] + inputs[:, 1], np.sin(inputs[:, 2])], axis=1)
    return Dataset.of(inputs, factor * targets, class_names=(), source="spirals", task="values")


def saddle() -> Dataset:
    """The product of two inputs, which one unit cannot follow."""
    inputs = np.random.default_rng(4).normal(size=(400, 2))
    product = inputs[:, :1] * inputs[:, 1:]
    return Dataset.of(inputs, product, class_names=(), source="spirals", task="values")


def labels(*, samples: int = 300) -> Dataset:
    """Three labels each, none to all of which hold, that follow from the inputs."""
    inputs = np.random.default_rng(2).normal(size=(samples, 6))
    held = (inputs[:, :3] + 0.8 > 0).astype(np.float64)
    return Dataset.of(inputs, held, class_names=(), source="spirals", task="labels")


def spirals() -> Dataset:
    """Two arms that a network of two units cannot follow."""
    generator = np.random.default_rng(3)
    arm = np.arange(400) % 2
    radius = np.sqrt(generator.uniform(0.0025, 1, 400))
    angle = 2 * np.pi * 1.5 * radius + np.pi * arm
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Dataset.of(2 * points, arm, class_names=("a", "b"), source="spirals")


# experiments


def network(
    *units: int,
    activation: Any = None,
    weights: Any = None,
    output: Any = None,
    last: Any = None,
    **settings: Any,
) -> NetworkSpec:
    """A network with all hidden layers alike."""
    chosen = activation or Relu()
    return NetworkSpec(
        layers=tuple(
            HiddenLayer(
                units=one,
                activation=chosen,
                weights=weights or (HeNormal() if chosen == Relu() else GlorotUniform()),
                **settings,
            )
            for one in units
        ),
        output=OutputLayer(activation=output or Softmax(), weights=last or GlorotUniform()),
    )


HEALTHY: Final = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Spirals(validation=0.25, test=0.0001)),)),
    scaling=Raw(),
    network=network(24, 16),
    optimizer=Sgd(learning_rate=0.1),
    schedule=ConstantRate(),
    batches=Batches(size=16),
    stopping=Stopping(epochs=25),
    precision="float64",
)


def changed(**settings: Any) -> Experiment:
    """The healthy Experiment with some settings changed."""
    return replace(HEALTHY, **settings)


def longer_steps(layout: Any) -> Any:
    """Make every step twice as long as the optimizer's formula says."""
    del layout

    def step(optimizer: Any, theta: Any, grad: Any, state: Any, rate: float) -> None:
        apply(optimizer, theta, grad, state, 2 * rate)

    return step


@dataclass(frozen=True, eq=False)
class Patient:
    """A sick Experiment, and how it is healed.

    Attributes
    ----------
    rule : str
        Which finds it.
    experiment, dataset
        What is trained.
    mistakes : tuple of str
        Planted behind the Experiment.
    seams : Seams
        Planted likewise, where no classic mistake is meant.
    cured : Experiment or None
        Where the remedy is advice: what following it gives; None where the data are cured.
    cured_dataset : Dataset or None
        As `cured`.
    alone : bool
        Whether its rule is the worst finding, or folded under another one by its nature.
    """

    rule: str
    experiment: Experiment = HEALTHY
    dataset: Dataset = field(default_factory=clouds)
    mistakes: tuple[str, ...] = ()
    seams: Seams = TRUE
    cured: Experiment | None = None
    cured_dataset: Dataset | None = None
    alone: bool = True


@dataclass(frozen=True, eq=False)
class Visit:
    """What was found of an Experiment, and how it went."""

    diagnosis: Diagnosis
    history: HistoryView

    @property
    def found(self) -> dict[str, Any]:
        """Give the findings by the names of their rules."""
        return {one.rule: one for one in self.diagnosis.findings}


def visit(
    experiment: Experiment,
    dataset: Dataset,
    *,
    mistakes: tuple[str, ...] = (),
    seams: Seams = TRUE,
    steps: int | None = None,
) -> Visit:
    """Train an Experiment to its end under the eyes of the doctor."""
    planted = seams_of(tuple(fault_named(one) for one in mistakes), seams)
    data = prepare(experiment, dataset, seams=planted)
    state = TrainingState.start(experiment, data, threads=1, seams=planted)
    found = examined(state, steps=steps, examination=Examination())
    return Visit(found.diagnosis, state.history.view())


def visit_of(patient: Patient) -> Visit:
    """Let the doctor see a patient as it is."""
    return visit(
        patient.experiment, patient.dataset, mistakes=patient.mistakes, seams=patient.seams
    )


def visit_after(patient: Patient, remedy: Remedy | None) -> Visit:
    """Let the doctor see a patient again after the remedy."""
    experiment, dataset = patient.experiment, patient.dataset
    mistakes, seams = patient.mistakes, patient.seams
    if patient.cured is not None or patient.cured_dataset is not None:
        experiment = patient.cured or experiment
        dataset = patient.cured_dataset or dataset
    elif remedy is not None and remedy.changes:
        experiment = healed(experiment, remedy)
    else:
        # naming says which mistake it is, or the remedy does
        mistakes, seams = (), TRUE
    return visit(experiment, dataset, mistakes=mistakes, seams=seams)


def _with_nan(points: Any, targets: Any) -> tuple[Any, Any]:
    points[3, 5] = np.nan
    return points, targets


def _blank(points: Any, targets: Any) -> tuple[Any, Any]:
    return np.full_like(points, 0.5), targets


def _contradicting(points: Any, targets: Any) -> tuple[Any, Any]:
    points[200:] = points[:200]
    targets[200:] = (targets[:200] + 1) % CLASSES
    return points, targets


def _repeated(points: Any, targets: Any) -> tuple[Any, Any]:
    points[300:], targets[300:] = points[:100], targets[:100]
    return points, targets


def _constant(points: Any, targets: Any) -> tuple[Any, Any]:
    points[:, :3] = 1.0
    return points, targets


def _random(points: Any, targets: Any) -> tuple[Any, Any]:
    np.random.default_rng(9).shuffle(targets)
    return points, targets


def _sorted(points: Any, targets: Any) -> tuple[Any, Any]:
    order = np.argsort(targets, kind="stable")
    return points[order], targets[order]


SQUARES: Final = MeanSquaredError()
VALUES: Final = changed(network=network(16, output=Identity()), loss=SQUARES)
CLIPPED: Final = BinaryCrossEntropy(clip=1e-10)

PATIENTS: Final[tuple[Patient, ...]] = (
    Patient("non-finite-inputs", dataset=sick_clouds(_with_nan), cured_dataset=clouds()),
    Patient("blank-inputs", dataset=sick_clouds(_blank), cured_dataset=clouds()),
    Patient("labels-off", mistakes=("inputs-shuffled-without-targets",)),
    Patient("one-class-per-batch", mistakes=("samples-sorted-by-class",)),
    Patient("contradictory-samples", dataset=sick_clouds(_contradicting), cured_dataset=clouds()),
    Patient(
        "unbalanced-classes",
        dataset=clouds(counts=(200, 100, 60, 30, 10)),
        cured_dataset=clouds(),
    ),
    Patient("validation-in-training", mistakes=("validation-in-training",)),
    Patient("nothing-to-learn", dataset=sick_clouds(_random), cured_dataset=clouds()),
    Patient("duplicate-samples", dataset=sick_clouds(_repeated), cured_dataset=clouds()),
    Patient("constant-inputs", dataset=sick_clouds(_constant), cured_dataset=clouds()),
    Patient("raw-inputs", dataset=clouds(factor=60.0)),
    Patient(
        "off-centre-inputs",
        dataset=of_classes(clouds().inputs + 4.0, clouds().targets),
        alone=False,
    ),
    Patient("faint-inputs", dataset=clouds(factor=0.002)),
    Patient(
        "held-out-scaled-differently",
        changed(scaling=Standardized()),
        clouds(factor=60.0),
        mistakes=("evaluation-scaled-differently",),
    ),
    Patient(
        "targets-out-of-reach",
        changed(network=network(16, output=Sigmoid()), loss=SQUARES),
        values(),
    ),
    Patient("targets-do-not-add-up", changed(network=network(16)), labels()),
    Patient(
        "large-targets",
        replace(VALUES, optimizer=Sgd(learning_rate=0.02)),
        values(factor=100.0),
        cured_dataset=values(),
    ),
    Patient(
        "symmetric-units",
        changed(network=network(24, 16, activation=Tanh(), weights=Zeros(), last=Zeros())),
    ),
    Patient("weights-too-large", changed(network=network(24, 16, weights=Normal(std=2.0)))),
    Patient(
        "weights-too-small",
        changed(network=network(24, 16, weights=Normal(std=0.002), last=Normal(std=0.002))),
    ),
    Patient("no-non-linearity", changed(network=network(24, 16, activation=Identity()))),
    Patient("wrong-loss-for-output", changed(loss=SQUARES)),
    Patient(
        "first-loss-wrong",
        changed(
            network=replace(
                network(24, 16),
                output=OutputLayer(weights=GlorotUniform(), biases=Normal(std=8.0)),
            )
        ),
    ),
    Patient("summed-loss", changed(loss=CrossEntropy(over_batch="sum"))),
    Patient("few-steps", changed(stopping=Stopping(epochs=None, steps=12))),
    Patient("batch-too-large", changed(batches=Batches(size=300), stopping=Stopping(epochs=25))),
    Patient("warm-up-too-long", changed(warm_up=LinearWarmUp(steps=2_000, start=0.0))),
    Patient("heavy-dropout", changed(network=network(24, 16, dropout=Dropout(rate=0.9)))),
    Patient("narrow-layer", changed(network=network(3))),
    Patient("outputs-do-not-sum", mistakes=("softmax-over-batch",)),
    Patient("softmax-twice", mistakes=("softmax-twice",)),
    Patient(
        "outputs-differ",
        changed(stopping=Stopping(epochs=8)),
        mistakes=("softmax-twice",),
        alone=False,
    ),
    Patient("loss-told-differs", mistakes=("softmax-twice",), alone=False),
    Patient(
        "evaluation-differs",
        changed(network=network(24, 16, dropout=Dropout(rate=0.3))),
        mistakes=("dropout-active-in-prediction",),
    ),
    Patient("gradient-accumulates", mistakes=("gradient-accumulates",)),
    Patient("gradient-sign", mistakes=("gradient-sign",)),
    Patient("gradient-missing", mistakes=("row-wise-numerical-gradient",)),
    Patient("gradient-wrong", mistakes=("bias-gradient-before-activation",)),
    Patient("gradient-scaled", mistakes=("summed-gradient",)),
    Patient("one-step-failed", mistakes=("activation-derivative-missing",), alone=False),
    Patient("nothing-updated", mistakes=("update-not-applied",)),
    Patient("biases-not-updated", mistakes=("bias-never-updated",)),
    Patient("update-wrong", seams=replace(TRUE, apply=longer_steps)),
    Patient(
        "clip-speaks",
        changed(
            network=network(24, output=Sigmoid()), loss=CLIPPED, optimizer=Sgd(learning_rate=10.0)
        ),
        alone=False,
    ),
    Patient("non-finite", replace(VALUES, optimizer=Sgd(learning_rate=1.5)), values(), alone=False),
    Patient("dead-units", changed(network=network(24, 16, biases=Constant(value=-30.0)))),
    Patient(
        "saturated-units",
        changed(network=network(24, 16, activation=Sigmoid(), biases=Constant(value=9.0))),
    ),
    Patient(
        "zero-gradients",
        changed(network=network(24, 16, biases=Constant(value=-30.0))),
        alone=False,
    ),
    Patient("vanishing-gradient", changed(network=network(*[16] * 6, activation=Sigmoid()))),
    Patient("stacked-sigmoids", changed(network=network(24, 24, 24, activation=Sigmoid()))),
    Patient(
        "exploding-gradient",
        changed(network=network(*[24] * 6, activation=Sigmoid()), optimizer=Sgd(learning_rate=0.5)),
        mistakes=("activation-derivative-missing",),
        alone=False,
    ),
    Patient("rate-too-high", changed(optimizer=Sgd(learning_rate=10.0))),
    Patient("clipped-steps", changed(clipping=ByNorm(limit=0.001))),
    Patient("penalty-wins", changed(network=network(24, 16, penalty=L2(l2=1.0)))),
    Patient("weights-do-not-move", changed(optimizer=Sgd(learning_rate=3e-8))),
    Patient("rate-too-low", changed(optimizer=Sgd(learning_rate=1e-4))),
    Patient(
        "swinging-score",
        changed(
            network=network(24, 16, activation=Tanh()),
            optimizer=Adam(learning_rate=0.05),
            batches=Batches(size=4),
            stopping=Stopping(epochs=30),
        ),
        spirals(),
        alone=False,
    ),
    Patient("shifted-answers", mistakes=("labels-off-by-one",), alone=False),
    Patient(
        "output-biases-drift",
        changed(network=network(16), loss=BinaryCrossEntropy(over_outputs="sum")),
        labels(),
        mistakes=("loss-of-another-gradient",),
        alone=False,
    ),
    Patient(
        "always-the-same-answer",
        changed(network=network(24, 16, biases=Constant(value=-30.0))),
        alone=False,
    ),
    Patient(
        "stuck-at-guessing",
        changed(network=network(24, 16, biases=Constant(value=-30.0))),
        alone=False,
    ),
    Patient(
        "too-small",
        changed(
            network=network(2, activation=Tanh()),
            optimizer=Adam(learning_rate=0.02),
            stopping=Stopping(epochs=60),
        ),
        spirals(),
    ),
    Patient(
        "below-neighbours",
        replace(
            VALUES,
            scaling=Standardized(),
            network=network(1, activation=Tanh(), output=Identity()),
            optimizer=Adam(learning_rate=0.02),
            stopping=Stopping(epochs=150),
        ),
        saddle(),
        alone=False,
    ),
    Patient(
        "stopped-too-early",
        changed(optimizer=Sgd(learning_rate=0.01), stopping=Stopping(epochs=2)),
    ),
    Patient(
        "over-fitting",
        changed(optimizer=Adam(learning_rate=0.01), stopping=Stopping(epochs=60)),
        sick_clouds(_random),
        cured_dataset=clouds(),
    ),
)
BY_RULE: Final[Mapping[str, Patient]] = {one.rule: one for one in PATIENTS}
