"""Points on two axes, coloured by kind, perhaps with a line; painted once per change."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import Frame, font_of, generation, width_of
from nnstudio.gui.widgets.plot.lines import paint_line
from nnstudio.gui.widgets.plot.marks import paint_axes, paint_grid
from nnstudio.gui.widgets.plot.scene import Line, Scene
from nnstudio.gui.widgets.plot.ticks import Scale

Values = NDArray[np.float64]

LEFT_PX: Final = 44
KEYS_PX: Final = 24
FOOT_PX: Final = 26
ROOM: Final = 0.04
MOST_POINTS: Final = 4000
POINT_PX: Final = 4.0
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of one colour, what they are called, and whether they are drawn at all."""

    x: Values
    y: Values
    colour: QColor
    name: str = ""


@dataclass(frozen=True, eq=False)
class Points:
    """What a scatter plot shows; `alike` keeps a step along x as long as one along y."""

    clouds: tuple[Cloud, ...]
    line: tuple[Values, Values] | None = None
    x_unit: str = ""
    alike: bool = False
    said: str = ""


class ScatterPlot(QWidget):
    """Clouds of points with their names above them; knows the points it was given last."""

    def __init__(self) -> None:
        super().__init__()
        self._points: Points | None = None
        self._picture: QPixmap | None = None
        self._painted_for: object = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        themes.changed.connect(self.update)

    @property
    def points(self) -> Points | None:
        """What is shown."""
        return self._points

    def show_points(self, points: Points) -> None:
        """Show `points`."""
        self._points, self._picture = points, None
        self.setAccessibleName(points.said)
        self.update()

    def sizeHint(self) -> QSize:
        """Give a size in which points are told apart."""
        return QSize(400, 300)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show the kept picture, or paint it when something has changed."""
        if self._points is None:
            return
        now = (self.size(), self.devicePixelRatioF(), generation())
        if self._picture is None or self._painted_for != now:
            self._picture, self._painted_for = self._paint(self._points), now
        QPainter(self).drawPixmap(0, 0, self._picture)

    def _paint(self, points: Points) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().panel)
        painter = QPainter(picture)
        keys = KEYS_PX if any(cloud.name for cloud in points.clouds) else 4
        area = QRectF(
            LEFT_PX,
            keys + 4,
            max(self.width() - LEFT_PX - 12, 16),
            max(self.height() - keys - 4 - FOOT_PX, 16),
        )
        frame = Frame(_scene(points, area), area, QSizeF(self.size()), ratio)
        _paint_names(painter, points, self.width())
        paint_axes(painter, frame)
        paint_grid(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cloud in points.clouds:
            pen = QPen(cloud.colour, POINT_PX)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            pairs = zip(frame.x(cloud.x).tolist(), frame.y(cloud.y).tolist(), strict=True)
            painter.drawPoints(QPolygonF([QPointF(*pair) for pair in pairs]))
        for line in frame.scene.lines:
            paint_line(painter, frame, line)
        painter.end()
        return picture


def thinned(count: int) -> slice:
    """Give which of `count` points are drawn: every one, or every second, third ..."""
    return slice(None, None, -(-count // MOST_POINTS) if count else None)


def _scene(points: Points, area: QRectF) -> Scene:
    x = _ends([cloud.x for cloud in points.clouds])
    y = _ends([cloud.y for cloud in points.clouds])
    if points.alike:
        unit = max((x[1] - x[0]) / area.width(), (y[1] - y[0]) / area.height())
        x, y = _widened(x, unit * area.width()), _widened(y, unit * area.height())
    lines = (Line(*points.line, theme().text2, width=1.5),) if points.line else ()
    return Scene(Scale(*x), Scale(*y), x_unit=points.x_unit, lines=lines)


def _ends(values: list[Values]) -> tuple[float, float]:
    known = [one for one in values if len(one)]
    low = min((float(one.min()) for one in known), default=0.0)
    high = max((float(one.max()) for one in known), default=1.0)
    room = (high - low) * ROOM or 0.5
    return low - room, high + room


def _widened(ends: tuple[float, float], width: float) -> tuple[float, float]:
    middle = (ends[0] + ends[1]) / 2
    return middle - width / 2, middle + width / 2


def _paint_names(painter: QPainter, points: Points, end: int) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font_of(12))
    left = 0.0
    for cloud in points.clouds:
        width = width_of(cloud.name, 12)
        if not cloud.name or left + 14 + width > end:
            continue
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(cloud.colour)
        painter.drawEllipse(QPointF(left + 5, KEYS_PX / 2), 4, 4)
        painter.setPen(theme().text2)
        painter.drawText(QRectF(left + 14, 0, width + 2, KEYS_PX), LEFT, cloud.name)
        left += 14 + width + 14
