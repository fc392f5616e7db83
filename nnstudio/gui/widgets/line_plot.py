"""A plot of curves: follows the data until a person zooms, and holds what they chose until then.

Painted here and not by a plotting library: importing one costs half of the time to a window, and
a frame less than half of what its scene costs empty.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QPushButton, QToolTip, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.plot_axes import Frame, frame_of, paint_axes
from nnstudio.gui.widgets.plot_legend import legend_boxes
from nnstudio.gui.widgets.plot_painter import paint
from nnstudio.gui.widgets.plot_scene import Readout, Scene
from nnstudio.gui.widgets.ticks import Scale

ZOOM_PER_NOTCH: Final = 0.8
NOTCH: Final = 120.0
# A drag moves the y axis only when it is clearly meant to.
SIDEWAYS_PX: Final = 14
CLICK_PX: Final = 4
EMPTY: Final = Scene(Scale(0, 1), Scale(0, 1))


class LinePlot(QWidget):
    """Curves with axes, legend and read-out; the wheel zooms, dragging moves, double click frees.

    Knows the scene that it was given and the axes that a person holds; `x_held` and `y_held` are
    None while the axes follow the data. Who makes the scene listens to `view_changed`.
    """

    view_changed = Signal()

    def __init__(
        self,
        read: Callable[[float], Readout | None],
        *,
        follow: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._read = read
        self._scene = EMPTY
        self._hover: float | None = None
        self._pinned = False
        self._pressed: tuple[QPointF, Scale, Scale] | None = None
        self._dragged = False
        self._ringed = False
        self.x_held: Scale | None = None
        self.y_held: Scale | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._follow = QPushButton(follow, self)
        self._follow.setProperty("role", "soft")
        self._follow.setFont(font(12, 500))
        self._follow.setCursor(Qt.CursorShape.PointingHandCursor)
        self._follow.clicked.connect(self.show_all)
        self._follow.hide()
        self._axes: tuple[object, QPixmap] | None = None
        themes.changed.connect(self._forget_axes)

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    @property
    def follows(self) -> bool:
        """Whether the axes follow the data."""
        return self.x_held is None and self.y_held is None

    def sizeHint(self) -> QSize:
        """Give the size at which two plots stand side by side in the default window."""
        return QSize(380, 288)

    def show_scene(self, scene: Scene) -> None:
        """Show `scene` from now on; the pointer's read-out stays where it is."""
        self._scene = scene
        self.update()

    def set_follow_words(self, words: str, tip: str) -> None:
        """Say on the button how to follow the data again."""
        self._follow.setText(words)
        self._follow.setToolTip(tip)
        self._place_follow()

    def show_all(self) -> None:
        """Let both axes follow the data again."""
        self._hold(None, None)

    def zoom(self, factor: float, *, x: float | None = 0.5, y: float | None = None) -> None:
        """Show `factor` of the stretch around the shares `x` and `y`; None leaves an axis alone."""
        held_x, held_y = self.x_held, self.y_held
        if x is not None:
            held_x = self._scene.x.part(x - x * factor, x + (1 - x) * factor)
        if y is not None:
            held_y = self._scene.y.part(y - y * factor, y + (1 - y) * factor)
        self._hold(held_x, held_y)

    def move_by(self, x: float, y: float | None = None) -> None:
        """Move the axes by shares of what they show."""
        self._hold(
            self._scene.x.part(x, 1 + x),
            self.y_held if y is None else self._scene.y.part(y, 1 + y),
        )

    def frame(self) -> Frame:
        """Give where the axes are in the widget."""
        return frame_of(self._scene, QSizeF(self.size()))

    def readout(self) -> Readout | None:
        """Give what the pointer points at."""
        return None if self._hover is None else self._read(self._hover)

    def point_at(self, x: float | None) -> None:
        """Show the read-out at the value `x`; None takes it away."""
        self._hover = x
        self.update()

    def picture(self, *, ratio: float = 2.0) -> QImage:
        """Give what is shown as a picture with `ratio` pixels for each of the screen."""
        picture = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().panel)
        painter = QPainter(picture)
        paint(painter, self._scene, QSizeF(self.size()), readout=self.readout())
        painter.end()
        return picture

    def write_svg(self, path: str) -> None:
        """Write what is shown as an SVG file."""
        generator = QSvgGenerator()
        generator.setFileName(path)
        generator.setSize(self.size())
        generator.setViewBox(self.rect())
        generator.setTitle(self.accessibleName())
        painter = QPainter(generator)
        painter.fillRect(self.rect(), theme().panel)
        paint(painter, self._scene, QSizeF(self.size()), readout=self.readout())
        painter.end()

    def _hold(self, x: Scale | None, y: Scale | None) -> None:
        self.x_held, self.y_held = x, y
        self._follow.setVisible(not self.follows)
        self._place_follow()
        self.view_changed.emit()
        self.update()

    def _kept_axes(self) -> QPixmap:
        """Give the picture of the axes: their twenty words cost as much as both curves."""
        scene, ratio = self._scene, self.devicePixelRatioF()
        key = (scene.x, scene.y, scene.x_unit, scene.y_unit, self.size(), ratio)
        if self._axes is None or self._axes[0] != key:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(theme().panel)
            painter = QPainter(picture)
            paint_axes(painter, scene, QSizeF(self.size()))
            painter.end()
            self._axes = (key, picture)
        return self._axes[1]

    def _forget_axes(self) -> None:
        self._axes = None
        self.update()

    def _place_follow(self) -> None:
        self._follow.adjustSize()
        area = self.frame().area
        self._follow.move(round(area.right() - self._follow.width()), round(area.top() + 2))

    def _shares(self, at: QPointF) -> tuple[float, float]:
        area = self.frame().area
        return (
            (at.x() - area.left()) / area.width(),
            (area.bottom() - at.y()) / area.height(),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the scene, the read-out and the ring of the keyboard's focus."""
        painter = QPainter(self)
        paint(
            painter,
            self._scene,
            QSizeF(self.size()),
            readout=self.readout(),
            axes=self._kept_axes(),
        )
        if self._ringed:
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw a ring when the keyboard has come here, not when the pointer has."""
        self._ringed = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ringed = False
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a scene that fits."""
        super().resizeEvent(event)
        self._place_follow()
        self.view_changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the curves under the pointer, or move the axes while a button is held."""
        x, _ = self._shares(event.position())
        if self._pressed is None:
            if not self._pinned:
                self.point_at(float(self._scene.x.value(x)) if 0 <= x <= 1 else None)
            self._tell_legend(event)
            return
        start, x_scale, y_scale = self._pressed
        moved = event.position() - start
        if not self._dragged and moved.manhattanLength() < CLICK_PX:
            return
        self._dragged = True
        area = self.frame().area
        held_x = x_scale.part(-moved.x() / area.width(), 1 - moved.x() / area.width())
        upward = moved.y() / area.height()
        tall = abs(moved.y()) > SIDEWAYS_PX or self.y_held is not None
        self._hold(held_x, y_scale.part(upward, 1 + upward) if tall else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the axes."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = (event.position(), self._scene.x, self._scene.y)
            self._dragged = False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a click without a drag pins the read-out, or frees it."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        if not self._dragged:
            self._pinned = not self._pinned and self._hover is not None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything again."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pinned = False
            self.show_all()

    def leaveEvent(self, _event: object) -> None:
        """Take the read-out away unless it is pinned."""
        if not self._pinned:
            self.point_at(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the x axis around the pointer; with Ctrl or over its numbers the y axis."""
        turns = (event.angleDelta().y() or event.angleDelta().x()) / NOTCH
        x, y = self._shares(event.position())
        upright = x < 0 or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        factor = ZOOM_PER_NOTCH**turns
        if upright:
            self.zoom(factor, x=None, y=min(max(y, 0.0), 1.0))
        else:
            self.zoom(factor, x=min(max(x, 0.0), 1.0))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, zoom with plus and minus, show all with A or Home."""
        act: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: self.move_by(-0.1),
            Qt.Key.Key_Right: lambda: self.move_by(0.1),
            Qt.Key.Key_Up: lambda: self.move_by(0, 0.1),
            Qt.Key.Key_Down: lambda: self.move_by(0, -0.1),
            Qt.Key.Key_Plus: lambda: self.zoom(ZOOM_PER_NOTCH),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / ZOOM_PER_NOTCH),
            Qt.Key.Key_Home: self.show_all,
            Qt.Key.Key_A: self.show_all,
        }
        if event.key() in act and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            act[event.key()]()
        else:
            super().keyPressEvent(event)

    def _tell_legend(self, event: QMouseEvent) -> None:
        for entry, box in legend_boxes(self._scene, QSizeF(self.size())):
            if entry.tip and box.contains(event.position()):
                QToolTip.showText(event.globalPosition().toPoint(), entry.tip, self)
                return
