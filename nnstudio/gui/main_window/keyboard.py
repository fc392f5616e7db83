"""Who gets a key: a shortcut acts unless the keyboard is where that key means a thing.

Space trains, except where the Tab key has led to a button or a choice, which Space then presses.
Escape clears the drawing, except where it closes a notice or takes a mark or a pin away.
Without a drawing in sight it puts an enlarged panel back (`nnstudio.gui.main_window.window`).
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from nnstudio.gui.widgets.image_grid import ImageGrid
from nnstudio.gui.widgets.log_spin_box import NumberField
from nnstudio.gui.widgets.notice_bar import NoticeBar
from nnstudio.gui.widgets.plot.line_plot import LinePlot


def commit_entry() -> None:
    """Make what is being typed into a field a value, as leaving the field would."""
    widget = QApplication.focusWidget()
    while widget is not None:
        if isinstance(widget, NumberField):
            widget.commit()
            return
        widget = widget.parentWidget()


class Keyboard:
    """Knows which widget the Tab key has led to."""

    def __init__(self) -> None:
        self._led_to: QWidget | None = None

    def tab_led_to(self, widget: QWidget | None) -> None:
        """Remember where the keyboard went by Tab; a click elsewhere makes it forgotten."""
        self._led_to = widget

    def leaves_to_widget(self, event: QKeyEvent) -> bool:
        """Whether a key belongs to the widget that has the keyboard, not to a shortcut."""
        widget = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            return _uses_escape(widget)
        return (
            event.key() == Qt.Key.Key_Space
            and widget is not None
            and widget is self._led_to
            and isinstance(widget, QAbstractButton | QComboBox)
        )


def _uses_escape(widget: QWidget | None) -> bool:
    while widget is not None:
        if isinstance(widget, NoticeBar):
            return True
        if isinstance(widget, ImageGrid):
            return widget.marked is not None
        if isinstance(widget, LinePlot):
            return widget.pinned
        widget = widget.parentWidget()
    return False
