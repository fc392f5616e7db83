"""Many small pictures of signed values as one mosaic; drawn once per change, hovered for free."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.theme import diverging_map, theme, themes
from nnstudio.gui.widgets.mosaic import Arrangement, Look, Values, arrange, compose, hatched

_WHEEL_PAGE: Final = 120  # eighths of a degree of one notch


@dataclass(frozen=True)
class TileHit:
    """What is under the pointer: the tile, and the row and column of the value in it."""

    tile: int
    row: int
    column: int


class ImageGrid(QWidget):
    """Tiles of signed values in a diverging map, parted by 2 px, on pages when they are many.

    Knows values, limits and which tile is marked, and nothing of what they mean. `hovered` tells a
    `TileHit` or None, `picked` the tile that was clicked (-1: the mark was taken away).
    """

    hovered = Signal(object)
    picked = Signal(int)
    page_changed = Signal(int, int)
    resized = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: Values = np.zeros((0, 1, 1), dtype=np.float32)
        self._limits: Values = np.zeros(0, dtype=np.float32)
        self._mask: NDArray[np.bool_] | None = None
        self._marked: int | None = None
        self._band: tuple[int, int] | None = None
        self._page = 0
        self._told_page = (0, 1)
        self._hit: TileHit | None = None
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint32] | None = None
        self._look: Look | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(60, 60)
        themes.changed.connect(self._forget_look)

    def set_tiles(self, tiles: Values, *, limit: float | Values) -> None:
        """Show `tiles` (T, rows, columns) over ± `limit`, one for all or one for each."""
        shape_before = self._tiles.shape
        self._tiles = tiles
        self._limits = np.broadcast_to(np.asarray(limit, dtype=np.float32), (len(tiles),))
        if tiles.shape != shape_before:
            self._hit = None
            if self._marked is not None and self._marked >= len(tiles):
                self._marked = None
        self._redraw()

    def set_hatching(self, mask: NDArray[np.bool_] | None) -> None:
        """Hatch where `mask` (rows, columns) is true, in every tile; None hatches nothing."""
        self._mask = mask
        self._redraw()

    def set_marked(self, tile: int | None) -> None:
        """Frame `tile` in accent, and turn to its page; None frames nothing."""
        if tile == self._marked:
            return
        self._marked = tile
        if tile is not None and self._tiles.size:
            self.set_page(tile // self._arrangement().capacity)
        self.update()

    def set_band(self, rows: tuple[int, int] | None) -> None:
        """Frame the rows from the first up to the second of a tile that is alone."""
        if rows != self._band:
            self._band = rows
            self.update()

    @property
    def marked(self) -> int | None:
        """The tile that is framed."""
        return self._marked

    @property
    def page(self) -> int:
        """The page that is shown, counted from 0."""
        return min(self._page, self.pages - 1)

    @property
    def pages(self) -> int:
        """How many pages the tiles need at the present size."""
        if not len(self._tiles):
            return 1
        return -(-len(self._tiles) // self._arrangement().capacity)

    @property
    def shown_tiles(self) -> range:
        """The tiles on the page that is shown."""
        capacity = self._arrangement().capacity
        return range(self.page * capacity, min((self.page + 1) * capacity, len(self._tiles)))

    def set_page(self, page: int) -> None:
        """Turn to `page`; there is none before the first or after the last."""
        page = min(max(page, 0), self.pages - 1)
        if page != self._page:
            self._page = page
            self._redraw()

    def mosaic_size(self) -> QSize:
        """Give the room that the tiles really take, in logical pixels."""
        width, height = self._arrangement().size
        ratio = self.devicePixelRatioF()
        return QSize(round(width / ratio), round(height / ratio))

    def sizeHint(self) -> QSize:
        """Give the size of the mosaic in the default window."""
        return QSize(670, 334)

    def _arrangement(self) -> Arrangement:
        ratio = self.devicePixelRatioF()
        room = (max(int(self.width() * ratio), 1), max(int(self.height() * ratio), 1))
        count, tall, wide = self._tiles.shape
        return arrange(count, shape=(tall, wide), room=room, ratio=ratio)

    def _forget_look(self) -> None:
        self._look = None
        self._redraw()

    def _redraw(self) -> None:
        self._image = None
        self._tell_page()
        self.update()

    def _tell_page(self) -> None:
        now = (self.page, self.pages)
        if now != self._told_page:
            self._told_page = now
            self.page_changed.emit(*now)

    def _draw_image(self) -> QImage:
        arrangement = self._arrangement()
        ratio = self.devicePixelRatioF()
        shown = self.shown_tiles
        tiles = self._tiles[shown.start : shown.stop]
        hatching = None
        if self._mask is not None and self._mask.shape == tiles.shape[1:]:
            hatching = hatched(self._mask, arrangement, ratio=ratio)
        if self._look is None:
            self._look = _look()
        limits = self._limits[shown.start : shown.stop]
        self._pixels = compose(tiles, limits, arrangement, look=self._look, hatching=hatching)
        height, width = self._pixels.shape
        stride = self._pixels.strides[0]
        image = QImage(self._pixels.data, width, height, stride, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        return image

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the image, and frames around the marked and the hovered tile."""
        if not self._tiles.size:
            return
        if self._image is None:
            self._image = self._draw_image()
        painter = QPainter(self)
        painter.drawImage(QPointF(0, 0), self._image)
        now = theme()
        if self._hit is not None:
            self._frame(painter, self._hit.tile, QPen(now.text3, 1))
        if self._marked is not None:
            self._frame(painter, self._marked, QPen(now.accent, 2))
        if self._band is not None and len(self._tiles) == 1:
            self._frame_band(painter, *self._band)
        if self.hasFocus() and self._marked is None and self._band is None:
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _frame(self, painter: QPainter, tile: int, pen: QPen) -> None:
        shown = self.shown_tiles
        if tile not in shown:
            return
        arrangement, ratio = self._arrangement(), self.devicePixelRatioF()
        left, top = arrangement.place(tile - shown.start)
        box = QRectF(
            left / ratio, top / ratio, arrangement.width / ratio, arrangement.height / ratio
        )
        half = pen.widthF() / 2
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        outer = box.adjusted(-half, -half, half, half)
        painter.drawRect(outer.intersected(QRectF(self.rect()).adjusted(half, half, -half, -half)))

    def _frame_band(self, painter: QPainter, first: int, after: int) -> None:
        arrangement, ratio = self._arrangement(), self.devicePixelRatioF()
        row = arrangement.height / ratio / self._tiles.shape[1]
        box = QRectF(0, first * row, arrangement.width / ratio, (after - first) * row)
        painter.setPen(QPen(theme().accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.intersected(QRectF(self.rect())).adjusted(1, 1, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the tiles anew."""
        super().resizeEvent(event)
        self._redraw()
        self.resized.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the pointer, when it is something else."""
        self._point_at(self._hit_at(event.position()))

    def leaveEvent(self, _event: object) -> None:
        """Tell that nothing is under the pointer."""
        self._point_at(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark the tile under the pointer, or take the mark from it."""
        if event.button() == Qt.MouseButton.LeftButton:
            hit = self._hit_at(event.position())
            self._pick(None if hit is None or hit.tile == self._marked else hit.tile)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn pages where there are several; else let the panel scroll."""
        if self.pages == 1:
            event.ignore()
            return
        turned = event.angleDelta().y()
        if abs(turned) >= _WHEEL_PAGE:
            self.set_page(self.page - (1 if turned > 0 else -1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the mark with the arrows, turn pages with the page keys, Escape unmarks."""
        key, columns = Qt.Key(event.key()), self._arrangement().columns
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        if key in moves and len(self._tiles):
            start = self._marked
            target = self.shown_tiles.start if start is None else start + moves[key]
            if 0 <= target < len(self._tiles):
                self._pick(target)
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.set_page(self.page + (1 if key == Qt.Key.Key_PageDown else -1))
        elif key == Qt.Key.Key_Escape and self._marked is not None:
            self._pick(None)
        else:
            super().keyPressEvent(event)

    def _pick(self, tile: int | None) -> None:
        self.set_marked(tile)
        self.picked.emit(-1 if tile is None else tile)

    def _hit_at(self, position: QPointF) -> TileHit | None:
        if not self._tiles.size:
            return None
        ratio = self.devicePixelRatioF()
        found = self._arrangement().hit(position.x() * ratio, position.y() * ratio)
        if found is None:
            return None
        tile = found[0] + self.shown_tiles.start
        if tile not in self.shown_tiles:
            return None
        _, tall, wide = self._tiles.shape
        return TileHit(tile, int(found[2] * tall), int(found[1] * wide))

    def _point_at(self, hit: TileHit | None) -> None:
        if hit != self._hit:
            tile_changed = (hit and hit.tile) != (self._hit and self._hit.tile)
            self._hit = hit
            self.hovered.emit(hit)
            if tile_changed or hit is None:
                self.update()


def _look() -> Look:
    now = theme()
    map_colours = diverging_map(256).astype(np.uint32)
    packed = (
        np.uint32(0xFF000000)
        | (map_colours[:, 0] << np.uint32(16))
        | (map_colours[:, 1] << np.uint32(8))
        | map_colours[:, 2]
    )
    return Look(
        colours=packed.astype(np.uint32),
        ground=_packed(now.panel),
        unknown=_packed(now.error),
        hatch=_packed(now.border),
    )


def _packed(colour: QColor) -> int:
    return int(colour.rgb())
