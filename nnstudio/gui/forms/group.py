"""Group: settings that belong together under a heading of their own, folded until wanted."""

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.gui.forms.field_part import FieldPart
from nnstudio.gui.forms.heading import Heading
from nnstudio.gui.forms.part import Part, Shown
from nnstudio.gui.forms.row import GUTTER_PX, ROW_PX
from nnstudio.gui.forms.words import broken
from nnstudio.gui.theme import font
from nnstudio.spec import Setting
from nnstudio.texts import tr, tr_count

INDENT_PX: Final = 12
HEAD_LEFT_PX: Final = 11


class Group(Part):
    """A heading, how many settings under it are no defaults, and the rows while it is open.

    Knows whether it is open; opens by itself where something under it is wrong.
    """

    def __init__(self, setting: Setting, content: Part) -> None:
        super().__init__()
        self._content = content
        self.header = Heading(tr(setting.title), weight=400)
        self.header.setToolTip(broken(tr(setting.help)))
        self.header.setChecked(False)
        self.note = QLabel()
        self.note.setFont(font(12))
        self.note.setProperty("role", "third")
        head = QWidget()
        head.setFixedHeight(ROW_PX)
        line = QHBoxLayout(head)
        line.setContentsMargins(HEAD_LEFT_PX, 0, GUTTER_PX, 0)
        line.addWidget(self.header, 1)
        line.addWidget(self.note)
        self._rows = QWidget()
        inner = QVBoxLayout(self._rows)
        inner.setContentsMargins(INDENT_PX, 0, 0, 4)
        inner.addWidget(content)
        self._rows.hide()
        self.column.addWidget(head)
        self.column.addWidget(self._rows)
        self.passes(content)
        self.header.toggled.connect(self._rows.setVisible)
        content.refusal_changed.connect(self._settle)

    @property
    def opened(self) -> bool:
        """Whether the rows are to be seen."""
        return self.header.isChecked()

    def set_opened(self, *, opened: bool) -> None:
        """Open or close the group."""
        self.header.setChecked(opened)

    def show_this(self, shown: Shown) -> None:
        """Show the settings."""
        self._content.show_this(shown)
        self._settle()

    def inner(self) -> tuple[Part, ...]:
        """Give what stands under the heading."""
        return (self._content,)

    def _settle(self) -> None:
        if self.wrong:
            self.set_opened(opened=True)
        changed = sum(one.changed or one.pending for one in _fields(self._content))
        words = tr_count("{count} changed", "{count} changed", changed) if changed else ""
        self.note.setText(words)


def _fields(part: Part) -> tuple[FieldPart, ...]:
    own = (part,) if isinstance(part, FieldPart) else ()
    return own + tuple(field for inner in part.inner() for field in _fields(inner))
