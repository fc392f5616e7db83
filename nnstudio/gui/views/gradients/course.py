"""The course of gradients: per layer and step, norm and relative update; thinned, never cut.

Numbers are taken from copies that a run handed out; nothing here asks the run for more.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from nnstudio.nn.parameters import Layout
from nnstudio.training.moments import Kept, Moment
from nnstudio.training.snapshot import Vector

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_POINTS: Final = 2000
"""When there are more, two neighbours become one, with the larger value: no spike is lost."""


def norms_of(layout: Layout, gradient: Vector) -> Values:
    """Give the norm of the gradient of every layer, weights and biases together."""
    with np.errstate(all="ignore"):
        return np.array(
            [
                np.sqrt(np.dot(gradient[start:stop], gradient[start:stop]))
                for start, stop in layout.layer_ranges
            ],
            np.float64,
        )


def ratios_of(layout: Layout, moment: Moment, *, unlit: Mask | None = None) -> Values:
    """Give the mean size of the update over the mean size of the weights, layer by layer.

    Weights of inputs that are always the same (`unlit`, of the first layer) never move, so they
    are left out. NaN where all weights are 0.
    """
    found = []
    for number in range(layout.layers):
        slot = layout.slot(f"layers.{number}.W")
        before = moment.before[slot.start : slot.stop].reshape(slot.shape)
        after = moment.after[slot.start : slot.stop].reshape(slot.shape)
        if number == 0 and unlit is not None and not unlit.all():
            before, after = before[~unlit], after[~unlit]
        with np.errstate(all="ignore"):
            size = float(np.abs(before).mean(dtype=np.float64))
            moved = float(np.abs(after - before).mean(dtype=np.float64))
        found.append(moved / size if size else float("nan"))
    return np.array(found)


@dataclass(eq=False)
class Track:
    """A quantity of every layer over the steps: `steps` (n,) and `values` (n, layers)."""

    layers: int

    def __post_init__(self) -> None:
        """Begin without a point."""
        self._steps = np.empty(64, np.int64)
        self._values = np.empty((64, self.layers))
        self._count = 0

    @property
    def steps(self) -> NDArray[np.int64]:
        """At which steps there is something."""
        return self._steps[: self._count]

    @property
    def values(self) -> Values:
        """What there is."""
        return self._values[: self._count]

    def add(self, step: int, values: Values) -> bool:
        """Add what was measured at a step that is later than the others; gives whether it was."""
        if self._count and step <= self._steps[self._count - 1]:
            return False
        if self._count >= MOST_POINTS:
            self._thin()
        if self._count == len(self._steps):
            self._steps = np.concatenate([self._steps, np.empty_like(self._steps)])
            self._values = np.concatenate([self._values, np.empty_like(self._values)])
        self._steps[self._count], self._values[self._count] = step, values
        self._count += 1
        return True

    def _thin(self) -> None:
        half = self._count // 2
        pairs = self._values[: 2 * half].reshape(half, 2, self.layers)
        steps = self._steps[: 2 * half].reshape(half, 2)[:, 1].copy()
        with np.errstate(invalid="ignore"):
            self._values[:half] = np.fmax(pairs[:, 0], pairs[:, 1])
        self._steps[:half] = steps
        self._count = half

    def thinned(self, columns: int) -> tuple[Values, Values]:
        """Give at most `columns` points (x, values), in each column the largest values."""
        steps, values = self.steps, self.values
        if len(steps) <= columns:
            return steps.astype(np.float64), values
        starts = np.linspace(0, len(steps), columns, endpoint=False).astype(np.intp)
        with np.errstate(invalid="ignore"):
            return steps[starts].astype(np.float64), np.fmax.reduceat(values, starts, axis=0)


class Course:
    """What is known of one run: gradient norms and relative updates of every layer."""

    def __init__(self, layout: Layout, *, unlit: Mask | None = None) -> None:
        self.layout, self._unlit = layout, unlit
        layers = len(layout.layer_ranges)
        self.norms, self.ratios = Track(layers), Track(layout.layers)
        # of kept parameters on fixed samples: what was before anybody looked
        self.past = Track(layers)
        self.moment: Moment | None = None

    def note_gradient(self, step: int, gradient: Vector | None) -> bool:
        """Take the gradient of the last of so many steps; gives whether it is news."""
        if gradient is None or len(gradient) != self.layout.parameters:
            return False
        if len(self.norms.steps) and step <= self.norms.steps[-1]:
            return False
        return self.norms.add(step, norms_of(self.layout, gradient))

    def note_ratios(self, moment: Moment, ratios: Values) -> bool:
        """Take what one step has changed, as `ratios_of` gives it."""
        self.moment = moment
        return self.ratios.add(moment.step + 1, ratios)

    def unseen(self, kept: tuple[Kept, ...], most: int) -> tuple[Kept, ...]:
        """Give kept parameters from before anybody looked, whose gradient is not known yet."""
        first = int(self.norms.steps[0]) if len(self.norms.steps) else None
        known = int(self.past.steps[-1]) if len(self.past.steps) else -1
        found = [one for one in kept if one.step > known and (first is None or one.step < first)]
        return tuple(found[:most])

    def measure(self, moment: Moment) -> Any:
        """Give what `note_ratios` wants; may take some milliseconds."""
        return ratios_of(self.layout, moment, unlit=self._unlit)
