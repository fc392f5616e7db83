"""A plot of curves: follows the data until a person zooms, and holds what they chose until then."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, theme
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.plot.frame import Frame
from nnstudio.gui.widgets.plot.layers import paint_plot
from nnstudio.gui.widgets.plot.legend import LEGEND_PX, PlotLegend, paint_legend
from nnstudio.gui.widgets.plot.marks import covered
from nnstudio.gui.widgets.plot.scene import Readout, Scene
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.texts import tr

if TYPE_CHECKING:
    from nnstudio.gui.widgets.plot.canvas import PlotCanvas

BY_KEY: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
ZOOM_PER_KEY: Final = 0.8
EMPTY: Final = Scene(Scale(0, 1), Scale(0, 1))
# Pixels of an exported picture for each of the screen.
EXPORT_RATIO: Final = 2.0


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
        self._canvas: PlotCanvas | None = None
        self.x_held: Scale | None = None
        self.y_held: Scale | None = None
        self._ring = _Ring(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self._legend = PlotLegend(self)
        self._empty = EmptyState("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._legend)
        column.addWidget(self._empty, 1)
        self._follow = QPushButton(follow, self)
        self._follow.setProperty("role", "soft")
        self._follow.setFont(font(12, 500))
        self._follow.setCursor(Qt.CursorShape.PointingHandCursor)
        self._follow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._follow.clicked.connect(self.show_all)
        self._follow.hide()

    @property
    def scene(self) -> Scene:
        """What is shown."""
        return self._scene

    @property
    def pinned(self) -> bool:
        """Whether a click has pinned the read-out."""
        return self._pinned

    @property
    def follows(self) -> bool:
        """Whether the axes follow the data."""
        return self.x_held is None and self.y_held is None

    @property
    def canvas(self) -> "PlotCanvas":
        """The curves; made when they are first asked for."""
        if self._canvas is None:
            from nnstudio.gui.widgets.plot.canvas import PlotCanvas  # noqa: PLC0415 - takes half a second, and an empty plot needs none of it

            self._canvas = PlotCanvas(self._scene, parent=self)
            self._canvas.ranged.connect(self._take_range)
            self._canvas.freed.connect(self._free)
            self._canvas.clicked.connect(self._pin)
            self._canvas.pointed.connect(self._point)
            column = self.layout()
            if isinstance(column, QVBoxLayout):
                column.addWidget(self._canvas, 1)
            self._canvas.setVisible(not self._scene.title)
            self._follow.raise_()
            self._ring.raise_()
        return self._canvas

    def sizeHint(self) -> QSize:
        """Give the size at which two plots stand side by side in the default window."""
        return QSize(380, 288)

    def show_scene(self, scene: Scene) -> None:
        """Show `scene` from now on; the pointer's read-out stays where it is."""
        self._scene = scene
        self._legend.show_scene(scene)
        empty = bool(scene.title)
        self._empty.setVisible(empty)
        if empty:
            self._empty.set_texts(scene.title, scene.words)
        if self._canvas is not None:
            self._canvas.setVisible(not empty)
        if not empty:
            self.canvas.show_scene(scene, self.readout())

    def set_follow_words(self, words: str, tip: str) -> None:
        """Say on the button how to follow the data again."""
        self._follow.setText(words)
        self._follow.setToolTip(tip)
        self._place_follow()

    def show_all(self) -> None:
        """Let both axes follow the data again."""
        self._hold(None, None)

    def zoom(self, factor: float) -> None:
        """Show `factor` of the stretch of the x axis, around its middle."""
        self._hold(self._scene.x.part(0.5 - factor / 2, 0.5 + factor / 2), self.y_held)

    def move_by(self, x: float, y: float = 0.0) -> None:
        """Move the axes by shares of what they show."""
        self._hold(
            self._scene.x.part(x, 1 + x) if x else self.x_held,
            self._scene.y.part(y, 1 + y) if y else self.y_held,
        )

    def frame(self) -> Frame:
        """Give where things are below the legend."""
        size = QSizeF(self.width(), self.height() - LEGEND_PX)
        return Frame.of(self._scene, size)

    def readout(self) -> Readout | None:
        """Give what the pointer points at, or what was pinned."""
        found = None if self._hover is None else self._read(self._hover)
        if found is None or not self._pinned:
            return found
        return replace(found, pinned=tr("Click or Esc lets go"))

    def point_at(self, x: float | None) -> None:
        """Show the read-out at the value `x`; None takes it away."""
        self._hover = x
        if self._canvas is not None:
            self._canvas.show_readout(self.readout())

    def picture(self, *, ratio: float = EXPORT_RATIO) -> QImage:
        """Give what is shown as a picture with `ratio` pixels for each of the screen."""
        picture = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        self._paint_on(painter)
        painter.end()
        return picture

    def svg(self) -> bytes:
        """Give what is shown as an SVG file."""
        buffer = QBuffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self.size())
        generator.setViewBox(self.rect())
        generator.setTitle(self.accessibleName())
        painter = QPainter(generator)
        self._paint_on(painter)
        painter.end()
        return bytes(buffer.data().data())

    def _paint_on(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme().panel)
        if self._scene.title:
            self._empty.render(painter, self._empty.pos())
            return
        paint_legend(painter, self._scene, QSizeF(self.size()))
        painter.translate(0, LEGEND_PX)
        paint_plot(painter, self.frame(), self.readout())

    def _hold(self, x: Scale | None, y: Scale | None) -> None:
        self.x_held, self.y_held = x, y
        self.canvas.hold_y(held=y is not None)
        self._follow.setVisible(not self.follows)
        self._place_follow()
        self.view_changed.emit()

    def _take_range(self, x: Scale | None, y: Scale | None) -> None:
        self._hold(x or self.x_held, y or self.y_held)

    def let_go(self) -> None:
        """Let go of a pinned read-out: it follows the pointer again."""
        if self._pinned:
            self._pinned = False
            self.point_at(None)

    def _free(self) -> None:
        self._pinned = False
        self.show_all()

    def _pin(self) -> None:
        self._pinned = not self._pinned and self._hover is not None
        self.point_at(self._hover)

    def _point(self, x: float | None) -> None:
        if not self._pinned:
            self.point_at(x)

    def _place_follow(self) -> None:
        self._follow.adjustSize()
        frame, width, height = self.frame(), self._follow.width(), self._follow.height()
        area = frame.area
        left = area.right() - width
        # beside the words at the edges, which say what lies beyond them
        tops = (area.top() + 2, area.bottom() - height - 20)
        top = min(tops, key=lambda one: covered(frame, QRectF(left, one, width, height)))
        self._follow.move(round(left), LEGEND_PX + round(top))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for a scene that fits."""
        super().resizeEvent(event)
        self._place_follow()
        self._ring.setGeometry(self.rect())
        self.view_changed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw a ring when the keyboard has come here, not when the pointer has."""
        self._ring.setVisible(event.reason() in BY_KEY)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        self._ring.hide()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, zoom with plus and minus, show all with A; Escape lets go."""
        act: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: self.move_by(-0.1),
            Qt.Key.Key_Right: lambda: self.move_by(0.1),
            Qt.Key.Key_Up: lambda: self.move_by(0, 0.1),
            Qt.Key.Key_Down: lambda: self.move_by(0, -0.1),
            Qt.Key.Key_Plus: lambda: self.zoom(ZOOM_PER_KEY),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / ZOOM_PER_KEY),
            Qt.Key.Key_Home: self.show_all,
            Qt.Key.Key_A: self.show_all,
        }
        if self._pinned:
            act[Qt.Key.Key_Escape] = self.let_go
        if event.key() in act and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            act[event.key()]()
        else:
            super().keyPressEvent(event)


class _Ring(QWidget):
    """The frame around what has the keyboard; the pointer goes through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().accent, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
