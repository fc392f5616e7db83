"""A growing column of numbers as a curve: thinned to what can be seen, whatever its length."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnstudio.gui.widgets.decimation import Pyramid
from nnstudio.gui.widgets.ticks import Scale

Values = NDArray[np.float64]

# What a line may have and stay cheap, and what a band may have.
MOST_COLUMNS: Final = 150
# More knots than pixels would change nothing that can be seen.
MOST_KNOTS: Final = 2000
FAR_STEPS: Final = 1e12


@dataclass(frozen=True, eq=False)
class Abscissa:
    """Where each step stands on the x axis: straight between knots, both ways.

    The last stretch goes on with the slope given, so there is a place for steps still to come.
    """

    steps: Values
    places: Values

    @classmethod
    def of(cls, steps: ArrayLike, places: ArrayLike, *, slope: float) -> "Abscissa":
        """Give the axis through knots that begin at step 0, going on with `slope` per step."""
        known, at = np.asarray(steps, np.float64), np.asarray(places, np.float64)
        if len(known) > MOST_KNOTS:
            kept = np.linspace(0, len(known) - 1, MOST_KNOTS).round().astype(int)
            known, at = known[kept], at[kept]
        slope = slope if slope > 0 and np.isfinite(slope) else 1.0
        return cls(
            np.append(known, known[-1] + FAR_STEPS), np.append(at, at[-1] + FAR_STEPS * slope)
        )

    def place(self, steps: ArrayLike) -> Values:
        """Give the places of `steps`."""
        return np.asarray(np.interp(np.asarray(steps, np.float64), self.steps, self.places))

    def step(self, places: ArrayLike) -> Values:
        """Give the steps, with fractions, that stand at `places`."""
        return np.asarray(np.interp(np.asarray(places, np.float64), self.places, self.steps))


@dataclass(frozen=True, eq=False)
class Thinned:
    """What is drawn of a series: a line, and columns from minimum to maximum behind it."""

    x: Values
    y: Values
    edges: Values
    low: Values
    high: Values
    count: Values


class Series:
    """A growing column; step ``s`` is its number ``s - 1``."""

    def __init__(self) -> None:
        self.pyramid = Pyramid()

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return self.pyramid.size

    def extend(self, values: NDArray[np.floating]) -> None:
        """Take the column as it is now; starts anew when it is another, shorter one."""
        if len(values) < self.pyramid.size:
            self.pyramid = Pyramid()
        self.pyramid.extend(values)

    def thin(self, scale: Scale, abscissa: Abscissa, *, columns: int, half: int) -> Thinned:
        """Give at most about `columns` points of what `scale` shows, smoothed over `half` steps.

        With `half` 0 the line goes through the minimum and the maximum of every column, so it is
        the curve as it is.
        """
        count = max(2, min(columns, MOST_COLUMNS))
        bounds = abscissa.step(scale.value(np.linspace(0, 1, count + 1)))
        # One more step on both sides, so that the line reaches the edges of the picture.
        first = max(float(bounds[0]) - 1, 0.0)
        last = min(float(bounds[-1]) + 1, float(self.steps))
        if last - first <= count:
            edges = np.arange(round(first), round(last) + 1)
        else:
            edges = self.pyramid.rounded(np.clip(bounds, first, last))
        reduced = self.pyramid.reduce(edges[:-1], edges[1:])
        band = (abscissa.place(edges), reduced.low, reduced.high, reduced.count)
        if half > 0:
            middles = (edges[:-1] + edges[1:]) // 2
            centres = np.unique(np.concatenate((edges[:1], middles, edges[-1:] - 1)))
            centres = centres[(centres >= 0) & (centres < self.steps)]
            line = abscissa.place(centres + 1), self.pyramid.smooth(centres, half)
        elif len(edges) > 1 and edges[-1] - edges[0] == len(edges) - 1:
            line = abscissa.place(edges[1:]), reduced.low
        else:
            line = _outline(band[0], reduced.low, reduced.high)
        return Thinned(*line, *band)

    def last(self, half: int) -> float:
        """Give the newest smoothed value; NaN when there is none."""
        if not self.steps:
            return float("nan")
        return float(self.pyramid.smooth([self.steps - 1], half)[0])

    def at(self, step: int, half: int) -> float:
        """Give the smoothed value at `step`, from 1."""
        return float(self.pyramid.smooth([step - 1], half)[0])


def _outline(edges: Values, low: Values, high: Values) -> tuple[Values, Values]:
    """Go through minimum and maximum of every column, up and down in turn."""
    thirds = edges[:-1] + np.diff(edges) / 3
    x = np.stack((thirds, thirds + np.diff(edges) / 3), axis=1)
    y = np.stack((low, high), axis=1)
    y[1::2] = y[1::2, ::-1]
    return x.ravel(), y.ravel()
