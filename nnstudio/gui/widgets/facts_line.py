"""Short facts in one line; what does not fit is left out from the end, never cut in half."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import font_of, width_of

GAP_PX: Final = 18.0


class FactsLine(QWidget):
    """Facts from the left, the first in bold, and others from the right that give way to them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: tuple[str, ...] = ()
        self._right: tuple[str, ...] = ()
        self.setFixedHeight(24)
        self.setMinimumWidth(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    @property
    def facts(self) -> tuple[str, ...]:
        """All facts, those of the left first."""
        return (*self._facts, *self._right)

    def set_facts(self, facts: Sequence[str], *, right: Sequence[str] = ()) -> None:
        """Say these from now on."""
        if (tuple(facts), tuple(right)) != (self._facts, self._right):
            self._facts, self._right = tuple(facts), tuple(right)
            self.setAccessibleName(", ".join(self.facts))
            self.update()

    def sizeHint(self) -> QSize:
        """Give the height of a line; any width will do."""
        return QSize(240, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write what fits."""
        now, painter = theme(), QPainter(self)
        place = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        left, end = 0.0, float(self.width())
        for at, fact in enumerate(self._facts):
            weight = 600 if at == 0 else 400
            width = width_of(fact, 12, weight) + 1
            if left + width > end:
                return
            painter.setFont(font_of(12, weight))
            painter.setPen(now.text if at == 0 else now.text2)
            painter.drawText(QRectF(left, 0, width, self.height()), place, fact)
            left += width + GAP_PX
        painter.setFont(font_of(12))
        painter.setPen(now.text3)
        for fact in reversed(self._right):
            width = width_of(fact, 12) + 1
            if end - width < left:
                return
            painter.drawText(QRectF(end - width, 0, width, self.height()), place, fact)
            end -= width + GAP_PX
