from dataclasses import replace
from math import log

import numpy as np
import pytest

from nnstudio.nn.activations import Sigmoid, Softmax, Tanh
from nnstudio.nn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Loss,
    MeanSquaredError,
)
from nnstudio.nn.optimizers import Adam, Optimizer, Sgd
from nnstudio.nn.schedules import Exponential, ReduceOnPlateau
from nnstudio.runs.exploring import (
    RATES,
    best_rate,
    entropies_of,
    loss_curve,
    path_of,
    pull_of,
    rates_of,
    softmax_of,
)
from nnstudio.runs.valleys import LongValley
from nnstudio.spec import describe
from nnstudio.training.experiment import Experiment

LOSSES = next(one for one in describe(Experiment) if one.name == "loss").members
OPTIMIZERS = next(one for one in describe(Experiment) if one.name == "optimizer").members


@pytest.mark.parametrize("cls", LOSSES, ids=lambda one: one.__name__)
def test_the_gradient_of_every_loss_is_the_slope_of_its_curve(cls: type[Loss]) -> None:
    found = loss_curve(cls(), target=1.0)
    inner = slice(60, -60)
    slope = np.gradient(found.loss, found.output)[inner]
    assert found.gradient[inner] == pytest.approx(slope, rel=0.02, abs=0.02)


def test_probabilities_lie_between_0_and_1_and_values_around_their_target() -> None:
    shares = loss_curve(BinaryCrossEntropy(), target=1.0)
    assert shares.of_shares
    assert 0 < shares.output[0] < shares.output[-1] < 1
    values = loss_curve(MeanSquaredError(), target=0.5)
    assert not values.of_shares
    assert values.output[values.loss.argmin()] == pytest.approx(0.5)


def test_cross_entropy_pulls_with_what_is_missing_and_squares_with_less() -> None:
    entropy, squared = (
        pull_of(BinaryCrossEntropy(), Sigmoid()),
        pull_of(MeanSquaredError(), Sigmoid()),
    )
    assert entropy is not None
    assert squared is not None
    a = 1 / (1 + np.exp(5.0))
    assert entropy.at(-5) == pytest.approx(a - 1, rel=1e-4)
    assert squared.at(-5) == pytest.approx(2 * (a - 1) * a * (1 - a), rel=1e-3)
    assert abs(entropy.at(-5) / squared.at(-5)) > 70


def test_losses_that_cannot_stand_behind_an_output_pull_at_nothing() -> None:
    assert pull_of(BinaryCrossEntropy(), Tanh()) is None
    assert pull_of(CrossEntropy(), Softmax()) is not None


@pytest.mark.parametrize("cls", LOSSES, ids=lambda one: one.__name__)
def test_how_a_loss_adds_up_a_batch_does_not_change_its_pull(cls: type[Loss]) -> None:
    if "over_batch" not in {one.name for one in describe(cls)}:
        pytest.skip("it has no such choice")
    one, other = (pull_of(replace(cls(), over_batch=over), Softmax()) for over in ("mean", "sum"))
    assert one is not None
    assert other is not None
    assert one.gradient == pytest.approx(other.gradient)


def test_softmax_of_the_case_is_what_its_author_drew() -> None:
    assert softmax_of([1, 2, 5, 3]) == pytest.approx([0.015, 0.041, 0.831, 0.112], abs=5e-4)


def test_cross_entropy_is_entropy_and_relative_entropy_together() -> None:
    truth, answer = [0.7, 0.2, 0.1], [0.4, 0.4, 0.2]
    found = entropies_of(truth, answer)
    assert found.entropy == pytest.approx(-sum(p * log(p) for p in truth))
    assert found.relative == pytest.approx(
        sum(p * log(p / q) for p, q in zip(truth, answer, strict=True))
    )
    assert found.cross == pytest.approx(found.entropy + found.relative)


def test_an_answer_that_is_the_truth_has_no_relative_entropy() -> None:
    assert entropies_of([0.5, 0.5], [0.5, 0.5]).relative == pytest.approx(0)


def test_the_exponential_schedule_of_the_case_has_its_six_rates() -> None:
    experiment = Experiment(
        schedule=Exponential(gamma=0.9, stepwise=True), optimizer=Sgd(learning_rate=0.1)
    )
    rates = rates_of(experiment, steps_per_epoch=2, epochs=3, validation=())
    assert rates == pytest.approx([0.1, 0.1, 0.09, 0.09, 0.081, 0.081])


def test_a_schedule_that_waits_falls_where_the_losses_stay() -> None:
    experiment = Experiment(
        schedule=ReduceOnPlateau(gamma=0.5, patience=1), optimizer=Sgd(learning_rate=1.0)
    )
    losses = (1.0, 0.5, 0.5, 0.5, 0.5)
    rates = rates_of(experiment, steps_per_epoch=1, epochs=6, validation=losses)
    assert rates[0] == 1.0
    assert rates[-1] == 0.5


def test_gradient_descent_makes_the_first_step_against_the_slope() -> None:
    path = path_of(Sgd(learning_rate=0.1), LongValley(), (10.0, 1.0), steps=1)
    assert path.points[1] == pytest.approx([10 - 0.1 * 0.5, 1 - 0.1 * 2])


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda one: one.__name__)
def test_every_optimizer_gets_lower_in_the_long_valley(cls: type[Optimizer]) -> None:
    valley = LongValley()
    path = path_of(cls(learning_rate=valley.rate), valley, valley.start, steps=50)
    assert len(path.points) == 51
    assert path.heights[-1] < path.heights[0]
    assert not path.left


def test_a_path_that_blows_up_ends_there() -> None:
    path = path_of(Sgd(learning_rate=10.0), LongValley(), (1.0, 1.0), steps=500)
    assert path.left
    assert len(path.points) < 500


def test_adam_at_rest_stays_where_it_is() -> None:
    path = path_of(Adam(learning_rate=0.1), LongValley(), (0.0, 0.0), steps=5)
    assert not path.points.any()


def test_the_best_rate_gets_lower_than_every_other() -> None:
    valley = LongValley()
    best = best_rate(Sgd(), valley, valley.start, steps=20)
    ends = {
        rate: path_of(Sgd(learning_rate=rate), valley, valley.start, steps=20).heights[-1]
        for rate in RATES
    }
    assert best in RATES
    assert ends[best] == min(ends.values())
