"""Turning pages: where one is, and a step back and forth; hidden while there is one page."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.texts import tr


class Pager(QWidget):
    """Two chevrons and "2 / 8" between them; tells the page that is wished for."""

    page_requested = Signal(int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = 0
        self._back = IconButton("chevron-left", tr("Previous page"))
        self._forth = IconButton("chevron-right", tr("Next page"))
        self._place = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._back, self._place, self._forth):
            row.addWidget(widget)
        self._back.clicked.connect(lambda: self.page_requested.emit(self._page - 1))
        self._forth.clicked.connect(lambda: self.page_requested.emit(self._page + 1))
        themes.changed.connect(self._dress)
        self._dress()
        self.show_page(0, 1)

    def show_page(self, page: int, pages: int) -> None:
        """Show that this is `page`, counted from 0, of `pages`."""
        self._page = page
        self._place.setText(f"{grouped(page + 1)} / {grouped(pages)}")
        self._back.setEnabled(page > 0)
        self._forth.setEnabled(page < pages - 1)
        self.setVisible(pages > 1)

    def _dress(self) -> None:
        self._place.setFont(font(12))
