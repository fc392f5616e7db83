"""Samples that are pictures, on pages; beside each what augmentation makes of it; one at large."""

from typing import Final

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.data.distorting import Distorter
from nnstudio.gui.views.data.page import Names
from nnstudio.gui.views.data.versions import Versions
from nnstudio.gui.views.samples import ends_of, pictures_of, words_of
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.picture_grid import PictureGrid
from nnstudio.texts import tr
from nnstudio.training.prepared import PreparedData, Rows

NO_ROWS: Final = np.empty(0, np.int64)


class PictureSamples(QWidget):
    """A page of pictures; a click or Enter shows one of them in many versions.

    Knows the data, the rows and what distorts. What is kept of the page is its first sample: pages
    are other ones in another size. `turned` tells that something else is shown.
    """

    turned = Signal()

    def __init__(self, distorter: Distorter) -> None:
        super().__init__()
        self._distorter = distorter
        self._data: PreparedData | None = None
        self._rows: Rows = NO_ROWS
        self._sources: Names = ()
        self._first = 0
        self._learned = False
        self.grid = PictureGrid(pickable=True)
        self.grid.page_wished.connect(lambda turn: self.turn_to(self.page + turn))
        self.grid.resized.connect(self._fit)
        self.grid.picked.connect(self._pick)
        self.versions = Versions()
        self.versions.closed.connect(self.close_sample)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.versions)
        themes.changed.connect(self._name)
        self._name()

    @property
    def paired(self) -> bool:
        """Whether there is a distorted version of each: what is held out is never distorted."""
        return self._distorter.active and self._learned

    @property
    def distorts(self) -> bool:
        """Whether anything that is shown is distorted."""
        return self.versions.distorts if self.at_large else self.paired

    @property
    def at_large(self) -> bool:
        """Whether one sample is shown by itself."""
        return self._stack.currentWidget() is self.versions

    @property
    def page(self) -> int:
        """The page that is shown, counted from 0."""
        return min(self._first // self.grid.capacity, self.pages - 1)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(-(-len(self._rows) // self.grid.capacity), 1)

    @property
    def shown_rows(self) -> Rows:
        """The rows that can be seen."""
        if self.at_large:
            return np.array([self.versions.row], np.int64)
        start = self.page * self.grid.capacity
        return self._rows[start : start + self.grid.capacity]

    def show_rows(
        self, data: PreparedData, rows: Rows, *, learned: bool, sources: Names, anew: bool
    ) -> None:
        """Show `rows`; `learned` ones are distorted. `anew` begins with the first page."""
        if data is not self._data or anew:
            self._first = 0
            self._stack.setCurrentWidget(self.grid)
        self._data, self._rows, self._learned, self._sources = data, rows, learned, sources
        if self.at_large:
            self.show_sample(self.versions.row)
        elif data.image_shape is not None:
            self.grid.set_form(data.image_shape, paired=self.paired)
            self._show_page()

    def show_sample(self, row: int) -> None:
        """Show one sample by itself."""
        data = self._data
        if data is None:
            return
        learned = bool(np.isin(row, data.split.training))
        title = self.words_of(row)
        self._stack.setCurrentWidget(self.versions)
        self.versions.show_sample(data, row, title, self._distorter if learned else None)
        self.turned.emit()

    def close_sample(self) -> None:
        """Show all samples again."""
        if self.at_large:
            self._stack.setCurrentWidget(self.grid)
            self._show_page()
            self.grid.setFocus()
            self.turned.emit()

    def distort(self) -> None:
        """Distort the pictures that are shown in another way."""
        if self.at_large:
            self.versions.draw()
        elif self.paired:
            self._show_page()

    def turn_to(self, page: int) -> None:
        """Turn to `page`; there is none before the first or after the last."""
        wanted = min(max(page, 0), self.pages - 1)
        if wanted != self.page:
            self._first = wanted * self.grid.capacity
            self._show_page()
            self.turned.emit()

    def words_of(self, row: int) -> str:
        """Give what a sample is in words: its number, its class and its source."""
        data = self._data
        if data is None:
            return ""
        words = tr("Sample {number}: {words}", number=grouped(row), words=words_of(data, row))
        if len(self._sources) < 2:
            return words
        return f"{words} · {self._sources[int(data.origin[row])]}"

    def _pick(self, at: int) -> None:
        rows = self.shown_rows
        if at < len(rows):
            self.show_sample(int(rows[at]))
            self.versions.grid.setFocus()

    def _fit(self) -> None:
        self._show_page()
        self.turned.emit()

    def _show_page(self) -> None:
        data = self._data
        if data is None or data.image_shape is None or not len(self._rows) or self.at_large:
            return
        rows = self.shown_rows
        inputs = data.dataset.inputs[rows]
        self.grid.show_pictures(
            pictures_of(inputs, data.image_shape, ends_of(data)),
            tuple(words_of(data, row) for row in rows.tolist()),
            beside=self._distorter.pictures(inputs) if self.paired else None,
            tips=tuple(self.words_of(row) for row in rows.tolist()),
        )

    def _name(self) -> None:
        self.grid.setAccessibleName(tr("Samples"))
