"""A growing column of numbers as a curve: thinned to what can be seen, whatever its length."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnstudio.gui.widgets.plot.decimation import Positions, Pyramid, aligned
from nnstudio.gui.widgets.plot.ticks import Scale

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
    straight: bool = False

    @classmethod
    def of(cls, steps: ArrayLike, places: ArrayLike, *, slope: float) -> "Abscissa":
        """Give the axis through knots that begin at step 0, going on with `slope` per step."""
        known, at = np.asarray(steps, np.float64), np.asarray(places, np.float64)
        if len(known) > MOST_KNOTS:
            kept = np.linspace(0, len(known) - 1, MOST_KNOTS).round().astype(int)
            known, at = known[kept], at[kept]
        slope = slope if slope > 0 and np.isfinite(slope) else 1.0
        return cls(
            np.append(known, known[-1] + FAR_STEPS),
            np.append(at, at[-1] + FAR_STEPS * slope),
            straight=slope == 1 and np.array_equal(known, at),
        )

    def place(self, steps: ArrayLike) -> Values:
        """Give the places of `steps`."""
        if self.straight:
            return np.asarray(steps, np.float64)
        return np.asarray(np.interp(np.asarray(steps, np.float64), self.steps, self.places))

    def step(self, places: ArrayLike) -> Values:
        """Give the steps, with fractions, that stand at `places`."""
        return np.asarray(np.interp(np.asarray(places, np.float64), self.places, self.steps))


@dataclass(frozen=True, eq=False)
class Thinned:
    """What is drawn of a series: a line, and columns from minimum to maximum behind it.

    Of two with the same `origin`, the first `settled_points` and `settled_columns` of the older are
    the same in the newer: what was painted of them may stay.
    """

    x: Values
    y: Values
    edges: Values
    low: Values
    high: Values
    count: Values
    origin: object
    settled_points: int
    settled_columns: int


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
        """Give at most about `columns` points of what `scale` shows, smoothed over `half` steps."""
        return Trace(scale, columns=columns, half=half).thin(self, abscissa)

    def last(self, half: int) -> float:
        """Give the newest smoothed value; NaN when there is none."""
        if not self.steps:
            return float("nan")
        return float(self.pyramid.smooth([self.steps - 1], half)[0])

    def at(self, step: int, half: int) -> float:
        """Give the smoothed value at `step`, from 1."""
        return float(self.pyramid.smooth([step - 1], half)[0])


class Trace:
    """A growing series at one zoom: what the next steps cannot change is worked out only once.

    With `half` 0 the line goes through the minimum and the maximum of every column, so it is the
    curve as it is; otherwise it is the mean over `half` steps to both sides.
    """

    def __init__(self, scale: Scale, *, columns: int, half: int) -> None:
        count = max(2, min(columns, MOST_COLUMNS))
        self._bounds = scale.value(np.linspace(0, 1, count + 1))
        self._half = half
        self._abscissa: Abscissa | None = None
        self._dense = False
        self._edges = np.empty(0, np.int64)
        self._centres = self._edges
        self._forget()

    def thin(self, series: Series, abscissa: Abscissa) -> Thinned:
        """Give what is drawn of `series`, which has only grown since the last time."""
        if abscissa is not self._abscissa:
            self._lay(abscissa)
            self._abscissa = abscissa
        edges = self._edges
        shown = edges[: int(np.searchsorted(edges, series.steps))]
        if len(shown) < len(edges):
            # The last column ends with the last step.
            shown = np.append(shown, edges[len(shown)])
        if len(shown) < 2:
            none = np.empty(0)
            return Thinned(none, none, none, none, none, none, self._origin, 0, 0)
        whole = len(shown) - 1 - int(shown[-1] > series.steps)
        shown[-1] = min(int(shown[-1]), series.steps)
        low, high, count = self._reduce(series, abscissa, shown, whole)
        if self._half:
            x, y, settled = self._line[0], self._line[1], self._known
        elif self._dense:
            x, y, settled = self._places[1:], low, whole
        else:
            x, y = _outline(self._places, low, high)
            settled = 2 * whole
        return Thinned(x, y, self._places, low, high, count, self._origin, settled, whole)

    def _forget(self) -> None:
        self._origin = object()
        self._whole = 0
        self._known = 0
        self._places = np.empty(0)
        self._columns = np.empty((3, 0))
        self._line = np.empty((2, 0))

    def _lay(self, abscissa: Abscissa) -> None:
        """Say between which steps the columns lie; those already full stay where they are."""
        bounds = abscissa.step(self._bounds)
        # One more step on both sides, so that the line reaches the edges of the picture.
        first, last = max(float(bounds[0]) - 1, 0.0), float(bounds[-1]) + 1
        dense = last - first <= len(bounds) + 1
        wanted = np.arange(round(first), round(last) + 1) if dense else aligned(bounds.clip(0))
        if self._whole and dense == self._dense:
            full = self._edges[: self._whole + 1]
            wanted = np.concatenate((full, wanted[wanted > full[-1]]))
        else:
            self._forget()
        self._dense = dense
        self._edges = wanted[np.append(True, np.diff(wanted) > 0)]
        middles = (self._edges[:-1] + self._edges[1:]) // 2
        centres = np.concatenate((self._edges[:1], middles, self._edges[-1:] - 1))
        known = self._centres[: self._known]
        centres = centres[np.append(True, np.diff(centres) > 0)]
        if len(known):
            centres = np.concatenate((known, centres[centres > known[-1]]))
        self._centres = centres

    def _reduce(
        self, series: Series, abscissa: Abscissa, edges: Positions, whole: int
    ) -> tuple[Values, Values, Values]:
        """Work out the columns that were not full the last time, and the smooth line with them."""
        old, pyramid = self._whole, series.pyramid
        starts, stops = edges[old:-1], edges[old + 1 :]
        fresh = len(starts)
        if self._half:
            centres = self._unsettled(series.steps)
            first, last = pyramid.windows(centres, self._half)
            # Both in one go: a frame costs what its calls cost, not what its numbers cost.
            found = pyramid.reduce(np.concatenate((starts, first)), np.concatenate((stops, last)))
            self._extend(series, abscissa.place(centres + 1), found.mean[fresh:])
        else:
            found = pyramid.reduce(starts, stops)
        columns = np.empty((3, old + fresh))
        columns[:, :old] = self._columns[:, :old]
        columns[:, old:] = found.low[:fresh], found.high[:fresh], found.count[:fresh]
        self._columns = columns
        self._places = np.concatenate((self._places[: old + 1], abscissa.place(edges[old + 1 :])))
        if not old:
            self._places = abscissa.place(edges)
        self._whole = whole
        return columns[0], columns[1], columns[2]

    def _unsettled(self, steps: int) -> Positions:
        """Give the points whose window reached beyond the last step the last time."""
        last = min(int(self._edges[-1]), steps) - 1
        return np.append(self._centres[self._known : int(self._centres.searchsorted(last))], last)

    def _extend(self, series: Series, places: Values, values: Values) -> None:
        """Take the newest points of the smooth line."""
        line = np.empty((2, self._known + len(places)))
        line[:, : self._known] = self._line[:, : self._known]
        line[0, self._known :], line[1, self._known :] = places, values
        self._line = line
        # A window is widened to blocks, by less than half of its width.
        settled = int(self._centres.searchsorted(series.steps - 2 * self._half - 2))
        self._known = max(self._known, min(settled, line.shape[1] - 1))


def _outline(edges: Values, low: Values, high: Values) -> tuple[Values, Values]:
    """Go through minimum and maximum of every column, up and down in turn."""
    thirds = edges[:-1] + np.diff(edges) / 3
    x = np.stack((thirds, thirds + np.diff(edges) / 3), axis=1)
    y = np.stack((low, high), axis=1)
    y[1::2] = y[1::2, ::-1]
    return x.ravel(), y.ravel()
