"""How much of what is wrong the doctor sees, and whether its remedies heal.

`uv run python tests/benchmarks/sensitivity.py [--data FOLDER] [--count 6] [--seed S] [--json]`

Plants faults of random strength (tests/benchmarks/planted.py) on sensible Experiments, a classic
mistake always behind them, and prints for each kind:

- in how many sick runs one of the rules that should see it did, and in how many its finding or
  what it is folded under stood first;
- whether the first remedy of that cause covers half of the way from the sick run to its healthy
  twin, in validation accuracy after as many steps from the same seed; beside it the same of a
  mere restart from another seed. Twins that are less than five points apart say nothing.

Then which rules counted: some sick Experiment was caught by them, and by no other of worse
severity, among these and the patients of tests/doctor/patients.py.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.doctor.diagnosis import Diagnosis, Finding, Severity
from nnstudio.doctor.gradient_check import check_gradient
from nnstudio.doctor.headless import examined
from nnstudio.doctor.remedies import healed
from nnstudio.doctor.rules import RULES
from nnstudio.faults import fault_named, seams_of
from nnstudio.seams import TRUE, Seams
from nnstudio.training.experiment import Experiment
from nnstudio.training.moments import Moment
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.state import TrainingState
from tests.benchmarks.planted import PLANTS, Plant
from tests.doctor.patients import PATIENTS, visit_of
from tests.doctor.sensible import TUNING_SEED, Drawer, Sensible, final_score, trained_score

APART: Final = 0.05
HALF: Final = 0.5
TWINS: Final = 24


@dataclass(frozen=True, eq=False)
class Sick:
    """One planted fault and what came of it.

    Attributes
    ----------
    seen, first : bool
        Whether a rule that should see it did; whether its cause stands first.
    way, placebo : float or None
        Share of the way to the healthy twin that the remedy covers, and a restart.
    """

    diagnosis: Diagnosis
    seen: bool
    first: bool
    way: float | None
    placebo: float | None


def run(
    experiment: Experiment, dataset: Dataset, seams: Seams
) -> tuple[float, Diagnosis, tuple[Moment, ...], PreparedData]:
    """Train under the eyes of the doctor; give the score, the diagnosis and the first Moments."""
    data = prepare(experiment, dataset, seams=seams)
    state = TrainingState.start(experiment, data, threads=1, seams=seams)
    found = examined(state, steps=None)
    return score_of(state), found.diagnosis, found.moments, data


def score_of(state: TrainingState) -> float:
    """Give the last validation accuracy; that of a guess for a run that broke down."""
    broke = state.ended is not None and state.ended.reason == "diverged"
    score = final_score(state)
    return 0.0 if broke or not isfinite(score) else score


def repaired(
    plant: Plant,
    experiment: Experiment,
    dataset: Dataset,
    cause: Finding,
    named: tuple[str, ...],
) -> float | None:
    """Give the score after the first remedy that can be applied; None where it is advice alone."""
    seams = _seams(plant)
    for remedy in cause.remedies:
        if remedy.changes:
            experiment = healed(experiment, remedy)
            break
        if remedy.mistake == plant.mistake != "":
            seams = TRUE
            break
    else:
        # the gradient check is the remedy: it must have named the mistake
        if not plant.mistake or plant.mistake not in named:
            return None if not plant.mistake else run(experiment, dataset, seams)[0]
        seams = TRUE
    data = prepare(experiment, dataset, seams=seams)
    state = TrainingState.start(experiment, data, threads=1, seams=seams)
    examined(state, steps=None)
    return score_of(state)


def _seams(plant: Plant) -> Seams:
    return seams_of((fault_named(plant.mistake),)) if plant.mistake else TRUE


def planted(plant: Plant, twin: Sensible, well: float, generator: np.random.Generator) -> Sick:
    """Plant one fault and give what came of it."""
    experiment, dataset = twin.experiment, twin.data.given
    if plant.change is not None:
        experiment = plant.change(experiment, generator)
    if plant.data is not None:
        dataset = plant.data(dataset, generator)
    seams = _seams(plant)
    score, diagnosis, moments, data = run(experiment, dataset, seams)
    found = {one.rule: one for one in diagnosis.findings}
    mine = [found[name] for name in plant.rules if name in found]
    if not mine:
        return Sick(diagnosis, seen=False, first=False, way=None, placebo=None)
    causes = [found[one.explained_by or one.rule] for one in mine]
    first = diagnosis.findings[0].rule in {one.rule for one in causes}
    if well - score < APART:
        return Sick(diagnosis, seen=True, first=first, way=None, placebo=None)
    named: tuple[str, ...] = ()
    if plant.mistake and moments:
        report = check_gradient(data, moments[0], generator=np.random.default_rng(0))
        named = tuple(name for one in report.named.explanations for name in one.mistakes)
    after = repaired(plant, experiment, dataset, causes[0], named)
    if after is None:
        return Sick(diagnosis, seen=True, first=first, way=None, placebo=None)
    again = replace(experiment, seed=experiment.seed + 1_000)
    restarted = run(again, dataset, seams)[0]
    return Sick(
        diagnosis,
        seen=True,
        first=first,
        way=(after - score) / (well - score),
        placebo=(restarted - score) / (well - score),
    )


def twins(drawer: Drawer, seed: int) -> list[tuple[Sensible, float]]:
    """Give sensible Experiments and the accuracy that each reaches."""
    kept: list[tuple[Sensible, float]] = []
    for one in drawer.draws(seed):
        score = trained_score(one.experiment, one.data)
        if one.counts(score):
            kept.append((one, score))
        if len(kept) >= TWINS:
            break
    return kept


def fits(plant: Plant, twin: Sensible) -> bool:
    """Whether the fault can be planted on this twin."""
    pictures = twin.data.image_shape is not None
    if plant.mistake:
        fault = fault_named(plant.mistake)
        # a mistake of hidden layers needs some, and the shifted labels more than two classes
        if fault.kind == "labels-off-by-one" and twin.data.outputs < 3:
            return False
    return plant.pictures is None or plant.pictures == pictures


def counted(diagnoses: Sequence[Diagnosis]) -> set[str]:
    """Give the rules that caught some sick Experiment, none of worse severity beside them."""
    return {
        one.rule
        for diagnosis in diagnoses
        for one in diagnosis.findings
        if one.severity == (diagnosis.worst or Severity.NOTE)
    }


def main() -> int:
    """Print the tables; fail where a rule never counted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    parser.add_argument("--count", type=int, default=6, help="sick runs of every kind")
    parser.add_argument("--seed", type=int, default=TUNING_SEED + 1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    begun = time.monotonic()
    pool = twins(Drawer(DataPlaces.standard(*asked.data)), asked.seed)
    diagnoses: list[Diagnosis] = []
    table: dict[str, dict[str, object]] = {}
    print("| planted | seen | cause first | healed | by a restart |")
    print("|---|---|---|---|---|")
    for number, plant in enumerate(PLANTS):
        generator = np.random.default_rng([asked.seed, number])
        fitting = [one for one in pool if fits(plant, one[0])]
        chosen = generator.choice(len(fitting), min(asked.count, len(fitting)), replace=False)
        sick = [planted(plant, *fitting[int(at)], generator) for at in chosen]
        diagnoses += [one.diagnosis for one in sick]
        ways = [one.way for one in sick if one.way is not None]
        placebos = [one.placebo for one in sick if one.placebo is not None]
        row = {
            "sick": len(sick),
            "seen": sum(one.seen for one in sick),
            "first": sum(one.first for one in sick),
            "healed": sum(way >= HALF for way in ways),
            "tried": len(ways),
            "restarted": sum(way >= HALF for way in placebos),
        }
        table[plant.name] = dict(row)
        print(
            f"| {plant.name} | {row['seen']} of {row['sick']} | {row['first']} | "
            f"{row['healed']} of {row['tried']} | {row['restarted']} of {row['tried']} |",
            flush=True,
        )
    diagnoses += [visit_of(one).diagnosis for one in PATIENTS]
    rules = counted(diagnoses)
    silent = sorted({rule.name for rule in RULES} - rules)
    total = {
        key: sum(int(str(row[key])) for row in table.values()) for key in next(iter(table.values()))
    }
    print(f"seen {total['seen']} of {total['sick']} = {total['seen'] / total['sick']:.0%}")
    print(f"healed {total['healed']} of {total['tried']}, by a mere restart {total['restarted']}")
    print(f"rules that count: {len(rules)} of {len(RULES)}; not: {', '.join(silent) or 'none'}")
    print(f"{time.monotonic() - begun:.0f} s")
    if asked.json:
        print(json.dumps({"planted": table, "total": total, "silent": silent}))
    return int(len(rules) < 30)


if __name__ == "__main__":
    sys.exit(main())
