"""What a plot shows beside its curves: axes, band and grid under them, marks and read-out above.

Measured: a band of opaque columns without antialiasing takes 0.2 ms, of translucent ones 3 ms
and as one antialiased path 1.7 ms.
"""

from math import isfinite
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.plot.frame import RIGHT_PX, Frame, font_of, width_of
from nnstudio.gui.widgets.plot.scene import Band, Dot, Flag, Level, Readout, Values
from nnstudio.gui.widgets.plot.ticks import compact, marks_of

DOT_PX: Final = 4.5
LEVEL_PX: Final = 30
EDGE_PX: Final = 8
"""So far from the edge of the picture, and from each other, words stay."""
MORE_COLUMNS: Final = 4
RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter

_ANTIALIASING: Final = QPainter.RenderHint.Antialiasing


def paint_axes(painter: QPainter, frame: Frame) -> None:
    """Paint what is written at the axes, and the baseline."""
    now, area, scene = theme(), frame.area, frame.scene
    painter.setFont(font_of(11))
    painter.setPen(now.text3)
    ticks, labels = y_marks(frame)
    for y, words in zip(frame.y(ticks).tolist(), labels, strict=True):
        painter.drawText(QRectF(0, y - 8, area.left() - 8, 16), RIGHT, words)
    painter.drawText(QRectF(0, area.bottom() + 6, area.left() - 8, 16), RIGHT, scene.x_unit)
    ticks, labels = x_marks(frame)
    # The corner belongs to the unit, and the left end of the x axis with it.
    start = None if scene.x.logarithmic else scene.x.low
    taken = area.left() - 8
    for x, tick, words in zip(frame.x(ticks).tolist(), ticks.tolist(), labels, strict=True):
        width = width_of(words, 11)
        left = min(x - width / 2, area.right() + RIGHT_PX - EDGE_PX - width)
        if tick != start and left > taken:
            box = QRectF(left - 1, area.bottom() + 6, width + 2, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
    painter.fillRect(QRectF(area.left(), area.bottom(), area.width(), 1), now.border)


def x_marks(frame: Frame) -> tuple[Values, list[str]]:
    """Give the ticks of the x axis: two with room for their words, however narrow it is."""
    scale = frame.scene.x
    for count in range(frame.columns, frame.columns + MORE_COLUMNS):
        ticks, labels = marks_of(scale, count)
        told = ticks if scale.logarithmic else ticks[ticks > scale.low]
        if len(told) > 1:
            widest = max(width_of(words, 11) for words in labels)
            fits = float(np.diff(frame.x(ticks)).min()) > widest + EDGE_PX
            if fits:
                return ticks, labels
            break
    return marks_of(scale, frame.columns)


def y_marks(frame: Frame) -> tuple[Values, list[str]]:
    """Give the ticks of the y axis and what is written there; large numbers in few letters."""
    ticks, labels = marks_of(frame.scene.y, frame.rows, unit=frame.scene.y_unit)
    if any(width_of(words, 11) > frame.area.left() - 10 for words in labels):
        labels = [f"{compact(tick)}{frame.scene.y_unit}" for tick in ticks.tolist()]
    return ticks, labels


def paint_bands(
    painter: QPainter, frame: Frame, *, start: int = 0, stop: int | None = None
) -> None:
    """Paint the bands, from column `start` to before `stop`."""
    painter.setRenderHint(_ANTIALIASING, on=False)
    for band in frame.scene.bands:
        columns = slice(start, len(band.low) if stop is None else stop)
        if columns.start < columns.stop:
            _band(painter, frame, band, columns)


def paint_grid(painter: QPainter, frame: Frame) -> None:
    """Paint what lies between band and curves: faint lines at round values, lines of flags."""
    painter.setRenderHint(_ANTIALIASING, on=False)
    _grid(painter, frame)
    for flag in frame.scene.flags:
        _flag_line(painter, frame, flag)
    for level in frame.scene.levels:
        _level(painter, frame, level)


def paint_marks(painter: QPainter, frame: Frame) -> None:
    """Paint what lies above the curves and rarely changes: words of flags, the best value."""
    painter.setRenderHint(_ANTIALIASING)
    taken = _flag_words(painter, frame)
    taken += [_words_of_dot(frame, dot) for dot in frame.scene.dots]
    for level in frame.scene.levels:
        _level_words(painter, frame, level, taken)
    for dot in frame.scene.dots:
        _dot(painter, frame, dot)


def paint_edges(painter: QPainter, frame: Frame) -> None:
    """Say at the edges what lies beyond them, so that nothing is hidden in silence."""
    area = frame.area.adjusted(6, 2, 0, -2)
    for words, place in (
        (frame.scene.below, Qt.AlignmentFlag.AlignBottom),
        (frame.scene.above, Qt.AlignmentFlag.AlignTop),
    ):
        if words:
            painter.setFont(font_of(11))
            painter.setPen(theme().text3)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | place, words)


def _band(painter: QPainter, frame: Frame, band: Band, columns: slice) -> None:
    edges = frame.x(band.edges[columns.start : columns.stop + 1])
    edges = _within(edges, frame.area.left(), frame.area.right())
    low, high = frame.y(np.array((band.low[columns], band.high[columns])))
    # On a logarithmic axis a minimum of 0 has no place: the column goes down to the edge.
    low = np.where(np.isnan(low) & np.isfinite(band.low[columns]), frame.area.bottom(), low)
    # An SVG file knows no clipping, and shows a seam between columns that only touch.
    top, bottom = frame.area.top(), frame.area.bottom()
    seam = 0.4
    outside = (low < top) | (high > bottom)
    low, high = _within(low, top, bottom), _within(high, top, bottom)
    low[outside] = np.nan
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(band.colour)
    painter.drawRects(
        [
            QRectF(left, top, right - left + seam, max(bottom - top, 1.0))
            for left, right, top, bottom in zip(
                edges[:-1].tolist(), edges[1:].tolist(), high.tolist(), low.tolist(), strict=True
            )
            if top == top and bottom == bottom  # noqa: PLR0124 (false for NaN alone; quicker than isnan)
        ]
    )


def _within(pixels: Values, least: float, most: float) -> Values:
    return np.asarray(np.minimum(np.maximum(pixels, least), most))


def _grid(painter: QPainter, frame: Frame) -> None:
    now, area = theme(), frame.area
    faint = QColor(now.text)
    faint.setAlphaF(0.06 if now.dark else 0.075)
    values, _ = marks_of(frame.scene.y, frame.rows, unit=frame.scene.y_unit)
    for value in frame.y(values).tolist():
        if value < area.bottom() - 1:
            line = QRect(round(area.left()), round(value), round(area.width()), 1)
            painter.fillRect(line, faint)


def _flag_line(painter: QPainter, frame: Frame, flag: Flag) -> None:
    pen = QPen(flag.colour, 1)
    pen.setDashPattern([1, 2])
    painter.setRenderHint(_ANTIALIASING, on=False)
    painter.setPen(pen)
    place = float(frame.x(flag.x))
    if not frame.area.left() <= place <= frame.area.right():
        return
    x = round(place)
    painter.drawLine(x, round(frame.area.top()), x, round(frame.area.bottom()))


def _level(painter: QPainter, frame: Frame, level: Level) -> None:
    y = float(frame.y(level.y))
    if not frame.area.top() - 1 <= y <= frame.area.bottom() + 1:
        return
    left, end = frame.area.left() - 6, frame.area.left() + LEVEL_PX
    pen = QPen(level.colour, 2)
    pen.setDashPattern([3, 1.5])
    painter.setPen(pen)
    painter.drawLine(QPointF(left, y), QPointF(end, y))


def _level_words(painter: QPainter, frame: Frame, level: Level, taken: list[QRectF]) -> None:
    """Write what a level is beside its line, on a ground of its own: curves may stay there."""
    y, area = float(frame.y(level.y)), frame.area
    if not area.top() - 1 <= y <= area.bottom() + 1:
        return
    width = width_of(level.text, 11) + 2
    places = [
        QRectF(left, top, width, 14)
        for left in (area.left() + 6, max(area.left() + 6, area.right() - width))
        for top in (y - 18, y + 5)
        if area.top() <= top <= area.bottom() - 14
    ]
    free = [one for one in places if not any(one.intersects(other) for other in taken)]
    if not places:
        return
    box = min(free or places, key=lambda one: covered(frame, one))
    painter.setFont(font_of(11))
    painter.fillRect(box.adjusted(-2, 0, 1, 0), theme().panel)
    painter.setPen(theme().text2)
    painter.drawText(box, LEFT, level.text)


def covered(frame: Frame, box: QRectF) -> int:
    """Give how many points of curves, and numbers of dots, lie under `box`."""
    count = sum(_words_of_dot(frame, dot).intersects(box) for dot in frame.scene.dots)
    for line in frame.scene.lines:
        x, y = frame.x(line.x), frame.y(line.y)
        across = (x >= box.left()) & (x <= box.right())
        count += int((across & (y >= box.top()) & (y <= box.bottom())).sum())
    return count


def _flag_words(painter: QPainter, frame: Frame) -> list[QRectF]:
    """Write beside each flag; the newest first, and where words would meet, a row lower.

    Gives where words stand.
    """
    painter.setFont(font_of(11))
    taken: list[QRectF] = []
    for flag in reversed(frame.scene.flags):
        x, width = float(frame.x(flag.x)), width_of(flag.text, 11)
        if not frame.area.left() <= x <= frame.area.right():
            continue
        left = x + 4 if x + 6 + width <= frame.area.right() + 8 else x - 6 - width
        for row in range(4):
            top = frame.area.top() + 2 + 14 * row
            if frame.scene.words_low:
                top = frame.area.bottom() - 18 - 14 * row
            box = QRectF(left, top, width + 2, 14)
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                # the lines of other flags and the curves stay out of the words
                painter.fillRect(box.adjusted(-2, 0, 1, 0), theme().panel)
                painter.setPen(flag.colour)
                painter.drawText(box, LEFT, flag.text)
                break
    return taken


def _dot(painter: QPainter, frame: Frame, dot: Dot) -> None:
    at = QPointF(float(frame.x(dot.x)), float(frame.y(dot.y)))
    if not _inside(frame, at):
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(dot.colour)
    painter.drawEllipse(at, DOT_PX, DOT_PX)
    painter.setFont(font_of(11, 600))
    painter.setPen(theme().text)
    painter.drawText(_words_of_dot(frame, dot), LEFT, dot.text)


def _words_of_dot(frame: Frame, dot: Dot) -> QRectF:
    """Give where the number of a dot stands: over it, or under it where there is no room."""
    at = QPointF(float(frame.x(dot.x)), float(frame.y(dot.y)))
    width = width_of(dot.text, 11, 600)
    left = min(max(at.x() - width / 2, frame.area.left()), frame.area.right() + 8 - width)
    top = at.y() - 26
    if frame.scene.words_low or top < frame.area.top() - 6:
        top = at.y() + 8
    return QRectF(left, top, width + 2, 16)


def _inside(frame: Frame, at: QPointF) -> bool:
    # A NaN, of what has no place on a logarithmic axis, lies within every rectangle for Qt.
    finite = isfinite(at.x()) and isfinite(at.y())
    return finite and frame.area.adjusted(-4, -4, 4, 4).contains(at)


def paint_readout(painter: QPainter, frame: Frame, readout: Readout) -> None:
    """Paint the hair line, the points on the curves and the table beside it."""
    now, area = theme(), frame.area
    x = float(frame.x(readout.x))
    if not isfinite(x):
        return
    painter.setRenderHint(_ANTIALIASING, on=False)
    painter.setPen(QPen(now.accent if readout.pinned else now.text3, 1))
    painter.drawLine(round(x), round(area.top()), round(x), round(area.bottom()))
    painter.setRenderHint(_ANTIALIASING)
    painter.setPen(QPen(now.panel, 1))
    for left, value, colour in readout.points:
        at = QPointF(float(frame.x(left)), float(frame.y(value)))
        if _inside(frame, at):
            painter.setBrush(colour)
            painter.drawEllipse(at, 4, 4)
    _table(painter, frame, readout, x)


def _table(painter: QPainter, frame: Frame, readout: Readout, x: float) -> None:
    now, area, rows, words = theme(), frame.area, readout.rows, readout.pinned
    widest = max((width_of(name, 11) for name, _ in rows), default=0)
    width = widest + max((width_of(value, 11, 600) for _, value in rows), default=0) + 38
    width = max(width, width_of(words, 11) + 24 if words else 0)
    height = 16 * len(rows) + 12 + (20 if words else 0)
    left = x + 10 if x + 10 + width <= area.right() + 10 else x - 10 - width
    box = QRectF(round(max(left, 4)) + 0.5, round(area.bottom() - height - 12) + 0.5, width, height)
    painter.setPen(QPen(now.border, 1))
    painter.setBrush(now.field)
    painter.drawRoundedRect(box, 4, 4)
    for row, (name, value) in enumerate(rows):
        line = QRectF(box.left() + 12, box.top() + 6 + 16 * row, width - 24, 16)
        painter.setFont(font_of(11))
        painter.setPen(now.text2)
        painter.drawText(line, LEFT, name)
        painter.setFont(font_of(11, 600))
        painter.setPen(now.text)
        painter.drawText(line, RIGHT, value)
    if words:
        line = QRectF(box.left() + 12, box.bottom() - 22, width - 24, 16)
        painter.setFont(font_of(11))
        painter.setPen(now.accent_text)
        painter.drawText(line, LEFT, words)
