"""Samples are counted by part, source and class."""

import numpy as np

from nnstudio.data.dataset import Split
from nnstudio.data.summary.balance import class_counts

SPLIT = Split(np.array([0, 1, 2, 3, 4]), np.array([5, 6]), np.array([7]))
ORIGIN = np.array([0, 0, 1, 1, 1, 0, 1, 1], np.int8)


def test_classes_are_counted_as_by_hand() -> None:
    labels = np.array([0, 2, 0, 2, 2, 1, 1, 0])
    found = class_counts(labels, SPLIT, classes=3, origin=ORIGIN, sources=2)
    assert found[0].tolist() == [[1, 0, 1], [1, 0, 2]]
    assert found[1].tolist() == [[0, 1, 0], [0, 1, 0]]
    assert found[2].tolist() == [[0, 0, 0], [1, 0, 0]]


def test_of_labels_each_counts_where_it_holds() -> None:
    labels = np.array([[1.0, 1.0], [0.0, 0.0], [0.0, 1.0]] + [[1.0, 0.0]] * 5)
    found = class_counts(labels, SPLIT, classes=2, origin=ORIGIN, sources=2)
    assert found[0].sum(axis=0).tolist() == [3, 2]
    assert found.sum(axis=(0, 1)).tolist() == [6, 2]
