"""One row under a drawing: which digit it is, that it was kept, and learning from what was kept."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedLayout, QToolButton, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.texts import tr, tr_count

DIGITS: Final = tuple("0123456789")
HEIGHT_PX: Final = 28
_DIGIT_PX: Final = 17
_GAP_PX: Final = 0


class TeachBar(QWidget):
    """Ten digits to say what a drawing is; then that it was kept; on empty paper, how many were.

    Knows how many drawings are kept, which digit the present one was kept as, whether anything is
    drawn, and whether a lesson goes on. The keys 0 to 9 do the same in the widget it listens in.
    """

    taught = Signal(str)
    undo_requested = Signal()
    learn_requested = Signal()
    review_requested = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = 0
        self._kept = ""
        self._drawn = self._learning = False
        self._shortcuts: list[QShortcut] = []
        self.setFixedHeight(HEIGHT_PX)
        self._ask = QLabel()
        self._digits = [self._digit(label) for label in DIGITS]
        self._told = QLabel()
        self._undo = IconButton("undo", tr("Do not keep this drawing"))
        self._learn = QPushButton()
        self._review = IconButton("grid", tr("My digits: look through them, export, import"))
        place = QWidget(self)
        self._pages = QStackedLayout(place)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self._row(self._ask, *self._digits, gap=_GAP_PX))
        self._pages.addWidget(self._row(self._told, self._undo, self._learn, gap=4))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(place, 1)
        row.addWidget(self._review)
        self._undo.clicked.connect(self.undo_requested)
        self._learn.clicked.connect(self.learn_requested)
        self._review.clicked.connect(self.review_requested)
        themes.changed.connect(self._dress)
        self._dress()

    @property
    def asks(self) -> bool:
        """Whether the ten digits are shown."""
        return self._pages.currentIndex() == 0

    @property
    def told(self) -> str:
        """What is said in place of the digits."""
        return "" if self.asks else self._told.text()

    @property
    def learn_button(self) -> QPushButton:
        """What begins a lesson."""
        return self._learn

    def listen_in(self, scope: QWidget) -> None:
        """Take the keys 0 to 9 while the keyboard is in `scope`."""
        for label in DIGITS:
            shortcut = QShortcut(QKeySequence(label), scope)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(partial(self._teach, label))
            self._shortcuts.append(shortcut)
        self._show()

    def show_state(self, *, count: int, kept: str, drawn: bool, learning: bool) -> None:
        """Show what there is.

        Parameters
        ----------
        count : int
            Drawings that are kept.
        kept : str
            The digit that the present drawing was kept as; empty when it was not.
        drawn : bool
            Whether anything is drawn that can be kept.
        learning : bool
            Whether a lesson goes on.
        """
        state = (count, kept, drawn, learning)
        if state != (self._count, self._kept, self._drawn, self._learning):
            self._count, self._kept, self._drawn, self._learning = state
            self._show()

    def sizeHint(self) -> QSize:
        """Give the width of the ten digits and what stands beside them."""
        return QSize(280, HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        """Give the width of the ten digits alone."""
        return QSize(len(DIGITS) * (_DIGIT_PX + _GAP_PX) + 80, HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say more where there is room."""
        super().resizeEvent(event)
        self._show()

    def _teach(self, label: str) -> None:
        if self._drawn and not self._kept:
            self.taught.emit(label)

    def _digit(self, label: str) -> QToolButton:
        button = QToolButton()
        button.setText(label)
        button.setProperty("role", "digit")
        button.setFixedSize(_DIGIT_PX, 24)
        # the keys 0 to 9 are nearer than ten stops of the Tab key
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        told = tr("This is a {digit}: keep the drawing as one (key {digit})", digit=label)
        button.setToolTip(told)
        button.setAccessibleName(told)
        button.clicked.connect(partial(self._teach, label))
        return button

    def _row(self, *widgets: QWidget, gap: int) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(gap)
        row.addWidget(widgets[0], 1)
        for widget in widgets[1:]:
            row.addWidget(widget)
        return page

    def _show(self) -> None:
        asks = self._drawn and not self._kept and not self._learning
        self._pages.setCurrentIndex(0 if asks else 1)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(asks)
        self._undo.setVisible(bool(self._kept) and not self._learning)
        self._learn.setVisible(bool(self._count) or self._learning)
        self._learn.setEnabled(not self._learning)
        self._review.setEnabled(not self._learning)
        self._learn.setText(tr("Learning …") if self._learning else tr("Learn"))
        self._learn.setToolTip(
            tr_count(
                "A lesson of half a minute at most: the network goes on from its weights and "
                "learns from your {count} drawing, beside what it learned from before.",
                "A lesson of half a minute at most: the network goes on from its weights and "
                "learns from your {count} drawings, beside what it learned from before.",
                self._count,
            )
        )
        wide = self._ask.fontMetrics().horizontalAdvance(tr("Wrong? It is a"))
        room = self.width() - len(DIGITS) * (_DIGIT_PX + _GAP_PX) - self._review.width() - 4
        self._ask.setText(tr("Wrong? It is a") if wide <= room else tr("It is"))
        if self._kept:
            self._told.setText(tr("Kept as {digit}", digit=self._kept))
        elif self._count:
            count = grouped(self._count)
            self._told.setText(
                tr_count("{count} of my digits", "{count} of my digits", self._count, count=count)
            )
        else:
            self._told.setText(tr("My digits: none yet"))

    def _dress(self) -> None:
        for label in (self._ask, self._told):
            label.setFont(font(12))
        for button in self._digits:
            button.setFont(font(12, 600))
        self._show()
