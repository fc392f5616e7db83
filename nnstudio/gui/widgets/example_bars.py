"""An example: a few numbers and what they become together, each beside its bar."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import font_of, width_of
from nnstudio.texts import tr

ROW_PX: Final = 20
HEAD_PX: Final = 22
BAR_PX: Final = 6
GIVEN_PX: Final = 40
RESULT_PX: Final = 44
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ExampleBars(QWidget):
    """Numbers at the left, shares of the whole as bars, the shares at the right.

    Knows the numbers and what became of them.
    """

    def __init__(self, *, margins: tuple[int, int] = (0, 0)) -> None:
        super().__init__()
        self._given: tuple[float, ...] = ()
        self._shares: tuple[float, ...] = ()
        self._margins = margins
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def show_bars(self, given: tuple[float, ...], shares: tuple[float, ...]) -> None:
        """Show that `given` became `shares`."""
        self._given, self._shares = given, shares
        before, after = [f"{one:g}" for one in given], [f"{one:.3f}" for one in shares]
        said = tr(
            "Example: {given} becomes {shares}.", given=", ".join(before), shares=", ".join(after)
        )
        self.setAccessibleName(said)
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        """Give the height of all rows; any width will do."""
        return QSize(200, HEAD_PX + ROW_PX * len(self._given))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw head and rows."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self._margins[0], self.width() - self._margins[1]
        painter.setFont(font_of(12))
        painter.setPen(now.text3)
        head = QRectF(left, 0, right - left, HEAD_PX)
        first, second = tr("sums, as an example"), tr("shares")
        painter.drawText(head, LEFT, first)
        if width_of(first, 12) + width_of(second, 12) + 12 < head.width():
            painter.drawText(head, RIGHT, second)
        best = max(self._shares, default=0)
        for at, (given, share) in enumerate(zip(self._given, self._shares, strict=True)):
            top = HEAD_PX + at * ROW_PX
            box = QRectF(left + GIVEN_PX, top + (ROW_PX - BAR_PX) / 2, 0, BAR_PX)
            box.setRight(right - RESULT_PX)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(now.line)
            painter.drawRoundedRect(box, 2, 2)
            box.setWidth(max(box.width() * share, 2))
            painter.setBrush(now.accent if share == best else now.text3)
            painter.drawRoundedRect(box, 2, 2)
            painter.setFont(font_of(12, 600 if share == best else 400))
            painter.setPen(now.text if share == best else now.text2)
            before, after = f"{given:g}", f"{share:.3f}"
            painter.drawText(QRectF(left, top, GIVEN_PX - 8, ROW_PX), RIGHT, before)
            painter.drawText(QRectF(right - RESULT_PX, top, RESULT_PX, ROW_PX), RIGHT, after)
