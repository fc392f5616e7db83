"""The legend of a plot, which is its read-out too: key, name and newest value of each curve."""

from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QHelpEvent, QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import font_of, width_of
from nnstudio.gui.widgets.plot.marks import LEFT
from nnstudio.gui.widgets.plot.scene import Entry, Scene

LEGEND_PX: Final = 24
MARGIN_PX: Final = 16
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
            row = LegendRow.of(self._scene, QSizeF(self.size()))
            QToolTip.showText(event.globalPos(), row.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)


@dataclass(frozen=True)
class _Style:
    """How wide an entry is: its key, the gap behind that, the gap behind the entry, its words."""

    key: int
    gap: int
    apart: int
    px: int
    words: Literal["name", "short", "none"]

    def words_of(self, entry: Entry) -> str:
        """Give what is written of the name; one without a value is nothing but its name."""
        if self.words == "none":
            return "" if entry.value else entry.short or entry.name
        return (entry.short or entry.name) if self.words == "short" else entry.name

    def width_of(self, entry: Entry) -> float:
        """Give the width of all of an entry."""
        name = width_of(self.words_of(entry), self.px)
        value = width_of(entry.value, 13, 600)
        return self.key + self.gap + name + (self.gap + 1 if name and value else 0) + value


STYLES: Final = (
    _Style(20, 6, 16, 12, "name"),
    _Style(12, 4, 7, 11, "short"),
    _Style(20, 6, 16, 12, "none"),
)


@dataclass(frozen=True)
class LegendRow:
    """Where the entries stand that have room, and which have none.

    Attributes
    ----------
    boxes : list of (Entry, QRectF)
        Those that are shown, from left to right; the last one may be cut.
    rest : tuple of Entry
        Those that are not.
    more : QRectF
        Where their number stands.
    """

    style: _Style
    boxes: list[tuple[Entry, QRectF]]
    rest: tuple[Entry, ...]
    more: QRectF

    @classmethod
    def of(cls, scene: Scene, size: QSizeF) -> "LegendRow":
        """Lay out the legend of `scene` in the widest style in which its first two entries fit."""
        entries, room = scene.legend, size.width() - MARGIN_PX - 8
        counted = width_of(f"+{len(entries)}", 12)
        for style in STYLES:
            if _length(style, entries) <= room:
                return cls._filled(entries, style, MARGIN_PX + room)
            less = room - counted - style.apart
            if len(entries) > 2 and _length(style, entries[:2]) <= less:
                break
        return cls._filled(entries, style, MARGIN_PX + less)

    @classmethod
    def _filled(cls, entries: tuple[Entry, ...], style: _Style, end: float) -> "LegendRow":
        boxes: list[tuple[Entry, QRectF]] = []
        left = float(MARGIN_PX)
        for entry in entries:
            width, room = style.width_of(entry), end - left
            if width > room and boxes and (entry.value or room < LEAST_PX):
                break
            width = min(width, room) if boxes else width
            boxes.append((entry, QRectF(left, 0, width, LEGEND_PX)))
            left += width + style.apart
        rest = entries[len(boxes) :]
        more = QRectF(left, 0, width_of(f"+{len(rest)}", 12) + 4 if rest else 0, LEGEND_PX)
        return cls(style, boxes, rest, more)

    def tip_at(self, place: QPointF) -> str:
        """Say what the entry at `place` means, or which ones have no room."""
        for entry, box in self.boxes:
            if box.contains(place):
                return entry.tip or entry.name
        if not self.more.contains(place):
            return ""
        return "\n".join(f"{one.name} {one.value}".strip() for one in self.rest)


def _length(style: _Style, entries: tuple[Entry, ...]) -> float:
    return sum(style.width_of(one) + style.apart for one in entries) - style.apart


def paint_legend(painter: QPainter, scene: Scene, size: QSizeF) -> None:
    """Paint the entries that fit, from the left, and how many do not."""
    row = LegendRow.of(scene, size)
    for entry, box in row.boxes:
        _entry(painter, entry, box, row.style)
    if row.rest:
        painter.setFont(font_of(12))
        painter.setPen(theme().text3)
        painter.drawText(row.more, LEFT, f"+{len(row.rest)}")


def _entry(painter: QPainter, entry: Entry, box: QRectF, style: _Style) -> None:
    now = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle, left, end = box.center().y(), box.left(), box.left() + style.key - 1
    painter.setPen(QPen(entry.colour, entry.width))
    if entry.circles:
        centre, radius = (left + end) / 2, 3.0
        painter.drawLine(QPointF(left, middle), QPointF(centre - radius - 1.5, middle))
        painter.drawLine(QPointF(centre + radius + 1.5, middle), QPointF(end, middle))
        painter.setPen(QPen(entry.colour, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(centre, middle), radius, radius)
    else:
        painter.drawLine(QPointF(left, middle), QPointF(end, middle))
    left += style.key + style.gap
    words = style.words_of(entry)
    if words:
        painter.setFont(font_of(style.px))
        painter.setPen(now.text2)
        width = width_of(words, style.px)
        room = QRectF(left, 0, min(width, box.right() - left) + 2, LEGEND_PX)
        shown = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideRight, ceil(room.width())
        )
        painter.drawText(room, LEFT, shown)
        left += width + style.gap + 1
    painter.setFont(font_of(13, 600))
    painter.setPen(now.text)
    painter.drawText(QRectF(left, 0, box.right() - left + 4, LEGEND_PX), LEFT, entry.value)
