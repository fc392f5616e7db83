"""Overlay: what the network answers, drawn with the points; over data of its own, and no others."""

from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QObject, QTimer

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.views.data.answers import Answers, affordable
from nnstudio.gui.views.data.errors import (
    Errors,
    errors_in_words,
    errors_of,
    validation_in_words,
)
from nnstudio.gui.views.data.regions import blended, grid_of, places_of, shades_of
from nnstudio.gui.views.samples import answer_in_words
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.plot.scatter import Backdrop, Curve, ScatterPlot
from nnstudio.runs.answers import is_trained_on, step_of
from nnstudio.runs.run import RunView
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.snapshot import RunState

CURVE_POINTS: Final = 300
SETTLE_MS: Final = 40
State = Literal["none", "own", "foreign"]


class Overlay(QObject):
    """Regions behind points in the plane, a curve over points of one input.

    Knows the plot, the run that is shown and its data; draws only when one of these has changed.
    """

    def __init__(self, plot: ScatterPlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._answers = Answers()
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
        if self._answers.follow(run) or self.state != before or finer:
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
        if data.inputs == 1 and data.labels is None:
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
        said = errors_in_words(self._errors) if self._errors else validation_in_words(run)
        return [*said, tr("step {step}", step=grouped(step_of(run)))]

    def read(self, x: float, y: float) -> str:
        """Give what the network answers to the inputs under the pointer; nothing without one."""
        data = self._data
        if data is None or self.state != "own" or self._answers.blueprint is None:
            return ""
        given = np.array([[x, y]])[:, : data.inputs]
        return answer_in_words(given[0], self._answers.to(given)[0], data)

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
        self._plot.show_answer(curves=(Curve(along, value, theme().score, tr("network")),))

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
