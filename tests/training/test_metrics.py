import numpy as np
import pytest

from nnstudio.training.metrics import accuracy, confusion, recall

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
