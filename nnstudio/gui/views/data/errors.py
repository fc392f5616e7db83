"""How far off the network is that is drawn, over both parts: so over-fitting has a number too."""

from dataclasses import dataclass

import numpy as np

from nnstudio.gui.views.data.answers import Answers
from nnstudio.gui.widgets.numerals import loss, percent, r_squared
from nnstudio.runs.run import RunView
from nnstudio.texts import tr
from nnstudio.training.metrics import Tally
from nnstudio.training.prepared import PreparedData, Rows


@dataclass(frozen=True, eq=False)
class Errors:
    """What the answers to the training and to the validation part add up to."""

    values: bool
    training: Tally
    validation: Tally


def errors_of(answers: Answers, data: PreparedData, most: int) -> Errors | None:
    """Ask for all samples of both parts; None where they are more than `most`, or there are none.

    The newest weights are asked, where a run knows its validation of the last epoch.
    """
    training, validation = data.split.training, data.split.validation
    if not len(validation) or len(training) + len(validation) > most:
        return None
    return Errors(
        data.task == "values", _tally(answers, data, training), _tally(answers, data, validation)
    )


def errors_in_words(errors: Errors) -> list[str]:
    """Give the errors in the numbers that suit the task."""
    training, validation = errors.training, errors.validation
    if not errors.values:
        return [
            tr(
                "right: training {training}, validation {validation}",
                training=percent(training.score, digits=1),
                validation=percent(validation.score, digits=1),
            )
        ]
    return [
        tr(
            "RMSE: training {training}, validation {validation}",
            training=loss(training.rmse),
            validation=loss(validation.rmse),
        ),
        tr(
            "R²: training {training}, validation {validation}",
            training=r_squared(training.score),
            validation=r_squared(validation.score),
        ),
    ]


def validation_in_words(run: RunView) -> list[str]:
    """Give the last whole validation of a run, where all samples are too many to be asked for."""
    history = run.snapshot.history
    if history is None or not history.validation.whole.any():
        return []
    row = int(np.flatnonzero(history.validation.whole)[-1])
    score = float(history.validation.score[row])
    if run.task != "values":
        return [tr("right: validation {validation}", validation=percent(score, digits=1))]
    return [
        tr(
            "validation: RMSE {rmse}, R² {score}",
            rmse=loss(float(history.validation.rmse[row])),
            score=r_squared(score),
        )
    ]


def _tally(answers: Answers, data: PreparedData, rows: Rows) -> Tally:
    tally = data.tally(rows, answers.activation)
    # weights that have blown up answer with numbers whose squares overflow
    with np.errstate(all="ignore"):
        tally.add(answers.to(data.dataset.inputs[rows]), data.targets.take(rows, axis=0), rows)
    return tally
