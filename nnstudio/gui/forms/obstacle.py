"""Obstacle: why no run can begin, said at the edge of a form while its field is out of sight."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from nnstudio.gui.forms.remedies import Remedies
from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX, Complaint, Mark, Row
from nnstudio.gui.theme import font, theme, themes
from nnstudio.problems import Problem
from nnstudio.texts import tr

LINK_LEFT_PX: Final = MARGIN_PX - 8
MARGIN_AROUND_PX: Final = 96


class Obstacle(QWidget):
    """A reason, what mends it, and a link to the field; no room while the field is in sight.

    Knows the form that scrolls and finds in it where the form itself says it.
    """

    remedy_wished = Signal(object)

    def __init__(self, form: QWidget, *, scroll: QScrollArea) -> None:
        super().__init__()
        self._form = form
        self._scroll = scroll
        self._reason = ""
        # where rows are is known when they have been laid out
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._look)
        scroll.verticalScrollBar().valueChanged.connect(self._look)
        for watched in (form, scroll.viewport()):
            watched.installEventFilter(self)
        self.setObjectName("obstacle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setFont(font(12))
        self.label.setContentsMargins(MARGIN_PX, 8, GUTTER_PX, 2)
        self.show_link = QPushButton(tr("Show the field"))
        self.show_link.setProperty("role", "link")
        self.show_link.setFont(font(12, 500))
        self.show_link.clicked.connect(self._show_field)
        self.remedies = Remedies()
        self.remedies.wished.connect(self.remedy_wished)
        line = QHBoxLayout()
        line.setContentsMargins(LINK_LEFT_PX, 0, GUTTER_PX, 4)
        line.addWidget(self.show_link)
        line.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 1, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.label)
        whole.addWidget(self.remedies)
        whole.addLayout(line)
        self.setVisible(False)
        themes.changed.connect(self._draw)
        self._draw()

    def tell(self, reason: str, problems: tuple[Problem, ...] = ()) -> None:
        """Say why Train is off, and offer what mends `problems`; an empty reason says nothing."""
        self._reason = reason
        self.label.setText(tr("Train is off: {reason}", reason=reason) if reason else "")
        self.remedies.show_problems(problems if reason else ())
        self._later.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when the form or what is seen of it has another size."""
        if event.type() == QEvent.Type.Resize:
            self._later.start()
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        complaint = self._complaint() if self._reason else None
        self.setVisible(complaint is not None and not self._in_sight(complaint))

    def _in_sight(self, complaint: Complaint) -> bool:
        # as if this were there: its own room must not decide about it
        own = self.sizeHint().height() if self.isHidden() else 0
        top = self._place(complaint) - self._scroll.verticalScrollBar().value()
        return top >= 0 and top + complaint.height() <= self._scroll.viewport().height() - own

    def _complaint(self) -> Complaint | None:
        found = [one for one in self._form.findChildren(Complaint) if one.text()]
        shown = [one for one in found if one.isVisibleTo(self._form)]
        return min(shown, key=self._place, default=None)

    def _place(self, complaint: Complaint) -> int:
        return complaint.mapTo(self._form, QPoint(0, 0)).y()

    def _show_field(self) -> None:
        complaint = self._complaint()
        if complaint is not None:
            _focus(complaint)
            self._scroll.ensureWidgetVisible(complaint, 0, MARGIN_AROUND_PX)

    def _draw(self) -> None:
        now = theme()
        self.label.setStyleSheet(f"color: {now.error.name()}")
        self.setStyleSheet(f"#obstacle {{ border-top: 1px solid {now.line.name()} }}")


def _focus(complaint: Complaint) -> None:
    """Put the keyboard on what a complaint is about; what stands in a field is marked there."""
    about = complaint.parentWidget()
    whole = about.control if isinstance(about, Row) else about
    if whole is None:
        return
    for one in (whole, *whole.findChildren(QWidget)):
        takes = one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled()
        if takes and one.isVisible() and not isinstance(one, Mark):
            one.setFocus(Qt.FocusReason.TabFocusReason)
            return
