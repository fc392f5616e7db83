"""Private runs for checks: on a few samples, without what holds learning by heart back."""

from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.augmentation import NoAugmentation
from nnstudio.data.dataset import Split
from nnstudio.data.progress import Progress
from nnstudio.nn.constraints import NoConstraint
from nnstudio.nn.dropout import NoDropout
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.penalties import NoPenalty
from nnstudio.nn.schedules import Constant, NoWarmUp
from nnstudio.seams import TRUE, Seams
from nnstudio.texts import Text
from nnstudio.training.averaging import NoAveraging
from nnstudio.training.blas import threads_in_use
from nnstudio.training.experiment import Batches, Experiment, Stopping
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.pretraining import NoPretraining
from nnstudio.training.state import TrainingState

_Row = TypeVar("_Row", HiddenLayer, OutputLayer)

TELL_STEPS: Final = 10
LAST_SHARE: Final = 5
"""What a run has come to is the median of the last fifth of its steps."""
STILL_FALLING: Final = 0.95
"""From the last fifth but one to the last."""


@dataclass(frozen=True)
class Learned:
    """What a private run has come to, as it told it.

    Attributes
    ----------
    first, loss, score : float
        The first loss, and the newest loss and score.
    falling : bool
        Whether the loss was still falling at the end: more steps would help.
    finite : bool
        Whether it came to its end in finite numbers.
    """

    first: float
    loss: float
    score: float
    falling: bool
    finite: bool


def short(experiment: Experiment, *, steps: int, batch: int) -> Experiment:
    """Give `experiment` for so many steps at one rate, with nothing that evaluation needs."""
    return replace(
        experiment,
        schedule=Constant(),
        warm_up=NoWarmUp(),
        batches=Batches(size=batch),
        stopping=Stopping(epochs=None, steps=steps),
        averaging=NoAveraging(),
        pretraining=NoPretraining(),
    )


def unpenalised(experiment: Experiment) -> Experiment:
    """Give `experiment` without what weights cost and are held to."""
    network = experiment.network
    hidden = tuple(_free(row) for row in network.layers)
    return replace(
        experiment, network=replace(network, layers=hidden, output=_free(network.output))
    )


def unregularised(experiment: Experiment) -> Experiment:
    """Give `experiment` without dropout, penalties, constraints, weight decay and distortions."""
    network = unpenalised(experiment).network
    hidden = tuple(replace(row, dropout=NoDropout()) for row in network.layers)
    return replace(
        experiment,
        network=replace(network, layers=hidden),
        loss=_without(experiment.loss, "label_smoothing"),
        optimizer=_without(experiment.optimizer, "weight_decay"),
        augmentation=NoAugmentation(),
    )


def _free(row: _Row) -> _Row:
    return replace(row, penalty=NoPenalty(), constraint=NoConstraint())


def _without(spec: Any, name: str) -> Any:
    return replace(spec, **{name: 0.0}) if name in {one.name for one in fields(spec)} else spec


def of_rows(data: PreparedData, rows: Rows, *, blank: bool = False) -> PreparedData:
    """Give data that have the samples `rows` alone, all for training; `blank`: with inputs of 0."""
    given = data.dataset
    inputs = np.zeros_like(given.inputs[rows]) if blank else given.inputs[rows]
    dataset = replace(
        given,
        inputs=inputs,
        targets=given.targets[rows],
        validation_count=0,
        test_count=0,
        members=(),
    )
    every, none = np.arange(len(rows)), np.arange(0)
    return replace(
        data,
        dataset=dataset,
        split=Split(every, none, none),
        targets=data.targets[rows],
        labels=None if data.labels is None else data.labels[rows],
        facts=replace(data.facts, training=len(rows), validation=0, test=0),
        given=dataset,
        mixture=None,
    )


def learned(
    experiment: Experiment,
    data: PreparedData,
    *,
    seams: Seams = TRUE,
    progress: Progress,
    doing: Text,
    share: tuple[float, float] = (0.0, 1.0),
) -> Learned:
    """Train to the end and give what came of it.

    Parameters
    ----------
    experiment : Experiment
        With a limit of steps.
    data : PreparedData
        From `of_rows`.
    seams : Seams
        Of the run that is checked; the classic mistakes of the experiment come on top.
    progress : Progress
        Told from time to time, and may raise `Cancelled`.
    doing : Text
        What it is told.
    share : tuple of float
        Where the whole check stands before and after this.
    """
    begins, ends = share
    # BLAS threads belong to whoever trains: what is in use stays in use
    state = TrainingState.start(experiment, data, threads=threads_in_use(), seams=seams)
    total = state.total_steps or 1
    progress(begins, doing)
    for step in train(state):
        if step.step % TELL_STEPS == 0:
            progress(begins + (ends - begins) * step.step / total, doing)
    history = state.history.view()
    last = max(1, history.steps // LAST_SHARE)
    loss, before = _median(history.loss[-last:]), _median(history.loss[-2 * last : -last])
    return Learned(
        first=float(history.loss[0]) if history.steps else float("nan"),
        loss=loss,
        falling=loss < STILL_FALLING * before,
        score=_median(history.score[-last:]),
        finite=state.ended is not None and state.ended.reason != "diverged",
    )


def _median(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
