"""What the data of a run are like: scale, copies, classes; looked at once, a piece at a time."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.preprocessing import FittedScaling
from nnstudio.data.summary.copies import row_marks
from nnstudio.doctor.evidence.facts import InputFacts
from nnstudio.doctor.evidence.probe import spread_over
from nnstudio.doctor.first_loss import guess_loss
from nnstudio.seams import TRUE, Seams
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows

SCALE_ROWS: Final = 10_000
"""So many samples say how large the inputs are."""
CHUNK_ROWS: Final = 2048


@np.errstate(all="ignore")
def input_facts(experiment: Experiment, data: PreparedData, *, seams: Seams = TRUE) -> InputFacts:
    """Give what can be said of the data before anything is trained.

    Parameters
    ----------
    experiment : Experiment
        What the data are for.
    data : PreparedData
        The samples.
    seams : Seams
        Say how the run scales what it evaluates.
    """
    parts = data.split
    training = _Scale(data, data.scaling, parts.training)
    held_out = data.split.validation
    theirs = own = None
    if len(held_out):
        scaling = seams.held_out_scaling(data.scaling, data.dataset, held_out)
        own = _Scale(data, data.scaling, held_out)
        theirs = own if scaling is data.scaling else _Scale(data, scaling, held_out)
    marks = row_marks(data.dataset.inputs, parts.training)
    marks_held_out = row_marks(data.dataset.inputs, held_out)
    answers = row_marks(_rows_of(data), parts.training)
    counts = () if data.labels is None else _counts(data.labels[parts.training], data.outputs)
    targets = data.targets[parts.training]
    return InputFacts(
        training=len(parts.training),
        validation=len(held_out),
        inputs=data.inputs,
        outputs=data.outputs,
        lowest=training.lowest,
        highest=training.highest,
        mean=training.mean,
        spread=training.spread,
        non_finite=_non_finite(data.dataset.inputs, parts.training),
        constant=int(data.facts.constant_inputs.sum()),
        duplicates=_share(_twice(marks)),
        contradictions=_share(_contradicted(marks, answers)),
        shared=_share(np.isin(marks_held_out, marks)),
        between=_between(data, marks, marks_held_out),
        class_counts=counts,
        target_lowest=float(targets.min()),
        target_highest=float(targets.max()),
        target_sum_error=float(np.abs(targets.sum(axis=1, dtype=np.float64) - 1.0).max()),
        guess_loss=guess_loss(experiment, targets.astype(np.float64)),
        image_shape=data.image_shape,
        held_out_mean=None if theirs is None else theirs.mean,
        held_out_spread=None if theirs is None else theirs.spread,
        own_held_out_mean=None if own is None else own.mean,
        own_held_out_spread=None if own is None else own.spread,
    )


class _Scale:
    """Extremes, mean and standard deviation over all inputs of the rows, as they are scaled."""

    def __init__(self, data: PreparedData, scaling: FittedScaling, rows: Rows) -> None:
        rows = spread_over(rows, SCALE_ROWS)
        self.lowest: float | None = None
        self.highest: float | None = None
        self.mean: float | None = None
        self.spread: float | None = None
        lowest, highest = np.inf, -np.inf
        count, total, square, centre = 0, 0.0, 0.0, 0.0
        for start in range(0, len(rows), CHUNK_ROWS):
            piece = data.dataset.inputs[rows[start : start + CHUNK_ROWS]]
            chunk = np.empty(piece.shape)
            scaling.into(piece, chunk)
            known = chunk[np.isfinite(chunk)]
            if not known.size:
                continue
            lowest, highest = min(lowest, float(known.min())), max(highest, float(known.max()))
            if count == 0:
                # around about the mean: a small spread on a large mean keeps its digits
                centre = float(known.mean())
            known -= centre
            count += known.size
            total += float(known.sum())
            square += float(known @ known)
        if count:
            offset = total / count
            self.lowest, self.highest, self.mean = lowest, highest, centre + offset
            self.spread = float(np.sqrt(max(0.0, square / count - offset**2)))


def _non_finite(inputs: NDArray[Any], rows: Rows) -> int:
    """Give how many of the inputs at `rows` are no finite numbers, before they are scaled."""
    if inputs.dtype.kind != "f":
        return 0
    chunks = range(0, len(rows), CHUNK_ROWS)
    return sum(
        int(np.count_nonzero(~np.isfinite(inputs[rows[start : start + CHUNK_ROWS]])))
        for start in chunks
    )


def _rows_of(data: PreparedData) -> NDArray[Any]:
    targets = data.dataset.targets
    return targets.reshape(len(targets), -1)


def _twice(marks: NDArray[np.uint64]) -> NDArray[np.bool_]:
    _, inverse, counts = np.unique(marks, return_inverse=True, return_counts=True)
    more: NDArray[np.bool_] = counts[inverse] > 1
    return more


def _contradicted(marks: NDArray[np.uint64], answers: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which samples have the inputs of another one with another target."""
    _, groups, counts = np.unique(marks, return_inverse=True, return_counts=True)
    theirs = answers[np.argsort(groups, kind="stable")]
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    several = np.maximum.reduceat(theirs, begins) != np.minimum.reduceat(theirs, begins)
    found: NDArray[np.bool_] = several[groups]
    return found


def _between(
    data: PreparedData, marks: NDArray[np.uint64], marks_held_out: NDArray[np.uint64]
) -> float:
    """Give the share of held-out samples that another source has in its training part."""
    if data.mixture is None:
        return 0.0
    learns, asks = (data.origin[rows] for rows in (data.split.training, data.split.validation))
    found = np.zeros(len(asks), np.bool_)
    for number in np.unique(asks):
        own = asks == number
        found[own] = np.isin(marks_held_out[own], marks[learns != number])
    return _share(found)


def _counts(labels: Rows, classes: int) -> tuple[int, ...]:
    return tuple(int(one) for one in np.bincount(labels, minlength=classes))


def _share(mask: NDArray[np.bool_]) -> float:
    return float(mask.mean()) if len(mask) else 0.0
