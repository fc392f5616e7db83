"""A drawing is the same at every size, and erasing takes ink away."""

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from nnstudio.gui.widgets.drawing import (
    InkPicture,
    PenStroke,
    Raster,
    ink_of,
    ink_of_picture,
    tinted_ink,
)


def stroke(*points: tuple[float, float], width: float = 15, erasing: bool = False) -> PenStroke:
    return PenStroke(np.array(points, dtype=float), np.full(len(points), width), erasing)


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Painting needs the application."""


def test_nothing_drawn_is_no_ink() -> None:
    assert not ink_of((), side=28).any()


def test_a_tap_is_a_round_dot() -> None:
    ink = ink_of((stroke((96, 96), width=40),), side=192)
    assert ink[96, 96] == 255
    assert ink[96, 96 - 18] == 255
    assert ink[96 - 18, 96 - 18] == 0
    assert int((ink > 127).sum()) == pytest.approx(np.pi * 20**2, rel=0.03)


def test_a_line_is_as_wide_as_the_pen_with_round_ends() -> None:
    ink = ink_of((stroke((50, 96), (140, 96)),), side=192)
    assert int((ink[:, 96] > 127).sum()) in {14, 15, 16}
    assert ink[96, 50 - 6] == 255
    assert ink[96, 50 - 9] == 0


def test_a_drawing_scales_with_the_paper() -> None:
    drawn = (stroke((30, 40), (90, 150), (160, 60)),)
    small, large = ink_of(drawn, side=96), ink_of(drawn, side=192)
    averaged = large.reshape(96, 2, 96, 2).mean(axis=(1, 3))
    assert np.abs(averaged - small).mean() < 1.5


def test_a_stroke_passes_smoothly_between_its_points() -> None:
    ink = ink_of((stroke((40, 140), (96, 40), (150, 140), width=10),), side=192)
    assert ink[140, 40] == 255
    assert ink[140, 150] == 255
    assert ink[43, 96] == 0


def test_an_erasing_stroke_takes_ink_away_and_leaves_the_rest() -> None:
    line = stroke((20, 96), (170, 96))
    rubber = stroke((96, 60), (96, 130), width=30, erasing=True)
    ink = ink_of((line, rubber), side=192)
    assert ink[96, 96] == 0
    assert ink[96, 30] == 255


def test_what_is_drawn_after_erasing_stays() -> None:
    rubber = stroke((96, 96), width=80, erasing=True)
    assert ink_of((rubber, stroke((96, 96))), side=192)[96, 96] == 255


def test_a_picture_fills_the_paper_with_its_aspect_kept() -> None:
    ink = ink_of((InkPicture(np.full((10, 20), 255, np.uint8)),), side=100)
    assert ink[50].min() == 255
    assert ink[20].max() == 0


def test_paper_becomes_no_ink_whichever_is_lighter() -> None:
    dark_on_light = np.full((20, 20), 230, np.uint8)
    dark_on_light[8:12, 8:12] = 30
    light_on_dark = 255 - dark_on_light
    for grey in (dark_on_light, light_on_dark):
        ink = ink_of_picture(grey)
        assert ink[10, 10] == 255
        assert ink[0, 0] == 0


def test_blank_paper_has_no_ink() -> None:
    noisy = np.full((20, 20), 200, np.uint8)
    noisy[5, 5] = 195
    assert not ink_of_picture(noisy).any()


def test_ink_takes_the_colour_of_the_theme() -> None:
    image = tinted_ink(np.array([[255, 0]], np.uint8), QColor("#1A1D23"))
    assert image.pixelColor(0, 0) == QColor("#1A1D23")
    assert image.pixelColor(1, 0).alpha() == 0


def test_a_raster_that_knows_most_of_a_drawing_gives_the_same_ink(qapp: QApplication) -> None:
    rng = np.random.default_rng(0)
    strokes = [
        PenStroke(rng.uniform(20, 170, (6, 2)), np.full(6, 12.0), erasing=at % 3 == 2)
        for at in range(6)
    ]
    raster = Raster(70)
    grown = [strokes[:at] for at in range(7)]
    other_order = [strokes[::-1], strokes[:2], [], strokes[3:]]
    for items in (*grown, *other_order):
        np.testing.assert_array_equal(raster.ink(items), ink_of(items, side=70))
