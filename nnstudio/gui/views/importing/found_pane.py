"""FoundPane: what was found in a file: pictures with their classes, and the rows of a table."""

from collections.abc import Callable
from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data.importing.asked import Preview
from nnstudio.gui.theme import font, theme
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.pager import Pager
from nnstudio.gui.widgets.picture_grid import PictureGrid
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.texts import tr

ROW_PX: Final = 26
FOOT_PX: Final = 28
MOST_COLUMNS: Final = 40
"""So many columns of a table are shown: one of a picture for each pixel would say nothing."""


class DropZone(EmptyState):
    """A sentence in place of samples; while a file is waited for, in a dashed frame."""

    def __init__(self) -> None:
        super().__init__("")
        self._waits = False

    def set_waits(self, *, waits: bool) -> None:
        """Say whether something can be dropped here."""
        self._waits = waits
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        if self._waits:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().disabled, 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


class FoundPane(QWidget):
    """Samples or the table they come from; or a sentence, and what to do about it.

    Knows the newest preview and what a class is called now.
    """

    acted = Signal()

    def __init__(self, *, named: Callable[[str], str]) -> None:
        super().__init__()
        self._named = named
        self._preview: Preview | None = None
        self._page = 0
        self.choice = SegmentedControl([("pictures", tr("Samples")), ("table", tr("Table"))])
        self.choice.setAccessibleName(tr("What is shown of the file"))
        self.choice.chosen.connect(lambda _key: self._settle())
        self.grid = PictureGrid()
        self.grid.setAccessibleName(tr("Some of the samples"))
        self.grid.resized.connect(self._show_page)
        self.grid.page_wished.connect(lambda turn: self._turn_to(self._page + turn))
        self.pager = Pager()
        self.pager.page_requested.connect(self._turn_to)
        self.table = QTableWidget()
        self.table.setAccessibleName(tr("First rows of the table"))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.note = QLabel()
        self.note.setFont(font(12))
        self.note.setProperty("role", "third")
        # the pager comes and goes within a layout: its row keeps its height
        self.note.setMinimumHeight(FOOT_PX)
        self.words = DropZone()
        self.words.acted.connect(self.acted)
        body = QWidget()
        self._stack = QStackedLayout(body)
        for widget in (self.words, self.grid, self.table):
            self._stack.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.pager)
        head = QHBoxLayout()
        head.addWidget(self.choice)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(body, 1)
        column.addLayout(foot)
        self._settle()

    def say(self, title: str, words: str = "", action: str = "") -> None:
        """Show a sentence in place of samples."""
        self._preview = None
        self.words.set_texts(title, words, action)
        # an offer to choose a file is one to drop it
        self.words.set_waits(waits=bool(action))
        self._settle()

    def show_preview(self, preview: Preview) -> None:
        """Show what a first look has found."""
        self._preview = preview
        self._page = 0
        self._fill_table(preview)
        if not len(preview.pictures):
            self.choice.choose("table" if preview.rows else "pictures")
        self._settle()

    def retell(self) -> None:
        """Show the classes under the pictures by their names now."""
        self._show_page()

    def _settle(self) -> None:
        preview = self._preview
        pictures = preview is not None and len(preview.pictures) > 0
        table = preview is not None and len(preview.rows) > 0
        self.choice.setVisible(pictures and table)
        shows_table = table and (self.choice.key == "table" or not pictures)
        if preview is not None and not pictures and not table:
            self.words.set_texts(
                tr("Nothing to show"), tr("These samples are neither pictures nor a table.")
            )
        shown = self.table if shows_table else self.grid if pictures else self.words
        self._stack.setCurrentWidget(shown)
        self.note.setVisible(shown is not self.words)
        self._show_page()

    def _turn_to(self, page: int) -> None:
        self._page = page
        self._show_page()

    def _show_page(self) -> None:
        preview = self._preview
        if preview is None or self._stack.currentWidget() is not self.grid:
            self.pager.hide()
            self.note.setText(tr("The first rows of the table."))
            return
        count, height, width = preview.pictures.shape
        self.grid.set_form((height, width), paired=False)
        pages = max(-(-count // self.grid.capacity), 1)
        self._page = min(max(self._page, 0), pages - 1)
        start = self._page * self.grid.capacity
        rows = slice(start, start + self.grid.capacity)
        found = preview.labels[rows]
        self.grid.show_pictures(
            np.ascontiguousarray(preview.pictures[rows]),
            tuple(self._named(one) or tr("left out") for one in found),
            tips=tuple(tr("In the file: {name}", name=one) for one in found),
        )
        self.pager.show_page(self._page, pages)
        self.note.setText(
            tr("{width} × {height} pixels, as they will be.", width=width, height=height)
        )

    def _fill_table(self, preview: Preview) -> None:
        shown = [row[:MOST_COLUMNS] for row in preview.rows]
        wide = max((len(row) for row in shown), default=0)
        self.table.clear()
        self.table.setRowCount(len(shown))
        self.table.setColumnCount(wide)
        names = preview.columns[:wide]
        numbers = [str(number + 1) for number in range(len(names), wide)]
        self.table.setHorizontalHeaderLabels([*names, *numbers])
        for at, row in enumerate(shown):
            for place, words in enumerate(row):
                item = QTableWidgetItem(words)
                item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(at, place, item)
