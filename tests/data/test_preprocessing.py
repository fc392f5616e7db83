"""Scaling: fitted on the training rows alone, applied in the precision of where it is written."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import (
    Raw,
    Scaling,
    Standardized,
    ToUnit,
    constant_inputs,
    encode,
    encoded,
)
from nnstudio.errors import NnstudioError
from nnstudio.spec import from_json, to_json

FAMILY: list[Scaling] = [Raw(), ToUnit(), Standardized()]


def of(inputs: NDArray[Any]) -> Dataset:
    return Dataset.of(inputs, np.zeros(len(inputs)), class_names=("a",), source="made")


@pytest.mark.parametrize("scaling", FAMILY)
@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_no_row_outside_the_training_part_is_looked_at(
    scaling: Raw | ToUnit | Standardized, dtype: Any
) -> None:
    generator = np.random.default_rng(0)
    inputs = generator.integers(10, 90, (20, 4)).astype(dtype)
    rows = np.arange(0, 12)
    changed = inputs.copy()
    changed[12:] = 250
    one, other = scaling.fit(of(inputs), rows), scaling.fit(of(changed), rows)
    np.testing.assert_array_equal(one.factor, other.factor)
    np.testing.assert_array_equal(one.shift, other.shift)


@given(arrays(np.float64, (9, 3), elements=st.floats(-1e6, 1e6)))
def test_standardized_inputs_have_mean_0_and_deviation_1_or_stay_constant(
    inputs: NDArray[Any],
) -> None:
    out = np.empty_like(inputs)
    Standardized().fit(of(inputs), np.arange(9)).into(inputs, out)
    spread = inputs.std(axis=0)
    clear = spread > np.maximum(1e-6 * np.abs(inputs).max(axis=0), 2e-38)
    np.testing.assert_allclose(out.mean(axis=0)[clear], 0, atol=1e-6)
    np.testing.assert_allclose(out.std(axis=0)[clear], 1, atol=1e-6)
    assert np.isfinite(out).all()


def test_a_constant_input_that_no_float_holds_exactly_stays_small() -> None:
    inputs = np.full((7, 1), 0.1)
    out = np.empty_like(inputs)
    Standardized().fit(of(inputs), np.arange(7)).into(inputs, out)
    assert np.abs(out).max() < 1e-12


def test_standardizing_bytes_takes_more_rows_than_one_chunk_holds() -> None:
    inputs = np.random.default_rng(0).integers(0, 256, (5000, 3), dtype=np.uint8)
    fitted = Standardized().fit(of(inputs), np.arange(5000))
    np.testing.assert_allclose(fitted.factor, 1 / inputs.std(axis=0), rtol=1e-12)
    np.testing.assert_allclose(fitted.shift, -inputs.mean(axis=0) / inputs.std(axis=0), rtol=1e-12)


def test_bytes_are_divided_by_255_whatever_the_training_part_holds() -> None:
    fitted = ToUnit().fit(of(np.full((3, 2), 7, np.uint8)), np.arange(3))
    assert (float(fitted.factor), float(fitted.shift)) == (1 / 255, 0.0)


@given(arrays(np.float64, (6, 2), elements=st.floats(-1e6, 1e6)))
def test_the_range_of_other_numbers_becomes_0_to_1(inputs: NDArray[Any]) -> None:
    out = np.empty_like(inputs)
    ToUnit().fit(of(inputs), np.arange(6)).into(inputs, out)
    if np.ptp(inputs) > 1e-3:
        assert out.min() == pytest.approx(0, abs=1e-9)
        assert out.max() == pytest.approx(1, abs=1e-9)
    assert np.isfinite(out).all()


@pytest.mark.parametrize("scaling", [ToUnit(), Standardized()])
@pytest.mark.parametrize("width", [2.3e-309, 1e-40, 1e-30])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_range_too_narrow_to_divide_by_stays_finite(
    scaling: ToUnit | Standardized, width: float, dtype: Any
) -> None:
    inputs = np.zeros((6, 2))
    inputs[0, 0] = width
    out = np.empty((6, 2), dtype)
    scaling.fit(of(inputs), np.arange(6)).into(inputs, out)
    assert np.isfinite(out).all()


def test_raw_changes_nothing() -> None:
    rows = np.array([[0, 255], [3, 4]], np.uint8)
    out = np.empty((2, 2), np.float32)
    Raw().fit(of(rows), np.arange(2)).into(rows, out)
    np.testing.assert_array_equal(out, rows)


@pytest.mark.parametrize("scaling", FAMILY)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [np.uint8, np.float64])
def test_gathering_equals_indexing_and_scaling_by_hand(
    scaling: Raw | ToUnit | Standardized, dtype: Any, kind: Any
) -> None:
    inputs = np.random.default_rng(1).integers(0, 256, (30, 5)).astype(kind)
    fitted = scaling.fit(of(inputs), np.arange(20))
    indices = np.array([3, 3, 29, 0])
    out = np.empty((4, 5), dtype)
    scratch = np.empty_like(inputs[:4])
    fitted.gather(of(inputs).inputs, indices, out=out, scratch=scratch)
    by_hand = inputs[indices].astype(np.float64) * fitted.factor + fitted.shift
    np.testing.assert_allclose(out, by_hand, rtol=1e-5, atol=1e-5)


def test_encoding_puts_one_1_into_each_row() -> None:
    rows = encode(np.array([2, 0]), 3, np.float32)
    assert rows.dtype == np.float32
    assert rows.tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize("targets", [[3], [-1]])
def test_encoding_refuses_numbers_that_are_no_class(targets: list[int]) -> None:
    with pytest.raises(ValueError, match="of 3 classes"):
        encode(np.array(targets), 3, np.float64)


def test_inputs_are_constant_when_all_given_rows_agree() -> None:
    inputs = np.array([[1, 2, 3], [1, 5, 3], [1, 2, 9]], np.uint8)
    assert constant_inputs(of(inputs), np.array([0, 1])).tolist() == [True, False, True]
    assert constant_inputs(of(inputs), np.array([0, 2])).tolist() == [True, True, False]


@pytest.mark.parametrize("scaling", FAMILY)
def test_a_scaling_survives_json(scaling: Raw | ToUnit | Standardized) -> None:
    assert from_json(type(scaling), to_json(scaling)) == scaling


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(NnstudioError):
        from_json(ToUnit, {"kind": "unit", "low": 0})


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_classes_are_encoded_and_other_targets_stay_as_they_are(dtype: str) -> None:
    inputs = np.zeros((2, 1))
    classes = Dataset.of(inputs, np.array([1, 0]), class_names=("a", "b"), source="made")
    assert encoded(classes, dtype).tolist() == [[0, 1], [1, 0]]
    values = np.array([[1000.5, -2.0], [0.25, 3.0]])
    kept = encoded(Dataset.of(inputs, values, class_names=(), source="made", task="values"), dtype)
    assert kept.tolist() == values.tolist()
    assert kept.dtype == dtype
