"""How the weights of a layer, their gradients and their updates are spread; computed beside."""

from dataclasses import dataclass

import numpy as np

from nnstudio.gui.widgets.histogram import Spread
from nnstudio.nn.parameters import Layout
from nnstudio.training.moments import Moment
from nnstudio.training.snapshot import Vector, Weights


@dataclass(frozen=True, eq=False)
class Spreads:
    """Histograms of one layer, with numbers for a sentence; None where something is not known.

    `zero_slopes` is the share of the gradient that is exactly 0.
    """

    layer: int
    step: int
    weights: Spread | None
    slopes: Spread | None
    updates: Spread | None
    spread: float
    zero_slopes: float | None


def spreads_of(
    layout: Layout, layer: int, weights: Weights | None, moment: Moment | None
) -> Spreads | None:
    """Give the spreads of a layer: of one step where its Moment is known, else of the newest."""
    slot = layout.slot(f"layers.{layer}.W")

    def part(vector: Vector | None) -> Vector | None:
        return None if vector is None else vector[slot.start : slot.stop]

    if moment is not None:
        values, slopes = part(moment.before), part(moment.gradient)
        with np.errstate(all="ignore"):
            moved = moment.after - moment.before
        updates, step = part(moved), moment.step + 1
    elif weights is not None:
        values, slopes = part(weights.vector), part(weights.gradient)
        updates, step = None, weights.step
    else:
        return None
    if values is None:
        return None
    with np.errstate(all="ignore"):
        spread = float(np.std(values, dtype=np.float64))
    return Spreads(
        layer,
        step,
        Spread.of(values),
        None if slopes is None else Spread.of(slopes),
        None if updates is None else Spread.of(updates),
        spread,
        None if slopes is None else float(np.mean(slopes == 0)),
    )
