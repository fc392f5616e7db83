"""Groups of bars on one scale: several numbers of each thing, side by side, with their values."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.frame import font_of, width_of

KEYS_PX: Final = 24
WORDS_PX: Final = 16
FOOT_PX: Final = 20
MOST_BAR_PX: Final = 44
LEAST_BAR_PX: Final = 2
GAP_PX: Final = 2
GROUP_GAP: Final = 0.28
KEY_GAP_PX: Final = 14
SAMPLE_PX: Final = 10
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True)
class BarSeries:
    """One number for each group: their name, their colour, and how each is written."""

    name: str
    colour: QColor
    values: tuple[float, ...]
    written: tuple[str, ...]


class GroupedBars(QWidget):
    """Bars to one scale, from one line at 0; knows the series and the names of the groups."""

    def __init__(self) -> None:
        super().__init__()
        self._series: tuple[BarSeries, ...] = ()
        self._groups: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        themes.changed.connect(self.update)

    @property
    def series(self) -> tuple[BarSeries, ...]:
        """What is shown."""
        return self._series

    def show_bars(self, groups: tuple[str, ...], series: tuple[BarSeries, ...], said: str) -> None:
        """Show one bar of each of `series` in every group; `said` is the same in words."""
        self._groups, self._series = groups, series
        self.setAccessibleName(said)
        self.update()

    def sizeHint(self) -> QSize:
        """Give room for a few groups."""
        return QSize(320, 200)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw keys, bars, values and names."""
        painter = QPainter(self)
        self._paint_keys(painter)
        if not self._series or not self._groups:
            return
        values = [one for series in self._series for one in series.values]
        low, high = min(*values, 0.0), max(*values, 0.0)
        span = (high - low) or 1.0
        top, bottom = KEYS_PX + WORDS_PX, self.height() - FOOT_PX - (WORDS_PX if low < 0 else 0)
        unit = (bottom - top) / span
        zero = top + high * unit
        group = self.width() / len(self._groups)
        bar = group * (1 - GROUP_GAP) / len(self._series)
        bar = max(min(bar, MOST_BAR_PX), LEAST_BAR_PX)
        for at, name in enumerate(self._groups):
            middle = (at + 0.5) * group
            left = middle - bar * len(self._series) / 2
            for number, series in enumerate(self._series):
                value = series.values[at]
                box = QRectF(
                    left + number * bar,
                    zero - max(value, 0) * unit,
                    max(bar - GAP_PX, 1),
                    max(abs(value) * unit, 1.0),
                )
                painter.fillRect(box, series.colour)
                self._write(painter, series.written[at], box, bar, above=value >= 0)
            painter.setFont(font_of(11))
            painter.setPen(theme().text3)
            foot = QRectF(middle - group / 2, self.height() - FOOT_PX, group, FOOT_PX)
            painter.drawText(foot, CENTRE, name)
        painter.fillRect(QRectF(0, zero, self.width(), 1), theme().border)

    def _write(
        self, painter: QPainter, words: str, box: QRectF, bar: float, *, above: bool
    ) -> None:
        px = 12 if width_of(words, 12, 600) <= bar + 6 else 11
        if width_of(words, px) > bar + 16:
            return
        painter.setFont(font_of(px, 600 if px == 12 else 400))
        painter.setPen(theme().text)
        top = box.top() - WORDS_PX if above else box.bottom()
        painter.drawText(QRectF(box.center().x() - bar, top, 2 * bar, WORDS_PX), CENTRE, words)

    def _paint_keys(self, painter: QPainter) -> None:
        painter.setFont(font_of(12))
        left = 0.0
        for one in self._series:
            width = SAMPLE_PX + 6 + width_of(one.name, 12)
            if left + width > self.width():
                return
            painter.fillRect(QRectF(left, KEYS_PX / 2 - 5, SAMPLE_PX, SAMPLE_PX), one.colour)
            painter.setPen(theme().text2)
            painter.drawText(QRectF(left + SAMPLE_PX + 6, 0, width, KEYS_PX), LEFT, one.name)
            left += width + KEY_GAP_PX
