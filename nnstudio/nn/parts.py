"""Parts: the frozen set of functions that a network is built from; bound once, when it is built.

A classic mistake is a replacement of one or more of them. Output activation and loss are one fused
function only while nothing in it is replaced.
"""

from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import DTypeLike

from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.heads import DivergenceHead, Head, SigmoidHead, SoftmaxHead
from nnstudio.nn.layers import HiddenLayer, LayerParts, OutputLayer, bias_gradient
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, KullbackLeibler, Loss
from nnstudio.nn.parameters import Matrix


@dataclass(frozen=True)
class Parts:
    """What a network is made of.

    Attributes
    ----------
    layers : tuple of LayerParts
        One per layer; the last belongs to the output layer.
    loss : (A, Y, dA) -> float
        Value of the loss; its derivative by ``A`` is written into ``dA``.
    """

    layers: tuple[LayerParts, ...]
    loss: Callable[[Matrix, Matrix, Matrix], float]

    @classmethod
    def of(cls, rows: tuple[HiddenLayer | OutputLayer, ...], loss: Loss) -> "Parts":
        """Give the true functions of these layers and this loss."""
        return cls(
            layers=tuple(LayerParts.of(row.activation) for row in rows),
            loss=loss.value_and_gradient,
        )


def head_of(row: OutputLayer, loss: Loss, parts: Parts, *, C: int, dtype: DTypeLike) -> Head:
    """Give the head of a network: fused where nothing that it stands for is replaced."""
    mine = parts.layers[-1]
    true = Parts.of((row,), loss)
    if (
        parts.loss == true.loss
        and mine.activation == true.layers[-1].activation
        and mine.activation_gradient == true.layers[-1].activation_gradient
        # the gradient of the bias is handed dA, which a fused head does not know
        and mine.bias_gradient is bias_gradient
    ):
        match row.activation, loss:
            case Softmax(), CrossEntropy(epsilon=0, clip=0):
                return SoftmaxHead(C, dtype, parts=mine, loss=loss)
            case Softmax(), KullbackLeibler():
                return DivergenceHead(C, dtype, parts=mine, loss=loss)
            case Sigmoid(), BinaryCrossEntropy(epsilon=0, clip=0):
                return SigmoidHead(C, dtype, parts=mine, loss=loss)
    return Head(C, dtype, parts=mine, loss=parts.loss)
