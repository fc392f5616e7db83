"""What a panel shows while it has nothing to show: what will be seen here, and how to get it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, themes


class EmptyState(QWidget):
    """A title, a sentence and perhaps one soft button, in the middle of the panel."""

    acted = Signal()

    def __init__(
        self, title: str, text: str = "", action: str = "", *, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = QLabel()
        self._text = QLabel()
        self._text.setProperty("role", "second")
        self._button = QPushButton()
        self._button.setProperty("role", "soft")
        self._button.clicked.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(8)
        column.addStretch(1)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(4)
        column.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self._dress()
        themes.changed.connect(self._dress)
        self.set_texts(title, text, action)

    def set_texts(self, title: str, text: str = "", action: str = "") -> None:
        """Say something else; what is empty is not shown."""
        for label, words in ((self._title, title), (self._text, text)):
            label.setText(words)
            label.setVisible(bool(words))
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)

    def _dress(self) -> None:
        self._title.setFont(font(13, 600))
        self._text.setFont(font(13))
        self._button.setFont(font(13, 500))
