"""Foot: what waits for a restart, said under a form that edits a running experiment."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from nnstudio.gui.forms.row import ElidingLabel, Mark
from nnstudio.gui.theme import font, theme, themes
from nnstudio.texts import tr, tr_count

FOOT_PX: Final = 48


class Foot(QWidget):
    """How many changes wait for a restart, and the button for it; seen only when there are any."""

    restart_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(FOOT_PX)
        self._count = 0
        self.label = ElidingLabel(role="text2", px=12)
        self.dot = Mark()
        self.dot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.dot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.restart = QPushButton(tr("Restart"))
        self.restart.setProperty("role", "soft")
        self.restart.setFont(font(13, 500))
        self.restart.clicked.connect(self.restart_requested)
        self.show_refusal(None)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 1, 8, 0)
        line.setSpacing(3)
        line.addWidget(self.dot)
        line.addWidget(self.label)
        line.addStretch(1)
        line.addWidget(self.restart)
        self.setVisible(False)
        themes.changed.connect(self._draw)
        self._draw()

    @property
    def count(self) -> int:
        """How many changes wait."""
        return self._count

    def show_count(self, count: int) -> None:
        """Say that `count` changes wait for a restart."""
        if count == self._count:
            return
        self._count = count
        said = tr_count(
            "{count} change applies at restart", "{count} changes apply at restart", count
        )
        self.label.setText(said)
        self.label.setToolTip(said)
        self.dot.set_state(said, filled=True)
        self.setVisible(count > 0)

    def show_refusal(self, reason: str | None) -> None:
        """Say why there can be no restart just now; None when there can."""
        self.restart.setEnabled(reason is None)
        self.restart.setToolTip(reason or tr("Start again with these settings (Ctrl+R)."))

    def _draw(self) -> None:
        self.setObjectName("foot")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        line = theme().line.name()
        self.setStyleSheet(
            f"#foot {{ border-top: 1px solid {line} }} QPushButton {{ padding: 0 9px }}"
        )
