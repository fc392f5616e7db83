"""Pictures in a grid with words under them; beside each, where there is one, another version."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import font_of

Bytes = NDArray[np.uint8]

SIDE_PX: Final = 56
WORDS_PX: Final = 18
GAP_PX: Final = 10
PAIR_GAP_PX: Final = 2
WHEEL_NOTCH: Final = 120


@dataclass(frozen=True)
class Place:
    """How the cells lie: the size of a picture and of a cell, and how many fit."""

    picture: QSize
    cell: QSize
    columns: int
    rows: int


def place_of(room: QSize, shape: tuple[int, int], *, paired: bool) -> Place:
    """Give how pictures of `shape` (rows, columns) lie in `room`; whole pixels where they can."""
    tall, wide = shape
    factor = SIDE_PX / max(tall, wide)
    factor = float(round(factor)) if factor > 1 else factor
    picture = QSize(max(round(wide * factor), 1), max(round(tall * factor), 1))
    across = picture.width() * (2 if paired else 1) + (PAIR_GAP_PX if paired else 0)
    cell = QSize(across + GAP_PX, picture.height() + WORDS_PX)
    columns = max((room.width() + GAP_PX) // cell.width(), 1)
    # what is left of the width parts the columns, so that they reach from edge to edge
    cell.setWidth(max((room.width() + GAP_PX) // columns, cell.width()))
    return Place(picture, cell, columns, max(room.height() // cell.height(), 1))


class PictureGrid(QWidget):
    """Pictures by rows, dark on light as ink on paper; page keys and the wheel turn pages.

    Knows one page of pictures and their words; how many it has room for is `capacity`.
    """

    page_wished = Signal(int)
    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shape = (1, 1)
        self._count = 0
        self._words: tuple[str, ...] = ()
        self._tips: tuple[str, ...] = ()
        self._images: list[QImage] = []
        self._pixels: tuple[Bytes, ...] = ()
        self._paired = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(80, SIDE_PX + WORDS_PX)
        themes.changed.connect(self._repaint_all)

    @property
    def capacity(self) -> int:
        """How many pictures fit."""
        place = self._place()
        return place.columns * place.rows

    @property
    def shown(self) -> tuple[Bytes, ...]:
        """The pictures, and their other versions when there are any."""
        return self._pixels

    def set_form(self, shape: tuple[int, int], *, paired: bool) -> None:
        """Say of which shape (rows, columns) the next pictures are and whether they are pairs."""
        self._shape, self._paired = shape, paired

    def show_pictures(
        self,
        pictures: Bytes,
        words: tuple[str, ...],
        *,
        beside: Bytes | None = None,
        tips: tuple[str, ...] = (),
    ) -> None:
        """Show `pictures` (T, rows, columns), 0 as paper, 255 as ink, and `words` under them."""
        self._shape = (pictures.shape[1], pictures.shape[2])
        self._paired = beside is not None
        self._pixels = (pictures,) if beside is None else (pictures, beside)
        self._words, self._tips, self._count = words, tips, len(pictures)
        self.setAccessibleDescription(", ".join(words))
        self._repaint_all()

    def sizeHint(self) -> QSize:
        """Give room for some rows."""
        return QSize(600, 300)

    def event(self, event: QEvent) -> bool:
        """Say more about the picture under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at(event.pos())
            if at is not None and at < len(self._tips):
                QToolTip.showText(event.globalPos(), self._tips[at], self)
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell that another number fits."""
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages."""
        turns = {
            Qt.Key.Key_PageDown: 1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_Left: -1,
        }
        turn = turns.get(Qt.Key(event.key()))
        if turn is None:
            super().keyPressEvent(event)
        else:
            self.page_wished.emit(turn)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn pages."""
        turned = event.angleDelta().y()
        if abs(turned) >= WHEEL_NOTCH:
            self.page_wished.emit(-1 if turned > 0 else 1)
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw pictures and words."""
        now, painter, place = theme(), QPainter(self), self._place()
        painter.setFont(font_of(12))
        smooth = place.picture.height() < self._shape[0]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=smooth)
        for at in range(min(self._count, place.columns * place.rows)):
            box = self._cell(at, place)
            self._draw(painter, at, box, place)
            painter.setPen(now.text2)
            across = place.picture.width() * len(self._images)
            words = QRect(box.left(), box.top() + place.picture.height(), across, WORDS_PX)
            shown = painter.fontMetrics().elidedText(
                self._words[at], Qt.TextElideMode.ElideRight, words.width()
            )
            painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), shown)
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _draw(self, painter: QPainter, at: int, box: QRect, place: Place) -> None:
        tall, wide = self._shape
        source = QRect(0, at * tall, wide, tall)
        for number, image in enumerate(self._images):
            left = box.left() + number * (place.picture.width() + PAIR_GAP_PX)
            target = QRect(QPoint(left, box.top()), place.picture)
            painter.drawImage(target, image, source)
            painter.setPen(theme().line)
            painter.drawRect(target.adjusted(0, 0, -1, -1))

    def _place(self) -> Place:
        return place_of(self.size(), self._shape, paired=self._paired)

    def _cell(self, at: int, place: Place) -> QRect:
        row, column = divmod(at, place.columns)
        corner = QPoint(column * place.cell.width(), row * place.cell.height())
        return QRect(corner, place.cell)

    def _at(self, point: QPoint) -> int | None:
        place = self._place()
        for at in range(self._count):
            if self._cell(at, place).contains(point):
                return at
        return None

    def _repaint_all(self) -> None:
        self._images = [_image(pixels) for pixels in self._pixels]
        self.update()


def _image(pixels: Bytes) -> QImage:
    """Give all pictures (T, rows, columns) as one image, each under the one before it."""
    shades = np.linspace(0, 1, 256)[:, None]
    ends: list[NDArray[Any]] = [
        np.array([colour.red(), colour.green(), colour.blue()])
        for colour in (theme().paper, theme().ink)
    ]
    table = np.rint(ends[0] + shades * (ends[1] - ends[0])).astype(np.uint8)
    painted = np.ascontiguousarray(table[pixels])
    count, tall, wide = pixels.shape
    form = QImage.Format.Format_RGB888
    # a copy: the image would not keep the array alive
    return QImage(painted.data, wide, count * tall, 3 * wide, form).copy()
