"""Cases by name, prepared once, shortened where a test asks for it, and trained."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.data.catalogue import DataPlaces, Source
from nnstudio.data.dataset import Dataset
from nnstudio.data.progress import silent
from nnstudio.runs.cases import load_case
from nnstudio.seams import Vector
from nnstudio.training.experiment import Experiment, Stopping
from nnstudio.training.loop import train
from nnstudio.training.prepared import prepare
from nnstudio.training.state import TrainingState

DATA: Final = next(
    (one / "shared" / "data" for one in Path(__file__).parents if (one / "shared/data").is_dir()),
    None,
)


@cache
def dataset(source: Source) -> Dataset:
    """Give the samples of a source, read once for all tests; skips where they are not there."""
    if source.kind in {"mnist", "fashion_mnist"} and DATA is None:
        pytest.skip("there is no folder shared/data beside the checkout")
    folders = () if DATA is None else (DATA,)
    return source.load(DataPlaces.standard(*folders, may_download=False), silent)


def started(name: str, *, steps: int | None = None, limit: int | None = None) -> TrainingState:
    """Give a case before its first step, ending after `steps`, with `limit` training samples."""
    return of(load_case(name), steps=steps, limit=limit)


def of(
    experiment: Experiment, *, steps: int | None = None, limit: int | None = None
) -> TrainingState:
    """Give a run of an experiment, shortened as in `started`."""
    if steps is not None:
        experiment = replace(experiment, stopping=Stopping(epochs=None, steps=steps))
    if limit is not None:
        experiment = replace(experiment, data=replace(experiment.data, limit=limit))
    source = experiment.data.sources[0].source
    return TrainingState.start(experiment, prepare(experiment, dataset(source)), threads=1)


def trained(name: str, *, steps: int | None = None, limit: int | None = None) -> TrainingState:
    """Train a case to its end, or for so many steps."""
    state = started(name, steps=steps, limit=limit)
    for _ in train(state):
        pass
    return state


def after_a_step(name: str) -> tuple[TrainingState, dict[str, Vector]]:
    """Give a case after its first step, and copies of the gradients of that step by name."""
    state = started(name)
    next(train(state))
    views = state.network.layout.views(state.network.gradient)
    return state, {slot: array.copy() for slot, array in views.items()}


def losses(state: TrainingState) -> NDArray[np.float64]:
    """Give what the run told of its batches."""
    return np.asarray(state.history.view().loss)


def accuracy(state: TrainingState) -> float:
    """Give the newest accuracy on the whole validation part."""
    return float(state.history.view().validation.score[-1])


def parameters(state: TrainingState) -> dict[str, Vector]:
    """Give copies of all weights and biases by name."""
    theta = state.network.vector[: state.network.layout.parameters]
    return {name: array.copy() for name, array in state.network.layout.views(theta).items()}
