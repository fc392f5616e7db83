"""A model is judged on whatever fits it, with its own scaling."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.catalogue import DataPlaces, Noise
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.headless import judged
from nnstudio.runs.judge import judge_dataset, judge_source, takes_digits
from nnstudio.runs.model import Model
from nnstudio.runs.predictor import Predictor
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.loop import train
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState

PLACES = DataPlaces.standard(may_download=False)


@pytest.fixture(scope="module")
def trained() -> TrainingState:
    experiment = Experiment(
        data=DataSettings(sources=(WeightedSource(source=Noise(samples=60)),), classes=(2, 3, 7)),
        network=NetworkSpec(layers=(HiddenLayer(units=4),)),
        batches=Batches(size=8),
        stopping=Stopping(epochs=2),
    )
    state = TrainingState.start(experiment, load(experiment, PLACES, silent))
    for _ in train(state):
        pass
    return state


@pytest.fixture(scope="module")
def noisy(trained: TrainingState) -> Model:
    data = trained.data
    return Model(
        recipe=trained.recipe,
        layout=trained.network.layout,
        vector=trained.network.vector,
        class_names=data.class_names,
        image_shape=data.image_shape,
        scaling=data.scaling,
    )


def samples(shape: tuple[int, int], count: int = 6, *, test_count: int = 0) -> Dataset:
    generator = np.random.default_rng(1)
    return Dataset.of(
        generator.integers(0, 256, (count, shape[0] * shape[1]), np.uint8),
        np.arange(count) % 3,
        class_names=("0", "1", "2"),
        image_shape=shape,
        source="file",
        test_count=test_count,
    )


def digits(model: Model) -> Model:
    handwriting = Experiment().data.sources
    experiment = model.recipe.experiment
    data = replace(experiment.data, sources=handwriting)
    return replace(model, recipe=replace(model.recipe, experiment=replace(experiment, data=data)))


def test_its_own_data_give_what_training_gave(trained: TrainingState, noisy: Model) -> None:
    found = judge_source(noisy, None, PLACES, silent)
    assert found.score == judged(trained).test_accuracy
    assert found.count == len(trained.data.split.test)


def test_naming_its_own_source_changes_nothing(noisy: Model) -> None:
    own, named = (judge_source(noisy, one, PLACES, silent) for one in (None, Noise()))
    assert named == own


def test_a_data_set_is_judged_whole(noisy: Model) -> None:
    assert judge_dataset(noisy, samples((28, 28))).count == 6


def test_a_data_set_is_judged_by_the_answers_to_all_its_samples(noisy: Model) -> None:
    data = samples((28, 28), test_count=2)
    found = judge_dataset(noisy, data)
    predictor = Predictor(noisy.blueprint)
    predictor.show(noisy.vector)
    answers = predictor.probabilities(data.inputs).argmax(axis=1)
    assert found.count == 6
    assert found.correct == int((answers == data.targets).sum())


def test_digits_of_another_size_are_fitted(noisy: Model) -> None:
    assert takes_digits(digits(noisy))
    assert judge_dataset(digits(noisy), samples((16, 16))).count == 6


def test_a_blank_picture_among_them_is_a_blank_picture(noisy: Model) -> None:
    data = samples((16, 16))
    blank = Dataset.of(
        np.zeros_like(data.inputs),
        data.targets,
        class_names=data.class_names,
        image_shape=(16, 16),
        source="file",
    )
    assert judge_dataset(digits(noisy), blank).count == 6


def test_what_is_no_digit_is_not_fitted(noisy: Model) -> None:
    with pytest.raises(NnstudioError, match="do not fit"):
        judge_dataset(noisy, samples((16, 16)))


def test_classes_that_the_model_does_not_have_are_refused(noisy: Model) -> None:
    data = samples((28, 28))
    more = Dataset.of(data.inputs, data.targets + 1, class_names=tuple("0123"), source="file")
    with pytest.raises(NnstudioError, match="do not fit"):
        judge_dataset(noisy, more)


def test_data_without_a_test_part_are_refused(noisy: Model) -> None:
    empty = samples((28, 28), count=0)
    with pytest.raises(NnstudioError, match="no test part"):
        judge_dataset(noisy, empty)
