"""The drawing of a network: units as circles and weights as lines, or layers as blocks.

Painted once per change into a picture that is kept; the pointer costs nothing but a frame.
"""

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from nnstudio.gui.theme import diverging_map, mixed, theme, themes
from nnstudio.gui.views.network.plan import (
    BLOCK_PX,
    HEAD_PX,
    LEAST_STEP_PX,
    NAME_ROW_PX,
    RIGHT_PX,
    SIDE_PX,
    UNIT_PX,
    Column,
    Drawing,
    Place,
    Values,
    bands_of,
    places_of,
    size_of,
    unit_at,
)
from nnstudio.gui.views.network.words import words_at, words_of_unit
from nnstudio.gui.widgets.numerals import brief, grouped, probability
from nnstudio.gui.widgets.plot.frame import font_of

CENTRE: Final = Qt.AlignmentFlag.AlignCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WIDEST_PX: Final = 5.0
FAINT: Final = 0.03
"""Lines of less than so much of the largest are hair lines."""
MOST_NAMES: Final = 16


class NetworkPicture(QWidget):
    """A network from its inputs at the left to its outputs at the right.

    Knows the drawing it was given last, and the unit that is picked: its lines stand out.
    """

    picked = Signal(object)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing: Drawing | None = None
        self._places: tuple[Place, ...] = ()
        self._mark: tuple[int, int] | None = None
        self._picture: QPixmap | None = None
        self._colours: list[QColor] = []
        self._inks: list[int] = []
        self.painted = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 120)
        themes.changed.connect(self._forget)

    @property
    def drawing(self) -> Drawing | None:
        """What is shown."""
        return self._drawing

    @property
    def marked(self) -> tuple[int, int] | None:
        """Column and unit that are picked."""
        return self._mark

    def show_drawing(self, drawing: Drawing) -> None:
        """Show a network; the picked unit stays where there still is one."""
        before = self._drawing
        shapes = [one.units for one in drawing.columns]
        if before is None or shapes != [one.units for one in before.columns]:
            self._mark = None
        self._drawing = drawing
        self.setMinimumWidth(SIDE_PX + RIGHT_PX + (len(shapes) - 1) * LEAST_STEP_PX)
        self._arrange()

    def set_marked(self, mark: tuple[int, int] | None) -> None:
        """Let the lines of a unit stand out; None lets all be alike."""
        drawing = self._drawing
        if mark != self._mark and drawing is not None:
            self._mark = mark
            self._picture = None
            self.setAccessibleDescription("" if mark is None else words_of_unit(drawing, *mark))
            self.update()

    def sizeHint(self) -> QSize:
        """Give the usual size."""
        return QSize(640, 300)

    def _arrange(self) -> None:
        if self._drawing is not None:
            self._places = places_of(self._drawing, width=self.width(), height=self.height())
        self._picture = None
        self.update()

    def _forget(self) -> None:
        self._colours, self._inks = [], []
        self._picture = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out anew."""
        super().resizeEvent(event)
        self._arrange()

    # pointer and keys

    def event(self, event: QEvent) -> bool:
        """Say what the unit or the line under the pointer is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.words_at(QPointF(event.pos()))
            if words:
                QToolTip.showText(event.globalPos(), words, self)
                return True
        return super().event(event)

    def words_at(self, point: QPointF) -> str:
        """Say what is at a point: a unit with its value, a weight, or a layer."""
        drawing = self._drawing
        return "" if drawing is None else words_at(drawing, self._places, point.x(), point.y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the unit under the pointer, or let go of it."""
        drawing = self._drawing
        if event.button() != Qt.MouseButton.LeftButton or drawing is None or not drawing.small:
            return
        hit = unit_at(self._places, event.position().x(), event.position().y())
        self._pick(None if hit == self._mark else hit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from unit to unit with the arrows; Escape lets go."""
        drawing, key = self._drawing, Qt.Key(event.key())
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if key == Qt.Key.Key_Escape and self._mark is not None:
            self._pick(None)
        elif key in moves and drawing is not None and drawing.small:
            column, unit = self._mark or (0, 0)
            if self._mark is not None:
                column, unit = column + moves[key][0], unit + moves[key][1]
            if 0 <= column < len(drawing.columns):
                last = drawing.columns[column].units - 1
                self._pick((column, min(max(unit, 0), last)))
        else:
            super().keyPressEvent(event)

    def _pick(self, mark: tuple[int, int] | None) -> None:
        self.set_marked(mark)
        self.picked.emit(mark)

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show the kept picture, or paint it when something has changed."""
        painter, drawing = QPainter(self), self._drawing
        if drawing is None:
            return
        if self._picture is None:
            self._picture = self._paint(drawing)
            self.painted += 1
        painter.drawPixmap(0, 0, self._picture)
        if self.hasFocus() and self._mark is None:
            painter.setPen(QPen(theme().accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint(self, drawing: Drawing) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().panel)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if drawing.small:
            self._paint_wires(painter, drawing)
        else:
            self._paint_bundles(painter, drawing)
        for at, (column, place) in enumerate(zip(drawing.columns, self._places, strict=True)):
            self._paint_titles(painter, column, place)
            if drawing.small:
                self._paint_units(painter, at, column, place)
            else:
                self._paint_block(painter, column, place)
            self._paint_names(painter, at, column, place, last=at == len(self._places) - 1)
        painter.end()
        return picture

    def _colour_of(self, share: float) -> QColor:
        if not self._colours:
            table = diverging_map(129).tolist()
            self._colours = [QColor(*one[:3]) for one in table]
        if not np.isfinite(share):
            return theme().error
        return self._colours[round((min(max(share, -1.0), 1.0) + 1) * 64)]

    def _paint_titles(self, painter: QPainter, column: Column, place: Place) -> None:
        now, wide = theme(), self._room
        box = QRectF(place.x - wide / 2, 0, wide, 16)
        painter.setFont(font_of(12, 600))
        painter.setPen(now.text)
        painter.drawText(box, CENTRE, grouped(column.units))
        painter.setFont(font_of(11))
        metrics, right = painter.fontMetrics(), Qt.TextElideMode.ElideRight
        foot = QRectF(place.x - wide / 2, self.height() - 31, wide, 15)
        for words, where, colour in (
            (column.title, box.translated(0, 15), now.text2),
            (column.under, foot, now.text2),
            (column.below, foot.translated(0, 15), now.text3),
        ):
            painter.setPen(colour)
            painter.drawText(where, CENTRE, metrics.elidedText(words, right, round(wide)))

    @property
    def _room(self) -> float:
        """How wide the words of one column may be."""
        places = self._places
        return min(places[1].x - places[0].x - 6, 130.0) if len(places) > 1 else 130.0

    def _paint_wires(self, painter: QPainter, drawing: Drawing) -> None:
        now = theme()
        for at, matrix in enumerate(drawing.matrices):
            if matrix is None:
                continue
            left, right = self._places[at], self._places[at + 1]
            shares = np.asarray(matrix, np.float64) / drawing.limit
            order = np.argsort(np.abs(np.nan_to_num(shares)), axis=None).tolist()
            for place in order:
                start, stop = divmod(place, right.units)
                share = float(shares[start, stop])
                size = min(abs(share), 1.0) if np.isfinite(share) else 1.0
                # the map is pale near 0, and a thin line paler still: lines begin at some colour
                strong = self._colour_of(np.sign(share) * (0.35 + 0.65 * size))
                if self._mark is not None and not self._touches(at, start, stop):
                    strong = mixed(strong, now.panel, 0.15)
                width = 1.0 if size < FAINT else max(size * WIDEST_PX, 1.0)
                painter.setPen(QPen(strong, width))
                painter.drawLine(QPointF(left.x, left.y(start)), QPointF(right.x, right.y(stop)))

    def _touches(self, matrix: int, start: int, stop: int) -> bool:
        return self._mark in {(matrix, start), (matrix + 1, stop)}

    def _paint_units(self, painter: QPainter, at: int, column: Column, place: Place) -> None:
        now = theme()
        radius = min(UNIT_PX, place.height / place.units / 2 - 1)
        limit = column.limit
        for unit in range(place.units):
            middle = QPointF(place.x, place.y(unit))
            value = None if column.values is None else float(column.values[unit]) / limit
            painter.setBrush(now.field if value is None else self._colour_of(value))
            here = self._mark == (at, unit)
            painter.setPen(QPen(now.accent if here else now.text3, 2 if here else 1))
            painter.drawEllipse(middle, radius, radius)

    def _paint_names(
        self, painter: QPainter, at: int, column: Column, place: Place, *, last: bool
    ) -> None:
        if not column.names or len(column.names) > MOST_NAMES or (at and not last):
            return
        painter.setFont(font_of(11))
        metrics, right = painter.fontMetrics(), Qt.TextElideMode.ElideRight
        beside = BLOCK_PX / 2 + 6
        wide = (RIGHT_PX if last else SIDE_PX) - beside - 2
        stride = max(1, -int(-(NAME_ROW_PX - 2) * place.units // place.height))
        left = place.x + beside if last else place.x - beside - wide
        known = last and column.values is not None and bool(np.isfinite(column.values).all())
        best = int(column.values.argmax()) if known and column.values is not None else -1
        for unit in range(0, len(column.names), stride):
            painter.setFont(font_of(11, 600 if unit == best else 400))
            painter.setPen(theme().text if unit == best else theme().text2)
            box = QRectF(left, place.y(unit) - 8, wide, 16)
            value = _value_in_words(column.values, unit) if last else ""
            name = metrics.elidedText(
                column.names[unit], right, round(wide - metrics.horizontalAdvance(value) - 6)
            )
            painter.drawText(box, LEFT if last else RIGHT, name)
            painter.drawText(box, RIGHT, value)

    def _paint_bundles(self, painter: QPainter, drawing: Drawing) -> None:
        """Paint what lies between blocks: the stronger the weights, the stronger the colour."""
        now = theme()
        for at, matrix in enumerate(drawing.matrices):
            left, right = self._places[at], self._places[at + 1]
            half = BLOCK_PX / 2
            corners = [
                QPointF(left.x + half, left.top),
                QPointF(right.x - half, right.top),
                QPointF(right.x - half, right.top + right.height),
                QPointF(left.x + half, left.top + left.height),
            ]
            size = 0.0 if matrix is None else size_of(matrix)
            share = min(size / drawing.limit, 1.0) if np.isfinite(size) else 1.0
            painter.setPen(QPen(now.line, 1))
            painter.setBrush(mixed(now.accent, now.panel, 0.06 + 0.4 * share))
            painter.drawPolygon(QPolygonF(corners))

    def _paint_block(self, painter: QPainter, column: Column, place: Place) -> None:
        now = theme()
        box = QRectF(place.x - BLOCK_PX / 2, place.top, BLOCK_PX, place.height)
        painter.setPen(QPen(now.border, 1))
        painter.setBrush(now.field)
        painter.drawRect(box)
        if column.values is None:
            return
        bands = bands_of(column.values, most=max(int(place.height), 1))
        painter.drawImage(box.adjusted(1, 1, 0, 0), self._strip(bands, column.limit))
        if column.picture is not None:
            self._paint_picture(painter, column, place)

    def _strip(self, values: Values, limit: float) -> QImage:
        """Give values as a column of colours."""
        self._colour_of(0.0)
        table = np.array([one.rgb() for one in self._colours], np.uint32)
        shares = np.clip(np.nan_to_num(values) / limit, -1, 1)
        pixels = table[np.rint((shares + 1) * 64).astype(np.intp)]
        pixels[~np.isfinite(values)] = theme().error.rgb()
        form = QImage.Format.Format_RGB32
        # a copy: the image would not keep the array alive
        return QImage(np.ascontiguousarray(pixels).data, 1, len(pixels), 4, form).copy()

    def _paint_picture(self, painter: QPainter, column: Column, place: Place) -> None:
        """Paint the inputs as the picture they are, beside their block."""
        shape, values = column.picture, column.values
        if shape is None or values is None:
            return
        tall, wide = shape
        side = min(SIDE_PICTURE_PX, place.x - BLOCK_PX / 2 - 6)
        inks = (
            np.rint(np.clip(values / column.limit, 0, 1) * 255).astype(np.uint8).reshape(tall, wide)
        )
        now = theme()
        if not self._inks:
            self._inks = [mixed(now.ink, now.paper, at / 255).rgb() for at in range(256)]
        image = QImage(inks.tobytes(), wide, tall, wide, QImage.Format.Format_Indexed8)
        image.setColorTable(self._inks)
        box = QRectF(2, HEAD_PX, side, side * tall / wide)
        box.moveTop(place.top + (place.height - box.height()) / 2)
        painter.drawImage(box, image)
        painter.setPen(QPen(now.border, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)


SIDE_PICTURE_PX: Final = 46


def _value_in_words(values: Values | None, unit: int) -> str:
    """Give the value of an output: a share as one where all of them are shares."""
    if values is None:
        return ""
    value = float(values[unit])
    shares = bool(np.all((values >= 0) & (values <= 1)))
    return probability(value) if shares else brief(value, digits=2)
