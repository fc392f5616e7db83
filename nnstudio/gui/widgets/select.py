"""One choice out of a list that drops down; the wheel scrolls the panel, not the choice."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from nnstudio.gui.theme import themes
from nnstudio.gui.widgets.hovering import Hovering

_AROUND_TITLE_PX: Final = 8
_LEAST_PX: Final = 48


class Select(QComboBox):
    """A drop-down of titles; knows the key of each and ignores the wheel unless it has focus."""

    chosen = Signal(str)

    def __init__(
        self, items: Sequence[tuple[str, str]] = (), *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(28)
        self.setMaxVisibleItems(16)
        # Fusion's own delegate ignores the style sheet's rules for items.
        self.setItemDelegate(QStyledItemDelegate(self))
        # With the policies that look at the contents Qt resizes the box behind the layout's back.
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(policy)
        self.currentTextChanged.connect(self.updateGeometry)
        self.set_items(items)
        self.activated.connect(self._tell)
        themes.changed.connect(self.update)
        self._hovering = Hovering(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Look for the pointer no more."""
        super().hideEvent(event)
        self._hovering.stop()

    @property
    def key(self) -> str:
        """The key that is chosen; empty while there is nothing to choose from."""
        data = self.currentData()
        return data if isinstance(data, str) else ""

    def set_items(self, items: Sequence[tuple[str, str]]) -> None:
        """Offer these pairs of key and title; the chosen key stays when it is still there."""
        wanted = list(items)
        if wanted == [(self.itemData(at), self.itemText(at)) for at in range(self.count())]:
            return
        key = self.key
        self.clear()
        for item_key, title in wanted:
            self.addItem(title, item_key)
        self.choose(key)
        self.updateGeometry()

    def choose(self, key: str) -> None:
        """Show `key` as chosen, without telling anybody."""
        at = self.findData(key)
        if at >= 0 and at != self.currentIndex():
            self.setCurrentIndex(at)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the choice only when the keyboard is here; else let the panel scroll."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        """Give the room for the widest title."""
        return self.hint_for([self.itemText(at) for at in range(self.count())])

    def minimumSizeHint(self) -> QSize:
        """Give room for a few letters: the rest is elided."""
        return QSize(_LEAST_PX, self.height())

    def hint_for(self, titles: Sequence[str]) -> QSize:
        """Give the room for the widest of `titles` with the arrow beside it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(title) for title in titles), default=0)
        bare = QSize(widest + _AROUND_TITLE_PX, metrics.height())
        return self.style().sizeFromContents(QStyle.ContentsType.CT_ComboBox, option, bare, self)

    def showPopup(self) -> None:
        """Open the list, wide enough for its titles."""
        self.view().setMinimumWidth(max(self.view().sizeHintForColumn(0) + 24, self.width()))
        super().showPopup()

    def hidePopup(self) -> None:
        """Close the list, and look whether the pointer has gone meanwhile."""
        super().hidePopup()
        if self.isVisible():
            self._hovering.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the field; a title that has no room ends in an ellipsis instead of being cut off."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            option.currentText,
            Qt.TextElideMode.ElideRight,
            room.width() - 1,
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _tell(self, at: int) -> None:
        self.chosen.emit(str(self.itemData(at)))
