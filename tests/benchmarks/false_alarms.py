"""How often the doctor calls a sensible Experiment sick.

`uv run python tests/benchmarks/false_alarms.py [--data FOLDER] [--count 200] [--seed S] [--json]`

Draws Experiments (tests/doctor/sensible.py, with a seed that no rule was tuned on), trains each to
its end under the eyes of the doctor, keeps those whose validation comes within three points of the
preset's, and prints how many of them showed a finding of severity broken or slow at their end, or
at any look on the way. Then all presets that ship, looked at for `--steps` steps. Fails when 5 % or
more of the draws, or any preset, show one.
"""

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.doctor.diagnosis import Diagnosis, Severity
from nnstudio.doctor.evidence import Evidence
from nnstudio.doctor.examine import Examination
from nnstudio.doctor.headless import examined
from nnstudio.runs.cases import load_case
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, load
from nnstudio.training.state import TrainingState
from tests.doctor.sensible import UNSEEN_SEED, Drawer, Sensible, final_score

LIMIT: Final = 0.05
PRESETS: Final = (
    "everyday-digits",
    "handwriting",
    "mnist-quick",
    "mnist-good",
    "mnist-best",
    "fashion-quick",
    "fashion-best",
    "spirals",
    "moons",
    "checkerboard",
    "polynomial",
    "over-fitting",
    "random-targets",
)


class Watching(Examination):
    """Judges as the doctor does, and notes every alarm on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.alarms: dict[str, str] = {}

    def look(self, evidence: Evidence) -> Diagnosis:
        """Judge, and note the claims of the rules that call it broken or slow."""
        diagnosis = super().look(evidence)
        for one in diagnosis.findings:
            if one.severity > Severity.NOTE:
                self.alarms[one.rule] = f"step {one.step}: {one.claim}"
        return diagnosis


@dataclass(frozen=True)
class Watched:
    """What came of one run: its last score, alarms at the end, alarms at any look."""

    score: float
    at_the_end: tuple[str, ...]
    ever: tuple[str, ...]
    claims: dict[str, str]


def watched(experiment: Experiment, data: PreparedData, *, steps: int | None = None) -> Watched:
    """Train a whole run and give what the doctor said of it."""
    watching = Watching()
    state = TrainingState.start(experiment, data, threads=1)
    diagnosis = examined(state, steps=steps, examination=watching).diagnosis
    at_the_end = [one.rule for one in diagnosis.findings if one.severity > Severity.NOTE]
    return Watched(
        final_score(state), tuple(at_the_end), tuple(sorted(watching.alarms)), watching.alarms
    )


def of_sensible(drawer: Drawer, *, seed: int, count: int) -> list[tuple[Sensible, Watched]]:
    """Give the first `count` draws that turned out sensible, and what was said of them."""
    kept: list[tuple[Sensible, Watched]] = []
    begun = time.monotonic()
    for one in drawer.draws(seed):
        found = watched(one.experiment, one.data)
        if not one.counts(found.score):
            continue
        kept.append((one, found))
        if found.ever:
            print(f"ALARM {one.told}, accuracy {found.score:.1%} of {one.reference:.1%}")
            for rule in found.ever:
                where = "" if rule in found.at_the_end else " (gone at the end)"
                print(f"    {rule}{where}: {found.claims[rule]}")
        if len(kept) % 20 == 0:
            print(
                f"{len(kept)} of {one.number + 1} draws count, {time.monotonic() - begun:.0f} s",
                flush=True,
            )
        if len(kept) >= count:
            return kept
    return kept


def of_presets(places: DataPlaces, *, steps: int) -> dict[str, tuple[str, ...]]:
    """Give the alarms of every preset within its first `steps` steps."""
    found = {}
    for name in PRESETS:
        experiment = load_case(name)
        found[name] = watched(experiment, load(experiment, places, silent), steps=steps).ever
        print(f"preset {name}: {', '.join(found[name]) or 'no alarm'}", flush=True)
    return found


def main() -> int:
    """Print what was found; fail over the limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=UNSEEN_SEED)
    parser.add_argument("--steps", type=int, default=1_000, help="of every preset; 0 for none")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    places = DataPlaces.standard(*asked.data)
    kept = of_sensible(Drawer(places), seed=asked.seed, count=asked.count)
    at_the_end = sum(bool(found.at_the_end) for _, found in kept)
    ever = sum(bool(found.ever) for _, found in kept)
    rules = Counter(rule for _, found in kept for rule in found.ever)
    print(f"seed {asked.seed}: {len(kept)} sensible Experiments")
    print(f"broken or slow at the end: {at_the_end} = {at_the_end / len(kept):.1%}")
    print(f"broken or slow at any look: {ever} = {ever / len(kept):.1%}")
    for rule, times in rules.most_common():
        print(f"    {rule}: {times}")
    presets = of_presets(places, steps=asked.steps) if asked.steps else {}
    alarmed = [name for name, found in presets.items() if found]
    if asked.json:
        print(
            json.dumps(
                {
                    "seed": asked.seed,
                    "sensible": len(kept),
                    "at_the_end": at_the_end,
                    "ever": ever,
                    "rules": dict(rules),
                    "presets": {name: list(found) for name, found in presets.items()},
                }
            )
        )
    return int(ever / len(kept) >= LIMIT or bool(alarmed))


if __name__ == "__main__":
    sys.exit(main())
