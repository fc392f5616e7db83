"""A small picture shown pixel by pixel, each a whole number of screen pixels."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.inked import inked


class PixelPicture(QWidget):
    """Grey values from paper to ink in a frame of 1 px; paper alone while there is no picture."""

    def __init__(self, side: int, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._pixels: NDArray[np.uint8] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    @property
    def pixels(self) -> NDArray[np.uint8] | None:
        """What is shown."""
        return self._pixels

    def set_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show `pixels` (H, W), 255 is full ink; None shows paper."""
        self._pixels = pixels
        self.update()

    def sizeHint(self) -> QSize:
        """Give three screen pixels to each, and the frame."""
        return QSize(3 * self._side + 2, 3 * self._side + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pixels as blocks, in the middle of the frame."""
        now = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.paper)
        if self._pixels is not None:
            rows, columns = self._pixels.shape
            ratio = self.devicePixelRatioF()
            factor = int((self.width() - 2) * ratio) // max(rows, columns) / ratio
            box = QRectF(0, 0, columns * factor, rows * factor)
            box.moveCenter(QRectF(self.rect()).center())
            painter.drawImage(box, inked(self._pixels))
        painter.setPen(QPen(now.border, 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
