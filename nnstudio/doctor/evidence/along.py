"""The stated loss along a straight line: promises of a gradient, and how far a step could go.

Along a line the sums of the first layer, mostly the largest, move evenly: they are worked out once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.doctor.evidence.reach import reach
from nnstudio.nn.network import Network
from nnstudio.nn.sums import dense_layers, loss_above

Array = NDArray[Any]

TINY_STEPS: Final = (1e-5, 1e-3)
"""Lengths of the one-step test: the first at which rounding does not matter is taken."""
ROUNDED: Final = 0.01
"""Share of the promised fall that rounding may be."""


class Along:
    """The training loss of a batch, penalties in it, at places on a line through the parameters.

    Parameters
    ----------
    network : Network
        In float64; its last pass was `loss_and_gradient` of this batch, with what was drawn then.
    batch : tuple of ndarray
        Inputs (B, D) and targets (B, C).
    direction : ndarray of float64, shape (P,)
        Of the line.
    """

    def __init__(self, network: Network, batch: tuple[Array, Array], direction: Array) -> None:
        self._network, (X, self._Y) = network, batch
        views = network.layout.views(direction)
        first, self._Z = dense_layers(network)[0], dense_layers(network)[0].Z.copy()
        self._move = X @ views["layers.0.W"]
        if first.b is not None:
            self._move += views["layers.0.b"]
        last = network.layout.slot("layers.0.W" if first.b is None else "layers.0.b")
        # what penalties cost is asked of all weights, else the first ones may stay
        costs = any(row.penalty.kind != "none" for row in network.spec.rows)
        begin = 0 if costs else last.stop
        self._part = network.parameters[begin:]
        self._before, self._direction = self._part.copy(), direction[begin:]
        self._sums, self._room = np.empty_like(self._Z), np.empty_like(self._part)

    def loss(self, place: float) -> float:
        """Give the loss `place` directions away from the parameters, which are left as they are."""
        with self._moved(place):
            np.multiply(self._move, place, out=self._sums)
            self._sums += self._Z
            above = loss_above(self._network, 0, Z=self._sums, Y=self._Y)
            return above + self._network.penalty()

    @contextmanager
    def _moved(self, place: float) -> Iterator[None]:
        np.multiply(self._direction, place, out=self._room)
        self._part += self._room
        try:
            yield
        finally:
            self._part[:] = self._before


def one_step(network: Network, batch: tuple[Array, Array], applied: Array) -> float | None:
    """Give the real fall of the training loss along a gradient, over the promised one.

    Both sides of a tiny step are looked at, so that the curvature cancels. 1 for a right gradient,
    -1 for a wrong sign, 1/B for one that was summed up over a batch whose loss is a mean.

    Parameters
    ----------
    network, batch
        As in `Along`.
    applied : ndarray of float64, shape (P,)
        The gradient.

    Returns
    -------
    float or None
        None where the gradient is 0 or not finite, or the fall is lost in rounding.
    """
    length = float(np.linalg.norm(applied))
    if not 0 < length < np.inf:
        return None
    line = Along(network, batch, applied / length)
    for tiny in TINY_STEPS:
        above, below = line.loss(tiny), line.loss(-tiny)
        promised = 2.0 * tiny * length
        rounding = 4.0 * float(np.finfo(np.float64).eps) * max(abs(above), abs(below))
        if isfinite(above) and isfinite(below) and rounding < ROUNDED * promised:
            return (above - below) / promised
    return None


def reach_of(network: Network, batch: tuple[Array, Array], update: Array) -> float | None:
    """Give how many times as long the step `update` could have been; arguments as in `Along`."""
    if not (update.any() and np.isfinite(update).all()):
        return None
    line = Along(network, batch, update)
    return reach(lambda place: line.loss(float(place[0])), np.zeros(1), np.ones(1))
