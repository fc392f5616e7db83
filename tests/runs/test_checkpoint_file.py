"""Going on from a file equals never having stopped."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from nnstudio.errors import NnstudioError
from nnstudio.runs.checkpoint_file import load_checkpoint, save_checkpoint
from nnstudio.runs.model_file import load_model, load_tensors, save_tensors
from nnstudio.training.checkpoint import Checkpoint
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData
from nnstudio.training.state import TrainingState


def trained(experiment: Experiment, data: PreparedData, steps: int) -> TrainingState:
    state = TrainingState.start(experiment, data)
    for _ in islice(train(state), steps):
        pass
    return state


@pytest.mark.parametrize("stop", [0, 1, 9, 13])
def test_going_on_from_a_file_equals_never_having_stopped(
    tmp_path: Path, experiment: Experiment, data: PreparedData, stop: int
) -> None:
    whole = trained(experiment, data, 1000)
    part = trained(experiment, data, stop)
    part.change("optimizer.learning_rate", experiment.optimizer.learning_rate)
    save_checkpoint(tmp_path / "c", part.checkpoint())
    state = TrainingState.restore(load_checkpoint(tmp_path / "c"), data)
    for _ in train(state):
        pass
    assert state.step == whole.step
    assert state.network.vector.tobytes() == whole.network.vector.tobytes()
    found, expected = state.history.view(), whole.history.view()
    np.testing.assert_array_equal(found.loss, expected.loss)
    np.testing.assert_array_equal(found.validation.loss, expected.validation.loss)
    assert state.recipe == whole.recipe


def test_a_checkpoint_comes_back_whole(
    tmp_path: Path, experiment: Experiment, data: PreparedData
) -> None:
    state = trained(experiment, data, 7)
    state.change("optimizer.learning_rate", 0.5)
    checkpoint = state.checkpoint()
    save_checkpoint(tmp_path / "c", checkpoint)
    found = load_checkpoint(tmp_path / "c")
    assert found.record == checkpoint.record
    assert found.vectors.keys() == checkpoint.vectors.keys()
    for name, vector in checkpoint.vectors.items():
        assert found.vectors[name].dtype == vector.dtype
        assert found.vectors[name].tobytes() == vector.tobytes()


def test_a_history_may_hold_what_is_unknown(
    tmp_path: Path, experiment: Experiment, data: PreparedData
) -> None:
    checkpoint = trained(experiment, data, 3).checkpoint()
    accuracy = np.full(3, np.nan)
    unknown = Checkpoint({**checkpoint.vectors, "history.score": accuracy}, checkpoint.record)
    save_checkpoint(tmp_path / "c", unknown)
    np.testing.assert_array_equal(
        load_checkpoint(tmp_path / "c").vectors["history.score"], accuracy
    )


def test_parameters_that_are_not_finite_are_not_saved(
    tmp_path: Path, experiment: Experiment, data: PreparedData
) -> None:
    checkpoint = trained(experiment, data, 3).checkpoint()
    vector = np.full_like(checkpoint.vectors["vector"], np.inf)
    with pytest.raises(NnstudioError, match="not finite"):
        save_checkpoint(
            tmp_path / "c", Checkpoint({**checkpoint.vectors, "vector": vector}, checkpoint.record)
        )


def test_a_checkpoint_is_not_taken_for_a_model(
    tmp_path: Path, experiment: Experiment, data: PreparedData
) -> None:
    save_checkpoint(tmp_path / "c", trained(experiment, data, 3).checkpoint())
    with pytest.raises(NnstudioError, match="is not a model"):
        load_model(tmp_path / "c")


@pytest.mark.parametrize("name", ["history.loss", "history.validation.step", "history.epoch_ends"])
def test_a_checkpoint_without_a_part_of_its_history_is_refused(
    tmp_path: Path, experiment: Experiment, data: PreparedData, name: str
) -> None:
    save_checkpoint(tmp_path / "c", trained(experiment, data, 3).checkpoint())
    vectors, record = load_tensors(tmp_path / "c", kind="checkpoint", loose="history.")
    del vectors[name]
    save_tensors(tmp_path / "c", vectors, record, kind="checkpoint", loose="history.")
    with pytest.raises(NnstudioError):
        load_checkpoint(tmp_path / "c")
