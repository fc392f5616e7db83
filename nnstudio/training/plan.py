"""EpochPlan: which samples each step of an epoch gets, and after which steps something is due."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nnstudio.data.batches import steps_per_epoch
from nnstudio.seams import TRUE, Seams
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.prepared import PreparedData, Rows
from nnstudio.training.streams import stream

CHECK_STEPS: Final = 32
"""After so many steps the numbers are checked and copied: 0.5 % of the time instead of 10 %."""
LOSS_STEPS: Final = 4
"""After so many steps it is looked whether the loss has blown up, where that is a limit."""
SMALL_ROWS: Final = 500
"""Size of the fixed part of the validation samples that is looked at within an epoch."""
SMALL_TIMES: Final = 4
TOLD_ROWS: Final = 100
SMALL_SHARE: Final = 20
"""So many times larger must the training part be; otherwise epochs are short enough without."""


@dataclass(frozen=True, eq=False)
class EpochPlan:
    """One epoch before it is trained.

    Attributes
    ----------
    batches : list of ndarray of int64
        Rows of the data set, one array per step.
    labelled : list of ndarray of int64
        The rows whose targets the batches have: their own, unless a seam is replaced.
    small_after : frozenset of int
        After so many batches the small part of the validation samples is evaluated.
    due_after : frozenset of int
        After so many batches anything is due at all; the last batch is one of them.
    """

    batches: list[Rows]
    labelled: list[Rows]
    small_after: frozenset[int]
    due_after: frozenset[int]


def plan_epoch(
    experiment: Experiment,
    data: PreparedData,
    *,
    epoch: int,
    first_step: int,
    small: bool,
    limits: Stopping,
    seams: Seams = TRUE,
) -> EpochPlan:
    """Give the plan of an epoch; it follows from the arguments alone.

    Parameters
    ----------
    experiment : Experiment
        With the live changes that act by then.
    data : PreparedData
        Its samples.
    epoch : int
        Counts from 0.
    first_step : int
        How many steps of the stage were made before the epoch.
    small : bool
        Whether a small part of the validation samples is looked at.
    limits : Stopping
        What ends the run in this stage.
    seams : Seams
        Say which samples a batch has and whose targets.
    """
    settings, training = experiment.batches, data.split.training
    drawn = training
    if data.mixture is not None:
        drawn = data.mixture.epoch(training, generator=stream(experiment.seed, "mixture", epoch))
    rows = seams.arrange(drawn, data.dataset)
    order = seams.order(
        len(rows),
        size=settings.size,
        shuffled=experiment.data.shuffled,
        replacement=settings.replacement,
        drop_last=settings.drop_last,
        generator=stream(experiment.seed, "order", epoch),
    )
    batches = [rows[positions] for positions in order]
    count = len(batches)
    parts = range(1, SMALL_TIMES + 1) if small else ()
    small_after = frozenset(count * part // (SMALL_TIMES + 1) for part in parts) - {0, count}
    due_after = small_after | {count, *range(CHECK_STEPS, count, CHECK_STEPS)}
    if limits.steps is not None:
        due_after |= {limits.steps - first_step}
    if limits.blow_up is not None:
        # looks at all losses: the longer the run, the more rarely, so that the cost stays linear
        stride = max(LOSS_STEPS, first_step // 100)
        due_after |= {*range(stride, count, stride)}
    labelled = seams.targets(batches, training, data.dataset)
    return EpochPlan(batches, labelled, small_after, due_after)


def epoch_length(experiment: Experiment, data: PreparedData) -> int:
    """Give how many steps an epoch has."""
    settings = experiment.batches
    return steps_per_epoch(len(data.split.training), settings.size, drop_last=settings.drop_last)


def total_steps(
    experiment: Experiment, data: PreparedData, *, epoch: int, first_step: int
) -> int | None:
    """Give how many steps a run will have when `epoch` (from 0) begins after `first_step` steps.

    Both count from where its last stage begins. None when neither epochs nor steps are limited.
    """
    stopping = experiment.stopping
    limits = [] if stopping.steps is None else [stopping.steps]
    if stopping.epochs is not None:
        left = max(0, stopping.epochs - epoch)
        limits.append(first_step + left * epoch_length(experiment, data))
    return min(limits, default=None)


def small_part(experiment: Experiment, data: PreparedData) -> Rows:
    """Give the fixed rows that stand for the validation part within an epoch; none if too few."""
    rows = data.split.validation
    count = min(SMALL_ROWS, len(rows))
    if count * SMALL_SHARE > len(data.split.training):
        return rows[:0]
    chosen = stream(experiment.seed, "small validation").permutation(len(rows))[:count]
    return rows[np.sort(chosen)]


def told_part(data: PreparedData) -> Rows:
    """Give the few held-out rows that a run is asked about now and then, evenly spread."""
    rows = data.split.validation
    return rows[:: max(1, -(-len(rows) // TOLD_ROWS))]


def same_order(one: Experiment, other: Experiment) -> bool:
    """Tell whether two experiments put the same samples in the same order."""
    return (one.seed, one.data, one.batches) == (other.seed, other.data, other.batches)
