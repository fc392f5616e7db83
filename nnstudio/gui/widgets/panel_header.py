"""The head of a panel: its title at the left, small controls at the right, 40 px high."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from nnstudio.gui.theme import font, icon, themes
from nnstudio.gui.widgets.tab_strip import TabStrip

HEIGHT_PX: Final = 40


class IconButton(QToolButton):
    """A picture without a frame until the pointer or the keyboard is on it.

    Knows the name of its icon, which it draws again when the theme changes.
    """

    def __init__(self, name: str, tooltip: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setIconSize(QSize(16, 16))
        self.setFixedSize(28, 28)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_tooltip(tooltip)
        self._draw()
        themes.changed.connect(self._draw)

    def set_icon(self, name: str) -> None:
        """Show another icon from now on."""
        if name != self._name:
            self._name = name
            self._draw()

    def set_tooltip(self, tooltip: str) -> None:
        """Say what the button does, to the eye and to a screen reader."""
        self.setToolTip(tooltip)
        self.setAccessibleName(tooltip)

    def _draw(self) -> None:
        self.setIcon(icon(self._name))


class PanelHeader(QWidget):
    """The title of a panel, and what acts on the whole panel beside it."""

    def __init__(self, title: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT_PX)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 8, 0)
        self._row.setSpacing(8)
        self._title = QLabel(title)
        self.tabs = TabStrip()
        self.tabs.hide()
        self._row.addWidget(self._title)
        self._row.addWidget(self.tabs)
        self._row.addStretch(1)
        self._dress()
        themes.changed.connect(self._dress)

    @property
    def title(self) -> str:
        """What the header says."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def show_tabs(self, titles: tuple[str, ...], chosen: int) -> None:
        """Show tabs in place of the title while several panels share this place."""
        shared = len(titles) > 1
        if shared:
            self.tabs.show_tabs(titles, chosen)
        # never both at once: the panel would need the width of both, and take it from its neighbour
        if shared:
            self._title.hide()
            self.tabs.show()
        else:
            self.tabs.hide()
            self._title.show()

    def sizeHint(self) -> QSize:
        """Give the full height, by which a dock places what is under its title."""
        return QSize(super().sizeHint().width(), HEIGHT_PX)

    def add(self, widget: QWidget) -> None:
        """Put `widget` at the right end."""
        self._row.addWidget(widget)

    def _dress(self) -> None:
        self._title.setFont(font(13, 600))
