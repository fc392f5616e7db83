from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.heads import DivergenceHead, Head, SigmoidHead, SoftmaxHead
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, KullbackLeibler, MeanSquaredError
from nnstudio.nn.network import Network
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.parts import Parts
from tests.nn.networks import batch, network


def fused(made: Network) -> bool:
    return type(made.head) is not Head


def test_what_is_more_exact_in_one_is_fused_while_nothing_is_replaced() -> None:
    fusions = [
        (Softmax(), CrossEntropy(), SoftmaxHead),
        (Softmax(), CrossEntropy(label_smoothing=0.1), SoftmaxHead),
        (Softmax(), CrossEntropy(normalized=True), SoftmaxHead),
        (Softmax(), CrossEntropy(epsilon=1e-7), Head),
        (Softmax(), CrossEntropy(clip=1e-7), Head),
        (Softmax(), KullbackLeibler(), DivergenceHead),
        (Softmax(), BinaryCrossEntropy(), Head),
        (Softmax(), MeanSquaredError(), Head),
        (Sigmoid(), BinaryCrossEntropy(), SigmoidHead),
        (Sigmoid(), BinaryCrossEntropy(label_smoothing=0.1), SigmoidHead),
        (Sigmoid(), BinaryCrossEntropy(epsilon=1e-7), Head),
        (Sigmoid(), BinaryCrossEntropy(clip=1e-7), Head),
        (Sigmoid(), CrossEntropy(normalized=True), Head),
        (Sigmoid(), MeanSquaredError(), Head),
    ]
    for output, loss, kind in fusions:
        assert type(network(5, output=output, loss=loss).head) is kind, (output, loss)


FUSED = [
    (Softmax(), CrossEntropy()),
    (Softmax(), KullbackLeibler()),
    (Sigmoid(), BinaryCrossEntropy()),
]


@pytest.mark.parametrize(("output", "loss"), FUSED, ids=lambda one: one.kind)
@pytest.mark.parametrize("seam", ["activation", "activation_gradient", "bias_gradient"])
def test_a_seam_of_the_output_layer_that_is_replaced_is_called(
    seam: str, output: Any, loss: Any
) -> None:
    called = []
    plain = network(5, output=output, loss=loss)
    true = getattr(plain.parts.layers[-1], seam)

    def replaced(*arguments: Matrix) -> None:
        called.append(seam)
        true(*arguments)

    last = replace(plain.parts.layers[-1], **{seam: replaced})
    parts = replace(plain.parts, layers=(plain.parts.layers[0], last))
    made = network(5, output=output, loss=loss, parts=parts)
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


def test_softmax_with_mean_squared_error_has_the_whole_jacobian() -> None:
    made = network(loss=MeanSquaredError(over_outputs="sum", over_batch="sum"), output=Softmax())
    X, Y = batch(made, 1)
    made.loss_and_gradient(X, Y)
    P = made.output[0]
    jacobian = np.diag(P) - np.outer(P, P)
    np.testing.assert_allclose(made.head.dZ[0], jacobian @ (2 * (P - Y[0])), atol=1e-15)
