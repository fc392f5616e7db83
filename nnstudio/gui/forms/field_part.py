"""FieldPart: one row for one value, with its mark, its bolt and the reason of an error."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from nnstudio.gui.forms.editors import EDITORS, Editor
from nnstudio.gui.forms.part import UNKNOWN, Part, Shown
from nnstudio.gui.forms.remedies import Remedies
from nnstudio.gui.forms.row import Row
from nnstudio.gui.forms.words import tooltip, value_of
from nnstudio.spec import Setting
from nnstudio.texts import Text, text, tr


class FieldPart(Part):
    """One row; sends whatever its editor gives, legal or not: its form checks and may refuse.

    The row is made when it is first to be seen: most advanced ones never are.
    """

    def __init__(
        self, setting: Setting, make_editor: Callable[[Setting], Editor] | None = None
    ) -> None:
        super().__init__()
        self.setting = setting
        self._make_editor = make_editor or EDITORS[setting.kind]
        self._editor: Editor | None = None
        self._row: Row | None = None
        self._remedies: Remedies | None = None
        self._shown = Shown(UNKNOWN)
        self._refused: str | None = None
        self._more = False

    @property
    def editor(self) -> Editor:
        """The control of the row."""
        return self._made()[0]

    @property
    def row(self) -> Row:
        """The row."""
        return self._made()[1]

    def add_beside(self, widget: QWidget) -> None:
        """Put a small `widget` at the right of the control."""
        self.row.add_beside(widget)

    def show_this(self, shown: Shown) -> None:
        """Show a value; an entry that was refused stays until another value is shown."""
        if shown.value != self._shown.value:
            if self._editor is not None:
                self._editor.set_value(shown.value)
            self.refuse(None)
        self._shown = shown
        self._settle()

    def refuse(self, reason: str | None) -> None:
        """Say why the entry was not taken; None when it was."""
        if reason != self._refused:
            self._refused = reason
            self._settle()
            self.refusal_changed.emit()

    @property
    def refusal(self) -> Text | None:
        """The entry that is not legal, with the reason."""
        reason = self._problem or self._refused
        title = Text(self.setting.title)
        return None if reason is None else text("{title}: {reason}", title=title, reason=reason)

    @property
    def wrong(self) -> bool:
        """Whether the entry is refused or has a problem."""
        return bool(self.refusal or self._shown.problems)

    @property
    def advanced_count(self) -> int:
        """One when the row is seen only by those who ask for more."""
        return int(not self._matters())

    @property
    def pending(self) -> bool:
        """Whether the value acts only after a restart."""
        return not self.setting.display.live and self._differs_from(self._shown.running)

    @property
    def changed(self) -> bool:
        """Whether the value is not the default."""
        return self._differs_from(self._shown.default)

    def set_more(self, *, more: bool) -> None:
        """Show the row even when nothing makes it matter."""
        self._more = more
        self._settle()

    def _forget_refusal(self) -> None:
        self._refused = None
        self._settle()
        self.refusal_changed.emit()

    def _differs_from(self, other: Any) -> bool:
        if other is UNKNOWN:
            return False
        # of a union only the kind is chosen in this row, the rest in the rows below
        union = self.setting.kind == "union"
        value = self._shown.value
        return type(value) is not type(other) if union else bool(value != other)

    def _matters(self) -> bool:
        return not self.setting.display.advanced or self.wrong or self.pending or self.changed

    def _settle(self) -> None:
        # a row does not vanish under the hands of the person who works in it
        focus = QApplication.focusWidget()
        held = focus is not None and self.isAncestorOf(focus)
        visible = self._more or self._matters() or held
        if visible and self._shown.value is not UNKNOWN:
            editor, row = self._made()
            # what the spec says of an entry has no subject of its own
            refused = self._problem or (str(self.refusal) if self._refused else None)
            # what is wrong with the value that stands says nothing about the entry
            problems = (str(problem.message) for problem in self._shown.problems)
            said = (refused,) if refused else tuple(dict.fromkeys(problems))
            editor.set_error(said[0] if said else None)
            row.complain(*said)
            self._offer_remedies()
            row.mark.set_state(self._about_mark(), filled=self.pending)
        self.setVisible(visible)

    def _offer_remedies(self) -> None:
        problems = self._shown.problems
        if self._remedies is None:
            if not any(one.remedy for one in problems):
                return
            self._remedies = Remedies()
            self._remedies.wished.connect(self.remedy_wished)
            self.column.addWidget(self._remedies)
        self._remedies.show_problems(problems)

    @property
    def _problem(self) -> str | None:
        return None if self._editor is None else self._editor.problem

    def _made(self) -> tuple[Editor, Row]:
        if self._editor is None or self._row is None:
            about = tooltip(self.setting)
            self._editor = self._make_editor(self.setting)
            self._row = Row(tr(self.setting.title), self._editor, live=_live_words(self.setting))
            self._row.set_about(about)
            self._editor.setToolTip(about)
            self.column.addWidget(self._row)
            if self._shown.value is not UNKNOWN:
                self._editor.set_value(self._shown.value)
            self._editor.edited.connect(self.edited)
            self._editor.problem_changed.connect(self._forget_refusal)
            self._row.mark.clicked.connect(self._take_back)
        return self._editor, self._row

    def _about_mark(self) -> str:
        if self.pending:
            value = value_of(self._shown.running, self.setting)
            return tr(
                "Applies at restart. The run uses {value}; click to go back to it.", value=value
            )
        if self.changed:
            value = value_of(self._shown.default, self.setting)
            return tr("The default is {value}; click to go back to it.", value=value)
        return ""

    def _take_back(self) -> None:
        self.edited.emit(self._shown.running if self.pending else self._shown.default)


def _live_words(setting: Setting) -> str:
    if not setting.display.live:
        return ""
    if setting.display.live_at == "epoch":
        return tr("Acts on the next epoch of a run that goes on.")
    return tr("Acts on the next step of a run that goes on.")
