"""Two losses that need no training: of an undecided network, and of the best blind guess.

Both are the stated loss itself, evaluated at outputs that follow from the settings alone; what the
weights cost is left out.
"""

from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.activations import Activation, Softmax
from nnstudio.nn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    KullbackLeibler,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
)
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

Values = NDArray[np.float64]

_HALVINGS: Final = 200
_SUM_ERROR: Final = 1e-9


def expected_first_loss(
    experiment: Experiment, facts: DataFacts, targets: NDArray[Any] | None = None
) -> float | None:
    """Give the loss of the first batch of a network that prefers no answer.

    Such a network has sums of 0 in its output layer: softmax gives 1/C, whose cross-entropy is
    ln C; a sigmoid gives 1/2, whose binary cross-entropy is ln 2 (Karpathy 2019, "A recipe for
    training neural networks").

    Parameters
    ----------
    experiment : Experiment
        Says which loss, and how it is added up over outputs and batch.
    facts : DataFacts
        Of its data.
    targets : ndarray, shape (N, C), or None
        Of the training part; for classes they make no difference.

    Returns
    -------
    float or None
        As the run adds up a batch; None where it depends on targets that are not given.
    """
    if facts.task == "classes":
        # every output is the same, so any class has the same loss
        targets = np.eye(facts.outputs)
    if targets is None:
        return None
    undecided = np.empty((1, targets.shape[1]))
    experiment.network.output.activation.forward(np.zeros_like(undecided), undecided)
    loss = _per_sample(experiment.loss, undecided[0], targets.astype(np.float64))
    return None if loss is None else loss * terms_of(experiment, facts.training)


def terms_of(experiment: Experiment, training: int) -> int:
    """Give how many losses of samples the loss of a batch adds up; 1 for a mean.

    Parameters
    ----------
    experiment : Experiment
        Says how large a batch is.
    training : int
        Samples in the training part: no batch has more.
    """
    return 1 if experiment.loss.over_batch == "mean" else min(experiment.batches.size, training)


def guess_loss(experiment: Experiment, targets: Values) -> float | None:
    """Give the stated loss, per sample, of the best answer that does not look at the inputs.

    Parameters
    ----------
    experiment : Experiment
        Says which loss, and which outputs there can be.
    targets : ndarray of float64, shape (N, C)
        Of the training part.

    Returns
    -------
    float or None
        None where no answer is known to be the best.
    """
    loss, activation = experiment.loss, experiment.network.output.activation
    guess = _best_guess(loss, activation, targets)
    return None if guess is None else _per_sample(loss, guess, targets)


def _per_sample(loss: Loss, outputs: Values, targets: Values) -> float | None:
    A = np.broadcast_to(outputs, targets.shape).copy()
    with np.errstate(all="ignore"):
        value = loss.value_and_gradient(A, targets, np.empty_like(A))
    if not isfinite(value):
        return None
    return value / len(targets) if loss.over_batch == "sum" else value


def _best_guess(loss: Loss, activation: Activation, targets: Values) -> Values | None:
    """Give the constant outputs (C,) of the lowest loss."""
    if isinstance(activation, Softmax):
        return _best_shares(loss, targets)
    if isinstance(loss, CrossEntropy | KullbackLeibler):
        return _shares_of(loss, targets) if activation.lowest >= 0 else None
    if isinstance(loss, BinaryCrossEntropy):
        return loss.targets(targets).mean(axis=0) if activation.lowest >= 0 else None
    return np.clip(_centre(loss, targets), activation.lowest, activation.highest)


def _best_shares(loss: Loss, targets: Values) -> Values | None:
    """Give the same where the outputs add up to 1."""
    match loss:
        case CrossEntropy() | KullbackLeibler():
            return _shares_of(loss, targets)
        case BinaryCrossEntropy():
            return _shared_answers(loss.targets(targets).mean(axis=0))
        case MeanSquaredError():
            mean: Values = targets.mean(axis=0)
            return mean if abs(float(mean.sum()) - 1.0) < _SUM_ERROR else None
        case MeanAbsoluteError():
            return _most_frequent(targets)
    return None


def _shares_of(loss: CrossEntropy | KullbackLeibler, targets: Values) -> Values | None:
    mean: Values = loss.targets(targets).mean(axis=0)
    total = float(mean.sum())
    return mean / total if total > 0 else None


def _centre(loss: Loss, targets: Values) -> Values:
    if isinstance(loss, MeanAbsoluteError):
        return np.asarray(np.median(targets, axis=0))
    if isinstance(loss, Huber):
        return _huber_centre(targets, loss.delta)
    return np.asarray(targets.mean(axis=0))


def _most_frequent(targets: Values) -> Values | None:
    """Give all to the most frequent class: with absolute errors nothing between is better."""
    if np.abs(targets.sum(axis=1) - 1.0).max() > _SUM_ERROR or not np.isin(targets, (0, 1)).all():
        return None
    best: Values = np.eye(targets.shape[1])[int(targets.mean(axis=0).argmax())]
    return best


def _shared_answers(mean: Values) -> Values | None:
    """Give the probabilities that add up to 1 with the lowest sum of binary cross-entropies.

    With the multiplier a of that sum, ``mean - p = a p (1 - p)`` for each; a is found by halving.
    """

    def at(multiplier: float) -> Values:
        # the root between 0 and 1, in the form that keeps its digits
        b = multiplier + 1.0
        found: Values = 2.0 * mean / (b + np.sqrt(b * b - 4.0 * multiplier * mean))
        return found

    if not ((mean > 0) & (mean < 1)).all():
        return None
    if abs(float(mean.sum()) - 1.0) < _SUM_ERROR:
        return mean
    low, high = -1e6, 1e6
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if at(middle).sum() > 1.0 else (low, middle)
    return at((low + high) / 2)


def _huber_centre(targets: Values, delta: float) -> Values:
    """Give, per output, where the clipped distances to all targets add up to 0."""
    low, high = targets.min(axis=0), targets.max(axis=0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        above = np.clip(middle - targets, -delta, delta).sum(axis=0) > 0
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2)
