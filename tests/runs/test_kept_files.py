"""Files that released versions wrote: they still open, with everything that was in them."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue import DataPlaces
from nnstudio.runs.checkpoint_file import load_checkpoint
from nnstudio.runs.model_file import load_model
from nnstudio.training.loop import train
from nnstudio.training.prepared import load
from nnstudio.training.state import TrainingState

KEPT = Path(__file__).parent / "kept"


def restored(name: str, folder: Path) -> TrainingState:
    checkpoint = load_checkpoint(KEPT / name)
    places = DataPlaces((), folder, folder)
    return TrainingState.restore(
        checkpoint, load(checkpoint.experiment, places, lambda share, doing: None)
    )


def test_a_model_whose_history_knew_accuracies_still_opens() -> None:
    model = load_model(KEPT / "with_accuracy_model.safetensors")
    history = model.history
    assert history is not None
    assert history.score[:4].tolist() == [0.625, 0.625, 0.25, 0.625]
    assert history.validation.score.tolist() == [0.8, 0.8]
    assert np.isnan(history.validation.rmse).all()
    assert model.summary["validation_accuracy"] == 0.8


def test_a_run_that_was_stored_with_accuracies_goes_on_as_it_would_have(tmp_path: Path) -> None:
    checkpoint = load_checkpoint(KEPT / "with_accuracy_checkpoint.safetensors")
    data = load(
        checkpoint.experiment, DataPlaces((), tmp_path, tmp_path), lambda share, doing: None
    )
    state = TrainingState.restore(checkpoint, data)
    for _ in train(state):
        pass
    history = load_model(KEPT / "with_accuracy_model.safetensors").history
    assert history is not None
    assert state.step == 12
    assert state.history.view().loss == pytest.approx(history.loss, rel=1e-6)
    assert state.history.view().score.tolist() == history.score.tolist()
    assert state.history.view().validation.score.tolist() == [0.8, 0.8]


def test_the_sentence_of_a_run_that_reached_its_accuracy_still_reads(tmp_path: Path) -> None:
    checkpoint = load_checkpoint(KEPT / "with_accuracy_target.safetensors")
    data = load(
        checkpoint.experiment, DataPlaces((), tmp_path, tmp_path), lambda share, doing: None
    )
    ended = TrainingState.restore(checkpoint, data).ended
    assert ended is not None
    assert str(ended.text) == "Finished: validation accuracy 80.00% reached 10.00%."
