"""Gradients of the mistakes against the plain NumPy programs that people write."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import e, log
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.faults import fault_named, seams_of
from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.heads import Head, SoftmaxHead
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from nnstudio.nn.network import Network, NetworkSpec, build
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.penalties import L2
from nnstudio.seams import parts_of

Array = NDArray[Any]
B, D, H, C = 6, 4, 5, 3
CE, SQUARED, CLIP = CrossEntropy(), MeanSquaredError(), 0.2
ROW_WISE = seams_of((fault_named("row-wise-numerical-gradient"),))
BINARY = BinaryCrossEntropy(over_outputs="sum", clip=CLIP)


def sigmoid(Z: Array) -> Array:
    made: Array = 1 / (1 + np.exp(-Z))
    return made


def softmax(Z: Array) -> Array:
    made: Array = np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    return made


@dataclass
class Batch:
    """A batch and what a two-layer network makes of it, step by step as in a script."""

    X: Array
    Y: Array
    W: Array
    b: Array
    V: Array
    c: Array

    def __post_init__(self) -> None:
        self.Z1 = self.X @ self.W + self.b
        self.A1 = sigmoid(self.Z1)
        self.Z2 = self.A1 @ self.V + self.c
        self.slope = self.A1 * (1 - self.A1)

    def back(self, dZ2: Array, dZ1: Array | None = None) -> list[Array]:
        """The rest of backpropagation, from the error of the output layer."""
        if dZ1 is None:
            dZ1 = dZ2 @ self.V.T * self.slope
        return [self.X.T @ dZ1, dZ1.sum(axis=0), self.A1.T @ dZ2, dZ2.sum(axis=0)]


def built(spec: NetworkSpec, loss: Loss, *names: str, outputs: int = C) -> Network:
    """A network with mistakes, of drawn numbers."""
    parts = parts_of(spec, loss, seams=seams_of(tuple(fault_named(name) for name in names)))
    network = build(spec, inputs=D, outputs=outputs, loss=loss, dtype="float64", parts=parts)
    network.vector[:] = np.random.default_rng(3).normal(size=network.vector.size)
    return network


def drawn() -> tuple[Array, Array]:
    draw = np.random.default_rng(4)
    return draw.normal(size=(B, D)), np.eye(C)[draw.integers(0, C, B)]


def made(name: str, loss: Loss, output: Any = None) -> tuple[Network, Batch, list[Array], float]:
    """A network with the mistake, its batch, and the gradient and loss that it gives."""
    spec = NetworkSpec(
        layers=(HiddenLayer(units=H, activation=Sigmoid()),),
        output=OutputLayer(activation=output or Softmax()),
    )
    seams = seams_of((fault_named(name),))
    network = build(
        spec,
        inputs=D,
        outputs=C,
        loss=loss,
        dtype="float64",
        parts=parts_of(spec, loss, seams=seams),
    )
    draw = np.random.default_rng(3)
    network.vector[:] = draw.normal(size=network.vector.size)
    Y = np.eye(C)[draw.integers(0, C, B)]
    views = network.layout.views(network.vector)
    batch = Batch(draw.normal(size=(B, D)), Y, *views.values())
    told = seams.gradient(network, batch.X, batch.Y)
    return network, batch, list(network.layout.views(network.gradient).values()), told


def check(found: list[Array], expected: list[Array]) -> None:
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-13)


def test_softmax_over_the_batch() -> None:
    network, one, found, told = made("softmax-over-batch", CrossEntropy(over_batch="sum"))
    P = np.exp(one.Z2) / np.exp(one.Z2).sum()
    assert told == pytest.approx(-(one.Y * np.log(P)).sum())
    np.testing.assert_allclose(network.output, P)
    check(found, one.back(B * P - one.Y))
    # every answer of the batch equally likely is the best that there is
    assert told > B * log(B)


def test_softmax_twice() -> None:
    network, one, found, told = made("softmax-twice", CE)
    P = softmax(softmax(one.Z2))
    assert told == pytest.approx(-(one.Y * np.log(P)).sum() / B)
    np.testing.assert_allclose(network.output, P)
    inner = softmax(one.Z2)
    by_inner = (P - one.Y) / B
    check(found, one.back(inner * (by_inner - (by_inner * inner).sum(axis=1, keepdims=True))))


def test_the_loss_of_a_softmax_of_a_softmax_has_a_floor() -> None:
    spec = NetworkSpec(layers=())
    network = built(spec, CE, "softmax-twice", outputs=10)
    network.layout.views(network.vector)["layers.0.b"][0] = 100.0
    assert network.loss(np.zeros((1, D)), np.eye(10)[:1]) == pytest.approx(log(1 + 9 / e))


def test_outputs_minus_targets_whatever_the_loss() -> None:
    _, one, found, told = made("loss-of-another-gradient", SQUARED)
    P = softmax(one.Z2)
    assert told == pytest.approx(((P - one.Y) ** 2).mean())
    check(found, one.back((P - one.Y) / B))


def test_case_three_shows_binary_cross_entropy_of_softmax_outputs() -> None:
    _, one, found, told = made("loss-of-another-gradient", replace(BINARY, clip=0))
    P = softmax(one.Z2)
    shown = -(one.Y * np.log(P) + (1 - one.Y) * np.log(1 - P)).sum() / B
    assert told == pytest.approx(shown)
    check(found, one.back((P - one.Y) / B))


def test_targets_that_are_not_clipped() -> None:
    _, one, found, _ = made("targets-not-clipped", BINARY, Sigmoid())
    A = sigmoid(one.Z2)
    P = np.clip(A, CLIP, 1 - CLIP)
    assert not np.array_equal(A, P)
    check(found, one.back((P - one.Y) / (P * (1 - P)) / B * A * (1 - A)))


def test_a_gradient_that_is_summed() -> None:
    _, one, found, told = made("summed-gradient", CE)
    P = softmax(one.Z2)
    assert told == pytest.approx(-(one.Y * np.log(P)).sum() / B)
    check(found, one.back(P - one.Y))


def test_the_derivative_at_the_error() -> None:
    _, one, found, _ = made("derivative-at-error", SQUARED, Sigmoid())
    error2 = 2 * (sigmoid(one.Z2) - one.Y) / (B * C)
    dZ2 = sigmoid(error2) * (1 - sigmoid(error2))
    error1 = dZ2 @ one.V.T
    check(found, one.back(dZ2, sigmoid(error1) * (1 - sigmoid(error1))))


def test_no_derivative_of_the_activation() -> None:
    _, one, found, _ = made("activation-derivative-missing", SQUARED, Sigmoid())
    dZ2 = 2 * (sigmoid(one.Z2) - one.Y) / (B * C)
    check(found, one.back(dZ2, dZ2 @ one.V.T))


def test_softmax_keeps_its_own_error_where_the_derivative_is_missing() -> None:
    _, one, found, _ = made("activation-derivative-missing", CE)
    dZ2 = (softmax(one.Z2) - one.Y) / B
    check(found, one.back(dZ2, dZ2 @ one.V.T))


def before_activation(one: Batch, dZ2: Array, dA2: Array) -> list[Array]:
    right = one.back(dZ2)
    return [right[0], (dZ2 @ one.V.T).sum(axis=0), right[2], dA2.sum(axis=0)]


def test_the_bias_gradient_before_the_activation() -> None:
    _, one, found, _ = made("bias-gradient-before-activation", SQUARED, Sigmoid())
    A = sigmoid(one.Z2)
    dA2 = 2 * (A - one.Y) / (B * C)
    check(found, before_activation(one, dA2 * A * (1 - A), dA2))


def test_the_bias_gradient_over_the_wrong_axis() -> None:
    _, one, found, _ = made("bias-gradient-wrong-axis", CE)
    dZ2 = (softmax(one.Z2) - one.Y) / B
    dZ1 = dZ2 @ one.V.T * one.slope
    right = one.back(dZ2)
    check(found, [right[0], dZ1.sum(axis=1)[:H], right[2], dZ2.sum(axis=1)[:C]])


def test_the_bias_gradient_of_one_sample() -> None:
    _, one, found, _ = made("bias-gradient-of-one-sample", CE)
    dZ2 = (softmax(one.Z2) - one.Y) / B
    right = one.back(dZ2)
    check(found, [right[0], (dZ2 @ one.V.T * one.slope)[0], right[2], dZ2[0]])


def test_gradients_divided_by_the_inputs() -> None:
    _, one, found, _ = made("divided-by-inputs", CE)
    dW, db, dV, dc = one.back(softmax(one.Z2) - one.Y)
    check(found, [dW / D, db / D, dV / H, dc / H])


def test_the_sign() -> None:
    _, one, found, _ = made("gradient-sign", CE)
    check(found, one.back((one.Y - softmax(one.Z2)) / B))


def test_the_error_through_weights_untransposed() -> None:
    spec = NetworkSpec(layers=(HiddenLayer(units=C, activation=Sigmoid()),))
    network = built(spec, CE, "transposed-error")
    one = Batch(*drawn(), *network.layout.views(network.vector).values())
    network.loss_and_gradient(one.X, one.Y)
    dZ2 = (softmax(one.Z2) - one.Y) / B
    check(
        list(network.layout.views(network.gradient).values()),
        one.back(dZ2, dZ2 @ one.V * one.slope),
    )


def numerical_gradient(loss: Callable[[], float], x: Array) -> Array:
    """What case 1 does: a row of a matrix is a view, so what was saved moves as well."""
    h = 1e-4
    gradient = np.zeros_like(x)
    for at in range(x.shape[0]):
        saved = x[at]
        x[at] = saved + h
        above = loss()
        x[at] = saved - h
        below = loss()
        gradient[at] = (above - below) / (2 * h)
        x[at] = saved
    return gradient


@pytest.mark.parametrize("outputs", ["softmax", "softmax over the batch"])
@pytest.mark.parametrize(
    "more", [{}, {"penalty": L2(l2=0.01)}, {"normalization": BatchNorm()}], ids=str
)
def test_the_row_wise_numerical_gradient_is_that_of_the_program(
    outputs: str, more: dict[str, Any]
) -> None:
    loss = CrossEntropy(over_batch="sum", epsilon=1e-7)
    spec = NetworkSpec(layers=(HiddenLayer(units=H, activation=Sigmoid(), **more),))
    faults = [fault_named("row-wise-numerical-gradient")]
    if outputs != "softmax":
        faults.append(fault_named("softmax-over-batch"))
    seams = seams_of(tuple(faults))
    network = build(
        spec,
        inputs=D,
        outputs=C,
        loss=loss,
        dtype="float64",
        parts=parts_of(spec, loss, seams=seams),
    )
    draw = np.random.default_rng(3)
    network.vector[:] = draw.normal(size=network.vector.size)
    X, Y = draw.normal(size=(B, D)), np.eye(C)[draw.integers(0, C, B)]
    X[:, 1] = 0.0
    expected = [
        numerical_gradient(lambda: network.training_loss(X, Y), view)
        for view in network.layout.views(network.parameters).values()
    ]
    told = ROW_WISE.gradient(network, X, Y)
    assert told == network.training_loss(X, Y)
    for found, other in zip(network.layout.views(network.gradient).values(), expected, strict=True):
        np.testing.assert_allclose(found, other, atol=1e-8)


def test_rows_moved_as_a_whole_are_seen_by_no_softmax_of_a_sample() -> None:
    spec = NetworkSpec(layers=(HiddenLayer(units=H, activation=Sigmoid()),))
    network = built(spec, CE)
    X, Y = drawn()
    network.loss_and_gradient(X, Y)
    true = network.layout.views(network.gradient)["layers.1.W"].copy()
    ROW_WISE.gradient(network, X, Y)
    assert np.abs(network.layout.views(network.gradient)["layers.1.W"]).max() < 1e-10
    assert np.abs(true).max() > 0.01


def test_a_network_without_mistakes_has_the_fused_head_and_one_with_them_has_not() -> None:
    spec = NetworkSpec()
    heads = []
    for seams in (seams_of(()), seams_of((fault_named("summed-gradient"),))):
        parts = parts_of(spec, CE, seams=seams)
        heads.append(type(build(spec, inputs=D, outputs=C, loss=CE, dtype="f8", parts=parts).head))
    assert heads == [SoftmaxHead, Head]
