"""The sentence under a plot: what it says, in words; where there is no room, its first lines."""

from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from nnstudio.gui.theme import font, themes

PX: Final = 12
LINE_PX: Final = 16


class Sentence(QLabel):
    """One sentence of secondary size; it wraps, and takes no room while there is none.

    With `set_most` it has at most so many lines; the last one then ends in an ellipsis, and all of
    it stands in the tooltip.
    """

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most: int | None = None
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "second")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        themes.changed.connect(self._dress)
        self._dress()
        self.hide()

    def say(self, words: str) -> None:
        """Say `words` from now on."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.setVisible(bool(words))
            self._fit()

    def set_most(self, lines: int | None) -> None:
        """Show at most so many lines; None shows them all."""
        if lines != self._most:
            self._most = lines
            self._fit()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that are seen."""
        lines = _wrapped(self.text(), self.width())
        if self._most is None or len(lines) <= self._most:
            return tuple(lines)
        # more than fits, so that the ellipsis shows
        last = " ".join(lines[self._most - 1 : self._most + 1])
        elided = self.fontMetrics().elidedText(last, Qt.TextElideMode.ElideRight, self.width())
        return (*lines[: self._most - 1], elided)

    def sizeHint(self) -> QSize:
        """Give the room for the lines that are seen."""
        return super().sizeHint() if self._most is None else QSize(120, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the lines that fit."""
        if self._most is None:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().windowText().color())
        for at, line in enumerate(self.lines):
            painter.drawText(QPointF(0, at * LINE_PX + self.fontMetrics().ascent()), line)

    def _fit(self) -> None:
        # a height that follows from the width would make a panel scroll that has room enough
        self.setWordWrap(self._most is None)
        if self._most is None:
            self.setMinimumHeight(0)
            self.setMaximumHeight(16777215)
            self.setToolTip("")
            return
        whole = _wrapped(self.text(), self.width())
        self.setFixedHeight(LINE_PX * min(len(whole), self._most) + 2)
        self.setToolTip(self.text() if len(whole) > self._most else "")
        self.update()

    def _dress(self) -> None:
        self.setFont(font(PX))
        self._fit()


def _wrapped(words: str, width: int) -> list[str]:
    layout = QTextLayout(words, font(PX))
    layout.beginLayout()
    lines = []
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(max(width, 40))
        lines.append(words[line.textStart() : line.textStart() + line.textLength()].strip())
        line = layout.createLine()
    layout.endLayout()
    return lines or [""]
