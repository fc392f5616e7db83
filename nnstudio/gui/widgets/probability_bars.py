"""One thin bar per class, the highest in accent; one widget paints all, for they change often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.numerals import probability

ROW_PX: Final = 18
TIGHT_ROW_PX: Final = 15
TIGHTEST_ROW_PX: Final = 12
_BAR_PX: Final = 6
_VALUE_PX: Final = 52
_LEFT_PX: Final = 6
_COLUMN_GAP_PX: Final = 8
_SHORTEST_PX: Final = 40  # a bar that is shorter shows only which is the highest
_MOST_ROWS: Final = 14  # more classes stand in several columns


@dataclass(frozen=True)
class _Place:
    """What all rows have in common: their size, and the room for names."""

    width: float
    row: float
    name_px: float
    elided: Callable[[str, Qt.TextElideMode, float], str]


def _paint_row(
    painter: QPainter, name: str, share: float | None, place: _Place, *, best: bool
) -> None:
    now = theme()
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setPen(now.text if best else now.text2)
    shown = place.elided(name, Qt.TextElideMode.ElideRight, place.name_px + 2)
    box = QRectF(_LEFT_PX, 0, place.name_px + 4, place.row)
    painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, shown)
    if share is not None:
        box = QRectF(place.width - _VALUE_PX, 0, _VALUE_PX, place.row)
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, probability(share))
    left = _LEFT_PX + place.name_px + 10
    length = max(place.width - left - _VALUE_PX - 8, 8.0)
    trough = QRectF(left, int((place.row - _BAR_PX) / 2), length, _BAR_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(now.hover if now.dark else now.line)
    painter.drawRoundedRect(trough, _BAR_PX / 2, _BAR_PX / 2)
    if share is not None and share >= 0.001:
        trough.setWidth(max(length * min(share, 1.0), 4.0))
        painter.setBrush(now.accent if best else now.text3)
        painter.drawRoundedRect(trough, min(3.0, trough.width() / 2), _BAR_PX / 2)


def _looks(share: float) -> tuple[str, int]:
    """Give what can be seen of a share: its number, and its bar to a quarter of a percent."""
    return probability(share), round(400 * share) if share == share else -1  # noqa: PLR0124 - NaN


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
        if wanted is not None and len(wanted) != len(self._names):
            raise ValueError(f"{len(wanted)} probabilities for {len(self._names)} classes")
        if wanted == self._shares:
            return
        before, best = self._shares, self.best
        self._shares = wanted
        self._describe()
        if before is None or wanted is None:
            self.update()
            return
        # while a pen moves, most rows go on saying that they are next to nothing
        of_rank = {best, self.best}
        for at, (old, new) in enumerate(zip(before, wanted, strict=True)):
            if _looks(old) != _looks(new) or (at in of_rank and best != self.best):
                self.update(self._row_box(at).toAlignedRect())

    def _row_box(self, at: int) -> QRectF:
        rows = self._rows()
        row = min(self.height() / rows, float(ROW_PX))
        across = (self.width() + _COLUMN_GAP_PX) / self._columns() - _COLUMN_GAP_PX
        left = at // rows * (across + _COLUMN_GAP_PX)
        return QRectF(left, at % rows * row, across, row)

    def sizeHint(self) -> QSize:
        """Give a comfortable row to each class."""
        return QSize(240, ROW_PX * self._rows())

    def minimumSizeHint(self) -> QSize:
        """Give a tight row to each class."""
        return QSize(160, TIGHT_ROW_PX * self._rows())

    def legible_in(self, width: int) -> bool:
        """Tell whether whole names and bars that can be told apart fit into `width`."""
        if self._columns() > 1:
            return False
        metrics = QFontMetricsF(font(12, 600))
        widest = max((metrics.horizontalAdvance(name) for name in self._names), default=0.0)
        return width >= _LEFT_PX + widest + 10 + _SHORTEST_PX + 8 + _VALUE_PX

    def _columns(self) -> int:
        return -(-len(self._names) // _MOST_ROWS) or 1

    def _rows(self) -> int:
        return max(-(-len(self._names) // self._columns()), 1)

    def _describe(self) -> None:
        if self._shares is None:
            self.setAccessibleDescription("")
            return
        pairs = sorted(zip(self._shares, self._names, strict=False), reverse=True)[:3]
        self.setAccessibleDescription(", ".join(f"{name}: {probability(p)}" for p, name in pairs))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that are to be drawn anew."""
        if not self._names:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain, bold = font(12), font(12, 600)
        metrics = QFontMetricsF(plain)
        box, region = self._row_box(0), event.region()
        across = box.width()
        widest = max(metrics.horizontalAdvance(name) for name in self._names)
        place = _Place(
            width=across,
            row=box.height(),
            name_px=min(widest, across * 0.4) + 1,
            elided=metrics.elidedText,
        )
        best = self.best
        for at, name in enumerate(self._names):
            share = None if self._shares is None else self._shares[at]
            box = self._row_box(at)
            if not region.intersects(box.toAlignedRect()):
                continue
            painter.save()
            painter.translate(box.topLeft())
            painter.setFont(bold if at == best else plain)
            _paint_row(painter, name, share, place, best=at == best)
            painter.restore()

    @property
    def best(self) -> int | None:
        """The class with the highest probability; the first of equals."""
        if self._shares is None:
            return None
        finite = [(share, -at) for at, share in enumerate(self._shares) if share == share]  # noqa: PLR0124 (NaN is not itself)
        return -max(finite)[1] if finite else None
