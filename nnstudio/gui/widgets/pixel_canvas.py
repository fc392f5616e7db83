"""A square of paper to draw on with mouse, touch or pen; only what is new is painted."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.errors import NnstudioError
from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.drawing import (
    UNITS,
    InkPicture,
    Item,
    PenStroke,
    ink_of,
    ink_of_picture,
    middle,
    paint_items,
    paint_piece,
    ready_pen,
)
from nnstudio.gui.widgets.picture_input import grey_of_file, grey_of_mime, holds_picture

BRUSH: Final = 15.0  # canvas units
ERASER: Final = 1.5  # times the pen: nobody traces a stroke so well that no rim stays
_NEAREST: Final = 0.4  # canvas units; a nearer point of the pointer tells nothing new
_LIGHTEST: Final = 0.3  # share of the brush that the lightest touch of a pen draws


class PixelCanvas(QWidget):
    """Paper; draws smooth round strokes, the right button erases.

    Knows its drawing as strokes and pictures in units of 1/192 of its side, and every drawing
    before it, for undo. `strokes_changed` comes with every move of the pen.
    """

    strokes_changed = Signal()
    picture_refused = Signal(object)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[Item, ...] = ()
        self._past: list[tuple[Item, ...]] = []
        self._points: list[tuple[float, float]] = []
        self._widths: list[float] = []
        self._stroke_erases = False
        self._brush = BRUSH
        self._erasing = False
        self._ink: QImage | None = None
        self._hint: tuple[str, str, bool] = ("", "", False)
        self._pointer: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.changed.connect(self._repaint_ink)

    @property
    def items(self) -> tuple[Item, ...]:
        """What is drawn, the stroke under way included; in the order of drawing."""
        if not self._points:
            return self._items
        return (*self._items, self._stroke())

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn, not even erased."""
        return not any(isinstance(item, InkPicture) or not item.erasing for item in self.items)

    @property
    def can_undo(self) -> bool:
        """Whether there is a drawing before this one."""
        return bool(self._past)

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

    def set_hint(self, title: str, text: str = "", *, accent: bool = False) -> None:
        """Say this in the middle of the paper while it is empty."""
        if self._hint != (title, text, accent):
            self._hint = (title, text, accent)
            self.setAccessibleDescription(f"{title} {text}".strip())
            self.update()

    @property
    def caption(self) -> str:
        """What the picture is, said in the corner while nothing is drawn over it."""
        only = self.items[0] if len(self.items) == 1 else None
        return only.caption if isinstance(only, InkPicture) else ""

    def ink(self, side: int) -> NDArray[np.uint8]:
        """Give the drawing as (side, side) pixels, 255 is full ink."""
        return ink_of(self.items, side=side)

    def clear(self) -> None:
        """Take everything away; undo brings it back."""
        self._points, self._widths = [], []
        if self._items:
            self._change(())

    def undo(self) -> None:
        """Take the last stroke, picture or clearing back."""
        self._points, self._widths = [], []
        if self._past:
            self._items = self._past.pop()
            self._repaint_ink()
            self.strokes_changed.emit()

    def set_picture(
        self, ink: NDArray[np.uint8], *, exact: bool = False, caption: str = ""
    ) -> None:
        """Show a picture (H, W), 255 is full ink, in place of the drawing."""
        self._points, self._widths = [], []
        self._change((InkPicture(ink, exact, caption),))

    def set_items(self, items: tuple[Item, ...]) -> None:
        """Show these strokes and pictures in place of the drawing."""
        self._points, self._widths = [], []
        if items != self._items:
            self._change(items)

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

    def sizeHint(self) -> QSize:
        """Give the size of the paper in the default window."""
        return QSize(192, 192)

    def _change(self, items: tuple[Item, ...]) -> None:
        self._past.append(self._items)
        self._items = items
        self._repaint_ink()
        self.strokes_changed.emit()

    def _stroke(self) -> PenStroke:
        return PenStroke(np.array(self._points), np.array(self._widths), self._stroke_erases)

    def _side(self) -> float:
        return float(min(self.width(), self.height()))

    def _repaint_ink(self) -> None:
        self._ink = None
        self.update()

    def _ink_image(self) -> QImage:
        if self._ink is None:
            ratio = self.devicePixelRatioF()
            side = max(round(self._side() * ratio), 1)
            image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            paint_items(image, self.items, colour=theme().ink, side=float(side))
            image.setDevicePixelRatio(ratio)
            self._ink = image
        return self._ink

    def _begin(self, position: QPointF, *, width: float, erasing: bool) -> None:
        self._stroke_erases = erasing
        self._points, self._widths = [], []
        self._extend(position, width=width)

    def _begin_with_mouse(self, position: QPointF, *, erasing: bool) -> None:
        width = self._brush * (ERASER if erasing else 1.0)
        self._begin(position, width=width, erasing=erasing)

    def _extend(self, position: QPointF, *, width: float) -> None:
        unit = UNITS / max(self._side(), 1.0)
        point = (position.x() * unit, position.y() * unit)
        if self._points:
            last = self._points[-1]
            if abs(point[0] - last[0]) + abs(point[1] - last[1]) < _NEAREST:
                return
        self._points.append(point)
        self._widths.append(width)
        self._paint_newest()
        self.strokes_changed.emit()

    def _paint_newest(self) -> None:
        """Paint the newest piece onto the ink; the end of it follows in `paintEvent`."""
        points = self._points
        if len(points) <= 2:
            piece = points[:1] if len(points) == 1 else [points[0], middle(*points)]
        else:
            piece = points[-3:]
        ink = self._ink_image()
        scale = self._side() / UNITS
        painter = QPainter(ink)
        ready_pen(painter, theme().ink, erasing=self._stroke_erases)
        touched = paint_piece(painter, piece, width=self._widths[-1], scale=scale)
        painter.end()
        for x, y in points[-2:]:
            reach = self._widths[-1] * scale / 2 + 2
            touched |= QRectF(x * scale - reach, y * scale - reach, 2 * reach, 2 * reach)
        self.update(touched.toAlignedRect())

    def _finish(self) -> None:
        if not self._points:
            return
        if len(self._points) > 1:
            self._paint_tail(self._ink_image())
        self._past.append(self._items)
        self._items = (*self._items, self._stroke())
        self._points, self._widths = [], []
        self.update()
        self.strokes_changed.emit()

    def _paint_tail(self, device: QImage) -> None:
        painter = QPainter(device)
        ready_pen(painter, theme().ink, erasing=self._stroke_erases)
        piece = [middle(*self._points[-2:]), self._points[-1]]
        paint_piece(painter, piece, width=self._widths[-1], scale=self._side() / UNITS)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke; with the right button one that erases."""
        right = event.button() == Qt.MouseButton.RightButton
        if right or event.button() == Qt.MouseButton.LeftButton:
            self._begin_with_mouse(event.position(), erasing=self._erasing or right)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on; without a button, show how wide the eraser is."""
        self._pointer = event.position()
        if self._points:
            self._extend(event.position(), width=self._widths[-1])
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
        elif kind == QEvent.Type.TabletMove and self._points:
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
            self.set_picture(ink_of_picture(grey))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw all strokes anew, as sharp as before."""
        super().resizeEvent(event)
        self._repaint_ink()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw paper, ink, the end of the stroke under way, and the frame."""
        now = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.panel)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paper = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.paper)
        painter.drawRoundedRect(paper, 4, 4)
        painter.drawImage(QPointF(0, 0), self._ink_image())
        if len(self._points) > 1:
            self._paint_end(painter)
        if not self.items:
            self._paint_hint(painter)
        self._paint_caption(painter)
        if self._erasing and self._pointer is not None:
            radius = self._brush * ERASER * self._side() / UNITS / 2
            painter.setPen(QPen(now.text3, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self._pointer, radius, radius)
        focused = self.hasFocus()
        painter.setPen(QPen(now.accent, 2) if focused else QPen(now.border, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = 0.5 if focused else 0
        painter.drawRoundedRect(paper.adjusted(inset, inset, -inset, -inset), 4, 4)

    def _paint_end(self, painter: QPainter) -> None:
        """Draw from where the ink ends to where the pen is; the next point bends this part."""
        ready_pen(painter, theme().paper if self._stroke_erases else theme().ink, erasing=False)
        piece = [middle(*self._points[-2:]), self._points[-1]]
        paint_piece(painter, piece, width=self._widths[-1], scale=self._side() / UNITS)

    def _paint_hint(self, painter: QPainter) -> None:
        title, text, accent = self._hint
        now = theme()
        box = QRectF(self.rect()).adjusted(16, 0, -16, 0)
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        upper = box.adjusted(0, 0, 0, -box.height() / 2 - 2)
        painter.setFont(font(13, 600))
        painter.setPen(now.accent_text if accent else now.text2)
        painter.drawText(upper, centred | Qt.AlignmentFlag.AlignBottom, title)
        painter.setFont(font(12))
        painter.setPen(now.text3)
        lower = box.adjusted(0, box.height() / 2 + 2, 0, 0)
        painter.drawText(lower, centred | Qt.AlignmentFlag.AlignTop, text)

    def _paint_caption(self, painter: QPainter) -> None:
        painter.setFont(font(11))
        painter.setPen(theme().text3)
        place = QRectF(self.rect()).adjusted(8, 0, -8, -5)
        corner = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(place, corner, self.caption)
