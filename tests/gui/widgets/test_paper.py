"""Paper is light or dark as the theme or as chosen; what was found is framed."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import DARK, LIGHT, Theme, themes
from nnstudio.gui.widgets.paper import Hint, Mark, Paper, colours_of, paint_hint, paint_marks
from nnstudio.gui.widgets.pixel_canvas import PixelCanvas


@pytest.mark.parametrize(("paper", "wanted"), [("theme", LIGHT), ("light", LIGHT), ("dark", DARK)])
def test_the_choice_decides_the_colours(qapp: QApplication, paper: Paper, wanted: Theme) -> None:
    themes.choose("light")
    assert colours_of(paper) == (wanted.paper, wanted.ink)


def test_dark_paper_in_a_light_theme_is_dark(qtbot: QtBot) -> None:
    themes.choose("light")
    canvas = PixelCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(100, 100)
    canvas.set_paper("dark")
    assert canvas.grab().toImage().pixelColor(10, 10) == DARK.paper


def blank() -> QImage:
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(LIGHT.paper)
    return image


@pytest.mark.parametrize("box", [(0.2, 0.3, 0.2, 0.4), (0.0, 0.0, 0.0, 0.0), (0.9, 0.0, 0.1, 1.0)])
def test_a_frame_is_seen_wherever_it_lies(
    qapp: QApplication, box: tuple[float, float, float, float]
) -> None:
    image = blank()
    painter = QPainter(image)
    paint_marks(painter, 100, (Mark(box, "7", chosen=True),))
    painter.end()
    assert image != blank()


def test_words_are_seen_on_either_paper(qapp: QApplication) -> None:
    papers: tuple[Paper, ...] = ("light", "dark")
    for paper in papers:
        image = blank()
        painter = QPainter(image)
        paint_hint(painter, QRectF(image.rect()), Hint("Draw here", "and be read"), paper)
        painter.end()
        assert image != blank()
