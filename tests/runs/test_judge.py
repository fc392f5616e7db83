"""A model is judged on whatever fits it, with its own scaling."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue import DataPlaces, Handwriting, Mnist, Noise, Source
from nnstudio.data.catalogue.imported import kept_set
from nnstudio.data.dataset import Dataset
from nnstudio.data.pictures import fitted
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from nnstudio.nn.activations import Sigmoid
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.headless import judged
from nnstudio.runs.judge import judge_dataset, judge_source, takes_digits
from nnstudio.runs.model import Model
from nnstudio.runs.predictor import Predictor
from nnstudio.tasks import Task
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData, load
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
        class_names=("2", "3", "7"),
        image_shape=shape,
        source="file",
        test_count=test_count,
    )


def of_sources(model: Model, *sources: Source) -> Model:
    experiment = model.recipe.experiment
    weighted = tuple(WeightedSource(source=one) for one in sources)
    data = replace(experiment.data, sources=weighted)
    return replace(model, recipe=replace(model.recipe, experiment=replace(experiment, data=data)))


def digits(model: Model) -> Model:
    return of_sources(model, Handwriting())


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


def test_pictures_of_another_size_are_only_resized(noisy: Model) -> None:
    small = samples((14, 14))
    grown = Dataset.of(
        np.stack([fitted(one.reshape(14, 14), (28, 28)) for one in small.inputs]).reshape(6, -1),
        small.targets,
        class_names=small.class_names,
        image_shape=(28, 28),
        source="file",
    )
    assert judge_dataset(noisy, small) == judge_dataset(noisy, grown)


def test_classes_that_the_model_does_not_have_are_refused(noisy: Model) -> None:
    data = samples((28, 28))
    more = Dataset.of(data.inputs, data.targets + 1, class_names=tuple("0123"), source="file")
    with pytest.raises(NnstudioError, match="do not fit"):
        judge_dataset(noisy, more)


def test_data_without_a_test_part_are_refused(noisy: Model) -> None:
    empty = samples((28, 28), count=0)
    with pytest.raises(NnstudioError, match="no test part"):
        judge_dataset(noisy, empty)


def answering(inputs: int, outputs: int, *, task: Task) -> Dataset:
    generator = np.random.default_rng(2)
    return Dataset.of(
        generator.normal(size=(9, inputs)),
        generator.integers(0, 2, (9, outputs)).astype(np.float64),
        class_names=(),
        source="file",
        task=task,
    )


@pytest.fixture(params=["labels", "values"])
def without_classes(request: pytest.FixtureRequest, noisy: Model) -> Model:
    task: Task = request.param
    network = replace(noisy.recipe.experiment.network, output=OutputLayer(activation=Sigmoid()))
    experiment = replace(
        noisy.recipe.experiment, network=network, loss=MeanSquaredError(over_outputs="sum")
    )
    return replace(noisy, recipe=replace(noisy.recipe, experiment=experiment), task=task)


def test_labels_and_values_are_judged_by_their_own_metrics(without_classes: Model) -> None:
    data = answering(784, 3, task=without_classes.task)
    found = judge_dataset(without_classes, data)
    predictor = Predictor(without_classes.blueprint)
    predictor.show(without_classes.vector)
    answers = predictor.probabilities(data.inputs)
    if without_classes.task == "labels":
        assert found.correct == int(((answers > 0.5) == (data.targets > 0.5)).sum())
    else:
        assert found.rmse == pytest.approx(np.sqrt(((answers - data.targets) ** 2).mean()))
    assert found.loss == pytest.approx(((answers - data.targets) ** 2).sum(axis=1).mean())


@pytest.mark.parametrize(("inputs", "outputs"), [(784, 4), (783, 3)])
def test_answers_of_another_size_are_refused(
    without_classes: Model, inputs: int, outputs: int
) -> None:
    with pytest.raises(NnstudioError, match=f"{inputs} numbers a sample and {outputs} answers"):
        judge_dataset(without_classes, answering(inputs, outputs, task=without_classes.task))


def test_what_another_task_asks_for_is_refused(without_classes: Model, noisy: Model) -> None:
    with pytest.raises(NnstudioError, match="they have classes to learn, and the model learned"):
        judge_dataset(without_classes, samples((28, 28)))
    with pytest.raises(NnstudioError, match="and the model learned classes"):
        judge_dataset(noisy, answering(784, 3, task="labels"))


def of_names(*names: str) -> Dataset:
    return replace(samples((28, 28)), class_names=names)


def test_classes_of_other_data_go_by_their_names(noisy: Model) -> None:
    own, turned = samples((28, 28)), of_names("7", "2", "3")
    as_named = replace(own, targets=np.array([2, 0, 1])[own.targets])
    assert judge_dataset(noisy, turned) == judge_dataset(noisy, as_named)


def test_numbers_are_equal_by_value(noisy: Model) -> None:
    own, padded = (
        judge_dataset(noisy, of_names(*names)) for names in (("2", "3", "7"), ("02", "03", "07"))
    )
    assert padded == own


def test_where_the_model_has_other_names_numbers_are_the_places_of_its_classes(
    noisy: Model,
) -> None:
    named = replace(noisy, class_names=("shirt", "coat", "bag"))
    unnamed = of_names("0", "1", "2")
    assert judge_dataset(named, unnamed) == judge_dataset(noisy, samples((28, 28)))


def test_a_class_that_was_never_learned_is_named(noisy: Model) -> None:
    with pytest.raises(NnstudioError, match="it has not learned the class cat"):
        judge_dataset(noisy, of_names("2", "cat", "7"))


WRITTEN = Handwriting(training=40, validation=10, test=30)


@pytest.fixture(scope="module", params=[(), (7, 2, 3)], ids=["all classes", "three classes"])
def mixed(request: pytest.FixtureRequest) -> tuple[PreparedData, Model]:
    sources = (WeightedSource(source=Noise(samples=90)), WeightedSource(source=WRITTEN, weight=2))
    experiment = Experiment(
        data=DataSettings(sources=sources, classes=request.param),
        network=NetworkSpec(layers=(HiddenLayer(units=4),)),
        stopping=Stopping(epochs=1),
    )
    data = load(experiment, PLACES, silent)
    state = TrainingState.start(experiment, data)
    return data, Model(
        recipe=state.recipe,
        layout=state.network.layout,
        vector=state.network.vector,
        class_names=data.class_names,
        image_shape=data.image_shape,
        scaling=data.scaling,
    )


def test_a_model_of_a_mixture_is_judged_on_the_test_parts_of_all(
    mixed: tuple[PreparedData, Model],
) -> None:
    data, model = mixed
    assert judge_source(model, None, PLACES, silent).count == len(data.split.test)


@pytest.mark.parametrize("place", [0, 1])
def test_of_a_mixture_one_source_alone_is_judged_on_what_was_held_out_of_it(
    mixed: tuple[PreparedData, Model], place: int
) -> None:
    data, model = mixed
    rows = data.split.test[data.origin[data.split.test] == place]
    alone = Dataset.of(
        data.dataset.inputs[rows],
        data.dataset.targets[rows],
        class_names=data.class_names,
        source="file",
    )
    named = (Noise(), Handwriting())[place]
    assert judge_source(model, named, PLACES, silent) == judge_dataset(model, alone)


def test_a_source_without_a_test_part_is_judged_whole_unless_it_was_trained_on(
    noisy: Model, mixed: tuple[PreparedData, Model]
) -> None:
    model = mixed[1]
    whole = replace(Noise(samples=50), test=0.0)
    with pytest.raises(NnstudioError, match="no test part"):
        judge_source(of_sources(noisy, whole), whole, PLACES, silent)
    found = judge_source(of_sources(model, Handwriting()), whole, PLACES, silent)
    expected = whole.load(PLACES, silent)
    assert found.count == int(np.isin(expected.targets, list(map(int, model.class_names))).sum())


def test_a_mixture_of_digits_takes_digits_and_another_does_not(
    mixed: tuple[PreparedData, Model],
) -> None:
    model = mixed[1]
    assert not takes_digits(model)
    assert takes_digits(of_sources(model, Mnist(), Handwriting()))


def test_of_two_imported_sets_the_one_that_is_named_is_judged(noisy: Model, tmp_path: Path) -> None:
    places = DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path, own=tmp_path)
    small, large = (kept_set(samples((28, 28), count), "a", places) for count in (6, 40))
    experiment = noisy.recipe.experiment
    own = (WeightedSource(source=large),)
    settings = replace(experiment.data, sources=own, classes=())
    recipe = replace(noisy.recipe, experiment=replace(experiment, data=settings))
    model = replace(noisy, recipe=recipe)
    assert judge_source(model, small, places, silent).count == 6
    assert judge_source(model, large, places, silent).count == 4
