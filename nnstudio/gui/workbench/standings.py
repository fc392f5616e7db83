"""Standing: how runs that are compared stand at equal steps, in one sentence."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from nnstudio.gui.widgets.numerals import grouped, loss, percent, r_squared
from nnstudio.runs.run import Run
from nnstudio.runs.verdict import Judge, Quantity
from nnstudio.tasks import Task
from nnstudio.texts import Text, text
from nnstudio.training.history import HistoryView
from nnstudio.training.snapshot import RunState

RECENT_STEPS: Final = 50


@dataclass(frozen=True)
class Standing:
    """How the runs stand.

    Attributes
    ----------
    told : Text
        The sentence.
    runs : tuple of str
        Identities, in the order in which they were named; in a race the run so far comes first.
    step : int
        How many steps all of them had made; 0 before the first look.
    over : bool
        Whether nothing more will be said.
    winner : str
        Identity of the run that has clearly won a race, or is ahead in a comparison; or empty.
    """

    told: Text
    runs: tuple[str, ...]
    step: int = 0
    over: bool = False
    winner: str = ""


def standing_of_race(rival: Run, remedied: Run, judge: Judge) -> Standing:
    """Give how two runs stand that race."""
    runs, names = (rival, remedied), (str(rival.name), str(remedied.name))
    identities = (rival.identity, remedied.identity)
    found = judge.newest
    if judge.winner is not None:
        winner, loser = judge.winner, 1 - judge.winner
        if runs[loser].snapshot.state is RunState.DIVERGED:
            told = text(
                "{winner} has won: {loser} diverged at step {step}.",
                winner=names[winner],
                loser=names[loser],
                step=grouped(runs[loser].snapshot.step + 1),
            )
            step = min(one.snapshot.step for one in runs)
            return Standing(told, identities, step, over=True, winner=identities[winner])
        assert found is not None, "only a look names a winner"  # noqa: S101 - cannot happen
        values = _pair(found.quantity, (found.first, found.second), rival)
        told = text(
            "{winner} has clearly won at step {step}: {quantity} {better} against {worse} "
            "of {loser}.",
            winner=names[winner],
            loser=names[loser],
            step=grouped(found.step),
            quantity=_QUANTITIES[found.quantity, _kind(rival)],
            better=values[winner],
            worse=values[loser],
        )
        return Standing(told, identities, found.step, over=True, winner=identities[winner])
    if found is None:
        both = {"first": names[0], "second": names[1]}
        told = text("{first} and {second} race; they are compared at equal steps.", **both)
        if judge.over:
            told = text("The race of {first} and {second} ended too early to compare them.", **both)
        return Standing(told, identities, over=judge.over)
    values = _pair(found.quantity, (found.first, found.second), rival)
    words = {
        "first": names[0],
        "second": names[1],
        "step": grouped(found.step),
        "quantity": _QUANTITIES[found.quantity, _kind(rival)],
        "one": values[0],
        "other": values[1],
    }
    told = text(
        "At step {step} neither is clearly ahead: {quantity} {one} of {first}, {other} of "
        "{second}.",
        **words,
    )
    if judge.over:
        told = text(
            "No clear winner after {step} steps: {quantity} {one} of {first}, {other} of {second}.",
            **words,
        )
    elif found.leader is not None:
        told = text(
            "{leader} is ahead at step {step}: {quantity} {one} of {first}, {other} of {second}.",
            leader=names[found.leader],
            **words,
        )
    return Standing(told, identities, found.step, over=judge.over)


def standing_of_comparison(runs: tuple[Run, ...]) -> Standing | None:
    """Give how several runs stand after as many steps as all of them have made; None before."""
    identities = tuple(run.identity for run in runs)
    sound = [run for run in runs if run.snapshot.state not in _FALLEN and run.snapshot.history]
    step = min((run.snapshot.step for run in sound), default=0)
    if not step:
        return None
    over = all(run.snapshot.state.ended for run in runs)
    histories = [run.snapshot.history for run in sound if run.snapshot.history is not None]
    quantity: Quantity = (
        "validation score" if all(_has_validation(one, step) for one in histories) else "score"
    )
    values = [_value_at(one, quantity, step) for one in histories]
    if not any(np.isfinite(values)):
        return None
    best, worst = int(np.nanargmax(values)), int(np.nanargmin(values))
    shown = _pair(quantity, (values[best], values[worst]), sound[best])
    words = {
        "step": grouped(step),
        "best": str(sound[best].name),
        "worst": str(sound[worst].name),
        "quantity": _QUANTITIES[quantity, _kind(sound[best])],
        "more": shown[0],
        "less": shown[1],
    }
    told = text(
        "At step {step} “{best}” is ahead: {quantity} {more}; “{worst}” has {less}.", **words
    )
    if over:
        told = text(
            "After {step} steps “{best}” is best: {quantity} {more}; “{worst}” has {less}.", **words
        )
    return Standing(told, identities, step, over=over, winner=sound[best].identity)


def _has_validation(history: HistoryView, step: int) -> bool:
    return bool((history.validation.step <= step).any())


def _value_at(history: HistoryView, quantity: Quantity, step: int) -> float:
    if quantity == "validation score":
        rows = history.validation
        return float(rows.score[rows.step <= step][-1])
    recent = history.score[max(0, step - RECENT_STEPS) : step]
    return float(recent.mean())


def _pair(quantity: Quantity, values: tuple[float, float], run: Run) -> tuple[str, str]:
    one, other = (_number(quantity, value, run) for value in values)
    return one, other


def _number(quantity: Quantity, value: float, run: Run) -> str:
    if quantity.endswith("loss"):
        return loss(value)
    return r_squared(value) if _kind(run) == "values" else percent(value, digits=1)


def _kind(run: Run) -> Task:
    task: Task = "classes" if run.blueprint is None else run.blueprint.task
    return "values" if task == "values" else "classes"


_FALLEN: Final = {RunState.DIVERGED, RunState.FAILED}
_QUANTITIES: Final[dict[tuple[Quantity, Task], Text]] = {
    ("validation loss", "classes"): text("validation loss"),
    ("validation loss", "values"): text("validation loss"),
    ("validation score", "classes"): text("validation accuracy"),
    ("validation score", "values"): text("validation R²"),
    ("loss", "classes"): text("loss of the batches"),
    ("loss", "values"): text("loss of the batches"),
    ("score", "classes"): text("accuracy of the batches"),
    ("score", "values"): text("R² of the batches"),
}
