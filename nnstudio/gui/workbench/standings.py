"""Standing: how runs that are compared stand at equal steps, in one sentence."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.widgets.numerals import grouped, loss, percent, r_squared
from nnstudio.runs.run import Run
from nnstudio.runs.verdict import LESS_LOSS, MORE_SCORE, Judge, Quantity
from nnstudio.tasks import Task
from nnstudio.texts import Text, text
from nnstudio.training.experiment import Experiment
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


def same_loss(one: Experiment, other: Experiment) -> bool:
    """Whether two losses are one quantity; a mistake may tell another one than is set."""
    return one.loss == other.loss and one.faults == other.faults


def comparable(one: Experiment, other: Experiment, task: Task) -> bool:
    """Whether any number of two runs is one quantity.

    The largest output names a class, whatever the outputs are; a label counts as told from a half
    on, which shares of a whole rarely reach.
    """
    alike = one.network.output.activation == other.network.output.activation
    return task != "labels" or alike or same_loss(one, other)


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
        if not judge.comparable:
            told = text(
                "{first} and {second} have outputs of two kinds: neither loss nor accuracy says "
                "which is better.",
                **both,
            )
        elif judge.over:
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
    goes_on = next((one for one in runs if not one.snapshot.state.ended), None)
    told = text(
        "At step {step} neither is clearly ahead: {quantity} {one} of {first}, {other} of "
        "{second}.",
        **words,
    )
    if judge.over and goes_on is not None:
        told = text(
            "No clear winner after {step} steps, when {ended} ended: {quantity} {one} of {first}, "
            "{other} of {second}. {longer} goes on.",
            ended=next(name for run, name in zip(runs, names, strict=True) if run is not goes_on),
            longer=str(goes_on.name),
            **words,
        )
        return Standing(told, identities, found.step)
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


def standing_of_ends(rival: Run, remedied: Run, judge: Judge) -> Standing:
    """Give how far two runs have come, each at its own end."""
    runs = (rival, remedied)
    histories = [one.snapshot.history for one in runs]
    known = [one for one in histories if one is not None and one.steps]
    before = standing_of_race(rival, remedied, judge)
    if len(known) < len(runs) or not judge.comparable:
        return replace(before, over=True)
    column = "loss" if _kind_of_task(rival) == "labels" else "score"
    held_out = all(_has_validation(one, one.steps) for one in known)
    quantity = _NAMES[column, held_out]
    values = [_value_at(one, quantity, one.steps) for one in known]
    shown = _pair(quantity, (values[0], values[1]), rival)
    told = text(
        "{first} ended after {step} steps with {quantity} {one}, {second} after {later} with "
        "{other}.",
        first=str(rival.name),
        second=str(remedied.name),
        step=grouped(known[0].steps),
        later=grouped(known[1].steps),
        quantity=_QUANTITIES[quantity, _kind(rival)],
        one=shown[0],
        other=shown[1],
    )
    return Standing(told, before.runs, min(one.steps for one in known), over=True)


def standing_of_comparison(runs: tuple[Run, ...]) -> Standing | None:
    """Give how several runs stand after as many steps as all of them have made; None before."""
    identities = tuple(run.identity for run in runs)
    sound = [run for run in runs if run.snapshot.state not in _FALLEN and run.snapshot.history]
    step = min((run.snapshot.step for run in sound), default=0)
    if not step:
        return None
    over = all(run.snapshot.state.ended for run in runs)
    histories = [run.snapshot.history for run in sound if run.snapshot.history is not None]
    quantity, values = _told_by(sound, histories, step)
    if not any(np.isfinite(values)):
        return None
    order = [
        at for at in np.argsort(-values if _more(quantity) else values) if values[at] == values[at]
    ]
    best, worst = int(order[0]), int(order[-1])
    second = int(order[1]) if len(order) > 1 else best
    shown = [_number(quantity, float(values[at]), sound[at]) for at in (best, worst, second)]
    words = {
        "step": grouped(step),
        "best": str(sound[best].name),
        "worst": str(sound[worst].name),
        "second": str(sound[second].name),
        "quantity": _QUANTITIES[quantity, _kind(sound[best])],
        "more": shown[0],
        "less": shown[1],
        "next": shown[2],
    }
    if not _apart(quantity, values[best], values[worst]):
        told = text(
            "After {step} steps there is no clear difference: {quantity} {more} of “{best}”, "
            "{less} of “{worst}”.",
            **words,
        )
        return Standing(told, identities, step, over=over)
    if not _apart(quantity, values[best], values[second]):
        told = text(
            "After {step} steps “{best}” and “{second}” lead, too close to tell apart: {quantity} "
            "{more} and {next}; “{worst}” has {less}.",
            **words,
        )
        return Standing(told, identities, step, over=over)
    told = text(
        "At step {step} “{best}” is ahead: {quantity} {more}; “{worst}” has {less}.", **words
    )
    if over:
        told = text(
            "After {step} steps “{best}” is best: {quantity} {more}; “{worst}” has {less}.", **words
        )
    return Standing(told, identities, step, over=over, winner=sound[best].identity)


def _told_by(
    runs: list[Run], histories: list[HistoryView], step: int
) -> tuple[Quantity, NDArray[np.float64]]:
    """Give what runs are compared by: the score, or the loss where that alone tells them apart."""
    held_out = all(_has_validation(one, step) for one in histories)
    score = _NAMES["score", held_out]
    values = np.array([_value_at(one, score, step) for one in histories])
    known = [one.recipe.latest for one in runs if one.recipe is not None]
    one_loss = len(known) == len(runs) and all(same_loss(one, known[0]) for one in known)
    spread = values[np.isfinite(values)]
    if not one_loss or (len(spread) and _apart(score, spread.max(), spread.min())):
        return score, values
    loss = _NAMES["loss", held_out]
    return loss, np.array([_value_at(one, loss, step) for one in histories])


def _more(quantity: Quantity) -> bool:
    """Whether more of it is better."""
    return not quantity.endswith("loss")


def _apart(quantity: Quantity, better: float, worse: float) -> bool:
    """Whether two values differ by more than what one seed more would do."""
    if _more(quantity):
        return better - worse >= MORE_SCORE
    return worse - better >= LESS_LOSS * worse


def _has_validation(history: HistoryView, step: int) -> bool:
    return bool((history.validation.step <= step).any())


def _value_at(history: HistoryView, quantity: Quantity, step: int) -> float:
    column = "loss" if quantity.endswith("loss") else "score"
    if quantity.startswith("validation"):
        rows = history.validation
        return float(getattr(rows, column)[rows.step <= step][-1])
    return float(getattr(history, column)[max(0, step - RECENT_STEPS) : step].mean())


def _pair(quantity: Quantity, values: tuple[float, float], run: Run) -> tuple[str, str]:
    one, other = (_number(quantity, value, run) for value in values)
    return one, other


def _number(quantity: Quantity, value: float, run: Run) -> str:
    if quantity.endswith("loss"):
        return loss(value)
    return r_squared(value) if _kind(run) == "values" else percent(value, digits=1)


def _kind(run: Run) -> Task:
    return "values" if _kind_of_task(run) == "values" else "classes"


def _kind_of_task(run: Run) -> Task:
    return "classes" if run.blueprint is None else run.blueprint.task


_FALLEN: Final = {RunState.DIVERGED, RunState.FAILED}
_NAMES: Final[dict[tuple[str, bool], Quantity]] = {
    ("loss", True): "validation loss",
    ("loss", False): "loss",
    ("score", True): "validation score",
    ("score", False): "score",
}
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
