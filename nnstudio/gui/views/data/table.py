"""The samples that are shown as CSV: inputs, what is true, and what the network answers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.views.samples import words_of
from nnstudio.training.prepared import PreparedData, Rows


def csv_of(data: PreparedData, rows: Rows, answers: NDArray[Any] | None) -> str:
    """Give `rows` of the data with their numbers as they are, before any scaling.

    `answers` (N, C) are outputs for these rows, None where there is no network.
    """
    header = ["sample", *(f"x{at + 1}" for at in range(data.inputs))]
    truth = _truth(data, rows)
    header += ["true"] if data.labels is not None else [f"y{at + 1}" for at in range(data.outputs)]
    inputs = data.dataset.inputs[rows].tolist()
    if answers is not None:
        header += [f"answer{at + 1}" for at in range(answers.shape[1])]
    lines = []
    for at, row in enumerate(rows.tolist()):
        said = [] if answers is None else answers[at].tolist()
        lines.append([row, *inputs[at], *truth[at], *said])
    return csv_text(header, lines)


def _truth(data: PreparedData, rows: Rows) -> list[list[object]]:
    if data.labels is not None:
        return [[words_of(data, row)] for row in rows.tolist()]
    return [list(one) for one in np.asarray(data.dataset.targets[rows], np.float64).tolist()]
