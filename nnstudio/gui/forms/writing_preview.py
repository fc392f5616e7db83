"""WritingPreview: what a source that draws its samples would give, drawn at once at every edit."""

from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from nnstudio.errors import NnstudioError
from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX
from nnstudio.gui.theme import font, icon
from nnstudio.gui.widgets.picture_strip import PictureStrip
from nnstudio.texts import tr

COLUMNS: Final = 10
ROWS: Final = 3
SHEET_COLUMNS: Final = 12
SHEET_PX: Final = 560
AROUND_PX: Final = 12
FOLLOW_MS: Final = 30
DRAWN_FOR_A_ROW: Final = 1.8
"""So many samples for each place: of every class there should be enough for its row."""
BLANK: Final = np.zeros((ROWS * COLUMNS, 28, 28), np.uint8)


@runtime_checkable
class Previewed(Protocol):
    """A source that shows some of its samples within a few milliseconds, for any seed."""

    def preview(self, count: int, *, seed: int) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        """Give pictures (n, H, W) and their class numbers."""


def by_class(source: Previewed, *, each: int, classes: int, seed: int) -> NDArray[np.uint8]:
    """Give `each` pictures (classes, each, H, W) of every class; what is missing is blank."""
    pictures, labels = source.preview(round(each * classes * DRAWN_FOR_A_ROW), seed=seed)
    found = np.zeros((classes, each, *pictures.shape[1:]), np.uint8)
    for number in range(classes):
        own = pictures[np.asarray(labels) == number][:each]
        found[number, : len(own)] = own
    return found


class WritingPreview(QWidget):
    """A strip of samples, one column for each class; a click shows many more of them.

    Knows the source that is shown, and takes no room for one that cannot be shown so fast. `drawn`
    tells that other samples are shown.
    """

    drawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._source: Any = None
        self._due = False
        self.strip = PictureStrip(columns=COLUMNS, margins=(MARGIN_PX, GUTTER_PX))
        self.strip.setToolTip(tr("Samples as they are written now; click for more of them."))
        self.strip.setAccessibleName(tr("Samples as they are written now; click for more of them."))
        self.strip.clicked.connect(lambda: self.show_more(beside=self))
        self.sheet: WritingSheet | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 6)
        column.addWidget(self.strip)
        self.hide()

    def show_value(self, source: Any) -> None:
        """Show samples of `source`, the same hands as long as only its settings change."""
        if source == self._source:
            return
        self._source = source
        if not isinstance(source, Previewed):
            self.hide()
            if self.sheet is not None:
                self.sheet.close()
            return
        if self.sheet is not None:
            self.sheet.show_source(source)
        if not self.isVisible():
            # its place is kept; what nobody sees yet must not delay the first paint
            self._due = True
            self.strip.show_pictures(BLANK)
            self.show()
        else:
            self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what could not be seen before, after the first paint."""
        super().showEvent(event)
        if self._due:
            QTimer.singleShot(0, self, self._draw)

    def _draw(self) -> None:
        self._due = False
        if not isinstance(self._source, Previewed):
            return
        try:
            found = by_class(self._source, each=ROWS, classes=COLUMNS, seed=0)
        except NnstudioError:
            # what is wrong with the source is said where it is loaded
            self.hide()
            return
        self.strip.show_pictures(np.concatenate(found.swapaxes(0, 1)))
        self.drawn.emit()

    def show_more(self, *, beside: QWidget) -> None:
        """Show many samples in a sheet beside a widget."""
        if self.sheet is None:
            self.sheet = WritingSheet(self)
            self.sheet.finished.connect(self._forget_sheet)
        self.sheet.show_source(self._source)
        self.sheet.open_beside(beside)

    def _forget_sheet(self) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
            self.sheet = None


class WritingSheet(QDialog):
    """Many samples, a row for each class, and a button for other hands; follows every edit.

    Stays open beside the form until it is closed. Knows the source that is shown.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle(tr("Samples as they are written now"))
        self._source: Previewed | None = None
        self._seed = 0
        self._later = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._later.timeout.connect(self._draw)
        self.strip = PictureStrip(columns=SHEET_COLUMNS)
        self.strip.setCursor(Qt.CursorShape.ArrowCursor)
        self.strip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.strip.setAccessibleName(tr("Samples, a row for each class"))
        words = QLabel(tr("Samples as the settings are now, a row for each class."))
        words.setFont(font(12))
        words.setProperty("role", "second")
        words.setWordWrap(True)
        self.others = QPushButton(tr("Other hands"))
        self.others.setIcon(icon("dice"))
        self.others.setToolTip(tr("Draw other samples with the same settings."))
        self.others.setAutoDefault(False)
        self.others.clicked.connect(self._draw_others)
        foot = QHBoxLayout()
        foot.addWidget(words, 1)
        foot.addWidget(self.others)
        column = QVBoxLayout(self)
        column.setContentsMargins(AROUND_PX, AROUND_PX, AROUND_PX, 10)
        column.setSpacing(8)
        column.addWidget(self.strip)
        column.addLayout(foot)
        self.setFixedWidth(SHEET_PX)

    def show_source(self, source: Previewed) -> None:
        """Show samples of `source`, soon: many edits in a row are one."""
        first = self._source is None
        self._source = source
        if first:
            self._draw()
        else:
            self._later.start()

    def open_beside(self, widget: QWidget) -> None:
        """Show the sheet at the right of `widget`, wholly on the screen."""
        around = self.contentsMargins().left() + AROUND_PX
        self.strip.setFixedHeight(self.strip.heightForWidth(SHEET_PX - 2 * around))
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width() + 12, 0))
        room = widget.screen().availableGeometry()
        low = min(corner.y(), room.bottom() - self.height())
        self.move(min(corner.x(), room.right() - self.width()), max(low, room.top()))
        self.show()
        self.raise_()

    def _draw_others(self) -> None:
        self._seed += 1
        self._draw()

    def _draw(self) -> None:
        if self._source is None:
            return
        try:
            found = by_class(self._source, each=SHEET_COLUMNS, classes=COLUMNS, seed=self._seed)
        except NnstudioError:
            # said where the source is loaded; the samples shown are those of before
            return
        self.strip.show_pictures(np.concatenate(found))
