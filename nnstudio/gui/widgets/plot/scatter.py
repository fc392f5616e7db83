"""Points on two axes, coloured by kind, with curves over them and shades behind them.

Points are painted once and kept; shades and curves, which change while a network learns, anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import Frame, font_of, generation, width_of
from nnstudio.gui.widgets.plot.lines import paint_line
from nnstudio.gui.widgets.plot.marks import paint_axes, paint_grid
from nnstudio.gui.widgets.plot.scene import Line, Scene
from nnstudio.gui.widgets.plot.ticks import Scale

Values = NDArray[np.float64]
Ends = tuple[float, float]

LEFT_PX: Final = 44
KEYS_PX: Final = 24
FOOT_PX: Final = 26
ROOM: Final = 0.04
MOST_POINTS: Final = 4000
POINT_PX: Final = 5.0
CROWDED_POINT_PX: Final = 4.0
CROWDED_PX: Final = 220
"""In an area lower than this, many points of the usual size hide each other."""
FEW_POINTS: Final = 200
"""So few are larger, and lie over the curves, which more of them would hide."""
FEW_POINT_PX: Final = 7.0
RIM_PX: Final = 1.5
KEY_GAP_PX: Final = 16
SAMPLE_PX: Final = 18
LEAST_KEY_PX: Final = 8
"""A name with less room than this says nothing."""
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of one colour, and what they are called."""

    x: Values
    y: Values
    colour: QColor
    name: str = ""


@dataclass(frozen=True, eq=False)
class Curve:
    """A line with a name; dashed where it is not to be taken for what the points tell.

    A thin one stands behind others that matter more.
    """

    x: Values
    y: Values
    colour: QColor
    name: str
    dashed: bool = False
    thin: bool = False


@dataclass(frozen=True, eq=False)
class Backdrop:
    """Shades (rows, columns, 3) of red, green and blue, the uppermost first, between ends."""

    shades: NDArray[np.uint8]
    x: Ends
    y: Ends


@dataclass(frozen=True, eq=False)
class Points:
    """What a scatter plot shows; `alike` keeps a step along x as long as one along y.

    `x` and `y` are the ends of the axes, where they are not those of the points; `rim` is the
    colour around each point, where it is not that of the ground.
    """

    clouds: tuple[Cloud, ...]
    curves: tuple[Curve, ...] = ()
    x: Ends | None = None
    y: Ends | None = None
    x_unit: str = ""
    y_unit: str = ""
    alike: bool = False
    rim: QColor | None = None
    said: str = ""


class ScatterPlot(QWidget):
    """Clouds of points with their names above them; knows the points it was given last.

    `reframed` tells that the axes end elsewhere, as the plot has another size. `read` gives what
    is said of the place under the pointer. `pressed` tells the place of a click, `nudged` the
    arrow keys as steps to the right and up.
    """

    reframed = Signal()
    pressed = Signal(float, float)
    nudged = Signal(int, int)

    def __init__(self, *, read: Callable[[float, float], str] | None = None) -> None:
        super().__init__()
        self.read = read
        self._points: Points | None = None
        self._backdrop: Backdrop | None = None
        self._curves: tuple[Curve, ...] = ()
        self._picture: QPixmap | None = None
        self._painted_for: object = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 80)
        themes.changed.connect(self.update)

    @property
    def points(self) -> Points | None:
        """What is shown."""
        return self._points

    @property
    def backdrop(self) -> Backdrop | None:
        """What lies behind the points."""
        return self._backdrop

    @property
    def curves(self) -> tuple[Curve, ...]:
        """All curves, those that came with the points first."""
        return (*(self._points.curves if self._points else ()), *self._curves)

    @property
    def ends(self) -> tuple[Ends, Ends]:
        """Where the axes end, x and y, at the size of now."""
        scene = self._frame(self._points or Points(())).scene
        return scene.x.ends, scene.y.ends

    @property
    def area(self) -> QSizeF:
        """How large the part between the axes is, in pixels."""
        return self._area().size()

    def show_points(self, points: Points) -> None:
        """Show `points`; what lies behind and over them stays."""
        self._points, self._picture = points, None
        self.setAccessibleName(points.said)
        self.update()

    def show_answer(
        self, *, backdrop: Backdrop | None = None, curves: tuple[Curve, ...] = ()
    ) -> None:
        """Show this behind the points and these curves over them, in place of earlier ones."""
        if backdrop is None and not curves and self._backdrop is None and not self._curves:
            return
        self._backdrop, self._curves = backdrop, curves
        self.update()

    def sizeHint(self) -> QSize:
        """Give a size in which points are told apart."""
        return QSize(400, 300)

    def event(self, event: QEvent) -> bool:
        """Say what there is to say of the place under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._read_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the place of a click."""
        place = self._place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and place is not None:
            self.pressed.emit(*place)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell the arrow keys, where the plot takes the keyboard."""
        steps = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(*steps)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell that the axes end elsewhere."""
        super().resizeEvent(event)
        self.reframed.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show the kept points, painted again when they have changed, on what lies behind them."""
        if self._points is None:
            return
        now = (self.size(), self.devicePixelRatioF(), generation())
        frame = self._frame(self._points)
        if self._picture is None or self._painted_for != now:
            self._picture, self._painted_for = self._paint(self._points, frame), now
        painter = QPainter(self)
        if self._backdrop is not None:
            _paint_backdrop(painter, frame, self._backdrop)
        _paint_keys(painter, self._points, self.curves, self.width())
        few = _count(self._points) <= FEW_POINTS
        if not few:
            painter.drawPixmap(0, 0, self._picture)
        painter.save()
        painter.setClipRect(frame.area)
        for curve in self.curves:
            width = 1.0 if curve.thin else 1.5 if curve.dashed else 2.0
            line = Line(curve.x, curve.y, curve.colour, width=width, dashed=curve.dashed)
            paint_line(painter, frame, line)
        painter.restore()
        if few:
            painter.drawPixmap(0, 0, self._picture)
        if self.hasFocus():
            painter.setPen(QPen(theme().accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _read_at(self, at: QPointF) -> str:
        place = self._place_at(at)
        return "" if self.read is None or place is None else self.read(*place)

    def _place_at(self, at: QPointF) -> tuple[float, float] | None:
        area = self._area()
        if not area.contains(at):
            return None
        scene = self._frame(self._points or Points(())).scene
        x = scene.x.value((at.x() - area.left()) / area.width())
        y = scene.y.value((area.bottom() - at.y()) / area.height())
        return float(x), float(y)

    def _area(self) -> QRectF:
        return QRectF(
            LEFT_PX,
            KEYS_PX + 4,
            max(self.width() - LEFT_PX - 12, 16),
            max(self.height() - KEYS_PX - 4 - FOOT_PX, 16),
        )

    def _frame(self, points: Points) -> Frame:
        area = self._area()
        return Frame(_scene(points, area), area, QSizeF(self.size()), self.devicePixelRatioF())

    def _paint(self, points: Points, frame: Frame) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_axes(painter, frame)
        corner = QRectF(0, frame.area.bottom() + 6, LEFT_PX - 16, 16)
        painter.drawText(corner, RIGHT, points.x_unit)
        paint_grid(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # a rim in the colour of the ground parts a point from shades of its own colour
        many = CROWDED_POINT_PX if frame.area.height() < CROWDED_PX else POINT_PX
        size = FEW_POINT_PX if _count(points) <= FEW_POINTS else many
        for width, colour in ((size + RIM_PX, points.rim or theme().panel), (size, None)):
            for cloud in points.clouds:
                pen = QPen(colour or cloud.colour, width)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                painter.setPen(pen)
                pairs = zip(frame.x(cloud.x).tolist(), frame.y(cloud.y).tolist(), strict=True)
                painter.drawPoints(QPolygonF([QPointF(*pair) for pair in pairs]))
        painter.end()
        return picture


def thinned(count: int) -> slice:
    """Give which of `count` points are drawn: every one, or every second, third ..."""
    return slice(None, None, -(-count // MOST_POINTS) if count else None)


def ends_around(values: Values) -> Ends:
    """Give between which numbers an axis shows `values`, with a little room at both ends."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    room = (high - low) * ROOM or 0.5
    return low - room, high + room


def _scene(points: Points, area: QRectF) -> Scene:
    x = points.x or ends_around(_joined([cloud.x for cloud in points.clouds]))
    y = points.y or ends_around(_joined([cloud.y for cloud in points.clouds]))
    if points.alike:
        unit = max((x[1] - x[0]) / area.width(), (y[1] - y[0]) / area.height())
        x, y = _widened(x, unit * area.width()), _widened(y, unit * area.height())
    return Scene(Scale(*x), Scale(*y))


def _count(points: Points) -> int:
    return sum(len(cloud.x) for cloud in points.clouds)


def _joined(values: list[Values]) -> Values:
    return np.concatenate(values) if values else np.empty(0)


def _widened(ends: Ends, width: float) -> Ends:
    middle = (ends[0] + ends[1]) / 2
    return middle - width / 2, middle + width / 2


def _paint_backdrop(painter: QPainter, frame: Frame, backdrop: Backdrop) -> None:
    rows, columns, _ = backdrop.shades.shape
    image = QImage(backdrop.shades.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
    left, right = frame.x(np.array(backdrop.x)).tolist()
    bottom, top = frame.y(np.array(backdrop.y)).tolist()
    painter.save()
    painter.setClipRect(frame.area)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(left, top, right - left, bottom - top), image)
    painter.restore()


def _paint_keys(painter: QPainter, points: Points, curves: tuple[Curve, ...], end: int) -> None:
    """Paint the name of the y axis over it, and beside it what everything is called."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font_of(11))
    painter.setPen(theme().text3)
    room = LEFT_PX - 8
    shown = QFontMetricsF(font_of(11)).elidedText(points.y_unit, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(0, 0, room, KEYS_PX), RIGHT, shown)
    there: tuple[Cloud | Curve, ...] = (*points.clouds, *curves)
    keys = [key for key in there if key.name]
    left, px, gap = LEFT_PX + 8.0, 12, KEY_GAP_PX
    if left + sum(_key_width(key, px) + gap for key in keys) - gap > end:
        left, px, gap = float(LEFT_PX), 11, KEY_GAP_PX // 2
    painter.setFont(font_of(px))
    for key in keys:
        width = min(_key_width(key, px), end - left)
        before = _key_width(key, px) - width_of(key.name, px)
        if width < before + LEAST_KEY_PX:
            break
        _paint_sample(painter, key, left)
        painter.setPen(theme().text2)
        words = QFontMetricsF(font_of(px)).elidedText(
            key.name, Qt.TextElideMode.ElideRight, width - before + 1
        )
        painter.drawText(QRectF(left + before, 0, width, KEYS_PX), LEFT, words)
        left += width + gap


def _key_width(key: Cloud | Curve, px: int) -> float:
    return (8 if isinstance(key, Cloud) else SAMPLE_PX) + 6 + width_of(key.name, px)


def _paint_sample(painter: QPainter, key: Cloud | Curve, left: float) -> None:
    middle = KEYS_PX / 2
    if isinstance(key, Cloud):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(key.colour)
        painter.drawEllipse(QPointF(left + 4, middle), 4, 4)
        return
    pen = QPen(key.colour, 1.5 if key.dashed else 2)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if key.dashed:
        pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.drawLine(QPointF(left, middle), QPointF(left + SAMPLE_PX, middle))
