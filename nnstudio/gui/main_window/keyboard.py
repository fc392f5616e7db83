"""Who gets a key: a shortcut acts unless the keyboard is where that key means a thing.

Space trains, except where the Tab key has led to a button or a choice, which Space then presses.
Escape clears the drawing, except where it closes a notice or takes a mark or a pin away.
What is typed after a dialog has closed, or beside letters that mean nothing, is no command; and a
letter makes steps of a run under way, but begins none.
Without a drawing in sight it puts an enlarged panel back (`nnstudio.gui.main_window.window`).
"""

from collections.abc import Callable
from time import monotonic
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from nnstudio.gui.widgets.image_grid import ImageGrid
from nnstudio.gui.widgets.log_spin_box import NumberField
from nnstudio.gui.widgets.notice_bar import NoticeBar
from nnstudio.gui.widgets.plot.line_plot import LinePlot

TYPING_S: Final = 0.7
"""Who types makes the next stroke sooner; who wants a command is back at the window later."""
_LETTERS: Final = "SAL"


def commit_entry() -> None:
    """Make what is being typed into a field a value, as leaving the field would."""
    widget = QApplication.focusWidget()
    while widget is not None:
        if isinstance(widget, NumberField):
            widget.commit()
            return
        widget = widget.parentWidget()


class Keyboard:
    """Knows which widget the Tab key has led to, and whether somebody types into nothing.

    Parameters
    ----------
    clock : callable
        Gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._led_to: QWidget | None = None
        self._clock = clock
        self._typing_until = 0.0

    def dialog_closed(self) -> None:
        """Believe for a moment that what is typed was meant for the dialog."""
        self._typing_until = self._clock() + TYPING_S

    def _types(self, event: QKeyEvent) -> bool:
        """Whether a key is one of several that were typed into nothing."""
        letter = event.text()
        if not _is_plain(event) or not (letter.isalnum() or letter == " "):
            return False
        now = self._clock()
        types = now < self._typing_until
        if types or (letter.isalpha() and letter.upper() not in _LETTERS):
            self._typing_until = now + TYPING_S
        return types

    def tab_led_to(self, widget: QWidget | None) -> None:
        """Remember where the keyboard went by Tab; a click elsewhere makes it forgotten."""
        self._led_to = widget

    def leaves_to_widget(self, event: QKeyEvent, *, live: bool) -> bool:
        """Whether a key belongs to the widget that has the keyboard, not to a shortcut.

        Parameters
        ----------
        live : bool
            Whether a run is under way.
        """
        widget = QApplication.focusWidget()
        begins = event.key() == Qt.Key.Key_S and _is_plain(event) and not live
        if self._types(event) or begins:
            return True
        if event.key() == Qt.Key.Key_Escape:
            return _uses_escape(widget)
        return (
            event.key() == Qt.Key.Key_Space
            and widget is not None
            and widget is self._led_to
            and isinstance(widget, QAbstractButton | QComboBox)
        )


def _is_plain(event: QKeyEvent) -> bool:
    """Whether a key was pressed as in typing, with nothing held but Shift."""
    held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    return held == Qt.KeyboardModifier.NoModifier


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
