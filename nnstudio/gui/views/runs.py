"""The runs of the session: name, what each is doing, and its best validation."""

from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.views.run_words import best_of, details_of, sentence_of, state_of, steps_of
from nnstudio.gui.views.view import View
from nnstudio.runs.run import RunView
from nnstudio.texts import mark, tr

ROW_PX: Final = 44


class _Rows(QWidget):
    """One row a run, painted; the current one is marked."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[RunView, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Runs of this session"))
        themes.changed.connect(self.update)

    def show_runs(self, runs: tuple[RunView, ...]) -> None:
        """Show these runs."""
        if len(runs) != len(self._runs):
            self._runs = runs
            self.updateGeometry()
        self._runs = runs
        current = next((run for run in runs if run.current), None)
        self.setAccessibleDescription(sentence_of(current) if current is not None else "")
        self.update()

    def sizeHint(self) -> QSize:
        """Give the height of all rows."""
        return QSize(160, ROW_PX * len(self._runs))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, run in enumerate(self._runs):
            area = QRectF(0, at * ROW_PX, self.width(), ROW_PX)
            if area.toAlignedRect().intersects(event.rect()):
                _paint_row(painter, area, run)
        if self.hasFocus() and self._runs:
            at = next((i for i, run in enumerate(self._runs) if run.current), 0)
            painter.setPen(QPen(theme().accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            frame = QRectF(8, at * ROW_PX, self.width() - 16, ROW_PX)
            painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the run under the pointer."""
        at = int(event.position().y() // ROW_PX)
        if 0 <= at < len(self._runs):
            self.picked.emit(self._runs[at].identity)

    def event(self, event: QEvent) -> bool:
        """Say of the run under the pointer what it was trained with."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = event.pos().y() // ROW_PX
            told = details_of(self._runs[at]) if 0 <= at < len(self._runs) else ""
            QToolTip.showText(event.globalPos(), told, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move to the next run with the arrows."""
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        at = next((i for i, run in enumerate(self._runs) if run.current), 0) + move
        if move and 0 <= at < len(self._runs):
            self.picked.emit(self._runs[at].identity)
        elif not move:
            super().keyPressEvent(event)


class RunsView(View):
    """The user sees every run of the session and picks one; it knows only what it is given."""

    name: ClassVar[str] = "runs"
    title: ClassVar[str] = mark("Runs")
    rate_hz: ClassVar[float] = 4.0

    run_picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows()
        self._rows.picked.connect(self.run_picked)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        content.setObjectName("content")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 8)
        inner.addWidget(self._rows)
        inner.addStretch(1)
        scroll.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Show the runs in the order in which they began, the newest on top."""
        self._rows.show_runs(tuple(sorted(views, key=lambda run: run.number, reverse=True)))


def _paint_row(painter: QPainter, area: QRectF, run: RunView) -> None:
    now = theme()
    if run.current:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.field)
        painter.drawRoundedRect(area.adjusted(8, 1, -8, -1), 4, 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(now.accent if run.current else now.earlier)
    painter.drawEllipse(QRectF(area.left() + 16, area.center().y() - 4, 8, 8))
    inner = area.adjusted(34, 5, -16, -5)
    top = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
    bottom = top.translated(0, inner.height() / 2)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.setFont(font(13, 600 if run.current else 400))
    painter.setPen(now.text)
    painter.drawText(top, left, run.name)
    best = best_of(run)
    painter.drawText(top, right, best)
    used = painter.fontMetrics().horizontalAdvance(run.name + best) + 24
    painter.setFont(font(12))
    caption = tr("best validation") if best else ""
    room = top.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(best) - 12, 0)
    if used + painter.fontMetrics().horizontalAdvance(caption) < top.width():
        painter.setPen(now.text3)
        painter.drawText(room, right, caption)
    taken = 0
    if run.snapshot.step:
        painter.setPen(now.text3)
        steps = steps_of(run)
        painter.drawText(bottom, right, steps)
        taken = painter.fontMetrics().horizontalAdvance(steps) + 12
    painter.setPen(now.text2)
    room = bottom.adjusted(0, 0, -taken, 0)
    words = painter.fontMetrics().elidedText(
        state_of(run), Qt.TextElideMode.ElideMiddle, int(room.width())
    )
    painter.drawText(room, left, words)
