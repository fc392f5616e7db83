"""Heading: a chevron and a title that open and close what stands under them."""

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nnstudio.gui.theme import font, icon, theme, themes

CHEVRON_PX: Final = 14
INDENT_PX: Final = 5
TITLE_PX: Final = 24


class Heading(QAbstractButton):
    """A chevron and a title; checked means open."""

    def __init__(self, title: str, *, weight: int = 600) -> None:
        super().__init__()
        self.setText(title)
        self.setFont(font(13, weight))
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Give room for the whole title."""
        return QSize(TITLE_PX + self.fontMetrics().horizontalAdvance(self.text()) + 4, 28)

    def minimumSizeHint(self) -> QSize:
        """Give room for a few letters."""
        return QSize(64, 28)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw chevron, title and focus."""
        now = theme()
        painter = QPainter(self)
        top = (self.height() - CHEVRON_PX) // 2
        name = "chevron-down" if self.isChecked() else "chevron-right"
        icon(name).paint(painter, INDENT_PX, top, CHEVRON_PX, CHEVRON_PX)
        painter.setPen(now.text if self.underMouse() else now.text2)
        room = QRect(TITLE_PX, 0, self.width() - TITLE_PX, self.height())
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(now.accent, 2))
            width = TITLE_PX + self.fontMetrics().horizontalAdvance(shown) + 6
            painter.drawRoundedRect(QRectF(1, 1, min(width, self.width() - 2), 26), 4, 4)
