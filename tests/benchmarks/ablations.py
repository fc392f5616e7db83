"""What each cause of a case does: the ablation tables that ship in resources/cases/ablations.

`uv run python tests/benchmarks/ablations.py [CASE ...] [--print] [--json] [--folder FOLDER]`

Rows of a table have the same number of steps: the case as it was, each cause mended alone, all but
each, and all. Gradients by moving weights take long, so rows with them are measured at 100 steps,
beside all the others, and those without them at 1,000 as well. What a row tells is of its last
weights on the validation part, by the loss that its Experiment states. `--print` only shows what
the files hold.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from math import isfinite
from pathlib import Path
from typing import Final

import numpy as np

from nnstudio.data.catalogue import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.nn.network import build
from nnstudio.runs.ablations import (
    FORMAT_VERSION,
    Ablation,
    AblationRow,
    AblationTable,
    load_ablation,
)
from nnstudio.runs.cases import guided_names, load_case
from nnstudio.runs.guides import Cause, load_guide, mended
from nnstudio.training.evaluation import evaluate
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.loop import train
from nnstudio.training.prepared import prepare
from nnstudio.training.sources import load_sources
from nnstudio.training.state import TrainingState

ROOT: Final = Path(__file__).resolve().parent.parent.parent
FOLDER: Final = ROOT / "resources" / "cases" / "ablations"
STEPS: Final = 1_000
NUMERICAL_STEPS: Final = 100
NUMERICAL: Final = "row-wise-numerical-gradient"
FIGURES: Final = 6


def choices(causes: Sequence[Cause]) -> Iterator[tuple[Cause, ...]]:
    """Give what is mended in each row: nothing, each alone, all but each, all; none twice."""
    found: dict[tuple[str, ...], tuple[Cause, ...]] = {}
    alone = [(one,) for one in causes]
    others = [tuple(one for one in causes if one is not left) for left in causes]
    for chosen in ((), *alone, *others, tuple(causes)):
        found.setdefault(tuple(one.name for one in chosen), chosen)
    yield from found.values()


def is_numerical(experiment: Experiment) -> bool:
    """Whether its gradient takes an evaluation for every row of weights."""
    return any(one.kind == NUMERICAL for one in experiment.faults)


def measured(
    experiment: Experiment, dataset: Dataset, *, mends: tuple[str, ...], steps: int
) -> AblationRow:
    """Train for so many steps and tell what came of it."""
    asked = replace(experiment, stopping=Stopping(epochs=None, steps=steps))
    data = prepare(asked, dataset)
    state = TrainingState.start(asked, data, threads=1)
    norms: tuple[float | None, ...] = ()
    for step in train(state):
        if step.step == 1:
            arrays = state.network.layout.views(state.network.gradient)
            norms = tuple(
                _figures(float(np.linalg.norm(array)))
                for name, array in arrays.items()
                if name.endswith(".W")
            )
    stated = build(
        asked.network,
        inputs=data.inputs,
        outputs=data.outputs,
        loss=asked.loss,
        dtype=state.network.dtype,
    )
    stated.vector[:] = state.network.vector
    found = evaluate(stated, data, data.split.validation)
    losses = state.history.view().loss
    diverged = state.ended is not None and state.ended.reason == "diverged"
    return AblationRow(
        mended=mends,
        first_loss=_figures(float(losses[0])) if len(losses) else None,
        loss=_figures(found.loss),
        accuracy=_figures(found.score),
        gradient_norms=norms,
        ended="diverged" if diverged else "finished",
    )


def _figures(value: float) -> float | None:
    return float(f"{value:.{FIGURES}g}") if isfinite(value) else None


def ablation(case: str, *, places: DataPlaces, steps: int = STEPS, tell: bool = True) -> Ablation:
    """Give all tables of a case, computed here and now."""
    experiment = load_case(case)
    dataset = load_sources(experiment, places, silent)
    rows = [
        (tuple(one.name for one in chosen), mended(experiment, *chosen))
        for chosen in choices(load_guide(case).causes)
    ]
    numerical = any(is_numerical(asked) for _, asked in rows)
    tables = []
    for count in (min(NUMERICAL_STEPS, steps), steps) if numerical else (steps,):
        table = []
        for mends, asked in rows:
            if count > NUMERICAL_STEPS and is_numerical(asked):
                continue
            begun = time.perf_counter()
            table.append(measured(asked, dataset, mends=mends, steps=count))
            if tell:
                seconds = time.perf_counter() - begun
                print(f"{case}: {line(table[-1])} [{seconds:.0f} s]", file=sys.stderr, flush=True)
        tables.append(AblationTable(count, tuple(table)))
    return Ablation(
        case=case,
        command=f"python tests/benchmarks/ablations.py {case}",
        versions=(
            ("nnstudio", version("nnstudio")),
            ("numpy", np.__version__),
            ("python", platform.python_version()),
        ),
        tables=tuple(tables),
    )


def line(row: AblationRow) -> str:
    """Give a row as a line of Markdown."""
    norms = " ".join(_shown(one) for one in row.gradient_norms)
    return (
        f"| {', '.join(row.mended) or 'as it was'} | {_shown(row.first_loss)} | {_shown(row.loss)} "
        f"| {'' if row.accuracy is None else f'{100 * row.accuracy:.1f} %'} | {norms} "
        f"| {row.ended} |"
    )


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def printed(found: Ablation) -> str:
    """Give the tables of a case in Markdown."""
    lines = []
    for table in found.tables:
        lines += [
            f"**{found.case}**, {table.steps} steps",
            "",
            "| mended | first loss | loss | accuracy | first gradient norms, by layer | end |",
            "|---|---|---|---|---|---|",
            *map(line, table.rows),
            "",
        ]
    return "\n".join(lines)


def as_json(found: Ablation) -> str:
    """Give what the file of a case holds."""
    data = {"format_version": FORMAT_VERSION, **asdict(found), "versions": dict(found.versions)}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Compute, write and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", default=list(guided_names()))
    parser.add_argument("--print", action="store_true", help="show what the files hold")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the files are written")
    options = parser.parse_args()
    unknown = set(options.cases) - set(guided_names())
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    places = DataPlaces.standard()
    found = []
    for case in options.cases:
        if options.print:
            found.append(load_ablation(case))
        else:
            found.append(ablation(case, places=places))
            options.folder.mkdir(parents=True, exist_ok=True)
            (options.folder / f"{case}.json").write_text(as_json(found[-1]), encoding="utf-8")
        print(printed(found[-1]), flush=True)
    if options.json:
        print(json.dumps({one.case: json.loads(as_json(one)) for one in found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
