"""Pictures in a grid with words under them; beside each, where there is one, another version."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.inked import inked
from nnstudio.gui.widgets.plot.frame import font_of

Bytes = NDArray[np.uint8]

SIDE_PX: Final = 56
WORDS_PX: Final = 18
LINE_PX: Final = 15
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
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


def place_of(
    room: QSize,
    shape: tuple[int, int],
    *,
    paired: bool,
    words_px: int = WORDS_PX,
    side_px: int = SIDE_PX,
) -> Place:
    """Give how pictures of `shape` (rows, columns) lie in `room`; whole pixels where they can."""
    tall, wide = shape
    factor = side_px / max(tall, wide)
    factor = float(round(factor)) if factor > 1 else factor
    picture = QSize(max(round(wide * factor), 1), max(round(tall * factor), 1))
    across = picture.width() * (2 if paired else 1) + (PAIR_GAP_PX if paired else 0)
    cell = QSize(across + GAP_PX, picture.height() + words_px)
    columns = max((room.width() + GAP_PX) // cell.width(), 1)
    # what is left of the width parts the columns, so that they reach from edge to edge
    cell.setWidth(max((room.width() + GAP_PX) // columns, cell.width()))
    return Place(picture, cell, columns, max(room.height() // cell.height(), 1))


class PictureGrid(QWidget):
    """Pictures by rows, dark on light as ink on paper; page keys and the wheel turn pages.

    Knows one page of pictures and their words; how many it has room for is `capacity`. Where they
    are `pickable`, a click or Enter tells which, and the arrows go from one to the next.
    """

    page_wished = Signal(int)
    picked = Signal(int)
    resized = Signal()

    def __init__(self, *, pickable: bool = False) -> None:
        super().__init__()
        self._pickable = pickable
        self._marked: int | None = None
        self._lines = 1
        self._side_px = SIDE_PX
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
    def marked(self) -> int | None:
        """The picture that Enter would tell."""
        return self._marked

    @property
    def shown(self) -> tuple[Bytes, ...]:
        """The pictures, and their other versions when there are any."""
        return self._pixels

    def set_form(
        self, shape: tuple[int, int], *, paired: bool, lines: int = 1, side_px: int = SIDE_PX
    ) -> None:
        """Say of which shape (rows, columns) the next pictures are and whether they are pairs.

        `lines` is how many lines the words under a picture have, `side_px` about how large the
        longer side of a picture is shown.
        """
        self._shape, self._paired, self._lines = shape, paired, lines
        self._side_px = side_px

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
        if self._marked is not None and self._marked >= self._count:
            self._marked = self._count - 1 if self._count else None
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the picture under the pointer."""
        at = self._at(event.position().toPoint())
        if not self._pickable or at is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._mark(at)
        self.picked.emit(at)

    def _mark(self, at: int) -> None:
        self._marked = at
        if at < len(self._tips):
            self.setAccessibleDescription(self._tips[at])
        self.update()

    def _moves(self, key: Qt.Key) -> bool:
        """Move the mark, or tell it; gives whether `key` does anything here."""
        if not self._pickable or not self._count:
            return False
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._marked is not None:
                self.picked.emit(self._marked)
            return True
        columns = self._place().columns
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        if key not in steps:
            return False
        wanted = 0 if self._marked is None else self._marked + steps[key]
        if 0 <= wanted < min(self._count, self.capacity):
            self._mark(wanted)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.page_wished.emit(steps[key])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn pages; where pictures can be picked, the arrows go from one to the next."""
        turns = {
            Qt.Key.Key_PageDown: 1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_PageUp: -1,
            Qt.Key.Key_Left: -1,
        }
        if self._moves(Qt.Key(event.key())):
            return
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
            self._write(painter, at, box, place)
            if at == self._marked and self.hasFocus():
                painter.setPen(QPen(now.accent, 2))
                painter.drawRect(QRectF(QPointF(box.topLeft()), QSizeF(place.picture)))
        if self.hasFocus() and self._marked is None:
            # as thin as the lines around the pictures at the rim, so that it cuts none of them
            painter.setPen(QPen(now.accent, 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _write(self, painter: QPainter, at: int, box: QRect, place: Place) -> None:
        # words of several lines are longer than a picture is wide
        wide = place.picture.width() * len(self._images)
        across = wide if self._lines == 1 else max(wide, place.cell.width() - GAP_PX)
        top = box.top() + place.picture.height()
        for number, line in enumerate(self._words[at].split("\n")):
            words = QRect(box.left(), top + number * LINE_PX, across, WORDS_PX)
            shown = painter.fontMetrics().elidedText(
                line, Qt.TextElideMode.ElideRight, words.width()
            )
            place_of_words = Qt.AlignmentFlag.AlignCenter if self._lines == 1 else LEFT
            painter.drawText(words, int(place_of_words), shown)

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
        words_px = WORDS_PX + (self._lines - 1) * LINE_PX
        return place_of(
            self.size(),
            self._shape,
            paired=self._paired,
            words_px=words_px,
            side_px=self._side_px,
        )

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
        # each picture under the one before it
        self._images = [inked(one.reshape(-1, one.shape[2])) for one in self._pixels]
        self.update()
