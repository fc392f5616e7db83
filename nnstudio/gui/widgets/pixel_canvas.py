"""A square of paper to draw on with mouse, touch or pen, and to put pictures on."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtWidgets import QWidget

from nnstudio.errors import NnstudioError
from nnstudio.gui.widgets.drawing import UNITS
from nnstudio.gui.widgets.ink_layer import Line
from nnstudio.gui.widgets.paper import paint_rubber
from nnstudio.gui.widgets.picture_input import (
    grey_of_file,
    grey_of_mime,
    holds_picture,
    picture_of,
)
from nnstudio.gui.widgets.sheet import Sheet

BRUSH: Final = 15.0  # canvas units
ERASER: Final = 1.5  # times the pen: nobody traces a stroke so well that no rim stays
_NEAREST: Final = 0.4  # canvas units; a nearer point of the pointer tells nothing new
_LIGHTEST: Final = 0.3  # share of the brush that the lightest touch of a pen draws


class PixelCanvas(Sheet):
    """Paper; draws smooth round strokes, the right button erases.

    Knows brush and eraser. `strokes_changed` comes with every move of the pen, `picture_taken`
    after a picture was pasted, dropped or opened, `stepped` with -1 or 1 for the arrow keys.
    """

    picture_refused = Signal(object)
    picture_taken = Signal()
    stepped = Signal(int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._brush = BRUSH
        self._erasing = False
        self._pointer: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)

    @property
    def erasing(self) -> bool:
        """Whether the left button erases too."""
        return self._erasing

    @property
    def brush(self) -> float:
        """Width of the pen in canvas units."""
        return self._brush

    def set_brush(self, units: float) -> None:
        """Draw `units` wide from the next stroke on."""
        self._brush = units
        self.update()

    def set_erasing(self, erasing: bool) -> None:  # noqa: FBT001 (slot of a toggled button)
        """Let the left button erase, or draw."""
        self._erasing = erasing
        self.update()

    @property
    def can_paste(self) -> bool:
        """Whether there is a picture on the clipboard."""
        return holds_picture(QGuiApplication.clipboard().mimeData())

    def paste(self) -> None:
        """Show the picture that is on the clipboard, if there is one."""
        self._take(partial(grey_of_mime, QGuiApplication.clipboard().mimeData()))

    def show_file(self, path: Path) -> None:
        """Show the picture in a file, or say by `picture_refused` why not."""
        self._take(partial(grey_of_file, path))

    def _begin(self, position: QPointF, *, width: float, erasing: bool) -> None:
        self._finish()
        self._line = Line(erasing=erasing)
        self._extend(position, width=width)

    def _begin_with_mouse(self, position: QPointF, *, erasing: bool) -> None:
        width = self._brush * (ERASER if erasing else 1.0)
        self._begin(position, width=width, erasing=erasing)

    def _extend(self, position: QPointF, *, width: float) -> None:
        unit = UNITS / max(self._side(), 1.0)
        x, y = position.x() * unit, position.y() * unit
        if self._line.points:
            last = self._line.points[-1]
            if abs(x - last[0]) + abs(y - last[1]) < _NEAREST:
                return
        self._add_point(x, y, width=width)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke; with the right button one that erases."""
        right = event.button() == Qt.MouseButton.RightButton
        if right or event.button() == Qt.MouseButton.LeftButton:
            self._begin_with_mouse(event.position(), erasing=self._erasing or right)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on; without a button, show how wide the eraser is."""
        self._pointer = event.position()
        if self._line.points:
            self._extend(event.position(), width=self._line.widths[-1])
        elif self._erasing:
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the stroke."""
        self._finish()

    def leaveEvent(self, _event: QEvent) -> None:
        """Take the ring of the eraser away."""
        self._pointer = None
        self.update()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen: the harder it presses, the wider; its other end erases."""
        kind = event.type()
        width = self._brush * (_LIGHTEST + (1 - _LIGHTEST) * event.pressure())
        if kind == QEvent.Type.TabletPress:
            rubber = event.pointerType() == QPointingDevice.PointerType.Eraser
            self._begin(event.position(), width=width, erasing=self._erasing or rubber)
        elif kind == QEvent.Type.TabletMove and self._line.points:
            self._extend(event.position(), width=width)
        elif kind == QEvent.Type.TabletRelease:
            self._finish()
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Keep the undo and paste keys for the drawing while the keyboard is here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            own_key = Qt.Key(event.key()) in {Qt.Key.Key_Escape, Qt.Key.Key_Delete}
            if own_key or event.matches(keys.Undo) or event.matches(keys.Paste):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear with Escape or Delete, undo, paste."""
        if Qt.Key(event.key()) in {Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.clear()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take what may be a picture; leave the rest, as a model file, to the window."""
        if holds_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show the picture that was dropped."""
        self._take(partial(grey_of_mime, event.mimeData()))
        event.acceptProposedAction()

    def _take(self, read: Callable[[], NDArray[np.uint8] | None]) -> None:
        try:
            grey = read()
        except NnstudioError as error:
            self.picture_refused.emit(error)
            return
        if grey is not None:
            self._line = Line()
            self._change((picture_of(grey),))
            self.picture_taken.emit()

    def _paint_pointer(self, painter: QPainter) -> None:
        """Draw how wide the eraser is."""
        if self._erasing and self._pointer is not None:
            radius = self._brush * ERASER * self._side() / UNITS / 2
            paint_rubber(painter, self._pointer, radius)
