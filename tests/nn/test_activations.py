from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnstudio.nn.activations import Identity, Relu, Sigmoid, Softmax, Tanh
from tests.nn.differences import Array, assert_gradient, numerical_gradient
from tests.nn.networks import ACTIVATIONS, DTYPES

EACH = pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda one: one.kind)
SHAPES = array_shapes(min_dims=2, max_dims=2, max_side=4)


def forward(activation: Any, Z: Array) -> Array:
    A = np.empty_like(Z)
    activation.forward(Z, A)
    return A


def backward(activation: Any, dA: Array, Z: Array) -> Array:
    dZ = np.empty_like(Z)
    activation.backward(dA, Z, forward(activation, Z), dZ)
    return dZ


@EACH
@given(data=st.data())
def test_the_gradient_is_that_of_the_function(activation: Any, data: st.DataObject) -> None:
    shape = data.draw(SHAPES)
    Z = data.draw(arrays(np.double, shape, elements=st.floats(-20, 20)))
    dA = data.draw(arrays(np.double, shape, elements=st.floats(-3, 3)))
    assume(not isinstance(activation, Relu) or np.abs(Z).min() > 1e-3)
    expected = numerical_gradient(lambda at: float(np.vdot(dA, forward(activation, at))), Z)
    scale = 1.0 + float(np.abs(Z).sum() * np.abs(dA).max())
    assert_gradient(backward(activation, dA, Z), expected, scale=scale)


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_sums_of_ten_thousand_give_finite_values_and_gradients(activation: Any, dtype: str) -> None:
    Z = np.array([[1e4, -1e4, 0, 1, -100], [-1e4, -1e4, -1e4, -1e4, -1e4]], dtype)
    assert np.isfinite(forward(activation, Z)).all()
    assert np.isfinite(backward(activation, np.ones_like(Z), Z)).all()


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_precision_is_kept(activation: Any, dtype: str) -> None:
    assert forward(activation, np.ones((2, 3), dtype)).dtype == dtype


@pytest.mark.parametrize("dtype", DTYPES)
def test_sigmoid_is_exact_to_a_few_units_in_the_last_place_far_into_both_tails(dtype: str) -> None:
    z = np.linspace(-70, 70, 281)
    found = forward(Sigmoid(), z[None].astype(dtype))[0]
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-z)), rtol=20 * float(np.finfo(dtype).eps))


def test_tanh_and_relu_and_identity_are_what_they_are_called() -> None:
    Z = np.array([[-2.0, 0.0, 0.5]])
    np.testing.assert_allclose(forward(Tanh(), Z), np.tanh(Z))
    assert forward(Relu(), Z).tolist() == [[0.0, 0.0, 0.5]]
    assert forward(Identity(), Z).tolist() == Z.tolist()


def test_the_derivative_of_relu_at_zero_is_zero() -> None:
    assert backward(Relu(), np.ones((1, 1)), np.zeros((1, 1))) == 0


def test_softmax_of_the_worked_example() -> None:
    P = forward(Softmax(), np.array([[1.0, 2.0, 5.0, 3.0]]))
    assert P[0].tolist() == pytest.approx([0.0152, 0.0414, 0.8310, 0.1125], abs=1e-4)


@given(Z=arrays(np.double, SHAPES, elements=st.floats(-1e4, 1e4)), shift=st.floats(-1e4, 1e4))
def test_softmax_adds_up_to_one_and_does_not_see_a_common_shift(Z: Array, shift: float) -> None:
    P = forward(Softmax(), Z)
    np.testing.assert_allclose(P.sum(axis=1), 1)
    np.testing.assert_allclose(forward(Softmax(), Z + shift), P, atol=1e-10)


@EACH
def test_where_it_is_saturated_the_derivative_is_small_and_elsewhere_it_is_not(
    activation: Any,
) -> None:
    Z = np.random.default_rng(0).uniform(-8, 8, (500, 2))
    saturated = activation.saturated(Z)
    steepest = np.empty(Z.shape)
    for unit in range(2):
        dA = np.zeros_like(Z)
        dA[:, unit] = 1.0
        steepest[:, unit] = backward(activation, dA, Z)[:, unit]
    assert saturated.shape == Z.shape
    assert (steepest[saturated] < 0.028).all()
    assert (steepest[~saturated] > 0.006).all()


@EACH
def test_the_gain_keeps_the_spread_of_normal_signals_within_a_factor(activation: Any) -> None:
    assert 1.0 <= activation.gain <= 5 / 3


def test_the_gain_of_relu_keeps_the_mean_square() -> None:
    Z = np.random.default_rng(0).normal(size=(100_000, 1)) * Relu().gain
    assert np.mean(forward(Relu(), Z) ** 2) == pytest.approx(1.0, rel=0.02)
