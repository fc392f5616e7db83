"""One thin bar per class, the highest in accent; one widget paints all, for they change often."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.numerals import probability

ROW_PX: Final = 18
TIGHT_ROW_PX: Final = 15
_BAR_PX: Final = 6
_VALUE_PX: Final = 52
_LEFT_PX: Final = 6


class ProbabilityBars(QWidget):
    """Name, bar and number of each class, sorted by class; empty troughs while nothing is known."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._shares: tuple[float, ...] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        themes.changed.connect(self.update)

    def set_names(self, names: Sequence[str]) -> None:
        """Show these classes, without values until the next `set_shares`."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._shares = None
            self.updateGeometry()
            self.update()

    def set_shares(self, shares: Sequence[float] | None) -> None:
        """Show a probability for each class; None when there is no answer."""
        wanted = None if shares is None else tuple(float(one) for one in shares)
        if wanted != self._shares:
            self._shares = wanted
            self._describe()
            self.update()

    def sizeHint(self) -> QSize:
        """Give a comfortable row to each class."""
        return QSize(240, ROW_PX * max(len(self._names), 1))

    def minimumSizeHint(self) -> QSize:
        """Give a tight row to each class."""
        return QSize(160, TIGHT_ROW_PX * max(len(self._names), 1))

    def _describe(self) -> None:
        if self._shares is None:
            self.setAccessibleDescription("")
            return
        pairs = sorted(zip(self._shares, self._names, strict=False), reverse=True)[:3]
        self.setAccessibleDescription(", ".join(f"{name}: {probability(p)}" for p, name in pairs))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all rows."""
        if not self._names:
            return
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain, bold = font(12), font(12, 600)
        metrics = QFontMetricsF(plain)
        row = min(self.height() / len(self._names), float(ROW_PX))
        widest = max(metrics.horizontalAdvance(name) for name in self._names)
        name_px = min(widest, self.width() * 0.4) + 1
        left = _LEFT_PX + name_px + 10
        length = max(self.width() - left - _VALUE_PX - 8, 8.0)
        best = self.best
        for at, name in enumerate(self._names):
            top = at * row
            painter.setFont(bold if at == best else plain)
            painter.setPen(now.text if at == best else now.text2)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, name_px + 2)
            box = QRectF(_LEFT_PX, top, name_px + 4, row)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
            painter.setPen(Qt.PenStyle.NoPen)
            trough = QRectF(left, int(top + (row - _BAR_PX) / 2), length, _BAR_PX)
            painter.setBrush(now.line if not now.dark else now.hover)
            painter.drawRoundedRect(trough, _BAR_PX / 2, _BAR_PX / 2)
            if self._shares is None or at >= len(self._shares):
                continue
            share = self._shares[at]
            if share >= 0.001:
                filled = QRectF(trough)
                filled.setWidth(max(length * min(share, 1.0), 4.0))
                painter.setBrush(now.accent if at == best else now.text3)
                painter.drawRoundedRect(filled, min(3.0, filled.width() / 2), _BAR_PX / 2)
            painter.setPen(now.text if at == best else now.text2)
            box = QRectF(self.width() - _VALUE_PX, top, _VALUE_PX, row)
            number = probability(share)
            painter.drawText(
                box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number
            )

    @property
    def best(self) -> int | None:
        """The class with the highest probability; the first of equals."""
        if self._shares is None:
            return None
        finite = [(share, -at) for at, share in enumerate(self._shares) if share == share]  # noqa: PLR0124 (NaN is not itself)
        return -max(finite)[1] if finite else None
