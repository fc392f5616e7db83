"""The first loss of every pair of output and loss, and the loss of the best blind guess."""

from math import log
from typing import Any

import numpy as np
import pytest

from nnstudio.doctor.first_loss import expected_first_loss, guess_loss
from nnstudio.nn.activations import Activation, Identity, Relu, Sigmoid, Softmax, Softplus, Tanh
from nnstudio.nn.initializers import Zeros
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    KullbackLeibler,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
)
from nnstudio.nn.network import NetworkSpec
from nnstudio.training.experiment import Batches
from nnstudio.training.loop import train
from nnstudio.training.state import TrainingState
from tests.strategies import tiny_answers, tiny_case, tiny_dataset

C = 3
ONE_HOT = np.eye(C)


def first_loss(activation: Activation, loss: Loss, **settings: Any) -> float | None:
    network = NetworkSpec(output=OutputLayer(activation=activation))
    case = tiny_case(tiny_dataset(classes=C), network=network, loss=loss, **settings)
    return expected_first_loss(case.experiment, case.data.facts)


SMOOTHED = 0.1
MEAN_OF_SQUARES = {0.0: 1 / 3, 0.5: 0.25, 1 / 3: (4 / 9 + 2 / 9) / 3}


@pytest.mark.parametrize(
    ("activation", "loss", "expected"),
    [
        (Softmax(), CrossEntropy(), log(C)),
        (Softmax(), CrossEntropy(label_smoothing=SMOOTHED), log(C)),
        (Softmax(), CrossEntropy(epsilon=0.01), -log(1 / C + 0.01)),
        (Softmax(), CrossEntropy(clip=0.4), -log(0.4)),
        (Softmax(), CrossEntropy(over_outputs="mean"), log(C) / C),
        (Sigmoid(), CrossEntropy(normalized=True), log(C)),
        (Softplus(), CrossEntropy(normalized=True), log(C)),
        (Softmax(), KullbackLeibler(), log(C)),
        (Sigmoid(), BinaryCrossEntropy(), log(2)),
        (Sigmoid(), BinaryCrossEntropy(over_outputs="sum"), C * log(2)),
        (Sigmoid(), BinaryCrossEntropy(label_smoothing=SMOOTHED), log(2)),
        (Softmax(), BinaryCrossEntropy(), (log(3) + 2 * log(1.5)) / 3),
        (Softmax(), MeanSquaredError(), MEAN_OF_SQUARES[1 / 3]),
        (Sigmoid(), MeanSquaredError(), MEAN_OF_SQUARES[0.5]),
        (Tanh(), MeanSquaredError(), MEAN_OF_SQUARES[0.0]),
        (Identity(), MeanSquaredError(over_outputs="sum"), 1.0),
        (Softplus(), MeanSquaredError(), ((1 - log(2)) ** 2 + 2 * log(2) ** 2) / 3),
        (Identity(), MeanAbsoluteError(), 1 / 3),
        (Softmax(), MeanAbsoluteError(), (2 / 3 + 2 / 3) / 3),
        (Identity(), Huber(), 0.5 / 3),
        (Identity(), Huber(delta=0.5), 0.5 * 0.75 / 3),
    ],
)
def test_an_undecided_network_has_the_loss_of_the_closed_form(
    activation: Activation, loss: Loss, expected: float
) -> None:
    assert first_loss(activation, loss) == pytest.approx(expected, rel=1e-12)


def test_a_loss_that_is_summed_over_the_batch_is_so_many_times_larger() -> None:
    summed = CrossEntropy(over_batch="sum")
    assert first_loss(Softmax(), summed, batches=Batches(size=8)) == pytest.approx(8 * log(C))
    # no batch is larger than the training part
    assert first_loss(Softmax(), summed, batches=Batches(size=10_000)) == pytest.approx(
        tiny_case(tiny_dataset(classes=C)).data.facts.training * log(C)
    )


def test_values_need_their_targets() -> None:
    network = NetworkSpec(output=OutputLayer(activation=Identity()))
    case = tiny_case(tiny_answers("values"), network=network, loss=MeanSquaredError())
    targets = case.data.targets
    assert expected_first_loss(case.experiment, case.data.facts) is None
    found = expected_first_loss(case.experiment, case.data.facts, targets)
    assert found == pytest.approx((targets**2).mean(), rel=1e-5)


def test_the_first_loss_of_small_weights_is_the_expected_one() -> None:
    network = NetworkSpec(layers=(), output=OutputLayer(weights=Zeros()))
    case = tiny_case(network=network, precision="float64")
    first = next(train(TrainingState.start(case.experiment, case.data)))
    assert expected_first_loss(case.experiment, case.data.facts) == pytest.approx(first.loss)


# the best guess


TARGETS = np.eye(C)[[0, 0, 0, 1, 1, 2]]
SHARES = np.array([1 / 2, 1 / 3, 1 / 6])


def guess(activation: Activation, loss: Loss, targets: np.ndarray = TARGETS) -> float | None:
    network = NetworkSpec(output=OutputLayer(activation=activation))
    experiment = tiny_case(network=network, loss=loss).experiment
    return guess_loss(experiment, targets)


def entropy(shares: np.ndarray) -> float:
    return float(-(shares * np.log(shares)).sum())


@pytest.mark.parametrize(
    ("activation", "loss", "expected"),
    [
        (Softmax(), CrossEntropy(), entropy(SHARES)),
        (Softmax(), CrossEntropy(over_batch="sum"), entropy(SHARES)),
        (Sigmoid(), CrossEntropy(normalized=True), entropy(SHARES)),
        (Softmax(), KullbackLeibler(), entropy(SHARES)),
        (Softmax(), CrossEntropy(label_smoothing=0.3), entropy(0.7 * SHARES + 0.1)),
        (Sigmoid(), BinaryCrossEntropy(over_outputs="sum"), entropy(SHARES) + entropy(1 - SHARES)),
        (Softmax(), BinaryCrossEntropy(over_outputs="sum"), entropy(SHARES) + entropy(1 - SHARES)),
        (Sigmoid(), MeanSquaredError(over_outputs="sum"), float((SHARES * (1 - SHARES)).sum())),
        (Softmax(), MeanSquaredError(over_outputs="sum"), float((SHARES * (1 - SHARES)).sum())),
        (Identity(), MeanAbsoluteError(over_outputs="sum"), 1.0),
        (Softmax(), MeanAbsoluteError(over_outputs="sum"), 1.0),
        (Identity(), Huber(over_outputs="sum"), float((SHARES * (1 - SHARES)).sum()) / 2),
    ],
)
def test_the_best_guess_has_the_loss_of_the_closed_form(
    activation: Activation, loss: Loss, expected: float
) -> None:
    assert guess(activation, loss) == pytest.approx(expected, rel=1e-9)


def test_the_floor_of_random_targets_behind_a_softmax_is_that_of_case_3() -> None:
    generator = np.random.default_rng(0)
    targets = np.concatenate([t := (generator.random((500, 10)) < 0.5) * 1.0, 1 - t])
    found = guess(Softmax(), BinaryCrossEntropy(over_outputs="sum"), targets)
    assert found == pytest.approx(5 * (log(10) - log(0.9)), rel=1e-9)


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        (Softmax(), BinaryCrossEntropy()),
        (Sigmoid(), BinaryCrossEntropy()),
        (Softmax(), MeanAbsoluteError()),
        (Identity(), MeanAbsoluteError()),
        (Identity(), Huber(delta=0.3)),
        (Relu(), MeanSquaredError()),
    ],
)
def test_no_other_constant_answer_has_a_lower_loss(activation: Activation, loss: Loss) -> None:
    targets = np.abs(np.random.default_rng(3).normal(0.4, 0.2, (50, 4))).clip(0.01, 0.99)
    if isinstance(activation, Softmax) and isinstance(loss, MeanAbsoluteError):
        targets = np.eye(4)[np.random.default_rng(3).integers(0, 4, 50)]
    best = guess(activation, loss, targets)
    assert best is not None
    generator, out = np.random.default_rng(0), np.empty((1, 4))
    for _ in range(400):
        activation.forward(generator.normal(0, 2, (1, 4)), out)
        A = np.broadcast_to(out, targets.shape).copy()
        assert loss.value_and_gradient(A, targets, np.empty_like(A)) >= best - 1e-12


@pytest.mark.parametrize(
    ("activation", "loss"),
    [(Softmax(), Huber()), (Softmax(), MeanSquaredError()), (Softmax(), MeanAbsoluteError())],
)
def test_what_is_not_known_in_closed_form_is_none(activation: Activation, loss: Loss) -> None:
    assert guess(activation, loss, np.array([[0.2, 0.3, 2.0], [1.0, 2.0, 3.0]])) is None
