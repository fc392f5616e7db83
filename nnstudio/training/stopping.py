"""When a run ends: the first limit that is reached; an ending is a result, never an exception."""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.tasks import Task
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Stopping
from nnstudio.training.history import ValidationView
from nnstudio.training.smoothing import blown_up

Reason = Literal[
    "epochs", "steps", "patience", "seconds", "target", "blown_up", "diverged", "stopped"
]


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


@dataclass(frozen=True, eq=False)
class Kept:
    """The weights of the best validation on the whole part since they were asked for.

    Attributes
    ----------
    best : Best
        That validation.
    vector : ndarray, shape (P + buffers,)
        What was evaluated; never written to.
    """

    best: Best
    vector: NDArray[Any]


def ending_at(
    stopping: Stopping,
    *,
    step: int,
    epochs: int,
    seconds: float,
    best: Best | None,
    score: float | None,
    losses: NDArray[np.float64] | None = None,
    task: Task = "classes",
    first_step: int = 0,
    first_epoch: int = 0,
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
    losses : ndarray of float64, shape (step,), or None
        Of the batches, where they are known.
    task : {"classes", "labels", "values"}
        What the score is of, for the sentence.
    first_step, first_epoch : int
        Where the stage of the run began; its steps, epochs and losses count from there.
    """
    if score is not None:
        if stopping.target is not None and score >= stopping.target:
            name = "r_squared" if task == "values" else "accuracy"
            return _ending("target", step, target=stopping.target, **{name: score})
        waited = 0 if best is None else epochs - best.epoch
        if stopping.patience is not None and waited >= stopping.patience:
            return _ending("patience", step, epochs=stopping.patience)
    times = None if losses is None else stopping.blow_up
    if times is not None and losses is not None and blown_up(losses[first_step:], times):
        return _ending("blown_up", step, times=times)
    epochs, steps = epochs - first_epoch, step - first_step
    limits: tuple[tuple[Reason, float, float | None], ...] = (
        ("epochs", epochs, stopping.epochs),
        ("steps", steps, stopping.steps),
        ("seconds", seconds, stopping.seconds),
    )
    for reason, reached, limit in limits:
        if limit is not None and reached >= limit:
            return _ending(reason, step, epochs=epochs, seconds=limit)
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
    "blown_up": text(
        "Finished: the training loss rose to {times:g} times its lowest value (step {step})."
    ),
    "diverged": text("Diverged at step {step}: the numbers are no longer finite."),
    "stopped": text("Stopped after {step} steps."),
}


_TARGET_OF_VALUES: Final = text("Finished: validation R² {r_squared:.4f} reached {target:g}.")


def _ending(reason: Reason, step: int, **values: Any) -> Ending:
    return Ending(reason, step, _sentence(reason, {"step": step, **values}))


def _sentence(reason: Reason, values: dict[str, Any]) -> Text:
    known = _TARGET_OF_VALUES if "r_squared" in values else _SENTENCES[reason]
    return Text(known.template, values)


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


def best_at(validation: ValidationView, step: int) -> Best:
    """Give what the validation on the whole part after `step` steps said.

    Raises
    ------
    ValueError
        When there was none.
    """
    found = np.flatnonzero(validation.whole & (validation.step == step))
    if not len(found):
        raise ValueError(f"no validation after step {step}")
    return _best(validation, int(found[0]))


def best_of(validation: ValidationView) -> Best | None:
    """Give the best validation on the whole part, the first of equals; None when there is none."""
    whole = np.flatnonzero(validation.whole & np.isfinite(validation.loss))
    if not len(whole):
        return None
    at = int(whole[np.argmin(validation.loss[whole])])
    return _best(validation, at)


def _best(validation: ValidationView, at: int) -> Best:
    return Best(
        step=int(validation.step[at]),
        epoch=int(validation.epoch[at]),
        loss=float(validation.loss[at]),
        score=float(validation.score[at]),
    )
