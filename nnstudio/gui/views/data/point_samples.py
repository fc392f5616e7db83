"""Samples of one or two inputs as points, with what the network of the current run answers."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.data.boundary import BoundaryChoice
from nnstudio.gui.views.data.clouds import can_be_points, points_of
from nnstudio.gui.views.data.overlay import Overlay
from nnstudio.gui.widgets.image_grid import ImageGrid
from nnstudio.gui.widgets.plot.scatter import ScatterPlot
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows

if TYPE_CHECKING:
    from nnstudio.runs.run import RunView


class PointSamples(QWidget):
    """Points with regions or curves; `turned` tells that what is drawn with them is another.

    Its `boundary`, which chooses what of the network is drawn, finds its place elsewhere.
    """

    turned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._data: PreparedData | None = None
        self.scatter = ScatterPlot()
        self.unit_grid = ImageGrid()
        self.unit_grid.picked.connect(self._pick_unit)
        self.overlay = Overlay(self.scatter, self.unit_grid)
        self.boundary = BoundaryChoice()
        self.boundary.chosen.connect(self._choose)
        self.boundary.hide()
        self._narrow = False
        self._body = QStackedLayout(self)
        self._body.addWidget(self.scatter)
        self._body.addWidget(self.unit_grid)
        themes.changed.connect(self._name)
        self._name()

    def show_rows(self, data: PreparedData, rows: Rows, experiment: Experiment | None) -> None:
        """Show `rows` of the data."""
        self._data = data
        self.scatter.show_points(points_of(data, rows, experiment))
        self.overlay.show_data(data, experiment)
        self.settle()

    def show_experiment(self, data: PreparedData, experiment: Experiment) -> None:
        """Take what the data are used for; the samples are the same."""
        self.overlay.show_data(data, experiment)

    def show_runs(self, views: "tuple[RunView, ...]") -> None:
        """Draw what the newest weights of the current run answer."""
        self.overlay.show_run(next((one for one in views if one.current), None))
        self.settle()

    def leave(self, data: PreparedData) -> None:
        """Offer nothing of a network: these data are no points."""
        self._data = data
        self.boundary.offer((), single=False)
        self.boundary.hide()

    def facts(self, count: str) -> list[str]:
        """Give what is drawn in words; `count` says how many samples there are."""
        beside = self.overlay.facts()
        # what is said of units matters more than how many samples lie over them
        return [*beside, count] if self.overlay.shows_units else [count, *beside]

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the layers: a low panel has no room for them."""
        self.boundary.fill_menu(menu)

    def set_narrow(self, *, narrow: bool) -> None:
        """Say whether there is little room for a choice of layers: the menu has them too."""
        self._narrow = narrow
        self.settle()

    def settle(self) -> None:
        """Offer the layers of the network, and bring forward what is chosen."""
        data = self._data
        if data is None or not can_be_points(data):
            return
        flat = data.inputs == 2
        curve = data.inputs == 1 and data.labels is None
        room = not self._narrow or self.boundary.layer >= 0
        self.boundary.setVisible((flat or curve) and room)
        self.boundary.offer(self.overlay.widths if flat or curve else (), single=flat)
        self._body.setCurrentWidget(self.unit_grid if self.overlay.shows_grid else self.scatter)

    def _choose(self, layer: int, unit: int) -> None:
        self.overlay.choose(layer, unit)
        self.unit_grid.set_marked(unit if unit >= 0 else None)
        self.settle()
        self.turned.emit()

    def _pick_unit(self, unit: int) -> None:
        if unit >= 0:
            self.boundary.choose(self.boundary.layer, unit, tell=True)

    def _name(self) -> None:
        self.unit_grid.setAccessibleName(tr("What each unit makes of the inputs"))
        self.unit_grid.setToolTip(tr("A click shows the unit behind the points."))
