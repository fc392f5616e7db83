"""Section: a part of the panel under a heading that opens and closes it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.forms.heading import Heading
from nnstudio.gui.forms.row import GUTTER_PX, ROW_PX
from nnstudio.gui.forms.spec_form import SpecForm
from nnstudio.gui.theme import font, theme, themes
from nnstudio.texts import tr


class Section(QWidget):
    """A heading, the rows under it, and "More" for the advanced ones.

    Knows whether it is open; what stands in it is somebody else's.
    """

    opened_changed = Signal(bool)
    rows_changed = Signal()

    def __init__(self, title: str, content: SpecForm) -> None:
        super().__init__()
        self.content = content
        self._more = False
        self._concerned = False
        self.header = Heading(title)
        self.header.toggled.connect(self._show_open)
        self.note = QLabel()
        self.note.setFont(font(12))
        self.note.setProperty("role", "third")
        self.more = QPushButton()
        self.more.setProperty("role", "link")
        self.more.setFont(font(12, 500))
        self.more.setVisible(False)
        self.more.clicked.connect(self._toggle_more)
        head = QWidget()
        head.setFixedHeight(ROW_PX)
        line = QHBoxLayout(head)
        line.setContentsMargins(8, 0, GUTTER_PX, 0)
        line.addWidget(self.header, 1)
        line.addWidget(self.note)
        line.addWidget(self.more)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 8)
        whole.setSpacing(0)
        whole.addWidget(head)
        whole.addWidget(content)
        self._draw()
        themes.changed.connect(self._draw)

    @property
    def opened(self) -> bool:
        """Whether the rows are to be seen."""
        return self.header.isChecked()

    def set_opened(self, *, opened: bool) -> None:
        """Open or close the section."""
        self.header.setChecked(opened)

    @property
    def more_shown(self) -> bool:
        """Whether the advanced settings are shown."""
        return self._more

    def set_more(self, *, more: bool) -> None:
        """Show the advanced settings too, or only those that matter."""
        if more != self._more:
            self._more = more
            self.content.set_more(more=more)
            self.refresh()
            self.rows_changed.emit()

    def set_concerned(self, *, concerned: bool) -> None:
        """Show all settings once a problem is about this section: any of them may mend it."""
        if concerned and not self._concerned:
            self.set_more(more=True)
        self._concerned = concerned

    def refresh(self) -> None:
        """Offer "More" where there is more, and open where something is wrong."""
        if self.content.wrong:
            self.header.setChecked(True)
        self.more.setVisible(self.opened and self.content.advanced_count > 0)
        self.more.setText(tr("Less") if self._more else tr("More"))
        self.more.setToolTip(
            tr("Show only the settings that matter most.")
            if self._more
            else tr("Show all settings of this section.")
        )

    def _toggle_more(self) -> None:
        self.set_more(more=not self._more)

    def _show_open(self) -> None:
        self.content.setVisible(self.opened)
        self.refresh()
        self.opened_changed.emit(self.opened)

    def _draw(self) -> None:
        # an offer of more must not be as bright as an offer to act
        self.more.setStyleSheet(f"color: {theme().text3.name()}")
