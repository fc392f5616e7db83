"""How well a network that saw only generated handwriting reads digits that people wrote.

`uv run python tests/benchmarks/handwriting.py [--data FOLDER] [--seeds 3] [--json]`

Writes the default digits anew for each seed (timed, no cache), trains the default experiment on
them for twelve epochs, and counts the right answers on MNIST's official test pictures. Fails when
the mean is under 82 %, or when writing takes more than 3 s while nothing else runs.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from nnstudio.data.catalogue import DataPlaces, Handwriting, Mnist
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.training.evaluation import evaluate
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.state import TrainingState

LEAST_RIGHT = 0.82
MOST_SECONDS = 3.0
BUSY_SHARE = 0.1


def written(seed: int) -> tuple[Dataset, float, float]:
    """Give the digits of a seed, the seconds that took, and the share others used meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        places = DataPlaces(folders=(), cache=Path(folder), downloads=Path(folder))
        before, start = os.times(), time.perf_counter()
        idle = _busy_seconds()
        dataset = Handwriting(seed=seed).load(places, silent)
        seconds = time.perf_counter() - start
        after = os.times()
        own = after.user + after.system - before.user - before.system
        others = max(0.0, _busy_seconds() - idle - own) / seconds
    return dataset, seconds, others


def _busy_seconds() -> float:
    stat = Path("/proc/stat")
    if not stat.exists():
        return 0.0
    fields = [int(word) for word in stat.read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def judged(experiment: Experiment, data: PreparedData, mnist: Dataset) -> tuple[float, float]:
    """Train, and give the shares of right answers on the own test part and on MNIST's."""
    state = TrainingState.start(experiment, data)
    for _ in train(state):
        pass
    own = evaluate(state.network, data, data.split.test).score
    official = prepare(replace(experiment, data=_source(Mnist())), mnist)
    # the official pictures, scaled as the training part was
    foreign = replace(official, scaling=data.scaling)
    return own, evaluate(state.network, foreign, official.split.test).score


def _source(source: Handwriting | Mnist) -> DataSettings:
    return DataSettings(sources=(WeightedSource(source=source),))


def main() -> int:
    """Measure and print; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder in which MNIST lies")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    picked = [options.data] if options.data else []
    mnist = Mnist().load(DataPlaces.standard(*picked, may_download=False), silent)
    rows = []
    for seed in range(options.seeds):
        dataset, seconds, others = written(seed)
        experiment = Experiment(data=_source(Handwriting(seed=seed)), seed=seed)
        own, official = judged(experiment, prepare(experiment, dataset), mnist)
        rows.append((seconds, others, own, official))
        if not options.json:
            print(
                f"seed {seed}: {len(dataset.inputs):,} digits in {seconds:.2f} s "
                f"({len(dataset.inputs) / seconds:,.0f} a second, others used {others:.0%} of a "
                f"core), own test {own:.2%}, MNIST's test {official:.2%}"
            )
    seconds, others, own, official = (float(np.mean(column)) for column in zip(*rows, strict=True))
    quiet = [row[0] for row in rows if row[1] < BUSY_SHARE]
    if options.json:
        print(
            json.dumps(
                {
                    "seconds": statistics.median(row[0] for row in rows),
                    "busy_with_others": others,
                    "own_test_accuracy": own,
                    "mnist_test_accuracy": official,
                }
            )
        )
    else:
        print(f"mean: own test {own:.2%}, MNIST's test {official:.2%} (bar {LEAST_RIGHT:.0%})")
    return int(official < LEAST_RIGHT or bool(quiet and min(quiet) > MOST_SECONDS))


if __name__ == "__main__":
    sys.exit(main())
