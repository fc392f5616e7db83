from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnstudio.nn.activations import Softmax
from nnstudio.nn.losses import CrossEntropy, Loss, MeanSquaredError, pair_problem
from tests.nn.differences import Array, assert_gradient, numerical_gradient
from tests.nn.networks import ACTIVATIONS, DTYPES, losses

A = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])
Y = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])


def value(loss: Any, outputs: Array = A, targets: Array = Y) -> float:
    return float(loss.value_and_gradient(outputs, targets, np.empty_like(outputs)))


@given(data=st.data(), loss=losses())
def test_the_gradient_is_that_of_the_value(data: st.DataObject, loss: Any) -> None:
    shape = data.draw(array_shapes(min_dims=2, max_dims=2, max_side=4))
    outputs = data.draw(arrays(np.double, shape, elements=st.floats(0.01, 0.99)))
    targets = data.draw(arrays(np.double, shape, elements=st.floats(0, 1)))
    clip = getattr(loss, "clip", 0.0)
    distance = np.minimum(np.abs(outputs - clip), np.abs(1 - clip - outputs))
    assume(not clip or distance.min() > 1e-3)
    dA = np.empty_like(outputs)
    shown = loss.value_and_gradient(outputs, targets, dA)
    expected = numerical_gradient(lambda at: value(loss, at, targets), outputs)
    assert_gradient(dA, expected, scale=1 + 10 * abs(shown))


def test_cross_entropy_is_the_mean_of_minus_the_log_of_the_right_probability() -> None:
    assert value(CrossEntropy()) == pytest.approx(-(np.log(0.5) + np.log(0.1)) / 2)


def test_a_loss_summed_over_the_batch_is_the_mean_times_the_samples() -> None:
    assert value(CrossEntropy(over_batch="sum")) == pytest.approx(2 * value(CrossEntropy()))
    summed = MeanSquaredError(over_batch="sum")
    assert value(summed) == pytest.approx(2 * value(MeanSquaredError()))


def test_a_mean_over_outputs_is_the_sum_by_their_number() -> None:
    assert value(CrossEntropy(over_outputs="mean")) == pytest.approx(value(CrossEntropy()) / 3)
    summed = MeanSquaredError(over_outputs="sum")
    assert value(summed) == pytest.approx(3 * value(MeanSquaredError()))


def test_mean_squared_error_is_the_mean_of_all_squares() -> None:
    assert value(MeanSquaredError()) == pytest.approx(np.mean((A - Y) ** 2))


def test_label_smoothing_spreads_its_share_over_all_classes() -> None:
    smoothed = CrossEntropy(label_smoothing=0.3).targets(Y)
    np.testing.assert_allclose(smoothed, [[0.1, 0.1, 0.8], [0.8, 0.1, 0.1]])


def test_epsilon_is_added_inside_the_logarithm() -> None:
    found = value(CrossEntropy(epsilon=1e-3), np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]))
    assert found == pytest.approx(-np.log(1e-3))


def test_clip_holds_probabilities_and_a_held_one_has_no_gradient() -> None:
    dA = np.empty((1, 2))
    found = CrossEntropy(clip=1e-10).value_and_gradient(
        np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]]), dA
    )
    assert found == pytest.approx(23.03, abs=0.01)
    assert dA[0, 0] == 0


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", [CrossEntropy(), CrossEntropy(epsilon=1e-7), MeanSquaredError()])
def test_a_probability_of_zero_gives_a_finite_value_and_gradient(loss: Any, dtype: str) -> None:
    dA = np.empty((1, 2), dtype)
    found = loss.value_and_gradient(np.array([[0, 1]], dtype), np.array([[1, 0]], dtype), dA)
    assert np.isfinite(found)
    assert np.isfinite(dA).all()


def test_cross_entropy_needs_softmax_outputs_and_says_so() -> None:
    for activation in ACTIVATIONS:
        problem = pair_problem(activation, CrossEntropy())
        assert (problem is None) == isinstance(activation, Softmax)
    assert "softmax" in str(pair_problem(ACTIVATIONS[0], CrossEntropy()))


def test_mean_squared_error_works_with_every_output() -> None:
    assert [pair_problem(one, MeanSquaredError()) for one in ACTIVATIONS] == [None] * 5


def test_every_loss_adds_up_over_outputs_and_batch_as_pytorch_does_by_default() -> None:
    over = [(cls().over_outputs, cls().over_batch) for cls in get_args(get_args(Loss)[0])]
    assert over == [("sum", "mean"), ("mean", "mean")]
