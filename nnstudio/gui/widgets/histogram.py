"""A histogram: how numbers are spread, in one small picture with a mark at one of them."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.numerals import brief, grouped, short
from nnstudio.gui.widgets.plot.frame import font_of
from nnstudio.texts import tr

HEIGHT_PX: Final = 76
BINS: Final = 40
WORDS_PX: Final = 16
TITLE_PX: Final = 18
TICK_PX: Final = 16
"""Numbers at the side are at least so far apart."""
BESIDE_TICKS_PX: Final = 5


@dataclass(frozen=True, eq=False)
class Spread:
    """How numbers are spread: `counts` (n,) between `edges` (n + 1,); `lost` are not finite."""

    edges: NDArray[np.float64]
    counts: NDArray[np.int64]
    lost: int = 0

    @classmethod
    def of(
        cls,
        values: NDArray[np.floating],
        *,
        bins: int = BINS,
        ends: tuple[float, float] | None = None,
    ) -> Self | None:
        """Count `values` in equal bins from end to end; None where none is finite."""
        flat = values.reshape(-1)
        known = flat[np.isfinite(flat)]
        if not len(known):
            return None
        low, high = ends or (float(known.min()), float(known.max()))
        if not high > low:
            room = abs(low) * 0.5 or 0.5
            low, high = low - room, high + room
        counts, edges = np.histogram(known, bins=bins, range=(low, high))
        return cls(edges.astype(np.float64), counts.astype(np.int64), len(flat) - len(known))

    @property
    def ends(self) -> tuple[float, float]:
        """Where the first bin begins and the last one ends."""
        return float(self.edges[0]), float(self.edges[-1])


class Histogram(QWidget):
    """Bars over an axis with its ends and 0; hovered, it tells how many lie there.

    Knows a spread, a title, a colour by meaning and perhaps one value that is marked.
    """

    def __init__(self, role: str = "score", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._spread: Spread | None = None
        self._mark: float | None = None
        self._title = ""
        self._value = ""
        self._logarithmic = False
        self.setMinimumSize(90, HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        themes.changed.connect(self.update)

    @property
    def spread(self) -> Spread | None:
        """What is shown."""
        return self._spread

    def show_spread(
        self,
        spread: Spread | None,
        *,
        title: str = "",
        value: str = "",
        mark: float | None = None,
        logarithmic: bool = False,
    ) -> None:
        """Show `spread` under a title with a value beside it; bars by the logarithm of counts."""
        self._spread, self._title, self._value = spread, title, value
        self._mark, self._logarithmic = mark, logarithmic
        self.setAccessibleName(title)
        self.setAccessibleDescription(value)
        self.update()

    def sizeHint(self) -> QSize:
        """Give the usual size."""
        return QSize(180, HEIGHT_PX)

    def event(self, event: QEvent) -> bool:
        """Tell how many numbers lie under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.words_at(event.pos().x())
            if words:
                QToolTip.showText(event.globalPos(), words, self)
                return True
        return super().event(event)

    def words_at(self, x: float) -> str:
        """Give how many numbers lie in the bin at `x` pixels."""
        spread, left = self._spread, self._left_px
        if spread is None or not left <= x < self.width():
            return ""
        share = (x - left) / (self.width() - left)
        at = min(int(share * len(spread.counts)), len(spread.counts) - 1)
        return tr(
            "{count} from {low} to {high}",
            count=grouped(int(spread.counts[at])),
            low=brief(float(spread.edges[at])),
            high=brief(float(spread.edges[at + 1])),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint title, bars, axis and mark."""
        painter, now = QPainter(self), theme()
        top = 0.0
        if self._title:
            self._paint_title(painter)
            top = float(TITLE_PX)
        left = self._left_px
        area = QRectF(left, top, self.width() - left, self.height() - top - WORDS_PX)
        painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), now.border)
        spread = self._spread
        if spread is None:
            painter.setFont(font_of(11))
            painter.setPen(now.text3)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, tr("not known yet"))
            return
        self._paint_ticks(painter, area, spread)
        self._paint_bars(painter, area, spread)
        self._paint_axis(painter, area, spread)

    def ticks(self) -> list[int]:
        """Give the counts that stand at the side: powers of ten, where bars are by a logarithm."""
        most = 0 if self._spread is None else int(self._spread.counts.max(initial=0))
        powers = len(str(most)) if self._logarithmic and most else 0
        room = self.height() - TITLE_PX - WORDS_PX
        step = max(-(-powers * TICK_PX // max(room, 1)), 1)
        return [10**power for power in range(powers)][::-1][::step]

    @property
    def _left_px(self) -> float:
        """Where the bars begin: right of the numbers at the side."""
        metrics = QFontMetricsF(font_of(10))
        widest = max((metrics.horizontalAdvance(short(one)) for one in self.ticks()), default=0.0)
        return widest + BESIDE_TICKS_PX if widest else 0.0

    def _paint_ticks(self, painter: QPainter, area: QRectF, spread: Spread) -> None:
        now = theme()
        painter.setFont(font_of(10))
        for count in self.ticks():
            share = np.log1p(count) / np.log1p(spread.counts.max())
            y = area.bottom() - float(share) * (area.height() - 2)
            painter.fillRect(QRectF(area.left(), y, area.width(), 1), now.line)
            painter.setPen(now.text3)
            box = QRectF(0, y - 8, area.left() - BESIDE_TICKS_PX + 1, 16)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, side, short(count))

    def _paint_title(self, painter: QPainter) -> None:
        now = theme()
        box = QRectF(0, 0, self.width(), TITLE_PX)
        painter.setFont(font_of(11))
        painter.setPen(now.text2)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, self._title)
        painter.setFont(font_of(11, 600))
        painter.setPen(now.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, self._value)

    def _paint_bars(self, painter: QPainter, area: QRectF, spread: Spread) -> None:
        colour: QColor = QColor(getattr(theme(), self._role))
        heights = np.log1p(spread.counts) if self._logarithmic else spread.counts.astype(float)
        most = float(heights.max(initial=0.0)) or 1.0
        tops = area.bottom() - heights / most * (area.height() - 2)
        width = area.width() / len(tops)
        points = [QPointF(area.left(), area.bottom())]
        for at, y in enumerate(tops.tolist()):
            left = area.left() + at * width
            points += [QPointF(left, y), QPointF(left + width, y)]
        points.append(QPointF(area.right(), area.bottom()))
        soft = QColor(colour)
        soft.setAlphaF(0.35)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawPolygon(QPolygonF(points))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1))
        painter.drawPolyline(QPolygonF(points[1:-1]))

    def _paint_axis(self, painter: QPainter, area: QRectF, spread: Spread) -> None:
        now = theme()
        low, high = spread.ends
        words = QRectF(area.left(), area.bottom() + 2, area.width(), WORDS_PX - 2)
        painter.setFont(font_of(10))
        painter.setPen(now.text3)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft, brief(low))
        painter.drawText(words, Qt.AlignmentFlag.AlignRight, brief(high))
        if low < 0 < high:
            x = area.left() - low / (high - low) * area.width()
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3))
            if 40 < x < area.width() - 40:
                box = QRectF(x - 10, words.top(), 20, words.height())
                painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, "0")
        if self._mark is not None and np.isfinite(self._mark):
            share = min(max((self._mark - low) / (high - low), 0.0), 1.0)
            x = area.left() + share * (area.width() - 2) + 1
            painter.setPen(QPen(now.accent, 2))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
