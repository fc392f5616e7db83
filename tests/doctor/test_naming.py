"""Every mistake in a gradient or a step is named, alone and in the pairs of the cases."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from time import process_time
from typing import Any, Final

import numpy as np
import pytest

from nnstudio.data.dataset import Dataset
from nnstudio.doctor.gradient_check import GradientReport, check_gradient
from nnstudio.doctor.naming import power, remedy_for, sentence_about
from nnstudio.doctor.remedies import healed
from nnstudio.faults import FAULTS, fault_named, seams_of
from nnstudio.nn.activations import Relu, Sigmoid, Softmax
from nnstudio.nn.clipping import ByNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Sgd
from nnstudio.seams import TRUE
from nnstudio.spec import kind_of
from nnstudio.training.experiment import Batches
from nnstudio.training.loop import train
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.state import TrainingState
from tests.faults.sick import NAMES, fitting, planted, switched
from tests.strategies import Case, tiny_case, tiny_dataset

BY_UPDATE: Final = {"update-not-applied", "bias-never-updated"}
BY_RULE: Final = {
    "validation-in-training",
    "inputs-shuffled-without-targets",
    "labels-off-by-one",
    "samples-sorted-by-class",
    "dropout-active-in-prediction",
    "evaluation-scaled-differently",
}
BY_GRADIENT: Final = tuple(name for name in NAMES if name not in BY_UPDATE | BY_RULE)
SIGMOID_OUT: Final[dict[str, Any]] = {
    "network": NetworkSpec(
        layers=(HiddenLayer(units=5, activation=Sigmoid()),),
        output=OutputLayer(activation=Sigmoid()),
    ),
    "loss": BinaryCrossEntropy(clip=1e-10),
}


def moment_of(state: TrainingState, *, step: int = 2) -> Moment:
    """What happened in the step after so many steps."""
    moments = Moments()
    newest = None
    for _ in zip(range(step + 1), train(state, moments=moments), strict=False):
        newest = moments.take() or newest
    assert newest is not None
    assert newest.step == step
    return newest


def report_of(case: Case, *names: str, step: int = 2, switch: bool = False) -> GradientReport:
    faults = [fault_named(name) for name in names]
    state = switched(case, *faults) if switch else planted(case, *faults)
    moment = moment_of(state, step=step)
    return check_gradient(state.data, moment, generator=np.random.default_rng(0))


def named(report: GradientReport) -> list[tuple[str, ...]]:
    return [one.mistakes for one in report.named.explanations]


def test_whether_a_mistake_is_of_the_gradient_or_of_the_step_is_what_the_table_says() -> None:
    for one in FAULTS:
        seams = one().replaces(TRUE)
        acts = seams.parts is not TRUE.parts or seams.gradient is not TRUE.gradient
        assert acts is (kind_of(one) in BY_GRADIENT)
        assert (seams.apply is not TRUE.apply) is (kind_of(one) in BY_UPDATE)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", BY_GRADIENT)
def test_a_mistake_in_the_gradient_is_named(name: str, precision: str) -> None:
    if name == "row-wise-numerical-gradient" and precision == "float32":
        pytest.skip("differences in single precision are refused")
    report = report_of(fitting(name, precision=precision), name)
    assert not report.gradient_passed
    assert report.update_passed
    assert named(report) == [(name,)]
    (explanation,) = report.named.explanations
    assert explanation.agreement < (1e-12 if precision == "float64" else 1e-6)
    assert explanation.formula_wrong != explanation.formula_right


@pytest.mark.parametrize("name", sorted(BY_UPDATE))
def test_a_mistake_in_the_step_is_named(name: str) -> None:
    report = report_of(fitting(name), name)
    assert report.gradient_passed
    assert not report.update_passed
    assert named(report) == [(name,)]


@pytest.mark.parametrize("name", sorted(BY_RULE))
def test_what_is_right_in_gradient_and_step_passes(name: str) -> None:
    report = report_of(fitting(name), name)
    assert report.passed
    assert report.named.explanations == ()


def test_a_mistake_that_is_switched_on_is_named_as_one_that_is_hidden() -> None:
    case = fitting("")
    for name in ("summed-gradient", "update-not-applied"):
        assert named(report_of(case, name, switch=True)) == [(name,)]


def test_a_gradient_that_accumulates_is_right_in_the_first_step() -> None:
    case = fitting("")
    assert report_of(case, "gradient-accumulates", step=0).passed
    assert named(report_of(case, "gradient-accumulates", step=1)) == [("gradient-accumulates",)]


def test_what_accumulates_was_clipped_in_every_step() -> None:
    case = fitting("", clipping=ByNorm(limit=0.01))
    assert named(report_of(case, "gradient-accumulates")) == [("gradient-accumulates",)]


def test_two_wrong_things_in_gradient_and_step_are_both_named() -> None:
    report = report_of(fitting(""), "gradient-sign", "bias-never-updated")
    assert named(report) == [("gradient-sign",), ("bias-never-updated",)]


# the pairs of the cases, and the group that one of them has


def test_the_pair_of_the_first_case_is_named() -> None:
    case = fitting("", loss=CrossEntropy(over_batch="sum", epsilon=1e-7))
    pair = ("softmax-over-batch", "row-wise-numerical-gradient")
    assert named(report_of(case, *pair)) == [pair]


def test_the_mistake_of_the_third_case_is_named() -> None:
    case = fitting("", loss=BinaryCrossEntropy(over_outputs="sum"))
    name = "loss-of-another-gradient"
    assert named(report_of(case, name)) == [(name,)]


LOSS_RISES: Final = (
    "derivative-at-error",
    "bias-gradient-before-activation",
    "divided-by-inputs",
)


@pytest.mark.parametrize("pair", tuple(combinations(LOSS_RISES, 2)), ids="+".join)
def test_the_pairs_of_the_fourth_case_are_named(pair: tuple[str, str]) -> None:
    assert named(report_of(fitting("", **SIGMOID_OUT), *pair)) == [pair]


def test_three_mistakes_of_the_fourth_case_are_named_together() -> None:
    assert named(report_of(fitting("", **SIGMOID_OUT), *LOSS_RISES)) == [LOSS_RISES]


def visibly_apart(case: Case, pair: Sequence[str]) -> bool:
    """Whether the two together give another gradient than each of them and than the true one."""
    state = planted(case)
    moment = moment_of(state, step=0)
    X, Y = moment.inputs, moment.targets
    found = []
    for names in (pair, pair[:1], pair[1:], ()):
        seams = seams_of(tuple(fault_named(name) for name in names))
        network = planted(case, *(fault_named(name) for name in names)).network
        network.vector[:] = moment.before
        seams.gradient(network, X, Y)
        found.append(network.gradient.copy())
    together, *others = found
    size = float(np.linalg.norm(together))
    return all(float(np.linalg.norm(together - one)) > 1e-4 * size for one in others)


PAIRS: Final = [
    pair
    for pair in combinations(
        [
            name
            for name in BY_GRADIENT
            if name
            not in {
                "targets-not-clipped",
                "loss-of-another-gradient",
                "transposed-error",
                "row-wise-numerical-gradient",
                "gradient-accumulates",
            }
        ],
        2,
    )
    if fault_named(pair[0]).place != fault_named(pair[1]).place
]


def test_every_pair_that_can_be_told_apart_is_named() -> None:
    case = fitting("")
    told = [pair for pair in PAIRS if visibly_apart(case, pair)]
    assert len(told) > 0.9 * len(PAIRS)
    assert [named(report_of(case, *pair, step=0)) for pair in told] == [[one] for one in told]


def test_a_pair_that_cannot_be_told_apart_is_listed_and_not_guessed() -> None:
    # differences have no backpropagation from which a derivative could be missing
    name = "activation-derivative-missing"
    report = report_of(fitting(""), "row-wise-numerical-gradient")
    assert named(report) == [("row-wise-numerical-gradient",)]
    assert (name, "row-wise-numerical-gradient") in report.named.undecided


def test_equally_good_explanations_are_all_named() -> None:
    # divided by one input is not divided at all
    network = NetworkSpec(layers=())
    case = tiny_case(tiny_dataset(inputs=1), network=network, precision="float64")
    assert named(report_of(case, "summed-gradient")) == [
        ("summed-gradient",),
        ("divided-by-inputs",),
    ]


def test_what_no_mistake_explains_stays_without_a_name() -> None:
    def longer(network: Any, X: Any, Y: Any) -> float:
        loss: float = network.loss_and_gradient(X, Y)
        network.gradient *= 1.5
        return loss

    case = fitting("")
    state = TrainingState.start(case.experiment, case.data, seams=replace(TRUE, gradient=longer))
    report = check_gradient(case.data, moment_of(state), generator=np.random.default_rng(0))
    assert not report.passed
    assert named(report) == []


def test_a_gradient_of_zero_is_wrong_and_has_no_name() -> None:
    def nothing(network: Any, X: Any, Y: Any) -> float:
        loss: float = network.loss_and_gradient(X, Y)
        network.gradient[:] = 0.0
        return loss

    case = fitting("")
    state = TrainingState.start(case.experiment, case.data, seams=replace(TRUE, gradient=nothing))
    report = check_gradient(case.data, moment_of(state), generator=np.random.default_rng(0))
    assert not report.gradient_passed
    assert named(report) == []


def test_a_mistake_is_named_where_units_are_left_out() -> None:
    layer = HiddenLayer(units=5, activation=Relu(), dropout=Dropout(rate=0.5))
    case = fitting("", network=NetworkSpec(layers=(layer, layer)), optimizer=Sgd())
    assert report_of(case).passed
    assert named(report_of(case, "gradient-sign")) == [("gradient-sign",)]


# what is said


def test_the_sentence_says_what_is_done_where_it_shows_and_how_well_it_agrees() -> None:
    report = report_of(fitting(""), "bias-gradient-before-activation")
    (one,) = report.named.explanations
    assert str(one.sentence) == (
        "The bias gradient is the one before the derivative of the activation; "
        "it shows in b1 (agreement 1e-16)."
    )
    assert one.formula_wrong == "db = Σ_samples dA"
    assert one.formula_right == "db = Σ_samples dZ"


def test_a_pair_is_told_with_both_formulas() -> None:
    report = report_of(fitting(""), "bias-gradient-of-one-sample", "summed-gradient")
    (one,) = report.named.explanations
    assert str(one.sentence).startswith("Two mistakes together: The bias gradient is that of")
    assert one.formula_wrong.count("\n") == 1


def test_relative_errors_are_written_as_powers() -> None:
    assert [power(one) for one in (0.0, 1.2e-7, 0.5)] == ["1e-16", "1e-7", "5e-1"]


def test_the_remedy_for_a_mistake_takes_it_out_where_it_is_switched_on() -> None:
    mistakes = (fault_named("gradient-sign"), fault_named("softmax-twice"))
    experiment = replace(fitting("").experiment, faults=mistakes)
    changed = healed(experiment, remedy_for("softmax-twice"))
    assert changed.faults == mistakes[:1]


def test_where_there_is_no_switch_a_sentence_says_what_is_right() -> None:
    assert str(sentence_about("gradient-sign")) == (
        "The gradient has the wrong sign: every step goes uphill: "
        "W ← W + η dW should be W ← W - η dW."
    )


def test_softmax_over_the_batch_shows_even_for_its_own_outputs() -> None:
    case = fitting("", network=NetworkSpec(layers=(), output=OutputLayer(activation=Softmax())))
    assert named(report_of(case, "softmax-over-batch")) == [("softmax-over-batch",)]


@pytest.mark.slow
def test_naming_takes_less_than_two_seconds_in_a_network_of_usual_size() -> None:
    draw = np.random.default_rng(0)
    pixels = draw.integers(0, 256, (600, 784), dtype=np.uint8)
    pictures = Dataset.of(
        pixels, draw.integers(0, 10, 600), class_names=tuple("abcdefghij"), source="spirals"
    )
    layer = HiddenLayer(units=100, activation=Sigmoid())
    case = tiny_case(pictures, network=NetworkSpec(layers=(layer,)), batches=Batches(size=128))
    pair = ("bias-gradient-before-activation", "summed-gradient")
    state = planted(case, *map(fault_named, pair))
    moment = moment_of(state)
    # of this process: other programs do not count
    started = process_time()
    report = check_gradient(state.data, moment, generator=np.random.default_rng(0))
    assert process_time() - started < 2.0
    assert named(report) == [pair]
