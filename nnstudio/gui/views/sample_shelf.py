"""SampleShelf: samples and what is said of them, as pictures, points or rows; any can be picked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.views.samples import ends_of, pictures_of
from nnstudio.gui.widgets.facts_line import FactsLine
from nnstudio.gui.widgets.numerals import MINUS, grouped
from nnstudio.gui.widgets.pager import Pager
from nnstudio.gui.widgets.picture_grid import PictureGrid
from nnstudio.gui.widgets.plot.scatter import Cloud, Points, ScatterPlot, ends_around, thinned
from nnstudio.texts import tr, tr_count
from nnstudio.training.prepared import PreparedData

MOST_ROWS: Final = 200
MOST_INPUTS: Final = 3
MOST_SAID: Final = 8


@dataclass(frozen=True)
class Shown:
    """One sample: its row in the data, the lines under a picture, and the same as columns."""

    row: int
    lines: tuple[str, ...]
    columns: tuple[str, ...]
    tip: str


class SampleShelf(QWidget):
    """The samples that were given last, in their order; pictures on pages, rows in a table.

    Knows the data and what to show of it; `picked` tells the place of a sample in that order.
    """

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._data: PreparedData | None = None
        self._samples: Sequence[Shown] = ()
        self._headings: tuple[str, ...] = ()
        self._page = 0
        self.grid = PictureGrid(pickable=True)
        self.grid.picked.connect(lambda at: self._tell(self._first + at))
        self.grid.page_wished.connect(lambda turn: self._turn_to(self._page + turn))
        self.grid.resized.connect(self._show_page)
        self.scatter = ScatterPlot()
        self.table = QTableWidget()
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.cellClicked.connect(lambda row, _column: self._tell(row))
        self.table.installEventFilter(self)
        self.facts = FactsLine()
        self.pager = Pager()
        self.pager.page_requested.connect(self._turn_to)
        body = QWidget()
        self._stack = QStackedLayout(body)
        for widget in (self.grid, self.scatter, self.table):
            self._stack.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.pager)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(body, 1)
        column.addLayout(foot)
        themes.changed.connect(self._retell)
        self._retell()

    def show_samples(
        self,
        data: PreparedData,
        samples: Sequence[Shown],
        headings: tuple[str, ...],
    ) -> None:
        """Show `samples`, in their order; `headings` are those of their columns."""
        if data is not self._data:
            self._page = 0
        self._data, self._samples, self._headings = data, samples, headings
        if data.image_shape is not None:
            self._stack.setCurrentWidget(self.grid)
            lines = len(samples[0].lines) if len(samples) else 1
            self.grid.set_form(data.image_shape, paired=False, lines=lines)
            self._show_page()
        elif data.inputs <= 2 and data.task != "values":
            self._stack.setCurrentWidget(self.scatter)
            self.scatter.show_points(self._points(data))
        else:
            self._stack.setCurrentWidget(self.table)
            self._fill_table(data)
        count = len(samples)
        said = tr_count("{count} sample", "{count} samples", count, count=grouped(count))
        if self._stack.currentWidget() is self.table and count > MOST_ROWS:
            said = tr("the first {count} of {all}", count=MOST_ROWS, all=grouped(count))
        self.facts.set_facts([said])
        if self._stack.currentWidget() is not self.grid:
            self.pager.show_page(0, 1)

    def to_start(self) -> None:
        """Show the first page: other samples follow."""
        self._page = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Have Enter pick the row of the table."""
        if (
            watched is self.table
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and self.table.currentRow() >= 0
        ):
            self._tell(self.table.currentRow())
            return True
        return super().eventFilter(watched, event)

    @property
    def _first(self) -> int:
        return self._page * self.grid.capacity

    def _tell(self, at: int) -> None:
        if 0 <= at < len(self._samples):
            self.picked.emit(at)

    def _turn_to(self, page: int) -> None:
        self._page = min(max(page, 0), self._pages - 1)
        self._show_page()

    @property
    def _pages(self) -> int:
        return max(-(-len(self._samples) // self.grid.capacity), 1)

    def _show_page(self) -> None:
        data = self._data
        if data is None or data.image_shape is None:
            return
        self._page = min(self._page, self._pages - 1)
        shown = self._samples[self._first : self._first + self.grid.capacity]
        rows = np.array([one.row for one in shown], np.int64)
        self.grid.show_pictures(
            pictures_of(data.dataset.inputs[rows], data.image_shape, ends_of(data)),
            tuple("\n".join(one.lines) for one in shown),
            tips=tuple(one.tip for one in shown),
        )
        self.pager.show_page(self._page, self._pages)

    def _points(self, data: PreparedData) -> Points:
        """Give all samples faint, and these on top."""
        inputs = data.dataset.inputs
        every = inputs[thinned(len(inputs))]
        rows = np.array([one.row for one in self._samples], np.int64)
        chosen = inputs[rows]
        if data.inputs == 1:
            every, chosen = (
                np.column_stack([one[:, 0], np.zeros(len(one))]) for one in (every, chosen)
            )
        return Points(
            (
                Cloud(
                    every[:, 0].astype(float),
                    every[:, 1].astype(float),
                    theme().border,
                    tr("all samples"),
                ),
                Cloud(
                    chosen[:, 0].astype(float),
                    chosen[:, 1].astype(float),
                    theme().loss,
                    tr("these"),
                ),
            ),
            x=ends_around(inputs[:, 0].astype(float)),
            y=ends_around(inputs[:, -1].astype(float)) if data.inputs == 2 else (-1.0, 1.0),
            x_unit="x₁",
            y_unit="x₂" if data.inputs == 2 else "",
            alike=data.inputs == 2,
            said=", ".join(one.tip for one in self._samples[:MOST_SAID]),
        )

    def _fill_table(self, data: PreparedData) -> None:
        shown = self._samples[:MOST_ROWS]
        inputs = min(data.inputs, MOST_INPUTS)
        headings = (
            tr("sample"),
            *self._headings,
            *(tr("input {number}", number=at + 1) for at in range(inputs)),
        )
        table = self.table
        table.setUpdatesEnabled(False)
        table.setRowCount(len(shown))
        table.setColumnCount(len(headings))
        table.setHorizontalHeaderLabels(headings)
        for at, one in enumerate(shown):
            given = data.dataset.inputs[one.row, :inputs].tolist()
            cells = (
                grouped(one.row),
                *one.columns,
                *(f"{x:.4g}".replace("-", MINUS) for x in given),
            )
            for place, words in enumerate(cells):
                item = table.item(at, place)
                if item is None:
                    item = QTableWidgetItem()
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                    table.setItem(at, place, item)
                item.setText(words)
                item.setToolTip(one.tip)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.setUpdatesEnabled(True)

    def _retell(self) -> None:
        for part in (self.grid, self.table):
            part.setAccessibleName(tr("Samples"))
        self.table.setFont(font(12))
        self.table.horizontalHeader().setFont(font(12))
        self.table.verticalHeader().setDefaultSectionSize(26)
        if self._data is not None and self._stack.currentWidget() is self.scatter:
            self.scatter.show_points(self._points(self._data))
