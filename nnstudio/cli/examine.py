"""nnstudio examine: an experiment is trained for a while, and the doctor says what is wrong."""

import argparse
import re
import sys
from collections.abc import Sequence
from time import perf_counter
from typing import Any, Final

from nnstudio.cli.loading import start
from nnstudio.cli.naming import describe_experiment, experiment_of
from nnstudio.cli.reply import (
    DONE,
    INTERRUPTED,
    NOT_UNDERSTOOD,
    REFUSED,
    Interrupt,
    UsageError,
    complain,
    interruptible,
    tell,
)
from nnstudio.data.progress import Cancelled
from nnstudio.doctor.diagnosis import Diagnosis, Finding, Severity
from nnstudio.doctor.gradient_check import GradientReport
from nnstudio.doctor.headless import SECONDS, STEPS, Examined, checked_gradient, examined
from nnstudio.doctor.rules import RULES
from nnstudio.errors import NnstudioError
from nnstudio.runs.headless import finite
from nnstudio.runs.progress_bar import ProgressBar
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.loop import Step
from nnstudio.training.state import TrainingState

INDENT: Final = "    "


def describe(examining: argparse.ArgumentParser) -> None:
    """Say what can be typed behind `examine`."""
    examining.set_defaults(command=run)
    describe_experiment(examining)
    examining.add_argument(
        "--steps",
        metavar="STEPS",
        help=tr(
            "train so many steps at most; {steps} when left out, but no longer than {seconds:g} s",
            steps=STEPS,
            seconds=SECONDS,
        ),
    )


def run(asked: argparse.Namespace) -> int:
    """Examine, tell what was found and what was checked, and give the exit status."""
    steps = _steps(asked.steps)
    try:
        experiment = experiment_of(asked)
        with interruptible() as interrupt:
            found, gradient = _examined(experiment, steps, interrupt)
    except Cancelled:
        return INTERRUPTED
    except NnstudioError as error:
        # 1 means that something is broken in what was examined
        complain(error)
        return NOT_UNDERSTOOD
    if interrupt.pressed:
        return INTERRUPTED
    diagnosis = found.diagnosis
    rows = [_row(one) for one in diagnosis.findings]
    tell(
        asked,
        {"findings": rows, "steps": found.steps},
        [*_told(found), *_gradient_told(gradient)],
    )
    return REFUSED if diagnosis.worst is Severity.BROKEN else DONE


def _steps(typed: str | None) -> int | None:
    if typed is None:
        return None
    steps = int(typed) if re.fullmatch("[0-9]{1,9}", typed) else 0
    if steps < 1:
        raise UsageError(tr("--steps takes a whole number from 1 on."))
    return steps


def _examined(
    experiment: Experiment, steps: int | None, interrupt: Interrupt
) -> tuple[Examined, GradientReport | None]:
    begun = perf_counter()
    with ProgressBar(sys.stderr) as bar:
        state = start(experiment, bar, interrupt)
        last = min(one for one in (steps or STEPS, state.total_steps) if one is not None)

        def training(state: TrainingState, step: Step) -> None:
            words = tr("step {step}, loss {loss:.4f}", step=state.step, loss=step.loss)
            bar.show(step.step / last, words)

        found = examined(
            state,
            steps=steps or STEPS,
            # loading counts as well: who waits does not care what for
            seconds=SECONDS - (perf_counter() - begun) if steps is None else None,
            tell=training,
            wanted=lambda: not interrupt.pressed,
        )
        bar.show(None, tr("checking gradients"))
        return found, None if interrupt.pressed else checked_gradient(state, found)


def _row(finding: Finding) -> dict[str, Any]:
    """Give what scripts read of a finding."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.word,
        "step": finding.step,
        "first_value": finite(finding.first_value),
        "seen": finding.seen,
        "value": finite(finding.value),
        "limit": finite(finding.limit),
        "explained_by": finding.explained_by or None,
    }


def _told(found: Examined) -> list[str]:
    diagnosis = found.diagnosis
    lines = [tr("{steps} steps were made", steps=found.steps)]
    if found.out_of_time:
        lines.append(
            tr(
                "the time was up after {seconds:g} s; --steps {steps} makes them all",
                seconds=SECONDS,
                steps=STEPS,
            )
        )
    if not found.looked:
        lines.append(
            tr("no step of the whole network was made: nothing but the data was looked at")
        )
    for finding in diagnosis.findings:
        lines += ["", *_finding_told(finding)]
    if found.looked and not diagnosis.findings:
        lines += ["", tr("nothing is wrong that the doctor could see")]
    return [*lines, "", *_checked_told(diagnosis), *_unknown_told(diagnosis)]


def _finding_told(finding: Finding) -> Sequence[str]:
    indent = INDENT if finding.explained_by else ""
    severity = {
        Severity.BROKEN: tr("broken"),
        Severity.SLOW: tr("slow"),
        Severity.NOTE: tr("note"),
    }[finding.severity]
    lines = [
        tr(
            "{severity} from step {step}: {rule}",
            severity=severity,
            step=finding.step,
            rule=finding.rule,
        ),
        f"{INDENT}{finding.claim}",
        f"{INDENT}{finding.reason}",
    ]
    if finding.explained_by:
        lines.append(INDENT + tr("explained by {rule}", rule=finding.explained_by))
    lines += [INDENT + tr("remedy: {remedy}", remedy=one.told) for one in finding.remedies]
    return [indent + line for line in lines]


def _checked_told(diagnosis: Diagnosis) -> Sequence[str]:
    """Give the sentences of what was looked at and found well."""
    found = {one.rule for one in diagnosis.findings} | diagnosis.ignored
    well = [rule for rule in RULES if rule.name in set(diagnosis.checked) - found]
    if not well:
        return []
    return [tr("checked and found well:"), *(f"{INDENT}{rule.checks}" for rule in well)]


def _unknown_told(diagnosis: Diagnosis) -> Sequence[str]:
    if not diagnosis.unknown:
        return []
    names = {rule.name: rule.checks for rule in RULES}
    return [
        tr("not checked:"),
        *(
            line
            for name, why in diagnosis.unknown
            for line in (f"{INDENT}{names[name]}", f"{2 * INDENT}{why}")
        ),
    ]


def _gradient_told(report: GradientReport | None) -> list[str]:
    """Give what the gradient check says: where it fails, the mistakes that explain it."""
    if report is None:
        return []
    if report.passed:
        worst = max((block.relative_error for block in report.blocks), default=0.0)
        if worst == 0.0:
            return ["", tr("gradient check: passed, no difference beyond rounding")]
        return ["", tr("gradient check: passed, relative error {error:.1e}", error=worst)]
    return [
        "",
        tr("gradient check: failed at step {step}", step=report.step),
        *(
            INDENT
            + tr(
                "{name}: the gradient is off by {error:.1e}",
                name=block.name,
                error=block.relative_error,
            )
            for block in report.blocks
            if not block.passed
        ),
        *(
            INDENT + tr("{name}: the step is off by {error:.1e}", name=name, error=error)
            for name, error in report.updates.items()
            if error > report.limit
        ),
        *_named_told(report),
    ]


def _named_told(report: GradientReport) -> list[str]:
    lines = []
    for one in report.named.explanations:
        lines.append(f"{INDENT}{one.sentence}")
        lines += [
            2 * INDENT + tr("as it is: {formula}", formula=line)
            for line in one.formula_wrong.splitlines()
        ]
        lines += [
            2 * INDENT + tr("as it should be: {formula}", formula=line)
            for line in one.formula_right.splitlines()
        ]
    for pair in report.named.undecided:
        lines.append(INDENT + tr("cannot be told apart here: {names}", names=", ".join(pair)))
    return lines
