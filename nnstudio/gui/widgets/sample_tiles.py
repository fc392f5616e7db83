"""A few samples as tiles of whole pixels, each with its class in a corner; one can be picked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.inked import inked
from nnstudio.texts import tr

TILE_PX: Final = 28
GAP_PX: Final = 1


@dataclass(frozen=True, eq=False)
class Tile:
    """A sample: its picture (H, W), what its class is called, and what is said of it.

    One that is `odd` is of another class than was expected.
    """

    pixels: NDArray[np.uint8]
    name: str
    tip: str = ""
    odd: bool = False


class SampleTiles(QWidget):
    """As many tiles as there is room for; a click or Enter picks one, arrows go along them.

    Knows the tiles, which of them the keyboard is at, and whether there will be others.
    """

    picked = Signal(int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: tuple[Tile, ...] = ()
        self._images: list[QImage] = []
        self._at = 0
        self._waits = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._draw_anew)

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """What is shown, the first at the left."""
        return self._tiles

    @property
    def at(self) -> int:
        """The tile that Enter would pick."""
        return self._at

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show these, as many as fit."""
        if not tiles and not self._tiles and not self._waits:
            return
        self._waits = False
        self._tiles = tuple(tiles)
        self._at = min(self._at, max(len(self._tiles) - 1, 0))
        self._draw_anew()
        self._describe()

    def wait(self) -> None:
        """Say that samples are looked for, where none are shown."""
        if not self._tiles and not self._waits:
            self._waits = True
            self._draw_anew()
            self._describe()

    def sizeHint(self) -> QSize:
        """Give room for three beside each other."""
        return QSize(3 * (TILE_PX + GAP_PX) - GAP_PX, TILE_PX)

    def _columns(self) -> int:
        return max((self.width() + GAP_PX) // (TILE_PX + GAP_PX), 1)

    def _room(self) -> int:
        rows = max((self.height() + GAP_PX) // (TILE_PX + GAP_PX), 1)
        return min(self._columns() * rows, len(self._tiles))

    def _box(self, at: int) -> QRect:
        row, column = divmod(at, self._columns())
        pitch = TILE_PX + GAP_PX
        return QRect(column * pitch, row * pitch, TILE_PX, TILE_PX)

    def _at_point(self, event: QMouseEvent | QHelpEvent) -> int | None:
        point = event.position().toPoint() if isinstance(event, QMouseEvent) else event.pos()
        return next((at for at in range(self._room()) if self._box(at).contains(point)), None)

    def _draw_anew(self) -> None:
        self._images = [inked(tile.pixels) for tile in self._tiles]
        self.update()

    def _describe(self) -> None:
        waiting = tr("Looking …") if self._waits else ""
        told = self._tiles[self._at].tip if self._tiles else waiting
        self.setAccessibleDescription(told)

    def event(self, event: QEvent) -> bool:
        """Say more about the tile under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self._at_point(event)
            if at is not None:
                QToolTip.showText(event.globalPos(), self._tiles[at].tip, self)
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick what is under the pointer."""
        at = self._at_point(event)
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self._at = at
            self._describe()
            self.picked.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the tiles with the arrows, pick with Enter or Space."""
        key, room = Qt.Key(event.key()), self._room()
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self._columns(),
            Qt.Key.Key_Down: self._columns(),
        }
        if room and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.picked.emit(self._at)
        elif room and key in steps:
            if 0 <= self._at + steps[key] < room:
                self._at += steps[key]
                self._describe()
                self.update()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring of the keyboard."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the tiles, and over the corner of each its class."""
        now, painter = theme(), QPainter(self)
        painter.setFont(font(10, 600))
        metrics = QFontMetrics(painter.font())
        for at in range(self._room()):
            tile, box = self._tiles[at], self._box(at)
            painter.drawImage(box, self._images[at])
            painter.setPen(now.border)
            painter.drawRect(box.adjusted(0, 0, -1, -1))
            shown = metrics.elidedText(tile.name, Qt.TextElideMode.ElideRight, TILE_PX - 4)
            wide = metrics.horizontalAdvance(shown) + 4
            chip = QRect(box.right() - wide + 1, box.bottom() - 11, wide, 12)
            painter.fillRect(chip, now.warning if tile.odd else now.hover)
            painter.setPen(now.panel if tile.odd else now.text)
            painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), shown)
        if self._waits:
            painter.setFont(font(11))
            painter.setPen(now.text2)
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignTop), tr("Looking …"))
        if self.hasFocus():
            painter.setPen(QPen(now.accent, 2))
            box = self._box(self._at) if self._tiles else self.rect()
            painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))
