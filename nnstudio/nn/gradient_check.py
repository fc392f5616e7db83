"""Central differences in float64: the gradient that is applied against the loss that is shown.

Two step lengths and Richardson's extrapolation tell the derivative, and where there is none: an
entry that moves a unit across a kink is left out instead of being called wrong.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from nnstudio.nn.network import Network, build
from nnstudio.nn.parameters import Matrix, Slot

_STEP: Final = 2e-5
# less than this, and extrapolation is right to 1e-6 even where the second derivative jumps
_SMOOTH: Final = 1e-6


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
        Entries without a derivative here, set to 0 in both.
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
    X, Y = X.astype(np.double), Y.astype(np.double)
    twin.draw_from(generator)
    size = abs(twin.loss_and_gradient(X, Y))
    applied = twin.gradient.copy()
    noise = 16.0 * float(np.finfo(np.double).eps) * size / _STEP
    found = []
    for name in twin.layout.views(applied):
        slot = twin.layout.slot(name)
        count = slot.stop - slot.start
        indices = np.arange(count)
        if entries is not None and entries < count:
            indices = np.sort(generator.choice(count, entries, replace=False))
        rows = [_differences(twin, X, Y, slot.start + int(at)) for at in indices]
        found.append(
            _judged(
                slot,
                indices=indices,
                applied=applied[slot.start + indices],
                differences=np.array(rows).T,
                noise=noise,
            )
        )
    return tuple(found)


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
) -> BlockCheck:
    """Extrapolate the differences (3, n) where there is a derivative, and compare."""
    coarse, fine, bend = differences
    smooth = _smooth(np.maximum(np.abs(coarse - fine), bend), np.abs(fine), noise=noise)
    numerical = np.where(smooth, (4.0 * fine - coarse) / 3.0, 0.0)
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


def _differences(network: Network, X: Matrix, Y: Matrix, at: int) -> tuple[float, float, float]:
    """Give the difference quotients of two step lengths, and how sharp the bend between them is.

    The second differences, each by its step, halve with the step where the loss is smooth; a kink
    at the very place leaves them as they are.
    """
    vector = network.vector
    before = float(vector[at])
    here = network.training_loss(X, Y)
    slopes, bends = [], []
    for step in (_STEP, _STEP / 2):
        upper, lower = before + step, before - step
        vector[at] = upper
        above = network.training_loss(X, Y) - here
        vector[at] = lower
        below = here - network.training_loss(X, Y)
        slopes.append((above + below) / (upper - lower))
        bends.append((above - below) / step)
    vector[at] = before
    return slopes[0], slopes[1], abs(bends[0] - 2.0 * bends[1])


def _relative_error(mine: Matrix, numerical: Matrix, *, noise: float) -> float:
    size = max(float(np.linalg.norm(mine)), float(np.linalg.norm(numerical)))
    difference = float(np.linalg.norm(mine - numerical)) - noise * mine.size**0.5
    return max(difference, 0.0) / size if size else 0.0
