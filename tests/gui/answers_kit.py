"""Answers made by hand, and data and runs that they belong to."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.progress import silent
from nnstudio.gui.workbench.run_sources import blueprint_of
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.answers import Answers
from nnstudio.runs.run import RunView
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData, load
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot, Weights

PICTURES = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Noise(samples=80)),)),
    network=NetworkSpec(layers=(HiddenLayer(units=3),)),
)


def loaded(experiment: Experiment) -> PreparedData:
    return load(experiment, DataPlaces.standard(), silent)


def run_of(experiment: Experiment, data: PreparedData, *, step: int = 7) -> RunView:
    blueprint = blueprint_of(experiment, data, initial=None)
    vector = np.zeros(blueprint.layout.size, np.float32)
    return RunView(
        identity="run-1",
        name="Run 1",
        number=1,
        current=True,
        snapshot=Snapshot(RunState.RUNNING, step, weights=Weights(step, vector)),
        blueprint=blueprint,
        recipe=Recipe(experiment, data_sha256=data.facts.sha256),
    )


def shares(said: NDArray[np.int64], kinds: int, *, sure: float = 0.7) -> NDArray[np.float64]:
    """Give outputs (N, C) that answer `said`, each with the probability `sure`."""
    outputs = np.full((len(said), kinds), (1 - sure) / max(kinds - 1, 1))
    outputs[np.arange(len(said)), said] = sure
    return outputs


def answers_to(data: PreparedData, outputs: NDArray[np.float64], **values: Any) -> Answers:
    """Give answers to the validation part."""
    rows = data.split.validation[: len(outputs)]
    classes = data.labels is not None
    none = np.empty(0, np.int64)
    whole: dict[str, Any] = {
        "identity": "run-1",
        "part": "validation",
        "step": 7,
        "task": data.task,
        "rows": rows,
        "of": len(data.split.validation),
        "lost": 0,
        "outputs": outputs,
        "targets": data.targets[rows].astype(np.float64),
        "truth": data.labels[rows] if data.labels is not None else none,
        "said": outputs.argmax(axis=1) if classes else none,
        "shared": classes,
    }
    return Answers(**(whole | values))


def truth_of(data: PreparedData) -> NDArray[np.int64]:
    """Give the true classes of the validation part."""
    assert data.labels is not None
    return data.labels[data.split.validation]


def lost(data: PreparedData) -> Answers:
    """Give answers of which none is a number."""
    none = answers_to(data, np.empty((0, data.outputs)))
    return replace(none, lost=len(data.split.validation))
