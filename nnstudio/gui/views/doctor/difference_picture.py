"""DifferencePicture: a matrix of signed differences, with the largest one of each pixel in it."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import diverging_map, font, theme, themes
from nnstudio.gui.widgets.numerals import brief, grouped
from nnstudio.texts import tr

HEIGHT_PX: Final = 96
ROW_PX: Final = 20
LEGEND_PX: Final = 28
SCALE_PX: Final = (200, 6)
"""Most of the width of the scale of colours, and its height."""


class DifferencePicture(QWidget):
    """Rows are inputs, columns units; one colour scale, symmetric at 0, ends at the largest."""

    def __init__(self) -> None:
        super().__init__()
        self._values: NDArray[Any] = np.zeros((1, 1))
        self._limit = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    @property
    def limit(self) -> float:
        """Where the scale ends."""
        return self._limit

    def sizeHint(self) -> QSize:
        """Give its height: less for a single row."""
        height = HEIGHT_PX if len(self._values) > 1 else ROW_PX
        return QSize(160, height + LEGEND_PX)

    def show_differences(self, values: NDArray[Any]) -> None:
        """Show a block, (D, M) or (M,); what is not finite is drawn as 0."""
        self._values = np.nan_to_num(np.atleast_2d(values), posinf=0.0, neginf=0.0)
        self._limit = float(np.abs(self._values).max(initial=0.0))
        rows, columns = self._values.shape
        self.setAccessibleName(
            tr(
                "Differences of {rows} × {columns} entries, the largest is {largest}",
                rows=grouped(rows),
                columns=grouped(columns),
                largest=brief(self._limit),
            )
        )
        self.setToolTip(self.accessibleName())
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the matrix, and what its colours mean."""
        now, painter = theme(), QPainter(self)
        room = QRectF(self.rect()).adjusted(0, 0, 0, -LEGEND_PX)
        ratio = self.devicePixelRatioF()
        pixels = pooled(
            self._values, rows=int(room.height() * ratio), columns=int(room.width() * ratio)
        )
        scaled = pixels / self._limit if self._limit else np.zeros_like(pixels)
        colours = diverging_map()[np.rint((scaled + 1) / 2 * 255).astype(np.int64)]
        height, width = pixels.shape
        image = QImage(colours.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888)
        painter.drawImage(room, image)
        painter.setPen(QPen(now.line, 1))
        painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
        self._paint_scale(painter, room.bottom() + 6)

    def _paint_scale(self, painter: QPainter, top: float) -> None:
        """Draw the colours from the largest difference below 0 to the largest above it."""
        most, height = SCALE_PX
        scale = QRectF(0, top, min(most, self.width()), height)
        colours = np.ascontiguousarray(diverging_map())
        strip = QImage(colours.data, len(colours), 1, QImage.Format.Format_RGBA8888)
        painter.drawImage(scale, strip)
        painter.setFont(font(11))
        painter.setPen(theme().text3)
        foot = scale.adjusted(0, 0, 0, LEGEND_PX - 6 - height)
        below = Qt.AlignmentFlag.AlignBottom
        painter.drawText(foot, int(below | Qt.AlignmentFlag.AlignLeft), brief(-self._limit))
        painter.drawText(foot, int(below | Qt.AlignmentFlag.AlignHCenter), "0")
        painter.drawText(foot, int(below | Qt.AlignmentFlag.AlignRight), brief(self._limit))


def pooled(values: NDArray[Any], *, rows: int, columns: int) -> NDArray[Any]:
    """Give `values` with at most so many rows and columns; of many the largest one stays.

    Examples
    --------
    >>> pooled(np.array([[1.0, -3.0], [2.0, 0.0]]), rows=1, columns=2)
    array([[ 2., -3.]])
    """
    for axis, most in ((0, max(rows, 1)), (1, max(columns, 1))):
        size = values.shape[axis]
        if size > most:
            starts = np.arange(most) * size // most
            high = np.maximum.reduceat(values, starts, axis=axis)
            low = np.minimum.reduceat(values, starts, axis=axis)
            values = np.where(np.abs(low) > np.abs(high), low, high)
    return values
