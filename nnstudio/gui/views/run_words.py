"""What the list of runs says of one: its state, its best validation, what it was trained with."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.forms.words import mistakes_of
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.numerals import grouped, loss, percent, r_squared
from nnstudio.runs.run import RunView, ends_of
from nnstudio.spec import title_of
from nnstudio.texts import mark, tr, tr_count
from nnstudio.training.experiment import Experiment
from nnstudio.training.snapshot import RunState
from nnstudio.training.sources import data_name_of

Values = NDArray[np.float64]

_WORDS: Final = {
    RunState.WAITING: mark("about to begin"),
    RunState.RUNNING: mark("running"),
    RunState.PAUSED: mark("paused"),
    RunState.FINISHED: mark("finished"),
    RunState.STOPPED: mark("stopped"),
    RunState.DIVERGED: mark("diverged"),
    RunState.FAILED: mark("failed"),
}


def best_of(run: RunView) -> str:
    """Give the best whole validation: accuracy or R² where there is one, else the loss."""
    history = run.snapshot.history
    if history is None or run.range_test or not len(history.validation):
        return ""
    whole = history.validation.whole
    scores, losses = history.validation.score[whole], history.validation.loss[whole]
    if np.isfinite(scores).any():
        return score_words(run, float(np.nanmax(scores)))
    return loss(float(np.nanmin(losses))) if np.isfinite(losses).any() else ""


def table_of(runs: Iterable[RunView]) -> str:
    """Give runs as CSV: name, state, steps, best whole validation, test, and classic mistakes."""
    header = ("run", "state", "steps", "best_loss", "best_score", "test_score", "mistakes")
    rows = []
    for run in runs:
        if not run.number:
            continue
        history = run.snapshot.history
        best: tuple[float | str, float | str] = ("", "")
        if history is not None and history.validation.whole.any():
            whole = history.validation.whole
            losses, scores = history.validation.loss[whole], history.validation.score[whole]
            best = (_known(losses, np.nanmin), _known(scores, np.nanmax))
        faults = () if run.recipe is None else run.recipe.latest.faults
        test = "" if run.test_score is None else run.test_score
        told = (run.snapshot.state.name.lower(), run.snapshot.step, *best, test)
        rows.append((run.name, *told, " ".join(one.kind for one in faults)))
    return csv_text(header, rows)


def _known(values: Values, best: Callable[[Values], Any]) -> float | str:
    return float(best(values)) if np.isfinite(values).any() else ""


def score_words(run: RunView, score: float, *, digits: int = 2) -> str:
    """Give an accuracy as a percentage, R² with its name."""
    if run.task == "values":
        return tr("R² {score}", score=r_squared(score))
    return percent(score, digits=digits)


def steps_of(run: RunView) -> str:
    """Give how many steps were made."""
    steps = run.snapshot.step
    return tr_count("{count} step", "{count} steps", steps, count=grouped(steps))


def state_of(run: RunView) -> str:
    """Give what the run is doing, and what a test has given."""
    if not run.number:
        return tr("press Train")
    state = tr(_WORDS[run.snapshot.state])
    if run.file:
        state = tr("{state}, from {file}", state=state, file=run.file)
    mistakes = mistakes_in(run)
    if mistakes:
        count = 0 if run.recipe is None else len(run.recipe.latest.faults)
        few = mistakes if count == 1 else tr_count("{count} mistake", "{count} mistakes", count)
        state = tr("{state}, with {mistakes}", state=state, mistakes=few)
    if run.test_score is None:
        return state
    return tr(
        "{state}, test {share}", state=state, share=score_words(run, run.test_score, digits=1)
    )


def mistakes_in(run: RunView) -> str:
    """Give the names of the classic mistakes that the run is trained with."""
    return mistakes_of(run.recipe.latest) if run.recipe is not None else ""


def sentence_of(run: RunView) -> str:
    """Give the row for who hears it."""
    if run.hidden:
        return tr(
            "{name}: {state}, step {step}, its curves are hidden",
            name=run.name,
            state=state_of(run),
            step=grouped(run.snapshot.step),
        )
    return tr(
        "{name}: {state}, step {step}",
        name=run.name,
        state=state_of(run),
        step=grouped(run.snapshot.step),
    )


def details_of(run: RunView) -> str:
    """Give what the run was trained with and what came of it, a line each."""
    lines = [run.name]
    if run.file:
        lines.append(tr("Opened from {file}", file=run.file))
    if run.began_with:
        lines.append(tr("Began with the weights of {file}", file=run.began_with))
    if run.recipe is not None and run.blueprint is not None:
        experiment = run.recipe.latest
        inputs, outputs = ends_of(run.blueprint.layout)
        units = (inputs, *(layer.units for layer in experiment.network.layers), outputs)
        lines += [
            tr("Data: {source}", source=data_name_of(experiment)),
            tr("Units: {units}", units=" → ".join(map(str, units))),
            tr(
                "Optimizer: {optimizer}, learning rate {rate}",
                optimizer=tr(title_of(type(experiment.optimizer))),
                rate=f"{experiment.optimizer.learning_rate:g}",
            ),
            tr("Batch size: {size}", size=grouped(experiment.batches.size)),
            *(
                [tr("Activation: {activation}", activation=_activations_of(experiment))]
                if experiment.network.layers
                else []
            ),
            tr("Loss: {loss}", loss=tr(title_of(type(experiment.loss)))),
            tr("Schedule: {schedule}", schedule=tr(title_of(type(experiment.schedule)))),
            *(
                [tr("Built-in mistakes: {mistakes}", mistakes=mistakes_of(experiment))]
                if experiment.faults
                else []
            ),
        ]
    if run.snapshot.step:
        lines.append(tr("Trained: {steps}", steps=steps_of(run)))
    best = best_of(run)
    if best:
        lines.append(tr("Best validation: {value}", value=best))
    rmse = _rmse_of(run)
    if rmse:
        lines.append(tr("Validation RMSE: {value}", value=rmse))
    if run.test_score is not None:
        share = score_words(run, run.test_score, digits=1)
        lines.append(
            tr("Test: {value}", value=share)
            if run.task == "values"
            else tr("Test accuracy: {share}", share=share)
        )
    return "\n".join(lines)


def _activations_of(experiment: Experiment) -> str:
    """Give the activations of the hidden layers, each once."""
    titles = [tr(title_of(type(layer.activation))) for layer in experiment.network.layers]
    return " · ".join(dict.fromkeys(titles))


def _rmse_of(run: RunView) -> str:
    """Give the RMSE of the last whole validation; nothing where no values are learned."""
    history = run.snapshot.history
    if history is None or run.task != "values" or not history.validation.whole.any():
        return ""
    return loss(float(history.validation.rmse[history.validation.whole][-1]))
