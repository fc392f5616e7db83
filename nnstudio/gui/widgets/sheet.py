"""A sheet of paper with what is drawn on it, painted sharp at any size; only what is new anew."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.widgets.drawing import InkPicture, Item, ink_of
from nnstudio.gui.widgets.ink_layer import InkLayer, Line
from nnstudio.gui.widgets.paper import (
    Hint,
    Mark,
    Paper,
    colours_of,
    paint_caption,
    paint_hint,
    paint_marks,
    paint_paper,
    paint_rim,
)


class Sheet(QWidget):
    """A square of paper and the drawing on it.

    Knows its drawing as strokes and pictures in units of 1/192 of its side, and every drawing
    before it, for undo. `strokes_changed` comes with everything that changes the drawing.
    """

    strokes_changed = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[Item, ...] = ()
        self._past: list[tuple[Item, ...]] = []
        self._line = Line()
        self._ink = InkLayer()
        self._paper: Paper = "theme"
        self._hint = Hint()
        self._marks: tuple[Mark, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.changed.connect(self._repaint_ink)

    @property
    def items(self) -> tuple[Item, ...]:
        """What is drawn, the stroke under way included; in the order of drawing."""
        return (*self._items, self._line.stroke()) if self._line.points else self._items

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn, not even erased."""
        drawing = bool(self._line.points) and not self._line.erasing
        return not drawing and not any(
            isinstance(item, InkPicture) or not item.erasing for item in self._items
        )

    @property
    def untouched(self) -> bool:
        """Whether there is nothing on the paper, not even a place where something was erased."""
        return not self._items and not self._line.points

    @property
    def can_undo(self) -> bool:
        """Whether there is a drawing before this one."""
        return bool(self._past)

    @property
    def drawing(self) -> bool:
        """Whether the pen is down."""
        return bool(self._line.points)

    @property
    def paper(self) -> Paper:
        """Which paper is drawn on."""
        return self._paper

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The frames around what was found."""
        return self._marks

    def set_paper(self, paper: Paper) -> None:
        """Draw on light or dark paper, or on what suits the theme."""
        if paper != self._paper:
            self._paper = paper
            self._repaint_ink()

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Frame what was found."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def set_hint(self, title: str, text: str = "", *, accent: bool = False) -> None:
        """Say this in the middle of the paper while it is empty."""
        hint = Hint(title, text, accent)
        if self._hint != hint:
            self._hint = hint
            self.setAccessibleDescription(f"{title} {text}".strip())
            self.update()

    @property
    def picture(self) -> InkPicture | None:
        """The picture, while nothing is drawn over it."""
        only = self._items[0] if len(self._items) == 1 and not self._line.points else None
        return only if isinstance(only, InkPicture) else None

    @property
    def caption(self) -> str:
        """What the picture is, said in the corner while nothing is drawn over it."""
        return self.picture.caption if self.picture is not None else ""

    def ink(self, side: int) -> NDArray[np.uint8]:
        """Give the drawing as (side, side) pixels, 255 is full ink."""
        return ink_of(self.items, side=side)

    def clear(self) -> None:
        """Take everything away; undo brings it back."""
        self._line = Line()
        if self._items:
            self._change(())

    def undo(self) -> None:
        """Take the last stroke, picture or clearing back."""
        self._line = Line()
        if self._past:
            self._items = self._past.pop()
            self._repaint_ink()
            self.strokes_changed.emit()

    def set_picture(
        self, ink: NDArray[np.uint8], *, exact: bool = False, caption: str = ""
    ) -> None:
        """Show a picture (H, W), 255 is full ink, in place of the drawing."""
        self._line = Line()
        self._change((InkPicture(ink, exact, caption),))

    def set_items(self, items: tuple[Item, ...]) -> None:
        """Show these strokes and pictures in place of the drawing."""
        self._line = Line()
        if items != self._items:
            self._change(items)

    def sizeHint(self) -> QSize:
        """Give the size of the paper in the default window."""
        return QSize(192, 192)

    def _change(self, items: tuple[Item, ...]) -> None:
        self._past.append(self._items)
        self._items = items
        self._repaint_ink()
        self.strokes_changed.emit()

    def _side(self) -> float:
        return float(min(self.width(), self.height()))

    def _repaint_ink(self) -> None:
        self._ink.forget()
        self.update()

    def _ink_image(self) -> QImage:
        return self._ink.image(
            self._items,
            side=self._side(),
            ratio=self.devicePixelRatioF(),
            colour=colours_of(self._paper)[1],
        )

    def _add_point(self, x: float, y: float, *, width: float) -> None:
        """Go on with the stroke under way to a place in canvas units."""
        self._ink_image()
        first = not self._line.points
        self._line.points.append((x, y))
        self._line.widths.append(width)
        touched = self._ink.add_newest(self._line).toAlignedRect()
        # with the first point hint and caption go
        self.update(self.rect() if first else touched)
        self.strokes_changed.emit()

    def _finish(self) -> None:
        if not self._line.points:
            return
        self._ink.end(self._line)
        self._past.append(self._items)
        self._items = (*self._items, self._line.stroke())
        self._line = Line()
        self.update()
        self.strokes_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw all strokes anew, as sharp as before."""
        super().resizeEvent(event)
        self._repaint_ink()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw paper, ink, the end of the stroke under way, what was found, and the frame."""
        painter, box, side = QPainter(self), QRectF(self.rect()), self._side()
        paper, _ = colours_of(self._paper)
        paint_paper(painter, box, paper)
        painter.drawImage(QPointF(0, 0), self._ink_image())
        self._ink.paint_end(painter, self._line, paper=paper)
        if self.untouched:
            paint_hint(painter, box, self._hint, self._paper)
        elif self.caption:
            paint_caption(painter, box, self.caption, self._paper)
        paint_marks(painter, side, self._marks)
        self._paint_pointer(painter)
        paint_rim(painter, box, focused=self.hasFocus())

    def _paint_pointer(self, painter: QPainter) -> None:
        """Draw what goes with the pointer; nothing on a sheet that is only looked at."""
