"""nnstudio range-test: which learning rate suits an experiment, from one short run."""

import argparse
import re
from typing import Any

from nnstudio.cli.loading import train_shown
from nnstudio.cli.naming import describe_experiment, experiment_of
from nnstudio.cli.reply import (
    DONE,
    INTERRUPTED,
    REFUSED,
    UsageError,
    interruptible,
    tell,
)
from nnstudio.data.progress import Cancelled
from nnstudio.texts import tr
from nnstudio.training.loop import Step
from nnstudio.training.range_test import (
    STEPS,
    RangeFinding,
    curve_of,
    range_experiment,
    suggestion,
)
from nnstudio.training.state import TrainingState


def describe(testing: argparse.ArgumentParser) -> None:
    """Say what can be typed behind `range-test`."""
    testing.set_defaults(command=run)
    describe_experiment(testing)
    testing.add_argument(
        "--steps",
        metavar="STEPS",
        default=str(STEPS),
        help=tr("how many steps the rate rises for; {steps} when left out", steps=STEPS),
    )


def run(asked: argparse.Namespace) -> int:
    """Make the test, tell which rate it suggests, and give the exit status."""
    steps = int(asked.steps) if re.fullmatch("[0-9]{1,9}", asked.steps) else 0
    if steps < 1:
        raise UsageError(tr("--steps takes a whole number from 1 on."))
    experiment = range_experiment(experiment_of(asked), steps=steps)
    with interruptible() as interrupt:
        try:
            state = train_shown(experiment, interrupt, _told_of)
        except Cancelled:
            return INTERRUPTED
    if interrupt.pressed:
        return INTERRUPTED
    ended = state.ended.reason if state.ended is not None else ""
    blown_up = ended in {"blown_up", "diverged"}
    found = suggestion(state.history.view(), blown_up=blown_up)
    tell(asked, _result(state, found, ended=ended), _told(state, found))
    return DONE if found is not None else REFUSED


def _told_of(step: Step) -> str:
    return tr("learning rate {rate:.1e}, loss {loss:.4f}", rate=step.rate, loss=step.loss)


def _result(state: TrainingState, found: RangeFinding | None, *, ended: str) -> dict[str, Any]:
    curve = curve_of(state.history.view())
    return {
        "suggested": found.suggested if found else None,
        "steepest": found.steepest if found else None,
        "lowest": found.bottom if found else None,
        "blown_up": found.blown_up if found else None,
        "ended": ended,
        "steps": state.step,
        "seconds": state.seconds,
        "rates": curve.rate.tolist(),
        "losses": curve.loss.tolist(),
        "smoothed": curve.smooth.tolist(),
    }


def _told(state: TrainingState, found: RangeFinding | None) -> list[str]:
    made = tr("{steps} steps in {seconds:.1f} s", steps=state.step, seconds=state.seconds)
    if found is None:
        return [
            made,
            tr(
                "at no rate the loss fell clearly more than it wavers from batch to batch; more "
                "--steps see more through the noise"
            ),
        ]
    lines = [
        made,
        tr("the loss falls fastest at {rate:.2g}", rate=found.steepest),
        tr("the loss is lowest at {rate:.2g}", rate=found.bottom),
    ]
    if found.blown_up is not None:
        lines.append(tr("the loss blows up at {rate:.2g}", rate=found.blown_up))
    return [*lines, tr("suggested learning rate {rate:g}", rate=found.suggested)]
