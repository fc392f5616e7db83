"""Every line of a step is the one by which the engine computes, with mistakes and without them."""

from typing import Any

import numpy as np
import pytest

from nnstudio.faults import FAULTS, Mistake, fault_named, seams_of
from nnstudio.gui.views.one_step.stop import Stop
from nnstudio.gui.views.one_step.stops import stops_of
from nnstudio.nn.activations import Activation, Identity, Sigmoid, Softmax, Softplus, Tanh
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    KullbackLeibler,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    pair_problem,
)
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.normalization import BatchNorm, LayerNorm, NoNormalization
from nnstudio.nn.penalties import ElasticNet
from nnstudio.runs.inside import Inside
from nnstudio.seams import TRUE, Seams
from nnstudio.spec import kind_of
from tests.gui.inside_runs import Trained
from tests.strategies import members

LOSSES: tuple[Loss, ...] = (
    CrossEntropy(),
    CrossEntropy(label_smoothing=0.2, over_batch="sum"),
    CrossEntropy(normalized=True, epsilon=1e-3),
    CrossEntropy(normalized=True, clip=0.2, over_outputs="mean"),
    BinaryCrossEntropy(),
    BinaryCrossEntropy(label_smoothing=0.1, epsilon=1e-3, clip=0.45),
    KullbackLeibler(),
    MeanSquaredError(),
    MeanSquaredError(over_outputs="sum", over_batch="sum"),
    MeanAbsoluteError(),
    Huber(delta=0.3),
)
OUTPUTS = (Softmax(), Sigmoid(), Identity(), Softplus())
IN_THE_DATA = {
    "validation-in-training",
    "inputs-shuffled-without-targets",
    "labels-off-by-one",
    "samples-sorted-by-class",
    "dropout-active-in-prediction",
    "evaluation-scaled-differently",
}
"""These act before a batch is there, or in evaluation: a step knows nothing of them."""
IN_A_STEP = tuple(one for one in map(kind_of, FAULTS) if one not in IN_THE_DATA)


def hidden(**values: Any) -> tuple[HiddenLayer, ...]:
    return (
        HiddenLayer(units=3, activation=Tanh(), penalty=ElasticNet(l1=0.01, l2=0.02), **values),
        HiddenLayer(units=3, activation=Sigmoid(), dropout=Dropout(rate=0.4)),
    )


def network(output: Any, **values: Any) -> NetworkSpec:
    return NetworkSpec(layers=hidden(**values), output=OutputLayer(activation=output))


def stops(
    *, batch: int = 4, seams: Seams = TRUE, targets: Any = None, **values: Any
) -> tuple[Stop, ...]:
    """Give the stops of the first step of an experiment on XOR."""
    trained = Trained(**values)
    inside = Inside(trained.blueprint, trained.experiment, seams=seams)
    inside.show(trained.initial)
    rows = np.arange(batch)
    wanted = trained.data.targets[rows] if targets is None else targets
    step = inside.step(trained.data.dataset.inputs[rows], wanted, rate=0.2)
    return stops_of(
        step,
        experiment=trained.experiment,
        spec=trained.experiment.network,
        names=("same", "other"),
        picture=None,
    )


def disagreeing(found: tuple[Stop, ...]) -> set[str]:
    """Give the stops one number of which is not what its line or its terms say."""
    wrong = set()
    for stop in found:
        for place in np.ndindex(stop.values.shape):
            behind = stop.behind(*place)
            number = behind.value if stop.key == "loss" else float(stop.values[place])
            if not behind.agrees or not np.isclose(number, behind.value, rtol=1e-6):
                wrong.add(stop.key)
    return wrong


PAIRS = [
    (output, loss) for output in OUTPUTS for loss in LOSSES if pair_problem(output, loss) is None
]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_every_output_and_loss_has_its_own_line(pair: Any) -> None:
    output, loss = pair
    for normalization, precision in (
        (NoNormalization(), "float64"),
        (BatchNorm(), "float32"),
        (LayerNorm(), "float32"),
    ):
        found = stops(
            network=network(output, normalization=normalization), loss=loss, precision=precision
        )
        assert disagreeing(found) == set()
        assert all(one.instead is None for one in found)


@pytest.mark.parametrize("kind", members(Activation), ids=lambda one: one.__name__)
def test_every_activation_has_its_slope(kind: Any) -> None:
    layers = (HiddenLayer(units=4, activation=kind()), HiddenLayer(units=3, activation=kind()))
    found = stops(network=NetworkSpec(layers=layers))
    assert disagreeing(found) == set()


def test_targets_that_do_not_add_up_to_one_stand_in_the_line() -> None:
    targets = np.array([[0.5, 2.0], [1.0, 3.0]])
    found = stops(batch=2, targets=targets)
    assert disagreeing(found) == set()
    lines = {one.key: one.line.right for one in found}
    assert lines["dz1"] == "(P ∘ ΣY − Y) · 0.5"


def test_a_single_batch_of_a_normalization_is_no_mistake() -> None:
    found = stops(batch=2, network=network(Softmax(), normalization=BatchNorm()))
    assert disagreeing(found) == set()


def fitting(kind: str) -> dict[str, Any]:
    """Give an experiment in which a mistake acts."""
    if kind.startswith("softmax"):
        return {"network": network(Softmax()), "loss": CrossEntropy()}
    if kind == "targets-not-clipped":
        return {"network": network(Sigmoid()), "loss": BinaryCrossEntropy(clip=0.45)}
    return {"network": network(Sigmoid()), "loss": MeanSquaredError()}


@pytest.mark.parametrize("kind", IN_A_STEP)
def test_a_mistake_stands_in_the_lines_where_it_acts(kind: str) -> None:
    values, mistake = fitting(kind), fault_named(kind)
    found = stops(faults=(mistake,), **values)
    assert disagreeing(found) == set()
    told = {one.key for one in found if one.instead is not None}
    assert told
    # the numbers are others than those of the right lines, at stops that say so and there alone
    if kind != "gradient-accumulates":
        planted = disagreeing(stops(seams=seams_of((mistake,)), **values))
        assert planted <= told
        assert planted or kind == "row-wise-numerical-gradient"


@pytest.mark.parametrize(
    "kinds",
    [
        ("derivative-at-error", "bias-gradient-before-activation", "divided-by-inputs"),
        ("softmax-over-batch", "softmax-twice", "gradient-sign"),
        ("loss-of-another-gradient", "summed-gradient", "transposed-error"),
        ("loss-of-another-gradient", "derivative-at-error", "bias-gradient-wrong-axis"),
        ("softmax-over-batch", "row-wise-numerical-gradient"),
    ],
    ids="+".join,
)
def test_mistakes_together_stand_in_one_line(kinds: tuple[str, ...]) -> None:
    mistakes: tuple[Mistake, ...] = tuple(map(fault_named, kinds))
    values = fitting(kinds[0])
    assert disagreeing(stops(faults=mistakes, **values)) == set()


def test_what_acts_before_or_behind_a_step_leaves_its_lines_as_they_are() -> None:
    for kind in sorted(IN_THE_DATA):
        found = stops(faults=(fault_named(kind),), network=network(Softmax()))
        assert all(one.instead is None for one in found)
        assert disagreeing(found) == set()


def test_a_small_step_beside_large_weights_is_what_its_line_says() -> None:
    found = stops(precision="float32", network=network(Softmax()))
    updates = {one.key: one for one in found if one.phase == "update"}
    assert updates
    for one in updates.values():
        slopes = next(other for other in found if other.key == "d" + one.key[1:].lower())
        np.testing.assert_allclose(one.values, -0.2 * slopes.values, rtol=1e-6)
