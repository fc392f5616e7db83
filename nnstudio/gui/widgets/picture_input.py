"""Pictures that a person drops, pastes or opens, as grey values; a huge one never fills memory."""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from nnstudio.gui.widgets.drawing import InkPicture, ink_of_picture

LARGEST_SIDE: Final = 1024  # pixels, as of a picture from a file
_ICON_SIDE: Final = 64  # pixels; what is smaller is a picture out of a data set, not a photo
_ENDINGS: Final = frozenset(
    bytes(ending.data()).decode() for ending in QImageReader.supportedImageFormats()
)


def holds_picture(mime: QMimeData | None) -> bool:
    """Tell whether what is dragged or copied may be a picture; an empty clipboard is None."""
    return mime is not None and (mime.hasImage() or _picture_path(mime) is not None)


def _picture_path(mime: QMimeData) -> Path | None:
    for url in mime.urls():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and path.suffix.lower().removeprefix(".") in _ENDINGS:
            return path
    return None


def grey_of_mime(mime: QMimeData | None) -> NDArray[np.uint8] | None:
    """Give the grey values of a dragged or copied picture; None when there is none in it.

    Raises
    ------
    NnstudioError
        When it is named as a picture but cannot be read as one.
    """
    if mime is None:
        return None
    path = _picture_path(mime)
    if path is not None:
        return grey_of_file(path)
    image = mime.imageData()
    return grey_of_image(image) if isinstance(image, QImage) and not image.isNull() else None


def grey_of_file(path: Path) -> NDArray[np.uint8]:
    """Give the grey values (H, W) of a picture file, as the command line reads it.

    Raises
    ------
    NnstudioError
        When it is too large or cannot be read.
    """
    from nnstudio.data.pictures import read_grey  # noqa: PLC0415 - Pillow is not needed to start

    return read_grey(path)


def grey_of_image(image: QImage) -> NDArray[np.uint8]:
    """Give the grey values (H, W) of an image; what is transparent counts as white paper."""
    if max(image.width(), image.height()) > LARGEST_SIDE:
        room = QSize(LARGEST_SIDE, LARGEST_SIDE)
        image = image.scaled(
            room,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    flat = QImage(image.size(), QImage.Format.Format_RGB32)
    flat.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(flat)
    image.setDevicePixelRatio(1)
    painter.drawImage(0, 0, image)
    painter.end()
    grey = flat.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(grey.constBits(), dtype=np.uint8).reshape(grey.height(), -1)
    return rows[:, : grey.width()].copy()  # the pixels go with the image


def picture_of(grey: NDArray[np.uint8]) -> InkPicture:
    """Give what lies on the canvas for a picture: of a photo the cleaned ink, and how it was read.

    A photo on which nothing was found gives no ink.
    """
    if max(grey.shape) <= _ICON_SIDE:
        return InkPicture(ink_of_picture(grey))
    from nnstudio.data.photo import read_photo  # noqa: PLC0415 - photos are not needed to start

    photo = read_photo(grey)
    ink = photo.stages[-2].picture if photo.results else np.zeros_like(photo.stages[0].picture)
    return InkPicture(ink, photo=photo)
