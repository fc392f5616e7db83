"""Canvas, what is seen of it, the answer and its bars, laid out for any size of the panel."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QSlider, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.answer import Answer
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.pixel_canvas import BRUSH, PixelCanvas
from nnstudio.gui.widgets.pixel_picture import PixelPicture
from nnstudio.gui.widgets.probability_bars import (
    ROW_PX,
    TIGHT_ROW_PX,
    TIGHTEST_ROW_PX,
    ProbabilityBars,
)
from nnstudio.texts import tr

_EDGE: Final = 16
_GAP: Final = 16
_SEEN: Final = 86  # 28 pixels of 3, and the frame
_TOOLS: Final = 40
_BOTTOM: Final = 8
_SMALLEST: Final = 116  # what is seen in 58 pixels, and a line for the answer under it
_LARGEST: Final = 420
_LABEL: Final = 19
_SLIDER: Final = 88


class DrawBoard(QWidget):
    """All that belongs to drawing and reading the answer.

    Knows its parts and where they go; what they show is set from outside.
    """

    sample_requested = Signal()

    def __init__(self, *, pixels: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = PixelCanvas(parent=self)
        self.seen = PixelPicture(pixels, parent=self)
        self.answer = Answer(parent=self)
        self.bars = ProbabilityBars(parent=self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(4, 28)
        self.slider.setValue(round(BRUSH))
        self.slider.valueChanged.connect(self.canvas.set_brush)
        self._seen_title = QLabel(parent=self)
        self._brush_title = QLabel(parent=self)
        for label in (self._seen_title, self._brush_title):
            label.setProperty("role", "second")
        self.eraser = IconButton("eraser", "", parent=self)
        self.eraser.setCheckable(True)
        self.eraser.toggled.connect(self.canvas.set_erasing)
        self.undo = IconButton("undo", "", parent=self)
        self.undo.clicked.connect(self.canvas.undo)
        self.sample = IconButton("image", "", parent=self)
        self.sample.clicked.connect(self.sample_requested)
        self.clear = IconButton("cross", "", parent=self)
        self.clear.clicked.connect(self.canvas.clear)
        self.canvas.strokes_changed.connect(self._show_what_can_be_done)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retranslate()
        self._show_what_can_be_done()
        themes.changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Say everything in the language in use, in its font."""
        self._seen_title.setText(tr("Network sees"))
        self._brush_title.setText(tr("Brush"))
        for label in (self._seen_title, self._brush_title):
            label.setFont(font(12))
        undo = QKeySequence(QKeySequence.StandardKey.Undo).toString(
            QKeySequence.SequenceFormat.NativeText
        )
        self.eraser.set_tooltip(tr("Eraser (or the right button)"))
        self.undo.set_tooltip(tr("Take the last stroke back ({shortcut})", shortcut=undo))
        self.sample.set_tooltip(tr("Show a sample from the data"))
        self.clear.set_tooltip(tr("Clear the drawing (Esc)"))
        self.slider.setToolTip(tr("Width of the brush"))
        self.slider.setAccessibleName(tr("Width of the brush"))
        self.canvas.setAccessibleName(tr("Canvas to draw on"))
        self.bars.setAccessibleName(tr("Probability of each class"))
        self.seen.setAccessibleName(tr("Network sees"))
        self.seen.setToolTip(
            tr(
                "Your drawing as the network gets it: fitted into 20 × 20 pixels, smoothed, and "
                "moved until its centre of mass lies in the middle of 28 × 28. Then the pixels "
                "are scaled as the training data were."
            )
        )
        self._arrange()

    def sizeHint(self) -> QSize:
        """Give the size of the panel in the default window."""
        return QSize(328, 192 + _TOOLS + self.bars.sizeHint().height() + _BOTTOM)

    def minimumSizeHint(self) -> QSize:
        """Give the size under which something would overlap."""
        height = _SMALLEST + _TOOLS + self.bars.minimumSizeHint().height() + _BOTTOM
        return QSize(2 * _EDGE + _SMALLEST + _GAP + _SEEN + 2, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each part its place."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        rows = max(self.bars.minimumSizeHint().height() // TIGHT_ROW_PX, 1)
        across = self.width() - 2 * _EDGE - _GAP - _SEEN - 2
        spare = self.height() - _TOOLS - _BOTTOM
        side = min(across, spare - rows * TIGHT_ROW_PX, _LARGEST)
        side = max(side, _SMALLEST)
        self.canvas.setGeometry(_EDGE, 0, side, side)
        column = _EDGE + side + _GAP
        width = max(self.width() - column - _EDGE, _SEEN)
        self._seen_title.setGeometry(column, 0, width, 16)
        seen = _SEEN if side >= _LABEL + _SEEN + 38 else 58
        self.seen.setGeometry(column, _LABEL, seen, seen)
        below = _LABEL + seen
        self.answer.setGeometry(column, below, _SEEN, side - below)
        middle = side + _TOOLS // 2 - 1
        self._arrange_tools(middle)
        top = side + _TOOLS
        room = self.height() - top - _BOTTOM
        # a window that is lower than all panels together still shows every answer
        height = min(rows * ROW_PX, max(room, rows * TIGHTEST_ROW_PX))
        self.bars.setGeometry(QRect(_EDGE, top, self.width() - 2 * _EDGE, height))

    def _arrange_tools(self, middle: int) -> None:
        right = self.width() - _EDGE
        tools = (self.eraser, self.undo, self.sample, self.clear)
        for at, tool in enumerate(reversed(tools)):
            tool.move(right - 28 - 32 * at, middle - 14)
        words = self._brush_title.sizeHint().width()
        self._brush_title.setGeometry(_EDGE, middle - 10, words, 20)
        start = _EDGE + words + 8
        room = right - 4 * 32 - 8 - start
        self.slider.setGeometry(start, middle - 10, min(_SLIDER, max(room, 32)), 20)

    def _show_what_can_be_done(self) -> None:
        self.undo.setEnabled(self.canvas.can_undo)
        self.clear.setEnabled(bool(self.canvas.items))
