"""A field for a few numbers, typed one after the other; what is wrong is said, not mended."""

import re
import unicodedata

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QLineEdit

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.log_spin_box import leaves_undo_to_window
from nnstudio.texts import tr

FEWEST = 2
MOST = 12


class NumbersField(QLineEdit):
    """The user types "1, 2, 5, 3" or "1 2 5 3"; Enter or leaving the field sends them.

    Knows the numbers that were taken last, and what is wrong with those that are typed.
    """

    taken = Signal()

    def __init__(self, numbers: tuple[float, ...], *, least: float | None = None) -> None:
        super().__init__()
        self._least = least
        self._numbers = numbers
        self._help = ""
        self.setText(", ".join(f"{one:g}" for one in numbers))
        self.setMinimumWidth(90)
        self.textEdited.connect(self._typed)
        themes.changed.connect(self._dress)
        self._dress()

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers that were legal last."""
        return self._numbers

    @property
    def problem(self) -> str:
        """What is wrong with what is typed; empty when it is legal."""
        return read_numbers(self.text(), least=self._least)[1]

    def set_help(self, words: str) -> None:
        """Say what is typed here; what is wrong stands over it in the tooltip."""
        self._help = words
        self.setToolTip(words)

    def type_numbers(self, typed: str) -> None:
        """Take `typed` as if a person had typed it."""
        self.setText(typed)
        self._typed(typed)

    def event(self, event: QEvent) -> bool:
        """Leave undo to the window while nothing is typed here."""
        if leaves_undo_to_window(self, event):
            event.ignore()
            return False
        return super().event(event)

    def _typed(self, typed: str) -> None:
        numbers, problem = read_numbers(typed, least=self._least)
        self.setProperty("state", "error" if problem else "")
        self.style().unpolish(self)
        self.style().polish(self)
        self.setToolTip(problem or self._help)
        if not problem and numbers != self._numbers:
            self._numbers = numbers
        self.taken.emit()

    def _dress(self) -> None:
        self.setFont(font())


def read_numbers(typed: str, *, least: float | None = None) -> tuple[tuple[float, ...], str]:
    """Give the numbers in `typed` and nothing, or the reason why they are none, as a sentence.

    Numbers are parted by spaces, semicolons, or a comma; "0,5" with digits on both sides and
    other separators in the text is one number.
    """
    plain = unicodedata.normalize("NFKC", typed).replace("−", "-").strip()
    if ";" in plain or re.search(r"\d,\d+\s+\d", plain):
        plain = re.sub(r"(?<=\d),(?=\d)", ".", plain)
    parts = [one for one in re.split(r"[\s,;]+", plain) if one]
    try:
        numbers = tuple(float(one) for one in parts)
    except ValueError:
        return (), tr("These are not numbers: {typed}", typed=typed.strip())
    if not FEWEST <= len(numbers) <= MOST:
        return (), tr("{fewest} to {most} numbers are needed here.", fewest=FEWEST, most=MOST)
    if not all(abs(one) <= 1e6 for one in numbers):
        return (), tr("The numbers must be finite and at most a million.")
    if least is not None and min(numbers) < least:
        return (), tr("No number may be below {least}.", least=f"{least:g}")
    if least is not None and sum(numbers) <= 0:
        return (), tr("At least one number must be above 0.")
    return numbers, ""
