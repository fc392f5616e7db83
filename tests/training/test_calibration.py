import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.training.calibration import BINS, calibration


def test_answers_that_are_right_as_often_as_they_are_sure_have_no_error() -> None:
    sure = np.full(10, 0.8)
    right = np.arange(10) < 8
    assert calibration(sure, right).error == pytest.approx(0)


def test_the_error_is_the_gap_of_each_bin_weighted_by_its_answers() -> None:
    # three answers of 0.9 of which one is right, and one of 0.3 that is right
    found = calibration(np.array([0.9, 0.9, 0.9, 0.3]), np.array([True, False, False, True]))
    assert found.error == pytest.approx(3 / 4 * (0.9 - 1 / 3) + 1 / 4 * 0.7)


def test_an_answer_on_an_edge_belongs_to_the_bin_below() -> None:
    found = calibration(np.array([0.0, 0.5, 1.0]), np.ones(3, bool), bins=2)
    assert found.count.tolist() == [2, 1]


def test_a_bin_without_answers_has_no_accuracy() -> None:
    found = calibration(np.array([0.9]), np.array([True]), bins=4)
    assert np.isnan(found.accuracy[:3]).all()
    assert found.accuracy[3] == 1


def test_the_gap_is_above_zero_for_answers_that_are_too_sure() -> None:
    assert calibration(np.full(4, 0.9), np.array([True, False, False, False])).gap > 0
    assert calibration(np.full(4, 0.3), np.ones(4, bool)).gap < 0


def test_no_answers_have_no_error() -> None:
    found = calibration(np.empty(0), np.empty(0, bool))
    assert np.isnan(found.error)
    assert np.isnan(found.gap)
    assert found.count.sum() == 0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_every_answer_is_in_one_bin_and_the_error_is_a_share(
    answers: list[tuple[float, bool]],
) -> None:
    found = calibration(
        np.array([one for one, _ in answers]), np.array([hit for _, hit in answers])
    )
    assert found.count.sum() == len(answers)
    assert 0 <= found.error <= 1
    assert abs(found.gap) <= found.error + 1e-12
    assert len(found.edges) == BINS + 1


def test_bins_are_those_of_scikit_learn() -> None:
    case = json.loads(
        (Path(__file__).parents[1] / "oracles" / "sklearn_calibration.json").read_text()
    )
    found = calibration(np.array(case["confidence"]), np.array(case["right"]), bins=case["bins"])
    known = found.count > 0
    assert found.accuracy[known] == pytest.approx(case["accuracy"], abs=1e-12)
    assert found.confidence[known] == pytest.approx(case["mean"], abs=1e-12)
