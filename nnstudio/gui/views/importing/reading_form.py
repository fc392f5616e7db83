"""ReadingForm: how a file is read; only what means something for this file, guesses filled in."""

from dataclasses import fields, replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from nnstudio.data.importing.asked import Asked, Preview
from nnstudio.gui.forms.editors import dress
from nnstudio.gui.forms.section import Section
from nnstudio.gui.forms.spec_form import SpecForm
from nnstudio.gui.widgets.select import Select
from nnstudio.spec import Setting, describe
from nnstudio.texts import tr

OF_COLUMNS: Final = ("labels", "samples")
NO_ROWS: Final = ("classes",)


class ColumnEditor(Select):
    """A drop-down of the columns of a table or the arrays of a file, by their names."""

    edited = Signal(object)
    problem_changed = Signal(object)
    problem: str | None = None

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self._columns = columns
        self.chosen.connect(self._tell_column)

    def set_value(self, value: str, /) -> None:
        """Show `value`; a column that was asked for by its number is one more."""
        more = () if not value or value in self._columns else (value,)
        named = [(one, one) for one in (*self._columns, *more)]
        self.set_items([("", tr("Guessed")), *named])
        self.choose(value)

    def set_error(self, message: object | None) -> None:
        """Frame the field when something is wrong with it."""
        dress(self, wrong=message is not None)

    def _tell_column(self, key: str) -> None:
        self.edited.emit(key)


class ReadingForm(QWidget):
    """The settings of a file that is looked at; tells what a person asks, guesses left open.

    Knows the newest preview and what was asked by hand.
    """

    asked_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._asked = Asked()
        self._shown = Asked()
        self._made_for: Any = None
        self.section: Section | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def asked(self) -> Asked:
        """What was set by hand; the rest is left to be guessed."""
        return self._asked

    @property
    def form(self) -> SpecForm | None:
        """The rows; None before anything was looked at."""
        return None if self.section is None else self.section.content

    def begin(self) -> None:
        """Forget what was asked of another file, and its rows, which say nothing of this one."""
        self._asked = Asked()
        self._made_for = None
        self._remove()

    def ask(self, **values: Any) -> None:
        """Set settings as if they were typed."""
        self._asked = replace(self._asked, **values)
        self.asked_changed.emit(self._asked)

    def show_preview(self, preview: Preview) -> None:
        """Show what was guessed and asked."""
        made_for = (preview.settings, preview.columns)
        if made_for != self._made_for:
            self._made_for = made_for
            self._renew(preview)
        self._shown = preview.asked
        if self.section is not None:
            self.section.content.show_value(preview.asked)
            self.section.refresh()

    def _remove(self) -> None:
        if self.section is not None:
            self.section.hide()
            self.section.deleteLater()
            self.section = None

    def _renew(self, preview: Preview) -> None:
        self._remove()
        settings = tuple(
            one
            for one in describe(Asked)
            if one.name in preview.settings and one.name not in NO_ROWS
        )
        if not settings:
            return

        def column(_setting: Setting) -> ColumnEditor:
            return ColumnEditor(preview.columns)

        editors = dict.fromkeys(OF_COLUMNS, column) if preview.columns else {}
        form = SpecForm(Asked, settings=settings, editors=editors)
        form.edited.connect(self._take)
        self.section = Section(tr("How it is read"), form)
        self._column.addWidget(self.section)

    def _take(self, shown: Asked) -> None:
        # what was merely guessed is guessed again, for it follows from the rest
        changed = {
            field.name: getattr(shown, field.name)
            for field in fields(Asked)
            if getattr(shown, field.name) != getattr(self._shown, field.name)
        }
        self._shown = shown
        self._asked = replace(self._asked, **changed)
        self.asked_changed.emit(self._asked)
