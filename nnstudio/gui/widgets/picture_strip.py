"""A few rows of small pictures, as wide as the panel; a click or Enter asks for more of them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.inked import inked

GAP_PX: Final = 2


class PictureStrip(QAbstractButton):
    """Pictures in rows of equal length; knows the pictures and nothing of what they mean."""

    def __init__(self, *, columns: int, margins: tuple[int, int] = (0, 0)) -> None:
        super().__init__()
        self._columns = columns
        self._left, self._right = margins
        self._pictures = np.zeros((0, 1, 1), np.uint8)
        self._images: list[QImage] = []
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._draw)

    @property
    def pictures(self) -> NDArray[np.uint8]:
        """What is shown."""
        return self._pictures

    def show_pictures(self, pictures: NDArray[np.uint8]) -> None:
        """Show `pictures` (T, rows, columns), 0 as paper, 255 as ink."""
        rows_before = self._rows
        self._pictures = pictures
        self._draw()
        if self._rows != rows_before:
            self.updateGeometry()

    @property
    def _rows(self) -> int:
        return -(-len(self._pictures) // self._columns)

    def hasHeightForWidth(self) -> bool:
        """Tell that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give the height of all rows."""
        return round(self._rows * (self._side(width) + GAP_PX))

    def sizeHint(self) -> QSize:
        """Give the size in a narrow panel."""
        return QSize(240, self.heightForWidth(max(self.width(), 120)))

    def minimumSizeHint(self) -> QSize:
        """Give room for narrow columns."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pictures, and a frame while the keyboard or the pointer is here."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side, now = self._side(self.width()), theme()
        wide = self.width() - self._left - self._right
        painter.fillRect(QRectF(self._left, 0, wide, self.height()), now.paper)
        for at, image in enumerate(self._images):
            row, column = divmod(at, self._columns)
            corner = (self._left + column * (side + GAP_PX), row * (side + GAP_PX))
            painter.drawImage(QRectF(*corner, side, side), image)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(now.accent, 2) if self.hasFocus() else QPen(now.border, 1))
            painter.drawRoundedRect(QRectF(self._left + 1, 1, wide - 2, self.height() - 2), 4, 4)

    def _side(self, width: int) -> float:
        free = width - self._left - self._right
        return max((free + GAP_PX) / self._columns - GAP_PX, 4.0)

    def _draw(self) -> None:
        self._images = [inked(one) for one in self._pictures]
        self.update()
