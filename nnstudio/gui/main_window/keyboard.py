"""Who gets a key: shortcuts of one letter act unless the keyboard is where that key means a thing.

Space trains, except where the Tab key has led to a button or a choice, which Space then presses.
"""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from nnstudio.gui.widgets.log_spin_box import NumberField

_BY_KEY: Final = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


def commit_entry() -> None:
    """Make what is being typed into a field a value, as leaving the field would."""
    widget = QApplication.focusWidget()
    while widget is not None:
        if isinstance(widget, NumberField):
            widget.commit()
            return
        widget = widget.parentWidget()


class Keyboard(QObject):
    """Watches the application: how the keyboard came to a widget decides what Space does there."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._reached_by_key = False
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # a window has one

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave Space to a button or a choice that was reached by the keyboard."""
        kind = event.type()
        if kind == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            self._reached_by_key = event.reason() in _BY_KEY
        elif (
            kind == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
            and self._reached_by_key
            and isinstance(watched, QAbstractButton | QComboBox)
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)
