"""The path through one step: every stop in a row, forward and back; the arrows walk along it."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.views.one_step.stop import Phase
from nnstudio.gui.widgets.plot.frame import font_of, width_of

HEIGHT_PX: Final = 28
LEAST_PX: Final = 34
PADDING_PX: Final = 9
GAP_PX: Final = 3
PHASE_GAP_PX: Final = 14
ROLES: Final[dict[Phase, str]] = {"forward": "score", "backward": "gradient", "update": "accent"}


@dataclass(frozen=True)
class Chip:
    """One stop on the path; `solved` is None while it was not asked for in the quiz."""

    label: str
    tip: str
    phase: Phase
    solved: bool | None = None


class PathStrip(QWidget):
    """Chips in a row, the present one raised and in the middle where they do not all fit."""

    chosen = Signal(int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: tuple[Chip, ...] = ()
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    @property
    def at(self) -> int:
        """The place of the present stop."""
        return self._at

    @property
    def chips(self) -> tuple[Chip, ...]:
        """All stops."""
        return self._chips

    def show_chips(self, chips: tuple[Chip, ...], at: int) -> None:
        """Show these stops, the one `at` this place as the present one."""
        if (chips, at) != (self._chips, self._at):
            self._chips, self._at = chips, at
            self.setAccessibleDescription(chips[at].label if chips else "")
            self.update()

    def sizeHint(self) -> QSize:
        """Give any width."""
        return QSize(300, HEIGHT_PX)

    def _boxes(self) -> list[QRectF]:
        boxes: list[QRectF] = []
        left = 0.0
        for at, chip in enumerate(self._chips):
            if at and chip.phase != self._chips[at - 1].phase:
                left += PHASE_GAP_PX
            width = max(width_of(chip.label, 12, 600) + 2 * PADDING_PX, LEAST_PX)
            boxes.append(QRectF(left, 2, width, HEIGHT_PX - 4))
            left += width + GAP_PX
        beyond = left - GAP_PX - self.width()
        if beyond > 0 and boxes:
            shift = min(max(boxes[self._at].center().x() - self.width() / 2, 0), beyond)
            for box in boxes:
                box.translate(-shift, 0)
        return boxes

    def _at_point(self, point: QPointF) -> int | None:
        return next((at for at, box in enumerate(self._boxes()) if box.contains(point)), None)

    def event(self, event: QEvent) -> bool:
        """Tell the line of the stop under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at_point(QPointF(event.pos()))
            if at is not None:
                QToolTip.showText(event.globalPos(), self._chips[at].tip, self)
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the stop under the pointer."""
        at = self._at_point(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at is not None:
            self.go(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk with the arrows, Home and End."""
        target = {
            Qt.Key.Key_Left: self._at - 1,
            Qt.Key.Key_Right: self._at + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._chips) - 1,
        }.get(Qt.Key(event.key()))
        if target is None:
            super().keyPressEvent(event)
        else:
            self.go(target)

    def go(self, at: int) -> None:
        """Go to the stop at this place, if there is one."""
        if 0 <= at < len(self._chips) and at != self._at:
            self.chosen.emit(at)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chips that are in sight, and what is left beyond the edges as a fade."""
        painter, now = QPainter(self), theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, (chip, box) in enumerate(zip(self._chips, self._boxes(), strict=True)):
            if box.right() < 0 or box.left() > self.width():
                continue
            colour: QColor = getattr(now, ROLES[chip.phase])
            here = at == self._at
            painter.setPen(QPen(colour if here else now.border, 2 if here else 1))
            painter.setBrush(now.accent_tint if here else now.field)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
            painter.setFont(font_of(12, 600 if here else 400))
            painter.setPen(now.text if here else now.text2)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, chip.label)
            if chip.solved is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(now.ok if chip.solved else now.error)
                painter.drawEllipse(QPointF(box.right() - 5, box.top() + 5), 2.5, 2.5)
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
