"""Canvas, what is seen of it, the answer and its bars, laid out for any size of the panel."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
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
from nnstudio.gui.widgets.reasons import Reasons
from nnstudio.texts import tr

_EDGE: Final = 16
_GAP: Final = 16
_SEEN: Final = 86  # 28 pixels of 3, and the frame
_SMALL_SEEN: Final = 58
_TOOLS: Final = 40
_BOTTOM: Final = 8
_SMALLEST: Final = 116  # what is seen in 58 pixels, and a line for the answer under it
_LOW_ANSWER: Final = 38
_TALL_ANSWER: Final = 64
_LARGEST: Final = 420
_LABEL: Final = 19
_SLIDER: Final = 88
_SHORTEST_SLIDER: Final = 48


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
        self._brush_title = QLabel(parent=self)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(4, 28)
        self.slider.setValue(round(BRUSH))
        self.slider.valueChanged.connect(self.canvas.set_brush)
        self._seen_title = QLabel(parent=self)
        for label in (self._seen_title, self._brush_title):
            label.setProperty("role", "second")
        self.several = IconButton("several", "", parent=self)
        self.several.setCheckable(True)
        self.several.toggled.connect(self._arrange)
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
        self.bars = ProbabilityBars(parent=self)
        self.reasons = Reasons(parent=self)
        self._foot: QWidget | None = None
        self._reasoned = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retranslate()
        self._show_what_can_be_done()
        themes.changed.connect(self.retranslate)

    def set_foot(self, foot: QWidget) -> None:
        """Give `foot` the full width under everything, as high as it wishes, while it is shown."""
        self._foot = foot
        foot.setParent(self)
        foot.installEventFilter(self)
        foot.show()
        self._arrange()

    def set_note(self, note: str) -> None:
        """Say this of who answers, under every answer."""
        if note != self.answer.note:
            self.answer.set_note(note)
            self._arrange()

    def set_reasons(self, *, shown: bool) -> None:
        """Show beside the bars why the answer is what it is, or leave them the whole width."""
        if shown != self._reasoned:
            self._reasoned = shown
            self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give or take the room of the foot when it comes, goes or wishes for another height."""
        if watched is self._foot and event.type() in {
            QEvent.Type.ShowToParent,
            QEvent.Type.HideToParent,
            QEvent.Type.LayoutRequest,
        }:
            self.updateGeometry()
            self._arrange()
        return super().eventFilter(watched, event)

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
        self.several.set_tooltip(tr("Read several digits, from left to right"))
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
        self.reasons.retranslate()
        self._arrange()

    def sizeHint(self) -> QSize:
        """Give the size of the panel in the default window."""
        height = 192 + _TOOLS + self.bars.sizeHint().height() + self._foot_px() + _BOTTOM
        return QSize(328, height)

    def minimumSizeHint(self) -> QSize:
        """Give the size under which something would overlap."""
        height = _SMALLEST + _TOOLS + self._least_px() + self._foot_px() + _BOTTOM
        return QSize(2 * _EDGE + _SMALLEST + _GAP + _SEEN + 2, height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each part its place."""
        super().resizeEvent(event)
        self._arrange()

    def _foot_px(self) -> int:
        shown = self._foot is not None and not self._foot.isHidden()
        return self._foot.sizeHint().height() if shown and self._foot is not None else 0

    def _least_px(self) -> int:
        """Give what the bars need; a foot takes its height from them rather than from the paper."""
        return self._rows() * (TIGHTEST_ROW_PX if self._foot_px() else TIGHT_ROW_PX)

    def _rows(self) -> int:
        return max(self.bars.minimumSizeHint().height() // TIGHT_ROW_PX, 1)

    def _arrange(self, _on: object = None) -> None:
        rows, foot = self._rows(), self._foot_px()
        across = self.width() - 2 * _EDGE - _GAP - _SEEN - 2
        spare = self.height() - _TOOLS - _BOTTOM - foot
        side = min(across, spare - self._least_px(), _LARGEST)
        side = max(side, _SMALLEST)
        self.canvas.setGeometry(_EDGE, 0, side, side)
        column = _EDGE + side + _GAP
        width = max(self.width() - column - _EDGE, _SEEN)
        self._seen_title.setGeometry(column, 0, width, 16)
        # several digits, and words under them, need more height than one digit beside its number
        least = _TALL_ANSWER if self.several.isChecked() or self.answer.note else _LOW_ANSWER
        seen = _SEEN if side >= _LABEL + _SEEN + least else _SMALL_SEEN
        self.seen.setGeometry(column, _LABEL, seen, seen)
        below = _LABEL + seen
        self.answer.setGeometry(column, below, _SEEN, side - below)
        self._arrange_tools(side + _TOOLS // 2 - 1)
        top = side + _TOOLS
        room = self.height() - top - _BOTTOM - foot
        # a window that is lower than all panels together still shows every answer
        height = min(rows * ROW_PX, max(room, rows * TIGHTEST_ROW_PX))
        reasoned = self._reasoned and self.bars.legible_in(side)
        self.reasons.setVisible(reasoned)
        across = side if reasoned else self.width() - 2 * _EDGE
        self.bars.setGeometry(QRect(_EDGE, top, across, height))
        self.reasons.setGeometry(QRect(column, top, width, max(room, height)))
        if self._foot is not None:
            bottom = self.height() - _BOTTOM // 2 - foot
            self._foot.setGeometry(_EDGE, bottom, self.width() - 2 * _EDGE, foot)

    def _arrange_tools(self, middle: int) -> None:
        right = self.width() - _EDGE
        tools = (self.several, self.eraser, self.undo, self.sample, self.clear)
        for at, tool in enumerate(reversed(tools)):
            tool.move(right - 28 - 32 * at, middle - 14)
        words = self._brush_title.sizeHint().width() + 8
        left = right - len(tools) * 32 - 8 - _EDGE
        # the word is left out where there is no room beside it: the slider names itself
        named = left - words >= _SHORTEST_SLIDER
        self._brush_title.setVisible(named)
        self._brush_title.setGeometry(_EDGE, middle - 10, words - 8, 20)
        start = _EDGE + (words if named else 0)
        room = left - (words if named else 0)
        self.slider.setGeometry(start, middle - 10, min(_SLIDER, room), 20)

    def _show_what_can_be_done(self) -> None:
        self.undo.setEnabled(self.canvas.can_undo)
        self.clear.setEnabled(bool(self.canvas.items))
