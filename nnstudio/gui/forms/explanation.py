"""Explanation: what is chosen and when to take it; of many lines the first, all on a click."""

from typing import Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX
from nnstudio.gui.forms.words import broken
from nnstudio.gui.theme import font, theme, themes
from nnstudio.spec import help_of
from nnstudio.texts import tr

LINES: Final = 4
"""So many lines are seen of words that have more than `WHOLE`."""
WHOLE: Final = 5
LINE_PX: Final = 16
TOP_PX: Final = 3
FOOT_PX: Final = 6
FONT_PX: Final = 12


class Explanation(QAbstractButton):
    """Words under a row; a click or Space shows all of them, or the first lines alone again.

    Knows the value that is explained.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._wrapped_for: object = None
        self.setVisible(False)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._settle)
        themes.changed.connect(self._settle)

    def show_value(self, value: Any) -> None:
        """Explain the kind of the spec `value`; None needs no words."""
        words = "" if value is None else tr(help_of(type(value)))
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.setVisible(bool(words))
            self._settle()

    @property
    def shown_lines(self) -> tuple[str, ...]:
        """The lines that are to be seen."""
        whole = self.isChecked() or len(self._lines) <= WHOLE
        return tuple(self._lines if whole else self._lines[:LINES])

    def sizeHint(self) -> QSize:
        """Give the height of the lines that are to be seen."""
        return QSize(120, TOP_PX + LINE_PX * max(len(self.shown_lines), 1) + FOOT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._settle()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write the lines; the last one ends in an ellipsis while there are more."""
        now, painter = theme(), QPainter(self)
        painter.setFont(font(FONT_PX))
        painter.setPen(now.text2 if self.underMouse() else now.text3)
        room = self.width() - MARGIN_PX - GUTTER_PX
        lines = list(self.shown_lines)
        if len(lines) < len(self._lines):
            # more than fits, so that the ellipsis shows
            whole = f"{lines[-1]} {self._lines[len(lines)]}"
            lines[-1] = painter.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room)
        for at, line in enumerate(lines):
            box = QRectF(MARGIN_PX, TOP_PX + at * LINE_PX, room + 2, LINE_PX)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), line)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(now.accent, 2))
            ring = QRectF(self.rect()).adjusted(MARGIN_PX - 6, 1, -2, 3 - FOOT_PX)
            painter.drawRoundedRect(ring, 4, 4)

    def enterEvent(self, event: Any) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def _settle(self) -> None:
        self._lines = _wrapped(self.text(), max(self.width() - MARGIN_PX - GUTTER_PX, 40))
        more = len(self._lines) > WHOLE
        self.setCursor(Qt.CursorShape.PointingHandCursor if more else Qt.CursorShape.ArrowCursor)
        self.setToolTip(broken(self.text()) if more and not self.isChecked() else "")
        height = self.sizeHint().height()
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)
        self.update()


def _wrapped(words: str, width: int) -> list[str]:
    layout = QTextLayout(words, font(FONT_PX))
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, 0))
        lines.append(words[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return lines
