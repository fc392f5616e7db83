"""SpecForm: a spec as rows; every edit makes a new spec, and one that is not legal is refused.

A part is chosen by the kind of the field, from one table; a form within a form is a form.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from nnstudio.gui.forms.editors import Editor, KindEditor
from nnstudio.gui.forms.explanation import Explanation
from nnstudio.gui.forms.field_part import FieldPart
from nnstudio.gui.forms.group import Group
from nnstudio.gui.forms.part import UNKNOWN, Part, Shown
from nnstudio.gui.forms.remedies import Remedies
from nnstudio.gui.forms.row import Complaint
from nnstudio.paths import switch
from nnstudio.spec import Kind, Problem, Setting, SpecError, describe

# mypy knows no widget with a method of its own; `add_picture` says what a picture is
Picture = Any
Special = Mapping[type, Callable[[], Part]]
NOTHING_SPECIAL: Final[Mapping[Any, Callable[..., Any]]] = {}


class SpecForm(Part):
    """The settings of one spec class as rows, or those of them that are asked for.

    `special` gives parts of their own to some spec classes, `editors` controls of their own to some
    settings by name; with `folds` each spec within the spec stands under a heading of its own.
    """

    def __init__(
        self,
        cls: type,
        *,
        settings: tuple[Setting, ...] | None = None,
        special: Special = NOTHING_SPECIAL,
        folds: bool = False,
        editors: Mapping[str, Callable[[Setting], Editor]] = NOTHING_SPECIAL,
    ) -> None:
        super().__init__()
        self._shown = Shown(None)
        self._refused: str | None = None
        self._remedies: Remedies | None = None
        self.parts: dict[str, Part] = {}
        asked_for = describe(cls) if settings is None else settings
        # what is wrong with a setting that has no row is said under the rows
        self._names = {one.name for one in asked_for}
        for setting in asked_for:
            make = editors.get(setting.name)
            part = part_of(setting, special) if make is None else FieldPart(setting, make)
            if part is not None:
                grouped = folds and setting.kind == "spec"
                self._add(setting.name, Group(setting, part) if grouped else part)
        self._complaint = Complaint(self)

    def add_under(self, name: str, widget: QWidget) -> None:
        """Put `widget` under the rows of the setting `name`, or at the end without such rows."""
        part = self.parts.get(name)
        at = self.column.count() if part is None else self.column.indexOf(part) + 1
        self.column.insertWidget(at, widget)

    def _add(self, name: str, part: Part) -> None:
        self.parts[name] = part
        self.column.addWidget(part)
        self.passes(part, partial(self._take, name))

    def show_value(
        self,
        value: Any,
        problems: tuple[Problem, ...] = (),
        running: Any = None,
        *,
        default: Any = None,
    ) -> None:
        """Show the spec `value`; `running` and `default` are None where they are not known."""
        self.show_this(
            Shown(
                value,
                problems,
                UNKNOWN if running is None else running,
                UNKNOWN if default is None else default,
            )
        )

    def show_this(self, shown: Shown) -> None:
        """Show a spec, each field in its part."""
        self._shown = shown
        for name, part in self.parts.items():
            part.show_this(shown.field(name))
        self._complain()

    def inner(self) -> tuple[Part, ...]:
        """Give the parts in their order."""
        return tuple(self.parts.values())

    def refuse(self, reason: str | None) -> None:
        """Say under the rows why the whole was not taken."""
        self._refused = reason
        self._complain()

    @property
    def wrong(self) -> bool:
        """Whether anything here is refused or has a problem."""
        return bool(self._complaint.text()) or super().wrong

    def _complain(self) -> None:
        homeless = tuple(
            one
            for one in self._shown.problems
            if not one.path or (one.path[0] in self._names and one.path[0] not in self.parts)
        )
        reasons = (str(one.message) for one in homeless)
        said = (*((self._refused,) if self._refused else ()), *reasons)
        if said and self._remedies is None:
            self._remedies = Remedies()
            self._remedies.wished.connect(self.remedy_wished)
            self.column.addWidget(self._complaint)
            self.column.addWidget(self._remedies)
        self._complaint.say(*said)
        if self._remedies is not None:
            self._remedies.show_problems(homeless)

    def _take(self, name: str, value: Any) -> None:
        try:
            changed = replace(self._shown.value, **{name: value})
        except SpecError as error:
            self.parts[name].refuse(str(error.problems[0].message))
            return
        self.parts[name].refuse(None)
        if changed != self._shown.value:
            self.show_this(replace(self._shown, value=changed))
            self.edited.emit(changed)


class UnionPart(Part):
    """One row that chooses the kind, and the rows of that kind under it.

    `blank` is the title of None, for values that are not one; `wishes` end the list of kinds and
    are told by `wished`.
    """

    wished = Signal(str)

    def __init__(
        self,
        setting: Setting,
        special: Special = NOTHING_SPECIAL,
        *,
        blank: str = "",
        wishes: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__()
        self._special = special
        self._shown = Shown(UNKNOWN)
        self._more = False
        self._pictures: list[Picture] = []
        self._above: list[QWidget] = []
        self._explanation: Explanation | None = None
        self._explains_usual = False
        self._blank, self._wishes = blank, wishes
        self.kind = FieldPart(setting, self._make_editor)
        self.form: SpecForm | None = None
        self.column.addWidget(self.kind)
        self.passes(self.kind, self._choose)

    def _make_editor(self, setting: Setting) -> KindEditor:
        editor = KindEditor(setting, blank=self._blank, wishes=self._wishes)
        editor.wished.connect(self.wished)
        return editor

    def add_picture(self, picture: Picture) -> None:
        """Put a `picture` of the value under its rows; it has ``show_value(value)``."""
        self._pictures.append(picture)
        self.column.addWidget(picture)

    def add_above(self, widget: QWidget) -> None:
        """Put `widget` between the choice and the rows of what is chosen."""
        self.column.insertWidget(self._first_row, widget)
        self._above.append(widget)

    @property
    def _first_row(self) -> int:
        return 1 + (self._explanation is not None) + len(self._above)

    def explain(self) -> None:
        """Say under the choice what the default is too, not only what stands in its place."""
        self._explains_usual = True

    def show_this(self, shown: Shown) -> None:
        """Show the kind of the value and its settings; another kind gets new rows."""
        for picture in self._pictures:
            picture.show_value(shown.value)
        self._explain_chosen(shown)
        if type(shown.value) is not type(self._shown.value):
            self._renew(shown.value)
        self._shown = shown
        own = tuple(one for one in shown.problems if not one.path)
        self.kind.show_this(replace(shown, problems=own))
        if self.form is not None:
            cls = type(shown.value)
            default = shown.default if type(shown.default) is cls else cls()
            inner = tuple(one for one in shown.problems if one.path)
            self.form.show_this(replace(shown, problems=inner, default=default))

    def inner(self) -> tuple[Part, ...]:
        """Give the row of the kind and the form under it."""
        return (self.kind,) if self.form is None else (self.kind, self.form)

    def set_more(self, *, more: bool) -> None:
        """Show the advanced rows too, or only those that matter."""
        self._more = more
        super().set_more(more=more)

    def _explain_chosen(self, shown: Shown) -> None:
        usual = shown.default is UNKNOWN or type(shown.value) is type(shown.default)
        told = None if usual and not self._explains_usual else shown.value
        if self._explanation is None and told is not None:
            # most unions show what is usual, which needs no words
            self._explanation = Explanation()
            self.column.insertWidget(1, self._explanation)
        if self._explanation is not None:
            self._explanation.show_value(told)

    def _renew(self, value: Any) -> None:
        if self.form is not None:
            self.column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        if value is not None:
            self.form = SpecForm(type(value), special=self._special, folds=True)
            self.form.set_more(more=self._more)
            self.passes(self.form)
            self.column.insertWidget(self._first_row, self.form)

    def _choose(self, chosen: Any) -> None:
        # the row sends a class to switch to, or a whole value that it goes back to
        if isinstance(chosen, type):
            chosen = switch(self._shown.value, chosen, default=self._shown.default)
        self.edited.emit(chosen)


class OnlyItemPart(Part):
    """The settings of the one item of a list that always has one."""

    def __init__(self, setting: Setting, special: Special = NOTHING_SPECIAL) -> None:
        super().__init__()
        self.form = SpecForm(setting.members[0], special=special)
        self.column.addWidget(self.form)
        self.passes(self.form, lambda item: self.edited.emit((item,)))

    def show_this(self, shown: Shown) -> None:
        """Show the item."""
        own = tuple(one for one in shown.problems if not one.path)
        item = shown.item(0)
        self.form.show_this(replace(item, problems=own + item.problems))

    def inner(self) -> tuple[Part, ...]:
        """Give the form of the item."""
        return (self.form,)


def _field(setting: Setting, _special: Special) -> Part | None:
    # where only one value is legal there is nothing to set
    return None if setting.minimum == setting.maximum is not None else FieldPart(setting)


def _union(setting: Setting, special: Special) -> Part:
    return UnionPart(setting, special)


def _spec(setting: Setting, special: Special) -> Part | None:
    cls = setting.members[0]
    if cls in special:
        return special[cls]()
    # what has nothing to set is not shown, such as a union that has one member so far
    return SpecForm(cls, special=special) if describe(cls) else None


def _list(setting: Setting, special: Special) -> Part | None:
    if setting.members in {(int,), (float,)}:
        return FieldPart(setting)
    made = next(
        (make for cls, make in special.items() if setting.members and setting.members[0] is cls),
        None,
    )
    if made is not None:
        return made()
    always_one = setting.minimum_length == setting.maximum_length == 1
    return OnlyItemPart(setting, special) if always_one else None


PARTS: Final[Mapping[Kind, Callable[[Setting, Special], Part | None]]] = {
    "integer": _field,
    "number": _field,
    "flag": _field,
    "choice": _field,
    "text": _field,
    "spec": _spec,
    "union": _union,
    "list": _list,
}


def part_of(setting: Setting, special: Special = NOTHING_SPECIAL) -> Part | None:
    """Give the part that shows `setting`; None when there is nothing to show."""
    if setting.display.hidden:
        return None
    return PARTS[setting.kind](setting, special)
