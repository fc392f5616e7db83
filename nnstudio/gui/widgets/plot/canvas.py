"""The view of a plot on pyqtgraph: pan, zoom and pointer are its, ranges and pixels are ours.

Importing this module takes half a second: only `LinePlot` does, when the first curve comes or
the window has been painted. Measured: its own axes, curves and circles took 3 ms a frame where
one painter and kept pictures take 0.3 ms.
"""

from typing import Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.widgets.plot.frame import FOOT_PX, GUTTER_PX, RIGHT_PX, TOP_PX, Frame
from nnstudio.gui.widgets.plot.layers import Layers, changed_part
from nnstudio.gui.widgets.plot.scene import Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale

# A drag moves the y axis only when it is clearly meant to.
SIDEWAYS_PX: Final = 14


class Box(pg.ViewBox):  # type: ignore[misc] # pyqtgraph has no types
    """The area of the curves: the wheel zooms along x, a level drag moves along x."""

    freed = Signal()
    clicked = Signal()

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.y_is_held = False
        self.disableAutoRange()
        self.setDefaultPadding(0)
        # It has nothing to paint: it takes the pointer and knows the ranges.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape, enabled=False)
        for item in (self, self.childGroup):
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.borderRect.hide()

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


class PlotCanvas(pg.GraphicsView):  # type: ignore[misc] # pyqtgraph has no types
    """A view of one box, painted over in one go; tells what a person does with the axes.

    No item of the scene is painted: the scene only holds the box, for the pointer.
    """

    ranged = Signal(object, object)
    freed = Signal()
    clicked = Signal()
    pointed = Signal(object)

    def __init__(self, scene: Scene, *, parent: QWidget) -> None:
        super().__init__(parent, background=None)
        self._shown = scene
        self._readout: Readout | None = None
        self._range: object = None
        self._layers = Layers()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.viewport().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        # Each frame paints every pixel: nothing behind it needs to be painted first.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        # One paint for each frame, which `show_scene` asks for.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self.box = Box()
        self._grid = pg.GraphicsLayout()
        self._grid.setContentsMargins(GUTTER_PX, TOP_PX, RIGHT_PX, FOOT_PX)
        self._grid.addItem(self.box)
        self.setCentralItem(self._grid)
        self.box.freed.connect(self.freed)
        self.box.clicked.connect(self.clicked)
        self.box.sigRangeChangedManually.connect(self._tell_range)
        self.scene().sigMouseMoved.connect(self._tell_pointer)
        themes.changed.connect(self.viewport().update)
        self._set_range()

    def frame(self) -> Frame:
        """Give where things are in the canvas."""
        view = self.viewport()
        return Frame.of(self._shown, QSizeF(view.size()), ratio=view.devicePixelRatioF())

    def show_scene(self, scene: Scene, readout: Readout | None) -> None:
        """Show `scene` with the next paint."""
        pointed = readout is not None or self._readout is not None
        before, self._shown, self._readout = self.frame(), scene, readout
        self._set_range()
        part = None if pointed else changed_part(before, self.frame())
        if part is None:
            self.viewport().update()
        else:
            self.viewport().update(part)

    def show_readout(self, readout: Readout | None) -> None:
        """Show another read-out over the same curves."""
        if readout != self._readout:
            self._readout = readout
            self.viewport().update()

    def hold_y(self, *, held: bool) -> None:
        """Let a drag move along y too, as a person has chosen the range of y."""
        self.box.y_is_held = held

    def paintEvent(self, event: Any) -> None:
        """Paint the plot with a painter of our own."""
        self.scene().prepareForPaint()
        painter = QPainter(self.viewport())
        self._layers.paint(painter, self.frame(), self._readout, part=event.region())
        painter.end()

    def leaveEvent(self, event: Any) -> None:
        """Tell that the pointer has gone."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _set_range(self) -> None:
        wanted = (self._shown.x.ends, self._shown.y.ends)
        if self._range != wanted:
            self._range = wanted
            self.box.setRange(xRange=wanted[0], yRange=wanted[1], padding=0, disableAutoRange=True)

    def _tell_range(self, _axes: object) -> None:
        scene = self._shown
        places = self.box.viewRange()
        self._range = None
        try:
            x, y = (
                old if tuple(ends) == old.ends else _between(ends, old)
                for ends, old in zip(places, (scene.x, scene.y), strict=True)
            )
        except (ValueError, OverflowError):
            # Zoomed out of what numbers can say: go back to what was shown.
            self._set_range()
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
