import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nnstudio.training.metrics import (
    ClassTally,
    LabelTally,
    ValueTally,
    accuracy,
    class_score,
    confusion,
    label_score,
    precision,
    recall,
    right_labels,
    value_score,
)

LABELS = np.array([0, 0, 0, 1, 1, 3])
ANSWERS = np.array([0, 0, 1, 1, 3, 3])


def test_rows_of_the_confusion_matrix_are_true_classes_and_columns_answers() -> None:
    table = confusion(LABELS, ANSWERS, 4)
    assert table.tolist() == [[2, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_accuracy_is_the_share_on_the_diagonal() -> None:
    assert accuracy(confusion(LABELS, ANSWERS, 4)) == 4 / 6


def test_recall_is_nan_for_a_class_without_samples() -> None:
    np.testing.assert_array_equal(
        recall(confusion(LABELS, ANSWERS, 4)), [2 / 3, 1 / 2, np.nan, 1.0]
    )


def test_no_samples_give_an_empty_table_and_no_accuracy() -> None:
    none = np.empty(0, np.int64)
    table = confusion(none, none, 3)
    assert table.shape == (3, 3)
    assert np.isnan(accuracy(table))


def test_one_answer_is_needed_for_each_label() -> None:
    with pytest.raises(ValueError, match=r"\(6,\).*\(5,\)"):
        confusion(LABELS, ANSWERS[:5], 4)


def test_a_label_is_right_on_its_side_of_one_half() -> None:
    Y = np.array([[1.0, 0.0], [1.0, 1.0]])
    output = np.array([[0.6, 0.2], [0.4, 0.9]])
    assert right_labels(output, Y) == 3
    assert label_score()(output, Y, np.array([5, 6])) == 3 / 4


def test_outputs_that_share_a_whole_part_at_half_of_the_share_that_a_label_can_have() -> None:
    Y = np.array([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    best = np.array([[0.5, 0.5, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.3, 0.3, 0.2, 0.2]])
    assert right_labels(best, Y, shared=True) == 12
    assert right_labels(best, Y) == 10
    half = np.array([[0.24, 0.26, 0.26, 0.24], [0.49, 0.51, 0.0, 0.0], [0.6, 0.4, 0.0, 0.0]])
    assert right_labels(half, Y, shared=True) == 2 + 2 + 3
    assert label_score(shared=True)(half, Y, np.arange(3)) == 7 / 12


def test_the_accuracy_of_a_batch_compares_with_the_classes_of_its_rows() -> None:
    output = np.array([[0.1, 0.9], [0.8, 0.2]])
    labels = np.array([0, 0, 0, 1])
    assert class_score(labels)(output, np.empty((2, 2)), np.array([3, 0])) == 1
    assert class_score(labels)(output, np.empty((2, 2)), np.array([0, 3])) == 0


def tally_of(output: NDArray[np.float64], targets: NDArray[np.float64], piece: int) -> ValueTally:
    tally = ValueTally(targets)
    for start in range(0, len(output), piece):
        rows = np.arange(start, min(start + piece, len(output)))
        tally.add(output[rows], targets[rows], rows)
    return tally


def test_r_squared_and_rmse_are_known_for_a_line_that_is_off_by_one() -> None:
    # targets 1 to 5: squares around their mean 10; each answer is off by 1
    targets = np.arange(1.0, 6.0)[:, None]
    tally = tally_of(targets + 1, targets, 2)
    assert tally.score == 1 - 5 / 10
    assert tally.rmse == 1


def test_answering_the_mean_explains_nothing_and_the_truth_explains_all() -> None:
    targets = np.array([[1.0], [2.0], [6.0]])
    assert tally_of(np.full((3, 1), 3.0), targets, 3).score == 0
    assert tally_of(targets, targets, 3).score == 1
    assert tally_of(targets, targets, 3).rmse == 0


def test_of_several_values_each_counts_by_its_variance() -> None:
    # squares around the means: 2 and 200; squared errors: 2 and 0
    targets = np.array([[0.0, 0.0], [2.0, 20.0]])
    off = np.array([[1.0, 0.0], [1.0, 0.0]])
    tally = tally_of(targets + off, targets, 1)
    assert tally.score == 1 - 2 / 202
    assert tally.rmse == np.sqrt(2 / 4)


def test_targets_that_are_all_the_same_have_no_r_squared_but_an_rmse() -> None:
    targets = np.full((3, 1), 0.1)
    assert targets.mean() != 0.1
    tally = tally_of(targets + 0.5, targets, 3)
    assert np.isnan(tally.score)
    assert tally.rmse == pytest.approx(0.5)


@given(seed=st.integers(0, 2**20), piece=st.integers(1, 40), count=st.integers(2, 40))
def test_r_squared_is_of_the_whole_however_it_is_cut(seed: int, piece: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    targets = generator.normal(5, 2, (count, 3))
    output = targets + generator.normal(0, 1, (count, 3))
    whole, cut = (tally_of(output, targets, size) for size in (count, piece))
    off = ((output - targets) ** 2).sum()
    assert cut.score == pytest.approx(whole.score, abs=1e-12)
    assert whole.score == pytest.approx(1 - off / (targets.var(axis=0).sum() * count), abs=1e-12)
    assert cut.rmse == pytest.approx(np.sqrt(off / targets.size), abs=1e-12)


def test_the_mean_over_equal_batches_is_r_squared_of_the_training_part() -> None:
    generator = np.random.default_rng(4)
    targets = generator.normal(3, 2, (24, 2))
    output = targets + generator.normal(0, 1, targets.shape)
    score = value_score(targets)
    batches = np.split(np.arange(24), 6)
    mean = np.mean([score(output[rows], targets[rows], rows) for rows in batches])
    assert mean == pytest.approx(tally_of(output, targets, 24).score)


@pytest.mark.parametrize("count", [0, 3])
def test_a_batch_has_no_r_squared_where_the_training_targets_do_not_vary(count: int) -> None:
    score = value_score(np.full((count, 1), 0.1))
    assert np.isnan(score(np.zeros((2, 1)), np.ones((2, 1)), np.arange(2)))


def test_no_answers_have_no_score() -> None:
    for tally in (ClassTally(LABELS), LabelTally(), ValueTally(np.empty((0, 1)))):
        assert np.isnan(tally.score)
        assert np.isnan(tally.rmse)
        assert tally.right == 0


ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "sklearn_metrics.json").read_text())


@pytest.mark.parametrize("name", ["one", "several"])
def test_r_squared_and_rmse_are_those_of_scikit_learn(name: str) -> None:
    case = ORACLE[name]
    tally = tally_of(np.array(case["answers"]), np.array(case["targets"]), 5)
    assert tally.score == pytest.approx(case["r_squared"], abs=1e-12)
    assert tally.rmse == pytest.approx(case["rmse"], abs=1e-12)


def test_precision_is_the_share_of_right_answers_among_those_of_a_class() -> None:
    table = confusion(LABELS, ANSWERS, 4)
    assert precision(table)[[0, 1, 3]].tolist() == [1.0, 0.5, 0.5]
    assert np.isnan(precision(table)[2])
