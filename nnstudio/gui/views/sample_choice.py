"""Which sample is looked into: what was drawn, or one of the data, with steps back and forth."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.samples import words_of
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.runs.inside import probe_rows
from nnstudio.texts import tr
from nnstudio.training.prepared import PreparedData, Rows

NO_ROWS: Final = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Sample:
    """One sample: raw `inputs` (1, D), encoded `target` (1, C) where it is known, and words."""

    inputs: NDArray[Any]
    target: NDArray[Any] | None
    row: int | None
    words: str


class SampleChoice(QWidget):
    """A switch between the drawing and the data, and which sample of these; tells a change.

    Knows the data, the rows that can be gone through, and the newest drawing.
    """

    changed = Signal()

    def __init__(self, *, draw: Generator | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draw = draw or np.random.default_rng()
        self._data: PreparedData | None = None
        self._rows: Rows = NO_ROWS
        self._at = 0
        self._drawing: NDArray[Any] | None = None
        self._drawable = False
        self._wants_drawing = True
        self._kind = SegmentedControl([("drawing", ""), ("sample", "")])
        self._kind.chosen.connect(self._choose_kind)
        self._back = IconButton("chevron-left", "")
        self._back.clicked.connect(lambda: self.go(-1))
        self._place = QLabel()
        self._forth = IconButton("chevron-right", "")
        self._forth.clicked.connect(lambda: self.go(1))
        self._dice = IconButton("dice", "")
        self._dice.clicked.connect(self.throw)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._kind, self._back, self._place, self._forth, self._dice):
            row.addWidget(widget)
        themes.changed.connect(self._retell)
        self._retell()

    @property
    def sample(self) -> Sample | None:
        """What is chosen; None while there is nothing to choose from."""
        data = self._data
        if self._shows_drawing and self._drawing is not None:
            return Sample(self._drawing.reshape(1, -1), None, None, tr("your drawing"))
        if data is None or not len(self._rows):
            return None
        row = int(self._rows[self._at])
        return Sample(
            np.asarray(data.dataset.inputs[row : row + 1]),
            np.asarray(data.targets[row : row + 1]),
            row,
            words_of(data, row),
        )

    def set_data(self, data: PreparedData | None, *, drawable: bool) -> None:
        """Choose among the samples of `data`; a drawing where it is `drawable`."""
        if data is self._data and drawable == self._drawable:
            return
        if data is not self._data:
            self._data, self._at = data, 0
            self._rows = NO_ROWS if data is None else probe_rows(data)
        self._drawable = drawable
        self._show_place()
        self.changed.emit()

    def set_drawing(self, pixels: NDArray[Any] | None) -> None:
        """Take what is drawn now; None while the paper is empty."""
        self._drawing = pixels
        self._show_place()
        if self._wants_drawing and self._drawable:
            self.changed.emit()

    def go(self, steps: int) -> None:
        """Go on by so many samples; behind the last comes the first."""
        if len(self._rows):
            self.pick((self._at + steps) % len(self._rows))

    def throw(self) -> None:
        """Pick a sample by chance."""
        if len(self._rows):
            self.pick(int(self._draw.integers(len(self._rows))))

    def pick(self, at: int) -> None:
        """Pick the sample at this place among those that can be gone through."""
        self._wants_drawing = False
        self._at = at
        self._show_place()
        self.changed.emit()

    def pick_row(self, row: int) -> None:
        """Pick the sample of this row of the data set, where it is among them."""
        found = np.flatnonzero(self._rows == row)
        if len(found):
            self.pick(int(found[0]))

    @property
    def _shows_drawing(self) -> bool:
        return self._drawable and self._wants_drawing and self._drawing is not None

    def _choose_kind(self, key: str) -> None:
        self._wants_drawing = key == "drawing"
        self._show_place()
        self.changed.emit()

    def _show_place(self) -> None:
        self._kind.setVisible(self._drawable and self._drawing is not None)
        self._kind.choose("drawing" if self._shows_drawing else "sample")
        steps = len(self._rows) > 1 and not self._shows_drawing
        for widget in (self._back, self._place, self._forth, self._dice):
            widget.setVisible(steps)
        self._place.setText(f"{grouped(self._at + 1)} / {grouped(len(self._rows))}")

    def _retell(self) -> None:
        self._kind.set_items([("drawing", tr("Drawing")), ("sample", tr("Sample"))])
        self._kind.setAccessibleName(tr("What is looked into"))
        self._kind.setToolTip(tr("Look into your drawing or into a sample of the data."))
        self._back.set_tooltip(tr("Previous sample"))
        self._forth.set_tooltip(tr("Next sample"))
        self._dice.set_tooltip(tr("Another sample by chance"))
        self._place.setFont(font(12))
