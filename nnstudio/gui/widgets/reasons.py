"""Why an answer is what it is: the pixels that spoke for and against, and samples that are near."""

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.sample_tiles import GAP_PX, TILE_PX, SampleTiles
from nnstudio.gui.widgets.signed_picture import SignedPicture
from nnstudio.texts import tr

_LARGE_PX: Final = 86
_SMALL_PX: Final = 58
_LABEL_PX: Final = 16
_GAP_PX: Final = 2


class Reasons(QWidget):
    """Two small pictures under each other, each with its title.

    Knows its parts and where they go in any height; what they show is set from outside.
    """

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spoken = SignedPicture(parent=self)
        self.nearest = SampleTiles(parent=self)
        self._spoken_title = QLabel(parent=self)
        self._nearest_title = QLabel(parent=self)
        for label in (self._spoken_title, self._nearest_title):
            label.setProperty("role", "second")
        self.retranslate()
        themes.changed.connect(self.retranslate)

    def retranslate(self) -> None:
        """Say everything in the language in use, in its font."""
        self._spoken_title.setText(tr("For / against"))
        self._nearest_title.setText(tr("Nearest"))
        for label in (self._spoken_title, self._nearest_title):
            label.setFont(font(12))
        for label, part, told in (
            (
                self._spoken_title,
                self.spoken,
                tr(
                    "Which pixels spoke for the answer (green) and which against it (purple): the "
                    "gradient of the answer's logit, less the mean of all logits, times the input."
                ),
            ),
            (
                self._nearest_title,
                self.nearest,
                tr(
                    "The training samples that differ least from what the network sees. Click "
                    "one to see it on the canvas."
                ),
            ),
        ):
            label.setToolTip(told)
            part.setToolTip(told)
            part.setAccessibleName(label.text())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give each part its place."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        one_row = 2 * _LABEL_PX + _GAP_PX + TILE_PX
        large = self.height() >= one_row + _LARGE_PX
        side = _LARGE_PX if large else _SMALL_PX
        self._spoken_title.setGeometry(0, 0, self.width(), _LABEL_PX)
        self.spoken.setGeometry(0, _LABEL_PX, side, side)
        top = _LABEL_PX + side + _GAP_PX
        self._nearest_title.setGeometry(0, top, self.width(), _LABEL_PX)
        top += _LABEL_PX
        rows = (self.height() - top + GAP_PX) // (TILE_PX + GAP_PX)
        height = max(rows, 1) * (TILE_PX + GAP_PX) - GAP_PX
        self.nearest.setGeometry(0, top, min(self.width(), 6 * (TILE_PX + GAP_PX)), height)
        fits = self.height() >= top + TILE_PX
        self.nearest.setVisible(fits)
        self._nearest_title.setVisible(fits)
