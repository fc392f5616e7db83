"""DataView: what the network learns from, as pictures, points or facts; distorted ones live."""

from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.data.augmentation import Augmenter
from nnstudio.data.levels import levels_of
from nnstudio.gui.theme import themes
from nnstudio.gui.views.data.boundary import BoundaryChoice
from nnstudio.gui.views.data.choices import Choices
from nnstudio.gui.views.data.clouds import can_be_points, points_of
from nnstudio.gui.views.data.overlay import Overlay
from nnstudio.gui.views.data.table import csv_of
from nnstudio.gui.views.exporting import Exporter, picture_of
from nnstudio.gui.views.samples import (
    Bytes,
    PartOfData,
    ends_of,
    kinds_of,
    pictures_of,
    rows_of,
    words_of,
)
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.facts_line import FactsLine
from nnstudio.gui.widgets.image_grid import ImageGrid
from nnstudio.gui.widgets.numerals import MINUS, grouped
from nnstudio.gui.widgets.pager import Pager
from nnstudio.gui.widgets.picture_grid import PictureGrid
from nnstudio.gui.widgets.plot.scatter import ScatterPlot
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows

if TYPE_CHECKING:
    from nnstudio.runs.run import RunView

ANEW_MS: Final = 1000
LOW_PX: Final = 240
NO_ROWS: Final = np.empty(0, np.int64)


class DataView(View):
    """The samples of the chosen source, by part and class, and what augmentation makes of them.

    With points, what the network of the current run answers. Knows the newest data, experiment
    and run; draws of its own, so a run is never disturbed.
    """

    name: ClassVar[str] = "data"
    title: ClassVar[str] = mark("Data")
    rate_hz: ClassVar[float] = 5.0
    enlargeable: ClassVar[bool] = True

    def __init__(self, *, draw: Generator | None = None) -> None:
        super().__init__()
        self._draw = draw or np.random.default_rng()
        self._data: PreparedData | None = None
        self._experiment: Experiment | None = None
        self._augmenter: Augmenter | None = None
        self._part: PartOfData = "training"
        self._kind: int | None = None
        self._rows: Rows = NO_ROWS
        self._page = 0
        self._stale = False
        self._live = True
        self._make_parts()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(ANEW_MS)
        self._timer.timeout.connect(self._distort_if_seen)
        themes.changed.connect(self._retell)
        self._retell()

    def _make_parts(self) -> None:
        self.choices = Choices()
        self.choices.part_chosen.connect(self._choose_part)
        self.choices.kind_chosen.connect(self._choose_kind)
        self.parts, self.kinds = self.choices.parts, self.choices.kinds
        self.play, self.anew = self.choices.play, self.choices.anew
        self.play.clicked.connect(self._toggle_live)
        self.anew.clicked.connect(self.distort)
        self.grid = PictureGrid()
        self.grid.setAccessibleName(tr("Samples"))
        self.grid.page_wished.connect(lambda turn: self._turn_to(self._page + turn))
        self.grid.resized.connect(self._refresh)
        self.scatter = ScatterPlot()
        self.unit_grid = ImageGrid()
        self.unit_grid.picked.connect(self._pick_unit)
        self.overlay = Overlay(self.scatter, self.unit_grid)
        self.boundary = BoundaryChoice()
        self.boundary.chosen.connect(self._choose_boundary)
        self.exporter = Exporter(
            self,
            title=lambda: tr(self.title),
            picture=lambda: picture_of(self._filled),
            table=self.table,
        )
        self.exporter.failed.connect(self.export_failed)
        self.facts = FactsLine()
        self.pager = Pager()
        self.pager.page_requested.connect(self._turn_to)
        self.empty = EmptyState("")

    def _lay_out(self) -> None:
        body = QWidget()
        self._body = QStackedLayout(body)
        self._words = EmptyState("")
        for widget in (self.grid, self.scatter, self.unit_grid, self._words):
            self._body.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.pager)
        self._filled = filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(16, 8, 16, 4)
        column.setSpacing(8)
        column.addWidget(self.choices)
        column.addWidget(self.boundary)
        column.addWidget(body, 1)
        column.addLayout(foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(filled)

    def minimumSizeHint(self) -> QSize:
        """Give a size at which samples can still be seen."""
        return QSize(180, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the whole height to the samples where there is little: the menu has the layers."""
        super().resizeEvent(event)
        self._settle_boundary()

    def show_data(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Show these data; None while they are not there. `experiment` says how they are used."""
        before = None if self._experiment is None else self._experiment.augmentation
        if data is self._data and experiment.augmentation == before:
            self._experiment = experiment
            if self.isVisible() and data is not None and can_be_points(data):
                self.overlay.show_data(data, experiment)
                self._tell_page()
            return
        self._data, self._experiment = data, experiment
        self.wants_weights = data is not None and can_be_points(data)
        self._augmenter = self._bound()
        self._stale = True
        if self.isVisible():
            self._refresh()

    def show_runs(self, views: "tuple[RunView, ...]") -> None:
        """Draw what the newest weights of the current run answer, where samples are points."""
        self.overlay.show_run(next((one for one in views if one.current), None))
        self._settle_boundary()
        self._tell_page()

    def distort(self) -> None:
        """Distort the pictures that are shown in another way."""
        if self._augmenter is not None:
            self._show_pictures()

    def fill_menu(self, menu: QMenu) -> None:
        """Offer to have pictures distorted again and again."""
        live = menu.addAction(tr("Distort the pictures anew every second"))
        live.setCheckable(True)
        live.setChecked(self._live)
        live.setEnabled(self._augmenter is not None)
        live.triggered.connect(self._toggle_live)
        self.boundary.fill_menu(menu)
        menu.addSeparator()
        self.exporter.fill_menu(menu)

    def table(self) -> str:
        """Give the samples as CSV: all that are drawn as points, one page of pictures."""
        data = self._data
        if data is None:
            return ""
        rows = self._rows
        if not can_be_points(data):
            first = self._page * self.grid.capacity
            rows = rows[first : first + self.grid.capacity]
        return csv_of(data, rows, self.overlay.answers_to(data.dataset.inputs[rows]))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what has changed meanwhile."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._timer.stop()
        self.overlay.rest()

    def _bound(self) -> Augmenter | None:
        data, experiment = self._data, self._experiment
        if data is None or experiment is None:
            return None
        wanted = experiment.augmentation
        if data.image_shape is None or wanted.problem(data.image_shape) is not None:
            return None
        shape = data.image_shape
        levels = levels_of(data.dataset.inputs, data.split.training, image_shape=shape)
        return wanted.bind(shape, data.inputs, levels=levels)

    def _choose_part(self, key: str) -> None:
        self._part = cast("PartOfData", key)
        self._page = 0
        self._refresh()

    def _choose_kind(self, key: str) -> None:
        self._kind = int(key) if key else None
        self._page = 0
        self._refresh()

    def _turn_to(self, page: int) -> None:
        wanted = min(max(page, 0), self._pages() - 1)
        if wanted != self._page:
            self._page = wanted
            self._refresh()

    def _toggle_live(self) -> None:
        self._live = not self._live
        self._settle_live()

    def _pages(self) -> int:
        return max(-(-len(self._rows) // self.grid.capacity), 1)

    def _refresh(self) -> None:
        data = self._data
        self._stack.setCurrentIndex(0 if data is None else 1)
        if data is None:
            self._timer.stop()
            return
        self._offer(data)
        self._rows = rows_of(data, self._part, self._kind)
        self._settle_boundary()
        if not len(self._rows):
            self._words.set_texts(
                tr("No samples here"), tr("Choose another part of the data or another class.")
            )
            self._body.setCurrentWidget(self._words)
        elif data.image_shape is not None:
            self.grid.set_form(data.image_shape, paired=self._paired)
            self._body.setCurrentWidget(self.grid)
            self._show_pictures()
        elif can_be_points(data):
            self.scatter.show_points(points_of(data, self._rows, self._experiment))
            self.overlay.show_data(data, self._experiment)
            self._settle_boundary()
        else:
            self._words.set_texts(*_in_words(data))
            self._body.setCurrentWidget(self._words)
        self._tell_page()
        self._settle_live()

    @property
    def _paired(self) -> bool:
        # what is held out is never distorted
        return self._augmenter is not None and self._part == "training"

    def _offer(self, data: PreparedData) -> None:
        names = kinds_of(data)
        self._kind = None if self._kind is None or self._kind >= len(names) else self._kind
        self.choices.offer_kinds(names, self._kind)

    def _settle_boundary(self) -> None:
        """Offer the layers of the network, and bring forward what is chosen."""
        data = self._data
        flat = data is not None and data.inputs == 2 and can_be_points(data)
        curve = data is not None and data.inputs == 1 and data.labels is None
        # its place is kept before there is a network, or the plot would jump
        room = self.height() >= LOW_PX or self.boundary.layer >= 0
        self.boundary.setVisible((flat or curve) and len(self._rows) > 0 and room)
        self.boundary.offer(self.overlay.widths if flat or curve else (), single=flat)
        if data is not None and can_be_points(data) and len(self._rows):
            grid = self.overlay.shows_grid
            self._body.setCurrentWidget(self.unit_grid if grid else self.scatter)

    def _choose_boundary(self, layer: int, unit: int) -> None:
        self.overlay.choose(layer, unit)
        self.unit_grid.set_marked(unit if unit >= 0 else None)
        self._settle_boundary()
        self._tell_page()

    def _pick_unit(self, unit: int) -> None:
        if unit >= 0:
            self.boundary.choose(self.boundary.layer, unit, tell=True)

    def _show_pictures(self) -> None:
        data = self._data
        if data is None or data.image_shape is None or not len(self._rows):
            return
        self._page = min(self._page, self._pages() - 1)
        start = self._page * self.grid.capacity
        rows = self._rows[start : start + self.grid.capacity]
        inputs, ends = data.dataset.inputs[rows], ends_of(data)
        beside = self._distorted(inputs, data.image_shape, ends) if self._paired else None
        words = tuple(words_of(data, row) for row in rows.tolist())
        self.grid.show_pictures(
            pictures_of(inputs, data.image_shape, ends),
            words,
            beside=beside,
            tips=tuple(
                tr("Sample {number}: {words}", number=grouped(row), words=one)
                for row, one in zip(rows.tolist(), words, strict=True)
            ),
        )

    def _distorted(
        self, inputs: NDArray[Any], shape: tuple[int, int], ends: tuple[float, float]
    ) -> Bytes | None:
        if self._augmenter is None:
            return None
        batch = np.ascontiguousarray(inputs, dtype=np.float32)
        if batch is inputs:
            batch = inputs.copy()
        self._augmenter.apply(batch, self._draw)
        return pictures_of(batch, shape, ends)

    def _tell_page(self) -> None:
        data = self._data
        pictures = self._body.currentWidget() is self.grid
        self.pager.show_page(self._page, self._pages() if pictures else 1)
        if data is None:
            return
        count = tr("{count} samples", count=grouped(len(self._rows)))
        beside = [tr("right: distorted, as training sees it")] if pictures and self._paired else []
        if self._body.currentWidget() in {self.scatter, self.unit_grid}:
            beside = self.overlay.facts()
        # what is said of units matters more than how many samples lie over them
        told = [*beside, count] if self.overlay.shows_units else [count, *beside]
        self.facts.set_facts(told)

    def _settle_live(self) -> None:
        shown = self._paired and self._body.currentWidget() is self.grid
        self.anew.setVisible(shown)
        self.play.setVisible(shown)
        self.play.set_icon("pause" if self._live else "play")
        self.play.set_tooltip(
            tr("Stop distorting them anew every second.")
            if self._live
            else tr("Distort them anew every second.")
        )
        if shown and self._live and self.isVisible():
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()

    def _distort_if_seen(self) -> None:
        # behind another tab a panel is "visible" as well, but none of it is to be seen
        if not self.visibleRegion().isEmpty():
            self.distort()

    def _retell(self) -> None:
        self.unit_grid.setAccessibleName(tr("What each unit makes of the inputs"))
        self.unit_grid.setToolTip(tr("A click shows the unit behind the points."))
        self.empty.set_texts(
            tr("No data yet"),
            tr("The samples of the source appear here once they are loaded."),
        )
        if self._data is not None and self.isVisible():
            self._refresh()


def _in_words(data: PreparedData) -> tuple[str, str]:
    low, high = (f"{one:.3g}".replace("-", MINUS) for one in ends_of(data))
    return (
        tr(
            "{inputs} inputs, {outputs} outputs",
            inputs=grouped(data.inputs),
            outputs=grouped(data.outputs),
        ),
        tr(
            "These samples are neither pictures nor points. Their inputs lie between {low} and "
            "{high}.",
            low=low,
            high=high,
        ),
    )
