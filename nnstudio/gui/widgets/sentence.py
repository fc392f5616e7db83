"""The sentence under a plot: what it says, in words, over one line or two."""

from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from nnstudio.gui.theme import font, themes


class Sentence(QLabel):
    """One sentence of secondary size; it wraps, and takes no room while there is none."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setProperty("role", "second")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        themes.changed.connect(self._dress)
        self._dress()
        self.hide()

    def say(self, words: str) -> None:
        """Say `words` from now on."""
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
            self.setVisible(bool(words))

    def _dress(self) -> None:
        self.setFont(font(12))
