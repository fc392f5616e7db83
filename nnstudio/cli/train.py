"""nnstudio train: a whole run of an experiment, judged and kept."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from nnstudio.cli.loading import train_shown
from nnstudio.cli.naming import describe_experiment, experiment_of
from nnstudio.cli.reply import DONE, INTERRUPTED, Interrupt, interruptible, tell
from nnstudio.data.progress import Cancelled
from nnstudio.runs.headless import (
    HISTORY_FILE,
    MODEL_FILE,
    Outcome,
    judged,
    make_folder,
    save_outcome,
)
from nnstudio.runs.model import Model
from nnstudio.runs.model_file import load_model
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import Step


def describe(training: argparse.ArgumentParser) -> None:
    """Say what can be typed behind `train`."""
    training.set_defaults(command=run)
    describe_experiment(training)
    training.add_argument(
        "--from",
        dest="first",
        metavar="MODEL",
        type=Path,
        help=tr("begin with the weights of this model, whose layers must be the same"),
    )
    training.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        help=tr("folder for {model} and {history}", model=MODEL_FILE, history=HISTORY_FILE),
    )


def run(asked: argparse.Namespace) -> int:
    """Train, tell what came of it, and give the exit status."""
    experiment = experiment_of(asked)
    model = None if asked.first is None else load_model(asked.first)
    file = "" if asked.first is None else asked.first.name
    if asked.out is not None:
        make_folder(asked.out)
    with interruptible() as interrupt:
        try:
            outcome = _outcome(experiment, asked.out, interrupt, model=model, file=file)
        except Cancelled:
            outcome = Outcome("stopped")
    tell(asked, outcome.result(), _told(outcome))
    if asked.out is None and not asked.json:
        print(tr("nothing was kept; --out FOLDER keeps the model and its history"), file=sys.stderr)
    return INTERRUPTED if interrupt.pressed else DONE


def _outcome(
    experiment: Experiment,
    out: Path | None,
    interrupt: Interrupt,
    *,
    model: Model | None,
    file: str,
) -> Outcome:
    state = train_shown(experiment, interrupt, _told_of, model=model, file=file)
    outcome = judged(state)
    if out is None:
        return outcome
    return replace(outcome, model=str(save_outcome(out, state, outcome)))


def _told_of(step: Step) -> str:
    return tr("epoch {epoch}, loss {loss:.4f}", epoch=step.epoch, loss=step.loss)


def _told(outcome: Outcome) -> list[str]:
    state = {
        "finished": tr("finished"),
        "stopped": tr("stopped"),
        "diverged": tr("diverged: the numbers are no longer finite"),
    }[outcome.state]
    lines = [state]
    if outcome.steps is not None:
        lines.append(
            tr("{steps} steps in {seconds:.1f} s", steps=outcome.steps, seconds=outcome.seconds)
        )
    if outcome.train_loss is not None:
        lines.append(tr("training loss {loss:.4f}", loss=outcome.train_loss))
    if outcome.validation_accuracy is not None:
        lines.append(tr("validation accuracy {share:.2%}", share=outcome.validation_accuracy))
    if outcome.test_accuracy is not None:
        lines.append(tr("test accuracy {share:.2%}", share=outcome.test_accuracy))
    if outcome.validation_r_squared is not None:
        lines.append(tr("validation R² {score:.4f}", score=outcome.validation_r_squared))
    if outcome.validation_rmse is not None:
        lines.append(tr("validation RMSE {rmse:.4g}", rmse=outcome.validation_rmse))
    if outcome.test_r_squared is not None:
        lines.append(tr("test R² {score:.4f}", score=outcome.test_r_squared))
    if outcome.test_rmse is not None:
        lines.append(tr("test RMSE {rmse:.4g}", rmse=outcome.test_rmse))
    if outcome.model is not None:
        lines.append(tr("saved as {file}", file=outcome.model))
    return lines
