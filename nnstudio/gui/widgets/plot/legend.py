"""The legend of a plot, which is its read-out too: key, name and newest value of each curve."""

from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QHelpEvent, QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import font_of, width_of
from nnstudio.gui.widgets.plot.marks import LEFT
from nnstudio.gui.widgets.plot.scene import Entry, Scene

LEGEND_PX: Final = 24
MARGIN_PX: Final = 16
# Under this width the legend loses its words.
NARROW_PX: Final = 300
# With less room than this a name is left out; with more, what fits of it is shown.
LEAST_PX: Final = 64
PAUSE_MS: Final = 250


class PlotLegend(QWidget):
    """One row over a plot; what an entry means stands in its tooltip.

    Knows the newest entries, and paints others than before at most four times a second: numbers
    that change faster cannot be read.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFixedHeight(LEGEND_PX)
        themes.changed.connect(self.update)

    def show_scene(self, scene: Scene) -> None:
        """Show the legend of `scene`, soon."""
        before, self._scene = self._scene, scene
        if before is not None and before.legend == scene.legend:
            return
        if not self.isVisible():
            return
        if before is None or len(before.legend) != len(scene.legend):
            self.update()
        elif not self._pause.isActive():
            self._pause.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Wait for nothing while nobody looks; all is painted when it comes to sight again."""
        super().hideEvent(event)
        self._pause.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what fits."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().panel)
        if self._scene is not None:
            paint_legend(painter, self._scene, QSizeF(self.size()))

    def event(self, event: QEvent) -> bool:
        """Say what the entry under the pointer means."""
        if isinstance(event, QHelpEvent) and self._scene is not None:
            boxes = legend_boxes(self._scene, QSizeF(self.size()))
            tips = [entry.tip for entry, box in boxes if box.contains(QPointF(event.pos()))]
            QToolTip.showText(event.globalPos(), tips[0] if tips else "", self)
            return True
        return super().event(event)


def paint_legend(painter: QPainter, scene: Scene, size: QSizeF) -> None:
    """Paint the entries that fit, from the left."""
    for entry, box in legend_boxes(scene, size):
        _entry(painter, entry, box, worded=_worded(scene, size))


def legend_boxes(scene: Scene, size: QSizeF) -> list[tuple[Entry, QRectF]]:
    """Give the entries of the legend that fit, and where they stand."""
    boxes: list[tuple[Entry, QRectF]] = []
    left = float(MARGIN_PX)
    worded = _worded(scene, size)
    for entry in scene.legend:
        width = _entry_width(entry, worded=worded)
        room = size.width() - 8 - left
        if width > room and boxes and (entry.value or room < LEAST_PX):
            break
        width = min(width, room) if boxes else width
        boxes.append((entry, QRectF(left, 0, width, LEGEND_PX)))
        left += width + 16
    return boxes


def _worded(scene: Scene, size: QSizeF) -> bool:
    if size.width() < NARROW_PX:
        return False
    wanted = sum(_entry_width(entry, worded=True) + 16 for entry in scene.legend[:2])
    return wanted <= size.width() - 8


def _entry_width(entry: Entry, *, worded: bool) -> float:
    name, value = width_of(entry.name, 12), width_of(entry.value, 13, 600)
    shown = name if worded or not entry.value else 0
    return 20 + 6 + shown + (7 if shown and value else 0) + value


def _entry(painter: QPainter, entry: Entry, box: QRectF, *, worded: bool) -> None:
    now = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle, left = box.center().y(), box.left()
    painter.setPen(QPen(entry.colour, entry.width))
    if entry.circles:
        painter.drawLine(QPointF(left, middle), QPointF(left + 4, middle))
        painter.drawLine(QPointF(left + 15, middle), QPointF(left + 19, middle))
        painter.setPen(QPen(entry.colour, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(left + 9.5, middle), 3, 3)
    else:
        painter.drawLine(QPointF(left, middle), QPointF(left + 19, middle))
    left += 26
    if worded or not entry.value:
        painter.setFont(font_of(12))
        painter.setPen(now.text2)
        width = width_of(entry.name, 12)
        room = QRectF(left, 0, min(width, box.right() - left) + 2, LEGEND_PX)
        words = painter.fontMetrics().elidedText(
            entry.name, Qt.TextElideMode.ElideRight, ceil(room.width())
        )
        painter.drawText(room, LEFT, words)
        left += width + 7
    painter.setFont(font_of(13, 600))
    painter.setPen(now.text)
    painter.drawText(QRectF(left, 0, box.right() - left + 4, LEGEND_PX), LEFT, entry.value)
