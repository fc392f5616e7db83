from dataclasses import replace

import numpy as np
import pytest

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.data.catalogue.toys import Moons
from nnstudio.data.progress import Cancelled, silent
from nnstudio.nn.activations import Identity, Sigmoid, Softmax
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec, build
from nnstudio.runs.answers import Answers, ask, is_trained_on, newest_of, step_of
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.training.evaluation import evaluate
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData, load
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot, Weights

MOONS = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Moons(samples=90)),)),
    network=NetworkSpec(layers=(HiddenLayer(units=4),)),
)
CURVE = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Polynomial(samples=60)),)),
    network=NetworkSpec(layers=(HiddenLayer(units=4),), output=OutputLayer(activation=Identity())),
    loss=MeanSquaredError(),
)


def nothing() -> None:
    """Go on."""


def loaded(experiment: Experiment) -> PreparedData:
    return load(experiment, DataPlaces.standard(), silent)


def run_of(experiment: Experiment, data: PreparedData, *, step: int = 5) -> RunView:
    network = build(
        experiment.network,
        inputs=data.inputs,
        outputs=data.outputs,
        loss=experiment.loss,
        dtype=np.float32,
    )
    vector = np.random.default_rng(0).normal(size=network.layout.size).astype(np.float32)
    blueprint = Blueprint(
        network=experiment.network,
        layout=network.layout,
        class_names=data.class_names,
        image_shape=data.image_shape,
        scaling=data.scaling,
        task=data.task,
        initial=np.zeros_like(vector),
    )
    return RunView(
        identity="run-1",
        name="Run 1",
        number=1,
        current=True,
        snapshot=Snapshot(RunState.RUNNING, step, weights=Weights(step, vector)),
        blueprint=blueprint,
        recipe=Recipe(experiment, data_sha256=data.facts.sha256),
    )


def test_the_share_of_right_answers_is_that_of_the_evaluation() -> None:
    data = loaded(MOONS)
    run = run_of(MOONS, data)
    answers = ask(run, data, "training", go_on=nothing)
    assert answers is not None
    network = build(MOONS.network, inputs=2, outputs=2, loss=MOONS.loss, dtype=np.float32)
    vector = newest_of(run)
    assert vector is not None
    network.vector[:] = vector
    found = evaluate(network, data, data.split.training)
    assert int(np.trace(answers.table)) == found.correct
    assert answers.table.sum() == found.count == len(data.split.training)
    assert answers.step == 5


def test_rows_of_the_table_are_the_true_classes() -> None:
    data = loaded(MOONS)
    answers = ask(run_of(MOONS, data), data, "validation", go_on=nothing)
    assert answers is not None
    assert data.labels is not None
    counted = np.bincount(data.labels[data.split.validation], minlength=2)
    assert answers.table.sum(axis=1).tolist() == counted.tolist()


def answers_of(outputs: list[list[float]], truth: list[int], **values: object) -> Answers:
    array = np.array(outputs)
    whole: dict[str, object] = {
        "identity": "run-1",
        "part": "validation",
        "step": 1,
        "task": "classes",
        "rows": np.arange(len(array)),
        "of": len(array),
        "lost": 0,
        "outputs": array,
        "targets": np.eye(array.shape[1])[truth],
        "truth": np.array(truth),
        "said": array.argmax(axis=1),
        "shared": True,
    }
    return Answers(**(whole | values))  # type: ignore[arg-type]  # values of a test


def test_mistakes_come_with_the_surest_first() -> None:
    answers = answers_of([[0.6, 0.4], [0.1, 0.9], [0.2, 0.8], [0.9, 0.1]], [1, 0, 1, 0])
    assert answers.mistakes.tolist() == [1, 0]
    assert answers.confidence.tolist() == [0.6, 0.9, 0.8, 0.9]


def test_outputs_beyond_0_and_1_are_no_probabilities() -> None:
    answers = answers_of([[2.0, -1.0], [0.5, 0.6]], [0, 1])
    assert not answers.are_shares
    assert answers.calibration is None


def test_probabilities_have_a_calibration() -> None:
    answers = answers_of([[0.9, 0.1], [0.9, 0.1]], [0, 1])
    assert answers.calibration is not None
    assert answers.calibration.error == pytest.approx(0.4)


def labelled() -> tuple[Experiment, PreparedData]:
    wide = replace(
        MOONS,
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Sigmoid())),
        loss=BinaryCrossEntropy(),
    )
    data = loaded(wide)
    targets = np.stack([data.targets[:, 0], 1 - data.targets[:, 0]], axis=1)
    facts = replace(data.facts, task="labels", class_names=("left", "right"))
    return wide, replace(data, labels=None, targets=targets, facts=facts)


def test_each_label_of_a_sample_is_a_case_of_its_own() -> None:
    experiment, data = labelled()
    answers = ask(run_of(experiment, data), data, "validation", go_on=nothing)
    assert answers is not None
    samples = len(data.split.validation)
    assert len(answers.truth) == 2 * samples
    assert answers.table_of(0).sum() == samples
    assert (answers.table_of(0) + answers.table_of(1)).tolist() == answers.table.tolist()
    assert answers.sample_of(5) == 2
    assert answers.label_of(5) == 1
    said_no = answers.said == 0
    assert answers.confidence[said_no] == pytest.approx(1 - answers.outputs.ravel()[said_no])


def test_of_values_the_farthest_off_comes_first() -> None:
    data = loaded(CURVE)
    answers = ask(run_of(CURVE, data), data, "validation", go_on=nothing)
    assert answers is not None
    off = np.abs(answers.outputs - answers.targets)[:, 0]
    assert answers.distance == pytest.approx(off)
    assert answers.residuals[0] == off.argmax()
    assert answers.calibration is None
    assert not len(answers.truth)


def test_answers_that_are_no_numbers_are_counted_and_left_out() -> None:
    data = loaded(MOONS)
    run = run_of(MOONS, data)
    assert run.snapshot.weights is not None
    broken = run.snapshot.weights.vector.copy()
    broken[-1] = np.nan
    run = replace(run, snapshot=replace(run.snapshot, weights=Weights(6, broken)))
    answers = ask(run, data, "validation", go_on=nothing)
    assert answers is not None
    assert answers.lost == len(data.split.validation)
    assert not len(answers.rows)
    assert answers.table.sum() == 0


def test_before_the_first_step_the_start_answers() -> None:
    data = loaded(MOONS)
    run = run_of(MOONS, data)
    run = replace(run, snapshot=Snapshot(RunState.WAITING, 0))
    assert step_of(run) == 0
    answers = ask(run, data, "validation", go_on=nothing)
    assert answers is not None
    assert np.ptp(answers.outputs) == 0
    assert isinstance(MOONS.network.output.activation, Softmax)
    assert answers.shared


def test_without_weights_there_are_no_answers() -> None:
    data = loaded(MOONS)
    run = replace(run_of(MOONS, data), blueprint=None)
    assert ask(run, data, "validation", go_on=nothing) is None


def test_asking_can_be_ended() -> None:
    def end() -> None:
        raise Cancelled

    data = loaded(MOONS)
    with pytest.raises(Cancelled):
        ask(run_of(MOONS, data), data, "training", go_on=end)


def test_a_run_belongs_to_the_data_it_was_split_from() -> None:
    data = loaded(MOONS)
    run = run_of(MOONS, data)
    assert is_trained_on(run, data, MOONS)
    assert not is_trained_on(run, loaded(CURVE), CURVE)
    other = replace(MOONS, seed=1)
    assert not is_trained_on(run, loaded(other), other)
