"""Where things are in a plot, in pixels; fonts and widths of words, kept for each theme."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from nnstudio.gui.theme import font, themes
from nnstudio.gui.widgets.plot.scene import Scene

TOP_PX: Final = 9
GUTTER_PX: Final = 56
FOOT_PX: Final = 27
RIGHT_PX: Final = 14
# How far outside of the picture a point may be drawn; farther ones confuse the rasteriser.
FAR: Final = 20.0


@lru_cache(maxsize=16)
def _typed(_generation: int, px: int, weight: int) -> tuple[QFont, QFontMetricsF]:
    made = font(px, weight)
    return made, QFontMetricsF(made)


@lru_cache(maxsize=512)
def _measured(_generation: int, words: str, px: int, weight: int) -> float:
    return _typed(_generation, px, weight)[1].horizontalAdvance(words)


class _Generation(QObject):
    """Counts changes of theme and language: kept fonts and widths belong to one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        themes.changed.connect(self._next)

    def _next(self) -> None:
        self.number += 1


_now: Final = _Generation()


def generation() -> int:
    """Give a number that is another one after each change of theme or language."""
    return _now.number


def font_of(px: int, weight: int = 400) -> QFont:
    """Give the font of the window, made once for each theme and language."""
    return _typed(_now.number, px, weight)[0]


def width_of(words: str, px: int, weight: int = 400) -> float:
    """Give the width of words; making fonts and measuring anew took half of a frame."""
    return _measured(_now.number, words, px, weight)


@dataclass(frozen=True, eq=False)
class Frame:
    """The area of the curves in a picture, and where values stand in it."""

    scene: Scene
    area: QRectF
    size: QSizeF
    ratio: float

    @classmethod
    def of(cls, scene: Scene, size: QSizeF, *, ratio: float = 1.0) -> "Frame":
        """Give the frame of a plot without its legend in a picture of `size`.

        `ratio` is how many pixels of the picture there are for each of the screen.
        """
        width = max(size.width() - GUTTER_PX - RIGHT_PX, 16)
        height = max(size.height() - TOP_PX - FOOT_PX, 16)
        return cls(scene, QRectF(GUTTER_PX, TOP_PX, width, height), size, ratio)

    @property
    def rows(self) -> int:
        """How many numbers the y axis has room for."""
        return max(2, round(self.area.height() / 34))

    @property
    def columns(self) -> int:
        """How many numbers the x axis has room for."""
        return max(2, int(self.area.width() / 60))

    def x(self, values: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Give pixels from the left for values of the x axis."""
        low, high = self.scene.x.ends
        slope = self.area.width() / (high - low)
        pixels = (self.scene.x.place(values) - low) * slope + self.area.left()
        return _near(pixels, self.area.width())

    def y(self, values: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Give pixels from the top for values of the y axis."""
        low, high = self.scene.y.ends
        slope = self.area.height() / (low - high)
        pixels = (self.scene.y.place(values) - low) * slope + self.area.bottom()
        return _near(pixels, self.area.height())


def _near(pixels: NDArray[np.float64], length: float) -> NDArray[np.float64]:
    # Two of these take a third of the time of one `clip`.
    return np.asarray(np.minimum(np.maximum(pixels, -FAR * length), FAR * length))
