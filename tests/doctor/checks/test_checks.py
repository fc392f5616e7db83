"""Quick checks pass on what is right, and fail with a reason on what is not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.data.preprocessing import Raw
from nnstudio.data.progress import Cancelled
from nnstudio.doctor.checks import (
    CheckResult,
    baseline_check,
    first_loss_check,
    one_step_test,
    overfit_check,
)
from nnstudio.doctor.checks.overfit import _some
from nnstudio.faults import fault_named, seams_of
from nnstudio.nn.activations import Identity, Relu, Sigmoid
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.initializers import Normal, Zeros
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.nn.penalties import L2
from nnstudio.seams import TRUE, Seams
from nnstudio.texts import Text
from nnstudio.training.loop import train
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_answers, tiny_case, tiny_dataset

WIDE = NetworkSpec(layers=(HiddenLayer(units=24, activation=Relu()),))


def case_of(**settings: Any) -> Case:
    return tiny_case(
        tiny_dataset(samples=60),
        **{"network": WIDE, "optimizer": Sgd(learning_rate=0.3), **settings},
    )


def with_mistake(name: str) -> Seams:
    return seams_of((fault_named(name),))


def moment_of(case: Case, seams: Seams = TRUE) -> Moment:
    moments = Moments()
    next(train(TrainingState.start(case.experiment, case.data, seams=seams), moments=moments))
    moment = moments.take()
    assert moment is not None
    return moment


def numbers(result: CheckResult) -> dict[str, float]:
    return {str(name): value for name, value in result.numbers}


# one step


def test_a_right_gradient_passes_the_one_step_test() -> None:
    case = case_of()
    found = one_step_test(case.data, moment_of(case))
    assert (found.name, found.passed) == ("one_step", True)
    assert numbers(found)["real fall by promised fall"] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    ("mistake", "ratio", "words"),
    [("gradient-sign", -1.0, "sign"), ("summed-gradient", 1 / 8, "added up over the 8")],
)
def test_the_one_step_test_tells_what_is_wrong(mistake: str, ratio: float, words: str) -> None:
    case = case_of()
    found = one_step_test(case.data, moment_of(case, with_mistake(mistake)))
    assert not found.passed
    assert numbers(found)["real fall by promised fall"] == pytest.approx(ratio, abs=1e-3)
    assert words in str(found.told)


def test_without_a_gradient_the_one_step_test_fails() -> None:
    off = HiddenLayer(units=4, weights=Zeros(), activation=Relu())
    network = NetworkSpec(layers=(off,), output=OutputLayer(bias=False))
    case = case_of(network=network)
    found = one_step_test(case.data, moment_of(case))
    assert not found.passed
    assert "no gradient to follow" in str(found.told)


# first loss


def test_small_weights_begin_where_an_undecided_network_does() -> None:
    found = first_loss_check(case_of().experiment, case_of().data)
    assert found.passed
    assert numbers(found)["of an undecided network"] == pytest.approx(np.log(3))


def test_weights_that_are_far_too_large_do_not() -> None:
    large = HiddenLayer(units=24, activation=Relu(), weights=Normal(std=10.0))
    case = case_of(network=NetworkSpec(layers=(large,)))
    found = first_loss_check(case.experiment, case.data)
    assert not found.passed
    assert numbers(found)["first loss"] > 5
    assert "strong opinions" in str(found.told)


def test_the_first_loss_is_that_which_the_run_tells_mistakes_in_it() -> None:
    case = case_of(batches=case_of().experiment.batches.__class__(size=32))
    right = first_loss_check(case.experiment, case.data)
    wrong = first_loss_check(case.experiment, case.data, seams=with_mistake("softmax-over-batch"))
    assert numbers(wrong)["first loss"] > 2 * numbers(right)["first loss"]
    assert not wrong.passed


def test_what_weights_cost_is_no_part_of_the_first_loss() -> None:
    dear = HiddenLayer(units=24, activation=Relu(), penalty=L2(l2=1.0))
    case = case_of(network=NetworkSpec(layers=(dear,)))
    found = first_loss_check(case.experiment, case.data)
    assert found.passed
    assert numbers(found)["first loss"] < 2


# overfit


def test_a_right_network_learns_16_samples_by_heart() -> None:
    case = case_of()
    found = overfit_check(case.experiment, case.data, steps=300)
    assert found.passed
    assert numbers(found)["share of wrong answers"] == 0.0
    assert numbers(found)["loss"] < 0.2 * numbers(found)["loss of a blind guess"]


def test_regularisation_is_off_while_it_learns_by_heart() -> None:
    held = HiddenLayer(units=24, activation=Relu(), dropout=Dropout(rate=0.9), penalty=L2(l2=1.0))
    case = case_of(network=NetworkSpec(layers=(held,)))
    assert overfit_check(case.experiment, case.data, steps=300).passed


@pytest.mark.parametrize("mistake", ["gradient-sign", "update-not-applied"])
def test_what_cannot_learn_fails(mistake: str) -> None:
    case = case_of()
    found = overfit_check(case.experiment, case.data, steps=60, seams=with_mistake(mistake))
    assert not found.passed


def test_a_loss_that_cannot_come_down_fails_though_the_answers_are_right() -> None:
    case = case_of()
    found = overfit_check(
        case.experiment, case.data, steps=300, seams=with_mistake("softmax-twice")
    )
    assert not found.passed
    assert numbers(found)["share of wrong answers"] <= 0.05
    assert "loss does not come near to 0" in str(found.told)


def test_inputs_without_their_own_targets_can_be_learned_by_heart() -> None:
    case = case_of(optimizer=Adam(learning_rate=0.02))
    found = overfit_check(
        case.experiment,
        case.data,
        steps=600,
        seams=with_mistake("inputs-shuffled-without-targets"),
    )
    assert found.passed


def test_who_is_still_learning_is_told_that_the_rate_is_low() -> None:
    case = case_of(optimizer=Sgd(learning_rate=0.01))
    found = overfit_check(case.experiment, case.data, steps=100)
    assert not found.passed
    assert "still learning" in str(found.told)


def test_numbers_that_overflow_are_said_so() -> None:
    network = NetworkSpec(layers=(), output=OutputLayer(activation=Identity()))
    case = case_of(network=network, loss=MeanSquaredError(), scaling=Raw())
    found = overfit_check(case.experiment, case.data, steps=200)
    assert not found.passed
    assert "no longer finite" in str(found.told)


def test_values_are_learned_by_heart_by_r_squared() -> None:
    network = NetworkSpec(layers=WIDE.layers, output=OutputLayer(activation=Identity()))
    case = tiny_case(
        tiny_answers("values"),
        network=network,
        loss=MeanSquaredError(),
        optimizer=Adam(learning_rate=0.02),
    )
    found = overfit_check(case.experiment, case.data, steps=400)
    assert found.passed
    assert numbers(found)["1 − R²"] < 0.05


def test_labels_are_learned_by_heart() -> None:
    network = NetworkSpec(layers=WIDE.layers, output=OutputLayer(activation=Sigmoid()))
    case = tiny_case(
        tiny_answers("labels"),
        network=network,
        loss=BinaryCrossEntropy(over_batch="sum"),
        optimizer=Adam(learning_rate=0.02),
    )
    assert overfit_check(case.experiment, case.data, steps=400).passed


def test_the_samples_are_of_as_many_classes_as_there_are() -> None:
    case = case_of()
    labels = case.data.labels
    assert labels is not None
    rows = _some(case.data, 16)
    assert len(set(rows.tolist())) == 16
    assert min(np.bincount(labels[rows])) == 5
    assert set(rows.tolist()) <= set(case.data.split.training.tolist())


# baseline


def test_a_network_that_uses_its_inputs_is_better_than_one_without() -> None:
    case = case_of()
    found = baseline_check(case.experiment, case.data, steps=150)
    assert found.passed
    assert numbers(found)["loss without inputs"] > 1.2 * numbers(found)["loss with the inputs"]


def test_a_network_that_does_not_learn_is_no_better_than_one_without_inputs() -> None:
    case = case_of()
    found = baseline_check(
        case.experiment, case.data, steps=50, seams=with_mistake("update-not-applied")
    )
    assert not found.passed


# all


@pytest.mark.parametrize("check", [first_loss_check, overfit_check, baseline_check])
def test_a_check_can_be_cancelled(check: Any) -> None:
    def stop(share: float | None, doing: Text) -> None:
        assert share is not None
        assert str(doing)
        if share > 0 or check is first_loss_check:
            raise Cancelled

    case = case_of()
    with pytest.raises(Cancelled):
        check(case.experiment, case.data, progress=stop)


@pytest.mark.parametrize("check", [first_loss_check, overfit_check, baseline_check])
def test_a_check_never_touches_the_data(check: Any) -> None:
    case = case_of(loss=CrossEntropy(label_smoothing=0.1))
    inputs, targets = case.data.dataset.inputs.tobytes(), case.data.targets.tobytes()
    more = {} if check is first_loss_check else {"steps": 20}
    check(case.experiment, case.data, **more)
    assert case.data.dataset.inputs.tobytes() == inputs
    assert case.data.targets.tobytes() == targets


def test_targets_that_are_all_the_same_are_said_so_instead_of_a_number_that_is_none() -> None:
    given = tiny_answers("values")
    network = NetworkSpec(layers=(), output=OutputLayer(activation=Identity()))
    settings: dict[str, Any] = {"network": network, "loss": MeanSquaredError()}
    case = tiny_case(replace(given, targets=np.ones_like(given.targets)), **settings)
    found = overfit_check(case.experiment, case.data, steps=40)
    assert not found.passed
    assert "all the same" in str(found.told)
    assert set(numbers(found)) == {"loss"}
