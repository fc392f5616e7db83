"""Runs made by hand, as views are given them."""

from collections.abc import Sequence
from dataclasses import replace

from nnstudio.runs.run import Blueprint, RunView
from nnstudio.training.history import History, HistoryView
from nnstudio.training.recipe import Change
from nnstudio.training.snapshot import RunState, Snapshot, Weights


def history_of(
    losses: Sequence[float],
    *,
    accuracies: Sequence[float] | None = None,
    epoch: int | None = None,
    validation: Sequence[float] = (),
    changes: Sequence[Change] = (),
) -> HistoryView:
    """Give a history of these losses; `validation` has the loss after each `epoch` steps."""
    history = History()
    for at, loss in enumerate(losses):
        accuracy = accuracies[at] if accuracies is not None else 0.5
        history.append(loss, accuracy, 0.01, 0.5 * (at + 1))
        step = at + 1
        if epoch and step % epoch == 0:
            number = step // epoch
            if number <= len(validation):
                history.append_validation(
                    step=step,
                    epoch=number,
                    loss=validation[number - 1],
                    score=1 - validation[number - 1],
                    whole=True,
                )
            history.end_epoch(step)
    for change in changes:
        history.append_change(change)
    return history.view()


def run_of(
    history: HistoryView | None,
    *,
    name: str = "run 1",
    current: bool = True,
    state: RunState = RunState.RUNNING,
    total: int | None = None,
    weights: Weights | None = None,
    blueprint: Blueprint | None = None,
) -> RunView:
    """Give a run with this history."""
    step = history.steps if history else 0
    snapshot = Snapshot(state=state, step=step, history=history, total_steps=total, weights=weights)
    return RunView(name, name, 0, current, snapshot, blueprint)


def cut(history: HistoryView, steps: int) -> HistoryView:
    """Give the first `steps` steps of a history, without a copy."""
    return replace(
        history,
        steps=steps,
        loss=history.loss[:steps],
        score=history.score[:steps],
        rate=history.rate[:steps],
        seconds=history.seconds[:steps],
    )
