"""A run without a window is trained, judged and saved as it says."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.errors import NnstudioError
from nnstudio.paths import parse_at
from nnstudio.runs.headless import judged, make_folder, save_outcome, train_to_end
from nnstudio.runs.model_file import load_model
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import Step, train
from nnstudio.training.prepared import PreparedData
from nnstudio.training.replay import replay
from nnstudio.training.state import TrainingState


def nothing(state: TrainingState, step: Step) -> None:
    """Take no notice."""


def finished(experiment: Experiment, data: PreparedData) -> TrainingState:
    state = TrainingState.start(experiment, data)
    train_to_end(state, wanted=lambda: True, tell=nothing)
    return state


def test_a_run_is_trained_as_by_a_plain_loop(experiment: Experiment, data: PreparedData) -> None:
    plain = TrainingState.start(experiment, data)
    for _ in train(plain):
        pass
    assert finished(experiment, data).network.vector.tobytes() == plain.network.vector.tobytes()


def test_a_run_that_is_not_wanted_any_more_is_stopped(
    experiment: Experiment, data: PreparedData
) -> None:
    state = TrainingState.start(experiment, data)
    train_to_end(state, wanted=lambda: state.step < 5, tell=nothing)
    assert state.step == 5
    assert judged(state).state == "stopped"
    assert state.recipe.end_step == 5


def test_it_is_told_at_most_ten_times_a_second(experiment: Experiment, data: PreparedData) -> None:
    told: list[int] = []
    times = iter(range(10**6))
    state = TrainingState.start(experiment, data)
    train_to_end(
        state,
        wanted=lambda: True,
        tell=lambda _, step: told.append(step.step),
        clock=lambda: next(times) * 0.03,
    )
    assert 1 < len(told) < state.step


def test_the_outcome_is_that_of_the_final_network(
    experiment: Experiment, data: PreparedData
) -> None:
    state = finished(experiment, data)
    outcome = judged(state)
    validation = state.history.view().validation
    assert outcome.state == "finished"
    assert outcome.steps == state.step
    assert outcome.validation_accuracy == validation.score[-1]
    assert outcome.seconds == state.seconds


@pytest.mark.parametrize("setting", ["replacement=false", "replacement=true", "drop_last=true"])
@pytest.mark.parametrize("steps", [5, 13, 1000])
def test_samples_are_counted_as_they_were_seen(
    experiment: Experiment, data: PreparedData, setting: str, steps: int
) -> None:
    path, _, value = setting.partition("=")
    changed = parse_at(parse_at(experiment, f"batches.{path}", value), "batches.size", "7")
    state = TrainingState.start(changed, data)
    train_to_end(state, wanted=lambda: state.step < steps, tell=nothing)
    count = len(data.split.training)
    sizes = [7] * (count // 7) + ([count % 7] if setting != "drop_last=true" else [])
    assert count % 7
    outcome = judged(state)
    assert outcome.samples_per_second is not None
    seen = sum((sizes * 4)[: state.step])
    assert outcome.samples_per_second * state.seconds == pytest.approx(seen)


def test_what_is_saved_can_be_trained_again(
    experiment: Experiment, data: PreparedData, tmp_path: Path
) -> None:
    state = finished(experiment, data)
    path = save_outcome(tmp_path, state, judged(state))
    model = load_model(path)
    assert model.vector.tobytes() == state.network.vector.tobytes()
    assert replay(model.recipe, data).network.vector.tobytes() == model.vector.tobytes()
    np.testing.assert_array_equal(model.constant_inputs, data.facts.constant_inputs)
    assert model.history is not None
    np.testing.assert_array_equal(model.history.loss, state.history.view().loss)
    assert model.snapshot.total_steps == state.step


def test_the_summary_of_the_model_is_the_outcome(
    experiment: Experiment, data: PreparedData, tmp_path: Path
) -> None:
    state = finished(experiment, data)
    outcome = judged(state)
    summary = load_model(save_outcome(tmp_path, state, outcome)).summary
    assert summary["test_accuracy"] == outcome.test_accuracy
    assert summary["state"] == "finished"


def test_a_folder_that_is_there_already_is_fine(tmp_path: Path) -> None:
    make_folder(tmp_path)
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NnstudioError, match="cannot be made"):
        make_folder(tmp_path / "file")
