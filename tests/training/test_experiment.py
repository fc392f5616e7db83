import json
from dataclasses import replace

import pytest
from hypothesis import given

from nnstudio.data.augmentation import Distortions
from nnstudio.errors import NnstudioError
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import CrossEntropy
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.schedules import Constant, Cosine
from nnstudio.paths import setting_at
from nnstudio.spec import Path
from nnstudio.training.experiment import (
    FORMAT_VERSION,
    DataSettings,
    Experiment,
    Stopping,
    dumps,
    loads,
    problems,
)
from tests.strategies import experiments, tiny_case, tiny_experiment


def paths(experiment: Experiment) -> list[Path]:
    return [problem.path for problem in problems(experiment, None)]


@given(experiments())
def test_an_experiment_survives_json(experiment: Experiment) -> None:
    assert loads(dumps(experiment)) == experiment


def test_every_field_is_written_with_the_version_of_the_format() -> None:
    data = json.loads(dumps(Experiment()))
    assert data["format_version"] == FORMAT_VERSION
    assert data["batches"] == {"size": 128, "replacement": False, "drop_last": False}


def test_fields_that_are_left_out_take_their_defaults() -> None:
    assert loads('{"format_version": 1, "seed": 7}') == Experiment(seed=7)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        "{}",
        '{"seed": 3}',
        '{"format_version": 2}',
        '{"format_version": 0}',
        '{"format_version": true}',
        '{"format_version": "1"}',
        '{"format_version": 1, "seed": -1}',
        '{"format_version": 1, "seeed": 1}',
        '{"format_version": 1, "optimizer": {"kind": "sgdd"}}',
        '{"format_version": 1, "optimizer": {"kind": "sgd", "learning_rate": NaN}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_experiment_is_refused_in_one_sentence(written: str) -> None:
    with pytest.raises(NnstudioError) as error:
        loads(written)
    assert len(str(error.value)) > 10


def test_a_newer_version_is_named_as_such() -> None:
    with pytest.raises(NnstudioError, match="newer"):
        loads('{"format_version": 99, "something": "new"}')


@given(experiments())
def test_experiments_that_run_have_no_problem(experiment: Experiment) -> None:
    assert problems(experiment, None) == ()


def test_the_default_has_no_problem() -> None:
    assert problems(Experiment(), None) == ()


def test_every_problem_lies_at_a_row_of_the_form() -> None:
    wrong = Experiment(
        network=NetworkSpec(output=OutputLayer(activation=Identity())),
        loss=CrossEntropy(),
        stopping=Stopping(epochs=None),
        data=DataSettings(classes=(3, 3)),
    )
    found = paths(wrong)
    assert len(found) == 3
    for path in found:
        assert setting_at(wrong, path).name == path[-1]


def test_a_run_without_any_limit_is_a_problem() -> None:
    never = Experiment(stopping=Stopping(epochs=None), schedule=Constant())
    assert paths(never) == [("stopping", "epochs")]


@pytest.mark.parametrize("stopping", [Stopping(epochs=None, seconds=3.0)])
def test_a_schedule_that_needs_an_end_is_a_problem_without_one(stopping: Stopping) -> None:
    assert paths(Experiment(stopping=stopping, schedule=Cosine())) == [("schedule",)]
    assert paths(Experiment(stopping=stopping, schedule=Constant())) == []
    assert paths(Experiment(stopping=replace(stopping, steps=3), schedule=Cosine())) == []


@pytest.mark.parametrize("classes", [(1,), (1, 1), (-1, 2)])
def test_classes_must_be_two_or_more_each_once(classes: tuple[int, ...]) -> None:
    assert paths(Experiment(data=DataSettings(classes=classes))) == [("data", "classes")]


def test_distortions_of_data_that_are_no_pictures_are_a_problem() -> None:
    case = tiny_case(augmentation=Distortions())
    assert problems(case.experiment, None) == ()
    assert [one.path for one in problems(case.experiment, case.data.facts)] == [("augmentation",)]
    pictures = replace(case.data.facts, image_shape=(2, 3))
    assert problems(case.experiment, pictures) == ()


def test_a_class_outside_the_data_is_a_problem_once_the_data_are_known() -> None:
    case = tiny_case()
    wrong = replace(case.experiment, data=replace(case.experiment.data, classes=(0, 3)))
    assert problems(wrong, None) == ()
    found = problems(wrong, case.data.facts)
    assert [problem.path for problem in found] == [("data", "classes")]
    assert "3" in str(found[0].message)


@pytest.mark.parametrize("name", ["patience", "target"])
def test_limits_that_need_a_validation_are_a_problem_without_samples_for_it(name: str) -> None:
    from nnstudio.data.catalogue.toys import Spirals
    from nnstudio.training.experiment import WeightedSource

    stopping = Stopping(epochs=3, patience=2) if name == "patience" else Stopping(target=0.9)
    case = tiny_case(
        stopping=stopping,
        data=DataSettings(sources=(WeightedSource(source=Spirals(validation=0.0)),)),
    )
    assert case.data.facts.validation == 0
    found = problems(case.experiment, case.data.facts)
    assert [problem.path for problem in found] == [("stopping", name)]
    with_samples = tiny_case(stopping=stopping)
    assert problems(with_samples.experiment, with_samples.data.facts) == ()


def test_equal_experiments_are_equal_and_hash_alike() -> None:
    assert tiny_experiment() == tiny_experiment()
    assert hash(tiny_experiment()) == hash(tiny_experiment())
