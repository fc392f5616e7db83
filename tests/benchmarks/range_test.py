"""How good the learning rates are that range tests suggest, beside the best of a grid of rates.

`uv run python tests/benchmarks/range_test.py [--data FOLDER] [--seeds 3] [--json]`

For each network and seed: one range test, then whole runs with the suggested rate and with every
rate of a grid (three to the decade), once with a constant rate and once with a cosine. What counts
is the validation accuracy at the end. Prints a table of means over the seeds.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nnstudio.data.catalogue import DataPlaces, Handwriting, Mnist, Source, Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.nn.activations import Activation, Relu, Sigmoid, Tanh
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Optimizer, Sgd
from nnstudio.nn.schedules import Constant, Cosine, Schedule
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.range_test import range_experiment, suggestion, with_rate
from nnstudio.training.state import TrainingState

GRID = (*(float(f"{digit}e{power}") for power in range(-4, 1) for digit in (1, 2, 5)), 10.0)
SCHEDULES: dict[str, Schedule] = {"constant": Constant(), "cosine": Cosine()}


def case(
    source: Source,
    activation: Activation,
    units: Sequence[int],
    optimizer: Optimizer,
    *,
    batch: int,
    epochs: int,
) -> Experiment:
    """Give an experiment on at most 20,000 samples."""
    layers = tuple(HiddenLayer(units=one, activation=activation) for one in units)
    return Experiment(
        data=DataSettings(sources=(WeightedSource(source=source),), limit=20_000),
        network=NetworkSpec(layers=layers),
        optimizer=optimizer,
        batches=Batches(size=batch),
        stopping=Stopping(epochs=epochs),
    )


CASES = {
    "MNIST 128 ReLU, Adam, 128": case(Mnist(), Relu(), [128], Adam(), batch=128, epochs=3),
    "MNIST 128 ReLU, SGD, 128": case(Mnist(), Relu(), [128], Sgd(), batch=128, epochs=3),
    "MNIST 100 sigmoid, SGD, 32": case(Mnist(), Sigmoid(), [100], Sgd(), batch=32, epochs=2),
    "MNIST 100 sigmoid, Adam, 32": case(Mnist(), Sigmoid(), [100], Adam(), batch=32, epochs=2),
    "MNIST 64x4 tanh, Adam, 128": case(Mnist(), Tanh(), [64] * 4, Adam(), batch=128, epochs=3),
    "handwriting 128 ReLU, Adam, 128": case(
        Handwriting(), Relu(), [128], Adam(), batch=128, epochs=3
    ),
    "handwriting 64-32 tanh, SGD 0.9, 64": case(
        Handwriting(), Tanh(), [64, 32], Sgd(momentum=0.9), batch=64, epochs=2
    ),
    "spirals 16-16 tanh, SGD, 16": case(Spirals(), Tanh(), [16, 16], Sgd(), batch=16, epochs=60),
    "spirals 16-16 tanh, Adam, 16": case(Spirals(), Tanh(), [16, 16], Adam(), batch=16, epochs=60),
    "spirals 32-32 ReLU, Adam, 32": case(Spirals(), Relu(), [32, 32], Adam(), batch=32, epochs=60),
}


def trained(experiment: Experiment, data: PreparedData) -> TrainingState:
    """Give the run of `experiment` at its end."""
    state = TrainingState.start(experiment, data)
    for _ in train(state):
        pass
    return state


def score_of(experiment: Experiment, data: PreparedData) -> float:
    """Give the validation accuracy at the end; 0 for a run that diverged."""
    state = trained(experiment, data)
    if state.ended is not None and state.ended.reason == "diverged":
        return 0.0
    rows = state.history.view().validation
    return float(rows.score[rows.whole][-1])


def row_of(experiment: Experiment, dataset: Dataset, seeds: int) -> dict[str, object]:
    """Give what came of one network: suggestions, and the scores with them and with the grid."""
    suggested: list[float | None] = []
    found: dict[str, list[float]] = {name: [] for name in SCHEDULES}
    grid: dict[str, dict[float, list[float]]] = {
        name: {rate: [] for rate in GRID} for name in SCHEDULES
    }
    for seed in range(seeds):
        seeded = replace(experiment, seed=seed)
        data = prepare(seeded, dataset)
        test = trained(range_experiment(seeded), data)
        ended = test.ended.reason if test.ended is not None else ""
        finding = suggestion(test.history.view(), blown_up=ended in {"blown_up", "diverged"})
        suggested.append(finding.suggested if finding else None)
        for name, schedule in SCHEDULES.items():
            scheduled = replace(seeded, schedule=schedule)
            if finding is not None:
                found[name].append(score_of(with_rate(scheduled, finding.suggested), data))
            for rate in GRID:
                grid[name][rate].append(score_of(with_rate(scheduled, rate), data))
    row: dict[str, object] = {"suggested": suggested}
    for name in SCHEDULES:
        means = {rate: statistics.mean(scores) for rate, scores in grid[name].items()}
        best = max(means, key=lambda rate: means[rate])
        row[name] = {
            "score": statistics.mean(found[name]) if found[name] else None,
            "best_rate": best,
            "best_score": means[best],
        }
    return row


def told(name: str, row: dict[str, object]) -> str:
    """Give a line of the table."""
    suggested = row["suggested"]
    assert isinstance(suggested, list)
    rates = " ".join("none" if one is None else f"{one:g}" for one in suggested)
    cells = [name, rates]
    for schedule in SCHEDULES:
        part = row[schedule]
        assert isinstance(part, dict)
        score = "–" if part["score"] is None else f"{part['score']:.1%}"
        cells += [score, f"{part['best_score']:.1%} at {part['best_rate']:g}"]
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    """Print the table; nothing fails, as a suggestion is advice."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, nargs="*", default=[])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    places = DataPlaces.standard(*asked.data)
    kept: dict[Source, Dataset] = {}
    rows: dict[str, dict[str, object]] = {}
    heads = ["network, optimizer, batch", "suggested (seeds)"]
    for name in SCHEDULES:
        heads += [f"{name}: suggested", f"{name}: best of grid"]
    print("| " + " | ".join(heads) + " |")
    print("|" + "---|" * len(heads))
    for name, experiment in CASES.items():
        source = experiment.data.sources[0].source
        if source not in kept:
            kept[source] = source.load(places, silent)
        rows[name] = row_of(experiment, kept[source], asked.seeds)
        print(told(name, rows[name]), flush=True)
    if asked.json:
        print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
