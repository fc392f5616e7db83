"""How far something is, as a thin line; it paints itself anew only when a pixel changes.

QProgressBar paints at once and synchronously on every new value, which held the GIL for a fifth of
the time of the GUI thread while a network was trained.
"""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.texts import tr

THICK_PX: Final = 4


class ProgressLine(QWidget):
    """The user sees the share that is done; it knows only that share."""

    def __init__(self, *, width: int = 160, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedWidth(width)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    @property
    def share(self) -> float:
        """The share that is shown, 0 to 1."""
        return self._share

    def sizeHint(self) -> QSize:
        """Give the thickness of the line."""
        return QSize(self.width(), THICK_PX)

    def show_share(self, share: float) -> None:
        """Show how much is done, 0 to 1."""
        share = min(1.0, max(0.0, share))
        pixels = self.width() * self.devicePixelRatioF()
        if round(share * pixels) != round(self._share * pixels):
            self._share = share
            self.setAccessibleDescription(tr("{percent} % done", percent=round(100 * share)))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the groove and what is done of it."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(theme().border)
        painter.drawRoundedRect(whole, 2, 2)
        if self._share > 0:
            painter.setBrush(theme().accent)
            whole.setWidth(max(float(THICK_PX), whole.width() * self._share))
            painter.drawRoundedRect(whole, 2, 2)
