"""The history of a run as a table for other programs: one row a step, validation where it was."""

import csv
import io
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Final

import numpy as np

from nnstudio.runs.saving import save_bytes
from nnstudio.training.history import HistoryView
from nnstudio.whole_files import SYSTEM, FileSystem

COLUMNS: Final = (
    "step",
    "epoch",
    "train_loss",
    "train_accuracy",
    "learning_rate",
    "seconds",
    "validation_loss",
    "validation_accuracy",
    "validation_part",
)


def history_csv(history: HistoryView) -> str:
    """Give the table as text: a line of `COLUMNS`, then the rows of `rows_of`."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(history))
    return written.getvalue()


def rows_of(history: HistoryView) -> Iterator[tuple[object, ...]]:
    """Give the values of `COLUMNS` for each step; what is unknown is ``""``, numbers are exact.

    `validation_part` says whether a validation was on the ``whole`` part or on a ``small`` one. One
    that was made before the first step has a row of its own, step 0.
    """
    found = history.validation
    validated = {
        step: (_known(loss), _known(score), "whole" if whole else "small")
        # where both were made after one step, the whole one comes later and wins
        for step, loss, score, whole in zip(
            found.step.tolist(),
            found.loss.tolist(),
            found.score.tolist(),
            found.whole.tolist(),
            strict=True,
        )
    }
    if 0 in validated:
        yield (0, 0, "", "", "", 0.0, *validated[0])
    steps = np.arange(1, history.steps + 1)
    epochs = np.searchsorted(history.epoch_ends, steps) + 1
    columns = (history.loss, history.score, history.rate, history.seconds)
    for step, epoch, *values in zip(
        steps.tolist(), epochs.tolist(), *(column.tolist() for column in columns), strict=True
    ):
        yield (step, epoch, *map(_known, values), *validated.get(step, ("", "", "")))


def save_history(path: Path, history: HistoryView, *, system: FileSystem = SYSTEM) -> None:
    """Write the table into a file, whole or not at all.

    Raises
    ------
    NnstudioError
        When the file cannot be written; what was there, stays.
    """
    save_bytes(path, history_csv(history).encode(), system=system)


def _known(value: float) -> object:
    return "" if isnan(value) else value
