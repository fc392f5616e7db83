"""All curves of the session as one table of text, one row per step; no digit is left out."""

import csv
import io
from collections.abc import Iterator

import numpy as np

from nnstudio.runs.run import RunView
from nnstudio.training.history import HistoryView

COLUMNS = (
    "run",
    "step",
    "epoch",
    "seconds",
    "learning_rate",
    "train_loss",
    "train_accuracy",
    "validation_loss",
    "validation_accuracy",
    "validation_part",
)


def table_of(runs: tuple[RunView, ...]) -> str:
    """Give every step of every run as CSV, with a header; what is unknown is empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    for run in runs:
        if run.snapshot.history is not None:
            writer.writerows(_rows(run.name, run.snapshot.history))
    return written.getvalue()


def _rows(name: str, history: HistoryView) -> Iterator[tuple[object, ...]]:
    validation = history.validation
    checked = {
        step: (_known(loss), _known(accuracy), "whole" if whole else "small")
        for step, loss, accuracy, whole in zip(
            validation.step.tolist(),
            validation.loss.tolist(),
            validation.accuracy.tolist(),
            validation.whole.tolist(),
            strict=True,
        )
    }
    if 0 in checked:
        yield (name, 0, 0, 0.0, "", "", "", *checked[0])
    steps = np.arange(1, history.steps + 1)
    epochs = np.searchsorted(history.epoch_ends, steps, side="left") + 1
    columns = (history.seconds, history.rate, history.loss, history.accuracy)
    rows = zip(
        steps.tolist(), epochs.tolist(), *(column.tolist() for column in columns), strict=True
    )
    for step, epoch, seconds, rate, loss, accuracy in rows:
        yield (
            name,
            step,
            epoch,
            seconds,
            rate,
            _known(loss),
            _known(accuracy),
            *checked.get(step, ("", "", "")),
        )


def _known(value: float) -> object:
    return "" if np.isnan(value) else value
