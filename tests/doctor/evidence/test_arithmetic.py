"""Arithmetic of healthy and faulty steps: what is wrong shows, and nothing else does."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.data.augmentation import Distortions
from nnstudio.doctor.evidence.along import Along, one_step
from nnstudio.doctor.evidence.arithmetic import (
    Stated,
    _told,
    arithmetic,
    gradient_errors,
)
from nnstudio.doctor.evidence.facts import Arithmetic
from nnstudio.faults import fault_named, seams_of
from nnstudio.nn.activations import Identity, Relu, Sigmoid, Softmax, Tanh
from nnstudio.nn.clipping import ByLayerNorm, ByNorm, ByValue
from nnstudio.nn.constraints import MaxNorm
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.initializers import Zeros
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.normalization import BatchNorm, LayerNorm
from nnstudio.nn.optimizers import (
    Adadelta,
    Adagrad,
    Adam,
    AdamW,
    AmsGrad,
    Nadam,
    RmsProp,
    Sgd,
)
from nnstudio.nn.parameters import Layout
from nnstudio.nn.penalties import ElasticNet
from nnstudio.nn.schedules import Constant, Cosine
from nnstudio.seams import TRUE, Seams
from nnstudio.training.averaging import Exponential
from nnstudio.training.experiment import Batches, Stopping
from nnstudio.training.loop import train
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.prepared import prepare
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case, tiny_dataset, tiny_pictures


def looked_at(
    case: Case, *, seams: Seams = TRUE, steps: int = 6
) -> list[tuple[Moment, Arithmetic]]:
    experiment = case.experiment
    state = TrainingState.start(experiment, case.data, seams=seams)
    clean = replace(experiment, faults=())
    stated = Stated(clean, case.data)
    rounded = None
    if experiment.precision == "float32":
        rounded = Stated(clean, case.data, precision="float32")
    moments, found = Moments(), []
    for step in train(state, moments=moments):
        moment = moments.take()
        if moment is not None:
            checked = arithmetic(
                stated,
                moment,
                own_loss=stated.state(moment),
                data=case.data,
                rounded=rounded,
            )
            assert checked is not None
            found.append((moment, checked))
        if step.step == steps:
            break
    return found


def case_of(**settings: Any) -> Case:
    return tiny_case(**{"precision": "float64", "batches": Batches(size=8), **settings})


def faulty(name: str, **settings: Any) -> list[tuple[Moment, Arithmetic]]:
    return looked_at(case_of(**settings), seams=seams_of((fault_named(name),)))


def two_layers(**settings: Any) -> NetworkSpec:
    hidden = HiddenLayer(units=6, **settings)
    return NetworkSpec(layers=(hidden, hidden))


HEALTHY: dict[str, dict[str, Any]] = {
    "tanh": {"network": two_layers(activation=Tanh())},
    "dropout": {"network": two_layers(dropout=Dropout(rate=0.4))},
    "batch norm": {"network": two_layers(normalization=BatchNorm())},
    "layer norm": {"network": two_layers(normalization=LayerNorm())},
    "penalty": {"network": two_layers(penalty=ElasticNet(l1=1e-3, l2=1e-2))},
    "constraint": {"network": two_layers(constraint=MaxNorm(limit=0.8))},
    "all": {
        "network": two_layers(
            dropout=Dropout(rate=0.2),
            normalization=BatchNorm(),
            penalty=ElasticNet(),
            constraint=MaxNorm(limit=0.8),
        )
    },
    "summed": {"loss": CrossEntropy(over_batch="sum", epsilon=1e-7)},
    "smoothed": {"loss": CrossEntropy(label_smoothing=0.1, clip=1e-7)},
    "binary": {
        "loss": BinaryCrossEntropy(),
        "network": NetworkSpec(output=OutputLayer(activation=Sigmoid())),
    },
    "squares": {"loss": MeanSquaredError()},
    "averaging": {"averaging": Exponential()},
    "value": {"clipping": ByValue(limit=1e-3)},
    "norm": {"clipping": ByNorm(limit=1e-3)},
    "layer": {"clipping": ByLayerNorm(limit=1e-3)},
    "schedule": {"schedule": Cosine(), "stopping": Stopping(epochs=5)},
    **{
        type(one).__name__: {"optimizer": one}
        for one in (
            Adam(),
            AdamW(),
            AmsGrad(),
            Nadam(),
            RmsProp(momentum=0.5, centred=True),
            Adagrad(),
            Adadelta(),
            Sgd(momentum=0.9, nesterov=True, weight_decay=0.1, dampening=0.1),
        )
    },
}


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("name", list(HEALTHY))
def test_a_healthy_step_is_what_it_says_it_is(name: str, precision: str) -> None:
    limit = 1e-4 if precision == "float32" else 1e-9
    for moment, found in looked_at(case_of(**{**HEALTHY[name], "precision": precision})):
        assert max(found.gradient_errors.values()) <= limit, moment.step
        assert max(found.update_errors.values()) == 0.0, moment.step
        assert found.own_loss == pytest.approx(moment.loss, rel=1e-5)
        assert found.output_error < 1e-5
        assert found.label_matches == 1.0
        assert found.one_step == pytest.approx(1.0, abs=1e-3), moment.step
        if found.output_sum_error is not None:
            assert found.output_sum_error < 1e-6
        if precision == "float64":
            assert found.repeated is None


def test_distorted_inputs_cause_no_difference() -> None:
    case = tiny_case(tiny_pictures(), augmentation=Distortions(), precision="float64")
    for moment, found in looked_at(case):
        assert max(found.gradient_errors.values()) < 1e-9, moment.step


def test_a_gradient_that_was_summed_is_as_long_as_the_batch_is_large() -> None:
    for moment, found in faulty("summed-gradient"):
        batch = len(moment.rows)
        assert found.gradient_sizes["layers.0.W"] == pytest.approx(batch)
        assert found.gradient_errors["layers.0.W"] == pytest.approx(1 - 1 / batch)
        assert found.one_step == pytest.approx(1 / batch, rel=1e-6)


def test_a_wrong_sign_is_minus_one() -> None:
    for _, found in faulty("gradient-sign"):
        assert found.one_step == pytest.approx(-1.0, rel=1e-6)
        assert all(size == pytest.approx(-1.0) for size in found.gradient_sizes.values())


def test_a_gradient_that_accumulates_repeats_the_one_before() -> None:
    first, *later = faulty("gradient-accumulates")
    assert max(first[1].gradient_errors.values()) < 1e-9
    for _, found in later:
        assert found.repeated == pytest.approx(1.0, rel=1e-9)
        assert found.repeated_error is not None
        assert found.repeated_error < 1e-9


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("update-not-applied", ("layers.0.W", "layers.0.b")),
        ("bias-never-updated", ("layers.0.b", "layers.1.b")),
    ],
)
def test_an_update_that_is_not_made_is_wrong_where_it_is_missing(
    name: str, wrong: tuple[str, ...]
) -> None:
    _, (_, found), *_ = faulty(name, optimizer=Sgd(learning_rate=0.5))
    assert {slot for slot, error in found.update_errors.items() if error > 0} >= set(wrong)
    assert all(found.update_errors[slot] == 1.0 for slot in wrong)
    assert max(found.gradient_errors.values()) < 1e-9


def test_a_bias_gradient_that_is_wrong_is_wrong_there_alone() -> None:
    for _, found in faulty("bias-gradient-of-one-sample"):
        errors = found.gradient_errors
        assert all(error < 1e-9 for slot, error in errors.items() if slot.endswith("W"))
        assert all(error > 0.01 for slot, error in errors.items() if slot.endswith("b"))


def test_softmax_over_the_batch_shows_in_the_sums_of_outputs() -> None:
    for moment, found in faulty("softmax-over-batch"):
        assert found.output_sum_error is not None
        assert found.output_sum_error > 0.5
        assert found.told_loss == moment.loss > found.own_loss
        assert found.output_error > 0.1


def test_huge_outputs_are_as_far_off_as_their_rounding() -> None:
    case = case_of(
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Identity())),
        loss=MeanSquaredError(),
        optimizer=Sgd(learning_rate=10.0),
        precision="float32",
    )
    _, found = looked_at(case)[-1]
    assert found.output_size > 1e4
    assert 0.0 < found.output_error < 1e-5 * found.output_size


def test_targets_of_other_samples_do_not_match() -> None:
    case = case_of(batches=Batches(size=32))
    found = looked_at(case, seams=seams_of((fault_named("labels-off-by-one"),)))
    assert all(one.label_matches == 0.0 for _, one in found)
    # the batch is what it is: only where its labels come from is wrong
    assert all(max(one.gradient_errors.values()) < 1e-9 for _, one in found)


def test_classes_of_a_batch_are_counted_and_values_have_none() -> None:
    ((moment, found), *_) = looked_at(case_of())
    labels = tiny_dataset().targets[moment.rows]
    assert found.batch_classes == len(set(labels.tolist()))
    assert found.batch == 8
    assert found.batch_input_spread == pytest.approx(moment.inputs.std())


def test_the_noise_is_the_spread_of_gradients_of_parts_of_the_batch() -> None:
    case = case_of(network=two_layers(activation=Tanh()))
    ((moment, found), *_) = looked_at(case)
    stated = Stated(case.experiment, case.data)
    network = stated.network
    network.vector[:] = moment.before
    parts = []
    for at in range(4):
        network.loss_and_gradient(
            moment.inputs[2 * at : 2 * at + 2], moment.targets[2 * at : 2 * at + 2]
        )
        parts.append(network.gradient.copy())
    mean = np.mean(parts, axis=0)
    spread = np.sqrt(np.mean([np.sum((one - mean) ** 2) for one in parts]))
    assert found.noise == pytest.approx(spread / np.linalg.norm(mean), rel=1e-9)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_one_step_test_does_not_depend_on_the_length_of_the_gradient(scale: float) -> None:
    case = case_of(network=two_layers(activation=Tanh()), loss=CrossEntropy())
    ((moment, _), *_) = looked_at(case)
    stated = Stated(case.experiment, case.data)
    stated.state(moment)
    before = stated.network.vector.copy()
    batch = stated.batch(moment)
    ratio = one_step(stated.network, batch, moment.gradient * scale)
    assert ratio == pytest.approx(1 / scale, rel=1e-4)
    np.testing.assert_array_equal(stated.network.vector, before)


def test_without_a_gradient_there_is_no_one_step_test() -> None:
    case = case_of()
    ((moment, _), *_) = looked_at(case)
    stated = Stated(case.experiment, case.data)
    stated.state(moment)
    stated.state(moment)
    zeros = np.zeros_like(moment.gradient)
    assert one_step(stated.network, stated.batch(moment), zeros) is None
    assert one_step(stated.network, stated.batch(moment), zeros + np.nan) is None


def test_relative_errors_and_sizes_of_a_slot() -> None:
    layout = Layout.of(layers=1, parameters={"a": (2,), "b": (1,), "c": (1,), "d": (1,)})
    applied = np.array([3.0, 4.0, 2.0, 0.0, 1.0])
    stated = np.array([3.0, 0.0, 1.0, 0.0, 0.0])
    errors, sizes = gradient_errors(layout, applied, stated)
    assert errors == pytest.approx({"a": 0.8, "b": 0.5, "c": 0.0, "d": 1.0})
    assert sizes == pytest.approx({"a": 1.0, "b": 2.0, "c": 1.0, "d": np.inf})


def test_errors_of_numbers_whose_squares_overflow_or_vanish_are_those_of_others() -> None:
    layout = Layout.of(layers=1, parameters={"a": (2,)})
    applied, stated = np.array([3.0, 4.0]), np.array([3.0, 0.0])
    for scale in (1e-300, 1e300):
        errors, sizes = gradient_errors(layout, applied * scale, stated * scale)
        assert errors == pytest.approx({"a": 0.8})
        assert sizes == pytest.approx({"a": 1.0})


@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan])
def test_what_is_not_finite_is_as_wrong_as_can_be(number: float) -> None:
    layout = Layout.of(layers=1, parameters={"a": (2,), "b": (1,)})
    right, broken = np.array([1.0, 2.0, 3.0]), np.array([1.0, number, 3.0])
    for applied, stated in ((right, broken), (broken, right), (broken, broken)):
        errors, _ = gradient_errors(layout, applied, stated)
        assert errors == {"a": np.inf, "b": 0.0}


def test_where_the_stated_loss_is_not_finite_nothing_is_said() -> None:
    case = case_of()
    ((moment, _), *_) = looked_at(case)
    broken = replace(moment, before=np.full_like(moment.before, np.inf))
    stated = Stated(case.experiment, case.data)
    with np.errstate(all="ignore"):
        found = arithmetic(
            stated,
            broken,
            own_loss=stated.state(broken),
            data=case.data,
            rounded=None,
        )
    assert found is None


def test_outputs_of_zero_have_the_loss_that_the_precision_of_the_run_gives_them() -> None:
    off = OutputLayer(activation=Relu(), weights=Zeros())
    case = tiny_case(
        network=NetworkSpec(layers=(), output=off),
        loss=CrossEntropy(normalized=True),
        precision="float32",
    )
    ((moment, found), *_) = looked_at(case)
    assert moment.loss == pytest.approx(-np.log(np.finfo(np.float32).tiny), rel=1e-6)
    assert found.own_loss == pytest.approx(found.told_loss)


def test_relu_and_softmax_of_raw_inputs_are_right_too() -> None:
    from nnstudio.data.preprocessing import Raw

    network = NetworkSpec(
        layers=(HiddenLayer(units=8, activation=Relu()),), output=OutputLayer(activation=Softmax())
    )
    experiment = case_of(network=network, scaling=Raw()).experiment
    case = Case(experiment, prepare(experiment, tiny_dataset()))
    ((_, found), *_) = looked_at(case)
    assert max(found.gradient_errors.values()) < 1e-9
    assert found.batch_input_spread > 10


@pytest.mark.parametrize("name", ["tanh", "dropout", "batch norm", "layer norm", "penalty", "all"])
def test_losses_along_a_line_are_those_of_moved_parameters(name: str) -> None:
    case = case_of(**HEALTHY[name])
    ((moment, _), *_) = looked_at(case)
    stated = Stated(case.experiment, case.data)
    stated.state(moment)
    network, batch = stated.network, stated.batch(moment)
    before = network.parameters.copy()
    direction = np.random.default_rng(0).normal(size=len(before))
    line = Along(network, batch, direction)
    for place in (0.0, 0.3, -2.0):
        found = line.loss(place)
        np.testing.assert_array_equal(network.parameters, before)
        network.parameters[:] = before + place * direction
        expected = network.training_loss(*batch)
        network.parameters[:] = before
        assert found == pytest.approx(expected, rel=1e-12)


def test_a_step_that_is_far_too_short_could_have_gone_much_farther() -> None:
    smooth = {"network": two_layers(activation=Tanh()), "schedule": Constant()}
    reached = {
        rate: looked_at(case_of(**smooth, optimizer=Sgd(learning_rate=rate)))[0][1].reach
        for rate in (1e-4, 1e-2)
    }
    short, longer = reached[1e-4], reached[1e-2]
    assert short is not None
    assert longer is not None
    assert short == pytest.approx(100 * longer, rel=1e-9)


def test_an_error_that_is_not_finite_is_no_wrong_formula() -> None:
    assert _told({"a": float("inf"), "b": float("nan"), "c": 0.5}) == {"a": 0.0, "b": 0.0, "c": 0.5}
