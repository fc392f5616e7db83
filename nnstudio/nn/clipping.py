"""Clipping: a gradient that is too long is shortened before the optimizer sees it, in place.

A gradient with a number that is none keeps it: divergence is noticed, not hidden. An infinite one
leaves a norm without meaning, so the gradient stays as it is; by value it becomes the limit.
"""

from math import inf
from typing import Annotated, Literal

import numpy as np

from nnstudio.nn.parameters import Layout, Vector
from nnstudio.spec import Display, Field, spec


@spec(title="none")
class NoClipping:
    """Gradients are taken as they come."""

    kind: Literal["none"] = "none"

    def clip(self, grad: Vector, layout: Layout) -> None:
        """Leave `grad` as it is."""


@spec(
    title="by value",
    help="Every number of the gradient is cut off at the limit, so its direction may change.",
)
class ByValue:
    """``g = min(max(g, -limit), limit)`` for each number.

    PyTorch: ``clip_grad_value_(clip_value)``; Keras: ``clipvalue``; MindSpore: ``clip_by_value``.
    """

    kind: Literal["by_value"] = "by_value"
    limit: Annotated[
        float,
        Field(
            ge=1e-9,
            le=1e9,
            title="Limit",
            description="Largest number that is let through, with either sign "
            "(PyTorch clip_value, Keras clipvalue).",
        ),
        Display(scale="log", live=True),
    ] = 0.5

    def clip(self, grad: Vector, layout: Layout) -> None:
        """Cut `grad` off at the limit, in place; infinite numbers too, but what is none stays."""
        np.clip(grad, -self.limit, self.limit, out=grad)


@spec(
    title="by global norm",
    help="A gradient that is longer than the limit is shortened to it and keeps its direction. "
    "The usual choice.",
)
class ByNorm:
    """``g = g limit / |g|`` where ``|g| > limit``, all parameters together (Pascanu 2013, alg. 1).

    PyTorch: ``clip_grad_norm_(max_norm)``, which adds 1e-6 to ``|g|`` before it divides and so ends
    a little below the limit; Keras: ``global_clipnorm``; MindSpore: ``clip_by_global_norm``.
    """

    kind: Literal["by_norm"] = "by_norm"
    limit: Annotated[
        float,
        Field(
            ge=1e-9,
            le=1e9,
            title="Limit",
            description="Greatest length of the whole gradient "
            "(PyTorch max_norm, Keras global_clipnorm, MindSpore clip_norm).",
        ),
        Display(scale="log", live=True),
    ] = 1.0

    def clip(self, grad: Vector, layout: Layout) -> None:
        """Shorten `grad` to the limit, in place."""
        _shorten(grad, self.limit)


@spec(
    title="by layer norm",
    help="The gradient of every layer is shortened by itself, so that one wild layer does not make "
    "the steps of all others small.",
)
class ByLayerNorm:
    """``g = g limit / |g|`` where ``|g| > limit``, for all parameters of one layer together.

    Keras' ``clipnorm`` does the same for every array by itself (weights apart from biases); PyTorch
    has it as ``clip_grad_norm_(layer.parameters(), max_norm)``.
    """

    kind: Literal["by_layer_norm"] = "by_layer_norm"
    limit: Annotated[
        float,
        Field(
            ge=1e-9,
            le=1e9,
            title="Limit",
            description="Greatest length of the gradient of one layer "
            "(Keras clipnorm, which takes weights and biases apart).",
        ),
        Display(scale="log", live=True),
    ] = 1.0

    def clip(self, grad: Vector, layout: Layout) -> None:
        """Shorten the part of each layer to the limit, in place."""
        for start, stop in layout.layer_ranges:
            _shorten(grad[start:stop], self.limit)


def _shorten(grad: Vector, limit: float) -> None:
    square = float(grad.dot(grad))
    if square == inf:
        # in float32 squares overflow from 1.8e19 on, long before the numbers themselves
        largest = max(float(grad.max()), -float(grad.min()))
        if largest == inf:
            return
        grad /= largest
        grad *= limit / float(grad.dot(grad)) ** 0.5
    elif square > limit * limit:
        grad *= limit / square**0.5


Clipping = Annotated[
    NoClipping | ByValue | ByNorm | ByLayerNorm,
    Field(
        discriminator="kind",
        title="Clipping",
        description="Whether a gradient that is too large is made smaller before the step. Try it "
        "when the loss jumps up now and then, above all in deep or noisy training.",
    ),
]
