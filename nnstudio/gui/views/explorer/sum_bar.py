"""One bar made of parts: how a sum is put together, with the sum over it."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import font_of, width_of

WORDS_PX: Final = 18
BAR_PX: Final = 12
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

PartOfSum = tuple[str, float, str, QColor]


class SumBar(QWidget):
    """Parts one after the other, each with its name and value under it."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[PartOfSum, ...] = ()
        self._sum = ""
        self.setFixedHeight(2 * WORDS_PX + BAR_PX + 4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_parts(self, parts: tuple[PartOfSum, ...], whole: str) -> None:
        """Show `parts`: name, size, size in words and colour of each; `whole` is said over them."""
        self._parts, self._sum = parts, whole
        self.setAccessibleName(", ".join((whole, *(f"{one[0]} {one[2]}" for one in parts))))
        self.update()

    def sizeHint(self) -> QSize:
        """Give the height; any width will do."""
        return QSize(200, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw sum, bar and parts."""
        painter = QPainter(self)
        painter.setFont(font_of(12, 600))
        painter.setPen(theme().text)
        painter.drawText(QRectF(0, 0, self.width(), WORDS_PX), LEFT, self._sum)
        whole = sum(max(one[1], 0.0) for one in self._parts) or 1.0
        left, words_at = 0.0, 0.0
        for name, size, written, colour in self._parts:
            width = max(size, 0.0) / whole * self.width()
            painter.fillRect(QRectF(left, WORDS_PX, max(width - 1, 0), BAR_PX), colour)
            words = f"{name} {written}"
            painter.setFont(font_of(11))
            painter.setPen(theme().text2)
            place = min(max(left, words_at), max(self.width() - width_of(words, 11), words_at))
            painter.drawText(
                QRectF(place, WORDS_PX + BAR_PX + 2, self.width() - place, WORDS_PX), LEFT, words
            )
            words_at = place + width_of(words, 11) + 12
            left += width
