"""Inside shows what the engine computes, number by number, and leaves the network as it was."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.dataset import Dataset
from nnstudio.faults import GradientSign
from nnstudio.nn.activations import Relu, Sigmoid, Tanh
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.runs.inside import Inside, probe_rows
from nnstudio.runs.run import Blueprint
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.state import TrainingState

XOR = Dataset.of(
    np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]),
    np.array([0, 1, 1, 0]),
    class_names=("same", "other"),
    source="xor",
)


def xor(*layers: HiddenLayer, **values: object) -> tuple[Experiment, PreparedData]:
    rows = layers or (HiddenLayer(units=3, activation=Tanh()),)
    experiment = Experiment(precision="float64", network=NetworkSpec(layers=rows))
    experiment = replace(experiment, **values)  # type: ignore[arg-type] # settings by name
    return experiment, prepare(experiment, XOR)


def inside_of(experiment: Experiment, data: PreparedData) -> tuple[Inside, TrainingState]:
    state = TrainingState.start(experiment, data)
    blueprint = Blueprint(
        experiment.network, state.network.layout, data.class_names, None, data.scaling
    )
    made = Inside(blueprint, experiment)
    made.show(state.network.vector)
    return made, state


def test_the_outputs_are_those_of_the_network() -> None:
    made, state = inside_of(*xor())
    layers = made.layers(XOR.inputs)
    scaled = np.empty((4, 2))
    made.blueprint.scaling.into(XOR.inputs, scaled)
    np.testing.assert_array_equal(layers[-1].outputs, state.network.predict(scaled))
    np.testing.assert_array_equal(layers[0].inputs, scaled)


def test_every_layer_shows_sums_and_outputs() -> None:
    made, _ = inside_of(*xor())
    first, last = made.layers(XOR.inputs)
    np.testing.assert_allclose(first.outputs, np.tanh(first.sums))
    np.testing.assert_array_equal(last.inputs, first.outputs)
    np.testing.assert_allclose(last.outputs.sum(axis=1), 1)


def test_a_step_is_the_one_that_training_makes() -> None:
    experiment, data = xor(optimizer=Sgd(learning_rate=0.3))
    made, state = inside_of(experiment, data)
    rows = data.split.training
    step = made.step(XOR.inputs[rows], data.targets[rows], rate=0.3)
    before = state.network.vector.copy()
    loss = state.stage.compute(rows, rows, 0)
    np.testing.assert_allclose(step.loss, loss)
    gradient = state.network.gradient.copy()
    state.stage.update(0.3, 0)
    made_by_run = state.network.layout.views(state.network.vector - before)
    for name, slope in state.network.layout.views(gradient).items():
        np.testing.assert_allclose(step.slopes[name], slope, atol=1e-15)
        np.testing.assert_allclose(step.updates[name], made_by_run[name], atol=1e-15)


def test_a_step_leaves_the_network_as_it_was() -> None:
    experiment, data = xor(optimizer=Adam(learning_rate=0.3))
    made, _ = inside_of(experiment, data)
    before = made.layers(XOR.inputs)[-1].outputs
    made.step(XOR.inputs, data.targets, rate=0.3)
    np.testing.assert_array_equal(made.layers(XOR.inputs)[-1].outputs, before)


def test_derivatives_hang_together_as_the_chain_rule_says() -> None:
    experiment, data = xor(
        HiddenLayer(units=3, activation=Sigmoid()), HiddenLayer(units=4, activation=Relu())
    )
    made, _ = inside_of(experiment, data)
    step = made.step(XOR.inputs[:1], data.targets[:1], rate=0.1)
    for number in (0, 1):
        mine, above = step.gradients[number], step.gradients[number + 1]
        slope = made.slopes(number, step.layers[number])
        assert slope is not None
        assert mine.outputs is not None
        np.testing.assert_array_equal(mine.outputs, above.inputs)
        np.testing.assert_allclose(mine.signals, mine.outputs * slope)
        np.testing.assert_allclose(
            step.slopes[f"layers.{number}.W"], step.layers[number].inputs.T @ mine.sums
        )


def test_a_fused_head_has_no_derivative_by_its_outputs_and_another_has() -> None:
    experiment, data = xor()
    made, _ = inside_of(experiment, data)
    assert made.step(XOR.inputs, data.targets, rate=0.1).gradients[-1].outputs is None
    other, data = xor(
        loss=MeanSquaredError(),
        network=NetworkSpec(
            layers=(HiddenLayer(units=2),), output=OutputLayer(activation=Sigmoid())
        ),
    )
    made, _ = inside_of(other, data)
    step = made.step(XOR.inputs, data.targets, rate=0.1)
    assert step.gradients[-1].outputs is not None
    assert step.gradients[0].inputs is None


def test_a_classic_mistake_of_the_experiment_is_at_work() -> None:
    experiment, data = xor(faults=(GradientSign(),))
    made, _ = inside_of(experiment, data)
    true, _ = inside_of(replace(experiment, faults=()), data)
    wrong = made.step(XOR.inputs, data.targets, rate=0.1)
    right = true.step(XOR.inputs, data.targets, rate=0.1)
    np.testing.assert_allclose(wrong.slopes["layers.1.W"], -right.slopes["layers.1.W"])
    np.testing.assert_array_equal(wrong.layers[1].outputs, right.layers[1].outputs)


def test_normalization_and_dropout_are_stops_of_their_own() -> None:
    layer = HiddenLayer(units=6, normalization=BatchNorm(), dropout=Dropout(rate=0.5))
    experiment, data = xor(layer)
    made, _ = inside_of(experiment, data)
    quiet, trained = (
        made.layers(XOR.inputs)[0],
        made.step(XOR.inputs, data.targets, rate=0.1).layers[0],
    )
    assert quiet.dropped is None
    assert quiet.normalized is not None
    assert trained.dropped is not None
    assert (trained.dropped == 0).any()
    again = made.step(XOR.inputs, data.targets, rate=0.1).layers[0]
    np.testing.assert_array_equal(again.dropped, trained.dropped)


def test_softmax_has_no_slope_of_one_unit() -> None:
    made, _ = inside_of(*xor())
    layers = made.layers(XOR.inputs)
    assert made.slopes(1, layers[1]) is None
    slope = made.slopes(0, layers[0])
    assert slope is not None
    np.testing.assert_allclose(slope, 1 - layers[0].outputs ** 2)


def test_without_a_vector_or_an_experiment_it_says_so() -> None:
    experiment, data = xor(
        loss=BinaryCrossEntropy(),
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Sigmoid())),
    )
    layout = layout_of(experiment.network, inputs=2, outputs=2)
    made = Inside(Blueprint(experiment.network, layout, (), None, data.scaling))
    assert not made.ready
    made.release()
    with pytest.raises(RuntimeError, match="no vector"):
        made.layers(XOR.inputs)
    with pytest.raises(ValueError, match="layout of 6"):
        made.show(np.zeros(5))
    made.show(np.zeros(6))
    with pytest.raises(RuntimeError, match="without an experiment"):
        made.step(XOR.inputs, data.targets, rate=0.1)


def test_the_probe_is_of_validation_where_there_is_one() -> None:
    _, data = xor()
    assert set(probe_rows(data)) <= set(data.split.validation) or not len(data.split.validation)
    assert len(probe_rows(data, 1)) == 1
