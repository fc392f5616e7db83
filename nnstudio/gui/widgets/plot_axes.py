"""Where things are in a plot, and its axes; what rarely changes here may be kept as a picture."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.widgets.plot_scene import Scene
from nnstudio.gui.widgets.ticks import marks_of

LEGEND_PX: Final = 24
MARGIN_PX: Final = 16
GUTTER_PX: Final = 56
FOOT_PX: Final = 27
# How far outside of the picture a point may be drawn; farther ones confuse the rasteriser.
FAR: Final = 20.0

RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@lru_cache(maxsize=16)
def _typed(generation: int, px: int, weight: int) -> tuple[QFont, QFontMetricsF]:
    made = font(px, weight)
    return made, QFontMetricsF(made)


@lru_cache(maxsize=512)
def _measured(generation: int, words: str, px: int, weight: int) -> float:
    return _typed(generation, px, weight)[1].horizontalAdvance(words)


class _Generation(QObject):
    """Counts changes of theme and language: kept fonts and widths belong to one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        themes.changed.connect(self._next)

    def _next(self) -> None:
        self.number += 1


_generation: Final = _Generation()


def font_of(px: int, weight: int = 400) -> QFont:
    """Give the font of the window, made once for each theme and language."""
    return _typed(_generation.number, px, weight)[0]


def width_of(words: str, px: int, weight: int = 400) -> float:
    """Give the width of words; making fonts and measuring anew took half of a frame."""
    return _measured(_generation.number, words, px, weight)


@dataclass(frozen=True, eq=False)
class Frame:
    """Where things are in a picture: pixels for the values of a scene, and back."""

    scene: Scene
    area: QRectF

    def x(self, values: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Give pixels from the left for values of the x axis."""
        share = np.clip(self.scene.x.share(values), -FAR, FAR)
        return np.asarray(self.area.left() + share * self.area.width())

    def y(self, values: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Give pixels from the top for values of the y axis."""
        share = np.clip(self.scene.y.share(values), -FAR, FAR)
        return np.asarray(self.area.bottom() - share * self.area.height())


def frame_of(scene: Scene, size: QSizeF) -> Frame:
    """Give where the axes of `scene` lie in a picture of `size`."""
    gutter = GUTTER_PX
    labels = marks_of(scene.y, rows_of(size.height()), unit=scene.y_unit)[1]
    widest = max((len(label) for label in labels), default=0)
    if widest > 6:
        gutter += 6 * (widest - 6)
    top = (LEGEND_PX if scene.legend else 0) + 9
    width = max(size.width() - gutter - MARGIN_PX + 2, 16)
    return Frame(scene, QRectF(gutter, top, width, max(size.height() - top - FOOT_PX, 16)))


def rows_of(height: float) -> int:
    """Give how many numbers the y axis has room for."""
    return max(2, round((height - LEGEND_PX - FOOT_PX) / 34))


def paint_axes(painter: QPainter, scene: Scene, size: QSizeF) -> None:
    """Paint what stays while the data grow: numbers, units and the base line."""
    frame, now = frame_of(scene, size), theme()
    area = frame.area
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setFont(font_of(11))
    painter.setPen(now.text3)
    values, labels = marks_of(scene.y, rows_of(size.height()), unit=scene.y_unit)
    for value, label in zip(frame.y(values), labels, strict=True):
        painter.drawText(QRectF(0, round(float(value)) - 8, area.left() - 8, 16), RIGHT, label)
    painter.setPen(QPen(now.border, 1))
    bottom = round(area.bottom())
    painter.drawLine(round(area.left()), bottom, round(area.right()), bottom)
    painter.setPen(now.text3)
    unit = QRectF(0, bottom + 6, area.left() - 8, 16)
    painter.drawText(unit, RIGHT, scene.x_unit)
    _x_labels(painter, frame)


def _x_labels(painter: QPainter, frame: Frame) -> None:
    area = frame.area
    values, labels = marks_of(frame.scene.x, max(2, int(area.width() / 60)))
    free = area.left() + 12
    for value, label in zip(frame.x(values), labels, strict=True):
        width = width_of(label, 11)
        left = min(float(value) - width / 2, area.right() + 8 - width)
        # The corner belongs to the unit; a label that would touch another is left out.
        if left < free - 12 + 4 or (value <= area.left() + 1 and not frame.scene.x.logarithmic):
            continue
        painter.drawText(QRectF(left, area.bottom() + 6, width + 2, 16), LEFT, label)
        free = left + width + 20


def paint_grid(painter: QPainter, frame: Frame, size: QSizeF) -> None:
    """Paint faint lines at round values, over a band too."""
    now, area = theme(), frame.area
    faint = QColor(now.text)
    faint.setAlphaF(0.06 if now.dark else 0.075)
    values, _ = marks_of(frame.scene.y, rows_of(size.height()), unit=frame.scene.y_unit)
    for value in frame.y(values).tolist():
        if value < area.bottom() - 1:
            painter.fillRect(QRect(round(area.left()), round(value), round(area.width()), 1), faint)
