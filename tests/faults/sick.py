"""Tiny experiments in which a classic mistake can act, with the mistake behind them or in them."""

from dataclasses import replace
from typing import Any, Final

from nnstudio.faults import Mistake, seams_of
from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.training.experiment import Stopping
from nnstudio.training.loop import train
from nnstudio.training.prepared import prepare
from nnstudio.training.state import TrainingState
from tests.strategies import Case, tiny_case

# as the table of the cases names them, in the order in which they are put together
NAMES: Final = (
    "validation-in-training",
    "inputs-shuffled-without-targets",
    "labels-off-by-one",
    "samples-sorted-by-class",
    "softmax-over-batch",
    "softmax-twice",
    "targets-not-clipped",
    "loss-of-another-gradient",
    "derivative-at-error",
    "activation-derivative-missing",
    "bias-gradient-before-activation",
    "bias-gradient-wrong-axis",
    "bias-gradient-of-one-sample",
    "summed-gradient",
    "divided-by-inputs",
    "transposed-error",
    "row-wise-numerical-gradient",
    "gradient-sign",
    "gradient-accumulates",
    "update-not-applied",
    "bias-never-updated",
    "dropout-active-in-prediction",
    "evaluation-scaled-differently",
)
CLIPPED: Final = BinaryCrossEntropy(clip=0.3)


def fitting(name: str, **settings: Any) -> Case:
    """A tiny experiment in which the mistake can act."""
    layer = HiddenLayer(units=5, activation=Sigmoid())
    output = OutputLayer(activation=Softmax())
    loss: Loss = CrossEntropy()
    if name == "dropout-active-in-prediction":
        layer = replace(layer, dropout=Dropout(rate=0.5))
    layers = (layer, layer) if name == "transposed-error" else (layer,)
    if name == "targets-not-clipped":
        output, loss = OutputLayer(activation=Sigmoid()), CLIPPED
    if name == "loss-of-another-gradient":
        loss = MeanSquaredError()
    return tiny_case(
        **{
            "network": NetworkSpec(layers=layers, output=output),
            "loss": loss,
            "precision": "float64",
            "stopping": Stopping(epochs=2),
            **settings,
        }
    )


def planted(case: Case, *faults: Mistake) -> TrainingState:
    """A run with mistakes behind its experiment."""
    seams = seams_of(faults)
    data = prepare(case.experiment, case.data.given, seams=seams)
    return TrainingState.start(case.experiment, data, seams=seams)


def switched(case: Case, *faults: Any) -> TrainingState:
    """A run with mistakes in its experiment."""
    experiment = replace(case.experiment, faults=faults)
    return TrainingState.start(experiment, prepare(experiment, case.data.given))


def finished(state: TrainingState) -> TrainingState:
    for _ in train(state):
        pass
    return state
