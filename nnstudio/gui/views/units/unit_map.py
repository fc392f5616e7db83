"""The map of all units: a block of coloured cells for each layer, one of them picked."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import diverging_map, theme, themes
from nnstudio.gui.views.units.cells import (
    FEW,
    NAMES_PX,
    TITLE_PX,
    Block,
    Layer,
    arrange,
    needed_height,
    painted,
)
from nnstudio.gui.widgets.numerals import brief
from nnstudio.gui.widgets.plot.frame import font_of, width_of
from nnstudio.texts import tr

NUMBERS_FROM_PX: Final = 52
STRONG: Final = 0.55
"""From this share of the scale on a cell is so dark that words on it are light."""
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE: Final = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop


class UnitMap(QWidget):
    """Every unit of every layer as a cell; a click or the arrows pick one.

    Knows the layers it was given last. `picked` tells (layer, unit), or None when none is.
    """

    picked = Signal(object)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layers: tuple[Layer, ...] = ()
        self._blocks: tuple[Block, ...] = ()
        self._images: list[tuple[QImage, NDArray[np.uint32]]] = []
        self._colours: NDArray[np.uint32] | None = None
        self._mark: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(120)
        themes.changed.connect(self._repaint_all)

    @property
    def marked(self) -> tuple[int, int] | None:
        """Layer and unit that are picked."""
        return self._mark

    @property
    def layers(self) -> tuple[Layer, ...]:
        """What is shown."""
        return self._layers

    def show_layers(self, layers: tuple[Layer, ...]) -> None:
        """Show these layers; the mark stays where there still is such a unit."""
        shapes = [len(one.values) for one in layers]
        if shapes != [len(one.values) for one in self._layers]:
            if self._mark is not None and not self._is_there(self._mark, shapes):
                self._mark = None
            self._layers = layers
            self._arrange()
        self._layers = layers
        self._images = []
        self.update()

    def set_marked(self, mark: tuple[int, int] | None) -> None:
        """Frame a unit; None frames none."""
        if mark != self._mark:
            self._mark = mark
            self._describe()
            self.update()

    def sizeHint(self) -> QSize:
        """Give the size of the map in the default window."""
        return QSize(480, 320)

    def _is_there(self, mark: tuple[int, int], shapes: list[int]) -> bool:
        return mark[0] < len(shapes) and mark[1] < shapes[mark[0]]

    def _arrange(self) -> None:
        self.setMinimumHeight(needed_height(self._layers, width=max(self.width(), 1)))
        self._blocks = arrange(self._layers, width=max(self.width(), 1), height=self.height())
        self._images = []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cells anew."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Tell the unit under the pointer and its value."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            hit = self.unit_at(QPointF(event.pos()))
            if hit is not None:
                QToolTip.showText(event.globalPos(), self.words_of(*hit), self)
                return True
        return super().event(event)

    def words_of(self, layer: int, unit: int) -> str:
        """Say what a unit gives."""
        shown = self._layers[layer]
        value = brief(float(shown.values[unit]))
        if shown.names:
            return tr("{name}: {value}", name=shown.names[unit], value=value)
        if shown.dead is not None and shown.dead[unit]:
            return tr("unit {number}: {value}, dead", number=unit, value=value)
        return tr("unit {number}: {value}", number=unit, value=value)

    def unit_at(self, point: QPointF) -> tuple[int, int] | None:
        """Give layer and unit at a point of the map."""
        for layer, block in enumerate(self._blocks):
            unit = block.unit_at(point.x(), point.y())
            if unit is not None:
                return layer, unit
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the unit under the pointer, or let go of it."""
        if event.button() == Qt.MouseButton.LeftButton:
            hit = self.unit_at(event.position())
            self._pick(None if hit == self._mark else hit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the mark with the arrows, from layer to layer with the page keys; Escape unmarks."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._mark is not None:
            self._pick(None)
            return
        target = self._moved(key)
        if target is None:
            super().keyPressEvent(event)
        elif self._is_there(target, [len(one.values) for one in self._layers]):
            self._pick(target)

    def _moved(self, key: Qt.Key) -> tuple[int, int] | None:
        """Give where a key leads to; below the last row of a layer comes the next layer."""
        arrows = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
        pages = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if key not in (*arrows, *pages) or not self._layers:
            return None
        if self._mark is None:
            return 0, 0
        layer, unit = self._mark
        columns = self._blocks[layer].columns
        if key in pages:
            to = layer + (1 if key == Qt.Key.Key_PageDown else -1)
            return (to, 0) if 0 <= to < len(self._layers) else self._mark
        target = unit + {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }.get(key, 0)
        if target < 0 and layer > 0:
            return layer - 1, len(self._layers[layer - 1].values) - 1
        if target >= len(self._layers[layer].values) and layer + 1 < len(self._layers):
            return layer + 1, 0
        return (layer, target) if target >= 0 else self._mark

    def _pick(self, mark: tuple[int, int] | None) -> None:
        self.set_marked(mark)
        self.picked.emit(mark)

    def _describe(self) -> None:
        mark = self._mark
        shown = mark is not None and mark[0] < len(self._layers)
        words = (
            tr(
                "layer {layer}, {unit}",
                layer=mark[0] + 1,
                unit=self.words_of(*mark),
            )
            if shown and mark is not None
            else ""
        )
        self.setAccessibleDescription(words)

    def _repaint_all(self) -> None:
        self._colours = None
        self._images = []
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw titles and cells; the pictures of the cells are kept until they change."""
        painter, now = QPainter(self), theme()
        if not self._images:
            self._images = [
                self._image(layer, block)
                for layer, block in zip(self._layers, self._blocks, strict=True)
            ]
        for layer, block, (image, _) in zip(self._layers, self._blocks, self._images, strict=True):
            self._paint_title(painter, layer, block)
            painter.drawImage(QPointF(0, block.top), image)
            if block.wide >= NUMBERS_FROM_PX and block.units <= FEW:
                self._paint_numbers(painter, layer, block)
            if layer.names:
                self._paint_names(painter, layer, block)
        if self._mark is not None and self._mark[0] < len(self._blocks):
            block = self._blocks[self._mark[0]]
            left, top = block.place(self._mark[1])
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(QRectF(left, top, block.wide, block.cell).adjusted(0, 0, -1, -1))
        elif self.hasFocus():
            painter.setPen(QPen(now.accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_title(self, painter: QPainter, layer: Layer, block: Block) -> None:
        now = theme()
        box = QRectF(0, block.top - TITLE_PX, self.width(), TITLE_PX - 2)
        painter.setFont(font_of(12, 600))
        painter.setPen(now.text)
        painter.drawText(box, LEFT, layer.title)
        taken = width_of(layer.title, 12, 600) + 12
        if taken + width_of(layer.facts, 11) <= self.width():
            painter.setFont(font_of(11))
            painter.setPen(now.text2)
            painter.drawText(box, RIGHT, layer.facts)

    def _paint_numbers(self, painter: QPainter, layer: Layer, block: Block) -> None:
        """Write values into cells that have room, dark on pale and pale on dark ones."""
        now = theme()
        painter.setFont(font_of(11))
        for unit, value in enumerate(layer.values.tolist()):
            strong = abs(value) > layer.limit * STRONG if np.isfinite(value) else True
            painter.setPen(now.panel if strong else now.text)
            left, top = block.place(unit)
            box = QRectF(left, top, block.wide, block.cell)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, brief(value))

    def _paint_names(self, painter: QPainter, layer: Layer, block: Block) -> None:
        painter.setFont(font_of(10))
        painter.setPen(theme().text2)
        if block.rows > 1:
            return
        metrics = painter.fontMetrics()
        for unit, name in enumerate(layer.names):
            left, top = block.place(unit)
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, block.wide)
            box = QRectF(left, top + block.cell + 1, block.wide, NAMES_PX)
            painter.drawText(box, CENTRE, shown)

    def _image(self, layer: Layer, block: Block) -> tuple[QImage, NDArray[np.uint32]]:
        if self._colours is None:
            table = diverging_map(256).astype(np.uint32)
            self._colours = (
                np.uint32(0xFF000000)
                | (table[:, 0] << np.uint32(16))
                | (table[:, 1] << np.uint32(8))
                | table[:, 2]
            ).astype(np.uint32)
        now, ratio = theme(), self.devicePixelRatioF()
        pixels = painted(
            layer,
            block,
            ratio=ratio,
            colours=self._colours,
            ground=int(now.panel.rgb()),
            dead=int(now.error.rgb()),
            unknown=int(now.error.rgb()),
        )
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        # the pixels must live as long as the image that shows them
        return image, pixels
