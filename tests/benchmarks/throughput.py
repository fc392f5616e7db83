"""Training throughput against PyTorch on the CPU and scikit-learn; ratios, not seconds, count.

`uv run --group peers python tests/benchmarks/throughput.py [--rounds 21] [--json] [--only NET]`

PyTorch comes eager, with the fused optimizer, and compiled (`torch.compile` of network and loss)
where this machine can do that; the best of them counts. The same shuffled mini-batches of as many
samples as MNIST has, gathered by each from its own array (bytes for nnstudio, which scales after
gathering; float32 for the others), in one process, in short turns one after the other, each with
its default number of threads (`--torch-threads` sets another for PyTorch, for the whole run: a
change within it costs PyTorch half its speed). nnstudio also notes loss and score of every batch;
PyTorch's loop reads the loss of every step. scikit-learn has no entry for ready-made batches: its
`fit` shuffles and gathers batches of the same size itself. Where at least five rounds were left
alone by other programs, only these count.
"""

import argparse
import json
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from os import cpu_count
from typing import Any

import numpy as np
import torch
from busy import Watch
from sklearn.neural_network import MLPClassifier
from torch import nn

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.data.preprocessing import Raw, ToUnit
from nnstudio.nn.activations import Relu, Sigmoid, Softmax, Tanh
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.nn.schedules import Constant
from nnstudio.training.blas import use_threads
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.loop import train
from nnstudio.training.prepared import PreparedData, prepare
from nnstudio.training.state import TrainingState

SAMPLES = 60_000
TURN_SECONDS = 0.12
REST_SECONDS = 0.06
QUIET_SHARE = 0.1
FEWEST_QUIET_ROUNDS = 5
OURS = "nnstudio"
SKLEARN = "scikit-learn"


@dataclass(frozen=True)
class Case:
    """One network and what it is trained with."""

    name: str
    units: tuple[int, ...]
    activation: str
    optimizer: str
    rate: float
    batch: int
    wanted: float
    inputs: int = 784
    outputs: int = 10


CASES = (
    Case("784-100-10", (100,), "sigmoid", "sgd", 0.1, 32, 1.6),
    Case("784-80-10", (80,), "sigmoid", "sgd", 0.1, 512, 1.4),
    Case("784-128-64-10", (128, 64), "relu", "adam", 0.001, 128, 1.2),
    Case("784-784-784-10", (784, 784), "sigmoid", "adam", 0.001, 200, 1.0),
    Case("2-16-16-1", (16, 16), "tanh", "sgd", 0.1, 16, 2.0, inputs=2, outputs=1),
)


def pictures() -> Dataset:
    """As large, and as empty, as handwritten digits: four of five pixels are 0."""
    generator = np.random.default_rng(0)
    pixels = generator.integers(1, 256, (SAMPLES, 784), dtype=np.uint8)
    pixels[generator.random(pixels.shape, dtype=np.float32) < 0.8] = 0
    return Dataset.of(
        pixels,
        generator.integers(0, 10, SAMPLES),
        class_names=tuple("0123456789"),
        source="spirals",
    )


def points() -> Dataset:
    """Points of the plane with one answer, yes or no: what XOR asks."""
    generator = np.random.default_rng(0)
    places = generator.standard_normal((SAMPLES, 2)).astype(np.float32)
    answers = (places[:, :1] * places[:, 1:] > 0).astype(np.float32)
    return Dataset.of(places, answers, task="labels", class_names=("same sign",), source="xor")


def experiment(case: Case) -> Experiment:
    """The case as an Experiment without validation."""
    activation = {"sigmoid": Sigmoid(), "relu": Relu(), "tanh": Tanh()}[case.activation]
    optimizer = {"sgd": Sgd, "adam": Adam}[case.optimizer](learning_rate=case.rate)
    return Experiment(
        data=DataSettings(sources=(WeightedSource(source=Spirals(validation=0.0)),)),
        network=NetworkSpec(
            layers=tuple(HiddenLayer(units=H, activation=activation) for H in case.units),
            output=OutputLayer(activation=Sigmoid() if case.outputs == 1 else Softmax()),
        ),
        loss=BinaryCrossEntropy() if case.outputs == 1 else CrossEntropy(),
        scaling=Raw() if case.outputs == 1 else ToUnit(),
        optimizer=optimizer,
        schedule=Constant(),
        batches=Batches(size=case.batch),
        stopping=Stopping(epochs=100_000),
    )


def ours(case: Case, data: PreparedData) -> Callable[[int], None]:
    """Give what makes so many steps by nnstudio's own loop."""
    steps = train(TrainingState.start(experiment(case), data))

    def run(count: int) -> None:
        for _ in range(count):
            next(steps)

    return run


def theirs_torch(
    case: Case, X: Any, Y: Any, *, fused: bool, compiled: bool = False
) -> Callable[[int], None]:
    """Give what makes so many steps by PyTorch, with either optimizer, eager or compiled."""
    layers: list[nn.Module] = []
    D = case.inputs
    make_activation = {"sigmoid": nn.Sigmoid, "relu": nn.ReLU, "tanh": nn.Tanh}[case.activation]
    for H in case.units:
        layers += [nn.Linear(D, H), make_activation()]
        D = H
    model = nn.Sequential(*layers, nn.Linear(D, case.outputs))
    make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[case.optimizer]
    optimizer = make(model.parameters(), lr=case.rate, fused=fused)
    criterion = nn.BCEWithLogitsLoss() if case.outputs == 1 else nn.CrossEntropyLoss()

    def loss_of(inputs: Any, answers: Any) -> Any:
        return criterion(model(inputs), answers)

    if compiled:
        loss_of = torch.compile(loss_of)
    batches: list[Any] = []

    def run(count: int) -> None:
        for _ in range(count):
            if not batches:
                batches.extend(torch.randperm(len(X)).split(case.batch)[:-1])
            rows = batches.pop()
            optimizer.zero_grad()
            loss = loss_of(X[rows], Y[rows])
            loss.backward()
            optimizer.step()
            loss.item()

    return run


def theirs_sklearn(case: Case, X: Any, labels: Any) -> Callable[[int], None]:
    """Give what makes so many steps by scikit-learn's MLP."""
    model = MLPClassifier(
        hidden_layer_sizes=case.units,
        activation={"sigmoid": "logistic"}.get(case.activation, case.activation),
        solver=case.optimizer,
        alpha=0.0,
        batch_size=case.batch,
        learning_rate_init=case.rate,
        momentum=0.0,
        nesterovs_momentum=False,
        max_iter=1,
        warm_start=True,
    )

    def run(count: int) -> None:
        samples = count * case.batch
        model.fit(X[:samples], labels[:samples])

    return run


def steps_per_turn(run: Callable[[int], None]) -> int:
    """Give how many steps take about one turn."""
    run(64)
    started = time.perf_counter()
    run(128)
    return max(64, round(128 * TURN_SECONDS / (time.perf_counter() - started)))


def measure(case: Case, dataset: Dataset, *, rounds: int) -> dict[str, Any]:
    """Give the samples per second of each, their ratios, and how busy the machine was."""
    data = prepare(experiment(case), dataset)
    rows = data.split.training
    floats = np.empty((len(rows), data.inputs), np.float32)
    data.scaling.into(dataset.inputs[rows], floats)
    targets = data.targets[rows]
    labels = targets[:, 0] if case.outputs == 1 else targets.argmax(axis=1)
    X, Y = torch.from_numpy(floats), torch.from_numpy(targets if case.outputs == 1 else labels)
    runs = {
        "torch": theirs_torch(case, X, Y, fused=False),
        "torch fused": theirs_torch(case, X, Y, fused=True),
        "torch compiled": theirs_torch(case, X, Y, fused=True, compiled=True),
        SKLEARN: theirs_sklearn(case, floats, labels.astype(np.int64)),
        OURS: ours(case, data),
    }
    try:
        runs["torch compiled"](1)
    except RuntimeError as error:
        del runs["torch compiled"]
        print(f"\n(no torch.compile here: {str(error).splitlines()[0]})")
    counts = {name: steps_per_turn(run) for name, run in runs.items()}
    everything = [turn(runs, counts, batch=case.batch) for _ in range(rounds)]
    quiet = [one for one in everything if one[1] <= QUIET_SHARE]
    used = quiet if len(quiet) >= FEWEST_QUIET_ROUNDS else everything
    medians = {name: statistics.median(speeds[name] for speeds, _ in used) for name in runs}
    best = max((name for name in runs if name.startswith("torch")), key=medians.__getitem__)

    def ratio(name: str) -> float:
        return round(statistics.median(speeds[OURS] / speeds[name] for speeds, _ in used), 3)

    return {
        "samples_per_second": {name: round(value) for name, value in medians.items()},
        "ratio_to_best_torch": ratio(best),
        "ratio_to_sklearn": ratio(SKLEARN),
        "best_torch": best,
        "wanted": case.wanted,
        "rounds": len(used),
        "others_share_of_cpu": round(statistics.median(share for _, share in used), 3),
    }


def turn(
    runs: dict[str, Callable[[int], None]], counts: dict[str, int], *, batch: int
) -> tuple[dict[str, float], float]:
    """Give the samples per second of one turn of each, and the share of the CPU others used."""
    speeds = {}
    watch = Watch()
    for name, run in runs.items():
        if name == SKLEARN:
            use_threads(cpu_count() or 1)
        # threads of the one before spin on for a while
        time.sleep(REST_SECONDS)
        started = time.perf_counter()
        run(counts[name])
        speeds[name] = counts[name] * batch / (time.perf_counter() - started)
    return speeds, watch.others() / (cpu_count() or 1)


def main() -> None:
    """Print a table, and with --json the same as the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=21, help="turns of each in every case")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--only", help="one net by its name")
    parser.add_argument("--torch-threads", type=int, default=torch.get_num_threads())
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.torch_threads)
    warnings.simplefilter("ignore")  # scikit-learn: one epoch is not convergence
    sets = {784: pictures(), 2: points()}
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads; NumPy {np.__version__}")
    found = {}
    for case in [one for one in CASES if chosen.only in {None, one.name}]:
        result = measure(case, sets[case.inputs], rounds=chosen.rounds)
        found[case.name] = result
        print(f"\n{case.name} {case.activation}, {case.optimizer}, batch {case.batch}")
        for name, speed in result["samples_per_second"].items():
            print(f"  {name:14}{speed:>10,} samples/s")
        print(
            f"  {result['ratio_to_best_torch']:.2f} times {result['best_torch']}"
            f" (wanted: {case.wanted}), {result['ratio_to_sklearn']:.2f} times scikit-learn"
        )
        print(
            f"  {result['rounds']} rounds in which other programs used"
            f" {result['others_share_of_cpu']:.0%} of the machine"
        )
    if chosen.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
