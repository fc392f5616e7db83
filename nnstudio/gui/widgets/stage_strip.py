"""How a photo was read: its stages side by side, and the digits that were found in it."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from nnstudio.gui.theme import font, theme
from nnstudio.texts import tr, tr_count

if TYPE_CHECKING:
    from nnstudio.data.photo import PhotoStages

_SIDE: Final = 112
_GAP: Final = 12
_WORDS: Final = 38  # two lines
_DIGIT: Final = 42
_COLUMNS: Final = 3
_MOST_DIGITS: Final = 8


def _grey(picture: NDArray[np.uint8]) -> QImage:
    tight = np.ascontiguousarray(picture)
    height, width = tight.shape
    # a copy: the image would not keep the array alive
    return QImage(tight.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


class StageStrip(QFrame):
    """A popup with every stage and what was done; Escape or a click elsewhere closes it.

    Knows the photo that it shows, and which of several digits is looked at: `digit_chosen` tells
    of another one, by a click or the arrow keys.
    """

    digit_chosen = Signal(int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._titles: tuple[str, ...] = ()
        self._images: list[QImage] = []
        self._digits: list[QImage] = []
        self._at: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def titles(self) -> tuple[str, ...]:
        """What was done, stage by stage."""
        return self._titles

    @property
    def digits(self) -> int:
        """How many digits were found."""
        return len(self._digits)

    @property
    def at(self) -> int | None:
        """The digit that is looked at, counted from the left."""
        return self._at

    def mark(self, at: int | None) -> None:
        """Frame the digit that is looked at."""
        self._at = at
        self.update()

    def open_beside(self, widget: QWidget, photo: "PhotoStages", *, at: int | None = None) -> None:
        """Show the stages of `photo` under `widget`, or where there is room on its screen.

        The digit `at` is the one that is looked at; None where all of it is one.
        """
        self._at = at
        self._titles = tuple(str(stage.title) for stage in photo.stages)
        self._images = [_grey(stage.picture) for stage in photo.stages]
        self._digits = [_grey(one) for one in photo.results[:_MOST_DIGITS]]
        self.setAccessibleName(tr("How the photo was read"))
        self.setAccessibleDescription(", ".join((*self._titles, self._found())))
        self.resize(self.sizeHint())
        room = widget.screen().availableGeometry()
        corner = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        left = max(min(corner.x(), room.right() + 1 - self.width()), room.left())
        top = max(min(corner.y(), room.bottom() + 1 - self.height()), room.top())
        self.move(left, top)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def sizeHint(self) -> QSize:
        """Give room for all stages and a row of digits."""
        rows = -(-max(len(self._images), 1) // _COLUMNS)
        wide = _COLUMNS * (_SIDE + _GAP) + _GAP
        return QSize(wide, rows * (_SIDE + _WORDS) + 3 * _GAP + 20 + self._digits_px())

    def _digits_px(self) -> int:
        return _DIGIT + 8 if self._digits else 0

    def _found(self) -> str:
        if not self._digits:
            return tr("No digit was found on it.")
        return tr_count(
            "{count} digit was found.",
            "{count} digits were found, from left to right:",
            len(self._digits),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape, Enter and Space."""
        closing = {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        arrows = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in closing:
            self.close()
        elif event.key() in arrows and self._at is not None:
            self._choose(self._at + arrows[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a digit can be chosen."""
        over = self._at is not None and self._digit_at(event.position().toPoint()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the digit under the pointer."""
        at = self._digit_at(event.position().toPoint())
        if at is not None and self._at is not None:
            self._choose(at)
        else:
            super().mousePressEvent(event)

    def _choose(self, at: int) -> None:
        if 0 <= at < len(self._digits) and at != self._at:
            self.mark(at)
            self.digit_chosen.emit(at)

    def _digit_at(self, point: QPoint) -> int | None:
        digits = range(len(self._digits))
        return next((at for at in digits if self._digit_box(at).contains(point)), None)

    def _digit_box(self, at: int) -> QRect:
        top = self.height() - self._digits_px() - _GAP + 4
        return QRect(_GAP + at * (_DIGIT + 4), top, _DIGIT, _DIGIT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the stages, their names, and the digits."""
        now, painter = theme(), QPainter(self)
        painter.fillRect(self.rect(), now.panel)
        painter.setPen(now.border)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for at, (title, image) in enumerate(zip(self._titles, self._images, strict=True)):
            row, column = divmod(at, _COLUMNS)
            left, top = _GAP + column * (_SIDE + _GAP), _GAP + row * (_SIDE + _WORDS)
            self._paint_stage(painter, image, QRect(left, top, _SIDE, _SIDE))
            painter.setFont(font(12))
            painter.setPen(now.text2)
            words = QRect(left, top + _SIDE + 2, _SIDE + _GAP - 4, _WORDS - 4)
            wrapped = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
            painter.drawText(words, wrapped, f"{at + 1}  {title}")
        top = self.height() - self._digits_px() - _GAP - 20
        painter.setFont(font(13, 600))
        painter.setPen(now.text)
        painter.drawText(QRect(_GAP, top, self.width() - 2 * _GAP, 20), 0, self._found())
        for at, image in enumerate(self._digits):
            painter.drawImage(self._digit_box(at), image)
        if self._at is not None and self._at < len(self._digits):
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(self._digit_box(self._at).adjusted(-1, -1, 0, 0))

    def _paint_stage(self, painter: QPainter, image: QImage, box: QRect) -> None:
        shown = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(0, 0), shown)
        place.moveCenter(box.center())
        painter.drawImage(place, image)
        painter.setPen(theme().border)
        painter.drawRect(place.adjusted(0, 0, -1, -1))
