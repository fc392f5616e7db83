"""The history of a run as a table for other programs: one row a step, validation where it was."""

import csv
import io
from collections.abc import Iterator
from math import isnan
from pathlib import Path
from typing import Final

import numpy as np

from nnstudio.runs.saving import save_bytes
from nnstudio.tasks import Task
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
"""Of data with classes or labels."""
VALUE_COLUMNS: Final = (
    *(name.replace("accuracy", "r_squared") for name in COLUMNS),
    "validation_rmse",
)
"""Of data whose targets are values."""


def columns_of(task: Task) -> tuple[str, ...]:
    """Give the names of the columns."""
    return VALUE_COLUMNS if task == "values" else COLUMNS


def history_csv(history: HistoryView, *, task: Task) -> str:
    """Give the table as text: a line of `columns_of`, then the rows of `rows_of`."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns_of(task))
    writer.writerows(rows_of(history, task=task))
    return written.getvalue()


def rows_of(history: HistoryView, *, task: Task) -> Iterator[tuple[object, ...]]:
    """Give the values of `columns_of` for each step; what is unknown is ``""``, others are exact.

    `validation_part` says whether a validation was on the ``whole`` part or on a ``small`` one. One
    that was made before the first step has a row of its own, step 0.
    """
    found, width = history.validation, 4 if task == "values" else 3
    validated = {
        step: (_known(loss), _known(score), "whole" if whole else "small", _known(rmse))[:width]
        # where both were made after one step, the whole one comes later and wins
        for step, loss, score, whole, rmse in zip(
            found.step.tolist(),
            found.loss.tolist(),
            found.score.tolist(),
            found.whole.tolist(),
            found.rmse.tolist(),
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
        yield (step, epoch, *map(_known, values), *validated.get(step, ("",) * width))


def save_history(
    path: Path, history: HistoryView, *, task: Task, system: FileSystem = SYSTEM
) -> None:
    """Write the table into a file, whole or not at all.

    Raises
    ------
    NnstudioError
        When the file cannot be written; what was there, stays.
    """
    save_bytes(path, history_csv(history, task=task).encode(), system=system)


def _known(value: float) -> object:
    return "" if isnan(value) else value
