from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.heads import DivergenceHead, Head, SigmoidHead, SoftmaxHead
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, KullbackLeibler, pair_problem
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.parts import Parts, head_of
from tests.nn.differences import Array, assert_gradient_where_smooth
from tests.nn.members import ACTIVATION_CLASSES, LOSS_CLASSES, settings_of
from tests.nn.memory import most_allocated
from tests.nn.networks import DTYPES

FUSED = [
    (Softmax(), CrossEntropy, SoftmaxHead),
    (Softmax(), KullbackLeibler, DivergenceHead),
    (Sigmoid(), BinaryCrossEntropy, SigmoidHead),
]
EACH_FUSED = pytest.mark.parametrize(
    ("output", "cls", "kind"), FUSED, ids=[kind.__name__ for _, _, kind in FUSED]
)
ALLOWED = [
    (activation, loss)
    for activation in ACTIVATION_CLASSES
    for loss in LOSS_CLASSES
    if pair_problem(activation(), CrossEntropy(normalized=True) if loss is CrossEntropy else loss())
    is None
]
OVER = st.fixed_dictionaries(
    {name: st.sampled_from(["sum", "mean"]) for name in ("over_outputs", "over_batch")}
)


def head(output: Any, loss: Any, Z: Array, *, fused: bool = True) -> Head:
    """The head for sums like `Z`; not `fused`, because its loss counts as replaced, or as ever."""
    row = OutputLayer(activation=output)
    parts = Parts.of((row,), loss)
    if not fused:

        def wrapped(A: Matrix, Y: Matrix, dA: Matrix) -> float:
            return float(loss.value_and_gradient(A, Y, dA))

        parts = replace(parts, loss=wrapped)
    made = head_of(row, loss, parts, C=Z.shape[1], dtype=Z.dtype)
    made.reserve(len(Z))
    made.resize(len(Z))
    return made


@pytest.mark.parametrize(
    ("activation_cls", "loss_cls"), ALLOWED, ids=[f"{a.__name__}-{b.__name__}" for a, b in ALLOWED]
)
@settings(max_examples=15)
@given(data=st.data())
def test_the_gradient_of_every_allowed_pair_is_that_of_its_value(
    activation_cls: Any, loss_cls: Any, data: st.DataObject
) -> None:
    activation = data.draw(settings_of(activation_cls))
    loss = data.draw(settings_of(loss_cls).filter(lambda one: not pair_problem(activation, one)))
    shape = data.draw(array_shapes(min_dims=2, max_dims=2, max_side=4))
    # every kind of output, none so far out that the loss hangs on the last digits
    Z = data.draw(arrays(np.double, shape, elements=st.floats(-2.5, 4)))
    Y = data.draw(arrays(np.double, shape, elements=st.floats(0, 1)))
    made = head(activation, loss, Z)
    shown = made.loss_and_gradient(Z, Y)
    applied = made.dZ.copy()
    assert_gradient_where_smooth(
        applied, lambda at: made.loss_and_gradient(at, Y), Z, scale=1 + 10 * abs(shown)
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("activation_cls", "loss_cls"), ALLOWED, ids=[f"{a.__name__}-{b.__name__}" for a, b in ALLOWED]
)
def test_every_allowed_pair_is_finite_for_sums_of_ten_thousand(
    activation_cls: Any, loss_cls: Any, dtype: str
) -> None:
    Z = np.array([[1e4, -1e4, 0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4], [-90, 90, -700]], dtype)
    Y = np.eye(3, dtype=dtype)[[1, 0, 2, 0]]
    for loss in (loss_cls(), *([CrossEntropy(normalized=True)] * (loss_cls is CrossEntropy))):
        if pair_problem(activation_cls(), loss) is None:
            made = head(activation_cls(), loss, Z)
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                assert np.isfinite(made.loss_and_gradient(Z, Y))
            assert np.isfinite(made.dZ).all()


@EACH_FUSED
@settings(max_examples=40)
@given(data=st.data(), over=OVER)
def test_a_fused_head_gives_what_its_pieces_give(
    output: Any, cls: Any, kind: type, data: st.DataObject, over: dict[str, Any]
) -> None:
    smoothing = data.draw(st.sampled_from([0.0, 0.2]))
    loss = cls(**over, **({} if cls is KullbackLeibler else {"label_smoothing": smoothing}))
    shape = data.draw(array_shapes(min_dims=2, max_dims=2, max_side=6))
    Z = data.draw(arrays(np.double, shape, elements=st.floats(-5, 5)))
    Y = data.draw(arrays(np.double, shape, elements=st.floats(0, 1)))
    one, other = head(output, loss, Z), head(output, loss, Z, fused=False)
    assert (type(one), type(other)) == (kind, Head)
    value = one.loss_and_gradient(Z, Y)
    assert value == pytest.approx(other.loss_and_gradient(Z, Y), rel=1e-12, abs=1e-13 * Z.size)
    np.testing.assert_allclose(one.dZ, other.dZ, rtol=1e-12, atol=1e-14 * np.size(Z))
    np.testing.assert_allclose(one.A, other.A, rtol=1e-12)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("fused", [True, False])
@EACH_FUSED
def test_sums_of_ten_thousand_give_finite_values_and_gradients(
    output: Any, cls: Any, kind: type, dtype: str, *, fused: bool
) -> None:
    Z = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [0.0, 0.0, -1e4]], dtype)
    Y = np.eye(3, dtype=dtype)[[1, 0, 2]]
    made = head(output, cls(), Z, fused=fused)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        shown = made.loss_and_gradient(Z, Y)
    assert type(made) is (kind if fused else Head)
    assert np.isfinite(shown)
    assert np.isfinite(made.dZ).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", [CrossEntropy(), KullbackLeibler()], ids=lambda one: one.kind)
def test_a_fused_softmax_is_exact_where_probabilities_are_too_small_for_a_number(
    loss: Any, dtype: str
) -> None:
    Z = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [0.0, 0.0, -1e4]], dtype)
    made = head(Softmax(), loss, Z)
    shown = made.loss_and_gradient(Z, np.eye(3, dtype=dtype)[[1, 0, 2]])
    assert shown == pytest.approx((2e4 + (2e4 + np.log(2)) + (1e4 + np.log(2))) / 3)
    np.testing.assert_allclose(3 * made.dZ[0], [1, -1, 0], atol=1e-6)
    np.testing.assert_allclose(made.A.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_fused_sigmoid_is_exact_where_probabilities_are_too_small_for_a_number(
    dtype: str,
) -> None:
    Z = np.array([[1e4, -1e4], [-1e4, 1e4], [-30.0, 30.0]], dtype)
    Y = np.array([[0, 1], [0, 1], [0, 1]], dtype)
    made = head(Sigmoid(), BinaryCrossEntropy(over_outputs="sum", over_batch="sum"), Z)
    assert made.loss_and_gradient(Z[:, :], Y) == pytest.approx(2e4, rel=1e-6)
    np.testing.assert_allclose(made.dZ, [[1, -1], [0, 0], [0, 0]], atol=1e-7)
    alone = head(Sigmoid(), BinaryCrossEntropy(over_outputs="sum"), Z[2:])
    shown = alone.loss_and_gradient(Z[2:], Y[2:])
    assert shown == pytest.approx(2 * np.log1p(np.exp(-30.0)), rel=1e-6)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_tiny_loss_keeps_its_digits(dtype: str) -> None:
    Z, Y = np.array([[1000.0, 990.0, 985.0]], dtype), np.array([[1, 0, 0]], dtype)
    expected = np.log1p(np.exp(-10.0) + np.exp(-15.0))
    made = head(Softmax(), CrossEntropy(), Z)
    assert made.loss_and_gradient(Z, Y) == pytest.approx(expected, rel=1e-2)


@EACH_FUSED
def test_a_fused_head_works_on_batches_of_other_sizes(output: Any, cls: Any, kind: type) -> None:
    Z = np.random.default_rng(0).normal(size=(4, 3))
    Y = np.eye(3)[[0, 1, 2, 1]]
    made = head(output, cls(over_batch="sum"), Z)
    whole = made.loss_and_gradient(Z, Y)
    parts = 0.0
    for rows in (slice(0, 3), slice(3, 4)):
        made.resize(len(Z[rows]))
        parts += made.loss_and_gradient(Z[rows], Y[rows])
        assert made.dZ.shape == Z[rows].shape
    assert isinstance(made, kind)
    assert whole == pytest.approx(parts, rel=1e-13)


@pytest.mark.parametrize(
    ("output", "loss"),
    [
        (Softmax(), CrossEntropy()),
        (Softmax(), CrossEntropy(label_smoothing=0.1)),
        (Sigmoid(), BinaryCrossEntropy(label_smoothing=0.1)),
    ],
)
def test_a_fused_head_allocates_nothing_to_speak_of(output: Any, loss: Any) -> None:
    # large beside the buffers that NumPy broadcasts with
    Z = np.random.default_rng(0).normal(size=(400, 1000))
    Y = np.eye(1000)[:400]
    made = head(output, loss, Z)
    made.loss_and_gradient(Z, Y)
    assert most_allocated(made.loss_and_gradient, Z, Y) < Z.nbytes / 10
