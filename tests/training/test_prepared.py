from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.catalogue import DataPlaces, Handwriting, Source
from nnstudio.data.catalogue.toys import Moons, Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Standardized
from nnstudio.data.progress import silent
from nnstudio.errors import NnstudioError
from nnstudio.tasks import Task
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import adapted, load, prepare
from tests.strategies import tiny_case, tiny_dataset, tiny_experiment


def test_the_parts_share_no_row_and_hold_all() -> None:
    data = tiny_case().data
    parts = [data.split.training, data.split.validation, data.split.test]
    rows = np.concatenate(parts)
    assert len(set(rows)) == len(rows) == 40
    assert [len(part) for part in parts] == [
        data.facts.training,
        data.facts.validation,
        data.facts.test,
    ]


def test_the_same_seed_splits_alike_and_another_one_does_not() -> None:
    one, other, third = (tiny_case(seed=seed).data.split.training for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, other)
    assert one.tolist() != third.tolist()


def test_facts_say_what_forms_need_to_know() -> None:
    facts = tiny_case().data.facts
    assert (facts.inputs, facts.outputs, facts.class_names) == (6, 3, ("a", "b", "c"))
    assert facts.constant_inputs.shape == (6,)
    assert len(facts.sha256) == 64


def test_who_validates_on_the_test_part_holds_nothing_out_and_says_so() -> None:
    experiment = tiny_experiment()
    data = prepare(
        replace(experiment, data=replace(experiment.data, validate_on_test=True)), tiny_dataset()
    )
    assert data.split.validation is data.split.test
    assert len(data.split.training) + len(data.split.test) == 40
    assert data.facts.validates_on_test
    assert not tiny_case().data.facts.validates_on_test


def test_chosen_classes_are_numbered_anew_in_their_order() -> None:
    experiment = tiny_experiment()
    chosen = replace(experiment, data=replace(experiment.data, classes=(2, 0)))
    dataset = tiny_dataset()
    data = prepare(chosen, dataset)
    assert data.class_names == ("c", "a")
    assert data.facts.known_classes == ("a", "b", "c")
    assert data.outputs == 2
    assert data.facts.sha256 == dataset.sha256
    assert data.labels is not None
    assert set(data.labels) == {0, 1}


@pytest.mark.parametrize("source", [Moons(), Spirals(validation=0.2, noise=0.3), Handwriting()])
def test_samples_of_one_source_are_not_taken_for_those_of_another(source: Source) -> None:
    case = tiny_case()
    elsewhere = DataSettings(sources=(WeightedSource(source=source),))
    changed = replace(case.experiment, data=elsewhere)
    with pytest.raises(NnstudioError, match="other data"):
        adapted(case.data, case.experiment, changed)


def test_other_shares_of_a_source_and_other_counts_are_told_apart() -> None:
    def with_source(source: Source) -> Experiment:
        return tiny_experiment(data=DataSettings(sources=(WeightedSource(source=source),)))

    data = tiny_case().data
    shares = [with_source(Spirals(validation=share)) for share in (0.0, 0.5)]
    assert adapted(data, *shares).facts.validation == 16
    counts = [with_source(Handwriting(validation=count)) for count in (100, 200)]
    with pytest.raises(NnstudioError, match="other data"):
        adapted(data, *counts)


def test_a_class_that_is_not_there_is_refused() -> None:
    experiment = tiny_experiment()
    with pytest.raises(NnstudioError, match="no class 7"):
        prepare(replace(experiment, data=replace(experiment.data, classes=(0, 7))), tiny_dataset())


def test_scaling_is_fitted_on_the_training_part_alone() -> None:
    data = tiny_case(scaling=Standardized(), precision="float64").data
    X = np.empty((data.facts.training, 6))
    data.scaling.into(data.dataset.inputs[data.split.training], X)
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(X.std(axis=0), 1)


def test_nobody_can_write_to_the_targets() -> None:
    with pytest.raises(ValueError, match="read-only"):
        tiny_case().data.targets[0] = 1


def test_a_source_is_loaded_and_prepared(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("places")
    places = DataPlaces((), folder / "cache", folder / "downloads")
    source = Spirals(samples=60, validation=0.2)
    experiment = tiny_experiment(
        data=DataSettings(sources=(WeightedSource(source=source),)), scaling=Standardized()
    )
    data = load(experiment, places, silent)
    assert data.outputs == 2
    assert data.image_shape is None
    assert data.facts.training + data.facts.validation + data.facts.test == 60


@pytest.mark.parametrize("task", ["labels", "values"])
def test_data_without_classes_have_targets_and_no_class_numbers(task: Task) -> None:
    answers = (np.arange(40.0).reshape(20, 2) // 3) % 2
    dataset = Dataset.of(
        answers * 200, answers, class_names=("p", "q"), source="spirals", task=task
    )
    data = prepare(tiny_experiment(), dataset)
    assert data.labels is None
    assert data.targets.tolist() == answers.tolist()
    assert data.targets.dtype == np.float32
    assert (data.task, data.outputs, data.class_names) == (task, 2, ("p", "q"))
    assert data.facts.known_classes == ()


def test_classes_of_data_without_classes_are_refused() -> None:
    experiment = tiny_experiment()
    wrong = replace(experiment, data=replace(experiment.data, classes=(0, 1)))
    values = Dataset.of(
        np.ones((9, 1)), np.ones((9, 1)), class_names=(), source="spirals", task="values"
    )
    with pytest.raises(NnstudioError, match="no classes to choose from"):
        prepare(wrong, values)
