"""A table of numbers with as many rows as one likes: only what is seen of it is asked for."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from nnstudio.gui.theme import font, theme, themes

Cell = Callable[[int, int], str]
Bars = Callable[[int], tuple[tuple[QColor, float], ...]]
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

ROW_PX: Final = 26
BAR_PX: Final = 4
KEY_PX: Final = 8
AROUND_PX: Final = 4
LEAST_BARS_PX: Final = 24
LEAST_COLUMN_PX: Final = 24
LOOKED_AT: Final = 40
"""So many rows say how wide a column has to be."""
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _Cells(QAbstractTableModel):
    """Cells that are asked for when they are seen."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: tuple[str, ...] = ()
        self.tips: tuple[str, ...] = ()
        self.keys: tuple[QColor | None, ...] = ()
        self.count = 0
        self.cell: Cell = lambda _row, _column: ""

    def rowCount(self, parent: _Index | None = None) -> int:
        """Give the number of rows."""
        return 0 if parent is not None and parent.isValid() else self.count

    def columnCount(self, parent: _Index | None = None) -> int:
        """Give the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Give the heading of a column, and what it means."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == _Role.ToolTipRole and section < len(self.tips):
            return self.tips[section] or None
        if role == _Role.DecorationRole and section < len(self.keys):
            return self._key_of(section)
        if role == _Role.TextAlignmentRole:
            return LEFT if section == 0 else RIGHT
        return self.headings[section] if role == _Role.DisplayRole else None

    def _key_of(self, section: int) -> QPixmap | None:
        colour = self.keys[section]
        if colour is None:
            return None
        made = QPixmap(KEY_PX, KEY_PX)
        made.fill(colour)
        return made

    def data(self, index: _Index, role: int = 0) -> Any:
        """Give what a cell says."""
        if role in {_Role.DisplayRole, _Role.ToolTipRole}:
            return self.cell(index.row(), index.column())
        if role == _Role.TextAlignmentRole:
            return LEFT if index.column() == 0 else RIGHT
        return None


class _BarPainter(QStyledItemDelegate):
    """Draws thin bars, one under the other, in place of words."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.bars: Bars = lambda _row: ()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | Any
    ) -> None:
        """Draw the bars of a row from the left."""
        super().paint(painter, option, index)
        now, bars = theme(), self.bars(index.row())
        box = QRectF(option.rect).adjusted(AROUND_PX, 0, -AROUND_PX, 0)
        top = box.center().y() - len(bars) * (BAR_PX + 1) / 2
        for at, (colour, share) in enumerate(bars):
            line = QRectF(box.left(), top + at * (BAR_PX + 1), box.width(), BAR_PX)
            painter.fillRect(line, now.grid)
            line.setWidth(box.width() * share)
            painter.fillRect(line, colour)


class NumberTable(QTableView):
    """Rows of words and numbers; a click or Enter picks a row and tells it by `picked`.

    Knows the headings, how many rows there are, and whom to ask for a cell. Bars, if there are
    any, stand in the second column.
    """

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._cells = _Cells()
        self.setModel(self._cells)
        self._painter = _BarPainter(self)
        self._bars_shown = False
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(LOOKED_AT)
        header.setMinimumSectionSize(LEAST_COLUMN_PX)
        self.clicked.connect(lambda index: self.picked.emit(index.row()))
        themes.changed.connect(self._dress)
        self._dress()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self._cells.count

    @property
    def headings(self) -> tuple[str, ...]:
        """What the columns are called."""
        return self._cells.headings

    def words(self, row: int) -> tuple[str, ...]:
        """Give what the cells of a row say."""
        return tuple(self._cells.cell(row, at) for at in range(len(self._cells.headings)))

    def show_cells(
        self,
        headings: tuple[str, ...],
        count: int,
        cell: Cell,
        *,
        bars: Bars | None = None,
        tips: tuple[str, ...] = (),
        keys: tuple[QColor | None, ...] = (),
    ) -> None:
        """Show `count` rows; `cell` gives the words at a row and a column.

        `tips` say what the columns mean, `keys` are the colours of their bars.
        """
        cells = self._cells
        same = (headings, count) == (cells.headings, cells.count)
        cells.tips, cells.keys = tips, keys
        if same:
            cells.cell = cell
            self._painter.bars = bars or self._painter.bars
            self.viewport().update()
            return
        cells.beginResetModel()
        cells.headings, cells.count, cells.cell = headings, count, cell
        cells.endResetModel()
        if bars is not None:
            self._painter.bars = bars
        if (bars is not None) != self._bars_shown:
            self._bars_shown = bars is not None
            # None would take the usual painter away, which the stubs of Qt do not know of
            usual = self.itemDelegate()
            self.setItemDelegateForColumn(1, self._painter if bars is not None else usual)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Have Enter pick the row."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.currentIndex().isValid():
                self.picked.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew in another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the bars what the other columns leave."""
        super().resizeEvent(event)
        self._stretch_bars()

    def _fit(self) -> None:
        header = self.horizontalHeader()
        for at in range(len(self._cells.headings)):
            bars = self._bars_shown and at == 1
            kind = QHeaderView.ResizeMode.Fixed if bars else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(at, kind)
        self._stretch_bars()

    def _stretch_bars(self) -> None:
        if self._bars_shown:
            header = self.horizontalHeader()
            others = header.length() - header.sectionSize(1)
            header.resizeSection(1, max(self.viewport().width() - others, LEAST_BARS_PX))

    def _dress(self) -> None:
        self.setFont(font(12))
        # in a panel there is no room for frames in frames, and little between columns
        self.setStyleSheet(
            "QTableView { border: 2px solid transparent; }"
            f"QTableView:focus {{ border: 2px solid {theme().accent.name()}; }}"
            f"QHeaderView::section {{ padding: 4px {AROUND_PX}px; background: transparent; }}"
        )
        self.horizontalHeader().setFont(font(12))
        self.viewport().update()
