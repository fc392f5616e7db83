"""When a run ends: the first limit that is reached; an ending is a result, never an exception."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from nnstudio.texts import Text, text
from nnstudio.training.experiment import Stopping
from nnstudio.training.history import ValidationView

Reason = Literal["epochs", "steps", "patience", "seconds", "target", "diverged", "stopped"]


@dataclass(frozen=True)
class Ending:
    """Why and where a run ended.

    Attributes
    ----------
    step : int
        How many steps had been made; of a run that diverged, the step that could not be made.
    text : Text
        One sentence for a person.
    """

    reason: Reason
    step: int
    text: Text


@dataclass(frozen=True)
class Best:
    """The lowest validation loss so far on the whole validation part."""

    step: int
    epoch: int
    loss: float
    score: float


def ending_at(
    stopping: Stopping,
    *,
    step: int,
    epochs: int,
    seconds: float,
    best: Best | None,
    score: float | None,
) -> Ending | None:
    """Give the ending that the limits ask for now, or None; the first in this order wins.

    Parameters
    ----------
    stopping : Stopping
        The limits.
    step, epochs : int
        How many steps and whole epochs have been made.
    seconds : float
        Training time without pauses.
    best : Best or None
        The best validation so far; its epoch counts for the patience.
    score : float or None
        Of a validation that was just made on the whole validation part.
    """
    if stopping.target is not None and score is not None and score >= stopping.target:
        return _ending("target", step, target=stopping.target, accuracy=score)
    if (
        stopping.patience is not None
        and best is not None
        and score is not None
        and epochs - best.epoch >= stopping.patience
    ):
        return _ending("patience", step, epochs=stopping.patience)
    if stopping.epochs is not None and epochs >= stopping.epochs:
        return _ending("epochs", step, epochs=epochs)
    if stopping.steps is not None and step >= stopping.steps:
        return _ending("steps", step)
    if stopping.seconds is not None and seconds >= stopping.seconds:
        return _ending("seconds", step, seconds=stopping.seconds)
    return None


def diverged(step: int) -> Ending:
    """Give the ending of a run whose step number `step` could not be made in finite numbers."""
    return _ending("diverged", step)


def stopped(step: int) -> Ending:
    """Give the ending of a run that was stopped after `step` steps."""
    return _ending("stopped", step)


_SENTENCES: Final[dict[Reason, Text]] = {
    "epochs": text("Finished: {epochs} epochs."),
    "steps": text("Finished: {step} steps."),
    "patience": text(
        "Finished: the validation loss has not fallen for {epochs} epochs (step {step})."
    ),
    "seconds": text("Finished: {seconds:g} s of training are over (step {step})."),
    "target": text("Finished: validation accuracy {accuracy:.2%} reached {target:.2%}."),
    "diverged": text("Diverged at step {step}: the numbers are no longer finite."),
    "stopped": text("Stopped after {step} steps."),
}


def _ending(reason: Reason, step: int, **values: Any) -> Ending:
    return Ending(reason, step, _sentence(reason, {"step": step, **values}))


def _sentence(reason: Reason, values: dict[str, Any]) -> Text:
    return Text(_SENTENCES[reason].template, values)


def ending_to_json(ending: Ending | None) -> dict[str, Any] | None:
    """Give what `json.dumps` takes."""
    if ending is None:
        return None
    return {
        "reason": ending.reason,
        "step": ending.step,
        "values": dict(ending.text.values),
    }


def ending_from_json(data: dict[str, Any] | None) -> Ending | None:
    """Give the ending that `ending_to_json` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        When the reason is none that is known, or its sentence lacks a value.
    """
    if data is None:
        return None
    values = {**data["values"], "step": data["step"]}
    ending = Ending(data["reason"], int(data["step"]), _sentence(data["reason"], values))
    str(ending.text)  # what cannot be said now could not be shown later either
    return ending


def best_of(validation: ValidationView) -> Best | None:
    """Give the best validation on the whole part, the first of equals; None when there is none."""
    whole = np.flatnonzero(validation.whole & np.isfinite(validation.loss))
    if not len(whole):
        return None
    at = int(whole[np.argmin(validation.loss[whole])])
    return Best(
        step=int(validation.step[at]),
        epoch=int(validation.epoch[at]),
        loss=float(validation.loss[at]),
        score=float(validation.score[at]),
    )
