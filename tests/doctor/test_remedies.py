"""Remedies: what they change, and whether a run may go on under them."""

from dataclasses import replace
from typing import Any

import pytest

from nnstudio.data.preprocessing import ToUnit
from nnstudio.doctor.diagnosis import Remedy
from nnstudio.doctor.remedies import acts, healed, keeps_start
from nnstudio.doctor.rules.offers import leak, rate_times, rectify, redraw, usual, usual_rate
from nnstudio.faults import GradientSign, LabelsOffByOne, SoftmaxTwice
from nnstudio.nn.activations import LeakyRelu, Relu, Selu, Sigmoid
from nnstudio.nn.initializers import GlorotUniform, HeNormal, LeCunNormal, Normal, Zeros
from nnstudio.nn.losses import CrossEntropy
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.problems import SpecError
from nnstudio.texts import text
from nnstudio.training.experiment import Batches
from tests.doctor.patients import HEALTHY, changed, network

TOLD = text("Do it")


def remedy(*changes: Any, mistake: str = "") -> Remedy:
    return Remedy(TOLD, changes, mistake)


def test_a_remedy_changes_what_its_paths_name() -> None:
    after = healed(HEALTHY, remedy((("optimizer", "learning_rate"), 0.5)))
    assert after == changed(optimizer=Sgd(learning_rate=0.5))


def test_a_remedy_takes_its_mistake_out_and_leaves_others() -> None:
    before = changed(faults=(GradientSign(), LabelsOffByOne()))
    after = healed(before, remedy(mistake="gradient-sign"))
    assert after.faults == (LabelsOffByOne(),)


def test_a_mistake_that_cannot_act_any_more_is_taken_out_with_what_it_needed() -> None:
    before = changed(faults=(GradientSign(), SoftmaxTwice()))
    after = healed(before, usual("labels"))
    assert after.faults == (GradientSign(),)


def test_an_illegal_change_is_refused() -> None:
    with pytest.raises(SpecError):
        healed(HEALTHY, remedy((("optimizer", "learning_rate"), -1.0)))


def test_advice_is_told_from_what_can_be_done() -> None:
    assert acts(HEALTHY, remedy((("seed",), 3)))
    assert acts(changed(faults=(GradientSign(),)), remedy(mistake="gradient-sign"))
    assert not acts(HEALTHY, remedy(mistake="gradient-sign"))
    assert not acts(HEALTHY, remedy())


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": Adam()},
        {"loss": CrossEntropy(over_batch="sum")},
        {"batches": Batches(size=4)},
        {"network": network(24, 16, activation=LeakyRelu(), weights=HeNormal())},
        {"faults": (GradientSign(),)},
    ],
)
def test_a_run_goes_on_where_shapes_start_and_data_stay(settings: dict[str, Any]) -> None:
    assert keeps_start(HEALTHY, changed(**settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"scaling": ToUnit()},
        {"seed": 4},
        {"precision": "float32"},
        {"network": network(24, 17)},
        {"network": network(24)},
        {"network": network(24, 16, weights=Normal())},
        {"data": replace(HEALTHY.data, shuffled=False)},
        {"faults": (LabelsOffByOne(),)},
    ],
)
def test_a_run_begins_again_where_they_do_not(settings: dict[str, Any]) -> None:
    assert not keeps_start(HEALTHY, changed(**settings))


def test_redrawn_weights_follow_the_activation_of_each_layer() -> None:
    sick = changed(network=network(5, 5, 5, weights=Normal(std=9.0), biases=Normal(std=9.0)))
    rows = list(sick.network.layers)
    rows[1] = replace(rows[1], activation=Sigmoid())
    rows[2] = replace(rows[2], activation=Selu())
    sick = replace(sick, network=replace(sick.network, layers=tuple(rows)))
    well = healed(sick, redraw(sick, (0, 1, 2, 3)))
    drawn = [row.weights for row in well.network.rows]
    assert drawn == [HeNormal(), GlorotUniform(), LeCunNormal(), GlorotUniform()]
    assert {row.biases for row in well.network.rows} == {Zeros()}


def test_a_rate_is_changed_by_a_factor_within_its_bounds() -> None:
    found = rate_times(HEALTHY, 1_000.0)
    assert found is not None
    assert healed(HEALTHY, found).optimizer.learning_rate == 10.0
    assert rate_times(changed(optimizer=Sgd(learning_rate=10.0)), 10.0) is None
    slower = rate_times(HEALTHY, 1 / 3)
    assert slower is not None
    assert healed(HEALTHY, slower).optimizer.learning_rate == 0.033


def test_the_usual_rate_is_that_of_the_optimizer() -> None:
    sick = changed(optimizer=Adam(learning_rate=1e-9))
    found = usual_rate(sick)
    assert found is not None
    assert healed(sick, found).optimizer.learning_rate == 0.001
    assert usual_rate(changed(optimizer=Adam())) is None


def test_units_are_changed_in_the_named_layers_alone() -> None:
    sick = changed(network=network(5, 5, activation=Sigmoid()))
    assert healed(sick, rectify(sick, (1,))).network.layers[0].activation == Sigmoid()
    assert healed(sick, rectify(sick, (1,))).network.layers[1].activation == Relu()
    assert healed(sick, leak(sick, (0,))).network.layers[0].activation == LeakyRelu()


def test_outputs_and_loss_are_changed_together() -> None:
    after = healed(HEALTHY, usual("values"))
    assert after.network.output.activation.kind == "identity"
    assert after.loss.kind == "mean_squared_error"
