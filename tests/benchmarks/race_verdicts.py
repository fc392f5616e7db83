"""Does a race name a winner where nothing that matters differs, and soon where it does?

Prints, for presets on real and made data: how many of the pairs that differ by one unit, by 2 % of
the rate or by one sample a batch had a winner (none should), and after how many steps a rate that
is far too low or too high has lost.

    python tests/benchmarks/race_verdicts.py
"""

from itertools import combinations

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.paths import replace_at
from nnstudio.runs.cases import load_case
from nnstudio.runs.verdict import Judge
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import History, HistoryView
from nnstudio.training.loop import train
from nnstudio.training.prepared import prepare
from nnstudio.training.snapshot import RunState, Snapshot
from nnstudio.training.sources import load_sources
from nnstudio.training.state import TrainingState

PRESETS = (("moons", 1500), ("spirals", 3000), ("mnist-quick", 1500), ("checkerboard", 2000))
UNITS = ("network", "layers", 0, "units")
RATE = ("optimizer", "learning_rate")
SIZE = ("batches", "size")


def history_of(experiment: Experiment, dataset: Dataset, steps: int) -> HistoryView:
    """Train for `steps` steps."""
    state = TrainingState.start(experiment, prepare(experiment, dataset))
    for step in train(state):
        if step.step >= steps:
            break
    return state.history.view()


def at(history: HistoryView, step: int) -> Snapshot:
    """Give how a run looked after `step` steps, at most its own."""
    step = min(step, history.steps)
    state = RunState.FINISHED if step == history.steps else RunState.RUNNING
    return Snapshot(state, step, history=History.of(history, step).view())


def raced(one: HistoryView, other: HistoryView, steps: int) -> Judge:
    """Let two runs grow until one has won or both are over."""
    judge, step = Judge(), 0
    while not judge.over and step < steps:
        step = min(steps, step + max(5, step // 25))
        judge.look(at(one, step), at(other, step))
    return judge


def main() -> None:
    """Print the table."""
    for name, steps in PRESETS:
        experiment = load_case(name)
        dataset = load_sources(experiment, DataPlaces.standard(), silent)
        units, rate = experiment.network.layers[0].units, experiment.optimizer.learning_rate
        alike = [
            experiment,
            *(replace_at(experiment, UNITS, units + more) for more in (1, 2, 3)),
            replace_at(experiment, RATE, rate * 1.02),
            replace_at(experiment, SIZE, experiment.batches.size + 1),
        ]
        runs = [history_of(one, dataset, steps) for one in alike]
        won = [raced(one, other, steps).winner for one, other in combinations(runs, 2)]
        false = sum(one is not None for one in won)
        print(f"{name}: {false} of {len(won)} pairs that are alike have a winner")
        for factor in (0.03, 0.2, 5.0, 30.0):
            other = replace_at(experiment, RATE, rate * factor)
            judge = raced(runs[0], history_of(other, dataset, steps), steps)
            step = judge.newest.step if judge.newest is not None else 0
            words = {0: "has lost", 1: "has won", None: "is undecided"}[judge.winner]
            print(f"  rate x {factor:g}: {words} after {step} steps")


if __name__ == "__main__":
    main()
