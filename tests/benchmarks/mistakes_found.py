"""How every classic mistake is found: by which rules, and by which name in the gradient check.

`uv run python tests/benchmarks/mistakes_found.py [--steps 400] [--only NAME ...] [--json]`

Each mistake is built in twice: behind the Experiment, where no switch tells of it, and as a switch
of it. The run is examined for the first steps at the fixed Moments; the gradient check looks at the
first three. A row says by what it is to be found, whether it was, whether both ways found the same,
what the check named, whether a finding offers to take the mistake out, and all findings (folded
ones in brackets). The groups of the cases follow. Ends with 1 when anything was missed.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import Any

import numpy as np

from nnstudio.data.catalogue import DataPlaces, Handwriting
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw
from nnstudio.data.progress import silent
from nnstudio.doctor.diagnosis import Severity
from nnstudio.doctor.gradient_check import check_steps
from nnstudio.doctor.headless import examined
from nnstudio.faults import FAULTS, fault_named, seams_of
from nnstudio.nn.activations import Sigmoid
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.initializers import Normal
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Sgd
from nnstudio.nn.schedules import Constant
from nnstudio.spec import kind_of
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.prepared import prepare
from nnstudio.training.sources import load_sources
from nnstudio.training.state import TrainingState

CHECK = "gradient check"
UPDATE = "update check"
EXPECTED: dict[str, tuple[str, ...]] = {
    "softmax-over-batch": ("outputs-do-not-sum", CHECK),
    "row-wise-numerical-gradient": (CHECK,),
    "summed-gradient": ("gradient-scaled", CHECK),
    "derivative-at-error": (CHECK,),
    "activation-derivative-missing": (CHECK,),
    "bias-gradient-before-activation": (CHECK,),
    "bias-gradient-wrong-axis": (CHECK,),
    "bias-gradient-of-one-sample": (CHECK,),
    "divided-by-inputs": (CHECK,),
    "targets-not-clipped": (),
    "loss-of-another-gradient": (CHECK,),
    "transposed-error": (CHECK,),
    "gradient-sign": ("gradient-sign", CHECK),
    "gradient-accumulates": (CHECK,),
    "update-not-applied": (UPDATE,),
    "bias-never-updated": (UPDATE,),
    "softmax-twice": ("softmax-twice", CHECK),
    "inputs-shuffled-without-targets": ("labels-off",),
    "labels-off-by-one": ("labels-off",),
    "samples-sorted-by-class": ("one-class-per-batch",),
    "validation-in-training": ("validation-in-training",),
    "dropout-active-in-prediction": ("evaluation-differs",),
    "evaluation-scaled-differently": ("held-out-scaled-differently",),
}
"""As the table of the cases says; the one without anything hardly matters and is not looked for."""
STEPS = {"row-wise-numerical-gradient": 30, "softmax-twice": 2500}
"""Differences take long, and show in the first step; a floor shows when a network stands on it."""
GROUPS: tuple[tuple[str, ...], ...] = (
    ("softmax-over-batch", "row-wise-numerical-gradient"),
    ("derivative-at-error", "bias-gradient-before-activation"),
    ("derivative-at-error", "divided-by-inputs"),
    ("bias-gradient-before-activation", "divided-by-inputs"),
    ("derivative-at-error", "bias-gradient-before-activation", "divided-by-inputs"),
)


@dataclass(frozen=True)
class Row:
    """What came of one mistake or group: rules by severity, names with agreement, seconds."""

    mistakes: tuple[str, ...]
    expected: tuple[str, ...]
    rules: tuple[str, ...]
    named: tuple[str, ...]
    agreement: float | None
    offered: bool
    both_ways: bool
    found: bool
    seconds: float


def experiment_for(names: tuple[str, ...]) -> Experiment:
    """Give an experiment that is healthy but for the mistakes, and in which they can act."""
    layer = HiddenLayer(units=64, activation=Sigmoid())
    output, loss = OutputLayer(), CrossEntropy()
    if names[0] == "dropout-active-in-prediction":
        layer = replace(layer, dropout=Dropout(rate=0.3))
    layers = (layer, layer) if names[0] == "transposed-error" else (layer,)
    if names[0] == "targets-not-clipped" or len(names) > 1:
        output, loss = OutputLayer(activation=Sigmoid()), BinaryCrossEntropy(clip=1e-10)
    if names[0] == "loss-of-another-gradient":
        loss = BinaryCrossEntropy(over_outputs="sum")
    settings: dict[str, Any] = {}
    if names == GROUPS[0]:
        # as its author had it
        output, loss = (
            OutputLayer(weights=Normal(std=0.01)),
            CrossEntropy(over_batch="sum", epsilon=1e-7),
        )
        layers = (replace(layer, weights=Normal(std=0.01)),)
        settings["scaling"] = Raw()
    source = Handwriting(training=2000, validation=500, test=100)
    return Experiment(
        data=DataSettings(sources=(WeightedSource(source=source),)),
        network=NetworkSpec(layers=layers, output=output),
        loss=loss,
        optimizer=Sgd(learning_rate=0.1, momentum=0.9),
        schedule=Constant(),
        batches=Batches(size=32),
        stopping=Stopping(epochs=None, steps=100_000),
        precision="float64",
        **settings,
    )


def looked_at(names: tuple[str, ...], dataset: Dataset, steps: int, *, switch: bool) -> Any:
    """Give the rules that spoke, worst first, and the naming, of one run."""
    experiment = experiment_for(names)
    faults = tuple(fault_named(name) for name in names)
    if switch:
        sick, seams = replace(experiment, faults=faults), seams_of(())
    else:
        sick, seams = experiment, seams_of(faults)
    data = prepare(sick, dataset, seams=seams)
    state = TrainingState.start(sick, data, seams=seams)
    found = examined(state, steps=steps)
    report = check_steps(data, found.moments, generator=np.random.default_rng(0))
    offers = {remedy.mistake for one in found.diagnosis.findings for remedy in one.remedies}
    rules = tuple(
        f"{one.rule} ({one.severity.word})" if not one.explained_by else f"({one.rule})"
        for one in found.diagnosis.findings
        if one.severity > Severity.NOTE or one.rule in EXPECTED.get(names[0], ())
    )
    spoke = {one.rule for one in found.diagnosis.findings}
    return rules, spoke, offers, report


def row_of(names: tuple[str, ...], dataset: Dataset, steps: int) -> Row:
    """Give what is found of a mistake, or of several together."""
    started = perf_counter()
    expected = EXPECTED[names[0]] if len(names) == 1 else (CHECK,)
    rules, spoke, offers, report = looked_at(names, dataset, steps, switch=False)
    again, _, _, other = looked_at(names, dataset, steps, switch=True)
    explanations = [one.mistakes for one in report.named.explanations]
    hit = names in explanations
    met = {
        CHECK: hit and not report.gradient_passed,
        UPDATE: hit and not report.update_passed,
    }
    found = all(met.get(one, one in spoke) for one in expected)
    if not expected:
        found = report.passed
    return Row(
        mistakes=names,
        expected=expected,
        rules=rules,
        named=tuple(" + ".join(one) for one in explanations),
        agreement=max((one.agreement for one in report.named.explanations), default=None),
        offered=set(names) <= offers | {one for group in explanations for one in group},
        both_ways=(rules, explanations)
        == (again, [one.mistakes for one in other.named.explanations]),
        found=found,
        seconds=perf_counter() - started,
    )


def printed(row: Row) -> str:
    """Give a row of the table."""
    agreement = "" if row.agreement is None else f"{row.agreement:.0e}"
    cells = (
        " + ".join(row.mistakes),
        ", ".join(row.expected) or "hardly matters: passes",
        "yes" if row.found else "NO",
        "same" if row.both_ways else "DIFFERENT",
        "; ".join(row.named) or "-",
        agreement,
        "yes" if row.offered else "no",
        ", ".join(row.rules) or "-",
    )
    return "| " + " | ".join(cells) + " |"


def main(arguments: Sequence[str]) -> int:
    """Print the table; give 1 when a mistake was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    dataset = load_sources(experiment_for(("gradient-sign",)), DataPlaces.standard(), silent)
    asked = [(kind_of(one),) for one in FAULTS] + list(GROUPS)
    print(
        "| mistake | to be found by | found | planted and switched | named | agreement "
        "| offered to take out | findings |"
    )
    print("|---|---|---|---|---|---|---|---|")
    rows = []
    for names in asked:
        if not chosen.only or set(names) & set(chosen.only):
            rows.append(row_of(names, dataset, STEPS.get(names[-1], chosen.steps)))
            print(printed(rows[-1]), flush=True)
    print(f"\n{sum(row.found for row in rows)} of {len(rows)} found")
    if chosen.json:
        print(json.dumps([asdict(row) for row in rows]))
    return 0 if all(row.found and row.both_ways for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
