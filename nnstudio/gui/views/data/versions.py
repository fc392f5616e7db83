"""One sample at large, and beside it what training may see of it: distorted in several ways."""

from typing import Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.data.distorting import Distorter
from nnstudio.gui.views.samples import ends_of, pictures_of
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.picture_grid import SIDE_PX as SMALL_PX
from nnstudio.gui.widgets.picture_grid import WORDS_PX, PictureGrid
from nnstudio.texts import tr
from nnstudio.training.prepared import PreparedData

SIDE_PX: Final = 84
MOST: Final = 63


class Versions(QWidget):
    """The sample that was shown last and its versions; `closed` tells that one has seen enough.

    Knows the data, the row, and what distorts.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._data: PreparedData | None = None
        self._distorter: Distorter | None = None
        self._row = 0
        self.back = IconButton("chevron-left", "")
        self.back.clicked.connect(self.closed)
        self.title = QLabel()
        self.grid = PictureGrid()
        self.grid.resized.connect(self.draw)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.grid, 1)
        themes.changed.connect(self._name)
        self._name()

    @property
    def row(self) -> int:
        """The sample that is shown."""
        return self._row

    @property
    def distorts(self) -> bool:
        """Whether training sees other versions of it."""
        return self._distorter is not None and self._distorter.active

    def show_sample(
        self, data: PreparedData, row: int, title: str, distorter: Distorter | None
    ) -> None:
        """Show the sample at `row`; without a distorter training never sees another version."""
        self._data, self._row, self._distorter = data, row, distorter
        self.title.setText(title)
        self.title.setToolTip(title)
        self.draw()

    def draw(self) -> None:
        """Distort it anew, as often as there is room for."""
        data = self._data
        if data is None or data.image_shape is None:
            return
        low = self.grid.height() < SIDE_PX + WORDS_PX
        side_px = SMALL_PX if low else SIDE_PX
        self.grid.set_form(data.image_shape, paired=False, side_px=side_px)
        inputs = data.dataset.inputs[self._row][None]
        shown = pictures_of(inputs, data.image_shape, ends_of(data))
        words = [tr("as it is")]
        count = min(self.grid.capacity - 1, MOST)
        many = None
        if self._distorter is not None and count > 0:
            many = self._distorter.pictures(np.repeat(inputs, count, axis=0))
        if many is not None:
            shown = np.concatenate([shown, many])
            words += [tr("distorted")] * len(many)
        self.grid.show_pictures(shown, tuple(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _name(self) -> None:
        self.back.set_tooltip(tr("Back to all samples (Esc)"))
        self.title.setFont(font(12, 600))
        self.grid.setAccessibleName(tr("The sample and distorted versions of it"))
