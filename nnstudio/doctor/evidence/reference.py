"""What can be known from the inputs at all, by two answers that need no training.

The mean of the nearest training samples, and a straight line through all of them. Where neither
says more about held-out samples than a guess, there may be nothing to learn; where they are far
better than a network, the network is at fault.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[Any]

MOST_TRAINING: Final = 2_000
MOST_HELD_OUT: Final = 500
FEWEST: Final = 20
"""Of each part; with fewer, chance speaks."""
NEIGHBOURS: Final = 5
_TINY: Final = float(np.finfo(np.float64).tiny)
RIDGE: Final = 1.0
"""How strongly the straight line is held flat, as a share of the mean variance of an input."""


@dataclass(frozen=True)
class Reference:
    """How good answers without training are on held-out samples.

    Attributes
    ----------
    gain : float
        Share of the variance of the held-out targets that the better answer explains (R², at most
        1; 0 or less says no more than the mean of the training targets does).
    score : float or None
        Share of the right classes of the better answer; None where there are no classes.
    """

    gain: float
    score: float | None


def reference(
    inputs: Matrix, targets: Matrix, held_inputs: Matrix, held_targets: Matrix, *, classes: bool
) -> Reference | None:
    """Give what the training samples say about the held-out ones; None where they are too few.

    Parameters
    ----------
    inputs, held_inputs : ndarray, shape (N, D)
        Scaled; the first `MOST_TRAINING` and `MOST_HELD_OUT` rows are used.
    targets, held_targets : ndarray, shape (N, C)
        One-hot for classes.
    classes : bool
        Whether the targets are classes.
    """
    known, answers = (
        _finite(inputs[:MOST_TRAINING]),
        targets[:MOST_TRAINING].astype(np.float64),
    )
    asked, right = (
        _finite(held_inputs[:MOST_HELD_OUT]),
        held_targets[:MOST_HELD_OUT].astype(np.float64),
    )
    if min(len(known), len(asked)) < FEWEST:
        return None
    mean = answers.mean(axis=0)
    total = float(((right - mean) ** 2).sum())
    if total == 0.0:
        return None
    given = (_by_neighbours(known, answers, asked), _by_line(known, answers - mean, asked) + mean)
    gains = [1.0 - float(((right - one) ** 2).sum()) / total for one in given]
    scores = [float((one.argmax(axis=1) == right.argmax(axis=1)).mean()) for one in given]
    return Reference(max(gains), max(scores) if classes else None)


def _finite(rows: Matrix) -> NDArray[np.float64]:
    return np.nan_to_num(rows.astype(np.float64), posinf=0.0, neginf=0.0)


def _by_neighbours(known: Matrix, answers: Matrix, asked: Matrix) -> Matrix:
    distances = (known * known).sum(axis=1) - 2.0 * (asked @ known.T)
    count = min(NEIGHBOURS, len(known) - 1)
    nearest = np.argpartition(distances, count - 1, axis=1)[:, :count]
    near: Matrix = answers[nearest].mean(axis=1)
    return near


def _by_line(known: Matrix, answers: Matrix, asked: Matrix) -> Matrix:
    centre = known.mean(axis=0)
    known, asked = known - centre, asked - centre
    weight = RIDGE * max(float((known * known).mean()), _TINY) * len(known)
    # through whichever product is smaller
    if known.shape[1] <= len(known):
        held = known.T @ known + weight * np.eye(known.shape[1])
        slope: Matrix = asked @ np.linalg.solve(held, known.T @ answers)
        return slope
    held = known @ known.T + weight * np.eye(len(known))
    line: Matrix = asked @ known.T @ np.linalg.solve(held, answers)
    return line
