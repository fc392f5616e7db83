"""Grey values as ink on paper, in the colours of the theme: 0 is paper, 255 full ink."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from nnstudio.gui.theme import theme


def inked(pixels: NDArray[np.uint8]) -> QImage:
    """Give `pixels` (H, W) as an image that keeps no hold of them."""
    shades = np.linspace(0, 1, 256)[:, None]
    paper, ink = (_channels(colour) for colour in (theme().paper, theme().ink))
    table = np.rint(paper + shades * (ink - paper)).astype(np.uint8)
    painted = np.ascontiguousarray(table[pixels])
    height, width = pixels.shape
    form = QImage.Format.Format_RGB888
    # a copy: the image would not keep the array alive
    return QImage(painted.data, width, height, 3 * width, form).copy()


def _channels(colour: Any) -> NDArray[np.float64]:
    return np.array([colour.red(), colour.green(), colour.blue()], dtype=np.float64)
