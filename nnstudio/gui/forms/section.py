"""Section: a part of the panel under a heading that opens and closes it."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from nnstudio.gui.forms.spec_form import SpecForm
from nnstudio.gui.theme import font, icon, theme, themes
from nnstudio.texts import tr

HEADER_PX: Final = 32


class Section(QWidget):
    """A heading with a chevron, the rows under it, and "More" for the advanced ones.

    Knows whether it is open; what stands in it is somebody else's.
    """

    opened_changed = Signal(bool)

    def __init__(self, title: str, content: SpecForm) -> None:
        super().__init__()
        self.content = content
        self._title = title
        self._more = False
        self.header = QToolButton()
        self.header.setText(title)
        self.header.setFont(font(13, 600))
        self.header.setCheckable(True)
        self.header.setChecked(True)
        self.header.setFixedHeight(28)
        self.header.setIconSize(QSize(14, 14))
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setAccessibleName(title)
        self.header.toggled.connect(self._show_open)
        self.more = QPushButton()
        self.more.setProperty("role", "link")
        self.more.setFont(font(12, 500))
        self.more.setVisible(False)
        self.more.clicked.connect(self._toggle_more)
        line = QHBoxLayout()
        line.setContentsMargins(5, 0, 8, 0)
        line.addWidget(self.header)
        line.addStretch(1)
        line.addWidget(self.more)
        head = QWidget()
        head.setFixedHeight(HEADER_PX)
        head.setLayout(line)
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

    def refresh(self) -> None:
        """Offer "More" where there is more, and open where something is wrong."""
        if self.content.wrong:
            self.header.setChecked(True)
        count = self.content.advanced_count
        self.more.setVisible(self.opened and count > 0)
        self.more.setText(tr("Less") if self._more else tr("More"))
        self.more.setToolTip(
            tr("Show only the settings that matter most.")
            if self._more
            else tr("Show all settings of this section.")
        )

    def _toggle_more(self) -> None:
        self._more = not self._more
        self.content.set_more(more=self._more)
        self.refresh()

    def _show_open(self) -> None:
        self.content.setVisible(self.opened)
        self._draw()
        self.refresh()
        self.opened_changed.emit(self.opened)

    def _draw(self) -> None:
        self.header.setIcon(icon("chevron-down" if self.opened else "chevron-right"))
        grey = theme().text2.name()
        self.more.setStyleSheet(f"color: {theme().text3.name()}")
        # the style of a checked button is that of a switch; a heading only opens and closes
        self.header.setStyleSheet(
            f"QToolButton, QToolButton:checked {{ color: {grey}; background: transparent;"
            " padding: 4px 7px 4px 3px; } QToolButton:focus { padding: 3px 6px 3px 2px; }"
        )
