"""The curves of a plot in pixels: antialiased, with gaps, dashes and circles, or a part of one.

Thin lines only: one of 1.5 pixels through 150 points takes 0.8 ms, twice what 1 pixel takes, and
noise at 2 pixels 18 ms.
"""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.plot.frame import Frame
from nnstudio.gui.widgets.plot.scene import Line

CIRCLE_PX: Final = 3.5
# More circles than these are a thick line that hides the curve.
MOST_CIRCLES: Final = 60


def paint_line(painter: QPainter, frame: Frame, line: Line, *, start: int = 0) -> None:
    """Paint a line, from its point `start` on, with its circles."""
    _paint(painter, frame, line, slice(start, None))
    known = np.isfinite(line.y)
    if line.circles or (not start and np.count_nonzero(known) == 1):
        _circles(painter, frame, line)


def paint_stretch(painter: QPainter, frame: Frame, line: Line, start: int, stop: int) -> None:
    """Paint the points from `start` to before `stop` of a line, without circles."""
    _paint(painter, frame, line, slice(start, stop))


def _paint(painter: QPainter, frame: Frame, line: Line, part: slice) -> None:
    x, y = frame.x(line.x[part]), frame.y(line.y[part])
    pen = QPen(line.colour, line.width)
    # Parts of a line that are painted one after the other meet without a gap.
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if line.dashed:
        pen.setDashPattern([4, 3])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    gaps = np.flatnonzero(~(np.isfinite(x) & np.isfinite(y))).tolist()
    begin = 0
    for end in (*gaps, len(x)):
        if end - begin > 1:
            pairs = zip(x[begin:end].tolist(), y[begin:end].tolist(), strict=True)
            painter.drawPolyline(QPolygonF([QPointF(*pair) for pair in pairs]))
        begin = end + 1


def _circles(painter: QPainter, frame: Frame, line: Line) -> None:
    x, y = frame.x(line.x), frame.y(line.y)
    area = frame.area
    inside = np.isfinite(y) & (x >= area.left() - 0.01) & (x <= area.right() + 0.01)
    if not 0 < np.count_nonzero(inside) <= MOST_CIRCLES:
        return
    painter.setPen(QPen(line.colour, 1.4))
    painter.setBrush(theme().panel if line.circles else line.colour)
    radius = CIRCLE_PX + 0.5 if line.circles else 2.0
    for pair in zip(x[inside].tolist(), y[inside].tolist(), strict=True):
        painter.drawEllipse(QPointF(*pair), radius, radius)
