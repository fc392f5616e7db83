"""A summary tells of balance, constant inputs, leaks and contradictions of prepared data."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.data.dataset import Dataset, Split
from nnstudio.data.progress import Cancelled
from nnstudio.runs.data_summary import NO_PART, DataSummary, summarize
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import prepare

GENERATOR = np.random.default_rng(9)
SPLIT = Split(np.arange(30), np.arange(30, 35), np.arange(35, 39))


def summary_of(inputs: Any, targets: Any, **values: Any) -> DataSummary:
    made = Dataset.of(inputs, targets, source="test", **values)
    return summarize(replace(prepare(Experiment(), made), split=SPLIT))


def digits() -> tuple[Any, Any]:
    inputs = GENERATOR.integers(0, 256, (40, 36), dtype=np.uint8)
    inputs[:, 4] = 0
    inputs[:30, 5] = 7
    inputs[30:, 5] = 8
    labels = np.arange(40) % 2
    inputs[36] = inputs[2]
    inputs[9] = inputs[6]
    return inputs, labels


def seen() -> DataSummary:
    inputs, labels = digits()
    return summary_of(inputs, labels, class_names=("a", "b"), image_shape=(6, 6))


def test_leaks_and_contradictions_are_told_apart() -> None:
    inputs, labels = digits()
    found = summary_of(inputs, labels, class_names=("a", "b"), image_shape=(6, 6)).twins
    pairs = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert sorted(pairs) == [(2, 36), (6, 9)]
    at = pairs.index((2, 36))
    assert (found.leaks[at], found.differ[at]) == (True, False)
    assert (found.leaks[1 - at], found.differ[1 - at]) == (False, True)
    assert found.leaked == 1
    assert found.equal.all()


def test_a_row_that_no_part_uses_is_in_no_pair_and_no_count() -> None:
    found = seen()
    assert found.part[39] == NO_PART
    assert found.part[[0, 30, 35]].tolist() == [0, 1, 2]
    assert found.counts is not None
    assert found.counts.sum() == 39


def test_rows_that_are_learned_from_and_held_out_as_well_are_leaks() -> None:
    inputs, labels = digits()
    made = Dataset.of(inputs, labels, source="test", class_names=("a", "b"), image_shape=(6, 6))
    both = Split(np.arange(35), np.arange(30, 35), np.empty(0, np.int64))
    found = summarize(replace(prepare(Experiment(), made), split=both)).twins
    assert found.leaked == 5
    shared = found.first == found.second
    assert found.first[shared].tolist() == [30, 31, 32, 33, 34]
    assert found.leaks[shared].all()


def test_validation_on_the_test_part_is_no_leak() -> None:
    inputs, labels = digits()
    made = Dataset.of(inputs, labels, source="test", class_names=("a", "b"), image_shape=(6, 6))
    held_out = np.arange(37, 40)
    found = summarize(
        replace(prepare(Experiment(), made), split=Split(np.arange(30), held_out, held_out))
    )
    assert found.twins.leaked == 0
    assert found.counts is not None
    assert found.counts.sum(axis=(1, 2)).tolist() == [30, 3, 3]


def test_inputs_that_never_change_are_known_and_those_that_wake_up_later() -> None:
    found = seen()
    assert np.flatnonzero(found.constant).tolist() == [4, 5]
    assert np.flatnonzero(found.waking).tolist() == [5]
    assert (found.lowest[4], found.lowest[5]) == (0, 7)


def test_pictures_have_means_and_spreads_and_no_table_of_inputs() -> None:
    found = seen()
    assert found.means is not None
    assert found.means.shape == (2, 36)
    assert found.moments is None
    assert found.raw is not None
    assert found.scaled is not None
    assert found.scaled.mean == pytest.approx(found.raw.mean / 255)
    assert found.targets == ()


def test_values_have_spreads_by_part_and_correlations() -> None:
    inputs = GENERATOR.normal(size=(40, 3))
    found = summary_of(inputs, inputs[:, :1] * 2, class_names=(), task="values")
    assert found.counts is None
    assert found.means is None
    ((training, validation, _),) = found.targets
    assert training is not None
    assert validation is not None
    assert (training.samples, validation.samples) == (30, 5)
    assert found.moments is not None
    assert found.moments.correlation[0, 0] == pytest.approx(1)


def test_equal_inputs_with_other_values_contradict_each_other() -> None:
    inputs = GENERATOR.normal(size=(40, 2))
    inputs[1] = inputs[0]
    values = np.arange(40.0)[:, None]
    assert summary_of(inputs, values, class_names=(), task="values").twins.differ.tolist() == [True]


@pytest.mark.parametrize("odd", [np.nan, np.inf, 1.7e308, -1e200, 5e-324])
def test_odd_numbers_are_summarized_without_a_word(odd: float) -> None:
    inputs = GENERATOR.normal(size=(40, 36))
    inputs[[1, 37], 3] = odd
    labels = np.arange(40) % 2
    found = summary_of(inputs, labels, class_names=("a", "b"), image_shape=(6, 6))
    assert found.raw is not None
    assert found.raw.counts.sum() == 30 * 36 - (0 if np.isfinite(odd) else 1)


def test_a_look_that_nobody_wants_any_more_ends() -> None:
    inputs, labels = digits()
    made = Dataset.of(inputs, labels, source="test", class_names=("a", "b"), image_shape=(6, 6))

    def never(_share: object, _doing: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        summarize(prepare(Experiment(), made), never)
