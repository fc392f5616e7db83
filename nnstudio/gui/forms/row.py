"""A row of a form: label left, control right, and what is wrong with it underneath."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.theme import font, icon, theme, themes
from nnstudio.gui.widgets.select import Select

ROW_PX: Final = 32
CONTROL_PX: Final = 128
MARGIN_PX: Final = 16
GUTTER_PX: Final = 8
BETWEEN_PX: Final = 4
LEAST_CONTROL_PX: Final = 88
WIDE_CONTROL_PX: Final = 160
FULL_ROW_PX: Final = 264
NARROWER_PX: Final = 8
"""In a row that is not full every control is so much narrower, so that all stand in one line."""


class ElidingLabel(QLabel):
    """One line of text that ends in an ellipsis where there is no room; never cut off."""

    def __init__(
        self,
        text: str = "",
        *,
        role: str = "text",
        px: int = 13,
        weight: int = 400,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role = role
        self.setFont(font(px, weight))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        """Give room for the height alone."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much of the text as there is room for."""
        painter = QPainter(self)
        colour = getattr(theme(), self._role) if self.isEnabled() else theme().disabled
        painter.setPen(colour)
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        painter.drawText(self.rect(), int(self.alignment()), shown)


class Mark(QAbstractButton):
    """A dot in the margin of what was changed: filled when it waits for a restart, else a ring."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filled = False
        self.setFixedSize(MARGIN_PX, ROW_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._show(visible=False)
        themes.changed.connect(self.update)

    @property
    def shown(self) -> bool:
        """Whether there is a dot."""
        return self.isEnabled()

    @property
    def filled(self) -> bool:
        """Whether the change waits for a restart."""
        return self._filled

    def set_state(self, about: str, *, filled: bool) -> None:
        """Show the dot with `about` as its tooltip, or hide it when that is empty."""
        self._filled = filled
        self.setToolTip(about)
        self.setAccessibleName(about)
        self._show(visible=bool(about))
        self.update()

    def _show(self, *, visible: bool) -> None:
        # it keeps its place: rows must not move when a dot appears
        self.setEnabled(visible)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dot."""
        if not self.shown:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        centre = QPointF(self.width() / 2, middle)
        accent = theme().accent_text
        if self._filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(accent)
            painter.drawEllipse(centre, 3, 3)
        else:
            painter.setPen(QPen(accent, 1.4))
            painter.drawEllipse(centre, 2.3, 2.3)
        if self.hasFocus():
            painter.setPen(QPen(theme().accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(2, middle - 7, 12, 14), 4, 4)


class Bolt(QLabel):
    """The sign of a setting that acts while a run goes on."""

    def __init__(self, about: str, *, parent: QWidget) -> None:
        super().__init__(parent)
        self.setToolTip(about)
        self.setAccessibleName(about)
        self.setFixedSize(12, 16)
        self._draw()
        themes.changed.connect(self._draw)

    def _draw(self) -> None:
        self.setPixmap(icon("bolt", "accent_text").pixmap(QSize(12, 12), self.devicePixelRatioF()))


class Complaint(QLabel):
    """Reasons under a row, in the colour of errors; takes no room while there is none."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setVisible(False)

    def say(self, *reasons: str) -> None:
        """Show `reasons`, a line each."""
        wanted = "\n".join(reasons)
        if wanted != self.text():
            if wanted and not self.wordWrap():
                self._dress()
            self.setText(wanted)
            self.setVisible(bool(wanted))

    def _dress(self) -> None:
        # most complaints never say anything, and style sheets are dear
        self.setWordWrap(True)
        self.setFont(font(12))
        self.setContentsMargins(MARGIN_PX, 0, GUTTER_PX, 6)
        self._draw()
        themes.changed.connect(self._draw)

    def _draw(self) -> None:
        self.setStyleSheet(f"color: {theme().error.name()}")


def needed_width(control: QWidget) -> int:
    """Give the width in which a control says all that it says now."""
    if isinstance(control, Select):
        return max(control.hint_for([control.currentText()]).width(), LEAST_CONTROL_PX)
    if isinstance(control, QCheckBox):
        return control.sizeHint().width()
    return LEAST_CONTROL_PX


class Row(QWidget):
    """Mark, label, bolt and control side by side; the reason of an error underneath."""

    def __init__(self, title: str, control: QWidget, *, live: str = "") -> None:
        super().__init__()
        top = QWidget(self)
        top.setFixedHeight(ROW_PX)
        self._box = box = QWidget(top)
        self._control = control
        self._beside_px = 0
        box.setFixedWidth(CONTROL_PX)
        self.mark = Mark(top)
        self.label = ElidingLabel(title, parent=top)
        self.label.setBuddy(control)
        self.complaint = Complaint(self)
        self._controls = QHBoxLayout(box)
        self._controls.setContentsMargins(0, 0, 0, 0)
        self._controls.setSpacing(4)
        self._controls.addWidget(control, 1)
        line = QHBoxLayout(top)
        line.setContentsMargins(0, 0, GUTTER_PX, 0)
        line.setSpacing(0)
        line.addWidget(self.mark)
        line.addWidget(self.label)
        self._bolt_px = 18 if live else 0
        if live:
            line.addSpacing(6)
            line.addWidget(Bolt(live, parent=top))
        line.addStretch(1)
        line.addSpacing(BETWEEN_PX)
        line.addWidget(box)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(top)
        whole.addWidget(self.complaint)
        control.setAccessibleName(title)

    @property
    def control(self) -> QWidget:
        """What is set in this row."""
        return self._control

    def set_about(self, about: str) -> None:
        """Say what the row is for when the pointer rests on its label."""
        self.label.setToolTip(about)

    def complain(self, *reasons: str) -> None:
        """Say under the row what is wrong; nothing takes the reasons away."""
        self.complaint.say(*reasons)

    def add_beside(self, widget: QWidget) -> None:
        """Put `widget` at the right of the control, within the same width."""
        self._controls.addWidget(widget)
        self._beside_px += widget.sizeHint().width() + 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width between label and control."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Share the width again when the control shows something longer or shorter."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Give every control the same width, or one other where words would be cut."""
        taken = MARGIN_PX + GUTTER_PX + BETWEEN_PX + self._bolt_px
        free = self.width() - taken - self.label.sizeHint().width()
        wanted = needed_width(self._control) + self._beside_px
        usual = CONTROL_PX - (NARROWER_PX if self.width() < FULL_ROW_PX else 0)
        # two left edges at most: a column with an edge for every length looks torn
        width = next((one for one in (usual, WIDE_CONTROL_PX) if one >= wanted), wanted)
        width = min(width, max(free, min(usual, wanted)))
        if width != self._box.width():
            self._box.setFixedWidth(width)
