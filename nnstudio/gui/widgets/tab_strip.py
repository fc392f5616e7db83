"""Tabs as the titles of panels that share a place; the one in front is underlined."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import font_of, width_of

GAP_PX = 24
LINE_PX = 2


class TabStrip(QWidget):
    """Titles side by side, one of them chosen; tells which one is wished by its number.

    The titles share the room there is; what has none is cut with an ellipsis.
    """

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._titles: tuple[str, ...] = ()
        self._chosen = 0
        self._hovered: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.updateGeometry)
        themes.changed.connect(self.update)

    @property
    def titles(self) -> tuple[str, ...]:
        """What the tabs are called."""
        return self._titles

    def show_tabs(self, titles: Sequence[str], chosen: int) -> None:
        """Show `titles`, the one of number `chosen` in front."""
        if (tuple(titles), chosen) != (self._titles, self._chosen):
            self._titles, self._chosen = tuple(titles), chosen
            self.setAccessibleName(", ".join(self._titles))
            self.setAccessibleDescription(self._titles[chosen])
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Give room for every title."""
        return QSize(round(sum(self._widths())) + GAP_PX * len(self._titles), 40)

    def minimumSizeHint(self) -> QSize:
        """Give room for a letter or two of each."""
        return QSize(40 * len(self._titles), 24)

    def _widths(self) -> list[float]:
        return [width_of(title, 13, 600) + 2 for title in self._titles]

    def _boxes(self) -> list[QRectF]:
        widths = self._widths()
        room = max(self.width() - GAP_PX * len(widths), 1)
        share = min(1.0, room / max(sum(widths), 1))
        boxes, left = [], 0.0
        for width in widths:
            boxes.append(QRectF(left, 0, width * share, self.height()))
            left += width * share + GAP_PX
        return boxes

    def _at(self, x: float) -> int | None:
        half = GAP_PX / 2
        for number, box in enumerate(self._boxes()):
            if box.left() - half <= x < box.right() + half:
                return number
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the tab under the pointer; elsewhere the panel is dragged."""
        number = self._at(event.position().x())
        if number is None or number == self._chosen or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
        else:
            self.picked.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would pick."""
        hovered = self._at(event.position().x())
        if hovered != self._hovered:
            self._hovered = hovered
            self.setToolTip("" if hovered is None else self._titles[hovered])
            self.update()
        event.ignore()

    def leaveEvent(self, _event: object) -> None:
        """Forget the pointer."""
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick a neighbour with the arrows."""
        turn = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if turn is None:
            super().keyPressEvent(event)
        elif 0 <= self._chosen + turn < len(self._titles):
            self.picked.emit(self._chosen + turn)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the titles, and the line under the one in front."""
        now, painter = theme(), QPainter(self)
        for number, (title, box) in enumerate(zip(self._titles, self._boxes(), strict=True)):
            chosen = number == self._chosen
            painter.setFont(font_of(13, 600 if chosen else 500))
            painter.setPen(now.text if chosen or number == self._hovered else now.text2)
            shown = painter.fontMetrics().elidedText(
                title, Qt.TextElideMode.ElideRight, int(box.width()) + 1
            )
            place = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(box.adjusted(0, 0, 2, 0), place, shown)
            if chosen:
                bottom = self.height() - LINE_PX
                painter.fillRect(QRectF(box.left(), bottom, box.width(), LINE_PX), now.accent)
        if self.hasFocus() and self._titles:
            box = self._boxes()[self._chosen].adjusted(-6, 6, 6, -6)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(now.accent, 2))
            painter.drawRoundedRect(box, 4, 4)
