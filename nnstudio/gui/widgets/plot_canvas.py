"""The curves themselves, drawn by pyqtgraph: axes, pan and zoom are its, ranges and ticks are ours.

Importing this module takes half a second: only `LinePlot` does, when the first curve comes or
the window has been painted. Items are kept and given new data; none is made per frame.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot_frame import (
    FOOT_PX,
    GUTTER_PX,
    RIGHT_PX,
    TOP_PX,
    Frame,
    font_of,
)
from nnstudio.gui.widgets.plot_marks import CIRCLE_PX, paint_ground, paint_marks
from nnstudio.gui.widgets.plot_scene import Line, Readout, Scene
from nnstudio.gui.widgets.ticks import Scale, marks_of

# A drag moves the y axis only when it is clearly meant to.
SIDEWAYS_PX: Final = 14
# More circles than these are a thick line that hides the curve.
MOST_CIRCLES: Final = 60


class Box(pg.ViewBox):  # type: ignore[misc] # pyqtgraph has no types
    """The area of the curves: the wheel zooms along x, a level drag moves along x."""

    freed = Signal()
    clicked = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.y_is_held = False
        self.disableAutoRange()
        self.setDefaultPadding(0)

    def shape(self) -> QPainterPath:
        """Give a little more than the area, so that a line on its edge is not cut in half."""
        path = QPainterPath()
        path.addRect(self.boundingRect().adjusted(-5, -5, 5, 1))
        return path

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """Zoom around the pointer along x; with Ctrl, or over its numbers, along y."""
        if axis is None:
            axis = 1 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 0
        super().wheelEvent(event, axis)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """Move along with the pointer; along y only when that is clearly meant."""
        if event.button() == Qt.MouseButton.RightButton:
            event.ignore()
            return
        sideways = abs(event.pos().y() - event.buttonDownPos().y())
        if axis is None and sideways <= SIDEWAYS_PX and not self.y_is_held:
            axis = 0
        super().mouseDragEvent(event, axis)

    def mouseClickEvent(self, event: Any) -> None:
        """Tell a click, which pins the read-out, and a double click, which shows all."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            (self.freed if event.double() else self.clicked).emit()


class _Layer(QGraphicsItem):
    """Something painted in pixels of the whole plot, under or over the curves."""

    def __init__(self, draw: Callable[[QPainter], None], z: float) -> None:
        super().__init__()
        self._draw = draw
        self._size = QSizeF()
        self.setZValue(z)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def fit(self, size: QSizeF) -> None:
        """Cover a plot of this size."""
        if size != self._size:
            self.prepareGeometryChange()
            self._size = size

    def boundingRect(self) -> QRectF:
        """Give the whole plot."""
        return QRectF(QPointF(0, 0), self._size)

    def shape(self) -> QPainterPath:
        """Give nothing: the pointer goes through."""
        return QPainterPath()

    def paint(self, painter: QPainter, _option: object, _widget: object = None) -> None:
        """Paint it."""
        self._draw(painter)


class PlotCanvas(pg.PlotWidget):  # type: ignore[misc] # pyqtgraph has no types
    """Axes, curves and marks of a scene; tells what a person does with the axes."""

    ranged = Signal(object, object)
    freed = Signal()
    clicked = Signal()
    pointed = Signal(object)

    def __init__(self, scene: Scene, *, parent: QWidget) -> None:
        self.box = Box()
        super().__init__(parent, viewBox=self.box)
        self._shown = scene
        self._readout: Readout | None = None
        self._curves: list[Any] = []
        self._circles: list[Any] = []
        self._marks: dict[str, object] = {}
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.viewport().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.hideButtons()
        item = self.getPlotItem()
        item.layout.setContentsMargins(0, TOP_PX, RIGHT_PX, 0)
        self._left, self._bottom = item.getAxis("left"), item.getAxis("bottom")
        self._left.setWidth(GUTTER_PX)
        self._left.setStyle(tickLength=0, tickTextOffset=8, autoExpandTextSpace=False)
        self._bottom.setHeight(FOOT_PX)
        self._bottom.setStyle(tickLength=0, tickTextOffset=7, autoExpandTextSpace=False)
        for axis in (self._left, self._bottom):
            # A tick of no length would still be a dot.
            axis.setStyle(tickAlpha=0)
            # Its words cost as much as both curves, and rarely change.
            axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._ground = _Layer(self._draw_ground, -10)
        self._above = _Layer(self._draw_marks, 10)
        self.scene().addItem(self._ground)
        self.scene().addItem(self._above)
        self.box.freed.connect(self.freed)
        self.box.clicked.connect(self.clicked)
        self.box.sigRangeChangedManually.connect(self._tell_range)
        self.scene().sigMouseMoved.connect(self._tell_pointer)
        themes.changed.connect(self.dress)
        self.dress()

    def frame(self) -> Frame:
        """Give where things are in the canvas."""
        return Frame.of(self._shown, QSizeF(self.viewport().size()))

    def show_scene(self, scene: Scene, readout: Readout | None) -> None:
        """Show `scene`; what is as it was is left alone."""
        self._shown, self._readout = scene, readout
        self._show_axes()
        for at, line in enumerate(scene.lines):
            self._show_line(at, line)
        for at in range(len(scene.lines), len(self._curves)):
            self._marks.pop(f"line {at}", None)
            self._curves[at].setVisible(False)
            self._circles[at].setVisible(False)
        self._show_layers()

    def show_readout(self, readout: Readout | None) -> None:
        """Show another read-out over the same curves."""
        self._readout = readout
        self._above.update()

    def sharpen(self, *, sharp: bool) -> None:
        """Draw circles as shapes and not as kept pictures, as a file of shapes needs them."""
        for item in self._circles:
            item.setExportMode(sharp, {"antialias": True, "resolutionScale": 1.0})

    def hold_y(self, *, held: bool) -> None:
        """Let a drag move along y too, as a person has chosen the range of y."""
        self.box.y_is_held = held

    def dress(self) -> None:
        """Put on the colours and fonts of the theme."""
        now = theme()
        self.setBackground(now.panel)
        for axis in (self._left, self._bottom):
            axis.setTextPen(now.text3)
            axis.setStyle(tickFont=font_of(11))
        self._left.setPen(QPen(Qt.PenStyle.NoPen))
        self._bottom.setPen(QPen(now.border, 1))
        self._marks.clear()
        self._show_layers()

    def resizeEvent(self, event: Any) -> None:
        """Let axes and marks fit."""
        super().resizeEvent(event)
        if hasattr(self, "_above"):  # the first one comes while the base class is made
            self._show_axes()
            self._show_layers()

    def leaveEvent(self, event: Any) -> None:
        """Tell that the pointer has gone."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _show_axes(self) -> None:
        scene, frame = self._shown, self.frame()
        wanted = (scene.x.ends, scene.y.ends)
        if self._marks.get("range") != wanted:
            self._marks["range"] = wanted
            self.box.setRange(xRange=wanted[0], yRange=wanted[1], padding=0, disableAutoRange=True)
        # The corner belongs to the unit, and the left end of the x axis with it.
        start = scene.x.low if not scene.x.logarithmic else 0.0
        for axis, scale, count, unit in (
            (self._left, scene.y, frame.rows, scene.y_unit),
            (self._bottom, scene.x, frame.columns, ""),
        ):
            key = (scale, count, unit)
            name = str(axis.orientation)
            if self._marks.get(name) == key:
                continue
            self._marks[name] = key
            ticks, labels = marks_of(scale, count, unit=unit)
            pairs = zip(scale.place(ticks).tolist(), ticks.tolist(), labels, strict=True)
            kept = [
                (place, label)
                for place, tick, label in pairs
                if axis is self._left or tick != start
            ]
            axis.setTicks([kept])

    def _show_line(self, at: int, line: Line) -> None:
        if at == len(self._curves):
            self._curves.append(pg.PlotCurveItem(antialias=True, connect="finite"))
            self._circles.append(pg.ScatterPlotItem(antialias=True, pxMode=True))
            for item in (self._curves[at], self._circles[at]):
                item.setZValue(at)
                self.box.addItem(item, ignoreBounds=True)
        scene, curve, circles = self._shown, self._curves[at], self._circles[at]
        key = (line, scene.x, scene.y)
        if self._marks.get(f"line {at}") == key:
            return
        self._marks[f"line {at}"] = key
        x, y = scene.x.place(line.x), scene.y.place(line.y)
        pen = QPen(line.colour, line.width)
        pen.setCosmetic(True)
        if line.dashed:
            pen.setDashPattern([4, 3])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        known = np.isfinite(x) & np.isfinite(y)
        curve.setData(x, y, pen=pen)
        curve.setVisible(bool(known.sum() > 1))
        low, high = scene.x.ends
        inside = known & (x >= low) & (x <= high)
        single = not line.circles and known.sum() == 1
        drawn = single or (line.circles and 0 < inside.sum() <= MOST_CIRCLES)
        circles.setVisible(bool(drawn))
        if drawn:
            ring = QPen(line.colour, 1.4)
            ring.setCosmetic(True)
            circles.setData(
                x=x[inside],
                y=y[inside],
                size=2 * CIRCLE_PX + (1 if line.circles else -3),
                pen=ring,
                brush=theme().panel if line.circles else line.colour,
            )

    def _show_layers(self) -> None:
        size = QSizeF(self.viewport().size())
        for layer in (self._ground, self._above):
            layer.fit(size)
            layer.update()

    def _draw_ground(self, painter: QPainter) -> None:
        paint_ground(painter, self.frame())

    def _draw_marks(self, painter: QPainter) -> None:
        paint_marks(painter, self.frame(), self._readout)

    def _tell_range(self, _axes: object) -> None:
        scene = self._shown
        places = self.box.viewRange()
        self._marks.pop("range", None)
        try:
            x, y = (
                old if tuple(ends) == old.ends else _between(ends, old)
                for ends, old in zip(places, (scene.x, scene.y), strict=True)
            )
        except (ValueError, OverflowError):
            # Zoomed out of what numbers can say: go back to what was shown.
            self._show_axes()
            return
        self.ranged.emit(None if x is scene.x else x, None if y is scene.y else y)

    def _tell_pointer(self, at: QPointF) -> None:
        share = (at.x() - self.frame().area.left()) / self.frame().area.width()
        self.pointed.emit(float(self._shown.x.value(share)) if 0 <= share <= 1 else None)


def _between(ends: list[float], old: Scale) -> Scale:
    low, high = ends
    width = old.ends[1] - old.ends[0]
    if abs(low - old.ends[0]) + abs(high - old.ends[1]) < 1e-9 * width:
        return old
    return Scale.between(low, high, logarithmic=old.logarithmic)
