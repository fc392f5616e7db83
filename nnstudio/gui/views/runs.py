"""The runs of the session: what each is doing and its best validation; chosen, renamed, hidden."""

from typing import ClassVar, Final

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.theme import font, icon, kind_colours, theme, themes
from nnstudio.gui.views.exporting import Exporter, picture_of
from nnstudio.gui.views.run_words import (
    best_of,
    details_of,
    sentence_of,
    state_of,
    steps_of,
    table_of,
)
from nnstudio.gui.views.view import View
from nnstudio.runs.run import RunView
from nnstudio.texts import mark, tr

ROW_PX: Final = 44
LONGEST_NAME: Final = 80


class _Rows(QWidget):
    """One row a run, painted; the current one is marked."""

    picked = Signal(str)
    renamed = Signal(str, str)
    hidden = Signal(str, bool)
    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[RunView, ...] = ()
        self._editing = ""
        self._entry = QLineEdit(self)
        self._entry.setMaxLength(LONGEST_NAME)
        self._entry.setAccessibleName(tr("Name of the run"))
        self._entry.editingFinished.connect(self._end_renaming)
        self._entry.installEventFilter(self)
        self._entry.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Runs of this session"))
        themes.changed.connect(self.update)

    @property
    def current(self) -> RunView | None:
        """The run that is shown first, when it is one that was trained."""
        return next((run for run in self._runs if run.current and run.number), None)

    def show_runs(self, runs: tuple[RunView, ...]) -> None:
        """Show these runs."""
        if len(runs) != len(self._runs):
            self._runs = runs
            self.updateGeometry()
        self._runs = runs
        current = next((run for run in runs if run.current), None)
        self.setAccessibleDescription(sentence_of(current) if current is not None else "")
        self._place_entry()
        self.update()

    def fill_menu(self, menu: QMenu, run: RunView | None) -> None:
        """Offer what can be done with `run`."""
        if run is None or not run.number:
            return
        identity, hidden = run.identity, run.hidden
        rename = menu.addAction(tr("Rename…"))
        rename.triggered.connect(lambda: self.rename(identity))
        hide = menu.addAction(
            icon("eye"), tr("Show its curves") if hidden else tr("Hide its curves")
        )
        hide.triggered.connect(lambda: self.hidden.emit(identity, not hidden))
        remove = menu.addAction(icon("trash"), tr("Remove"))
        remove.setEnabled(run.snapshot.state.ended)
        remove.triggered.connect(lambda: self.removed.emit(identity))
        for action, keys in ((rename, "F2"), (hide, "H"), (remove, "Delete")):
            # told here, done by the list that has the keyboard
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setShortcutVisibleInContextMenu(True)

    def rename(self, identity: str) -> None:
        """Let a person type another name into the row."""
        run = next((one for one in self._runs if one.identity == identity), None)
        if run is None or not run.number:
            return
        self._editing = identity
        self._entry.setText(run.name)
        self._entry.selectAll()
        self._place_entry()
        self._entry.setFocus()

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
        run = self._run_at(event.position().y())
        if run is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(run.identity)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename the run under the pointer."""
        run = self._run_at(event.position().y())
        if run is not None:
            self.rename(run.identity)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the run under the pointer, or of the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        run = self.current if by_key else self._run_at(event.pos().y())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu, run)
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.popup(self.mapToGlobal(self._corner_of(run)) if by_key else event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Say of the run under the pointer what it was trained with."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            run = self._run_at(event.pos().y())
            QToolTip.showText(event.globalPos(), details_of(run) if run else "", self)
            return True
        return super().event(event)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]  # only the entry is watched
        """Leave a name as it was when Escape is pressed."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        # the window would take the key for itself
        if escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if escape and event.type() == QEvent.Type.KeyPress:
            self._editing = ""
            self._entry.hide()
            self.setFocus()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move to the next run with the arrows; F2, H and Delete act on the current one."""
        key, current = Qt.Key(event.key()), self.current
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
        at = next((i for i, run in enumerate(self._runs) if run.current), 0) + move
        if move and 0 <= at < len(self._runs):
            self.picked.emit(self._runs[at].identity)
        elif key == Qt.Key.Key_F2 and current is not None:
            self.rename(current.identity)
        elif key == Qt.Key.Key_H and current is not None:
            self.hidden.emit(current.identity, not current.hidden)
        elif key == Qt.Key.Key_Delete and current is not None:
            self.removed.emit(current.identity)
        elif not move:
            super().keyPressEvent(event)

    def _run_at(self, y: float) -> RunView | None:
        at = int(y // ROW_PX)
        return self._runs[at] if 0 <= at < len(self._runs) else None

    def _corner_of(self, run: RunView | None) -> QPoint:
        at = next((i for i, one in enumerate(self._runs) if one is run), 0)
        return QPoint(34, (at + 1) * ROW_PX - 4)

    def _end_renaming(self) -> None:
        identity, self._editing = self._editing, ""
        self._entry.hide()
        if identity:
            self.renamed.emit(identity, self._entry.text())
            self.setFocus()

    def _place_entry(self) -> None:
        at = next((i for i, run in enumerate(self._runs) if run.identity == self._editing), None)
        self._entry.setVisible(at is not None)
        if at is not None:
            self._entry.setGeometry(28, at * ROW_PX + 8, self.width() - 44, 28)


class RunsView(View):
    """The user sees every run of the session and picks one; it knows only what it is given."""

    name: ClassVar[str] = "runs"
    title: ClassVar[str] = mark("Runs")
    rate_hz: ClassVar[float] = 4.0

    run_picked = Signal(str)
    run_renamed = Signal(str, str)
    run_hidden = Signal(str, bool)
    run_removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[RunView, ...] = ()
        self.exporter = Exporter(
            self,
            title=lambda: tr(self.title),
            picture=lambda: picture_of(self._rows),
            table=self.numbers,
        )
        self.exporter.failed.connect(self.export_failed)
        self._rows = _Rows()
        self._rows.picked.connect(self.run_picked)
        self._rows.renamed.connect(self.run_renamed)
        self._rows.hidden.connect(self.run_hidden)
        self._rows.removed.connect(self.run_removed)
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
        self._runs = tuple(sorted(views, key=lambda run: run.number, reverse=True))
        self._rows.show_runs(self._runs)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer what can be done with the current run, and all of them as a picture or a table."""
        self._rows.fill_menu(menu, self._rows.current)
        if any(run.number for run in self._runs):
            self.exporter.fill_menu(menu)

    def numbers(self) -> str:
        """Give all runs as CSV: what they are called, how they ended, and how well they did."""
        return table_of(self._runs)


def _paint_row(painter: QPainter, area: QRectF, run: RunView) -> None:
    now = theme()
    if run.current:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.field)
        painter.drawRoundedRect(area.adjusted(8, 1, -8, -1), 4, 4)
    _paint_dot(painter, QRectF(area.left() + 16, area.center().y() - 4, 8, 8), run)
    inner = area.adjusted(34, 5, -16, -5)
    top = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
    bottom = top.translated(0, inner.height() / 2)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.setFont(font(13, 600 if run.current else 400))
    painter.setPen(now.text3 if run.hidden and not run.current else now.text)
    best = best_of(run)
    metrics = painter.fontMetrics()
    widest = int(top.width()) - (metrics.horizontalAdvance(best) + 12 if best else 0)
    name = metrics.elidedText(run.name, Qt.TextElideMode.ElideRight, widest)
    painter.drawText(top, left, name)
    painter.drawText(top, right, best)
    used = painter.fontMetrics().horizontalAdvance(name + best) + 24
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
    # the name of a file says most at its end
    cut = Qt.TextElideMode.ElideMiddle if run.file else Qt.TextElideMode.ElideRight
    words = painter.fontMetrics().elidedText(state_of(run), cut, int(room.width()))
    painter.drawText(room, left, words)


def _paint_dot(painter: QPainter, area: QRectF, run: RunView) -> None:
    """Draw the mark of a run: a ring when its curves are hidden."""
    colour = theme().accent if run.current else theme().earlier
    if run.place is not None:
        # as its curves are drawn
        colour = kind_colours(run.place + 1)[run.place]
    if run.hidden:
        painter.setPen(QPen(colour, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(area.adjusted(0.7, 0.7, -0.7, -0.7))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(area)
