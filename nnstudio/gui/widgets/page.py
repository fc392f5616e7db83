"""Page: a column of widgets that is scrolled where it has no room, and never farther than it goes.

Words that wrap ask for several lines at least, however wide they are: what a page is high follows
from its width alone.
"""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from nnstudio.gui.widgets.cards import WIDEST_PX


class _Content(QWidget):
    """What is scrolled; as high as its width needs."""

    def minimumSizeHint(self) -> QSize:
        """Ask for a width alone: Qt asks for the height that belongs to it."""
        return QSize(super().minimumSizeHint().width(), 0)


class Page(QScrollArea):
    """A column of widgets, no wider than lines can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content = _Content()
        content.setObjectName("content")
        content.setMaximumWidth(WIDEST_PX)
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(16, 8, 16, 16)
        self.column.setSpacing(8)
        self.setWidget(content)

    def to_top(self) -> None:
        """Show the beginning, also when what was put there has its place only after the layout."""
        self.verticalScrollBar().setValue(0)
        QTimer.singleShot(0, self, lambda: self.verticalScrollBar().setValue(0))

    def show_part(self, first: QWidget, last: QWidget) -> None:
        """Bring `last` into sight after the next layout, but never move `first` over the edge."""
        QTimer.singleShot(0, self, lambda: self._show_part(first, last))

    def _show_part(self, first: QWidget, last: QWidget) -> None:
        bar, content = self.verticalScrollBar(), self._content
        top = first.mapTo(content, first.rect().topLeft()).y() - 8
        bottom = last.mapTo(content, last.rect().bottomLeft()).y() + 8
        bar.setValue(max(bar.value(), min(top, bottom - self.viewport().height())))
