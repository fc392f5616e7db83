"""Overlay: what the network answers, drawn with the points; over data of its own, and no others."""

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSizeF, QTimer

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.views.data.answers import Answers, affordable
from nnstudio.gui.views.data.errors import (
    Errors,
    errors_in_words,
    errors_of,
    validation_in_words,
)
from nnstudio.gui.views.data.regions import blended, grid_of, places_of, shades_of
from nnstudio.gui.views.data.units import (
    Units,
    curves_of,
    layer_in_words,
    pictures_of,
    shades_of_unit,
    unit_in_words,
)
from nnstudio.gui.views.samples import answer_in_words
from nnstudio.gui.widgets.image_grid import ImageGrid
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.plot.scatter import Backdrop, Curve, ScatterPlot
from nnstudio.gui.widgets.scale_ends import spread, steady_limit
from nnstudio.runs.answers import is_trained_on, step_of
from nnstudio.runs.run import RunView
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.snapshot import RunState

CURVE_POINTS: Final = 300
SETTLE_MS: Final = 40
MOST_OF_UNIT: Final = 40 * 40
"""So many points has the small picture of a unit at most."""
NOTHING: Final = (-1, -1)
State = Literal["none", "own", "foreign"]


class Overlay(QObject):
    """Regions behind points in the plane, a curve over points of one input.

    Knows the plot, the run that is shown and its data; draws only when one of these has changed.
    """

    def __init__(self, plot: ScatterPlot, grid: ImageGrid) -> None:
        super().__init__(plot)
        self._plot = plot
        self._grid = grid
        self._answers, self._units = Answers(), Units()
        self._chosen: tuple[int, int] = NOTHING
        self._limit: float | None = None
        self._said: tuple[str, ...] = ()
        self._run: RunView | None = None
        self._data: PreparedData | None = None
        self._experiment: Experiment | None = None
        self._drawn_at_rest = False
        self._errors: Errors | None = None
        # many sizes come while a panel is dragged; the last one counts
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SETTLE_MS)
        self._soon.timeout.connect(self.draw)
        plot.read = self.read
        plot.reframed.connect(self._draw_soon)
        themes.changed.connect(self._draw_soon)

    @property
    def state(self) -> State:
        """Whether there is a network, and whether the data that are shown are its own."""
        if self._run is None or self._data is None or self._experiment is None:
            return "none"
        if self._run.blueprint is None:
            return "none"
        own = is_trained_on(self._run, self._data, self._experiment)
        return "own" if own else "foreign"

    def show_data(self, data: PreparedData | None, experiment: Experiment | None) -> None:
        """Draw over these data from now on; None where they are no points."""
        self._data, self._experiment = data, experiment
        self.draw()

    def show_run(self, run: RunView | None) -> None:
        """Draw what the newest weights of `run` answer, where they are others than before."""
        before, self._run = self.state, run
        rests = run is not None and run.snapshot.state is not RunState.RUNNING
        finer = rests and not self._drawn_at_rest
        self._units.follow(run)
        if self._answers.follow(run) or self.state != before or finer:
            self.draw()

    @property
    def widths(self) -> tuple[int, ...]:
        """How many units each hidden layer has of the network that can be drawn here."""
        return self._units.widths if self.state == "own" else ()

    @property
    def shows_grid(self) -> bool:
        """Whether all units of a layer are drawn, as small pictures in place of the points."""
        flat = self._data is not None and self._data.inputs == 2
        return flat and self._chosen[0] >= 0 and self._chosen[1] < 0 and bool(self.widths)

    @property
    def shows_units(self) -> bool:
        """Whether units are drawn, all of a layer or one."""
        return bool(self._said)

    def choose(self, layer: int, unit: int) -> None:
        """Draw a hidden layer, or one unit of it; -1 for neither."""
        if (layer, unit) != self._chosen:
            self._chosen, self._limit = (layer, unit), None
            self.draw()

    def draw(self) -> None:
        """Ask the network and show what it answers."""
        self._soon.stop()
        data, run = self._data, self._run
        if data is None or run is None or self.state != "own" or not self._follow():
            self._plot.show_answer()
            return
        moving = run.snapshot.state is RunState.RUNNING
        self._drawn_at_rest = not moving
        self._errors = errors_of(self._answers, data, self._afford(moving=moving))
        self._said = ()
        if self._chosen[0] >= 0 and data.inputs == 2:
            self._draw_units(moving=moving)
        elif data.inputs == 1 and data.labels is None:
            self._draw_curve(moving=moving)
        else:
            self._draw_regions(data, moving=moving)

    def rest(self) -> None:
        """Draw nothing more until something is shown again."""
        self._soon.stop()

    def facts(self) -> list[str]:
        """Give what is known of the network whose answers are drawn, validation first."""
        run, state = self._run, self.state
        if run is None or state == "none":
            return []
        if state == "foreign":
            return [tr("the network was trained on other data")]
        if not run.snapshot.step:
            return [tr("untrained network")]
        if self._said:
            return [*self._said, tr("step {step}", step=grouped(step_of(run)))]
        said = errors_in_words(self._errors) if self._errors else validation_in_words(run)
        return [*said, tr("step {step}", step=grouped(step_of(run)))]

    def read(self, x: float, y: float) -> str:
        """Give what the network answers to the inputs under the pointer; nothing without one."""
        data = self._data
        if data is None or self.state != "own" or self._answers.blueprint is None:
            return ""
        given = np.array([[x, y]])[:, : data.inputs]
        return answer_in_words(given[0], self._answers.to(given)[0], data)

    def answers_to(self, inputs: NDArray[Any]) -> NDArray[np.float64] | None:
        """Give what the network answers to raw inputs (N, D); None without one for these data."""
        drawn = self._data is not None and self.state == "own"
        return self._answers.to(inputs) if drawn and self._answers.blueprint is not None else None

    def _draw_soon(self) -> None:
        if self._plot.isVisible():
            self._soon.start()

    def _follow(self) -> bool:
        self._answers.follow(self._run)
        return self._answers.blueprint is not None

    def _draw_curve(self, *, moving: bool) -> None:
        (low, high), _ = self._plot.ends
        along = np.linspace(low, high, self._afford(CURVE_POINTS, moving=moving))
        value = self._answers.to(along[:, None])[:, 0]
        curves = [Curve(along, value, theme().score, tr("network"))]
        layer = self._chosen[0]
        if 0 <= layer < len(self.widths):
            last = layer == len(self.widths) - 1
            units = self._units
            said = units.shares_of(along[:, None]) if last else units.of(layer, along[:, None])
            curves += curves_of(along, said)
            self._said = layer_in_words(said, layer)
            if last:
                self._said = (self._said[0], tr("thin: what each unit adds"))
        self._plot.show_answer(curves=tuple(curves))

    def _draw_units(self, *, moving: bool) -> None:
        """Draw all units of a layer as small pictures, or one of them behind the points."""
        layer, unit = self._chosen
        x, y = self._plot.ends
        most, area = (None, self._plot.area) if unit >= 0 else (MOST_OF_UNIT, None)
        points = self._plot.points
        if unit < 0 and points is not None and points.x is not None and points.y is not None:
            # small pictures have room for the samples alone
            x, y = points.x, points.y
        area = area or QSizeF(x[1] - x[0], y[1] - y[0])
        rows, columns = grid_of(self._afford(most, moving=moving), area)
        said = self._units.of(layer, places_of(x, y, rows, columns))
        self._said = layer_in_words(said, layer)
        shown = said if unit < 0 else said[:, unit : unit + 1]
        self._limit = steady_limit(spread(shown), self._limit)
        if unit < 0:
            self._plot.show_answer()
            self._grid.set_tiles(pictures_of(said, rows, columns), limit=self._limit)
            return
        self._said = unit_in_words(shown[:, 0], layer, unit)
        shades = shades_of_unit(shown[:, 0], self._limit)
        self._plot.show_answer(backdrop=Backdrop(shades.reshape(rows, columns, 3), x, y))

    def _draw_regions(self, data: PreparedData, *, moving: bool) -> None:
        x, y = self._plot.ends
        if data.inputs == 1:
            rows, columns = 1, self._afford(CURVE_POINTS, moving=moving)
        else:
            rows, columns = grid_of(self._afford(moving=moving), self._plot.area)
        places = places_of(x, y, rows, columns)[:, : data.inputs]
        outputs = self._answers.to(places)
        if data.labels is not None and rows > 1:
            outputs = blended(outputs, rows, columns)
        shades = shades_of(outputs, data)
        self._plot.show_answer(backdrop=Backdrop(shades.reshape(rows, columns, 3), x, y))

    def _afford(self, most: int | None = None, *, moving: bool) -> int:
        blueprint = self._answers.blueprint
        count = 0 if blueprint is None else affordable(blueprint, moving=moving)
        return count if most is None else min(count, most)
