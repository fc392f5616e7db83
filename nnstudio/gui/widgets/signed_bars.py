"""Signed numbers from a middle line: as bars with names, or as a strip when they are many."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.numerals import signed

BARS_PX: Final = 192
ROW_PX: Final = 14
STRIP_PX: Final = 40


class SignedBars(QWidget):
    """Signed numbers as thin bars from a middle line, with a name and the number beside each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: NDArray[np.floating] = np.empty(0)
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_values(self, values: NDArray[np.floating], names: tuple[str, ...]) -> None:
        """Show these numbers; names that are missing are the numbers of the bars."""
        if len(values) != len(self._values):
            self.updateGeometry()
        self._values, self._names = values, names
        self.update()

    def sizeHint(self) -> QSize:
        """Give one row for each number."""
        return QSize(BARS_PX, ROW_PX * len(self._values))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars over one scale."""
        now, painter = theme(), QPainter(self)
        painter.setFont(font(11))
        most = float(np.nanmax(np.abs(self._values), initial=0.0))
        left, right = 30.0, self.width() - 58.0
        middle, half = (left + right) / 2, (right - left) / 2
        for row, value in enumerate(self._values.tolist()):
            top = float(row * ROW_PX)
            name = self._names[row] if row < len(self._names) else str(row)
            painter.setPen(now.text2)
            place = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, 26, ROW_PX), int(place), name)
            painter.setPen(now.text)
            number = QRectF(self.width() - 56, top, 46, ROW_PX)
            painter.drawText(number, int(place | Qt.AlignmentFlag.AlignRight), signed(value))
            long = half * value / most if most > 0 and np.isfinite(value) else 0.0
            bar = QRectF(middle, top + ROW_PX / 2 - 2.5, long, 5).normalized()
            painter.fillRect(bar, now.plus if value > 0 else now.minus)
        painter.fillRect(QRectF(middle - 0.5, 0, 1, self.height()), now.border)


def cell_in_strip(count: int) -> tuple[int, int]:
    """Give rows and columns per value, so that `count` values in a row about fill a strip."""
    tall = STRIP_PX * count / (BARS_PX)
    return (round(tall), 1) if tall >= 1 else (1, max(1, round(1 / max(tall, 1e-3))))


def as_strip(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Give values (1, n) as a picture with the shape of a strip."""
    rows, columns = cell_in_strip(values.shape[1])
    return values.repeat(rows, axis=0).repeat(columns, axis=1)
