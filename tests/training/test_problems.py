"""Problems: what legal values cannot do together is said at a row, with what would mend it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnstudio.data.augmentation import Distortions
from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.nn.activations import Identity, Relu, Sigmoid, Softmax, Tanh
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    KullbackLeibler,
    MeanAbsoluteError,
    MeanSquaredError,
)
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.schedules import Constant, Cosine
from nnstudio.paths import remedied, setting_at
from nnstudio.problems import Path
from nnstudio.tasks import Task
from nnstudio.training.experiment import Batches, DataSettings, Experiment, Stopping, WeightedSource
from nnstudio.training.problems import problems
from tests.strategies import Case, tiny_case, tiny_dataset, tiny_experiment


def paths(experiment: Experiment) -> list[Path]:
    return [problem.path for problem in problems(experiment, None)]


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


def test_validating_on_a_test_part_that_is_not_there_is_a_problem_and_its_remedy_mends_it() -> None:
    case = tiny_case()
    asked = replace(case.experiment, data=replace(case.experiment.data, validate_on_test=True))
    assert problems(asked, case.data.facts) == ()
    without = replace(case.data.facts, test=0)
    (problem,) = problems(asked, without)
    assert problem.path == ("data", "validate_on_test")
    assert problems(remedied(asked, problem.remedy), without) == ()


@pytest.mark.parametrize("name", ["patience", "target"])
def test_limits_that_need_a_validation_are_a_problem_without_samples_for_it(name: str) -> None:
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


# outputs and loss against what there is to learn


def asking(task: Task, *, outputs: int = 3) -> Dataset:
    """A few samples whose answers are of that kind."""
    if task == "classes":
        return tiny_dataset()
    answers = np.random.default_rng(0).integers(0, 2, (30, outputs)).astype(np.float64)
    return Dataset.of(answers + 1, answers, class_names=(), source="spirals", task=task)


def with_ends(task: Task, activation: Any, loss: Any, *, dataset: Dataset | None = None) -> Case:
    network = replace(tiny_experiment().network, output=OutputLayer(activation=activation))
    return tiny_case(dataset or asking(task), network=network, loss=loss)


@pytest.mark.parametrize(
    ("task", "activation", "loss"),
    [
        ("values", Identity(), MeanSquaredError()),
        ("values", Identity(), MeanAbsoluteError()),
        ("values", Sigmoid(), Huber()),
        ("labels", Sigmoid(), BinaryCrossEntropy()),
        ("labels", Softmax(), BinaryCrossEntropy()),
        ("labels", Identity(), MeanSquaredError()),
        ("classes", Softmax(), CrossEntropy()),
        ("classes", Softmax(), KullbackLeibler()),
        ("classes", Sigmoid(), BinaryCrossEntropy()),
        ("classes", Identity(), MeanSquaredError()),
        ("classes", Tanh(), Huber()),
    ],
)
def test_what_makes_sense_is_no_problem(task: Task, activation: Any, loss: Any) -> None:
    case = with_ends(task, activation, loss)
    assert problems(case.experiment, case.data.facts) == ()


@pytest.mark.parametrize(
    ("task", "activation", "loss"),
    [
        ("values", Softmax(), CrossEntropy()),
        ("values", Identity(), CrossEntropy()),
        ("values", Sigmoid(), BinaryCrossEntropy()),
        ("values", Softmax(), KullbackLeibler()),
        ("labels", Softmax(), KullbackLeibler()),
        ("labels", Relu(), KullbackLeibler()),
        ("labels", Relu(), BinaryCrossEntropy()),
        ("labels", Identity(), CrossEntropy()),
        ("classes", Identity(), CrossEntropy()),
        ("classes", Relu(), BinaryCrossEntropy()),
        ("classes", Tanh(), KullbackLeibler()),
    ],
)
def test_what_makes_no_sense_is_one_problem_whose_remedy_mends_it(
    task: Task, activation: Any, loss: Any
) -> None:
    case = with_ends(task, activation, loss)
    (found,) = problems(case.experiment, case.data.facts)
    assert found.path == ("loss",)
    mended = remedied(case.experiment, found.remedy)
    assert mended != case.experiment
    assert problems(mended, case.data.facts) == ()


def test_values_are_learned_with_identity_outputs_and_the_squared_error() -> None:
    case = with_ends("values", Softmax(), CrossEntropy())
    (found,) = problems(case.experiment, case.data.facts)
    assert "values to learn, which “cross-entropy” cannot compare" in str(found.message)
    mended = remedied(case.experiment, found.remedy)
    assert (mended.network.output.activation, mended.loss) == (Identity(), MeanSquaredError())


def test_a_pair_that_cannot_work_together_is_mended_before_the_data_are_known() -> None:
    case = with_ends("classes", Identity(), CrossEntropy())
    (found,) = problems(case.experiment, None)
    assert found.remedy == ((("network", "output", "activation"), Softmax()),)


def test_softmax_of_a_single_output_is_a_problem_of_the_output_layer() -> None:
    one = asking("values", outputs=1)
    case = with_ends("values", Softmax(), MeanSquaredError(), dataset=one)
    assert problems(case.experiment, None) == ()
    (found,) = problems(case.experiment, case.data.facts)
    assert found.path == ("network", "output", "activation")
    assert problems(remedied(case.experiment, found.remedy), case.data.facts) == ()


def test_classes_of_data_without_classes_are_a_problem_and_emptying_the_list_mends_it() -> None:
    case = with_ends("values", Identity(), MeanSquaredError())
    wrong = replace(case.experiment, data=replace(case.experiment.data, classes=(0, 1)))
    (found,) = problems(wrong, case.data.facts)
    assert found.path == ("data", "classes")
    assert remedied(wrong, found.remedy) == case.experiment


@pytest.mark.parametrize("before", [0, 2])
def test_what_is_wrong_with_a_source_is_said_at_its_row(before: int) -> None:
    sources = (*(Polynomial() for _ in range(before)), Polynomial(low=1, high=1))
    weighted = tuple(WeightedSource(source=one) for one in sources)
    wrong = Experiment(data=DataSettings(sources=weighted))
    (path,) = paths(wrong)
    assert path == ("data", "sources", before, "source", "high")
    assert setting_at(wrong, path).name == "high"


def test_fewer_samples_than_sources_are_a_problem_and_one_of_each_mends_it() -> None:
    sources = tuple(WeightedSource(source=Spirals(seed=seed)) for seed in range(3))
    wrong = tiny_experiment(data=DataSettings(sources=sources, limit=2))
    (found,) = problems(wrong, None)
    assert found.path == ("data", "limit")
    assert remedied(wrong, found.remedy).data.limit == 3
    assert problems(remedied(wrong, found.remedy), None) == ()


def test_batch_normalization_of_single_samples_is_a_problem_and_larger_batches_mend_it() -> None:
    row = HiddenLayer(units=3, normalization=BatchNorm())
    wrong = tiny_experiment(network=NetworkSpec(layers=(row,)), batches=Batches(size=1))
    (found,) = problems(wrong, None)
    assert found.path == ("batches", "size")
    assert problems(remedied(wrong, found.remedy), None) == ()
