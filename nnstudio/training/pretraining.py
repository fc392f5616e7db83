"""Pretraining: each hidden layer first learns to reconstruct its inputs; the last stage is the run.

A run of several stages names them in its history: ``layers.0``, ``layers.1`` ... and ``network``.
"""

from typing import Annotated, Final, Literal

from nnstudio.spec import Display, Field, spec
from nnstudio.texts import mark

WHOLE: Final = "network"
"""The stage in which the whole network is trained on its targets: the only one of most runs."""


@spec(title="none", help="Training starts from the initial weights.")
class NoPretraining:
    """Training starts from the initial weights."""

    kind: Literal["none"] = "none"


@spec(
    title="layer by layer",
    help="Before the run, each hidden layer by itself learns to restore its own inputs, from the "
    "first to the last, without targets. The epochs of the run count from where that is over. "
    "A run that begins with the weights of a model leaves it out.",
)
class LayerByLayer:
    """Greedy layer-wise pretraining with (denoising) autoencoders.

    As in Bengio et al. 2007: a layer and a decoder of its own are trained to reconstruct what the
    layers below make of the inputs; then the decoder is forgotten, and the next layer follows.
    With noise, a share of the inputs is set to zero and the untouched ones are to be restored
    (masking noise, Vincent et al. 2008). Inputs may have any scale, so the decoder is linear with
    weights of its own and the error is the mean square, where both papers have tied weights and a
    sigmoid with cross-entropy. The optimizer is the one of the run, with a constant rate in
    proportion to its own, since a rate that fits one optimizer is nothing to another; dropout is
    off. PyTorch, Keras and MindSpore have nothing of the kind built in.
    """

    kind: Literal["layer_by_layer"] = "layer_by_layer"
    epochs: Annotated[
        int,
        Field(
            ge=1,
            le=100_000,
            title="Epochs per layer",
            description="How long each hidden layer is trained by itself.",
        ),
        Display(scale="log"),
    ] = 5
    rate: Annotated[
        float,
        Field(
            gt=0,
            le=1000,
            title="Pretraining rate",
            description="So many times the learning rate of the optimizer, without its schedule.",
        ),
        Display(scale="log", unit=mark("×")),
    ] = 1.0
    noise: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            title="Noise",
            description="Share of the inputs of the layer that is set to zero, to be restored.",
        ),
        Display(unit="%"),
    ] = 0.2


Pretraining = Annotated[
    NoPretraining | LayerByLayer,
    Field(
        discriminator="kind",
        title="Pretraining",
        description="Whether the hidden layers learn something about the inputs before the run.",
    ),
]


def layer_stage(number: int) -> str:
    """Give the name of the stage that pretrains hidden layer `number`, from 0."""
    return f"layers.{number}"


def layer_of(name: str) -> int | None:
    """Give which hidden layer the stage `name` pretrains, from 0; None for the whole network.

    Raises
    ------
    ValueError
        When no stage has this name.
    """
    if name == WHOLE:
        return None
    prefix, _, number = name.rpartition(".")
    if prefix != "layers" or not number.isdecimal():
        raise ValueError(name)
    return int(number)


def first_stage(pretraining: NoPretraining | LayerByLayer, layers: int) -> str:
    """Give the stage that a run begins with whose network has so many hidden layers."""
    return layer_stage(0) if isinstance(pretraining, LayerByLayer) and layers else WHOLE


def stage_after(name: str, layers: int) -> str:
    """Give the stage that follows `name` in a network of so many hidden layers."""
    number = layer_of(name)
    return WHOLE if number is None or number + 1 >= layers else layer_stage(number + 1)
