from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.losses import CrossEntropy, MeanSquaredError
from nnstudio.nn.network import Network
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.parts import FusedHead, Head, Parts
from tests.nn.networks import DTYPES, batch, network


def fused(made: Network) -> bool:
    return isinstance(made._head, FusedHead)


def unfused(*units: int, loss: CrossEntropy, dtype: str = "float64") -> Network:
    """A network whose loss is the true one in a wrapper, so that it counts as replaced."""
    plain = network(*units, loss=loss, dtype=dtype)

    def wrapped(A: Matrix, Y: Matrix, dA: Matrix) -> float:
        return loss.value_and_gradient(A, Y, dA)

    parts = replace(plain.parts, loss=wrapped)
    return network(*units, loss=loss, dtype=dtype, parts=parts)


@given(
    smoothing=st.sampled_from([0.0, 0.2]),
    over=st.tuples(*[st.sampled_from(["sum", "mean"])] * 2),
    B=st.integers(1, 6),
    one_hot=st.booleans(),
)
def test_the_fused_head_gives_what_its_pieces_give(
    smoothing: float, over: tuple[Any, Any], B: int, *, one_hot: bool
) -> None:
    loss = CrossEntropy(label_smoothing=smoothing, over_outputs=over[0], over_batch=over[1])
    one, other = network(5, loss=loss), unfused(5, loss=loss)
    X, Y = batch(one, B)
    if not one_hot:
        Y = np.random.default_rng(B).uniform(0, 1, Y.shape)
    assert one.loss_and_gradient(X, Y) == pytest.approx(other.loss_and_gradient(X, Y), rel=1e-12)
    np.testing.assert_allclose(one.gradient, other.gradient, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(one.output, other.output, rtol=1e-12)


def test_softmax_and_cross_entropy_are_fused_while_nothing_is_replaced() -> None:
    assert fused(network(5))
    assert fused(network(5, loss=CrossEntropy(label_smoothing=0.1)))
    assert not fused(network(5, loss=CrossEntropy(epsilon=1e-7)))
    assert not fused(network(5, loss=CrossEntropy(clip=1e-7)))
    assert not fused(network(5, loss=MeanSquaredError()))
    assert not fused(network(5, loss=MeanSquaredError(), output=Sigmoid()))


@pytest.mark.parametrize("seam", ["activation", "activation_gradient", "bias_gradient"])
def test_a_seam_of_the_output_layer_that_is_replaced_is_called(seam: str) -> None:
    called = []
    plain = network(5)
    true = getattr(plain.parts.layers[-1], seam)

    def replaced(*arguments: Matrix) -> None:
        called.append(seam)
        true(*arguments)

    last = replace(plain.parts.layers[-1], **{seam: replaced})
    made = network(5, parts=replace(plain.parts, layers=(plain.parts.layers[0], last)))
    X, Y = batch(made)
    made.loss_and_gradient(X, Y)
    plain.loss_and_gradient(X, Y)
    assert called == [seam]
    assert not fused(made)
    np.testing.assert_allclose(made.gradient, plain.gradient, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("seam", ["weight_gradient", "input_gradient"])
def test_a_gradient_of_the_weights_or_inputs_is_replaced_without_undoing_the_fusion(
    seam: str,
) -> None:
    plain = network(5)
    last = replace(plain.parts.layers[-1], **{seam: lambda *arguments: arguments[-1].fill(7.0)})
    made = network(5, parts=replace(plain.parts, layers=(plain.parts.layers[0], last)))
    made.loss_and_gradient(*batch(made))
    assert fused(made)
    if seam == "weight_gradient":
        assert set(made.layout.views(made.gradient)["layers.1.W"].flat) == {7.0}


def test_the_bias_is_handed_the_derivative_by_the_outputs_of_its_row() -> None:
    seen = []
    plain = network(5, loss=MeanSquaredError())
    layers = tuple(
        replace(one, bias_gradient=lambda X, dA, dZ, out: seen.append((dA.copy(), dZ.copy())))
        for one in plain.parts.layers
    )
    made = network(5, loss=MeanSquaredError(), parts=replace(plain.parts, layers=layers))
    X, Y = batch(made)
    made.loss_and_gradient(X, Y)
    (dA, dZ), (hidden_dA, hidden_dZ) = seen
    A = made.output
    np.testing.assert_allclose(dA, 2 * (A - Y) / Y.size)
    np.testing.assert_allclose(dZ, A * (dA - (dA * A).sum(axis=1, keepdims=True)))
    assert dA.shape == Y.shape
    assert hidden_dA.shape == hidden_dZ.shape == (5, 5)
    assert not np.allclose(hidden_dA, hidden_dZ)


def test_true_parts_compare_equal_so_that_a_replacement_is_seen() -> None:
    made = network(5)
    assert made.parts == Parts.of(made.spec.rows, made.loss_spec)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", [FusedHead, Head])
def test_logits_of_ten_thousand_give_finite_values_and_gradients(kind: type, dtype: str) -> None:
    loss = CrossEntropy()
    made = network(loss=loss, dtype=dtype) if kind is FusedHead else unfused(loss=loss, dtype=dtype)
    assert type(made._head) is kind
    Z = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [0.0, 0.0, -1e4]], dtype)
    Y = np.eye(3, dtype=dtype)[[1, 0, 2]]
    value = made._head
    value.reserve(3)
    value.resize(3)
    shown = value.loss_and_gradient(Z, Y)
    assert np.isfinite(shown)
    assert np.isfinite(value.dZ).all()
    np.testing.assert_allclose(value.A.sum(axis=1), 1, rtol=1e-6)
    if kind is FusedHead:
        assert shown == pytest.approx((2e4 + (2e4 + np.log(2)) + (1e4 + np.log(2))) / 3)
        np.testing.assert_allclose(3 * value.dZ[0], [1, -1, 0], atol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_tiny_loss_keeps_its_digits(dtype: str) -> None:
    made = network(dtype=dtype)
    made._head.reserve(1)
    made._head.resize(1)
    Z, Y = np.array([[1000.0, 990.0, 985.0]], dtype), np.array([[1, 0, 0]], dtype)
    expected = np.log1p(np.exp(-10.0) + np.exp(-15.0))
    assert made._head.loss_and_gradient(Z, Y) == pytest.approx(expected, rel=1e-2)


def test_softmax_with_mean_squared_error_has_the_whole_jacobian() -> None:
    made = network(loss=MeanSquaredError(over_outputs="sum", over_batch="sum"), output=Softmax())
    X, Y = batch(made, 1)
    made.loss_and_gradient(X, Y)
    P = made.output[0]
    jacobian = np.diag(P) - np.outer(P, P)
    np.testing.assert_allclose(made._head.dZ[0], jacobian @ (2 * (P - Y[0])), atol=1e-15)
