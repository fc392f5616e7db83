"""A bar over the content: one sentence, what can be done about it, and a cross to close it."""

from collections.abc import Sequence
from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from nnstudio.gui.theme import font, icon, theme, themes
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.texts import tr

Severity = Literal["info", "ok", "warning", "error"]

_LOOK: Final = {
    "info": ("info", "accent_text"),
    "ok": ("check-circle", "ok"),
    "warning": ("warning", "warning"),
    "error": ("error", "error"),
}


class NoticeBar(QWidget):
    """A notice with buttons; hidden while there is none.

    Knows the keys of its actions, of which it tells the one that was taken.
    """

    acted = Signal(str)
    closed = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity: Severity = "info"
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setMinimumHeight(44)
        self._picture = QLabel()
        self._picture.setFixedSize(16, 16)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        self._close = IconButton("cross", tr("Close this notice"))
        self._close.clicked.connect(self.close_notice)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 7)
        row.setSpacing(10)
        row.addWidget(self._picture)
        row.addWidget(self._words, 1)
        row.addLayout(self._actions)
        row.addWidget(self._close)
        self._dress()
        themes.changed.connect(self._dress)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._words.text()

    def show_notice(
        self,
        text: str,
        *,
        severity: Severity = "info",
        actions: Sequence[tuple[str, str]] = (),
        hint: str = "",
    ) -> None:
        """Show `text` with a button for each pair of key and title; `hint` follows the text."""
        self._severity = severity
        self._words.setText(f"{text} {hint}" if hint else text)
        self._words.setAccessibleName(self._words.text())
        while (item := self._actions.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for key, title in actions:
            self._actions.addWidget(self._button(key, title))
        self._dress()
        self.show()

    def close_notice(self) -> None:
        """Take the notice away and tell that it was closed."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Escape, while the keyboard is in the bar."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_notice()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground, a line under it and the colour of its severity at the left edge."""
        now = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), now.field)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), now.line)
        painter.fillRect(QRectF(0, 0, 3, self.height() - 1), self._colour())

    def _colour(self) -> object:
        return getattr(theme(), _LOOK[self._severity][1])

    def _button(self, key: str, title: str) -> QPushButton:
        button = QPushButton(title)
        button.setProperty("role", "soft")
        button.setFont(font(13, 500))
        button.clicked.connect(lambda: self.acted.emit(key))
        return button

    def _dress(self) -> None:
        name, role = _LOOK[self._severity]
        self._picture.setPixmap(icon(name, role).pixmap(16, 16))
        self._words.setFont(font())
        self.update()
