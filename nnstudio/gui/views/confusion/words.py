"""What is said of answers and truth: a cell, the whole matrix, the calibration."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.widgets.numerals import grouped, percent
from nnstudio.runs.answers import Answers
from nnstudio.texts import tr, tr_count
from nnstudio.training.calibration import Calibration
from nnstudio.training.metrics import accuracy, recall

Counts = NDArray[np.int64]

EXAMPLES: Final = 3
MERELY: Final = 0.005
"""Of a gap in calibration smaller than this nothing is said."""


def cell_in_words(table: Counts, names: tuple[str, ...], cell: tuple[int, int]) -> str:
    """Give what one cell of a confusion matrix says."""
    row, column = cell
    count, total = int(table[row, column]), int(table[row].sum())
    share = percent(count / total, digits=1) if total else "–"
    if row == column:
        return tr(
            "{name}: {count} of {total} answered right, {share}",
            name=names[row],
            count=grouped(count),
            total=grouped(total),
            share=share,
        )
    return tr(
        "{name} taken for {answer}: {count} of {total}, {share}",
        name=names[row],
        answer=names[column],
        count=grouped(count),
        total=grouped(total),
        share=share,
    )


def matrix_in_words(table: Counts, names: tuple[str, ...], *, step: int) -> str:
    """Give the main point of a confusion matrix."""
    total = int(table.sum())
    answered = np.flatnonzero(table.sum(axis=0))
    if not total:
        return tr("There are no answers.")
    if len(answered) == 1 and len(table) > 1:
        name, share = names[int(answered[0])], percent(accuracy(table), digits=1)
        if not step:
            return tr(
                "Untrained, the network answers {name} to every sample, which is normal; {share} "
                "are right by chance.",
                name=name,
                share=share,
            )
        return tr("Every sample is answered {name}; {share} are right.", name=name, share=share)
    right = tr_count(
        "{share} of {count} sample are right.",
        "{share} of {count} samples are right.",
        total,
        count=grouped(total),
        share=percent(accuracy(table), digits=2),
    )
    return " ".join((right, *(_shifted(table, names) or _worst(table, names))))


def _shifted(table: Counts, names: tuple[str, ...]) -> list[str]:
    """Say that most classes are taken for another one each, where that is so."""
    total = table.sum(axis=1)
    taken_for = table.argmax(axis=1)
    clear = (table.max(axis=1) > total / 2) & (taken_for != np.arange(len(table)))
    moved = np.flatnonzero(clear)
    if len(moved) <= len(table) / 2 or len(set(taken_for[moved].tolist())) < len(moved):
        return []
    pairs = [f"{names[int(one)]} → {names[int(taken_for[one])]}" for one in moved[:EXAMPLES]]
    return [
        tr(
            "Most classes are taken for another one each ({pairs}): look whether the labels are "
            "shifted or mixed up.",
            pairs=", ".join(pairs),
        )
    ]


def comparison_in_words(table: Counts, before: Counts, name: str) -> str:
    """Give how many more answers are right than those of the run of this `name`."""
    more = int(np.trace(table)) - int(np.trace(before))
    if not more:
        return tr("As many are right as in {name}.", name=name)
    count, size = grouped(abs(more)), abs(more)
    if more > 0:
        return tr_count(
            "{count} more is right than in {name}.",
            "{count} more are right than in {name}.",
            size,
            count=count,
            name=name,
        )
    return tr_count(
        "{count} fewer is right than in {name}.",
        "{count} fewer are right than in {name}.",
        size,
        count=count,
        name=name,
    )


def _worst(table: Counts, names: tuple[str, ...]) -> list[str]:
    wrong = table - np.diag(np.diagonal(table))
    if not wrong.any():
        return [tr("None is taken for another.")]
    row, column = np.unravel_index(int(wrong.argmax()), wrong.shape)
    said = [
        tr_count(
            "Most often {name} is taken for {answer} ({count} time).",
            "Most often {name} is taken for {answer} ({count} times).",
            int(wrong[row, column]),
            count=grouped(int(wrong[row, column])),
            name=names[int(row)],
            answer=names[int(column)],
        )
    ]
    found = recall(table)
    least = int(np.nanargmin(found))
    if len(table) > 2:
        said.append(
            tr(
                "{name} is found least: {share}.",
                name=names[least],
                share=percent(float(found[least]), digits=1),
            )
        )
    return said


def calibration_in_words(found: Calibration | None) -> str:
    """Give the main point of a calibration."""
    if found is None:
        return tr(
            "These outputs are no probabilities: some lie below 0 or above 1, so nothing says how "
            "sure an answer is."
        )
    error = percent(found.error, digits=1)
    if np.isnan(found.error):
        return tr("There are no answers.")
    gap = found.gap
    if abs(gap) < MERELY:
        return tr(
            "Expected calibration error {error}: on average as sure as it is right.", error=error
        )
    by = percent(abs(gap), digits=1)
    if gap > 0:
        return tr(
            "Expected calibration error {error}: on average {gap} surer than it is right.",
            error=error,
            gap=by,
        )
    return tr(
        "Expected calibration error {error}: on average {gap} less sure than it is right.",
        error=error,
        gap=by,
    )


def values_in_words(answers: Answers, *, score: float, rmse: str) -> str:
    """Give the main point of answers that are numbers."""
    return tr(
        "{count} samples: R² {score}, typical error {rmse}. On the line an answer is exact.",
        count=grouped(len(answers.rows)),
        score=f"{score:.4f}".replace("-", "−"),
        rmse=rmse,
    )
