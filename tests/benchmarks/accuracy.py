"""How well the presets in resources/cases do on the official test sets: the table of the README.

`uv run python tests/benchmarks/accuracy.py [PRESET ...] [--seeds 0,1,2] [--json] [--readme]`

Each preset is trained once for every seed, in a process of its own, by `nnstudio train`; its test
accuracy is that of the network at the end, looked at once. Settings were chosen by validation, on
pictures held out of the training set. Two 95 % intervals: "of the test set" is the binomial one of
10,000 pictures at the mean (another test set); "of seeds" is Student's of the mean over the seeds
(another start). What was measured is kept in a file (--kept) run by run: a script that was
interrupted goes on where it stopped, and --fresh measures all again.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from nnstudio.runs.cases import case_names, load_case
from nnstudio.training.experiment import Experiment, dumps

ROOT: Final = Path(__file__).resolve().parent.parent.parent
README: Final = ROOT / "README.md"
BEGIN: Final = "<!-- accuracy: tests/benchmarks/accuracy.py writes this table -->"
END: Final = "<!-- /accuracy -->"
TEST_PICTURES: Final = 10_000
STUDENT: Final = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776}
"""97.5 % quantile of Student's distribution by number of seeds; beyond, the normal one is near."""
NORMAL: Final = 1.960
BARS: Final = {
    "mnist-quick": (0.982, 10),
    "mnist-good": (0.991, 180),
    "mnist-best": (0.9945, 1800),
    "fashion-quick": (0.88, 15),
    "fashion-best": (0.915, None),
}
"""Presets with a published test set: least mean accuracy, and most seconds on two quiet cores."""


@dataclass(frozen=True)
class Measured:
    """One run of a preset; `settings` is a digest of the experiment that was run."""

    preset: str
    seed: int
    settings: str
    test: float
    validation: float
    seconds: float
    cpu_seconds: float
    steps: int


@dataclass(frozen=True)
class Row:
    """What the seeds of one preset make together; accuracies and half widths from 0 to 1."""

    preset: str
    network: str
    seeds: int
    accuracy: float
    of_test_set: float
    of_seeds: float
    validation: float
    seconds: float
    cpu_seconds: float
    epochs: int | None


def digest(experiment: Experiment) -> str:
    """Give a short name for an experiment and nothing but it."""
    return sha256(dumps(experiment).encode()).hexdigest()[:12]


def measured(preset: str, seed: int, *, out: Path | None) -> Measured | None:
    """Train in a process of its own; None when it was interrupted or diverged."""
    command = [sys.executable, "-m", "nnstudio", "train", preset, "--json"]
    command += ["--set", f"seed={seed}"]
    if out is not None:
        command += ["--out", str(out / f"{preset}-{seed}")]
    before = os.times()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    after = os.times()
    if done.returncode != 0:
        return None
    found = json.loads(done.stdout.splitlines()[-1])
    if found["state"] != "finished":
        return None
    return Measured(
        preset=preset,
        seed=seed,
        settings=digest(load_case(preset)),
        test=found["test_accuracy"],
        validation=found["validation_accuracy"],
        seconds=found["seconds"],
        cpu_seconds=after.children_user
        + after.children_system
        - before.children_user
        - before.children_system,
        steps=found["steps"],
    )


def binomial(accuracy: float, count: int) -> float:
    """Give half the width of the 95 % interval of a share of `count` pictures."""
    return NORMAL * math.sqrt(accuracy * (1 - accuracy) / count)


def student(values: Sequence[float]) -> float:
    """Give half the width of the 95 % interval of the mean of some runs; NaN for one."""
    if len(values) < 2:
        return math.nan
    return STUDENT.get(len(values), NORMAL) * statistics.stdev(values) / math.sqrt(len(values))


def network_of(experiment: Experiment) -> str:
    """Give the layers of a network for pictures of 784 pixels and ten classes, in short."""
    hidden = experiment.network.layers
    kinds = [
        part.kind.replace("_", " ")
        for layer in hidden
        for part in (layer.normalization, layer.activation, layer.dropout)
        if part.kind != "none"
    ]
    sizes = "-".join(["784", *(str(layer.units) for layer in hidden), "10"])
    return ", ".join([sizes, *dict.fromkeys(kinds)])


def row(preset: str, runs: Sequence[Measured]) -> Row:
    """Give what the runs of one preset make together."""
    experiment = load_case(preset)
    accuracy = statistics.fmean(one.test for one in runs)
    return Row(
        preset=preset,
        network=network_of(experiment),
        seeds=len(runs),
        accuracy=accuracy,
        of_test_set=binomial(accuracy, TEST_PICTURES),
        of_seeds=student([one.test for one in runs]),
        validation=statistics.fmean(one.validation for one in runs),
        seconds=statistics.fmean(one.seconds for one in runs),
        cpu_seconds=statistics.fmean(one.cpu_seconds for one in runs),
        epochs=experiment.stopping.epochs,
    )


def table(rows: Sequence[Row]) -> str:
    """Give the table in Markdown, percentages."""
    lines = [
        "| preset | network | test accuracy | of the test set | of seeds | epochs | time | CPU |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in rows:
        seeds = "" if math.isnan(one.of_seeds) else f"± {100 * one.of_seeds:.2f}"
        lines.append(
            f"| `{one.preset}` | {one.network} | **{100 * one.accuracy:.2f} %** "
            f"| ± {100 * one.of_test_set:.2f} | {seeds} | {one.epochs} | {one.seconds:.0f} s "
            f"| {one.cpu_seconds:.0f} s |"
        )
    return "\n".join(lines)


def in_readme(text: str, written: str) -> str:
    """Give the README with the table between its markers replaced.

    Raises
    ------
    ValueError
        When a marker is missing.
    """
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError("the README has no place for the table")
    return f"{head}{begin}\n{written}\n{end}{tail}"


class Kept:
    """Runs that were measured, in a file; those of other settings than today's do not count."""

    def __init__(self, file: Path, *, fresh: bool) -> None:
        self._file = file
        lines = [] if fresh or not file.exists() else file.read_text("utf-8").splitlines()
        self.runs = [Measured(**json.loads(line)) for line in lines]

    def find(self, preset: str, seed: int) -> Measured | None:
        """Give the newest run of these settings with this seed."""
        settings = digest(load_case(preset))
        for one in reversed(self.runs):
            if (one.preset, one.seed, one.settings) == (preset, seed, settings):
                return one
        return None

    def add(self, run: Measured) -> None:
        """Note a run, at once in the file."""
        self.runs.append(run)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(asdict(one)) + "\n" for one in self.runs)
        self._file.write_text(lines, encoding="utf-8")


def _measure_all(
    presets: Sequence[str], seeds: Sequence[int], kept: Kept, out: Path | None
) -> bool:
    for preset in presets:
        for seed in seeds:
            run = kept.find(preset, seed) or measured(preset, seed, out=out)
            if run is None:
                print(f"{preset}, seed {seed}: not finished", file=sys.stderr)
                return False
            if kept.find(preset, seed) is None:
                kept.add(run)
            print(
                f"{preset}, seed {seed}: test {run.test:.2%}, validation {run.validation:.2%}, "
                f"{run.seconds:.1f} s ({run.cpu_seconds:.0f} s of processors with loading)",
                file=sys.stderr,
            )
    return True


def main() -> int:
    """Measure and print; 1 when a bar of accuracy is missed, 130 when it was interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("presets", nargs="*", metavar="PRESET", default=list(BARS))
    parser.add_argument("--seeds", default="0,1,2", help="with commas between them")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--readme", action="store_true", help="write the table into the README")
    parser.add_argument("--fresh", action="store_true", help="measure again what was kept")
    parser.add_argument(
        "--kept",
        type=Path,
        default=Path(tempfile.gettempdir()) / "nnstudio-accuracy.jsonl",
        help="file for what was measured",
    )
    parser.add_argument("--out", type=Path, help="folder for the models")
    options = parser.parse_args()
    unknown = set(options.presets) - set(case_names())
    if unknown:
        parser.error(f"no such preset: {', '.join(sorted(unknown))}")
    seeds = [int(one) for one in options.seeds.split(",")]
    kept = Kept(options.kept, fresh=options.fresh)
    try:
        whole = _measure_all(options.presets, seeds, kept, options.out)
    except KeyboardInterrupt:
        whole = False
    found = {
        preset: [run for run in (kept.find(preset, seed) for seed in seeds) if run is not None]
        for preset in options.presets
    }
    rows = [row(preset, runs) for preset, runs in found.items() if runs]
    written = table(rows)
    print(written)
    if options.readme and whole:
        README.write_text(in_readme(README.read_text("utf-8"), written), encoding="utf-8")
    if options.json:
        as_json = {
            one.preset: {
                name: None if isinstance(value, float) and math.isnan(value) else value
                for name, value in asdict(one).items()
            }
            for one in rows
        }
        print(json.dumps(as_json))
    if not whole:
        return 130
    missed = [one.preset for one in rows if one.accuracy < BARS.get(one.preset, (0, None))[0]]
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
