"""Balance: how many samples of each class the parts and the sources have."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.dataset import Split


def class_counts(
    targets: NDArray[Any],
    split: Split,
    *,
    classes: int,
    origin: NDArray[np.int8],
    sources: int,
) -> NDArray[np.int64]:
    """Give how many samples there are, shape (3, sources, classes).

    The parts are training, validation and test, in this order.

    Parameters
    ----------
    targets : ndarray
        Class numbers (N,), or labels (N, classes) that hold where they are more than 0.
    split : Split
        Rows of the parts.
    classes, sources : int
        How many there are.
    origin : ndarray of int8, shape (N,)
        Number of the source of each row.
    """
    found = np.zeros((3, sources, classes), np.int64)
    for part, rows in enumerate((split.training, split.validation, split.test)):
        place = origin[rows].astype(np.int64)
        if targets.ndim == 1:
            joined = place * classes + targets[rows]
            found[part] = np.bincount(joined, minlength=sources * classes).reshape(sources, classes)
        else:
            holds = targets[rows] > 0
            for source in range(sources):
                found[part, source] = holds[place == source].sum(axis=0)
    return found
