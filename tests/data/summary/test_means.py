"""Means by class and moments of inputs are those of plain sums."""

import numpy as np
import pytest

from nnstudio.data.progress import Cancelled
from nnstudio.data.summary.means import class_means, input_moments

GENERATOR = np.random.default_rng(5)


def test_the_mean_of_each_class_is_exact_for_bytes() -> None:
    inputs = GENERATOR.integers(0, 256, (3000, 9), dtype=np.uint8)
    labels, rows = GENERATOR.integers(0, 4, 3000), np.arange(0, 3000, 2)
    found = class_means(inputs, labels, rows, classes=5)
    for kind in range(4):
        own = inputs[rows[labels[rows] == kind]]
        assert np.array_equal(found[kind], own.sum(axis=0, dtype=np.int64) / len(own))
    assert np.isnan(found[4]).all()


def test_labels_may_hold_for_the_same_sample() -> None:
    inputs = np.array([[1.0], [3.0], [8.0]])
    labels = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    assert class_means(inputs, labels, np.arange(3), classes=2).tolist() == [[2.0], [4.5]]


def test_moments_are_those_of_numpy_however_large_the_mean_is() -> None:
    inputs = GENERATOR.normal(size=(2500, 3)) + np.array([0.0, 1e6, 5.0])
    inputs[:, 2] = 5.0
    values = inputs[:, :2] @ np.array([[1.0, 0.0], [0.5, -1.0]])
    rows = np.arange(2500)
    found = input_moments(inputs, values, rows)
    assert found.mean == pytest.approx(inputs.mean(axis=0))
    assert found.deviation == pytest.approx(inputs.std(axis=0), rel=1e-9)
    for at in range(2):
        wanted = [np.corrcoef(inputs[:, at], values[:, out])[0, 1] for out in range(2)]
        assert found.correlation[at] == pytest.approx(wanted, abs=1e-9)
    assert np.isnan(found.correlation[2]).all()


def test_the_work_ends_where_it_is_no_more_wanted() -> None:
    def never() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        class_means(np.zeros((3, 2)), np.zeros(3, np.int64), np.arange(3), classes=1, go_on=never)
