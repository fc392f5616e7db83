"""Copies are found, and nothing else is."""

from typing import Any

import numpy as np
import pytest

from nnstudio.data.summary import copies as module
from nnstudio.data.summary.copies import copies, row_marks

GENERATOR = np.random.default_rng(7)


def found(inputs: Any, rows: Any = None) -> set[tuple[int, int]]:
    first, second = copies(inputs, np.arange(len(inputs)) if rows is None else rows)
    return set(zip(first.tolist(), second.tolist(), strict=True))


@pytest.mark.parametrize("inputs", [1, 7, 16])
@pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
def test_pairs_are_those_of_a_plain_comparison(inputs: int, kind: Any) -> None:
    samples = GENERATOR.integers(0, 3, (150, inputs)).astype(kind)
    samples[100:] = samples[GENERATOR.integers(0, 100, 50)]
    seen: dict[bytes, int] = {}
    wanted = set()
    for at, sample in enumerate(samples):
        first = seen.setdefault(sample.tobytes(), at)
        if first != at:
            wanted.add((first, at))
    assert found(samples) == wanted


def test_the_first_of_a_pair_is_the_one_that_is_asked_for_first() -> None:
    samples = np.array([[1], [2], [1], [1]], np.uint8)
    assert found(samples, np.array([3, 1, 0])) == {(3, 0)}


def test_minus_zero_is_zero() -> None:
    assert found(np.array([[0.0, 1.0], [-0.0, 1.0]])) == {(0, 1)}


def test_equal_marks_of_other_samples_make_no_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "row_marks", lambda _inputs, rows, **_: np.zeros(len(rows), "u8"))
    assert found(np.array([[1], [2], [1]], np.uint8)) == {(0, 2)}


def test_without_samples_there_is_no_pair() -> None:
    assert found(np.empty((0, 4))) == set()


def test_equal_rows_have_equal_marks_and_others_do_not() -> None:
    rows = GENERATOR.integers(0, 3, (3000, 4)).astype(np.uint8)
    marks = row_marks(rows, np.arange(3000))
    codes = rows @ np.array([1, 3, 9, 27])
    assert len(np.unique(marks)) == len(np.unique(codes))
    for mark in np.unique(marks):
        assert len(np.unique(codes[marks == mark])) == 1


def test_rows_that_differ_in_their_last_bytes_alone_have_other_marks() -> None:
    rows = np.zeros((256, 16), np.uint8)
    rows[:, 7] = rows[:, 15] = np.arange(256)
    assert len(np.unique(row_marks(rows, np.arange(256)))) == 256
