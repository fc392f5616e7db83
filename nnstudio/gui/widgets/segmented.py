"""A few choices side by side, exactly one of them taken; arrows move the choice."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import font, theme, themes

AROUND_PX: Final = 12
"""Left and right of a title."""


class SegmentedControl(QWidget):
    """Choices as joined buttons, the taken one raised; painted as one, so it costs little.

    Knows its items as pairs of key and title, and the key that is chosen; `around_px` is the room
    left and right of a title.
    """

    chosen = Signal(str)

    def __init__(
        self,
        items: Sequence[tuple[str, str]],
        *,
        around_px: int = AROUND_PX,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._around_px = around_px
        self._items = list(items)
        self._key = self._items[0][0] if self._items else ""
        self._hovered: str | None = None
        # a ring says where keys go: who has clicked knows
        self._ringed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)
        self._describe()

    @property
    def key(self) -> str:
        """The key that is chosen."""
        return self._key

    def set_items(self, items: Sequence[tuple[str, str]]) -> None:
        """Offer other choices; the chosen one stays when it is still there."""
        self._items = list(items)
        if self._key not in dict(self._items):
            self._key = self._items[0][0] if self._items else ""
        self.updateGeometry()
        self._describe()
        self.update()

    def choose(self, key: str) -> None:
        """Show `key` as chosen, without telling anybody."""
        if key != self._key and key in dict(self._items):
            self._key = key
            self._describe()
            self.update()

    def sizeHint(self) -> QSize:
        """Give the room that all titles need in their bold cut, so nothing moves on a choice."""
        return QSize(round(sum(self._widths())) + 4, 28)

    def minimumSizeHint(self) -> QSize:
        """Give the same as `sizeHint`: a cut title says nothing."""
        return self.sizeHint()

    def _widths(self) -> list[float]:
        metrics = QFontMetrics(font(13, 600))
        around = 2 * self._around_px
        return [float(metrics.horizontalAdvance(title) + around) for _, title in self._items]

    def _boxes(self) -> list[QRectF]:
        boxes, left = [], 2.0
        for width in self._widths():
            boxes.append(QRectF(left, 2.0, width, self.height() - 4.0))
            left += width
        return boxes

    def _describe(self) -> None:
        self.setAccessibleDescription(dict(self._items).get(self._key, ""))

    def _take(self, key: str) -> None:
        if key != self._key:
            self.choose(key)
            self.chosen.emit(key)

    def _key_at(self, x: float) -> str | None:
        for (key, _), box in zip(self._items, self._boxes(), strict=True):
            if box.left() <= x < box.right():
                return key
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is under the pointer."""
        key = self._key_at(event.position().x())
        if key is not None and event.button() == Qt.MouseButton.LeftButton:
            self._take(key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a ring unless a click has brought the focus."""
        super().focusInEvent(event)
        self._ringed = event.reason() != Qt.FocusReason.MouseFocusReason

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would choose."""
        hovered = self._key_at(event.position().x())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def leaveEvent(self, _event: object) -> None:
        """Forget the pointer."""
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the choice with the arrows, Home and End."""
        self._ringed = True
        self.update()
        keys = [key for key, _ in self._items]
        at = keys.index(self._key) if self._key in keys else 0
        target = {
            Qt.Key.Key_Left: at - 1,
            Qt.Key.Key_Up: at - 1,
            Qt.Key.Key_Right: at + 1,
            Qt.Key.Key_Down: at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(keys) - 1,
        }.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        elif 0 <= target < len(keys):
            self._take(keys[target])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the trough, the raised choice and the titles."""
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.hover if not now.dark else now.field)
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        for (key, title), box in zip(self._items, self._boxes(), strict=True):
            taken = key == self._key
            if taken:
                painter.setPen(QPen(now.border if not now.dark else now.hover, 1))
                painter.setBrush(now.panel if not now.dark else now.border)
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3.5, 3.5)
            painter.setFont(font(13, 500))
            bright = taken or key == self._hovered
            colour = now.text if bright else now.text2
            painter.setPen(colour if self.isEnabled() else now.disabled)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)
        if self.hasFocus() and self._ringed:
            painter.setPen(QPen(now.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
