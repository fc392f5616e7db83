"""Editors: one per kind of field, in one table; showing what is already shown changes nothing.

An editor is a widget with ``set_value(value)``, ``set_error(message or None)``, the signals
``edited(value)`` and ``problem_changed``, and ``problem``: what is wrong with what is typed.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from nnstudio.gui.forms.words import broken
from nnstudio.gui.theme import font
from nnstudio.gui.widgets.log_spin_box import NumberField, is_foreign, leaves_undo_to_window
from nnstudio.gui.widgets.numerals import MINUS, rate
from nnstudio.gui.widgets.select import Select
from nnstudio.gui.widgets.typed_numbers import Bounds, read_number
from nnstudio.spec import Kind, Setting, help_of, kind_of, title_of
from nnstudio.texts import tr

# mypy knows no signal of a protocol; what an editor is stands at the head of this module
Editor = Any
NO_BOUNDS: Final = Bounds()
# what may stand between whole numbers, beside what stands in them
BETWEEN_NUMBERS: Final = " –;"


def dress(widget: QWidget, *, wrong: bool) -> None:
    """Frame `widget` in the colour of errors, or take the frame away."""
    state = "error" if wrong else ""
    if (widget.property("state") or "") != state:
        widget.setProperty("state", state)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def number_editor(setting: Setting) -> NumberField:
    """Give a field for a whole or a real number; an optional one is off while it is empty."""
    field = NumberField(
        minimum=setting.minimum,
        maximum=setting.maximum,
        open_minimum=setting.open_minimum,
        open_maximum=setting.open_maximum,
        whole=setting.kind == "integer",
        log=setting.display.scale == "log",
        unit=tr(setting.display.unit),
        optional=setting.optional,
    )
    if setting.optional:
        unit = tr(setting.display.unit)
        field.setPlaceholderText(tr("off (in {unit})", unit=unit) if unit else tr("off"))
    return field


class FlagEditor(QCheckBox):
    """A box to tick at the right edge; knows only whether it is ticked."""

    edited = Signal(object)
    problem_changed = Signal(object)
    problem: str | None = None

    def __init__(self, _setting: Setting) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.clicked.connect(self._tell_ticked)

    def set_value(self, value: bool, /) -> None:  # noqa: FBT001 - it is the value itself
        """Show `value`."""
        self.setChecked(value)

    def set_error(self, message: object | None) -> None:
        """Frame the box when something is wrong with it."""
        dress(self, wrong=message is not None)

    def _tell_ticked(self) -> None:
        self.edited.emit(self.isChecked())


class ChoiceEditor(Select):
    """A drop-down of the legal values by their titles; ``off`` too when the field is optional."""

    edited = Signal(object)
    problem_changed = Signal(object)
    problem: str | None = None

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self._values: dict[str, Any] = {"": None} if setting.optional else {}
        self._values |= {str(choice.value): choice.value for choice in setting.choices}
        titles = {str(choice.value): tr(choice.title) for choice in setting.choices}
        self.set_items([(key, titles.get(key) or tr("off")) for key in self._values])
        self.chosen.connect(self._tell_value)

    def set_value(self, value: Any, /) -> None:
        """Show `value`."""
        self.choose("" if value is None else str(value))

    def set_error(self, message: object | None) -> None:
        """Frame the field when something is wrong with it."""
        dress(self, wrong=message is not None)

    def _tell_value(self, key: str) -> None:
        self.edited.emit(self._values[key])


class KindEditor(Select):
    """A drop-down of the members of a union; sends the class that was chosen, None for off.

    `blank` is the title of None, offered while it is shown (or always when the field is optional).
    `wishes` are pairs of key and title at the end of the list that are no members: one that is
    picked there is told by `wished`, and what was chosen stays.
    """

    edited = Signal(object)
    wished = Signal(str)
    problem_changed = Signal(object)
    problem: str | None = None

    def __init__(
        self,
        setting: Setting,
        *,
        blank: str = "",
        wishes: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__()
        self._optional = setting.optional
        self._wishes = wishes
        self._shown_key = ""
        self._stepping = False
        self._about = ""
        self._blank = blank or tr("off")
        self._members: dict[str, type] = {kind_of(one): one for one in setting.members}
        self._offer(with_blank=setting.optional)
        self.chosen.connect(self._tell_class)

    def set_value(self, value: object, /) -> None:
        """Show the kind of the spec `value`."""
        self._offer(with_blank=self._optional or value is None)
        self._shown_key = "" if value is None else kind_of(type(value))
        self.choose(self._shown_key)
        self._explain()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step from member to member: a wish is picked from the open list alone."""
        self._stepping = True
        super().keyPressEvent(event)
        self._stepping = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the choice as the arrows do."""
        self._stepping = True
        super().wheelEvent(event)
        self._stepping = False

    def setToolTip(self, about: str) -> None:
        """Say what the choice is for; what the chosen kind is follows."""
        self._about = about
        self._explain()

    def set_error(self, message: object | None) -> None:
        """Frame the field when something is wrong with it."""
        dress(self, wrong=message is not None)

    def _explain(self) -> None:
        member = self._members.get(self.key)
        about = () if member is None else (tr(title_of(member)), broken(tr(help_of(member))))
        chosen = "\n".join(about)
        super().setToolTip("\n\n".join(part for part in (self._about, chosen) if part))

    def _offer(self, *, with_blank: bool) -> None:
        named = [(kind, tr(title_of(member))) for kind, member in self._members.items()]
        blank = [("", self._blank)] if with_blank else []
        self.set_items([*blank, *named, *self._wishes])
        for at in range(self.count()):
            member = self._members.get(str(self.itemData(at)))
            about = broken(tr(help_of(member))) if member else ""
            if self.itemData(at, Qt.ItemDataRole.ToolTipRole) != about:
                self.setItemData(at, about, Qt.ItemDataRole.ToolTipRole)

    def _tell_class(self, kind: str) -> None:
        if any(kind == key for key, _ in self._wishes):
            self.choose(self._shown_key)
            if not self._stepping:
                self.wished.emit(kind)
            return
        self._shown_key = kind
        self.edited.emit(self._members.get(kind))


class TextEditor(QLineEdit):
    """A line of text; an optional one is off while it is empty."""

    edited = Signal(object)
    problem_changed = Signal(object)

    def __init__(self, setting: Setting) -> None:
        super().__init__()
        self.setFont(font())
        self.setFixedHeight(28)
        self._empty = None if setting.optional else ""
        self._value: Any = self._empty
        self._problem: str | None = None
        self.editingFinished.connect(self._commit)

    @property
    def problem(self) -> str | None:
        """What is wrong with what is typed."""
        return self._problem

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window unless there is something typed to take back."""
        if leaves_undo_to_window(self, event):
            event.ignore()
            return False
        return super().event(event)

    def set_value(self, value: Any, /) -> None:
        """Show `value`; what is typed just now stays when the value is the same."""
        if value != self._value:
            self._value = value
            self.setText(self.written(value))
            self.setModified(False)
            self._set_problem(None)

    def set_error(self, message: object | None) -> None:
        """Frame the field when something is wrong with it."""
        dress(self, wrong=message is not None or self._problem is not None)

    def written(self, value: Any) -> str:
        """Give `value` as it stands in the field."""
        return value or ""

    def read(self, typed: str) -> tuple[Any, str | None]:
        """Give the value of what was typed and None, or the reason why it is none."""
        return typed or self._empty, None

    def _commit(self) -> None:
        if not self.isModified():
            return
        value, problem = self.read(self.text())
        self._set_problem(problem)
        if problem is None:
            self.setModified(False)
            self._value = value
            self.setText(self.written(value))
            self.edited.emit(value)

    def _set_problem(self, problem: str | None) -> None:
        if problem != self._problem:
            self._problem = problem
            self.set_error(problem)
            self.problem_changed.emit(problem)


class RealsEditor(TextEditor):
    """Real numbers with commas between them, such as "0.5, −1, 2e-3"."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._value = ()
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def event(self, event: QEvent) -> bool:
        """Leave what stands in no list of numbers to the shortcuts of the window."""
        overridden = event.type() == QEvent.Type.ShortcutOverride
        if overridden and is_foreign(event, also=BETWEEN_NUMBERS):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take only what can stand in a list of numbers."""
        if is_foreign(event, also=BETWEEN_NUMBERS):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def written(self, value: Any) -> str:
        """Give the numbers with commas between them."""
        return ", ".join(rate(one).replace("-", MINUS, 1 if one < 0 else 0) for one in value)

    def read(self, typed: str) -> tuple[Any, str | None]:
        """Read numbers with commas, semicolons or spaces between them."""
        found: list[float] = []
        for part in plain_list(typed).replace(";", " ").split():
            number, problem = read_number(part, NO_BOUNDS)
            if problem is not None:
                return None, problem
            found.append(float(number or 0))
        return tuple(found), None


class NumbersEditor(RealsEditor):
    """Whole numbers with commas between them, such as "0, 1, 7" or "0-4"; empty means all."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.setPlaceholderText(tr("all"))

    def written(self, value: Any) -> str:
        """Give the numbers with commas between them."""
        return ", ".join(map(str, value))

    def read(self, typed: str) -> tuple[Any, str | None]:
        """Read numbers and ranges."""
        found: list[int] = []
        for part in plain_list(typed).replace("–", "-").split():
            first, dash, last = part.partition("-")
            ends = (first, last if dash else first)
            if not all(end.isdecimal() and len(end) < 5 for end in ends):
                return None, tr("This is not a class number: {typed}", typed=part)
            found.extend(range(int(ends[0]), int(ends[1]) + 1))
        return tuple(found), None


def plain_list(typed: str) -> str:
    """Give a list that was typed with spaces in place of commas, Chinese ones too."""
    return typed.replace("，", ",").replace(",", " ")


def list_editor(setting: Setting) -> RealsEditor:
    """Give a field for a list of whole or of real numbers."""
    return RealsEditor(setting) if setting.members == (float,) else NumbersEditor(setting)


EDITORS: Final[Mapping[Kind, Callable[[Setting], Editor]]] = {
    "integer": number_editor,
    "number": number_editor,
    "flag": FlagEditor,
    "choice": ChoiceEditor,
    "text": TextEditor,
    "union": KindEditor,
    "list": list_editor,
}
