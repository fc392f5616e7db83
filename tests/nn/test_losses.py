from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from nnstudio.nn.activations import LeakyRelu
from nnstudio.nn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    KullbackLeibler,
    MeanAbsoluteError,
    MeanSquaredError,
    pair_problem,
)
from nnstudio.spec import kind_of, title_of
from tests.nn.differences import Array, assert_gradient_where_smooth
from tests.nn.members import ACTIVATION_CLASSES, LOSS_CLASSES, settings_of
from tests.nn.networks import DTYPES

A = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]])
Y = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])


def value(loss: Any, outputs: Array = A, targets: Array = Y) -> float:
    return float(loss.value_and_gradient(outputs, targets, np.empty_like(outputs)))


@pytest.mark.parametrize("cls", LOSS_CLASSES, ids=lambda one: one.__name__)
@settings(max_examples=60)
@given(data=st.data())
def test_the_gradient_is_that_of_the_value(cls: Any, data: st.DataObject) -> None:
    loss = data.draw(settings_of(cls))
    shape = data.draw(array_shapes(min_dims=2, max_dims=2, max_side=4))
    outputs = data.draw(arrays(np.double, shape, elements=st.floats(0.01, 0.99)))
    targets = data.draw(arrays(np.double, shape, elements=st.floats(0, 1)))
    dA = np.empty_like(outputs)
    shown = loss.value_and_gradient(outputs, targets, dA)
    assert_gradient_where_smooth(
        dA, lambda at: value(loss, at, targets), outputs, scale=1 + 10 * abs(shown)
    )


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


def test_divided_by_their_sum_outputs_count_as_probabilities() -> None:
    outputs = np.array([[1.0, 2.0, 5.0], [0.5, 0.5, 4.0]])
    shares = outputs / outputs.sum(axis=1, keepdims=True)
    found = value(CrossEntropy(normalized=True), outputs)
    assert found == pytest.approx(value(CrossEntropy(), shares), rel=1e-14)
    assert found == pytest.approx(-(np.log(5 / 8) + np.log(0.5 / 5)) / 2, rel=1e-14)


def test_a_larger_scale_of_all_outputs_of_a_sample_changes_nothing_when_divided() -> None:
    dA = np.empty_like(A)
    CrossEntropy(normalized=True).value_and_gradient(A, Y, dA)
    np.testing.assert_allclose((dA * A).sum(axis=1), 0, atol=1e-15)


def test_binary_cross_entropy_asks_every_output_for_itself() -> None:
    expected = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    assert value(BinaryCrossEntropy()) == pytest.approx(expected, rel=1e-14)


def test_label_smoothing_moves_yes_and_no_towards_one_half() -> None:
    smoothed = BinaryCrossEntropy(label_smoothing=0.2).targets(Y)
    np.testing.assert_allclose(smoothed, [[0.1, 0.1, 0.9], [0.9, 0.1, 0.1]])


def test_the_divergence_is_zero_and_flat_along_the_simplex_where_output_and_target_agree() -> None:
    dA = np.empty_like(A)
    assert KullbackLeibler().value_and_gradient(A, A, dA) == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(dA, -0.5)


def test_the_divergence_from_a_certain_target_is_the_cross_entropy() -> None:
    assert value(KullbackLeibler()) == pytest.approx(value(CrossEntropy()), rel=1e-14)


def test_the_divergence_is_the_cross_entropy_less_the_entropy_of_the_targets() -> None:
    T = np.array([[0.2, 0.3, 0.5], [0.6, 0.4, 0.0]])
    entropy = -(T[0] @ np.log(T[0]) + T[1, :2] @ np.log(T[1, :2])) / 2
    expected = value(CrossEntropy(), A, T) - entropy
    assert value(KullbackLeibler(), A, T) == pytest.approx(expected, rel=1e-13)


def test_mean_absolute_error_is_the_mean_of_all_distances() -> None:
    assert value(MeanAbsoluteError()) == pytest.approx(np.mean(np.abs(A - Y)))


def test_huber_is_half_a_square_up_to_delta_and_straight_beyond() -> None:
    outputs, targets = np.array([[0.5, -3.0, 2.0]]), np.zeros((1, 3))
    dA = np.empty_like(outputs)
    found = Huber(delta=2.0, over_outputs="sum").value_and_gradient(outputs, targets, dA)
    assert found == pytest.approx(0.125 + 2 * (3 - 1) + 2)
    assert dA[0].tolist() == [0.5, -2.0, 2.0]


def test_huber_with_a_large_delta_is_half_the_mean_squared_error() -> None:
    assert value(Huber(delta=100.0)) == pytest.approx(value(MeanSquaredError()) / 2)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "loss",
    [
        *(cls() for cls in LOSS_CLASSES),
        CrossEntropy(epsilon=1e-7),
        CrossEntropy(normalized=True),
        CrossEntropy(normalized=True, clip=1e-7),
        BinaryCrossEntropy(epsilon=1e-7),
        BinaryCrossEntropy(clip=1e-7),
    ],
)
@pytest.mark.parametrize("outputs", [[0, 1], [0, 0], [1, 1], [1e-40, 1e-37]])
def test_a_probability_of_zero_gives_a_finite_value_and_gradient(
    loss: Any, outputs: list[float], dtype: str
) -> None:
    dA = np.empty((1, 2), dtype)
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        found = loss.value_and_gradient(np.array([outputs], dtype), np.array([[1, 0]], dtype), dA)
    assert np.isfinite(found)
    assert np.isfinite(dA).all()


@pytest.mark.parametrize("cls", [one for one in LOSS_CLASSES if "values" in one.tasks])
@pytest.mark.parametrize("dtype", DTYPES)
def test_distances_of_ten_thousand_give_finite_values_and_gradients(cls: Any, dtype: str) -> None:
    dA = np.empty((1, 3), dtype)
    found = cls().value_and_gradient(np.array([[1e4, -1e4, 0]], dtype), np.zeros_like(dA), dA)
    assert np.isfinite(found)
    assert np.isfinite(dA).all()


def test_every_loss_says_for_which_tasks_it_is() -> None:
    assert {cls: cls.tasks for cls in LOSS_CLASSES} == {
        CrossEntropy: ("classes", "labels"),
        BinaryCrossEntropy: ("classes", "labels"),
        KullbackLeibler: ("classes",),
        MeanSquaredError: ("classes", "labels", "values"),
        MeanAbsoluteError: ("classes", "labels", "values"),
        Huber: ("classes", "labels", "values"),
    }


def test_every_loss_adds_up_over_outputs_and_batch_as_pytorch_does_by_default() -> None:
    assert {cls: (cls().over_outputs, cls().over_batch) for cls in LOSS_CLASSES} == {
        CrossEntropy: ("sum", "mean"),
        BinaryCrossEntropy: ("mean", "mean"),
        # not its default, but "batchmean", which it advises
        KullbackLeibler: ("sum", "mean"),
        MeanSquaredError: ("mean", "mean"),
        MeanAbsoluteError: ("mean", "mean"),
        Huber: ("mean", "mean"),
    }


# which output goes with which loss

PAIRS = """
              cross_entropy  divided   binary    kullback_leibler  squared  absolute  huber
identity      negative       negative  negative  softmax           yes      yes       yes
sigmoid       sum            yes       yes       softmax           yes      yes       yes
hard_sigmoid  sum            yes       yes       softmax           yes      yes       yes
tanh          negative       negative  negative  softmax           yes      yes       yes
relu          sum            yes       larger    softmax           yes      yes       yes
leaky_relu    negative       negative  negative  softmax           yes      yes       yes
elu           negative       negative  negative  softmax           yes      yes       yes
selu          negative       negative  negative  softmax           yes      yes       yes
softplus      sum            yes       larger    softmax           yes      yes       yes
softsign      negative       negative  negative  softmax           yes      yes       yes
gelu          negative       negative  negative  softmax           yes      yes       yes
gelu_tanh     negative       negative  negative  softmax           yes      yes       yes
silu          negative       negative  negative  softmax           yes      yes       yes
softmax       yes            yes       yes       yes               yes      yes       yes
"""
PAIRED_LOSSES: dict[str, Any] = {
    "cross_entropy": CrossEntropy(),
    "divided": CrossEntropy(normalized=True),
    "binary": BinaryCrossEntropy(),
    "kullback_leibler": KullbackLeibler(),
    "squared": MeanSquaredError(),
    "absolute": MeanAbsoluteError(),
    "huber": Huber(),
}
REASONS = {
    "negative": "can be negative",
    "sum": "divide by the sum",
    "larger": "can be larger",
    "softmax": "only softmax",
}
TITLES, *ROWS = [line.split() for line in PAIRS.strip().splitlines()]


def test_the_table_of_pairs_has_every_output_activation_and_every_loss() -> None:
    assert [row[0] for row in ROWS] == [kind_of(cls) for cls in ACTIVATION_CLASSES]
    assert {type(PAIRED_LOSSES[title]) for title in TITLES} == set(LOSS_CLASSES)


@pytest.mark.parametrize(
    ("kind", "title", "answer"),
    [(kind, title, one) for kind, *row in ROWS for title, one in zip(TITLES, row, strict=True)],
)
def test_a_pair_is_refused_with_its_reason_or_accepted(kind: str, title: str, answer: str) -> None:
    activation = next(cls() for cls in ACTIVATION_CLASSES if kind_of(cls) == kind)
    problem = pair_problem(activation, PAIRED_LOSSES[title])
    if answer == "yes":
        assert problem is None
        return
    said = str(problem)
    assert REASONS[answer] in said
    assert "choose s" in said
    if answer in {"negative", "larger"}:
        assert f"those of {title_of(type(activation))} can" in said


def test_a_leaky_relu_without_slope_is_a_relu_for_its_pairs() -> None:
    assert pair_problem(LeakyRelu(slope=0.0), CrossEntropy(normalized=True)) is None
