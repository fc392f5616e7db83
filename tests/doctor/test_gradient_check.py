"""The gradient check passes what is right, and shows where what is wrong is wrong."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from nnstudio.data.preprocessing import Raw
from nnstudio.doctor.gradient_check import EACH, WORST, GradientReport, check_gradient, check_steps
from nnstudio.faults import fault_named
from nnstudio.nn.activations import LeakyRelu, Relu, Sigmoid, Silu, Softmax, Tanh
from nnstudio.nn.clipping import ByNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.initializers import Constant, LeCunNormal, Zeros
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from nnstudio.nn.network import Network, NetworkSpec
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.penalties import L1, L2
from nnstudio.seams import TRUE, Seams
from nnstudio.training.experiment import Batches
from nnstudio.training.loop import train
from nnstudio.training.moments import Moments
from nnstudio.training.state import TrainingState
from tests.doctor.test_naming import moment_of
from tests.draws import draws
from tests.faults.sick import fitting, planted
from tests.strategies import Case, cases, tiny_case, tiny_pictures

HEALTHY: dict[str, dict[str, Any]] = {
    "tanh": {},
    "sigmoid and mean squared error": {
        "network": NetworkSpec(
            layers=(HiddenLayer(units=5, activation=Sigmoid()),),
            output=OutputLayer(activation=Sigmoid()),
        ),
        "loss": MeanSquaredError(),
    },
    "two layers of ReLU with dropout": {
        "network": NetworkSpec(
            layers=(HiddenLayer(units=6, activation=Relu(), dropout=Dropout(rate=0.3)),) * 2
        )
    },
    "batch normalization and a penalty": {
        "network": NetworkSpec(
            layers=(
                HiddenLayer(
                    units=6, activation=LeakyRelu(), normalization=BatchNorm(), penalty=L1()
                ),
            )
        )
    },
    "no hidden layer": {"network": NetworkSpec(layers=())},
    "a sum over the batch": {"loss": CrossEntropy(over_batch="sum", epsilon=1e-7)},
    "a L1 penalty alone": {"network": NetworkSpec(layers=(), output=OutputLayer(penalty=L1()))},
}


def report_of(case: Case, *, seams: Seams = TRUE, step: int = 2) -> GradientReport:
    state = TrainingState.start(case.experiment, case.data, seams=seams)
    moment = moment_of(state, step=step)
    return check_gradient(case.data, moment, generator=np.random.default_rng(0))


def one_wrong(network: Network, X: Matrix, Y: Matrix) -> float:
    """The gradient with one entry of one array wrong."""
    loss = network.loss_and_gradient(X, Y)
    network.layout.views(network.gradient)["layers.0.W"][1, 2] += 1.0
    return loss


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("what", HEALTHY)
def test_a_right_gradient_passes(what: str, precision: str) -> None:
    report = report_of(tiny_case(precision=precision, **HEALTHY[what]))
    assert report.passed
    assert report.limit == (1e-6 if precision == "float64" else 1e-4)
    assert max(one.relative_error for one in report.blocks) < report.limit / 10
    assert report.named.explanations == ()
    # one entry of the ReLU network lies on a kink; of all others differences tell
    assert sum(one.left_out for one in report.blocks) == int("ReLU" in what)
    assert {one.name for one in report.blocks} == set(report.updates)


def test_every_array_is_checked_where_it_matters_and_where_chance_has_it() -> None:
    report = report_of(tiny_case(precision="float64"))
    assert [one.name for one in report.blocks] == [
        f"layers.{number}.{letter}" for number in (0, 1) for letter in "Wb"
    ]
    for one in report.blocks:
        assert min(EACH, one.picture.size) <= one.checked <= min(4 * EACH, one.picture.size)
        assert len(one.worst) == min(WORST, one.checked)


def test_a_wrong_entry_is_found_shown_and_told_first() -> None:
    report = report_of(tiny_case(precision="float64"), seams=replace(TRUE, gradient=one_wrong))
    assert [one.name for one in report.blocks if not one.passed] == ["layers.0.W"]
    block = report.blocks[0]
    assert block.worst[0].index == (1, 2)
    assert block.worst[0].applied - block.worst[0].expected == pytest.approx(1.0, abs=1e-6)
    assert block.picture[1, 2] == pytest.approx(1.0, abs=1e-12)
    assert np.abs(np.delete(block.picture.ravel(), 1 * 5 + 2)).max() < 1e-12
    assert report.update_passed


def test_a_step_that_is_not_the_optimizers_fails_although_its_gradient_is_right() -> None:
    def longer(optimizer: Any, theta: Any, grad: Any, state: Any, rate: float) -> None:
        TRUE.apply(None)(optimizer, theta, grad, state, 2.0 * rate)  # type: ignore[arg-type] # unused

    report = report_of(
        tiny_case(precision="float64", optimizer=Sgd()),
        seams=replace(TRUE, apply=lambda _: longer),
    )
    assert report.gradient_passed
    assert not report.update_passed
    assert min(report.updates.values()) == pytest.approx(0.5)


def test_entries_on_a_kink_are_left_out_instead_of_being_called_wrong() -> None:
    layer = HiddenLayer(units=5, activation=Relu())
    case = tiny_case(network=NetworkSpec(layers=(layer,)), precision="float64")
    state = TrainingState.start(case.experiment, case.data)
    views = state.network.layout.views(state.network.vector)
    views["layers.0.W"][:], views["layers.0.b"][:] = 0.0, 0.0
    moment = moment_of(state, step=0)
    report = check_gradient(case.data, moment, generator=np.random.default_rng(0))
    assert report.passed
    assert [one.left_out for one in report.blocks[:2]] == [one.checked for one in report.blocks[:2]]
    assert [one.left_out for one in report.blocks[2:]] == [0, 0]


def far_out(precision: str, *, rate: float, seed: int) -> Case:
    """Raw pixels and one sample a step: after the first step sigmoids are at their ends."""
    return tiny_case(
        tiny_pictures(),
        network=NetworkSpec(layers=(), output=OutputLayer(bias=False, weights=Zeros())),
        loss=CrossEntropy(normalized=True),
        optimizer=Sgd(learning_rate=rate),
        batches=Batches(size=1),
        scaling=Raw(),
        precision=precision,
        seed=seed,
    )


def with_sigmoid(case: Case) -> Case:
    output = replace(case.experiment.network.output, activation=Sigmoid())
    network = replace(case.experiment.network, output=output)
    return Case(replace(case.experiment, network=network), case.data)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_where_an_output_is_held_at_its_last_number_nobody_is_blamed(precision: str) -> None:
    case = with_sigmoid(far_out(precision, rate=0.01, seed=0))
    report = report_of(case, step=1)
    (block,) = report.blocks
    assert np.abs(block.picture).max() <= 1e-4
    assert 0 < block.left_out <= block.checked
    assert report.passed


def test_where_an_output_is_held_a_wrong_gradient_is_found_and_named_all_the_same() -> None:
    case = with_sigmoid(far_out("float64", rate=0.01, seed=0))
    good = moment_of(TrainingState.start(case.experiment, case.data), step=1)
    report = check_gradient(
        case.data, replace(good, gradient=-good.gradient), generator=np.random.default_rng(0)
    )
    assert not report.gradient_passed
    assert ("gradient-sign",) in [one.mistakes for one in report.named.explanations]


def test_a_gradient_that_is_lost_in_the_rounding_of_the_loss_passes() -> None:
    report = report_of(with_sigmoid(far_out("float64", rate=0.003, seed=2)), step=1)
    (block,) = report.blocks
    assert 0 < np.abs([one.applied for one in block.worst]).max() < 1e-100
    assert report.passed


def test_what_normalization_makes_of_the_rounding_of_large_sums_is_no_mistake() -> None:
    below = HiddenLayer(units=5, activation=Silu(), biases=Constant(value=-2.0))
    layer = HiddenLayer(
        units=2,
        activation=Tanh(),
        normalization=BatchNorm(),
        weights=LeCunNormal(scale=0.01),
        biases=Constant(value=100.0),
    )
    case = tiny_case(
        network=NetworkSpec(layers=(below, layer)),
        loss=CrossEntropy(over_batch="sum"),
        batches=Batches(size=3),
        precision="float64",
        seed=7,
    )
    assert report_of(case).passed
    wrong = report_of(case, seams=replace(TRUE, gradient=one_wrong))
    assert [one.name for one in wrong.blocks if not one.passed] == ["layers.0.W"]


def test_sigmoid_with_the_shown_loss_and_its_own_gradient_passes() -> None:
    network = NetworkSpec(
        layers=(HiddenLayer(units=8, activation=Sigmoid()),),
        output=OutputLayer(activation=Sigmoid()),
    )
    case = tiny_case(
        network=network, loss=BinaryCrossEntropy(over_outputs="sum"), precision="float64"
    )
    report = report_of(case)
    assert report.passed
    assert max(one.relative_error for one in report.blocks) < 1e-6


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("network.layers.0.penalty.l2", 0.5),
        ("network.layers.0.dropout.rate", 0.6),
        ("optimizer.momentum", 0.1),
        ("clipping.limit", 1e-3),
    ],
)
def test_a_step_is_checked_against_the_settings_that_made_it(path: str, value: float) -> None:
    layer = HiddenLayer(units=6, activation=Tanh(), dropout=Dropout(rate=0.3), penalty=L2())
    case = tiny_case(
        network=NetworkSpec(layers=(layer,)),
        optimizer=Sgd(momentum=0.9),
        clipping=ByNorm(limit=0.1),
        precision="float64",
    )
    state = TrainingState.start(case.experiment, case.data)
    moment = moment_of(state)
    state.change(path, value)
    assert (moment.experiment, state.experiment != moment.experiment) == (case.experiment, True)
    for one in (moment, moment_of(state, step=5)):
        report = check_gradient(case.data, one, generator=np.random.default_rng(0))
        assert report.passed


def test_the_check_touches_neither_the_run_nor_the_moment() -> None:
    case = tiny_case(network=NetworkSpec(layers=(HiddenLayer(units=4, activation=Tanh()),)))
    state = TrainingState.start(case.experiment, case.data)
    moment = moment_of(state)
    before = state.checkpoint().vectors["vector"].tobytes(), moment.before.tobytes()
    check_gradient(case.data, moment, generator=np.random.default_rng(0))
    assert (state.network.vector.tobytes(), moment.before.tobytes()) == before


def test_softmax_hidden_units_are_checked_as_well() -> None:
    layer = HiddenLayer(units=4, activation=Softmax())
    assert report_of(tiny_case(network=NetworkSpec(layers=(layer,)), precision="float64")).passed


def test_of_several_steps_the_first_that_fails_is_told_or_else_the_last() -> None:
    case = fitting("")
    state = planted(case, fault_named("gradient-accumulates"))
    moments = [
        moment_of(planted(case, fault_named("gradient-accumulates")), step=n) for n in (0, 1, 2)
    ]
    for chosen, step in ((moments, 1), (moments[:1], 0), (moments[1:], 1)):
        report = check_steps(state.data, chosen, generator=np.random.default_rng(0))
        assert (report.step, report.passed) == (step, step == 0)


def assert_passes(case: Case) -> None:
    """Check the newest of the first steps of a run without mistakes."""
    sane = replace(case.experiment, faults=())
    state = TrainingState.start(sane, case.data)
    moments, newest = Moments(), None
    for _ in zip(range(3), train(state, moments=moments), strict=False):
        newest = moments.take() or newest
    if newest is not None:
        report = check_gradient(case.data, newest, generator=np.random.default_rng(0))
        assert report.passed


@given(cases())
@settings(max_examples=draws(12))
def test_whatever_is_set_a_run_without_mistakes_passes(case: Case) -> None:
    assert_passes(case)


@pytest.mark.slow
@given(cases())
@settings(max_examples=draws(400))
def test_whatever_is_set_many_runs_without_mistakes_pass(case: Case) -> None:
    assert_passes(case)
