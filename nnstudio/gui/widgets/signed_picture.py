"""A small picture of values that speak for or against something, in the diverging map."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import diverging_map, theme, themes

_STEPS: Final = 127  # colours each way; 0 is one by itself
_FULL_SHARE: Final = 0.99  # of the values stay below the strongest colour; a single one may not


class SignedPicture(QWidget):
    """Values around 0 as whole screen pixels in a frame of 1 px; 0 alone while there are none.

    Knows the values; what is not finite is shown as 0.
    """

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[np.floating] | None = None
        self._image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        themes.changed.connect(self._draw_anew)

    @property
    def values(self) -> NDArray[np.floating] | None:
        """What is shown."""
        return self._values

    def set_values(self, values: NDArray[np.floating] | None) -> None:
        """Show `values` (H, W), the same scale for both signs; None shows nothing."""
        if values is None and self._values is None:
            return
        self._values = values
        self._draw_anew()

    def _draw_anew(self) -> None:
        self._image = None
        self.update()

    def _painted(self, values: NDArray[np.floating]) -> QImage:
        known = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
        told = np.abs(known[known != 0])
        limit = float(np.quantile(told, _FULL_SHARE)) if told.size else 1.0
        places = np.rint(_STEPS * (1 + np.clip(known / limit, -1, 1))).astype(np.uint8)
        coloured = np.ascontiguousarray(diverging_map(2 * _STEPS + 1)[places])
        rows, columns = values.shape
        form = QImage.Format.Format_RGBA8888
        # a copy: the image would not keep the array alive
        return QImage(coloured.data, columns, rows, 4 * columns, form).copy()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring of the keyboard."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the values as blocks, in the middle of the frame."""
        now = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.zero)
        if self._values is not None:
            if self._image is None:
                self._image = self._painted(self._values)
            rows, columns = self._values.shape
            ratio = self.devicePixelRatioF()
            factor = int((self.width() - 2) * ratio) // max(rows, columns) / ratio
            box = QRectF(0, 0, columns * factor, rows * factor)
            box.moveCenter(QRectF(self.rect()).center())
            painter.drawImage(box, self._image)
        focused = self.hasFocus()
        painter.setPen(QPen(now.accent, 2) if focused else QPen(now.border, 1))
        inset = 1.0 if focused else 0.5
        painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))
