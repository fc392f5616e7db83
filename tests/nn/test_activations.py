from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnstudio.nn.activations import (
    Elu,
    Gelu,
    GeluTanh,
    HardSigmoid,
    Identity,
    LeakyRelu,
    Relu,
    Selu,
    Sigmoid,
    Silu,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)
from nnstudio.nn.activations.gaussian import lower_tail, lower_tails
from tests.nn.differences import Array, assert_gradient_where_smooth
from tests.nn.members import ACTIVATION_CLASSES, settings_of
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


@pytest.mark.parametrize("cls", ACTIVATION_CLASSES, ids=lambda one: one.__name__)
@settings(max_examples=40)
@given(data=st.data())
def test_the_gradient_is_that_of_the_function(cls: Any, data: st.DataObject) -> None:
    activation = data.draw(settings_of(cls))
    shape = data.draw(SHAPES)
    Z = data.draw(arrays(np.double, shape, elements=st.floats(-20, 20)))
    dA = data.draw(arrays(np.double, shape, elements=st.floats(-3, 3)))
    assert_gradient_where_smooth(
        backward(activation, dA, Z),
        lambda at: float(np.vdot(dA, forward(activation, at))),
        Z,
        scale=1.0 + float(np.abs(Z).sum() * np.abs(dA).max()),
    )


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_sums_of_ten_thousand_and_more_give_finite_values_and_gradients(
    activation: Any, dtype: str
) -> None:
    edges = [1e30, 1e8, 1e4, 1e3, 100, 20, 9, 3, 1, 1e-3, 1e-30, 0]
    Z = np.array([edges, [-edge for edge in edges], [-1e4] * len(edges)], dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        assert np.isfinite(forward(activation, Z)).all()
        assert np.isfinite(backward(activation, np.ones_like(Z), Z)).all()
        assert activation.saturated(Z).shape == Z.shape


FAR: dict[type, tuple[float, float, float, float]] = {
    # values at 1e4 and -1e4, derivatives there
    Identity: (1e4, -1e4, 1, 1),
    Sigmoid: (1, 0, 0, 0),
    HardSigmoid: (1, 0, 0, 0),
    Tanh: (1, -1, 0, 0),
    Relu: (1e4, 0, 1, 0),
    LeakyRelu: (1e4, -1e2, 1, 0.01),
    Elu: (1e4, -1, 1, 0),
    Selu: (1.0507009873554805e4, -1.7580993408473769, 1.0507009873554805, 0),
    Softplus: (1e4, 0, 1, 0),
    Softsign: (1e4 / 10_001, -1e4 / 10_001, 1 / 10_001**2, 1 / 10_001**2),
    Gelu: (1e4, 0, 1, 0),
    GeluTanh: (1e4, 0, 1, 0),
    Silu: (1e4, 0, 1, 0),
    Softmax: (0.5, 0.5, 0, 0),
}


@EACH
def test_far_out_value_and_gradient_are_the_limits(activation: Any) -> None:
    Z = np.array([[1e4], [-1e4]]) if not isinstance(activation, Softmax) else np.full((2, 2), 1e4)
    A, slope = forward(activation, Z)[:, 0], backward(activation, np.ones_like(Z), Z)[:, 0]
    expected = FAR[type(activation)]
    assert [*A, *slope] == pytest.approx(list(expected), rel=1e-14, abs=1e-23)


@pytest.mark.parametrize("cls", ACTIVATION_CLASSES, ids=lambda one: one.__name__)
@settings(max_examples=20)
@given(data=st.data())
def test_no_output_lies_outside_of_the_bounds_that_are_said(cls: Any, data: st.DataObject) -> None:
    activation = data.draw(settings_of(cls))
    Z = data.draw(arrays(np.double, SHAPES, elements=st.floats(-100, 100)))
    A = forward(activation, Z)
    assert A.min() >= activation.lowest - 1e-15
    assert A.max() <= activation.highest + 1e-15


@EACH
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_precision_is_kept(activation: Any, dtype: str) -> None:
    assert forward(activation, np.ones((2, 3), dtype)).dtype == dtype


@EACH
def test_both_precisions_agree_to_the_digits_of_the_smaller_one(activation: Any) -> None:
    Z = np.random.default_rng(0).normal(0, 6, (400, 3)).astype("float32")
    dA = np.ones_like(Z)
    dA[:, 1] = -2.0
    wide = Z.astype("float64")
    A, exact = forward(activation, Z), forward(activation, wide)
    np.testing.assert_allclose(A, exact, rtol=3e-6, atol=3e-7)
    slope = backward(activation, dA.astype("float64"), wide)
    np.testing.assert_allclose(backward(activation, dA, Z), slope, rtol=3e-6, atol=2e-6)


@EACH
def test_neither_the_sums_nor_the_outputs_are_changed(activation: Any) -> None:
    Z = np.random.default_rng(0).normal(size=(4, 3))
    kept, A = Z.copy(), forward(activation, Z)
    dA, outputs, dZ = np.ones_like(Z), A.copy(), np.empty_like(Z)
    activation.backward(dA, Z, A, dZ)
    activation.saturated(Z)
    assert (kept == Z).all()
    assert (outputs == A).all()
    assert (dA == 1).all()


@pytest.mark.parametrize(("dtype", "reach"), [("float32", 70), ("float64", 690)])
def test_sigmoid_is_exact_to_a_few_units_in_the_last_place_far_into_both_tails(
    dtype: str, reach: int
) -> None:
    z = np.linspace(-reach, reach, 281)
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
    Z = np.random.default_rng(0).uniform(-12, 12, (500, 2))
    saturated = activation.saturated(Z)
    steepest = np.empty(Z.shape)
    for unit in range(2):
        dA = np.zeros_like(Z)
        dA[:, unit] = 1.0
        steepest[:, unit] = np.abs(backward(activation, dA, Z)[:, unit])
    assert saturated.shape == Z.shape
    assert (steepest[saturated] < 0.028).all()
    # what dips below 0 is flat for a moment at its lowest point
    dips = {Gelu: -0.75, GeluTanh: -0.75, Silu: -1.28}
    dip = np.abs(Z - dips.get(type(activation), np.inf)) < 0.1
    assert (steepest[~saturated & ~dip] > 0.006).all()


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (LeakyRelu(slope=0.02), [False, False]),
        (LeakyRelu(slope=0.001), [True, False]),
        (Elu(alpha=0.001), [True, False]),
        (Elu(alpha=10.0), [False, False]),
    ],
)
def test_saturation_follows_slope_and_alpha(activation: Any, expected: list[bool]) -> None:
    assert activation.saturated(np.array([[-1.0, 1.0]]))[0].tolist() == expected


# gains


def mean_square(activation: Any) -> float:
    """The mean of f(z)² for a unit normal z, by Simpson's rule on both sides of every corner."""
    total = 0.0
    for low, high in ((-12, -3), (-3, 0), (0, 3), (3, 12)):
        z = np.linspace(low, high, 4_001)
        weights = np.full(z.size, 2.0)
        weights[1::2], weights[[0, -1]] = 4.0, 1.0
        density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
        values = forward(activation, z[:, None])[:, 0] ** 2 * density
        total += float(np.dot(weights, values)) * (z[1] - z[0]) / 3
    return total


PUBLISHED = {Identity: 1.0, Sigmoid: 1.0, Tanh: 5 / 3, Softmax: 1.0}


@pytest.mark.parametrize("cls", ACTIVATION_CLASSES, ids=lambda one: one.__name__)
@settings(max_examples=8)
@given(data=st.data())
def test_the_gain_is_the_published_one_or_keeps_the_mean_square(
    cls: Any, data: st.DataObject
) -> None:
    activation = data.draw(settings_of(cls))
    expected = PUBLISHED.get(cls) or mean_square(activation) ** -0.5
    assert activation.gain == pytest.approx(expected, rel=1e-10)


def test_the_gain_of_leaky_relu_is_that_of_pytorch() -> None:
    assert LeakyRelu(slope=0.2).gain == pytest.approx((2 / (1 + 0.2**2)) ** 0.5)


def test_selu_keeps_mean_and_spread_of_a_unit_normal() -> None:
    A = forward(Selu(), np.random.default_rng(0).normal(size=(200_000, 1)))
    assert A.mean() == pytest.approx(0.0, abs=0.01)
    assert A.std() == pytest.approx(1.0, abs=0.01)


# single members


def test_hard_sigmoid_has_the_slope_of_pytorch() -> None:
    found = forward(HardSigmoid(), np.array([[-3.0, -1.5, 0.0, 1.5, 3.0, 4.0]]))
    assert found[0].tolist() == [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]


def test_the_derivative_at_a_corner_is_that_of_pytorch() -> None:
    corner = np.zeros((1, 1))
    assert backward(LeakyRelu(slope=0.25), corner + 1, corner) == 0.25
    assert backward(Elu(alpha=0.5), corner + 1, corner) == 0.5
    assert backward(HardSigmoid(), corner + 1, corner + 3) == 0
    assert backward(HardSigmoid(), corner + 1, corner - 3) == 0


def test_elu_and_softplus_keep_their_digits_where_exponentials_are_tiny() -> None:
    z = np.array([[-1e-12, -30.0]])
    assert forward(Elu(), z)[0, 0] == pytest.approx(-1e-12, rel=1e-11)
    assert backward(Elu(), np.ones_like(z), z)[0, 1] == pytest.approx(np.exp(-30), rel=1e-13)
    assert forward(Softplus(), z)[0, 1] == pytest.approx(np.exp(-30), rel=1e-12)
    assert backward(Softplus(), np.ones_like(z), z)[0, 1] == pytest.approx(np.exp(-30), rel=1e-12)


def test_a_gelu_of_zero_and_of_the_smallest_numbers_has_slope_one_half() -> None:
    Z = np.array([[0.0, 5e-324, -1e-300]])
    for activation in (Gelu(), GeluTanh(), Silu()):
        assert backward(activation, np.ones_like(Z), Z)[0].tolist() == [0.5, 0.5, 0.5]


@pytest.mark.parametrize(("dtype", "most"), [("float64", 4e-16), ("float32", 1.5e-7)])
def test_the_normal_distribution_is_exact_to_rounding(dtype: str, most: float) -> None:
    z = np.linspace(-40, 40, 8001, dtype=dtype)[None]
    found = np.empty_like(z)
    lower_tails(z, found)
    exact = np.array([lower_tail(float(one)) for one in z[0]])
    assert np.abs(found[0] - exact).max() <= most
    seen = (z[0] > -10) & (z[0] < 0)
    assert np.abs(found[0][seen] / exact[seen] - 1).max() <= 50 * most
