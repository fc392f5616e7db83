"""A field for one number: typed as people type it, stepped sensibly, never clamped in silence."""

import math
import unicodedata
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.numerals import GAP, MINUS, grouped, rate
from nnstudio.gui.widgets.typed_numbers import Bounds, read_number, stepped

HEIGHT_PX: Final = 28
SHARE_DIGITS: Final = 4
OF_NUMBERS: Final = frozenset("+-−.,eE%")


def leaves_undo_to_window(field: QLineEdit, event: QEvent) -> bool:
    """Tell whether `event` asks who takes undo or redo, and nothing is typed into `field`.

    A line edit claims both keys for its own text, even when there is nothing to take back.
    """
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and not field.isModified()
        and (
            event.matches(QKeySequence.StandardKey.Undo)
            or event.matches(QKeySequence.StandardKey.Redo)
        )
    )


def is_foreign(event: QEvent, *, also: str = "") -> bool:
    """Tell whether `event` is a key that writes what stands in no number, nor is in `also`."""
    if not isinstance(event, QKeyEvent) or event.modifiers() & _COMMANDING:
        return False
    written = event.text()
    if len(written) != 1 or not written.isprintable():
        return False
    plain = unicodedata.normalize("NFKC", written)
    return not (plain.isdecimal() or plain in OF_NUMBERS or plain in also)


_COMMANDING: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class NumberField(QLineEdit):
    """A number at the right edge with its unit; arrows and the wheel step it.

    The user types "0.01", "0,01" or "1e-3"; Enter, Tab or a step send it, Escape takes it back.
    A key that cannot be part of a number is left to the shortcuts of the window.
    Knows the value that was shown last, its bounds, and what is wrong with what is typed.
    """

    edited = Signal(object)
    problem_changed = Signal(object)

    def __init__(
        self,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        open_minimum: bool = False,
        open_maximum: bool = False,
        whole: bool = False,
        log: bool = False,
        unit: str = "",
        step: float | None = None,
        optional: bool = False,
        grouping: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bounds = Bounds(minimum, maximum, open_minimum, open_maximum, whole, optional)
        self._log = log
        self._unit = unit
        self._step = step
        self._grouping = grouping
        self._value: float | None = None
        self._error: str | None = None
        self._own_problem: str | None = None
        self._help = ""
        self.setFont(font())
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(HEIGHT_PX)
        self.textEdited.connect(self._typed)
        self.editingFinished.connect(self.commit)
        themes.changed.connect(self._refresh_font)

    @property
    def value(self) -> float | None:
        """The number that was set or sent last; an int where whole numbers are asked for."""
        return self._value

    @property
    def problem(self) -> str | None:
        """What is wrong with what is typed, in one sentence; None when it is legal."""
        return self._own_problem

    def set_value(self, value: float | None) -> None:
        """Show `value`; what a person is typing just now stays when the value is the same."""
        unchanged = value == self._value and type(value) is type(self._value)
        if unchanged and (self.text() or value is None):
            return
        self._value = value
        self._show_value()
        self._set_problem(None)

    def set_error(self, message: object | None) -> None:
        """Frame the field in red and give the reason, or take both away."""
        shown = None if message is None else str(message)
        if shown != self._error:
            self._error = shown
            self._mark()

    def setToolTip(self, help_text: str) -> None:
        """Say what the field is for; the reason of an error stands before it."""
        self._help = help_text
        self._mark()

    def commit(self) -> None:
        """Send what is typed when it is legal and new; else say what is wrong with it."""
        if not self.isModified():
            return
        number, problem = read_number(self.text(), self._bounds, unit=self._unit)
        self._set_problem(problem)
        if problem is None:
            self.setModified(False)
            changed = number != self._value
            self._value = number
            self._show_value()
            if changed:
                self.edited.emit(number)

    def event(self, event: QEvent) -> bool:
        """Take undo, redo and Escape only while there is something typed to take back."""
        overridden = event.type() == QEvent.Type.ShortcutOverride
        if leaves_undo_to_window(self, event) or (overridden and is_foreign(event)):
            event.ignore()
            return False
        if self._takes_escape(event):
            event.accept()
            return True
        return super().event(event)

    def _takes_escape(self, event: QEvent) -> bool:
        return (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.isModified()
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrows and page keys, take back with Escape."""
        key = event.key()
        steps = {
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_PageUp: 10,
            Qt.Key.Key_PageDown: -10,
        }.get(Qt.Key(key))
        if steps is not None:
            self._move(steps)
        elif key == Qt.Key.Key_Escape and self.isModified():
            self._show_value()
            self._set_problem(None)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            # it has sent the number; what holds the field has nothing to do with it
            event.accept()
        elif is_foreign(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step only when the keyboard is here; else let the panel scroll."""
        if not self.hasFocus() or self.isReadOnly():
            event.ignore()
            return
        turned = event.angleDelta().y()
        if turned:
            self._move(1 if turned > 0 else -1)
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the bare number, so that it can be typed over."""
        super().focusInEvent(event)
        if not self.isModified():
            self._show_value()
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the number with its unit again."""
        super().focusOutEvent(event)
        if not self.isModified():
            self._show_value()

    def _move(self, steps: int) -> None:
        if self.isReadOnly():
            return
        number, problem = read_number(self.text(), self._bounds, unit=self._unit)
        start = self._value if problem is not None else number
        moved = stepped(start, steps, self._bounds, log=self._log, step=self._step)
        if moved != start or self.isModified():
            changed = moved != self._value
            self._value = moved
            self._show_value()
            self._set_problem(None)
            if changed:
                self.edited.emit(moved)

    def _show_value(self) -> None:
        bare = self.hasFocus()
        self.setText(self._written(self._value, bare=bare))
        self.setModified(False)

    def _written(self, value: float | None, *, bare: bool) -> str:
        if value is None:
            return ""
        scale = 100 if self._unit == "%" else 1
        if not math.isfinite(value):
            written = str(value)
        elif self._bounds.whole:
            plain = bare or not self._grouping or abs(value) < 1000
            written = str(int(value)) if plain else grouped(int(value))
        else:
            # every digit is there to be edited; to be read, a share needs but a few
            digits = 10 if bare else SHARE_DIGITS
            written = rate(value * scale) if scale == 1 else f"{value * scale:.{digits}g}"
        if bare:
            return written
        # while it is typed, a minus is what the keyboard gives
        told = written.replace("-", MINUS, 1) if written.startswith("-") else written
        return f"{told}{GAP}{self._unit}" if self._unit else told

    def _typed(self) -> None:
        if self._own_problem is not None:
            _, problem = read_number(self.text(), self._bounds, unit=self._unit)
            self._set_problem(problem)

    def _set_problem(self, problem: str | None) -> None:
        if problem != self._own_problem:
            self._own_problem = problem
            self._mark()
            self.problem_changed.emit(problem)

    def _mark(self) -> None:
        message = self._own_problem or self._error
        super().setToolTip("\n\n".join(part for part in (message, self._help) if part))
        self.setAccessibleDescription(message or self._help)
        state = "error" if message else ""
        if self.property("state") != state:
            self.setProperty("state", state)
            self.style().unpolish(self)
            self.style().polish(self)

    def _refresh_font(self) -> None:
        self.setFont(font())
