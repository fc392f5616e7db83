"""A small plot within a form: lines over shaded stretches, keys above; painted once per change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import Frame, font_of, generation, width_of
from nnstudio.gui.widgets.plot.lines import paint_line
from nnstudio.gui.widgets.plot.marks import paint_axes, paint_grid
from nnstudio.gui.widgets.plot.scene import Scene

HEIGHT_PX: Final = 124
KEYS_PX: Final = 22
FOOT_PX: Final = 22
TOP_PX: Final = 6
RIGHT_PX: Final = 10
LEAST_LEFT_PX: Final = 30
SHADE_ALPHA: Final = 0.13
KEY_GAP_PX: Final = 12
LEAST_KEY_GAP_PX: Final = 6
SAMPLE_PX: Final = 14
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class SmallFrame(Frame):
    """A frame whose axes are numbered more closely."""

    @property
    def rows(self) -> int:
        """How many numbers the y axis has room for."""
        return max(2, round(self.area.height() / 24))


@dataclass(frozen=True)
class Key:
    """One part of the line over the plot: a sample of what is drawn, a name and perhaps a value."""

    name: str
    value: str = ""
    colour: QColor | None = None
    sample: Literal["", "line", "dashed", "area"] = ""


@dataclass(frozen=True, eq=False)
class Sketch:
    """What a small plot shows; `said` is the same in words, `labels` what the y axis needs."""

    scene: Scene
    keys: tuple[Key, ...] = ()
    shaded: tuple[tuple[float, float], ...] = ()
    said: str = ""
    zero_lines: bool = False
    left_px: int = LEAST_LEFT_PX
    read: Callable[[float], str] | None = None


class SmallPlot(QWidget):
    """Lines on two axes with their keys above; the pointer reads the values.

    Knows the sketch it was given last, and keeps its picture until there is another one.
    """

    def __init__(self, *, margins: tuple[int, int] = (16, 8)) -> None:
        super().__init__()
        self._sketch: Sketch | None = None
        self._margins = margins
        self._picture: QPixmap | None = None
        self._painted_for: object = None
        self.painted = 0
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    @property
    def sketch(self) -> Sketch | None:
        """What is shown."""
        return self._sketch

    def show_sketch(self, sketch: Sketch) -> None:
        """Show `sketch`."""
        self._sketch = sketch
        self._picture = None
        self.setAccessibleName(sketch.said)
        self.update()

    def sizeHint(self) -> QSize:
        """Give the height; any width will do."""
        return QSize(200, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Give the least in which it says anything."""
        return QSize(120, HEIGHT_PX)

    def event(self, event: QEvent) -> bool:
        """Read the values under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self._read_at(event.pos().x())
            if words:
                QToolTip.showText(event.globalPos(), words, self)
                return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show the kept picture, or paint it when something has changed."""
        if self._sketch is None:
            return
        now = (self.size(), self.devicePixelRatioF(), generation())
        if self._picture is None or self._painted_for != now:
            self._picture, self._painted_for = self._paint(self._sketch), now
            self.painted += 1
        QPainter(self).drawPixmap(0, 0, self._picture)

    def _frame(self, sketch: Sketch) -> Frame:
        left, right = self._margins
        area = QRectF(
            left + sketch.left_px,
            KEYS_PX + TOP_PX,
            max(self.width() - left - sketch.left_px - right - RIGHT_PX, 16),
            self.height() - KEYS_PX - TOP_PX - FOOT_PX,
        )
        return SmallFrame(sketch.scene, area, QSizeF(self.size()), self.devicePixelRatioF())

    def _read_at(self, x: int) -> str:
        if self._sketch is None or self._sketch.read is None:
            return ""
        area = self._frame(self._sketch).area
        share = (x - area.left()) / area.width()
        if not 0 <= share <= 1:
            return ""
        return self._sketch.read(float(self._sketch.scene.x.value(share)))

    def _paint(self, sketch: Sketch) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().panel)
        painter = QPainter(picture)
        frame = self._frame(sketch)
        self._paint_keys(painter, sketch)
        _paint_shades(painter, frame, sketch)
        paint_axes(painter, frame)
        paint_grid(painter, frame)
        if sketch.zero_lines:
            _paint_zero(painter, frame)
        painter.setClipRect(frame.area.adjusted(-2, -2, 2, 2))
        for line in sketch.scene.lines:
            paint_line(painter, frame, line)
        painter.end()
        return picture

    def _paint_keys(self, painter: QPainter, sketch: Sketch) -> None:
        left: float = self._margins[0]
        end = self.width() - self._margins[1]
        gaps = max(len(sketch.keys) - 1, 1)
        spare = end - left - sum(map(_width_of_key, sketch.keys))
        between = min(KEY_GAP_PX, max(spare / gaps, LEAST_KEY_GAP_PX))
        for key in sketch.keys:
            sample = SAMPLE_PX + 5 if key.sample else 0
            name, value = width_of(key.name, 12), width_of(key.value, 12, 600)
            gap = 5 if key.value else 0
            if left + _width_of_key(key) > end + 1:
                return
            _paint_sample(painter, key, left)
            left += sample
            painter.setFont(font_of(12))
            painter.setPen(theme().text2)
            painter.drawText(QRectF(left, 0, name + 2, KEYS_PX), LEFT, key.name)
            left += name + gap
            painter.setFont(font_of(12, 600))
            painter.setPen(theme().text)
            painter.drawText(QRectF(left, 0, value + 2, KEYS_PX), LEFT, key.value)
            left += value + between


def _width_of_key(key: Key) -> float:
    sample = SAMPLE_PX + 5 if key.sample else 0
    value = 5 + width_of(key.value, 12, 600) if key.value else 0
    return sample + width_of(key.name, 12) + value


def _shade() -> QColor:
    colour = QColor(theme().warning)
    colour.setAlphaF(SHADE_ALPHA if not theme().dark else SHADE_ALPHA + 0.04)
    return colour


def _paint_sample(painter: QPainter, key: Key, left: float) -> None:
    middle = KEYS_PX / 2
    if key.sample == "area":
        painter.fillRect(QRectF(left, middle - 5, SAMPLE_PX, 10), _shade())
    elif key.sample and key.colour is not None:
        pen = QPen(key.colour, 2)
        if key.sample == "dashed":
            pen.setDashPattern([2, 1.5])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(left, middle), QPointF(left + SAMPLE_PX, middle))


def _paint_shades(painter: QPainter, frame: Frame, sketch: Sketch) -> None:
    for first, last in sketch.shaded:
        left, right = frame.x(np.array([first, last])).tolist()
        painter.fillRect(
            QRectF(left, frame.area.top(), right - left, frame.area.height()), _shade()
        )


def _paint_zero(painter: QPainter, frame: Frame) -> None:
    painter.setPen(QPen(theme().border, 1))
    area = frame.area
    x, y = float(frame.x(0.0)), float(frame.y(0.0))
    if area.left() < x < area.right():
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    if area.top() < y < area.bottom():
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
