"""Losses: value and gradient together; the loss shown is the loss descended.

A member has

``tasks``
    For which kinds of targets it makes sense.
``factor(shape)``
    By what the sum over all terms of a batch (B, C) is multiplied.
``value_and_gradient(A, Y, dA)``
    Give the loss of a batch and write its derivative by ``A`` into ``dA``; may allocate arrays of
    that shape, which are small beside those of the layers (`nnstudio.nn.heads` does without).
"""

from typing import Annotated

from nnstudio.nn.activations import Activation, Softmax
from nnstudio.nn.losses.distances import Huber, MeanAbsoluteError, MeanSquaredError
from nnstudio.nn.losses.entropies import BinaryCrossEntropy, CrossEntropy, KullbackLeibler
from nnstudio.spec import Field, title_of
from nnstudio.texts import Text, text

__all__ = [
    "BinaryCrossEntropy",
    "CrossEntropy",
    "Huber",
    "KullbackLeibler",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "pair_problem",
]

Loss = Annotated[
    CrossEntropy
    | BinaryCrossEntropy
    | KullbackLeibler
    | MeanSquaredError
    | MeanAbsoluteError
    | Huber,
    Field(discriminator="kind", title="Loss", description="What training makes smaller."),
]


def pair_problem(activation: Activation, loss: Loss) -> Text | None:
    """Give why this output activation and this loss cannot work together, or None when they can.

    It follows from the bounds of the activation, so that a new one is judged without a line here.
    """
    match loss:
        case CrossEntropy():
            return _cross_entropy_problem(activation, loss)
        case BinaryCrossEntropy():
            return _binary_problem(activation)
        case KullbackLeibler() if not isinstance(activation, Softmax):
            return text(
                "The Kullback–Leibler divergence compares two distributions, and only softmax "
                "gives one: choose softmax for the output layer."
            )
        case _:
            return None


def _cross_entropy_problem(activation: Activation, loss: CrossEntropy) -> Text | None:
    if isinstance(activation, Softmax):
        return None
    if activation.lowest < 0:
        return text(
            "Cross-entropy takes the logarithm of the outputs, and those of {activation} can be "
            "negative: choose softmax for the output layer.",
            activation=_name_of(activation),
        )
    if not loss.normalized:
        return text(
            "Cross-entropy needs outputs that add up to 1: choose softmax for the output layer, or "
            "have the loss divide by the sum."
        )
    return None


def _binary_problem(activation: Activation) -> Text | None:
    if activation.lowest < 0:
        return text(
            "Binary cross-entropy needs outputs between 0 and 1, and those of {activation} can be "
            "negative: choose sigmoid for the output layer.",
            activation=_name_of(activation),
        )
    if activation.highest > 1:
        return text(
            "Binary cross-entropy needs outputs between 0 and 1, and those of {activation} can be "
            "larger: choose sigmoid for the output layer.",
            activation=_name_of(activation),
        )
    return None


def _name_of(activation: Activation) -> Text:
    # the literal stands at the class, from where it is extracted
    return Text(title_of(type(activation)), {})
