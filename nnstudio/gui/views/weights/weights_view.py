"""The view of the weights: joins what was chosen, the newest vectors and the pictures of them."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.exporting import Exporter, picture_of
from nnstudio.gui.views.view import View
from nnstudio.gui.views.weights import facts
from nnstudio.gui.views.weights.controls import Choice, WeightsControls
from nnstudio.gui.views.weights.layers import Layer, Matrix, bias_in, layers_of, ordered, weights_in
from nnstudio.gui.views.weights.row_names import RowNames
from nnstudio.gui.views.weights.unit_panel import Unit, UnitPanel
from nnstudio.gui.widgets.colour_bar import ColourBar
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.facts_line import FactsLine
from nnstudio.gui.widgets.image_grid import ImageGrid, TileHit
from nnstudio.gui.widgets.pager import Pager
from nnstudio.gui.widgets.scale_ends import spread, spreads, steady_limit
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.texts import mark, tr
from nnstudio.training.snapshot import Weights


class WeightsView(View):
    """Every unit of a layer as a picture of its weights; knows the current run's newest vectors."""

    name: ClassVar[str] = "weights"
    title: ClassVar[str] = mark("Weights")
    rate_hz: ClassVar[float] = 10.0
    enlargeable: ClassVar[bool] = True
    wants_weights = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: RunView | None = None
        self._weights: Weights | None = None
        self._layers: tuple[Layer, ...] = ()
        self._layer = 0
        self._hatched = True
        self._limit: float | None = None
        self._units: NDArray[np.intp] = np.empty(0, np.intp)
        self._sorted_for: object = None
        self._cell = (1, 1)
        self._hit: TileHit | None = None
        self._wire: int | None = None
        self._unit: int | None = None
        self._make_parts()
        self._lay_out()
        themes.changed.connect(self._retell)
        self._retell()

    def _make_parts(self) -> None:
        self.controls = WeightsControls()
        self.controls.chosen.connect(self._choose)
        self.grid = ImageGrid()
        self.grid.hovered.connect(self._point)
        self.grid.picked.connect(self._pick)
        self.grid.page_changed.connect(self._tell_page)
        self.grid.resized.connect(self._refresh)
        self.names = RowNames()
        self.bar = ColourBar()
        self.panel = UnitPanel()
        self.panel.closed.connect(lambda: self.show_unit(None))
        self.panel.pointed.connect(self._point_in_panel)
        self.panel.hide()
        self.facts = FactsLine()
        self.pager = Pager()
        self.pager.page_requested.connect(self.grid.set_page)
        self.empty = EmptyState("")
        heading, picture = (lambda: tr(self.title)), (lambda: picture_of(self))
        self.exporter = Exporter(self, title=heading, picture=picture, table=self.numbers)
        self.exporter.failed.connect(self.export_failed)

    def _lay_out(self) -> None:
        body = QHBoxLayout()
        body.setSpacing(8)
        body.addWidget(self.names)
        body.addWidget(self.grid, 1)
        beside = QVBoxLayout()
        beside.addWidget(self.bar, 1)
        beside.addStretch(0)
        body.addLayout(beside)
        body.addWidget(self.panel, 0)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.pager)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(16, 8, 16, 4)
        column.setSpacing(8)
        column.addWidget(self.controls)
        column.addLayout(body, 1)
        column.addLayout(foot)
        self._missing = EmptyState("")
        body.addWidget(self._missing, 1)
        self._missing.hide()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(filled)

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Show the current run's weights; those it began with while it has not told any."""
        run = views[0] if views else None
        blueprint = run.blueprint if run else None
        layers = layers_of(blueprint) if blueprint else ()
        # networks before their first step share one identity, whatever their layers are
        another = (layers, run and run.identity) != (self._layers, self._run and self._run.identity)
        weights = run.snapshot.weights if run else None
        if weights is None and not another:
            weights = self._weights
        if weights is None and blueprint is not None and blueprint.initial is not None:
            weights = Weights(0, blueprint.initial)
        if not another and weights is self._weights and self._layers:
            self._run = run
            return
        self._run, self._weights = run, weights
        if another:
            self._start(layers)
        self._refresh()

    def choose(self, choice: Choice) -> None:
        """Show another layer, mode, order or scale."""
        self.controls.choose(choice)
        self._choose(choice)

    def _choose(self, choice: Choice) -> None:
        self._limit = None
        if choice.layer != self._layer:
            self._unit, self._hit = None, None
        self._layer = choice.layer
        self._refresh(anew=True)

    def show_unit(self, unit: int | None) -> None:
        """Show a unit at large; None closes it."""
        self._unit = unit
        self._refresh()

    def minimumSizeHint(self) -> QSize:
        """Give a small size: pictures are put on pages and choices into the menu."""
        return QSize(320, 160)

    def fill_menu(self, menu: QMenu) -> None:
        """Put order, scale and hatching into `menu`: a narrow panel shows them nowhere else."""
        self.controls.fill_menu(menu, self.choose)
        hatch = QAction(tr("Hatch inputs that never change"), menu, checkable=True)
        hatch.setChecked(self._hatched)
        hatch.triggered.connect(self._hatch)
        menu.addAction(hatch)
        if self._shown() is not None:
            self.exporter.fill_menu(menu)

    def numbers(self) -> str:
        """Give the matrix that is shown as CSV: a row for every input, a column for every unit."""
        matrix = self._shown()
        return "" if matrix is None else facts.table_of(matrix)

    @property
    def _blueprint(self) -> Blueprint | None:
        return self._run.blueprint if self._run else None

    def _start(self, layers: tuple[Layer, ...]) -> None:
        """Forget the last run."""
        self._layers = layers
        self._layer = min(self._layer, max(len(self._layers) - 1, 0))
        self._unit = self._hit = self._limit = self._sorted_for = None
        self.controls.choose(replace(self.controls.choice, layer=self._layer))
        self.controls.offer(self._layers)

    def _matrix(self, vector: NDArray[np.floating] | None) -> Matrix | None:
        blueprint = self._blueprint
        return weights_in(blueprint.layout, vector, self._layer) if blueprint else None

    def _shown(self) -> Matrix | None:
        """Give the matrix that the mode asks for; None when it is not known."""
        weights, blueprint = self._weights, self._blueprint
        if weights is None or blueprint is None:
            return None
        if self.controls.choice.mode == "gradient":
            return self._matrix(weights.gradient)
        now, initial = self._matrix(weights.vector), self._matrix(blueprint.initial)
        if self.controls.choice.mode == "weights" or now is None:
            return now
        return None if initial is None else now - initial

    def _refresh(self, *, anew: bool = False) -> None:
        blueprint, weights = self._blueprint, self._weights
        if blueprint is None or weights is None or not self._layers:
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        matrix = self._shown()
        self._missing.setVisible(matrix is None)
        for part in (self.grid, self.bar):
            part.setVisible(matrix is not None)
        self.panel.setVisible(matrix is not None and self._unit is not None)
        if matrix is None:
            self.names.show_names(())
            ended = self._run is not None and self._run.snapshot.state.ended
            self._missing.set_texts(
                *facts.words_for_missing(self.controls.choice.mode, ended=ended)
            )
            self._tell_facts()
            return
        layer = self._layers[self._layer]
        self._sort(weights, anew=anew)
        self._name_rows()
        self._cell = layer.cell_of(self.grid.width(), self.grid.height())
        tiles = layer.tiles(matrix, self._units, cell=self._cell)
        hatching = self._hatching(layer)
        self.grid.set_hatching(hatching)
        if self.controls.choice.own_scale and layer.picture:
            limits = spreads(tiles)
            limit = float(limits.max(initial=0.0)) or 1.0
            self.grid.set_tiles(tiles, limit=np.where(limits > 0, limits, 1.0))
            self.bar.set_limit(None)
        else:
            limit = self._limit = steady_limit(spread(matrix), self._limit)
            self.grid.set_tiles(tiles, limit=limit)
            self.bar.set_limit(limit)
        self._show_picked(matrix, limit, hatching)
        self._fit_bar()
        self._tell_facts()

    def _sort(self, weights: Weights, *, anew: bool) -> None:
        """Sort when asked and once an epoch: units that change places all the time show nothing."""
        run, order = self._run, self.controls.choice.order
        snapshot = run.snapshot if run else None
        key = (self._layer, order, snapshot and (snapshot.epoch, snapshot.state))
        matrix = self._matrix(weights.vector)
        if matrix is None or (key == self._sorted_for and not anew):
            return
        before = self._units
        self._sorted_for = key
        blueprint = self._blueprint
        self._units = ordered(
            order,
            matrix,
            initial=self._matrix(blueprint.initial if blueprint else None),
            gradient=self._matrix(weights.gradient),
        )
        if not np.array_equal(before, self._units):
            self._hit = None

    def _hatching(self, layer: Layer) -> NDArray[np.bool_] | None:
        constant = self._blueprint.constant_inputs if self._blueprint else None
        if not self._hatched or constant is None or layer.index != 0 or not constant.any():
            return None
        if layer.picture:
            return constant.reshape(layer.picture)
        rows, columns = self._cell
        return np.broadcast_to(
            constant.repeat(columns), (rows * layer.units, columns * layer.inputs)
        )

    def _show_picked(
        self, matrix: Matrix, limit: float, hatching: NDArray[np.bool_] | None
    ) -> None:
        layer, unit, blueprint = self._layers[self._layer], self._unit, self._blueprint
        place = None if unit is None else int(np.flatnonzero(self._units == unit)[0])
        self.grid.set_marked(place if layer.picture else None)
        rows = self._cell[0]
        banded = None if layer.picture or place is None else (place * rows, (place + 1) * rows)
        self.grid.set_band(banded)
        if unit is None or blueprint is None or self._weights is None:
            return
        column = np.ascontiguousarray(matrix[:, unit])
        shape = layer.picture or (1, layer.inputs)
        vector = self._weights.vector
        bias = bias_in(blueprint.layout, vector, self._layer)
        following = weights_in(blueprint.layout, vector, self._layer + 1)
        last = self._layer + 2 == len(self._layers)
        self.panel.show_unit(
            Unit(
                number=unit,
                incoming=column.reshape(shape),
                limit=limit,
                bias=None if bias is None else float(bias[unit]),
                outgoing=None if following is None else following[unit],
                names=tuple(map(tr, blueprint.class_names)) if last else (),
                hatching=None if hatching is None or not layer.picture else hatching,
                name=self._name_of(unit),
            )
        )

    def _point(self, hit: TileHit | None) -> None:
        self._hit = hit
        self._tell_facts()

    def _point_in_panel(self, hit: TileHit | None) -> None:
        picture = self._layers[self._layer].picture
        wide = picture[1] if picture else 0
        self._wire = None if hit is None else hit.row * wide + hit.column
        self._tell_facts()

    def _pick(self, tile: int) -> None:
        if tile >= 0 and not self._layers[self._layer].picture:
            # In a matrix the row under the pointer is the unit; the tile is all of it.
            unit = int(self._units[self._hit.row // self._cell[0] if self._hit else 0])
            self.show_unit(None if unit == self._unit else unit)
            return
        self.show_unit(int(self._units[tile]) if tile >= 0 else None)

    def _pointed_at(self) -> tuple[int, int] | None:
        """Give unit and input under the pointer."""
        layer, hit = self._layers[self._layer], self._hit
        if hit is None:
            return None
        if layer.picture:
            return int(self._units[hit.tile]), hit.row * layer.picture[1] + hit.column
        return int(self._units[hit.row // self._cell[0]]), hit.column // self._cell[1]

    def _tell_facts(self) -> None:
        weights, blueprint = self._weights, self._blueprint
        now = self._matrix(weights.vector) if weights else None
        if weights is None or blueprint is None or now is None:
            self.facts.set_facts(())
            return
        initial, gradient = self._matrix(blueprint.initial), self._matrix(weights.gradient)
        layer, at = self._layers[self._layer], self._pointed_at()
        left, right = list[str](), facts.facts_of_layer(now, initial)
        if at is None and self._unit is not None:
            at = (self._unit, -1 if self._wire is None else self._wire)
        if at is not None:
            unit, wire = at
            constant = blueprint.constant_inputs if layer.index == 0 else None
            left = facts.facts_of_weight(
                layer,
                unit=unit,
                wire=wire,
                now=now,
                initial=initial,
                gradient=gradient if self.controls.choice.mode == "gradient" else None,
                constant=constant is not None and wire >= 0 and bool(constant[wire]),
                name=self._name_of(unit),
                remark=self._remark(unit, gradient),
            )
        elif layer.picture and self._hatching(layer) is not None:
            right.insert(0, tr("Hatched: inputs that are the same in every sample"))
        self.facts.set_facts(left, right=right)

    def _remark(self, unit: int, gradient: Matrix | None) -> str:
        shown = self._shown()
        if shown is None:
            return ""
        limit = None if self.controls.choice.own_scale else self._limit
        return facts.remark_on_unit(unit, shown=shown, gradient=gradient, limit=limit)

    def _name_of(self, unit: int) -> str:
        """Give the class that a unit of the last layer stands for."""
        blueprint = self._blueprint
        if blueprint is None or self._layer + 1 < len(self._layers):
            return ""
        return tr(blueprint.class_names[unit]) if unit < len(blueprint.class_names) else ""

    def _name_rows(self) -> None:
        """Name the rows of the matrix of a last layer, in the order that they have."""
        layer, unit = self._layers[self._layer], self._unit
        named = bool(self._name_of(0)) and not layer.picture and not self.grid.isHidden()
        units = self._units.tolist() if named and len(self._units) == layer.units else []
        marked = units.index(unit) if unit in units else None
        self.names.show_names(tuple(map(self._name_of, units)), marked=marked)

    def _tell_page(self, page: int, pages: int) -> None:
        self.pager.show_page(page, pages)
        self._fit_bar()

    def _fit_bar(self) -> None:
        if not self._units.size:
            return
        height = self.grid.mosaic_size().height()
        self.bar.setMaximumHeight(max(height, 60))
        self.names.set_rows_height(height)

    def _hatch(self, on: bool) -> None:  # noqa: FBT001 (the signal of an action gives it so)
        self._hatched = on
        self._refresh()

    def _retell(self) -> None:
        """Say everything again, as the theme or with it the language has changed."""
        self.grid.setAccessibleName(tr("Weights of the units"))
        self.empty.set_texts(
            tr("No network yet"),
            tr("Press Train: each unit appears here as a picture of its weights."),
        )
        self._refresh()
