"""The names of the rows of a matrix, each beside the middle of its row."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import font, theme, themes

_WIDEST_PX: Final = 84
_LEAST_ROW_PX: Final = 11


class RowNames(QWidget):
    """Names from top to bottom of what they stand beside; takes no room while there are none.

    Knows the names, how high all rows are together, and which of them is marked.
    """

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._height = 0
        self._marked: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self._fit)
        self._fit()

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are shown."""
        return self._names

    def show_names(self, names: tuple[str, ...], *, marked: int | None = None) -> None:
        """Show these, the marked one in bold."""
        if (names, marked) != (self._names, self._marked):
            self._names, self._marked = names, marked
            self._fit()

    def set_rows_height(self, height: int) -> None:
        """Take this as the height of all rows together."""
        if height != self._height:
            self._height = height
            self.update()

    def _fit(self) -> None:
        metrics = QFontMetricsF(font(11, 600))
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        self.setFixedWidth(min(round(widest) + 2, _WIDEST_PX))
        self.setVisible(bool(self._names))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write every name that has room; of very low rows every second, third and so on."""
        painter, now = QPainter(self), theme()
        row = self._height / max(len(self._names), 1)
        if row <= 0:
            return
        stride = max(1, -int(-_LEAST_ROW_PX // row))
        place = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for at in range(0, len(self._names), stride):
            marked = at == self._marked
            used = font(11, 600 if marked else 400)
            painter.setFont(used)
            painter.setPen(now.text if marked else now.text2)
            shown = QFontMetricsF(used).elidedText(
                self._names[at], Qt.TextElideMode.ElideRight, self.width()
            )
            middle = (at + 0.5) * row
            painter.drawText(QRectF(0, middle - 8, self.width(), 16), place, shown)
