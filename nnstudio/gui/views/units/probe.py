"""What the units of a network say to many samples: their spread, who is dead, and since when.

Computed beside the window, in the thread of whoever calls, through an `Inside` given to it alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.doctor.evidence.layers import FLAT, slopes_of, steepest_of
from nnstudio.nn.activations import Activation
from nnstudio.runs.inside import Inside
from nnstudio.training.moments import Kept
from nnstudio.training.snapshot import Vector

Values = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Flatness:
    """How flat a bounded activation is where its units stand, over all samples of the probe.

    `saturated` is the share of values with less than a twentieth of the steepest slope, `slope`
    the mean slope as a share of the steepest.
    """

    saturated: float
    slope: float


@dataclass(frozen=True, eq=False)
class Probed:
    """What all units gave to the probe after `step` steps.

    `outputs` has (N, H) of every layer, `dead` which units no sample moves (None where an
    activation looks at all units at once), `flat` how flat a layer is whose activation is bounded.
    """

    step: int
    outputs: tuple[Values, ...]
    dead: tuple[Mask | None, ...]
    flat: tuple[Flatness | None, ...]


def probe(inside: Inside, vector: Vector, inputs: NDArray[Any], *, step: int) -> Probed:
    """Give what the units say to raw `inputs` (N, D) with the parameters in `vector`."""
    inside.show(vector)
    layers = inside.layers(inputs)
    slopes = [inside.slopes(number, values) for number, values in enumerate(layers)]
    inside.release()
    return Probed(
        step,
        tuple(values.outputs for values in layers),
        tuple(None if one is None else ~np.any(one, axis=0) for one in slopes),
        tuple(
            flatness_of(row.activation, one.signals, one.outputs)
            for row, one in zip(inside.blueprint.network.rows, layers, strict=True)
        ),
    )


def flatness_of(activation: Activation, signals: Values, outputs: Values) -> Flatness | None:
    """Give how flat a bounded activation is at `signals` (N, H); None for any other."""
    slopes = slopes_of(activation, signals, outputs)
    bounded = np.isfinite(activation.lowest) and np.isfinite(activation.highest)
    if slopes is None or not bounded or not np.isfinite(slopes).all():
        return None
    shares = slopes / steepest_of(activation)
    return Flatness(float((shares < FLAT).mean()), float(shares.mean()))


@dataclass(frozen=True)
class Death:
    """When a unit died: it still lived after `alive` steps (None: unknown), no more after `dead`.

    `dead` is None for a unit that lives.
    """

    alive: int | None
    dead: int | None


def death_of(
    inside: Inside, kept: tuple[Kept, ...], inputs: NDArray[Any], *, layer: int, unit: int
) -> Death:
    """Look through kept parameters for when a unit died for good, by halving the stretch."""

    def lives(one: Kept) -> bool:
        dead = probe(inside, one.vector, inputs, step=one.step).dead[layer]
        return dead is not None and not bool(dead[unit])

    if not kept:
        return Death(None, None)
    if lives(kept[-1]):
        return Death(kept[-1].step, None)
    low, high = -1, len(kept) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if lives(kept[middle]):
            low = middle
        else:
            high = middle
    return Death(kept[low].step if low >= 0 else None, kept[high].step)


class Deaths:
    """Remembers, from probe to probe of one run, when each unit was seen alive and dead."""

    def __init__(self) -> None:
        self._alive: list[NDArray[np.int64]] = []
        self._dead: list[NDArray[np.int64]] = []
        self._newest = -1

    def note(self, probed: Probed) -> None:
        """Take in a newer probe; one of earlier parameters, as in rewinding, says nothing new."""
        if probed.step < self._newest:
            return
        self._newest = probed.step
        if not self._alive:
            shapes = [outputs.shape[1] for outputs in probed.outputs]
            self._alive = [np.full(units, -1, np.int64) for units in shapes]
            self._dead = [np.full(units, -1, np.int64) for units in shapes]
        for alive, dead, now in zip(self._alive, self._dead, probed.dead, strict=True):
            if now is None:
                continue
            alive[~now] = probed.step
            dead[~now] = -1
            dead[now & (dead < 0)] = probed.step

    def of(self, layer: int, unit: int) -> Death:
        """Give what was seen of a unit."""
        if layer >= len(self._alive) or unit >= len(self._alive[layer]):
            return Death(None, None)
        alive, dead = int(self._alive[layer][unit]), int(self._dead[layer][unit])
        return Death(None if alive < 0 else alive, None if dead < 0 else dead)


def closer(one: Death, other: Death) -> Death:
    """Join what two looks say of the same death: the latest life and the earliest death."""
    if one.dead is None or other.dead is None:
        return other if one.dead is None else one
    lives = [death.alive for death in (one, other) if death.alive is not None]
    dead = min(one.dead, other.dead)
    return Death(max((step for step in lives if step < dead), default=None), dead)
