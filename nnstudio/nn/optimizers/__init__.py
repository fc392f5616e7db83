"""Optimizers, the usual ones first: immutable hyper-parameters, explicit state.

Each class says which variant of its formula it has, and in a table what its settings are called in
PyTorch, Keras and MindSpore, with the defaults there. The files: `state` (how a step is made of
chunks), `settings` (what several have), `descent` (one rate for all), `scaled` (a scale for each
parameter), `adam` (and means without bias).
"""

from typing import Annotated

from nnstudio.nn.optimizers.adam import Adam, AdamW, AmsGrad, Nadam
from nnstudio.nn.optimizers.descent import Sgd
from nnstudio.nn.optimizers.scaled import Adadelta, Adagrad, RmsProp
from nnstudio.nn.optimizers.settings import LearningRate
from nnstudio.nn.optimizers.state import CHUNK_FLOATS, OptimizerState, Rule, apply
from nnstudio.spec import Field

__all__ = [
    "CHUNK_FLOATS",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "AmsGrad",
    "LearningRate",
    "Nadam",
    "Optimizer",
    "OptimizerState",
    "RmsProp",
    "Rule",
    "Sgd",
    "apply",
]

Optimizer = Annotated[
    Sgd | Adam | AdamW | Nadam | AmsGrad | RmsProp | Adagrad | Adadelta,
    Field(
        discriminator="kind",
        title="Optimizer",
        description="How a gradient becomes a step. Which one? Adam with a rate of 0.001 to "
        "0.006 learns soon and forgives much. SGD with momentum 0.9 and a falling rate often ends "
        "a little better, but takes more trying. AdamW where training samples are learned by "
        "heart. The others are for comparison, or for settings that you bring along.",
    ),
]
