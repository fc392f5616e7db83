"""The ink on a canvas as an image of its size; while the pen moves only what is new is painted."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from nnstudio.gui.widgets.drawing import (
    UNITS,
    Item,
    PenStroke,
    middle,
    paint_items,
    paint_piece,
    ready_pen,
)

Points = list[tuple[float, float]]


class Line:
    """The stroke under way: points and widths in canvas units; empty when the pen is up."""

    def __init__(self, *, erasing: bool = False) -> None:
        self.points: Points = []
        self.widths: list[float] = []
        self.erasing = erasing

    def stroke(self) -> PenStroke:
        """Give it as a stroke."""
        return PenStroke(np.array(self.points), np.array(self.widths), self.erasing)


class InkLayer:
    """An image of the ink, made when it is asked for and sharp at any pixel ratio.

    Knows its colour and the side of the canvas in logical pixels.
    """

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._colour = QColor()
        self._side = 1.0

    def forget(self) -> None:
        """Paint everything anew when the image is asked for next."""
        self._image = None

    def image(self, items: Sequence[Item], *, side: float, ratio: float, colour: QColor) -> QImage:
        """Give the image of `items`; what was painted last unless side or colour are others."""
        if self._image is None or (self._side, self._colour) != (side, colour):
            self._side, self._colour = side, colour
            device = max(round(side * ratio), 1)
            image = QImage(device, device, QImage.Format.Format_ARGB32_Premultiplied)
            image.fill(Qt.GlobalColor.transparent)
            paint_items(image, items, colour=colour, side=float(device))
            image.setDevicePixelRatio(ratio)
            self._image = image
        return self._image

    def add_newest(self, line: Line) -> QRectF:
        """Paint the newest piece of `line`; gives what has to be shown anew, the end included."""
        points, width, scale = line.points, line.widths[-1], self._side / UNITS
        if len(points) <= 2:
            piece = points[:1] if len(points) == 1 else [points[0], middle(*points)]
        else:
            piece = points[-3:]
        touched = self._add(piece, width=width, erasing=line.erasing)
        reach = width * scale / 2 + 2
        for x, y in points[-2:]:
            touched |= QRectF(x * scale - reach, y * scale - reach, 2 * reach, 2 * reach)
        return touched

    def end(self, line: Line) -> None:
        """Paint the end of `line`, which no later point will bend."""
        if len(line.points) > 1:
            self._add(_end_of(line), width=line.widths[-1], erasing=line.erasing)

    def paint_end(self, painter: QPainter, line: Line, *, paper: QColor) -> None:
        """Draw from where the ink ends to where the pen is; the next point bends this part."""
        if len(line.points) > 1:
            ready_pen(painter, paper if line.erasing else self._colour, erasing=False)
            paint_piece(painter, _end_of(line), width=line.widths[-1], scale=self._side / UNITS)

    def _add(self, piece: Points, *, width: float, erasing: bool) -> QRectF:
        if self._image is None:
            return QRectF()
        painter = QPainter(self._image)
        ready_pen(painter, self._colour, erasing=erasing)
        touched = paint_piece(painter, piece, width=width, scale=self._side / UNITS)
        painter.end()
        return touched


def _end_of(line: Line) -> Points:
    return [middle(*line.points[-2:]), line.points[-1]]
