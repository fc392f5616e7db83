"""The confusion matrix as a picture: cells by row and column, recall beside, precision below.

Painted once for each change; a pointer or an arrow key marks a cell.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import mixed, theme, themes
from nnstudio.gui.views.confusion.words import cell_in_words
from nnstudio.gui.widgets.numerals import grouped, percent, signed
from nnstudio.gui.widgets.plot.frame import font_of, generation, width_of
from nnstudio.texts import tr
from nnstudio.training.metrics import precision, recall

Counts = NDArray[np.int64]
Cell = tuple[int, int]

HEAD_PX: Final = 34
GAP_PX: Final = 6
MARGIN_PX: Final = 46
FOOT_PX: Final = 22
LEAST_LABEL_PX: Final = 14
MOST_LABEL_PX: Final = 92
MOST_CELL_PX: Final = 92
LEAST_HIGH_PX: Final = 13
STRONGEST: Final = 0.78
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, eq=False)
class Grid:
    """A confusion matrix (C, C) with the names of its classes.

    `shown` is "counts", "rows" for shares of the true class, or "change" for how many more there
    are than in the matrix of another run, `before`.
    """

    table: Counts
    names: tuple[str, ...]
    shown: str = "counts"
    before: Counts | None = None


class MatrixTable(QWidget):
    """Rows are the truth, columns the answers; right ones in blue, wrong ones in orange.

    Knows the grid that it was given last and the marked cell; `picked` tells row and column, -1
    and -1 where the mark was taken away.
    """

    picked = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._grid: Grid | None = None
        self._marked: Cell | None = None
        self._hovered: Cell | None = None
        self._picture: QPixmap | None = None
        self._painted_for: object = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(150, 120)
        themes.changed.connect(self._forget)

    @property
    def marked(self) -> Cell | None:
        """The cell that is framed."""
        return self._marked

    def show_grid(self, grid: Grid) -> None:
        """Show `grid`; the marked cell stays where there is one of that place."""
        if self._marked is not None and max(self._marked) >= len(grid.table):
            self._marked = None
        self._grid, self._picture = grid, None
        self.update()

    def mark(self, cell: Cell | None) -> None:
        """Frame `cell`, without telling anybody."""
        if cell != self._marked:
            self._marked = cell
            grid = self._grid
            if grid is not None and cell is not None:
                self.setAccessibleDescription(cell_in_words(grid.table, grid.names, cell))
            self.update()

    def sizeHint(self) -> QSize:
        """Give room for ten classes."""
        return QSize(420, 340)

    def event(self, event: QEvent) -> bool:
        """Read the cell under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell, grid = self._at(QPointF(event.pos())), self._grid
            if cell is not None and grid is not None:
                words = cell_in_words(grid.table, grid.names, cell)
                QToolTip.showText(event.globalPos(), words, self)
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint it at its new size."""
        super().resizeEvent(event)
        self._forget()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Frame the cell under the pointer."""
        self._hover(self._at(event.position()))

    def leaveEvent(self, _event: object) -> None:
        """Frame it no more."""
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell the cell under the pointer, or that the marked one is wanted no more."""
        cell = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell is not None:
            self._pick(None if cell == self._marked else cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the mark with the arrows; Escape takes it away."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        key = Qt.Key(event.key())
        if self._grid is not None and key in moves:
            last = len(self._grid.table) - 1
            now = self._marked
            wanted = (0, 0) if now is None else (now[0] + moves[key][0], now[1] + moves[key][1])
            if min(wanted) >= 0 and max(wanted) <= last:
                self._pick(wanted)
        elif key == Qt.Key.Key_Escape and self._marked is not None:
            self._pick(None)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show the kept picture and the frames over it."""
        grid = self._grid
        if grid is None:
            return
        now = (self.size(), self.devicePixelRatioF(), generation())
        if self._picture is None or self._painted_for != now:
            self._picture, self._painted_for = self._paint(grid), now
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        for cell, pen in (
            (self._hovered, QPen(theme().text3, 1)),
            (self._marked, QPen(theme().accent, 2)),
        ):
            if cell is not None:
                painter.setPen(pen)
                painter.drawRect(self._box(cell).adjusted(0.5, 0.5, -0.5, -0.5))
        if self.hasFocus() and self._marked is None:
            painter.setPen(QPen(theme().accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _pick(self, cell: Cell | None) -> None:
        self.mark(cell)
        self.picked.emit(*((-1, -1) if cell is None else cell))

    def _hover(self, cell: Cell | None) -> None:
        if cell != self._hovered:
            self._hovered = cell
            self.update()

    def _forget(self) -> None:
        self._picture = None
        self.update()

    @property
    def _label_px(self) -> float:
        names = self._grid.names if self._grid is not None else ()
        widest = max((width_of(name, 12) for name in names), default=0.0)
        heads = max(width_of(tr("true"), 11), width_of(tr("prec."), 11)) + 2
        return min(max(widest, heads) + 2, MOST_LABEL_PX, self.width() / 4)

    @property
    def _cell_size(self) -> tuple[float, float]:
        count = len(self._grid.table) if self._grid is not None else 1
        wide = (self.width() - self._label_px - GAP_PX - MARGIN_PX) / count
        high = (self.height() - HEAD_PX - FOOT_PX) / count
        high = min(high, MOST_CELL_PX)
        return max(min(wide, high * 1.6), 2.0), max(min(high, wide), 2.0)

    def _box(self, cell: Cell) -> QRectF:
        wide, high = self._cell_size
        left = self._label_px + GAP_PX
        return QRectF(left + cell[1] * wide, HEAD_PX + cell[0] * high, wide - 1, high - 1)

    def _at(self, place: QPointF) -> Cell | None:
        if self._grid is None:
            return None
        wide, high = self._cell_size
        row = int((place.y() - HEAD_PX) // high)
        column = int((place.x() - self._label_px - GAP_PX) // wide)
        last = len(self._grid.table)
        return (row, column) if 0 <= row < last and 0 <= column < last else None

    def _paint(self, grid: Grid) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().panel)
        painter = QPainter(picture)
        self._paint_cells(painter, grid)
        self._paint_names(painter, grid)
        self._paint_margins(painter, grid)
        painter.end()
        return picture

    def _paint_cells(self, painter: QPainter, grid: Grid) -> None:
        wide, high = self._cell_size
        strengths, written = _strengths(grid), _written(grid)
        widths = {px: _widest(written, px) for px in (12, 11)}
        px = 12 if high >= 20 and widths[12] + 2 <= wide else 11
        fits = high >= LEAST_HIGH_PX and widths[px] + 2 <= wide
        painter.setFont(font_of(px))
        for row, column in np.ndindex(*grid.table.shape):
            box = self._box((row, column))
            good = float(strengths[row, column])
            strength = abs(good)
            colour = theme().score if good > 0 else theme().loss
            painter.fillRect(box, mixed(colour, theme().field, strength))
            if fits and written[row][column]:
                painter.setPen(theme().panel if strength > 0.5 else theme().text)
                painter.drawText(box, CENTRE, written[row][column])

    def _paint_names(self, painter: QPainter, grid: Grid) -> None:
        wide, high = self._cell_size
        painter.setFont(font_of(11))
        painter.setPen(theme().text3)
        first = self._box((0, 0))
        corner = QRectF(first.left(), 0, self.width() - first.left(), HEAD_PX - 18)
        painter.drawText(corner, LEFT, tr("answered"))
        painter.drawText(QRectF(0, HEAD_PX - 18, self._label_px, 16), RIGHT, tr("true"))
        painter.setFont(font_of(12))
        painter.setPen(theme().text2)
        every = max(int(-(-14 // high)), 1)
        across = max(int(-(-max(LEAST_LABEL_PX, 16) // wide)), 1)
        for at, name in enumerate(grid.names):
            box = self._box((at, at))
            if at % every == 0:
                room = QRectF(0, box.center().y() - 9, self._label_px, 18)
                painter.drawText(room, RIGHT, _elided(painter, name, room.width()))
            if at % across == 0:
                room = QRectF(box.left(), HEAD_PX - 19, wide * across - 1, 18)
                painter.drawText(room, CENTRE, _elided(painter, name, room.width()))

    def _paint_margins(self, painter: QPainter, grid: Grid) -> None:
        wide, high = self._cell_size
        last = len(grid.table) - 1
        end = self._box((last, last))
        painter.setFont(font_of(11))
        painter.setPen(theme().text3)
        beside = QRectF(end.right() + 4, HEAD_PX - 19, self.width() - end.right() - 4, 18)
        painter.drawText(beside, LEFT, _elided(painter, tr("recall"), beside.width()))
        painter.drawText(QRectF(0, end.bottom() + 3, self._label_px, 18), RIGHT, tr("prec."))
        painter.setPen(theme().text2)
        for at, share in enumerate(recall(grid.table).tolist()):
            box = self._box((at, last))
            if high >= 12:
                place = QRectF(box.right() + 4, box.top(), MARGIN_PX, box.height())
                painter.drawText(place, LEFT, _short(share))
        for at, share in enumerate(precision(grid.table).tolist()):
            box = self._box((last, at))
            words = _short(share)
            if width_of(words, 11) + 1 > wide:
                words = words.removesuffix("%").strip()
            if width_of(words, 11) <= wide:
                painter.drawText(QRectF(box.left(), box.bottom() + 3, wide, 18), CENTRE, words)


def shares_of(table: Counts) -> NDArray[np.float64]:
    """Give the table (C, C) with each row divided by its sum; NaN in rows without samples."""
    total = table.sum(axis=1, keepdims=True)
    shares = np.full(table.shape, np.nan)
    np.divide(table, total, out=shares, where=total > 0)
    return shares


def _strengths(grid: Grid) -> NDArray[np.float64]:
    """Give how strong the colour of each cell is: above 0 what is good, below what is bad."""
    if grid.shown == "change" and grid.before is not None:
        change = (grid.table - grid.before).astype(np.float64)
        better = np.where(np.eye(len(change), dtype=bool), change, -change)
        most = max(float(np.abs(better).max()), 1.0)
        return np.asarray(np.sign(better) * (np.abs(better) / most) ** 0.5 * STRONGEST)
    shares = np.nan_to_num(shares_of(grid.table))
    right = np.diag(np.diagonal(shares))
    most = max(float((shares - right).max()), 1e-9)
    wrong = np.sqrt((shares - right) / most) * (STRONGEST - 0.1)
    return np.asarray(right * STRONGEST - wrong)


def _written(grid: Grid) -> list[list[str]]:
    if grid.shown == "change" and grid.before is not None:
        change = (grid.table - grid.before).tolist()
        return [[signed(one, digits=0) if one else "" for one in row] for row in change]
    if grid.shown != "rows":
        return [[grouped(one) if one else "" for one in row] for row in grid.table.tolist()]
    return [[_share(one) for one in row] for row in shares_of(grid.table).tolist()]


def _widest(written: list[list[str]], px: int) -> float:
    return max((width_of(one, px) for row in written for one in row), default=0.0)


def _share(share: float) -> str:
    return f"{100 * share:.1f}" if share and not np.isnan(share) else ""


def _short(share: float) -> str:
    return "–" if np.isnan(share) else percent(share, digits=0 if share in {0.0, 1.0} else 1)


def _elided(painter: QPainter, name: str, width: float) -> str:
    return painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(width))
