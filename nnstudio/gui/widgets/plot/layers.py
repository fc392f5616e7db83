"""A whole plot on a painter, and the same from kept pictures of what the next steps cannot change.

On the screen a frame is three pictures and the newest points: under the grid, under the circles,
above all; each is painted anew only when axes, size, theme or something in it changes.
"""

from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion

from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.plot.frame import Frame, generation
from nnstudio.gui.widgets.plot.lines import paint_line, paint_stretch
from nnstudio.gui.widgets.plot.marks import (
    paint_axes,
    paint_bands,
    paint_edges,
    paint_grid,
    paint_marks,
    paint_readout,
)
from nnstudio.gui.widgets.plot.scene import Line, Readout

# So many points are painted live before they go into a picture: each time leaves a joint.
STRETCH: Final = 16
# And so many columns of a band: to paint two of them costs hardly less than to paint ten.
COLUMNS: Final = 10
# How far a line and its joints reach beyond its points, and how wide words at the edge may be.
ROOM_PX: Final = 6
WORDS_PX: Final = 120
CORNER: Final = QPointF(0, 0)


def paint_plot(painter: QPainter, frame: Frame, readout: Readout | None) -> None:
    """Paint all of a plot but its legend, as shapes."""
    paint_axes(painter, frame)
    _clip(painter, frame)
    paint_bands(painter, frame)
    paint_grid(painter, frame)
    for line in frame.scene.lines:
        paint_line(painter, frame, line)
    painter.setClipping(False)
    paint_marks(painter, frame)
    paint_edges(painter, frame)
    if readout is not None:
        paint_readout(painter, frame, readout)


@dataclass(eq=False)
class _Layer:
    """A kept picture: what it shows, and how much of what grows it holds already."""

    picture: QPixmap
    shows: object = None
    done: int = 0

    def renew(self, frame: Frame, shows: object, *, opaque: bool = False) -> None:
        """Make an empty picture that is to show something else."""
        wanted = (frame.size * frame.ratio).toSize()
        if self.picture.size() != wanted:
            self.picture = QPixmap(wanted)
        self.picture.setDevicePixelRatio(frame.ratio)
        # Without transparency it is copied, which is quicker.
        self.picture.fill(theme().panel if opaque else Qt.GlobalColor.transparent)
        self.shows, self.done = shows, 0


class Layers:
    """Paints the frames of one plot; knows what its kept pictures show."""

    def __init__(self) -> None:
        self._ground = _Layer(QPixmap())
        self._curves = _Layer(QPixmap())
        self._marks = _Layer(QPixmap())

    def paint(
        self, painter: QPainter, frame: Frame, readout: Readout | None, *, part: QRegion
    ) -> None:
        """Paint `part` of a plot, but not its legend, as `paint_plot` does."""
        scene = frame.scene
        at = next((n for n, line in enumerate(scene.lines) if line.origin), len(scene.lines))
        growing = scene.lines[at] if at < len(scene.lines) else None
        place = (
            frame.size,
            frame.ratio,
            generation(),
            scene.x,
            scene.y,
            scene.x_unit,
            scene.y_unit,
            scene.levels,
        )
        self._ground_of(frame, place)
        self._curves_of(frame, (*place, scene.flags), scene.lines[:at], growing)
        self._marks_of(frame, (*place, scene.flags), scene.lines[at + 1 :])
        painter.drawPixmap(CORNER, self._ground.picture)
        _clip(painter, frame)
        paint_bands(painter, frame, start=self._ground.done)
        painter.setClipping(False)
        painter.drawPixmap(CORNER, self._curves.picture)
        if growing is not None:
            _clip(painter, frame)
            paint_line(painter, frame, growing, start=max(self._curves.done - 1, 0))
            painter.setClipping(False)
        painter.drawPixmap(CORNER, self._marks.picture)
        if (scene.below or scene.above) and part.intersects(_edges(frame)):
            paint_edges(painter, frame)
        if readout is not None:
            paint_readout(painter, frame, readout)

    def _ground_of(self, frame: Frame, place: tuple[object, ...]) -> None:
        """Keep what lies under the grid: axes, and the columns that are full."""
        band, layer = next(iter(frame.scene.bands), None), self._ground
        origin = None if band is None else (band.origin, band.colour.rgba())
        shows = (*place, origin)
        if layer.shows != shows:
            layer.renew(frame, shows, opaque=True)
            painter = QPainter(layer.picture)
            paint_axes(painter, frame)
            painter.end()
        if band is not None and band.settled >= layer.done + COLUMNS:
            painter = QPainter(layer.picture)
            _clip(painter, frame)
            paint_bands(painter, frame, start=layer.done, stop=band.settled)
            painter.end()
            layer.done = band.settled

    def _curves_of(
        self,
        frame: Frame,
        place: tuple[object, ...],
        still: tuple[Line, ...],
        growing: Line | None,
    ) -> None:
        """Keep what lies under the circles: grid, earlier runs, the settled part of the line."""
        layer = self._curves
        origin = None if growing is None else (growing.origin, growing.colour.rgba())
        shows = (*place, still, origin)
        if layer.shows != shows:
            layer.renew(frame, shows)
            painter = QPainter(layer.picture)
            _clip(painter, frame)
            paint_grid(painter, frame)
            for line in still:
                paint_line(painter, frame, line)
            painter.end()
        if growing is not None and growing.settled >= layer.done + STRETCH:
            painter = QPainter(layer.picture)
            _clip(painter, frame)
            paint_stretch(painter, frame, growing, max(layer.done - 1, 0), growing.settled)
            painter.end()
            layer.done = growing.settled

    def _marks_of(
        self,
        frame: Frame,
        place: tuple[object, ...],
        still: tuple[Line, ...],
    ) -> None:
        """Keep what lies above the line: validations, words, the best value."""
        shows = (*place, still, frame.scene.dots)
        if self._marks.shows != shows:
            self._marks.renew(frame, shows)
            painter = QPainter(self._marks.picture)
            _clip(painter, frame)
            for line in still:
                paint_line(painter, frame, line)
            painter.setClipping(False)
            paint_marks(painter, frame)
            painter.end()


def changed_part(old: Frame, new: Frame) -> QRegion | None:
    """Give where `new` differs from `old` of the same size; None where that may be anywhere.

    Between most frames only the newest columns differ: to paint all pixels again takes longer
    than to paint these.
    """
    was, now = old.scene, new.scene
    still = (was.x, was.y, was.flags, was.levels, was.dots)
    if still != (now.x, now.y, now.flags, now.levels, now.dots):
        return None
    if len(was.lines) != len(now.lines) or len(was.bands) != len(now.bands) or was.title:
        return None
    ends: list[float] = []
    for before, line in zip(was.lines, now.lines, strict=True):
        if before is line:
            continue
        if line.origin is None or before.origin != line.origin or before.settled < 1:
            return None
        ends += line.x[before.settled - 1], line.x[-1], before.x[-1]
    for past, band in zip(was.bands, now.bands, strict=True):
        if past.origin is not band.origin or past.colour != band.colour:
            return None
        ends += band.edges[past.settled], band.edges[-1], past.edges[-1]
    part = QRegion()
    if ends:
        places = new.x(np.array(ends)).tolist()
        left, right = floor(min(places)) - ROOM_PX, ceil(max(places)) + ROOM_PX
        part = QRegion(left, 0, right - left, ceil(new.size.height()))
    if (was.below, was.above) != (now.below, now.above):
        part += _edges(new)
    return part


def _edges(frame: Frame) -> QRegion:
    words = frame.area.adjusted(frame.area.width() - WORDS_PX, 0, ROOM_PX, 0).toAlignedRect()
    above = QRegion(words.left(), words.top(), words.width(), 20)
    return above + QRegion(words.left(), words.bottom() - 20, words.width(), 24)


def _clip(painter: QPainter, frame: Frame) -> None:
    """Leave a little more than the area, so that a line on its edge is not cut in half."""
    painter.setClipRect(frame.area.adjusted(-5, -5, 5, 1))
