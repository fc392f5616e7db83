"""What is drawn on a canvas, as strokes and pictures in canvas units; painting it at any size.

Strokes are kept, not pixels, so a drawing stays sharp when the window grows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

if TYPE_CHECKING:
    from nnstudio.data.photo import PhotoStages

UNITS: Final = 192.0  # side of the canvas, whatever its size on the screen


@dataclass(frozen=True, eq=False)
class PenStroke:
    """One line of the pen in canvas units; `widths` is the width of the pen at each point.

    An `erasing` stroke takes ink away.
    """

    points: NDArray[np.float64]
    widths: NDArray[np.float64]
    erasing: bool = False


@dataclass(frozen=True, eq=False)
class InkPicture:
    """A picture laid on the canvas: `ink` (H, W) uint8, 255 is full ink.

    `exact` says that these very pixels are meant, as of a sample out of the data; `caption` says
    what it is; `photo` is how it was read where it was a photo.
    """

    ink: NDArray[np.uint8]
    exact: bool = False
    caption: str = ""
    photo: "PhotoStages | None" = None


Item = PenStroke | InkPicture


def ink_of_picture(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Give the ink (H, W) of a grey picture; the lighter ground of paper becomes no ink."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = float(np.median(border))
    values = (grey.astype(np.float32) - ground) * (-1.0 if ground > 127.5 else 1.0)
    strongest = float(values.max())
    if strongest < 16:  # paper and sensor differ by that much without any ink
        return np.zeros_like(grey)
    ink: NDArray[np.uint8] = np.rint(255 * np.clip(values / strongest, 0, 1)).astype(np.uint8)
    return ink


def paint_piece(
    painter: QPainter, points: Sequence[tuple[float, float]], *, width: float, scale: float
) -> QRectF:
    """Paint one piece of a stroke, of one, two or three points, and give the touched rectangle.

    Three points are the curve from the middle of the first two to the middle of the last two, so
    that pieces join smoothly.
    """
    placed = [QPointF(x * scale, y * scale) for x, y in points]
    pen = painter.pen()
    pen.setWidthF(width * scale)
    painter.setPen(pen)
    if len(placed) == 1:
        painter.drawPoint(placed[0])
    elif len(placed) == 2:
        painter.drawLine(placed[0], placed[1])
    else:
        path = QPainterPath((placed[0] + placed[1]) / 2)
        path.quadTo(placed[1], (placed[1] + placed[2]) / 2)
        painter.drawPath(path)
    half = width * scale / 2 + 2
    xs, ys = [one.x() for one in placed], [one.y() for one in placed]
    left, top = min(xs) - half, min(ys) - half
    return QRectF(left, top, max(xs) + half - left, max(ys) + half - top)


def middle(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Give the point halfway between two."""
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def ready_pen(painter: QPainter, colour: QColor, *, erasing: bool) -> None:
    """Prepare `painter` for strokes: round, anti-aliased, adding ink or taking it away."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    mode = QPainter.CompositionMode
    painter.setCompositionMode(
        mode.CompositionMode_DestinationOut if erasing else mode.CompositionMode_SourceOver
    )
    ends, joins = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(colour, 1, Qt.PenStyle.SolidLine, ends, joins))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_items(image: QImage, items: Sequence[Item], *, colour: QColor, side: float) -> None:
    """Paint a whole drawing onto `image`, whose canvas has `side` device pixels."""
    painter = QPainter(image)
    for item in items:
        if isinstance(item, InkPicture):
            _paint_picture(painter, item, colour=colour, side=side)
        else:
            _paint_stroke(painter, item, colour=colour, scale=side / UNITS)
    painter.end()


def _paint_stroke(painter: QPainter, stroke: PenStroke, *, colour: QColor, scale: float) -> None:
    ready_pen(painter, colour, erasing=stroke.erasing)
    points = [(float(x), float(y)) for x, y in stroke.points]
    widths = stroke.widths.tolist()
    paint_piece(painter, points[:1], width=widths[0], scale=scale)
    if len(points) == 1:
        return
    first, last = [points[0], middle(points[0], points[1])], [middle(*points[-2:]), points[-1]]
    paint_piece(painter, first, width=widths[0], scale=scale)
    for at in range(len(points) - 2):
        paint_piece(painter, points[at : at + 3], width=widths[at + 1], scale=scale)
    paint_piece(painter, last, width=widths[-1], scale=scale)


def _paint_picture(painter: QPainter, picture: InkPicture, *, colour: QColor, side: float) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    height, width = picture.ink.shape
    scale = side / max(height, width)
    box = QRectF(0, 0, width * scale, height * scale)
    box.moveCenter(QPointF(side / 2, side / 2))
    painter.drawImage(box, tinted_ink(picture.ink, colour))


def tinted_ink(ink: NDArray[np.uint8], colour: QColor) -> QImage:
    """Give `ink` (H, W) as an image in `colour`, transparent where there is none."""
    alpha = ink.astype(np.uint32)
    packed = alpha << np.uint32(24)
    for shift, part in ((16, colour.red()), (8, colour.green()), (0, colour.blue())):
        packed |= (alpha * np.uint32(part) // np.uint32(255)) << np.uint32(shift)
    height, width = packed.shape
    shared = QImage(
        packed.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied
    )
    return shared.copy()


def ink_of(items: Sequence[Item], *, side: int) -> NDArray[np.uint8]:
    """Give the ink (side, side) of a drawing as pixels, 255 is full ink."""
    return Raster(side).ink(items)


class Raster:
    """The ink of a drawing as pixels (side, side); of one that grows only the end is painted anew.

    Knows the items before the last one, and their image.
    """

    def __init__(self, side: int) -> None:
        self._side = side
        self._known: tuple[Item, ...] = ()
        self._image = self._blank()

    def ink(self, items: Sequence[Item]) -> NDArray[np.uint8]:
        """Give the ink of `items`, 255 is full ink."""
        before = tuple(items[:-1])
        if any(one is not other for one, other in zip(before, self._known, strict=False)) or len(
            before
        ) < len(self._known):
            self._known, self._image = (), self._blank()
        self._paint(self._image, before[len(self._known) :])
        self._known = before
        image = self._image.copy()
        self._paint(image, items[-1:])
        pixels = np.frombuffer(image.constBits(), dtype=np.uint8)
        return pixels.reshape(self._side, self._side, 4)[:, :, 3].copy()  # goes with the image

    def _blank(self) -> QImage:
        image = QImage(self._side, self._side, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        return image

    def _paint(self, image: QImage, items: Sequence[Item]) -> None:
        if items:
            white = QColor(Qt.GlobalColor.white)
            paint_items(image, items, colour=white, side=float(self._side))
