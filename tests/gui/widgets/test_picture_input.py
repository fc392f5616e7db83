"""Any picture a person has becomes grey values, none of them fills the memory."""

from pathlib import Path
from zlib import compress, crc32

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from nnstudio.data.pictures import read_grey
from nnstudio.errors import NnstudioError
from nnstudio.gui.widgets.picture_input import (
    LARGEST_SIDE,
    grey_of_file,
    grey_of_image,
    grey_of_mime,
    holds_picture,
)


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Painting needs the application."""


def image_of(width: int, height: int, colour: QColor | Qt.GlobalColor) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(colour)
    return image


def test_a_width_that_is_no_multiple_of_four_keeps_its_rows() -> None:
    image = image_of(5, 3, Qt.GlobalColor.black)
    image.setPixelColor(4, 2, Qt.GlobalColor.white)
    grey = grey_of_image(image)
    assert grey.shape == (3, 5)
    assert np.argwhere(grey == 255).tolist() == [[2, 4]]


def test_what_is_transparent_is_white_paper() -> None:
    assert grey_of_image(image_of(4, 4, Qt.GlobalColor.transparent)).min() == 255


def test_a_large_picture_is_shrunk_with_its_aspect_kept(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    image = image_of(3000, 1500, Qt.GlobalColor.white)
    image.save(str(path))
    assert grey_of_file(path).shape == (LARGEST_SIDE // 2, LARGEST_SIDE)
    assert grey_of_image(image).shape == (LARGEST_SIDE // 2, LARGEST_SIDE)


def test_a_file_is_read_as_the_command_line_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "some.png"
    image_of(7, 5, QColor(10, 200, 30, 128)).save(str(path))
    np.testing.assert_array_equal(grey_of_file(path), read_grey(path))


def test_a_gigantic_picture_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gigantic.png"
    head = b"IHDR" + (20_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    blocks = [
        len(part[4:]).to_bytes(4, "big") + part + crc32(part).to_bytes(4, "big")
        for part in (head, b"IDAT" + compress(bytes(100)))
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(blocks))
    with pytest.raises(NnstudioError, match="has more than 64000000 pixels"):
        grey_of_file(path)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NnstudioError, match=r"There is no file .*gone\.png"):
        grey_of_file(tmp_path / "gone.png")


def test_a_model_file_is_not_taken_for_a_picture(tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "model.safetensors"))])
    assert not holds_picture(mime)
    assert grey_of_mime(mime) is None


def test_an_address_of_the_web_is_not_fetched() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/digit.png")])
    assert not holds_picture(mime)
