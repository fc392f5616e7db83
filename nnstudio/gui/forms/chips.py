"""Chips: the frames of layers and the small controls within; they know no layer."""

from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.gui.forms.editors import KindEditor
from nnstudio.gui.forms.row import ElidingLabel
from nnstudio.gui.theme import font, icon, theme, themes
from nnstudio.gui.widgets.log_spin_box import NumberField
from nnstudio.spec import Setting

CHIP_PX: Final = 28
INNER_PX: Final = 22
CHEVRON_PX: Final = 12
SUMMARY_PX: Final = 20
SUMMARY_LEFT_PX: Final = 36
KEYS: Final = {
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Backspace,
}

_QUIET_FIELD = """
QLineEdit {{ border: 1px solid transparent; background: transparent; padding: 0 2px;
  min-height: 20px; max-height: 20px; font-weight: 600; }}
QLineEdit:hover {{ border-color: {border}; }}
QLineEdit:focus {{ border: 2px solid {accent}; padding: 0 1px; min-height: 18px;
  max-height: 18px; }}
QLineEdit[state="error"] {{ border-color: {error}; }}
"""
_QUIET_SELECT = """
QComboBox {{ border: 1px solid transparent; background: transparent; padding: 0 0 0 3px;
  min-height: 20px; max-height: 20px; color: {text2}; }}
QComboBox:hover {{ border-color: {border}; }}
QComboBox:focus {{ border: 2px solid {accent}; padding: 0 0 0 2px; min-height: 18px;
  max-height: 18px; }}
QComboBox[state="error"] {{ border-color: {error}; }}
QComboBox::drop-down {{ width: 16px; }}
"""


def _quiet(template: str) -> str:
    now = theme()
    names = ("border", "accent", "error", "text2")
    return template.format(**{name: getattr(now, name).name() for name in names})


class QuietNumber(NumberField):
    """A number in bold within a chip; a frame appears only under the pointer and the keyboard."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(
            minimum=setting.minimum,
            maximum=setting.maximum,
            whole=True,
            log=True,
        )
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(INNER_PX)
        self.textChanged.connect(self._fit)
        self._dress()
        themes.changed.connect(self._dress)

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        self.setFixedWidth(min(max(metrics.horizontalAdvance(self.text()) + 10, 24), 72))

    def _dress(self) -> None:
        self.setStyleSheet(_quiet(_QUIET_FIELD))
        self._fit()


class QuietKind(KindEditor):
    """A choice within a chip, as wide as what is chosen."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.setFixedHeight(INNER_PX)
        self._dress()
        themes.changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        """Give the width of what is chosen."""
        return QSize(self.fontMetrics().horizontalAdvance(self.currentText()) + 28, INNER_PX)

    def minimumSizeHint(self) -> QSize:
        """Give room for a few letters: the rest is elided."""
        return QSize(48, INNER_PX)

    def _dress(self) -> None:
        self.setStyleSheet(_quiet(_QUIET_SELECT))


class ChipLabel(QLabel):
    """A word in a chip, in a colour by its role."""

    def __init__(self, *, role: str = "text2", px: int = 13, weight: int = 400) -> None:
        super().__init__()
        self._role = role
        self.setFont(font(px, weight))
        self._draw()
        themes.changed.connect(self._draw)

    def _draw(self) -> None:
        self.setStyleSheet(f"color: {getattr(theme(), self._role).name()}")


class Grip(QWidget):
    """Where a chip is taken to be dragged; tells how far down the pointer is."""

    dragged = Signal(int)
    dropped = Signal()

    def __init__(self, about: str) -> None:
        super().__init__()
        self.setFixedSize(14, CHIP_PX - 2)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(about)
        self._start: QPoint | None = None
        themes.changed.connect(self.update)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.globalPosition().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the pointer is."""
        if self._start is not None:
            self.dragged.emit(event.globalPosition().toPoint().y())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        if self._start is not None:
            self._start = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.dropped.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dots."""
        painter = QPainter(self)
        icon("grip", "text3").paint(painter, 0, (self.height() - 14) // 2, 14, 14)


class Chevron(QWidget):
    """The sign of what opens and closes; knows which of both it is."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = False
        self.setFixedSize(CHEVRON_PX, CHIP_PX - 2)
        # a click on it is one on the chip
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        themes.changed.connect(self.update)

    def set_opened(self, *, opened: bool) -> None:
        """Point down when it is open, to the right when it is closed."""
        self.opened = opened
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the chevron."""
        name = "chevron-down" if self.opened else "chevron-right"
        top = (self.height() - CHEVRON_PX) // 2
        icon(name).paint(QPainter(self), 0, top, CHEVRON_PX, CHEVRON_PX)


class Chip(QWidget):
    """A rounded frame with controls in a row; click or Enter opens it, Alt and an arrow move it.

    Knows whether it is fixed in its place; `remove_wished` and `move_wished` come from others.
    """

    opened = Signal()
    remove_wished = Signal()
    move_wished = Signal(int)

    def __init__(self, *, fixed: bool, openable: bool = True) -> None:
        super().__init__()
        self._fixed = fixed
        self._openable = openable
        self.setFixedHeight(CHIP_PX)
        if openable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        first = QWidget()
        first.setFixedHeight(CHIP_PX)
        column.addWidget(first)
        self.summary = ElidingLabel(role="text2", px=12)
        self.summary.setFixedHeight(SUMMARY_PX)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.summary.setVisible(False)
        second = QHBoxLayout()
        second.setContentsMargins(22 if fixed else SUMMARY_LEFT_PX, 0, 8, 0)
        second.addWidget(self.summary)
        column.addLayout(second)
        column.addStretch(1)
        self.line = QHBoxLayout(first)
        left = 4 if openable else 12
        self.line.setContentsMargins(left, 1, 12 if fixed else 3, 1)
        self.line.setSpacing(2 if openable else 6)
        self._chevron = Chevron()
        self._chevron.setVisible(False)
        if openable:
            self.line.addWidget(self._chevron)
            self._chevron.setVisible(True)
        themes.changed.connect(self.update)

    def add(self, widget: Any, *, stretch: int = 0) -> None:
        """Put `widget` at the right of the others."""
        widget.setCursor(
            widget.cursor() if isinstance(widget, Grip) else Qt.CursorShape.ArrowCursor
        )
        self.line.addWidget(widget, stretch)

    def show_opened(self, *, opened: bool) -> None:
        """Say whether what belongs to the chip is to be seen."""
        self._chevron.set_opened(opened=opened)

    def show_summary(self, words: tuple[str, ...]) -> None:
        """Say in a second line what else there is; no words take no room."""
        said = " · ".join(words)
        self.summary.setText(said)
        self.summary.setToolTip(said)
        self.summary.setVisible(bool(said))
        self.setFixedHeight(CHIP_PX + (SUMMARY_PX if said else 0))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open or close."""
        inside = self.rect().contains(event.position().toPoint())
        if self._openable and inside and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something here from the shortcuts of the window."""
        asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and event.key() in KEYS:  # type: ignore[attr-defined]  # a key event, as just seen
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, move with Alt and an arrow, remove with Delete."""
        key = event.key()
        # what a control within makes nothing of was still meant for it
        held = QApplication.focusWidget()
        own = held is None or held is self or not self.isAncestorOf(held)
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if alt and key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.move_wished.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif own and self._openable and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        elif own and key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace} and not self._fixed:
            self.remove_wished.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        now = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(now.panel if self._fixed else now.field)
        painter.setPen(QPen(now.border, 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
