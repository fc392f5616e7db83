"""What the colours of a map mean: a bar from the largest value to the smallest, with numbers."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import diverging_map, font, theme, themes
from nnstudio.gui.widgets.numerals import brief, signed

BAR_PX: Final = 8
_GAP_PX: Final = 7
_USUAL: Final = "+0.000"  # most labels are no wider, so that what is beside the bar stays
_SHARES: Final = (1.0, 0.5, 0.0, -0.5, -1.0)


class ColourBar(QWidget):
    """The diverging map standing upright, symmetric at zero, or its upper half; knows the ends."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit: float | None = None
        self._ends: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.update)

    def set_limit(self, limit: float | None) -> None:
        """Let the ends of the bar mean plus and minus `limit`; None shows no numbers."""
        if limit != self._limit:
            self._limit = limit
            self.setAccessibleDescription(", ".join(self.labels()))
            self.updateGeometry()
            self.update()

    def set_ends(self, low: float, high: float) -> None:
        """Show one colour alone, from none at `low` to all of it at `high`."""
        if (low, high) != self._ends:
            self._ends = (low, high)
            self.setAccessibleDescription(", ".join(self.labels()))
            self.updateGeometry()
            self.update()

    def labels(self) -> list[str]:
        """Give the numbers from top to bottom: five of both signs, all with the same decimals."""
        if self._ends is not None:
            low, high = self._ends
            return [brief(high), brief((low + high) / 2), brief(low)]
        if self._limit is None:
            return []
        if not np.isfinite(self._limit) or self._limit <= 0:
            return ["", "", "0", "", ""]
        digits = int(np.clip(1 - np.floor(np.log10(self._limit)), 0, 6))
        half = self._limit / 2
        if abs(round(half, digits) - half) > 0.01 * half:
            digits += 1
        if self._limit < 1e-4 or self._limit >= 1e5:
            return [f"{share * self._limit:+.0e}" if share else "0" for share in _SHARES]
        return [signed(share * self._limit, digits=digits) if share else "0" for share in _SHARES]

    def sizeHint(self) -> QSize:
        """Give room for the widest number."""
        metrics = QFontMetricsF(font(11))
        widest = max(metrics.horizontalAdvance(one) for one in self._least_labels() + self.labels())
        return QSize(BAR_PX + _GAP_PX + round(widest) + 1, 120)

    def _least_labels(self) -> list[str]:
        return [_USUAL] if self._ends is None else [""]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bar as one stretched image of 256 colours, and the numbers beside it."""
        painter = QPainter(self)
        colours = diverging_map(256) if self._ends is None else diverging_map(511)[255:]
        colours = np.ascontiguousarray(colours[::-1])
        image = QImage(colours.data, 1, 256, 4, QImage.Format.Format_RGBA8888)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(0, 0, BAR_PX, self.height()), image)
        painter.setFont(font(11))
        painter.setPen(theme().text2)
        metrics = QFontMetricsF(font(11))
        ascent, height = metrics.capHeight(), self.height()
        labels = self.labels()
        for at, label in enumerate(labels):
            middle = at / (len(labels) - 1) * height
            baseline = min(max(middle + ascent / 2, ascent + 1), height - 1.0)
            painter.drawText(QPointF(BAR_PX + _GAP_PX, baseline), label)
