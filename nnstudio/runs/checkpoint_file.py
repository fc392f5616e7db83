"""Checkpoint files: the same machinery as model files; going on equals never having stopped."""

from pathlib import Path
from typing import Final

from nnstudio.runs.model_file import load_tensors, save_tensors
from nnstudio.training.checkpoint import Checkpoint, history_of
from nnstudio.training.history import PREFIX
from nnstudio.whole_files import SYSTEM, FileSystem

_KIND: Final = "checkpoint"


def save_checkpoint(path: Path, checkpoint: Checkpoint, *, system: FileSystem = SYSTEM) -> None:
    """Write a checkpoint into a file, whole or not at all.

    Raises
    ------
    NnstudioError
        When a parameter is not finite or the file cannot be written; what was there, stays.
    """
    save_tensors(
        path, checkpoint.vectors, checkpoint.record, kind=_KIND, loose=PREFIX, system=system
    )


def load_checkpoint(path: Path) -> Checkpoint:
    """Give the checkpoint in a file; its experiment, position and history have been read once.

    That its vectors fit a network is checked when a run is restored from it, because the sizes of
    both ends come from the data.

    Raises
    ------
    NnstudioError
        When the file is missing, foreign, newer, damaged or not finite.
    """
    vectors, record = load_tensors(path, kind=_KIND, loose=PREFIX)
    checkpoint = Checkpoint(vectors, record)
    history_of(checkpoint)
    checkpoint.experiment  # noqa: B018 - whoever goes on from it must find it legal
    return checkpoint
