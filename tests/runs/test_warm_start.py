"""Warm start: a model's weights begin a run where every shape fits, and only there."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.preprocessing import FittedScaling, Raw
from nnstudio.errors import NnstudioError
from nnstudio.nn.activations import Sigmoid
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.model import Model
from nnstudio.runs.warm_start import fits, tensors_sha256, warm_start
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData
from nnstudio.training.state import TrainingState


@pytest.fixture(scope="module")
def trained(experiment: Experiment, data: PreparedData) -> Model:
    state = TrainingState.start(experiment, data)
    for _ in train(state):
        pass
    return Model(
        recipe=state.recipe,
        layout=state.network.layout,
        vector=state.network.vector,
        class_names=data.class_names,
        image_shape=None,
        scaling=data.scaling,
    )


def with_layers(experiment: Experiment, *units: int, **settings: object) -> Experiment:
    layers = tuple(HiddenLayer(units=one, **settings) for one in units)  # type: ignore[arg-type]  # settings differ in type
    return replace(experiment, network=NetworkSpec(layers=layers))


def test_a_run_begins_with_the_weights_of_the_model(
    trained: Model, experiment: Experiment, data: PreparedData
) -> None:
    warm = warm_start(trained, experiment, data, file="a.safetensors")
    state = TrainingState.start(experiment, data, initial=warm.vector, initial_sha256=warm.sha256)
    assert np.array_equal(state.network.vector, trained.vector)
    assert state.recipe.initial_sha256 == warm.sha256
    assert warm.remarks == ()


def test_a_run_does_not_train_the_model_it_began_with(
    trained: Model, experiment: Experiment, data: PreparedData
) -> None:
    before = trained.vector.copy()
    warm = warm_start(trained, experiment, data, file="")
    state = TrainingState.start(experiment, data, initial=warm.vector, initial_sha256=warm.sha256)
    for _ in train(state):
        pass
    assert np.array_equal(trained.vector, before)


def test_other_precision_takes_the_same_numbers(
    trained: Model, experiment: Experiment, data: PreparedData
) -> None:
    warm = warm_start(trained, replace(experiment, precision="float64"), data, file="")
    assert warm.vector.dtype == np.float64
    assert np.array_equal(warm.vector, trained.vector)
    assert warm.sha256 == tensors_sha256(trained)


def test_the_first_layer_that_differs_is_named_with_both_shapes(
    trained: Model, experiment: Experiment, data: PreparedData
) -> None:
    with pytest.raises(NnstudioError) as refused:
        warm_start(trained, with_layers(experiment, 7), data, file="a.safetensors")
    assert str(refused.value).startswith(
        "a.safetensors does not fit: W of layer 1 is 6 × 5 in the model "
        "and 6 × 7 in the network to train."
    )


def test_another_number_of_layers_is_said_first(
    trained: Model, experiment: Experiment, data: PreparedData
) -> None:
    with pytest.raises(NnstudioError, match="has 2 layers, the one to train 3"):
        warm_start(trained, with_layers(experiment, 7, 3), data, file="")


def test_what_only_one_of_them_has_is_absent_in_the_other(
    trained: Model, experiment: Experiment, data: PreparedData
) -> None:
    with pytest.raises(NnstudioError, match="b of layer 1 is 5 in the model and absent"):
        warm_start(trained, with_layers(experiment, 5, bias=False), data, file="")


def test_other_classes_scaling_and_activations_are_remarked_on(
    trained: Model, experiment: Experiment, data: PreparedData
) -> None:
    other = replace(trained, class_names=("x", "y", "z"))
    (remark,) = warm_start(other, experiment, data, file="").remarks
    assert str(remark).startswith("The model told apart x, y, z; the data have ")
    raw = replace(trained, scaling=Raw().fit(data.dataset, data.split.training))
    (remark,) = warm_start(raw, experiment, data, file="").remarks
    assert "scaled differently" in str(remark)
    (remark,) = warm_start(
        trained, with_layers(experiment, 5, activation=Sigmoid()), data, file=""
    ).remarks
    assert str(remark) == "Layer 1 had the activation ReLU; now it is sigmoid."


def test_scaling_fitted_on_another_part_of_the_data_is_the_same(
    trained: Model, experiment: Experiment, data: PreparedData
) -> None:
    nearly = FittedScaling(data.scaling.factor * 1.001, data.scaling.shift + 1e-4)
    assert warm_start(replace(trained, scaling=nearly), experiment, data, file="").remarks == ()


def test_the_checksum_is_that_of_the_tensors_alone(trained: Model) -> None:
    again = replace(trained, vector=trained.vector.copy(), summary={"name": "x"})
    assert tensors_sha256(again) == tensors_sha256(trained)
    again.vector[3] += 1
    assert tensors_sha256(again) != tensors_sha256(trained)


def test_whether_shapes_fit_can_be_asked_before(trained: Model, experiment: Experiment) -> None:
    assert fits(trained, experiment, inputs=6, outputs=3)
    assert not fits(trained, experiment, inputs=6, outputs=4)
