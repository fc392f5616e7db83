"""Metrics of a classification, all from one table: how often class i was taken for class j."""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


def confusion(labels: Counts, answers: Counts, classes: int) -> Counts:
    """Give the confusion matrix (C, C): rows are the true classes, columns the answers.

    Raises
    ------
    ValueError
        When there is not one answer for each label.

    Examples
    --------
    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2).tolist()
    [[1, 1], [0, 1]]
    """
    if labels.shape != answers.shape:
        raise ValueError(f"labels {labels.shape} and answers {answers.shape} do not fit")
    table = np.bincount(labels * classes + answers, minlength=classes * classes)
    return table.reshape(classes, classes).astype(np.int64, copy=False)


def accuracy(table: Counts) -> float:
    """Give the share of right answers of a confusion matrix; NaN when it is empty."""
    count = int(table.sum())
    return int(np.trace(table)) / count if count else float("nan")


def recall(table: Counts) -> NDArray[np.float64]:
    """Give, per class (C,), the share of its samples that were answered right; NaN without any."""
    count = table.sum(axis=1)
    share = np.full(len(table), np.nan)
    np.divide(np.diagonal(table), count, out=share, where=count > 0)
    return share
