"""Where the time of a training step goes, how cost grows, and how much memory a run takes.

`uv run python tests/benchmarks/breakdown.py [--rounds 15]`

Each part of a step (matrix products, activations, loss, optimizer, gathering, sums of biases) is
run alone on arrays of the same shapes and compared with the whole step of `train(state)`, in turns;
what is left is Python and everything that is too small for a row. The matrix products are what no
program without compiled code of its own can save: their share of the step is how near to that limit
a network is trained. Costs are ratios to the row marked with 1; memory is in units of the bytes of
the parameters, as the interpreter counted them at the worst moment of start and training.
"""

import argparse
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from busy import Watch

from nnstudio.data.catalogue.toys import Spirals
from nnstudio.data.dataset import Dataset
from nnstudio.nn.activations import Activation, Relu, Sigmoid, Tanh
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Optimizer, RmsProp, Sgd, apply
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
from nnstudio.training.prepared import prepare
from nnstudio.training.state import TrainingState

TURN_SECONDS = 0.05
PARTS = ("products", "activations", "loss", "optimizer", "gathering", "biases")


@dataclass(frozen=True)
class Case:
    """One network and what it is trained with."""

    inputs: int
    units: tuple[int, ...]
    activation: Activation
    optimizer: Optimizer
    batch: int
    samples: int = 20_000

    @property
    def name(self) -> str:
        """Sizes, activation, optimizer and batch."""
        sizes = "-".join(str(size) for size in (self.inputs, *self.units, 10))
        return f"{sizes} {self.activation.kind}, {self.optimizer.kind}, batch {self.batch}"


CASES = (
    Case(784, (100,), Sigmoid(), Sgd(), 32),
    Case(784, (80,), Sigmoid(), Sgd(), 512),
    Case(784, (128, 64), Relu(), Adam(), 128),
    Case(784, (784, 784), Sigmoid(), Adam(), 200),
    Case(2, (16, 16), Tanh(), Sgd(), 16),
)
# 1e3 to 1e7 parameters: two square layers between as many inputs
WIDTHS = (22, 68, 220, 704, 2232)
BATCHES = (16, 64, 256, 1024, 4096)


def started(case: Case) -> TrainingState:
    """Give a run of `case` on random bytes, without validation, before its first step."""
    generator = np.random.default_rng(0)
    dataset = Dataset.of(
        generator.integers(0, 256, (case.samples, case.inputs), dtype=np.uint8),
        generator.integers(0, 10, case.samples),
        class_names=tuple("0123456789"),
        source="noise",
    )
    experiment = Experiment(
        data=DataSettings(sources=(WeightedSource(source=Spirals(validation=0.0)),)),
        network=NetworkSpec(
            layers=tuple(HiddenLayer(units=H, activation=case.activation) for H in case.units)
        ),
        optimizer=case.optimizer,
        schedule=Constant(),
        batches=Batches(size=case.batch, drop_last=True),
        stopping=Stopping(epochs=1_000_000),
    )
    return TrainingState.start(experiment, prepare(experiment, dataset))


def stepping(state: TrainingState) -> Callable[[], None]:
    """Give what makes one step of the run."""
    steps = train(state)
    return lambda: next(steps) and None


def parts(case: Case, state: TrainingState) -> dict[str, Callable[[], None]]:
    """Give each part of a step by itself, on arrays of the same shapes."""
    B, dtype = case.batch, state.network.dtype
    sizes = (case.inputs, *case.units, 10)
    generator = np.random.default_rng(1)

    def room(*shape: int) -> np.ndarray:
        return generator.random(shape).astype(dtype)

    layers = [
        (room(B, D), room(D, H), room(B, H), room(B, H), room(D, H), room(B, D))
        for D, H in pairwise(sizes)
    ]
    biases = [room(H) for H in sizes[1:]]
    rows = state.data.split.training[:B]
    theta, gradient = room(state.network.layout.parameters), state.network.gradient.copy()
    memory = case.optimizer.init(theta.size, dtype)
    head = state.network.head
    Z, Y = room(B, 10), np.eye(10, dtype=dtype)[generator.integers(0, 10, B)]

    def products() -> None:
        for number, (X, W, out, dZ, dW, dX) in enumerate(layers):
            np.dot(X, W, out=out)
            np.dot(X.T, dZ, out=dW)
            if number:
                np.dot(dZ, W.T, out=dX)

    def activations() -> None:
        for _, _, out, dZ, _, _ in layers[:-1]:
            case.activation.forward(dZ, out)
            case.activation.backward(dZ, dZ, out, out)

    def bias_sums() -> None:
        for (_, _, out, dZ, _, _), b in zip(layers, biases, strict=True):
            np.add(out, b, out=out)
            np.add.reduce(dZ, axis=0, out=b)

    return {
        "products": products,
        "activations": activations,
        "loss": lambda: head.loss_and_gradient(Z, Y) and None,
        "optimizer": lambda: apply(case.optimizer, theta, gradient, memory, 1e-3),
        "gathering": lambda: state.feed.batch(rows) and None,
        "biases": bias_sums,
    }


def times(runs: dict[str, Callable[[], None]], *, rounds: int) -> dict[str, float]:
    """Give the seconds of one call of each: the median over the rounds, in turns."""
    counts = {}
    for name, run in runs.items():
        run()
        began = time.perf_counter()
        run()
        spent = max(time.perf_counter() - began, 1e-7)
        counts[name] = max(2, round(TURN_SECONDS / spent))
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            for _ in range(counts[name]):
                run()
            found[name].append((time.perf_counter() - began) / counts[name])
    return {name: statistics.median(seconds) for name, seconds in found.items()}


@np.errstate(all="ignore")
def breakdown(case: Case, *, rounds: int) -> dict[str, float]:
    """Give the share of a step that each part takes, and the share of Python and the rest."""
    state = started(case)
    step = stepping(state)
    step()
    use_threads(state.threads)
    spent = times({"step": step, **parts(case, state)}, rounds=rounds)
    shares = {name: spent[name] / spent["step"] for name in PARTS}
    return {**shares, "Python": 1.0 - sum(shares.values())}


def parameters(width: int) -> int:
    """Give how many parameters the square network of this width has."""
    return 2 * (width + 1) * width + 10 * (width + 1)


def growth_by_parameters(rounds: int) -> dict[int, float]:
    """Give the cost of one parameter for one sample, by the number of parameters."""
    cost = {}
    for width in WIDTHS:
        case = Case(width, (width, width), Relu(), Adam(), 128, samples=1280)
        seconds = times({"step": stepping(started(case))}, rounds=rounds)["step"]
        cost[parameters(width)] = seconds / parameters(width)
    return cost


def growth_by_samples(rounds: int) -> dict[int, float]:
    """Give the cost of one sample, by the size of the batch."""
    cost = {}
    for batch in BATCHES:
        case = Case(784, (128,), Relu(), Adam(), batch, samples=8192)
        cost[batch] = times({"step": stepping(started(case))}, rounds=rounds)["step"] / batch
    return cost


def memory(optimizer: Optimizer) -> tuple[float, float]:
    """Give the most memory of a run with 1e6 parameters, and what the arrays of its state take.

    In units of the bytes of the parameters; data and the buffers of one batch are taken off.
    """
    case = Case(704, (704, 704), Relu(), optimizer, 16, samples=320)
    tracemalloc.start()
    state = started(case)
    step = stepping(state)
    for _ in range(40):
        step()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    network = state.network
    vectors = [network.vector, network.gradient, *state.optimizer_state.vectors.values()]
    buffers = 6 * case.batch * sum((case.inputs, *case.units, 10)) * network.dtype.itemsize
    data = state.data.dataset.inputs.nbytes + state.data.targets.nbytes
    unit = network.parameters.nbytes
    return (most - buffers - data) / unit, sum(vector.nbytes for vector in vectors) / unit


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="turns of each part")
    rounds = parser.parse_args().rounds
    watch = Watch()
    print("| net | " + " | ".join((*PARTS, "Python")) + " |")
    print("|---|" + "---|" * (len(PARTS) + 1))
    for case in CASES:
        shares = breakdown(case, rounds=rounds)
        print(f"| {case.name} | " + " | ".join(f"{one:.0%}" for one in shares.values()) + " |")
    print("\n| parameters | cost of a parameter and a sample |\n|---|---|")
    cost = growth_by_parameters(max(3, rounds // 3))
    reference = cost[parameters(WIDTHS[-2])]
    for count, seconds in cost.items():
        print(f"| {count:,} | {seconds / reference:.2f} |")
    print("\n| batch | cost of a sample |\n|---|---|")
    by_batch = growth_by_samples(max(3, rounds // 3))
    for batch, seconds in by_batch.items():
        print(f"| {batch:,} | {seconds / by_batch[256]:.2f} |")
    print("\n| optimizer | most memory, in parameters | its arrays |\n|---|---|---|")
    for optimizer in (Sgd(), replace(Sgd(), momentum=0.9), RmsProp(), Adam()):
        most, arrays = memory(optimizer)
        name = optimizer.kind + (" with momentum" if getattr(optimizer, "momentum", 0) else "")
        print(f"| {name} | {most:.1f} | {arrays:.1f} |")
    print(f"\nother programs: {watch.others():.2f} processors")


if __name__ == "__main__":
    main()
