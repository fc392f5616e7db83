"""The whole evidence of small runs: complete, repeatable, and of an untouched network."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from nnstudio.doctor.evidence import Evidence
from nnstudio.doctor.evidence.gather import Observer
from nnstudio.doctor.evidence.probe import PROBE_ROWS, probe_of, told_probe
from nnstudio.faults import SoftmaxTwice, fault_named, seams_of
from nnstudio.nn.activations import Activation, Identity, Sigmoid, Tanh
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.penalties import L2
from nnstudio.nn.schedules import Constant
from nnstudio.seams import TRUE, Seams
from nnstudio.training.evaluation import evaluate
from nnstudio.training.experiment import Batches, Stopping
from nnstudio.training.loop import train
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.pretraining import LayerByLayer
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_answers, tiny_case, tiny_dataset


def gathered(
    case: Case, *, seams: Seams = TRUE, start: Any = None
) -> tuple[list[Evidence], TrainingState]:
    state = TrainingState.start(case.experiment, case.data, seams=seams)
    observer = Observer(case.experiment, case.data, seams=state.seams, start=start)
    moments, found = Moments(), []
    for _ in train(state, moments=moments):
        moment = moments.take()
        if moment is not None:
            found.append(observer.evidence(moment, state.history.view()))
    return found, state


def plain(**settings: Any) -> Case:
    return tiny_case(
        tiny_dataset(samples=80),
        **{"optimizer": Sgd(learning_rate=0.3), "schedule": Constant(), **settings},
    )


def test_inputs_without_end_are_looked_at_without_a_warning() -> None:
    given = tiny_dataset()
    inputs = given.inputs.astype(np.float64)
    inputs[::3, 0] = np.inf
    with np.errstate(all="ignore"):
        case = tiny_case(replace(given, inputs=inputs))
    observer = Observer(case.experiment, case.data)
    assert observer.inputs().non_finite > 0


def test_everything_is_known_of_a_healthy_run() -> None:
    found, _ = gathered(plain())
    for evidence in found:
        for field in fields(Evidence):
            if field.name != "non_finite":
                assert getattr(evidence, field.name) not in (None, ()), field.name
    assert [one.step for one in found] == [0, 1, 2, 5, 10, 20]
    assert len({id(one.start) for one in found}) == 1
    assert len({id(one.first_arithmetic) for one in found}) == 1
    assert found[0].first_arithmetic is found[0].arithmetic


def test_the_same_run_gives_the_same_evidence() -> None:
    (one, _), (other, _) = gathered(plain()), gathered(plain())
    for left, right in zip(one, other, strict=True):
        assert left.layers == right.layers or repr(left.layers) == repr(right.layers)
        assert repr(left.arithmetic) == repr(right.arithmetic)
        assert repr(left.outputs) == repr(right.outputs)


def test_the_change_since_the_start_is_0_at_first_and_grows() -> None:
    found, _ = gathered(plain(precision="float32"))
    changes = [one.layers[0].change for one in found]
    assert changes[0] == 0.0
    assert all(change is not None for change in changes)
    assert sorted(changes, key=lambda one: one or 0.0) == changes


@pytest.mark.parametrize("settings", [{}, {"normalization": BatchNorm()}, {"penalty": L2(l2=0.1)}])
def test_answers_are_those_of_an_evaluation(settings: dict[str, Any]) -> None:
    hidden = HiddenLayer(units=5, activation=Tanh(), **settings)
    case = plain(precision="float64", network=NetworkSpec(layers=(hidden,)))
    state, moments = TrainingState.start(case.experiment, case.data), Moments()
    observer = Observer(case.experiment, case.data)
    for _ in train(state, moments=moments):
        moment = moments.take()
        if moment is not None:
            evidence = observer.evidence(moment, state.history.view())
    other = TrainingState.start(case.experiment, case.data)
    other.network.vector[:] = _before(case, evidence.step)
    expected = evaluate(other.network, case.data, case.data.split.validation)
    outputs = evidence.outputs
    assert outputs is not None
    assert outputs.loss == pytest.approx(expected.loss, rel=1e-12)
    assert outputs.score == pytest.approx(expected.score)
    assert outputs.answers is not None
    assert outputs.answers.sum() == len(case.data.split.validation)
    assert np.trace(outputs.answers) == expected.correct
    assert outputs.largest_share == outputs.answers.sum(axis=0).max() / outputs.answers.sum()
    assert outputs.told is not None
    assert outputs.told_own == pytest.approx(outputs.told[0], rel=1e-12)


def _before(case: Case, step: int) -> np.ndarray:
    state, moments = TrainingState.start(case.experiment, case.data), Moments()
    for _ in train(state, moments=moments):
        moment = moments.take()
        if moment is not None and moment.step == step:
            return moment.before
    raise AssertionError(step)


def test_the_expected_first_loss_has_what_initial_weights_cost_in_it() -> None:
    hidden = HiddenLayer(units=5, activation=Tanh(), penalty=L2(l2=0.1))
    case = plain(precision="float64", network=NetworkSpec(layers=(hidden,)))
    found, _ = gathered(case)
    weights = TrainingState.start(case.experiment, case.data).network.parameters
    first = weights[: 6 * 5]
    for evidence in found:
        assert evidence.outputs is not None
        expected = np.log(3) + 0.1 * (first**2).sum()
        assert evidence.outputs.expected_loss == pytest.approx(expected, rel=1e-12)


def test_a_mistake_of_the_experiment_is_left_out_of_what_is_stated() -> None:
    case = plain(faults=(SoftmaxTwice(),))
    found, _ = gathered(case)
    assert all(one.experiment.faults == () for one in found)
    first = found[0].arithmetic
    assert first is not None
    assert first.output_error > 0.01
    assert max(first.gradient_errors.values()) > 0.1


def test_a_run_that_evaluates_with_dropout_tells_two_losses() -> None:
    hidden = HiddenLayer(units=12, activation=Tanh(), dropout=Dropout(rate=0.5))
    case = plain(network=NetworkSpec(layers=(hidden,)))
    right, _ = gathered(case)
    wrong, _ = gathered(case, seams=seams_of((fault_named("dropout-active-in-prediction"),)))
    for evidence, differ in ((right[-1], False), (wrong[-1], True)):
        outputs = evidence.outputs
        assert outputs is not None
        assert outputs.told is not None
        assert (outputs.told[0] != outputs.told[1]) == differ


def test_what_the_run_scales_in_another_way_is_seen_in_its_inputs_and_in_what_it_tells() -> None:
    seams = seams_of((fault_named("evaluation-scaled-differently"),))
    found, _ = gathered(plain(), seams=seams)
    inputs, outputs = found[-1].inputs, found[-1].outputs
    assert inputs is not None
    assert outputs is not None
    assert inputs.held_out_spread != pytest.approx(inputs.own_held_out_spread, rel=0.05)
    assert outputs.told is not None
    assert outputs.told[0] != pytest.approx(outputs.told_own, rel=0.01)


def test_the_start_of_a_run_that_was_not_seen_from_its_beginning_is_drawn_again() -> None:
    case = plain(precision="float64")
    whole, _ = gathered(case)
    later = Observer(case.experiment, case.data)
    state, moments = TrainingState.start(case.experiment, case.data), Moments()
    for _ in train(state, moments=moments):
        moment = moments.take()
        if moment is not None and moment.step == 5:
            break
    assert moment is not None
    found = later.evidence(moment, state.history.view())
    assert found.first_arithmetic is None
    for mine, other in zip(found.start, whole[0].start, strict=True):
        assert mine.weights_norm == other.weights_norm
        assert mine.sums_spread == other.sums_spread
        assert (mine.update_ratio, mine.change) == (None, 0.0)
    assert found.layers[0].change == pytest.approx(whole[3].layers[0].change)


def test_after_layers_were_pretrained_the_course_begins_with_the_whole_network() -> None:
    found, state = gathered(plain(pretraining=LayerByLayer(epochs=1), stopping=Stopping(epochs=2)))
    assert found[0].step >= state.steps_per_epoch
    course = found[-1].course
    assert course is not None
    assert course.first_loss == state.history.view().loss[state.steps_per_epoch]


@pytest.mark.parametrize("task", ["labels", "values"])
def test_labels_and_values_have_evidence_too(task: Any) -> None:
    output: Activation = Sigmoid() if task == "labels" else Identity()
    loss = BinaryCrossEntropy(clip=0.45) if task == "labels" else MeanSquaredError()
    network = NetworkSpec(output=OutputLayer(activation=output))
    found, _ = gathered(tiny_case(tiny_answers(task), network=network, loss=loss))
    outputs, checked = found[-1].outputs, found[-1].arithmetic
    assert outputs is not None
    assert checked is not None
    assert (outputs.largest_share, outputs.answers, checked.batch_classes) == (None, None, None)
    assert (outputs.clipped is not None) == (task == "labels")
    assert max(checked.gradient_errors.values()) < 1e-4


def test_answers_beyond_the_clip_are_counted() -> None:
    case = plain(loss=CrossEntropy(clip=0.3))
    found, _ = gathered(case)
    first = found[0].outputs
    assert first is not None
    vector = _before(case, 0)
    state = TrainingState.start(case.experiment, case.data)
    state.network.vector[:] = vector
    probe = probe_of(case.data, parameters=1)
    outputs = state.network.predict(probe.inputs.astype(np.float32))
    right = (outputs * probe.targets).sum(axis=1)
    assert first.clipped == pytest.approx((right < 0.3).mean())


def test_a_moment_without_finite_parameters_has_only_a_course() -> None:
    case = plain()
    state, moments = TrainingState.start(case.experiment, case.data), Moments()
    next(train(state, moments=moments))
    moment = moments.take()
    assert moment is not None
    broken = replace(moment, before=np.full_like(moment.before, np.nan))
    found = Observer(case.experiment, case.data).evidence(broken, state.history.view())
    assert (found.layers, found.arithmetic, found.outputs) == ((), None, None)
    assert found.course is not None
    assert found.inputs is not None


# where numbers stop being finite


def failing(what: str, case: Case) -> Moment:
    state, moments = TrainingState.start(case.experiment, case.data), Moments()
    next(train(state, moments=moments))
    moment = moments.take()
    assert moment is not None
    large = np.finfo(moment.before.dtype).max
    before, gradient, after = (one.copy() for one in (moment.before, moment.gradient, moment.after))
    inputs, loss = moment.inputs.copy(), moment.loss
    match what:
        case "inputs":
            inputs[0, 0] = np.nan
        case "sums":
            before[:] = large
        case "loss":
            loss = float("inf")
        case "gradient":
            gradient[0] = np.inf
        case "update":
            after[0] = np.inf
    return replace(moment, before=before, gradient=gradient, after=after, inputs=inputs, loss=loss)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize(
    ("what", "layer"),
    [("inputs", None), ("sums", 0), ("loss", 1), ("gradient", 0), ("update", 0)],
)
def test_what_overflowed_first_is_named(what: str, layer: int | None, precision: str) -> None:
    case = plain(precision=precision, batches=Batches(size=8))
    moment = failing(what, case)
    found = Observer(case.experiment, case.data).failure(moment)
    assert (found.step, found.layer, found.what) == (1, layer, what)


# the probe


def test_the_probe_is_of_validation_samples_and_smaller_for_wide_networks() -> None:
    case = tiny_case(tiny_dataset(samples=4000))
    validation = set(case.data.split.validation.tolist())
    probe, wide = probe_of(case.data, parameters=1000), probe_of(case.data, parameters=10**6)
    assert 300 < len(probe.rows) <= PROBE_ROWS
    assert 100 <= len(wide.rows) <= 200
    assert set(probe.rows.tolist()) <= validation
    assert len(told_probe(case.data).rows) <= 100
    np.testing.assert_allclose(probe.inputs, case.data.dataset.inputs[probe.rows] / 255, rtol=1e-15)
