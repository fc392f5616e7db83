"""Facts of layers against closed forms and the plainest recomputation."""

from math import sqrt
from typing import Any

import numpy as np
import pytest

from nnstudio.doctor.evidence.layers import (
    Pass,
    Vectors,
    advised_spread,
    layer_facts,
    passes,
    slopes_of,
    steepest_of,
    twins_of,
)
from nnstudio.nn.activations import (
    Activation,
    Elu,
    HardSigmoid,
    Identity,
    LeakyRelu,
    Relu,
    Selu,
    Sigmoid,
    Softmax,
    Softplus,
    Softsign,
    Tanh,
)
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.nn.normalization import BatchNorm, LayerNorm
from nnstudio.nn.penalties import L2


def one_layer(activation: Activation, **settings: Any) -> NetworkSpec:
    hidden = HiddenLayer(units=2, activation=activation, **settings)
    return NetworkSpec(layers=(hidden,), output=OutputLayer(activation=Identity()))


def facts_of(
    spec: NetworkSpec, vector: np.ndarray, X: np.ndarray, **vectors: np.ndarray
) -> tuple[Any, ...]:
    layout = layout_of(spec, inputs=X.shape[1], outputs=1)
    seen = passes(spec, layout, vector, X)
    zeros = np.zeros(layout.parameters)
    given = Vectors(before=vector, **{"gradient": zeros, **vectors})
    lit = tuple((one.inputs != 0).any(axis=0) for one in seen)
    return layer_facts(spec, layout, given, probe=seen, lit=lit)


# two inputs, two hidden units, one output
VECTOR = np.array([1.0, -1.0, 2.0, 0.5, 0.5, -3.0, 1.0, 4.0, 0.25])
X = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])


def test_sums_and_outputs_are_those_of_the_textbook() -> None:
    first, last = facts_of(one_layer(Relu()), VECTOR, X)
    Z = np.array([[1.5, -4.0], [2.5, -2.5], [6.5, -4.0]])
    A = np.maximum(Z, 0)
    assert first.sums_mean == pytest.approx(Z.mean())
    assert first.sums_spread == pytest.approx(Z.std())
    assert first.outputs_mean == pytest.approx(A.mean())
    assert first.outputs_spread == pytest.approx(A.std())
    assert last.sums_mean == pytest.approx((A[:, 0] + 0.25).mean())
    assert (first.fan_in, first.units, first.activation, first.number) == (2, 2, "relu", 0)
    assert (last.fan_in, last.units, last.activation, last.number) == (2, 1, "identity", 1)


def test_a_unit_that_is_off_for_every_sample_is_dead_and_its_followers_see_one_lit_input() -> None:
    first, last = facts_of(one_layer(Relu()), VECTOR, X)
    assert (first.dead, first.off, first.slope) == (0.5, 0.5, 0.5)
    assert first.saturated is None
    assert (first.lit, last.lit) == (1.0, 0.5)


def test_units_without_slope_are_dead_though_their_output_is_not_0() -> None:
    far = VECTOR.copy()
    far[4] = 60.0
    first, _ = facts_of(one_layer(Sigmoid()), far, X)
    assert (first.dead, first.off) == (0.5, 0.0)


def test_the_slope_is_a_share_of_the_steepest() -> None:
    first, _ = facts_of(one_layer(Sigmoid()), VECTOR, X)
    Z = np.array([[1.5, -4.0], [2.5, -2.5], [6.5, -4.0]])
    A = 1 / (1 + np.exp(-Z))
    assert first.slope == pytest.approx((4 * A * (1 - A)).mean(), rel=1e-12)
    assert first.saturated == pytest.approx((4 * A * (1 - A) < 0.05).mean())


@pytest.mark.parametrize(
    ("activation", "steepest"),
    [
        (Identity(), 1.0),
        (Sigmoid(), 0.25),
        (HardSigmoid(), 1 / 6),
        (Tanh(), 1.0),
        (Softsign(), 1.0),
        (Relu(), 1.0),
        (LeakyRelu(), 1.0),
        (Elu(), 1.0),
        (Selu(), 1.7580993408473768),
        (Softplus(), 1.0),
    ],
)
def test_the_steepest_slope_of_each_activation(activation: Activation, steepest: float) -> None:
    assert steepest_of(activation) == pytest.approx(steepest, rel=1e-6)


def test_softmax_has_no_slope_of_its_own() -> None:
    Z = np.zeros((2, 3))
    assert slopes_of(Softmax(), Z, Z) is None
    assert steepest_of(Softmax()) == 1.0


@pytest.mark.parametrize("step", [1, 2, 7])
def test_twins_are_found_wherever_they_stand(step: int) -> None:
    W = np.random.default_rng(1).normal(size=(5, 9))
    b = np.arange(9.0)
    assert twins_of(W, b) == 0.0
    W[:, step], b[step] = W[:, 0] + 1e-9, b[0]
    assert twins_of(W, b) == pytest.approx(2 / 9)
    b[step] += 1e-6
    assert twins_of(W, b) == 0.0
    assert twins_of(W, None) == pytest.approx(2 / 9)


def test_all_units_of_a_constant_layer_are_twins_and_a_single_unit_has_none() -> None:
    assert twins_of(np.zeros((3, 4)), np.zeros(4)) == 1.0
    assert twins_of(np.zeros((3, 1)), None) == 0.0


def test_the_advised_spread_is_that_of_the_publications() -> None:
    assert advised_spread(Relu(), 50, 10) == sqrt(2 / 50)
    assert advised_spread(Selu(), 50, 10) == sqrt(1 / 50)
    assert advised_spread(Tanh(), 50, 10) == sqrt(2 / 60)


def test_weights_updates_and_gradients_are_counted_over_lit_inputs() -> None:
    spec, layout = one_layer(Tanh()), layout_of(one_layer(Tanh()), inputs=2, outputs=1)
    unlit = X * np.array([1.0, 0.0])
    after, start = VECTOR.copy(), VECTOR.copy()
    after[:2] += (0.1, 0.3)
    start[:2] += (3.0, 4.0)
    gradient = np.zeros(layout.parameters)
    gradient[0] = 3.0
    first, _ = facts_of(spec, VECTOR, unlit, after=after, start=start, gradient=gradient)
    assert first.lit == 0.5
    assert first.update_ratio == pytest.approx(0.2)
    assert first.change == pytest.approx(5 / np.linalg.norm(start[:4]))
    assert first.zero_gradients == 0.5
    assert first.gradient_norm == 3.0
    assert first.weights_sum == 4.5
    assert first.weights_norm == pytest.approx(np.linalg.norm(VECTOR[:4]))
    assert (first.bias_mean, first.bias_spread) == (-1.25, 1.75)


def test_what_is_not_known_of_a_step_is_none() -> None:
    first, _ = facts_of(one_layer(Tanh(), bias=False), VECTOR[:7], X)
    assert (first.update_ratio, first.change, first.penalty_ratio) == (None, None, None)
    assert (first.bias_mean, first.bias_spread) == (None, None)


def test_a_layer_of_zeros_has_no_ratio() -> None:
    zeros = np.zeros(9)
    first, _ = facts_of(one_layer(Tanh()), zeros, X, after=VECTOR, start=zeros)
    assert (first.update_ratio, first.change) == (None, None)


def test_a_penalty_is_measured_against_the_gradient_of_the_data() -> None:
    spec = one_layer(Tanh(), penalty=L2(l2=0.5))
    # 2 · 0.5 W is the penalty's part; the data want (3, 4, 0, 0)
    stated = np.zeros(9)
    stated[:4] = VECTOR[:4] + np.array([3.0, 4.0, 0.0, 0.0])
    first, last = facts_of(spec, VECTOR, X, stated=stated)
    assert first.penalty_ratio == pytest.approx(np.linalg.norm(VECTOR[:4]) / 5)
    assert last.penalty_ratio is None


@pytest.mark.parametrize(("normalization", "axis"), [(BatchNorm(), 0), (LayerNorm(), 1)])
def test_activations_of_a_normalized_layer_get_normalized_sums(
    normalization: BatchNorm | LayerNorm, axis: int
) -> None:
    spec = one_layer(Tanh(), normalization=normalization)
    layout = layout_of(spec, inputs=2, outputs=1)
    vector = np.zeros(layout.size)
    views = layout.views(vector)
    views["layers.0.W"][...] = VECTOR[:4].reshape(2, 2)
    views["layers.0.gamma"][...], views["layers.0.beta"][...] = 2.0, 0.5
    found: Pass = passes(spec, layout, vector, X)[0]
    Z = X @ VECTOR[:4].reshape(2, 2)
    mean, variance = Z.mean(axis=axis, keepdims=True), Z.var(axis=axis, keepdims=True)
    expected = 2 * (Z - mean) / np.sqrt(variance + normalization.epsilon) + 0.5
    np.testing.assert_allclose(found.sums, expected, rtol=1e-12)
    np.testing.assert_allclose(found.outputs, np.tanh(expected), rtol=1e-12)
