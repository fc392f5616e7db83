"""Answers: what the newest weights of a run say to one part of its data, sample by sample.

A Network of its own is asked, in the thread of who asks; nothing of a run is touched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.activations import Softmax
from nnstudio.runs.predictor import Predictor
from nnstudio.runs.run import Blueprint, RunView, ends_of
from nnstudio.tasks import Task
from nnstudio.training.calibration import Calibration, calibration
from nnstudio.training.experiment import Experiment
from nnstudio.training.metrics import confusion
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.snapshot import Vector

Matrix = NDArray[np.float64]
PartName = Literal["training", "validation", "test"]

MOST_ROWS: Final = 10_000
"""Of a larger part the first so many are asked: the order was shuffled when it was split."""
CHUNK_ROWS: Final = 256
ROUNDING: Final = 1e-5


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network answers to some samples, and what would be right.

    Where samples have several labels, each output is an answer for itself: sample and output
    together are a case, and `truth`, `said` and `confidence` go through all cases, sample by
    sample. With classes there is one case a sample; with values there is none.

    Attributes
    ----------
    identity : str
        Of the run.
    part : {"training", "validation", "test"}
        Of the data.
    step : int
        After how many steps the network answered so.
    task : {"classes", "labels", "values"}
        What the outputs say.
    rows : ndarray of int64, shape (N,)
        Rows of the data set that were asked, all with outputs that are numbers.
    of : int
        How many the part has.
    lost : int
        How many were asked in vain: their outputs are no finite numbers.
    outputs, targets : ndarray, shape (N, C)
        In double precision.
    truth, said : ndarray of int64, shape (cases,)
        Numbers of classes; of labels 1 where the label holds or is said to, else 0.
    shared : bool
        Whether the outputs of a sample share a whole, as those of softmax do.
    """

    identity: str
    part: PartName
    step: int
    task: Task
    rows: Rows
    of: int
    lost: int
    outputs: Matrix
    targets: Matrix
    truth: Rows
    said: Rows
    shared: bool

    @property
    def kinds(self) -> int:
        """How many different answers a case can have."""
        return self.outputs.shape[1] if self.task == "classes" else 2

    @cached_property
    def confidence(self) -> Matrix:
        """What was given to each answer, shape (cases,); a probability where `are_shares`."""
        if self.task == "classes":
            return np.asarray(self.outputs.max(axis=1, initial=-np.inf))
        sure = self.outputs.ravel()
        return np.where(self.said == 1, sure, 1 - sure)

    @cached_property
    def are_shares(self) -> bool:
        """Whether outputs can be read as probabilities: none is below 0 or above 1."""
        outputs = self.outputs
        within = (outputs >= -ROUNDING) & (outputs <= 1 + ROUNDING)
        return bool(outputs.size and within.all())

    @cached_property
    def table(self) -> Rows:
        """The confusion matrix (kinds, kinds) over all cases: rows are the truth."""
        return confusion(self.truth, self.said, self.kinds)

    def table_of(self, label: int) -> Rows:
        """Give the confusion matrix (2, 2) of one label."""
        outputs = self.outputs.shape[1]
        return confusion(self.truth[label::outputs], self.said[label::outputs], 2)

    @cached_property
    def calibration(self) -> Calibration | None:
        """Whether answers are right as often as they are sure; None where nothing says how sure."""
        if not self.are_shares or self.task == "values":
            return None
        return calibration(np.clip(self.confidence, 0, 1), self.truth == self.said)

    @cached_property
    def mistakes(self) -> Rows:
        """Numbers of the cases that are wrong, the surest first."""
        wrong = np.flatnonzero(self.truth != self.said)
        return np.asarray(wrong[np.argsort(-self.confidence[wrong], kind="stable")], np.int64)

    @cached_property
    def distance(self) -> Matrix:
        """How far each sample is from its target: the root of the sum of squares, shape (N,)."""
        with np.errstate(over="ignore"):
            return np.asarray(np.sqrt(((self.outputs - self.targets) ** 2).sum(axis=1)))

    @cached_property
    def residuals(self) -> Rows:
        """Numbers of the samples, those that are farthest off first."""
        return np.asarray(np.argsort(-self.distance, kind="stable"), np.int64)

    def sample_of(self, case: int) -> int:
        """Give the number of the sample that a case belongs to."""
        return case // self.outputs.shape[1] if self.task == "labels" else case

    def label_of(self, case: int) -> int:
        """Give the label that a case belongs to; 0 where samples have classes."""
        return case % self.outputs.shape[1] if self.task == "labels" else 0


def ask(
    run: RunView, data: PreparedData, part: PartName, *, go_on: Callable[[], None]
) -> Answers | None:
    """Ask the newest weights of `run` about one part of `data`; None where there are no weights.

    Parameters
    ----------
    run : RunView
        With a blueprint.
    data : PreparedData
        On which it was trained.
    part : {"training", "validation", "test"}
        Which rows.
    go_on : callable
        Called between pieces of the work; what it raises ends it.
    """
    vector, blueprint = newest_of(run), run.blueprint
    if blueprint is None or vector is None:
        return None
    whole: Rows = getattr(data.split, part)
    rows = whole[:MOST_ROWS]
    predictor = Predictor(blueprint)
    predictor.show(vector)
    outputs = np.empty((len(rows), data.outputs))
    for start in range(0, len(rows), CHUNK_ROWS):
        go_on()
        chunk = rows[start : start + CHUNK_ROWS]
        outputs[start : start + len(chunk)] = predictor.probabilities(data.dataset.inputs[chunk])
    finite = np.isfinite(outputs).all(axis=1)
    asked, rows, outputs = len(rows), rows[finite], outputs[finite]
    targets = data.targets[rows].astype(np.float64)
    shared = isinstance(blueprint.network.output.activation, Softmax)
    truth, said = _cases(data, rows, outputs, targets, shared=shared)
    return Answers(
        identity=run.identity,
        part=part,
        step=step_of(run),
        task=data.task,
        rows=rows,
        of=len(whole),
        lost=asked - len(rows),
        outputs=outputs,
        targets=targets,
        truth=truth,
        said=said,
        shared=shared,
    )


def _cases(
    data: PreparedData, rows: Rows, outputs: Matrix, targets: Matrix, *, shared: bool
) -> tuple[Rows, Rows]:
    if data.labels is not None:
        return data.labels[rows], outputs.argmax(axis=1).astype(np.int64, copy=False)
    if data.task == "values":
        none = np.empty(0, np.int64)
        return none, none
    held = targets > 0.5
    side: Any = 0.5 / np.maximum(1, held.sum(axis=1, keepdims=True)) if shared else 0.5
    return held.ravel().astype(np.int64), (outputs > side).ravel().astype(np.int64)


def newest_of(run: RunView) -> Vector | None:
    """Give the newest weights of a run; those before its first step while there are no others."""
    if run.snapshot.weights is not None:
        return run.snapshot.weights.vector
    return None if run.blueprint is None else run.blueprint.initial


def step_of(run: RunView) -> int:
    """Give after how many steps a run had the weights that `newest_of` gives."""
    return run.snapshot.step if run.snapshot.weights is None else run.snapshot.weights.step


def is_trained_on(run: RunView, data: PreparedData, experiment: Experiment) -> bool:
    """Tell whether these are the data of `run`, split as it has them."""
    blueprint: Blueprint | None = run.blueprint
    if blueprint is None or ends_of(blueprint.layout) != (data.inputs, data.outputs):
        return False
    if blueprint.scaling is data.scaling:
        return True
    if run.recipe is None or run.recipe.data_sha256 not in {"", data.facts.sha256}:
        return False
    theirs = run.recipe.experiment
    return (theirs.data, theirs.seed) == (experiment.data, experiment.seed)
