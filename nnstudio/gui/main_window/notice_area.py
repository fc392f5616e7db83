"""Under the toolbar: the newest notice, and how far long work is; nothing most of the time.

They lie over what is there, so that no row moves away under the pointer.
"""

import time
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.theme import font, theme
from nnstudio.gui.widgets.notice_bar import NoticeBar
from nnstudio.gui.widgets.numerals import time_left
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.gui.workbench import JobProgress, Notice, Severity
from nnstudio.texts import tr

SHORT_NOTICE_MS: Final = 8000
LONG_NOTICE_MS: Final = 30_000
# Work that is over sooner is not worth a bar that comes and goes.
PATIENCE_S: Final = 0.5
# What a person has not answered by then will not be answered at all.
MAX_WAITING: Final = 20
_DETAILS: Final = "details"


class _WorkBar(QWidget):
    """What is being done, how far it is, and a button that ends it."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(36)
        self._words = QLabel()
        self._words.setFont(font(12))
        self._bar = ProgressLine(width=240)
        self._bar.setAccessibleName(tr("Progress of the work"))
        self._rest = QLabel()
        self._rest.setFont(font(12))
        self._rest.setProperty("role", "second")
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.setProperty("role", "link")
        self._cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 1)
        row.setSpacing(12)
        for widget in (self._words, self._bar, self._rest):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._cancel)

    def show_work(self, work: JobProgress) -> None:
        """Show how far `work` is."""
        self._words.setText(str(work.title))
        self._bar.setVisible(work.share is not None)
        self._bar.show_share(work.share or 0.0)
        left = work.seconds_left
        self._rest.setText("" if left is None else tr("{time} left", time=time_left(left)))
        self._cancel.setVisible(work.cancellable)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the line under it."""
        del event
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().field)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().line)


class NoticeArea(QWidget):
    """The user reads and answers notices here; it knows the ones that wait, newest on top."""

    cancel_requested = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notices: list[Notice] = []
        self._bar = NoticeBar()
        self._bar.acted.connect(self._act)
        self._bar.closed.connect(self._close_newest)
        self._work = _WorkBar()
        self._work.cancelled.connect(self.cancel_requested)
        self._work.hide()
        self._work_since: float | None = None
        self._short = QTimer(self)
        self._short.setSingleShot(True)
        self._short.timeout.connect(self._close_newest)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._work)
        self._above: QWidget | None = None

    def lie_under(self, above: QWidget) -> None:
        """Lie over the window below `above`, as wide as it is."""
        self._above = above
        above.installEventFilter(self)
        self.setParent(above.window())
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the bar above."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show}:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Be as high as what is shown."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def _place(self) -> None:
        if self._above is None:
            return
        width = self._above.width()
        height = self._column.totalHeightForWidth(width)
        corner = self._above.mapTo(self.window(), self._above.rect().bottomLeft())
        self.setGeometry(
            corner.x(), corner.y() + 1, width, max(height, self._column.minimumSize().height())
        )
        self.setVisible(not (self._bar.isHidden() and self._work.isHidden()))
        self.raise_()

    @property
    def newest(self) -> Notice | None:
        """The notice that is shown."""
        return self._notices[-1] if self._notices else None

    @property
    def waiting(self) -> tuple[Notice, ...]:
        """All notices that nobody has answered or closed, the newest last."""
        return tuple(self._notices)

    def show_notice(self, notice: Notice) -> None:
        """Show a notice; it takes the place of one of the same topic."""
        self._drop(notice.topic)
        self._notices = [one for one in self._notices if one != notice][1 - MAX_WAITING :]
        self._notices.append(notice)
        self._show_newest()

    def take_over(self, old: "NoticeArea") -> None:
        """Show what waits in `old`, the area of the window whose place this one takes."""
        for notice in old.waiting:
            self.show_notice(notice)

    def end_notice(self, topic: str) -> None:
        """Take the notice of a topic away, as it no longer holds."""
        self._drop(topic)
        self._show_newest()

    def show_work(self, work: JobProgress | None) -> None:
        """Show how far long work is; None when there is none."""
        if work is None:
            self._work_since = None
            self._work.hide()
            self._place()
            return
        now = time.monotonic()
        self._work_since = self._work_since or now
        if now - self._work_since >= PATIENCE_S:
            self._work.show_work(work)
            self._work.show()
            self._place()

    def _drop(self, topic: str) -> None:
        if topic:
            self._notices = [one for one in self._notices if one.topic != topic]

    def _show_newest(self) -> None:
        self._short.stop()
        notice = self.newest
        if notice is None:
            self._bar.hide()
            self._place()
            return
        actions = [(str(at), str(offer.text)) for at, offer in enumerate(notice.offers)]
        if notice.details:
            actions.append((_DETAILS, tr("Details")))
        self._bar.show_notice(
            str(notice.text),
            severity=notice.severity.value,
            actions=actions,
            hint=str(notice.hint) if notice.hint is not None else "",
        )
        self._place()
        if not notice.lasting:
            reads = bool(actions) or notice.severity is Severity.ERROR
            self._short.start(LONG_NOTICE_MS if reads else SHORT_NOTICE_MS)

    def _close_newest(self) -> None:
        if self._notices:
            self._notices.pop()
        self._show_newest()

    def _act(self, key: str) -> None:
        notice = self.newest
        if notice is None:
            return
        if key == _DETAILS:
            show_details(self.window(), notice)
            return
        self._notices.remove(notice)
        self._show_newest()
        notice.offers[int(key)].run()


def show_details(window: QWidget, notice: Notice) -> None:
    """Show what a notice has to say to those who ask for more."""
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Details"))
    words = QLabel(str(notice.text))
    words.setWordWrap(True)
    details = QPlainTextEdit(notice.details)
    details.setReadOnly(True)
    details.setAccessibleName(tr("Details"))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(12)
    for widget in (words, details, buttons):
        column.addWidget(widget)
    dialog.resize(640, 400)
    dialog.open()
