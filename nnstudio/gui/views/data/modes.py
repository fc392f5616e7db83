"""Which way the data are looked at: side by side where there is room, else in a list."""

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.select import Select
from nnstudio.texts import mark, tr

MODES: Final = (
    ("samples", mark("Samples")),
    ("balance", mark("Balance")),
    ("means", mark("Means")),
    ("values", mark("Values")),
    ("copies", mark("Copies")),
)
LEAST_PX: Final = 72
_AROUND_PX: Final = 8


class ModeChoice(QWidget):
    """One of the modes is chosen; `chosen` tells its key."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._compact = False
        items = [(key, tr(title)) for key, title in MODES]
        self.segments = SegmentedControl(items, around_px=_AROUND_PX)
        self.list = Select(items)
        for part in (self.segments, self.list):
            part.chosen.connect(self._take)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.segments)
        row.addWidget(self.list)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._name)
        self._name()

    @property
    def whole_px(self) -> int:
        """How wide the modes are side by side."""
        return self.segments.sizeHint().width()

    def set_compact(self, *, compact: bool) -> None:
        """Drop down in any case, and leave the rest of the row to others."""
        self._compact = compact
        wide = QSizePolicy.Policy.Maximum if compact else QSizePolicy.Policy.Expanding
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        self._fit()

    @property
    def key(self) -> str:
        """The mode that is chosen."""
        return self.segments.key

    def choose(self, key: str) -> None:
        """Choose `key`, and tell it."""
        self._take(key)

    def minimumSizeHint(self) -> QSize:
        """Give the room of the list."""
        return QSize(LEAST_PX, 28)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the modes drop down where there is no room for them side by side."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        fits = self.whole_px <= self.width() and not self._compact
        self.segments.setVisible(fits)
        self.list.setVisible(not fits)

    def _take(self, key: str) -> None:
        self.segments.choose(key)
        self.list.choose(key)
        self.chosen.emit(key)

    def _name(self) -> None:
        items = [(key, tr(title)) for key, title in MODES]
        self.segments.set_items(items)
        self.list.set_items(items)
        for part in (self.segments, self.list):
            part.setAccessibleName(tr("What of the data is shown"))
            part.setToolTip(
                tr("Samples, their balance, mean pictures, spread of values, or copies.")
            )
        self._fit()
