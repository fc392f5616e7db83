"""Central differences in float64: the gradient that is applied against the loss that is shown.

Two step lengths and Richardson's extrapolation tell the derivative, and where there is none: an
entry that moves a unit across a kink is left out instead of being called wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.nn.network import Network, build
from nnstudio.nn.parameters import Matrix, Slot, Vector, length
from nnstudio.nn.sums import loss_above, stops

_STEP: Final = 2e-5
_EPS: Final = float(np.finfo(np.double).eps)
_WOBBLES: Final = 6
"""So many times the sums of a layer are rounded in another way, to see what that does."""
# less than this, and extrapolation is right to 1e-6 even where the second derivative jumps
_SMOOTH: Final = 1e-6
_NEAR: Final = 2e-7
"""How far differences that tell something are from backpropagation, of the largest entry.

Two dozen of them together stay under 1e-6, where a gradient begins to be another one.
"""


@dataclass(frozen=True, eq=False)
class BlockCheck:
    """What was found for one array of parameters.

    Attributes
    ----------
    name : str
        Name of its slot.
    relative_error : float
        Norm of the difference, less what rounding explains, by the larger of the two norms.
    worst_index : tuple of int
        Entry with the largest difference.
    indices : ndarray of int, shape (n,)
        Checked entries, as positions in the flattened array.
    applied, numerical : ndarray, shape (n,)
        The gradient of the network and the central differences.
    left_out : int
        Entries without a derivative here, or where differences cannot tell it; set to 0 in both.
    """

    name: str
    relative_error: float
    worst_index: tuple[int, ...]
    indices: NDArray[np.integer]
    applied: Matrix
    numerical: Matrix
    left_out: int


def check(
    network: Network,
    X: Matrix,
    Y: Matrix,
    *,
    entries: int | None = None,
    generator: Generator,
) -> tuple[BlockCheck, ...]:
    """Compare the gradient of `network` with central differences of its training loss, by array.

    A network of the same parts in float64 is examined; `network` itself is only read.

    Parameters
    ----------
    network : Network
        Its parts may be faulty: gradient and loss are taken as they are.
    X : ndarray, shape (B, D)
        Inputs.
    Y : ndarray, shape (B, C)
        Targets.
    entries : int, optional
        How many entries of each array are checked, drawn from `generator`; by default all.
    generator : Generator
        Draws the entries, and what dropout leaves out: the same for all differences.
    """
    twin = _twin(network)
    twin.draw_from(generator)
    X, Y = X.astype(np.double), Y.astype(np.double)
    twin.loss_and_gradient(X, Y)
    chosen = {}
    for slot in twin.layout.slots:
        count = slot.stop - slot.start
        if slot.start < twin.layout.parameters:
            some = entries is not None and entries < count
            chosen[slot.name] = (
                np.sort(generator.choice(count, entries, replace=False))
                if some
                else np.arange(count)
            )
    return compared(twin, X, Y, applied=twin.gradient.copy(), chosen=chosen)


def compared(
    network: Network,
    X: Matrix,
    Y: Matrix,
    *,
    applied: Vector,
    chosen: Mapping[str, NDArray[np.integer]],
    own: Vector | None = None,
) -> tuple[BlockCheck, ...]:
    """Compare any gradient with central differences of the training loss of `network`.

    Parameters
    ----------
    network : Network
        In float64; has drawn what it leaves out of a batch of this size. Its buffers are
        overwritten, its numbers stay.
    X, Y : ndarray, shape (B, D) and (B, C)
        The batch, in float64.
    applied : ndarray, shape (P,)
        The gradient.
    chosen : mapping of str to ndarray of int
        Which entries of which array, as positions in the flattened array.
    own : ndarray, shape (P,), optional
        What backpropagation in `network` gives. An entry where differences are unlike it is left
        out: they tell nothing where an activation is held at its last number, or where what moves
        the loss is lost in its rounding.
    """
    here = network.training_loss(X, Y)
    # a loss near 0 is the logarithm of a number near 1, and has the rounding of that
    noise = 16.0 * _EPS * max(abs(here), 1.0) / _STEP
    moved = _Moved(network, X, Y)
    wobbles = moved.wobbles()
    found = []
    for name, indices in chosen.items():
        slot = network.layout.slot(name)
        rows = [_differences(moved, slot, int(at), here=here) for at in indices]
        found.append(
            _judged(
                slot,
                indices=indices,
                applied=applied[slot.start + indices],
                differences=np.array(rows).T,
                noise=noise + 4.0 * wobbles[int(name.split(".")[1])] / _STEP,
                own=None if own is None else own[slot.start + indices],
            )
        )
    return tuple(found)


class _Moved:
    """The training loss with one entry moved; only the layers above the entry are run again."""

    def __init__(self, network: Network, X: Matrix, Y: Matrix) -> None:
        self._network, self._X, self._Y = network, X, Y
        self._stops = stops(network, X)
        self._penalized = any(row.penalty.kind != "none" for row in network.spec.rows)

    def value(self, slot: Slot, at: int) -> float:
        """Give what stands at position `at` of the array of `slot`."""
        return float(self._network.vector[slot.start + at])

    def loss(self, slot: Slot, at: int, value: float) -> float:
        """Give the loss with `value` at position `at` of the array of `slot`."""
        vector, place = self._network.vector, slot.start + at
        before = float(vector[place])
        vector[place] = value
        found = self._run(slot, at, float(vector[place]) - before)
        vector[place] = before
        return found

    def wobbles(self) -> tuple[float, ...]:
        """Give by layer how far the loss moves when its sums and those above are rounded anew.

        Normalization blows up the rounding of sums that are alike: a large bias is all it takes.
        """
        draw, found = np.random.default_rng(0), []
        for number, (_, Z) in enumerate(self._stops):
            here = loss_above(self._network, number, Z=Z, Y=self._Y)
            ulp = _EPS * float(np.abs(Z).max(initial=0.0))
            losses = [
                loss_above(
                    self._network, number, Z=Z + draw.choice([-ulp, ulp], Z.shape), Y=self._Y
                )
                for _ in range(_WOBBLES)
            ]
            found.append(max(abs(one - here) for one in losses))
        return tuple(np.cumsum(found[::-1])[::-1].tolist())

    def _run(self, slot: Slot, at: int, shift: float) -> float:
        _, number, letter = slot.name.split(".")
        if letter not in {"W", "b"}:
            return self._network.training_loss(self._X, self._Y)
        inputs, Z = self._stops[int(number)]
        column = at % Z.shape[1]
        kept = Z[:, column].copy()
        Z[:, column] += shift * inputs[:, at // Z.shape[1]] if letter == "W" else shift
        found = loss_above(self._network, int(number), Z=Z, Y=self._Y)
        Z[:, column] = kept
        return found + self._network.penalty() if self._penalized else found


def _twin(network: Network) -> Network:
    twin = build(
        network.spec,
        inputs=network.inputs,
        outputs=network.outputs,
        loss=network.loss_spec,
        dtype=np.double,
        parts=network.parts,
    )
    twin.vector[:] = network.vector
    return twin


def _judged(
    slot: Slot,
    *,
    indices: NDArray[np.integer],
    applied: Matrix,
    differences: Matrix,
    noise: float,
    own: Matrix | None,
) -> BlockCheck:
    """Extrapolate the differences (3, n) where there is a derivative, and compare."""
    coarse, fine, bend = differences
    smooth = _smooth(np.maximum(np.abs(coarse - fine), bend), np.abs(fine), noise=noise)
    extrapolated = (4.0 * fine - coarse) / 3.0
    if own is not None:
        near = _NEAR * float(np.abs(own).max(initial=0.0)) + noise
        smooth &= np.abs(own - extrapolated) <= near
    numerical = np.where(smooth, extrapolated, 0.0)
    mine = np.where(smooth, applied, 0.0)
    worst = int(indices[np.argmax(np.abs(mine - numerical))])
    return BlockCheck(
        name=slot.name,
        relative_error=_relative_error(mine, numerical, noise=noise),
        worst_index=tuple(int(at) for at in np.unravel_index(worst, slot.shape)),
        indices=indices,
        applied=mine,
        numerical=numerical,
        left_out=int(np.count_nonzero(~smooth)),
    )


def _smooth(unsteady: Matrix, sizes: Matrix, *, noise: float) -> NDArray[np.bool_]:
    """Give where differences are steady, by the largest of those that are."""
    smooth = np.ones(sizes.shape, np.bool_)
    while True:
        largest = float(sizes.max(initial=0.0, where=smooth))
        steady = smooth & (unsteady <= _SMOOTH * largest + noise)
        if (steady == smooth).all():
            return smooth
        smooth = steady


def _differences(moved: _Moved, slot: Slot, at: int, *, here: float) -> tuple[float, float, float]:
    """Give the difference quotients of two step lengths, and how sharp the bend between them is.

    The second differences, each by its step, halve with the step where the loss is smooth; a kink
    at the very place leaves them as they are.
    """
    before = moved.value(slot, at)
    # a step that a large number would swallow is no step
    step_length = _STEP * max(1.0, abs(before))
    slopes, bends = [], []
    for step in (step_length, step_length / 2):
        upper, lower = before + step, before - step
        above = moved.loss(slot, at, upper) - here
        below = here - moved.loss(slot, at, lower)
        slopes.append((above + below) / (upper - lower))
        bends.append((above - below) / step)
    return slopes[0], slopes[1], abs(bends[0] - 2.0 * bends[1])


def _relative_error(mine: Matrix, numerical: Matrix, *, noise: float) -> float:
    size = max(length(mine), length(numerical))
    difference = length(mine - numerical) - noise * mine.size**0.5
    return max(difference, 0.0) / size if size else 0.0
