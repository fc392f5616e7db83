"""Foot: how a form differs from the run that is under way or shown, said under the form."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from nnstudio.gui.forms.row import ElidingLabel, Mark
from nnstudio.gui.theme import font, theme, themes
from nnstudio.texts import tr, tr_count

FOOT_PX: Final = 48


class Foot(QWidget):
    """How many changes wait for a restart, and the button for it; seen only when there are any.

    Of a run that is over it says how many settings are others now; there Train is what begins.
    """

    restart_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(FOOT_PX)
        self._count = 0
        self._said = ""
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

    def show_count(self, count: int, *, over: bool = False, names: tuple[str, ...] = ()) -> None:
        """Say that `count` changes wait, or are new since the run that is `over`: these `names`."""
        said = (
            tr_count(
                "{count} setting differs from the run shown",
                "{count} settings differ from the run shown",
                count,
            )
            if over
            else tr_count(
                "{count} change applies at restart", "{count} changes apply at restart", count
            )
        )
        about = "\n".join((said, *names))
        if (count, about) == (self._count, self._said):
            return
        self._count, self._said = count, about
        self.label.setText(said)
        self.label.setToolTip(about)
        self.dot.set_state(said, filled=True)
        self.restart.setVisible(not over)
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
