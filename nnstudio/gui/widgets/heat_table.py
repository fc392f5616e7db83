"""A table of numbers on the colours of their values; only what is seen of it is painted."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from nnstudio.gui.theme import diverging_map, theme, themes
from nnstudio.gui.widgets.numerals import brief
from nnstudio.gui.widgets.plot.frame import font_of, width_of

Values = NDArray[np.floating[Any]]
Named = Callable[[int], str]

WIDTHS_PX: Final = (4, 6, 9, 14, 22, 34, 50, 62, 76)
"""Of a cell, from one zoom to the next."""
NUMBERS_FROM_PX: Final = 50
ROW_PX: Final = 22
HEAD_PX: Final = 18
NOTCH: Final = 120
# Numbers are written on the colours: these are mixed with the ground so that they can be read.
STRENGTH: Final = 0.62
CENTRE: Final = Qt.AlignmentFlag.AlignCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HeatTable(QAbstractScrollArea):
    """Numbers in cells; a click or the arrows pick one, plus and minus zoom.

    Knows the values, the names of rows and columns, and the cell that is picked (`picked` tells
    it). Of a list that is wrapped into rows, `count` says how many cells there are.
    """

    picked = Signal(int, int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Values = np.zeros((0, 0))
        self._limit = 1.0
        self._count = 0
        self._row_name: Named = str
        self._column_name: Named = str
        self._cell: tuple[int, int] | None = None
        self._zoom = WIDTHS_PX.index(62)
        self._colours: list[QColor] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 70)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.changed.connect(self._forget_colours)

    @property
    def values(self) -> Values:
        """What is shown."""
        return self._values

    @property
    def cell(self) -> tuple[int, int] | None:
        """Row and column that are picked."""
        return self._cell

    def show_values(
        self,
        values: Values,
        *,
        limit: float,
        row_name: Named = str,
        column_name: Named = str,
        count: int | None = None,
    ) -> None:
        """Show `values` (R, C) over ± `limit`; the picked cell stays where it still is one."""
        if values.shape != self._values.shape:
            self._cell = None
        self._values, self._limit = values, limit
        self._count = values.size if count is None else count
        self._row_name, self._column_name = row_name, column_name
        self._fit_bars()
        self.viewport().update()

    def set_cell(self, cell: tuple[int, int] | None) -> None:
        """Frame a cell and bring it into view; None frames none."""
        self._cell = cell
        if cell is not None:
            self._bring(*cell)
        self._describe()
        self.viewport().update()

    def zoom(self, steps: int) -> None:
        """Make cells larger or smaller; small ones show colours alone."""
        zoom = min(max(self._zoom + steps, 0), len(WIDTHS_PX) - 1)
        if zoom != self._zoom:
            self._zoom = zoom
            self._fit_bars()
            if self._cell is not None:
                self._bring(*self._cell)
            self.viewport().update()

    def sizeHint(self) -> QSize:
        """Give the usual size."""
        return QSize(440, 240)

    @property
    def _wide(self) -> int:
        return WIDTHS_PX[self._zoom]

    @property
    def _tall(self) -> int:
        return ROW_PX if self._wide >= NUMBERS_FROM_PX else min(self._wide, ROW_PX)

    @property
    def _left(self) -> int:
        """How much room the names of rows take."""
        rows = len(self._values)
        if not rows:
            return 0
        names = (self._row_name(at) for at in {0, rows - 1, rows // 2, min(1, rows - 1)})
        return min(round(max(width_of(name, 11) for name in names)) + 10, 120)

    def _fit_bars(self) -> None:
        rows, columns = self._values.shape
        size = self.viewport().size()
        across = columns * self._wide + self._left - size.width()
        down = rows * self._tall + HEAD_PX - size.height()
        for bar, beyond, step, page in (
            (self.horizontalScrollBar(), across, self._wide, size.width()),
            (self.verticalScrollBar(), down, self._tall, size.height()),
        ):
            bar.setRange(0, max(beyond, 0))
            bar.setSingleStep(step)
            bar.setPageStep(page)

    def _bring(self, row: int, column: int) -> None:
        for bar, at, size, room in (
            (
                self.horizontalScrollBar(),
                column,
                self._wide,
                self.viewport().width() - self._left,
            ),
            (self.verticalScrollBar(), row, self._tall, self.viewport().height() - HEAD_PX),
        ):
            low, high = (at + 1) * size - room, at * size
            bar.setValue(min(max(bar.value(), low), high))

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        """Give row and column at a point of the viewport."""
        x = point.x() - self._left + self.horizontalScrollBar().value()
        y = point.y() - HEAD_PX + self.verticalScrollBar().value()
        if point.x() < self._left or point.y() < HEAD_PX:
            return None
        row, column = int(y // self._tall), int(x // self._wide)
        return (row, column) if self._is_there(row, column) else None

    def _is_there(self, row: int, column: int) -> bool:
        rows, columns = self._values.shape
        inside = 0 <= row < rows and 0 <= column < columns
        return bool(inside and row * columns + column < self._count)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell the number under the pointer with all its digits."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            if cell is not None:
                QToolTip.showText(event.globalPos(), self.words_of(*cell), self)
                return True
        return super().viewportEvent(event)

    def words_of(self, row: int, column: int) -> str:
        """Give the names of a cell and its number."""
        value = float(self._values[row, column])
        names = [one for one in (self._row_name(row), self._column_name(column)) if one]
        return f"{', '.join(names)}: {brief(value, digits=6)}"

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take another stretch into view."""
        super().resizeEvent(event)
        self._fit_bars()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the cell under the pointer."""
        cell = self.cell_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._pick(*cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep the end of a click to itself: a scroll area would hand it on."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom with Ctrl, scroll without."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the picked cell with the arrows, zoom with plus and minus."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if key in moves and self._values.size:
            row, column = self._cell or (0, 0)
            if self._cell is not None:
                row, column = row + moves[key][0], column + moves[key][1]
            if self._is_there(row, column):
                self._pick(row, column)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom(1)
        elif key == Qt.Key.Key_Minus:
            self.zoom(-1)
        else:
            super().keyPressEvent(event)

    def _pick(self, row: int, column: int) -> None:
        self.set_cell((row, column))
        self.picked.emit(row, column)

    def _describe(self) -> None:
        self.setAccessibleDescription("" if self._cell is None else self.words_of(*self._cell))

    def _forget_colours(self) -> None:
        self._colours = []
        self.viewport().update()

    def _colour_of(self, value: float) -> QColor:
        if not self._colours:
            now = theme()
            ground = np.array([now.panel.red(), now.panel.green(), now.panel.blue()])
            table = diverging_map(129)[:, :3].astype(float)
            mixed = np.rint(table * STRENGTH + ground * (1 - STRENGTH)).astype(int)
            self._colours = [QColor(*map(int, one)) for one in mixed]
        if not np.isfinite(value):
            return theme().error
        share = min(max(value / self._limit, -1.0), 1.0)
        return self._colours[round((share + 1) * 64)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells that are seen, and the names along the edges."""
        painter, now = QPainter(self.viewport()), theme()
        painter.fillRect(event.rect(), now.panel)
        rows, columns = self._seen()
        self._paint_cells(painter, rows, columns)
        self._paint_names(painter, rows, columns)
        if self._cell is not None:
            painter.setClipRect(QRect(QPoint(self._left, HEAD_PX), self.viewport().size()))
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(self._box(*self._cell).adjusted(0, 0, -1, -1))
            painter.setClipping(False)
        if self.hasFocus() and self._cell is None:
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1))

    def _seen(self) -> tuple[range, range]:
        found = []
        size = self.viewport().size()
        for bar, count, cell, room in (
            (self.verticalScrollBar(), self._values.shape[0], self._tall, size.height()),
            (self.horizontalScrollBar(), self._values.shape[1], self._wide, size.width()),
        ):
            first = bar.value() // cell
            found.append(range(first, min(first + room // cell + 2, count)))
        return found[0], found[1]

    def _box(self, row: int, column: int) -> QRectF:
        left = self._left + column * self._wide - self.horizontalScrollBar().value()
        top = HEAD_PX + row * self._tall - self.verticalScrollBar().value()
        return QRectF(left, top, self._wide, self._tall)

    def _paint_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        numbers = self._wide >= NUMBERS_FROM_PX
        painter.setFont(font_of(11))
        painter.setPen(theme().text)
        gap = 1 if self._wide >= WIDTHS_PX[2] else 0
        painter.setClipRect(QRect(QPoint(self._left, HEAD_PX), self.viewport().size()))
        for row in rows:
            values = self._values[row, columns.start : columns.stop].tolist()
            for column, value in zip(columns, values, strict=True):
                if not self._is_there(row, column):
                    break
                box = self._box(row, column).adjusted(0, 0, -gap, -gap)
                painter.fillRect(box, self._colour_of(value))
                if numbers:
                    painter.drawText(box, CENTRE, brief(value))
        painter.setClipping(False)

    def _paint_names(self, painter: QPainter, rows: range, columns: range) -> None:
        painter.setFont(font_of(10))
        painter.setPen(theme().text3)
        metrics = painter.fontMetrics()
        stride = max(1, -(-30 // self._wide))
        painter.setClipRect(QRect(self._left, 0, self.viewport().width(), HEAD_PX))
        for column in columns:
            if column % stride == 0:
                box = self._box(0, column)
                box = QRectF(box.left(), 0, self._wide * stride, HEAD_PX - 2)
                name = metrics.elidedText(
                    self._column_name(column), Qt.TextElideMode.ElideRight, round(box.width())
                )
                painter.drawText(box, CENTRE, name)
        painter.setClipRect(QRect(QPoint(0, HEAD_PX), self.viewport().size()))
        stride = max(1, -(-12 // self._tall))
        for row in rows:
            if row % stride == 0:
                box = self._box(row, 0)
                box = QRectF(0, box.top(), self._left - 6, max(self._tall, 12))
                name = metrics.elidedText(
                    self._row_name(row), Qt.TextElideMode.ElideRight, round(box.width())
                )
                painter.drawText(box, RIGHT, name)
        painter.setClipping(False)
