"""A list of what can be done, found by typing parts of its name; ignorant of what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.theme import font, theme
from nnstudio.texts import tr

ROW_PX: Final = 32
WIDTH_PX: Final = 520
ROWS_SHOWN: Final = 11
_MOVES: Final = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
_ENTRY: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class PaletteEntry:
    """One thing that can be done: its name, where it is found, its shortcut, and why not now.

    `words` is searched beside the title: the name in another language, say.
    """

    key: str
    title: str
    group: str = ""
    shortcut: str = ""
    refusal: str = ""
    words: str = ""

    def matches(self, typed: str) -> bool:
        """Whether every word typed is found in the title, the group or the other words."""
        text = f"{self.title} {self.group} {self.words}".casefold()
        return all(word in text for word in typed.casefold().split())


class _Rows(QStyledItemDelegate):
    """A row: the title, and at the right the shortcut or the reason why it cannot be done."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: PaletteEntry = index.data(_ENTRY)
        now = theme()
        area: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(now.accent_tint)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(area.adjusted(0, 1, 0, -1), 4, 4)
        inner = area.adjusted(12, 0, -12, 0)
        painter.setFont(font(13))
        painter.setPen(now.disabled if entry.refusal else now.text)
        title = f"{entry.group}: {entry.title}" if entry.group else entry.title
        drawn = painter.boundingRect(inner, Qt.AlignmentFlag.AlignVCenter, title)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(font(12))
        painter.setPen(now.text3)
        rest = inner.adjusted(drawn.width() + 24, 0, 0, 0)
        words = painter.fontMetrics().elidedText(
            entry.refusal or entry.shortcut, Qt.TextElideMode.ElideRight, max(0, rest.width())
        )
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        del option, index
        return QSize(100, ROW_PX)


class CommandPalette(QFrame):
    """The user types a few letters and presses Enter; it knows only entries."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("commandPalette")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._entries: tuple[PaletteEntry, ...] = ()
        self._edit = QLineEdit(self)
        self._edit.setPlaceholderText(tr("Type the name of a command"))
        self._edit.setAccessibleName(tr("Search the commands"))
        self._edit.textChanged.connect(self._filter)
        self._edit.installEventFilter(self)
        self._list = QListWidget(self)
        self._list.setItemDelegate(_Rows(self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setAccessibleName(tr("Commands"))
        self._list.itemClicked.connect(self._take)
        self._nothing = QLabel(tr("Nothing found"), self)
        self._nothing.setProperty("role", "second")
        self._nothing.setContentsMargins(12, 0, 12, 0)
        self._nothing.setFixedHeight(ROW_PX)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._edit)
        layout.addWidget(self._nothing)
        layout.addWidget(self._list)

    def open_over(self, window: QWidget, entries: Sequence[PaletteEntry]) -> None:
        """Show `entries` near the top of `window`, with the keyboard in the field."""
        self._entries = tuple(entries)
        self._edit.clear()
        self._filter()
        width = min(WIDTH_PX, window.width() - 32)
        height = min(ROW_PX * ROWS_SHOWN + 64, window.height() - 64)
        self.resize(width, height)
        self.move(
            window.mapToGlobal(window.rect().topLeft()).x() + (window.width() - width) // 2,
            window.mapToGlobal(window.rect().topLeft()).y() + 56,
        )
        self.show()
        self._edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def shown(self) -> tuple[PaletteEntry, ...]:
        """Give the entries that fit what is typed, in their order."""
        return tuple(self._list.item(row).data(_ENTRY) for row in range(self._list.count()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrows move in the list and Enter choose, while the field has the keyboard."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _MOVES:
                self._list.event(event)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._take(self._list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _filter(self) -> None:
        self._list.clear()
        for entry in self._entries:
            if entry.matches(self._edit.text()):
                item = QListWidgetItem(entry.title)
                item.setData(_ENTRY, entry)
                self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._nothing.setVisible(not self._list.count())

    def _take(self, item: QListWidgetItem | None) -> None:
        entry: PaletteEntry | None = item.data(_ENTRY) if item is not None else None
        if entry is None or entry.refusal:
            return
        self.hide()
        self.chosen.emit(entry.key)
