"""Gallery: many small plots under their names, in as many columns as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.plot.small_plot import Sketch, SmallPlot
from nnstudio.texts import tr

CELL_PX: Final = 172
GAP_PX: Final = 12


@dataclass(frozen=True, eq=False)
class Exhibit:
    """One small plot: its key, its name, whether it is in use, and its drawing."""

    key: str
    title: str
    used: bool
    sketch: Sketch


class _Cell(QWidget):
    """A name that can be clicked over a small plot."""

    def __init__(self) -> None:
        super().__init__()
        self.button = QPushButton()
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.plot = SmallPlot(margins=(0, 0))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.plot)

    def show_exhibit(self, one: Exhibit) -> None:
        """Show `one`."""
        self.button.setProperty("role", "soft" if one.used else "flat")
        self.button.setFont(font(12, 600))
        self.button.setText(one.title)
        self.button.setToolTip(tr("Show it at large"))
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)
        self.plot.show_sketch(one.sketch)


class Gallery(QScrollArea):
    """Small plots; a click on a name tells its key by `picked`."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._cells: list[_Cell] = []
        self._keys: list[str] = []
        self._columns = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content = QWidget()
        self._content.setObjectName("content")
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        column.addLayout(self._grid)
        column.addStretch(1)
        self._grid.setHorizontalSpacing(GAP_PX)
        self._grid.setVerticalSpacing(8)
        self.setWidget(self._content)
        self.viewport().setAutoFillBackground(False)
        themes.changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        """Give a small size: it scrolls."""
        return QSize(160, 100)

    def show_exhibits(self, exhibits: Sequence[Exhibit]) -> None:
        """Show these, in their order."""
        while len(self._cells) < len(exhibits):
            cell = _Cell()
            at = len(self._cells)
            cell.button.clicked.connect(lambda _checked=False, at=at: self._pick(at))
            self._cells.append(cell)
            self._columns = 0
        self._keys = [one.key for one in exhibits]
        for at, cell in enumerate(self._cells):
            cell.setVisible(at < len(exhibits))
            if at < len(exhibits):
                cell.show_exhibit(exhibits[at])
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put them into as many columns as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _pick(self, at: int) -> None:
        self.picked.emit(self._keys[at])

    def _arrange(self) -> None:
        columns = max((self.viewport().width() + GAP_PX) // (CELL_PX + GAP_PX), 1)
        if columns == self._columns:
            return
        for at in range(max(columns, self._columns)):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)
        self._columns = columns
        for at, cell in enumerate(self._cells):
            self._grid.addWidget(cell, at // columns, at % columns)
