"""Flow: widgets from left to right, on as many lines as the width needs; buttons that give way."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from nnstudio.gui.theme import font

SPACING_PX: Final = 4
ELLIPSIS_PX: Final = 64
HEIGHT_PX: Final = 28
FIRST_WIDE: Final = 0x2E80


class Flow(QLayout):
    """Lays widgets out as words of a paragraph; one that is wider than a line fills the line."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Put `item` at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Give how many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Give one of them."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one of them out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Ask for no more room than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Need more lines where there is less width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give the height of all lines."""
        return self._place(QRect(0, 0, width, 0), really=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place everything."""
        super().setGeometry(rect)
        self._place(rect, really=True)

    def sizeHint(self) -> QSize:
        """Give the size of one line."""
        there = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in there) + SPACING_PX * max(len(there) - 1, 0)
        return QSize(width, max((size.height() for size in there), default=0))

    def minimumSize(self) -> QSize:
        """Give the size of the largest one."""
        there = [item.minimumSize() for item in self._items if not item.isEmpty()]
        return QSize(
            max((size.width() for size in there), default=0),
            max((size.height() for size in there), default=0),
        )

    def _place(self, rect: QRect, *, really: bool) -> int:
        left, top, line = rect.left(), rect.top(), 0
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            if size.width() > rect.width():
                tall = item.heightForWidth(rect.width()) if item.hasHeightForWidth() else 0
                size = QSize(rect.width(), max(size.height(), tall))
            if left > rect.left() and left + size.width() > rect.right() + 1:
                left, top, line = rect.left(), top + line + SPACING_PX, 0
            if really:
                item.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + SPACING_PX
            line = max(line, size.height())
        return top + line - rect.top()


class GivingButton(QPushButton):
    """A button whose words take two lines where one has no room, and end in an ellipsis at last."""

    def __init__(self, words: str, *, role: str = "soft", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._words = words
        self._tip = ""
        self.setProperty("role", role)
        self.setFont(font(13, 500))
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def words(self) -> str:
        """All that it says."""
        return self._words

    def set_words(self, words: str) -> None:
        """Say something else."""
        if words != self._words:
            self._words = words
            self.setText(words)
            self.updateGeometry()
            self._fit()

    def set_tip(self, tip: str) -> None:
        """Say what it does; its words stand before that where they are cut."""
        self._tip = tip
        self._fit()

    def sizeHint(self) -> QSize:
        """Give room for all words in one line."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        shown = max(map(metrics.horizontalAdvance, self.text().split("\n")))
        more = metrics.horizontalAdvance(self._words) - shown
        return QSize(super().sizeHint().width() + more, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Give room for a few letters."""
        return QSize(min(ELLIPSIS_PX, self.sizeHint().width()), self.sizeHint().height())

    def hasHeightForWidth(self) -> bool:
        """Need another line where there is less width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give the height of one line, or of two."""
        one = self.sizeHint().height()
        return one if self._line_of(width) == self._words else one + self.fontMetrics().height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break or cut the words where they have no room."""
        super().resizeEvent(event)
        self._fit()

    def _line_of(self, width: int) -> str:
        """Give what stands in the first of as few lines as the words need in `width`."""
        metrics = self.fontMetrics()
        room = width - (self.sizeHint().width() - metrics.horizontalAdvance(self._words))
        if metrics.horizontalAdvance(self._words) <= room:
            return self._words
        # a line of Chinese, which has hardly any spaces, ends anywhere
        spaces = [at for at, letter in enumerate(self._words) if letter == " "]
        wide = any(ord(letter) >= FIRST_WIDE for letter in self._words)
        ends = range(1, len(self._words) + 1) if wide else (*spaces, len(self._words))
        fitting = [
            end for end in ends if metrics.horizontalAdvance(self._words[:end].strip()) <= room
        ]
        return self._words[: fitting[-1] if fitting else ends[0]]

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - (self.sizeHint().width() - metrics.horizontalAdvance(self._words))
        line = self._line_of(self.width())
        rest = self._words[len(line) :].strip()
        shown = [
            one
            if metrics.horizontalAdvance(one) <= room
            else metrics.elidedText(one, Qt.TextElideMode.ElideRight, max(room, 0))
            for one in (line, rest)
            if one
        ]
        words = "\n".join(shown)
        if words != self.text():
            self.setText(words)
            self.updateGeometry()
        cut = [one for one in (line, rest) if one] != shown
        lines = (self._words if cut else "", self._tip)
        self.setToolTip("\n".join(line for line in lines if line))
