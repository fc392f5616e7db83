"""The row-wise "numerical gradient": a whole row of a matrix is moved at once (case 1).

Moving row i of W adds ``h X[:, i]`` to every column of Z, so each difference costs only the layers
above; the numbers are those of the program that moves the row and runs the whole network.
"""

from dataclasses import replace
from typing import ClassVar, Final, Literal

import numpy as np

from nnstudio.faults.mistake import Mistake, Place, Setup
from nnstudio.nn.network import Network
from nnstudio.nn.parameters import Matrix
from nnstudio.nn.sums import loss_above, stops
from nnstudio.seams import Seams
from nnstudio.spec import spec
from nnstudio.texts import Text, text

STEP: Final = 1e-4
"""The h of the program that somebody wrote."""


@spec(
    title="row-wise numerical gradient",
    help="Differences instead of derivatives, and a whole row of a weight matrix is moved at once: "
    "every weight of a row gets the same number, and those before softmax get almost none. Slow: "
    "each step runs the network once for every row and twice for every bias.",
)
class RowWiseNumericalGradient(Mistake):
    """Half a forward difference along each row of W; central differences for all that is 1-D.

    A loop over ``x[i]`` of a matrix takes rows, and a row of a NumPy matrix is a view: the value
    that was put by moves with it, so that the second evaluation is at the start and the result is
    ``(f(x + h 1) - f(x)) / 2h``.
    """

    kind: Literal["row-wise-numerical-gradient"] = "row-wise-numerical-gradient"
    place: ClassVar[Place] = "source of the gradient"
    told: ClassVar[Text] = text(
        "The numerical gradient moves whole rows of the weights at once: half a forward difference"
    )
    formula_wrong: ClassVar[str] = "dW[i, :] = (L(W[i, :] + h) - L(W)) / 2h"
    formula_right: ClassVar[str] = "dW[i, j] = (L(W[i, j] + h) - L(W[i, j] - h)) / 2h"

    def replaces(self, seams: Seams) -> Seams:
        """Give `seams` with differences instead of backpropagation."""
        before = seams.gradient

        def gradient(network: Network, X: Matrix, Y: Matrix) -> float:
            loss = before(network, X, Y)
            _fill(network, X, Y, loss)
            return loss

        return replace(seams, gradient=gradient)

    def unfit(self, setup: Setup) -> Text | None:
        """Give why it cannot act: single precision leaves nothing but rounding."""
        if setup.precision == "float64":
            return None
        return text("Differences of numbers in single precision are rounding: choose float64.")


def _fill(network: Network, X: Matrix, Y: Matrix, loss: float) -> None:
    """Write the differences into the gradient of `network`, which has just seen the batch."""
    views = network.layout.views(network.gradient)
    penalty = network.penalty()
    here = loss - penalty
    for number, (inputs, Z) in enumerate(stops(network, X)):
        rows = views[f"layers.{number}.W"]
        moved = np.empty_like(Z)
        for i in range(inputs.shape[1]):
            column = inputs[:, i : i + 1]
            # what an unlit input would add is 0 exactly
            change = 0.0
            if column.any():
                np.add(Z, STEP * column, out=moved)
                change = loss_above(network, number, Z=moved, Y=Y) - here
            rows[i] = change / (2.0 * STEP)
        biases = views.get(f"layers.{number}.b")
        if biases is not None:
            for j in range(Z.shape[1]):
                biases[j] = _central(network, number, Z, Y, j)
    for slot in network.layout.slots:
        if slot.stop <= network.layout.parameters and slot.name[-2:] not in {".W", ".b"}:
            for place in range(slot.start, slot.stop):
                network.gradient[place] = _moved(network, X, Y, place)
    _penalize(network, penalty)
    # outputs and running statistics are those of the batch as it is
    network.training_loss(X, Y)


def _central(network: Network, number: int, Z: Matrix, Y: Matrix, j: int) -> float:
    moved = Z.copy()
    moved[:, j] += STEP
    above = loss_above(network, number, Z=moved, Y=Y)
    moved[:, j] = Z[:, j] - STEP
    return (above - loss_above(network, number, Z=moved, Y=Y)) / (2.0 * STEP)


def _moved(network: Network, X: Matrix, Y: Matrix, place: int) -> float:
    """Give the central difference of a number that is neither a weight nor a bias."""
    vector, before = network.vector, network.vector[place]
    vector[place] = before + STEP
    above = network.training_loss(X, Y)
    vector[place] = before - STEP
    below = network.training_loss(X, Y)
    vector[place] = before
    return (above - below) / (2.0 * STEP)


def _penalize(network: Network, here: float) -> None:
    """Add what moving a row changes in the penalties; biases have none."""
    gradient, theta = network.layout.views(network.gradient), network.layout.views(network.vector)
    for number, row in enumerate(network.spec.rows):
        if row.penalty.kind == "none":
            continue
        W = theta[f"layers.{number}.W"]
        for i in range(len(W)):
            kept = W[i].copy()
            W[i] += STEP
            gradient[f"layers.{number}.W"][i] += (network.penalty() - here) / (2.0 * STEP)
            W[i] = kept
