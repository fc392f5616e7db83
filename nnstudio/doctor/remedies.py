"""Remedies at work: the Experiment that is healed, and whether a run may go on under it."""

from dataclasses import replace
from typing import Final

from nnstudio.doctor.diagnosis import Remedy
from nnstudio.nn.network import NetworkSpec
from nnstudio.paths import remedied
from nnstudio.training.experiment import Experiment
from nnstudio.training.problems import problems

DATA_MISTAKES: Final = frozenset(
    (
        "inputs-shuffled-without-targets",
        "labels-off-by-one",
        "samples-sorted-by-class",
        "validation-in-training",
    )
)
"""Classic mistakes that change what is learned from, and so what a run has learned so far."""


def acts(experiment: Experiment, remedy: Remedy) -> bool:
    """Whether a remedy changes this Experiment; if not, it is advice."""
    return bool(remedy.changes) or any(one.kind == remedy.mistake for one in experiment.faults)


def healed(experiment: Experiment, remedy: Remedy) -> Experiment:
    """Give `experiment` as the remedy changes it, without its mistake and those that cannot act.

    Raises
    ------
    SpecError
        When a change is not legal there.
    """
    changed = remedied(experiment, remedy.changes)
    if remedy.mistake:
        kept = tuple(one for one in changed.faults if one.kind != remedy.mistake)
        changed = replace(changed, faults=kept)
    # a mistake that needed what the remedy has changed cannot stay in
    for problem in problems(changed, None):
        if problem.path[:1] == ("faults",) and problem.remedy:
            return remedied(changed, problem.remedy)
    return changed


def keeps_start(before: Experiment, after: Experiment) -> bool:
    """Whether shapes, start and data stay, so that a run goes on under `after` from where it is.

    Otherwise it begins again at its first step, with the same seed.
    """
    return (
        (before.seed, before.precision, before.data, before.scaling, before.augmentation)
        == (after.seed, after.precision, after.data, after.scaling, after.augmentation)
        and before.pretraining == after.pretraining
        and _start_of(before.network) == _start_of(after.network)
        and _data_mistakes(before) == _data_mistakes(after)
    )


def _start_of(network: NetworkSpec) -> tuple[object, ...]:
    return (
        *((row.bias, row.weights, row.biases) for row in network.rows),
        *((row.units, row.normalization) for row in network.layers),
    )


def _data_mistakes(experiment: Experiment) -> frozenset[str]:
    return frozenset(one.kind for one in experiment.faults) & DATA_MISTAKES
