"""The answer of a network in large type with its probability, and who gave it; or nothing."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.numerals import probability

LARGE_PX: Final = 40
SMALL_PX: Final = 28
_SMALLEST_PX: Final = 13
_TALL_FROM_PX: Final = 64
_NOTE_PX: Final = 15
_BESIDE_PX: Final = 18  # a name that must be smaller to stand beside its number goes above it


class Answer(QWidget):
    """The name of a class above its probability, or beside it where there is little height."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name: str | None = None
        self._share = 0.0
        self._note = ""
        themes.changed.connect(self.update)

    @property
    def name(self) -> str | None:
        """The class that is shown."""
        return self._name

    @property
    def note(self) -> str:
        """What is said of who answers."""
        return self._note

    def set_answer(self, name: str | None, share: float = 0.0) -> None:
        """Show `name` and its probability; None shows that there is no answer."""
        before = self._name, probability(self._share)
        self._name, self._share = name, share
        if before != (name, probability(share)):
            self._tell()

    def set_note(self, note: str) -> None:
        """Say this of who answers, under every answer."""
        if note != self._note:
            self._note = note
            self._tell()

    def _tell(self) -> None:
        told = () if self._name is None else (self._name, probability(self._share), self._note)
        self.setAccessibleName(", ".join(one for one in told if one))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both on the lower edge."""
        if self._name is None:
            return
        painter = QPainter(self)
        painter.setPen(theme().text)
        number = probability(self._share)
        number_font = font(13, 600)
        width, height = float(self.width()), float(self.height())
        if self._note:
            height -= _NOTE_PX
            self._paint_note(painter, QRectF(0, height, width, _NOTE_PX))
        left_over = QFontMetricsF(number_font).horizontalAdvance(number) + 8
        large = _fitting(self._name, SMALL_PX, width - left_over)
        tall = height >= _TALL_FROM_PX or large.pixelSize() < _BESIDE_PX
        if tall:
            left_over = 0.0
            large = _fitting(self._name, min(LARGE_PX, max(int(height) - 28, _SMALLEST_PX)), width)
        bottom = height - 24.0 if tall else height - 4.0
        metrics = QFontMetricsF(large)
        shown = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, width - left_over + 1)
        painter.setFont(large)
        baseline = bottom - (3.0 if tall else 2.0)
        painter.drawText(QRectF(0, 0, width, baseline).bottomLeft(), shown)
        painter.setFont(number_font)
        side = Qt.AlignmentFlag.AlignLeft if tall else Qt.AlignmentFlag.AlignRight
        row = QRectF(0, height - 17, width, 17) if tall else QRectF(0, baseline - 15, width, 17)
        painter.drawText(row, side | Qt.AlignmentFlag.AlignVCenter, number)

    def _paint_note(self, painter: QPainter, box: QRectF) -> None:
        small = font(11)
        shown = QFontMetricsF(small).elidedText(
            self._note, Qt.TextElideMode.ElideRight, box.width()
        )
        painter.setFont(small)
        painter.setPen(theme().text2)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.setPen(theme().text)


def _fitting(name: str, px: int, width: float) -> QFont:
    """Give the largest font up to `px` in which `name` fits."""
    while px > _SMALLEST_PX and QFontMetricsF(font(px, 600)).horizontalAdvance(name) > width:
        px -= 1
    return font(px, 600)
