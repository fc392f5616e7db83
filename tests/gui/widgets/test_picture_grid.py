"""Pictures in a grid: how many fit, what is under the pointer, and which keys turn pages."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import theme
from nnstudio.gui.widgets.picture_grid import SIDE_PX, WORDS_PX, PictureGrid, place_of


@pytest.fixture
def grid(qtbot: QtBot) -> PictureGrid:
    made = PictureGrid()
    qtbot.addWidget(made)
    made.resize(400, 160)
    return made


@pytest.mark.parametrize("shape", [(28, 28), (8, 8), (1, 40), (200, 100), (56, 56)])
@pytest.mark.parametrize("paired", [False, True])
def test_what_fits_lies_within_the_room(shape: tuple[int, int], *, paired: bool) -> None:
    room = QSize(400, 160)
    place = place_of(room, shape, paired=paired)
    across = place.picture.width() * (2 if paired else 1)
    assert (place.columns - 1) * place.cell.width() + across <= room.width() + 2
    assert place.rows * place.cell.height() <= room.height()
    assert max(place.picture.width(), place.picture.height()) <= SIDE_PX * 1.5


def test_small_pictures_are_drawn_in_whole_pixels() -> None:
    place = place_of(QSize(400, 160), (28, 28), paired=False)
    assert place.picture == QSize(56, 56)
    assert place_of(QSize(400, 160), (8, 8), paired=False).picture == QSize(56, 56)


def test_there_is_room_for_one_even_where_there_is_none() -> None:
    place = place_of(QSize(10, 10), (28, 28), paired=True)
    assert (place.columns, place.rows) == (1, 1)


def test_ink_is_where_the_values_are_high(grid: PictureGrid) -> None:
    pictures = np.zeros((2, 28, 28), np.uint8)
    pictures[1] = 255
    grid.show_pictures(pictures, ("empty", "full"))
    shot = grid.grab().toImage()
    step = place_of(grid.size(), (28, 28), paired=False).cell.width()
    assert shot.pixelColor(28, 28) == theme().paper
    assert shot.pixelColor(step + 28, 28) == theme().ink


def test_the_other_version_stands_at_the_right(grid: PictureGrid) -> None:
    dark = np.full((1, 28, 28), 255, np.uint8)
    grid.show_pictures(np.zeros_like(dark), ("a",), beside=dark)
    shot = grid.grab().toImage()
    assert shot.pixelColor(28, 28) == theme().paper
    assert shot.pixelColor(28 + 58, 28) == theme().ink


def test_keys_wish_for_the_pages_beside(grid: PictureGrid) -> None:
    heard: list[int] = []
    grid.page_wished.connect(heard.append)
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)
    assert heard == [1, 1, -1, -1]


def test_what_is_under_the_pointer_is_known(grid: PictureGrid) -> None:
    grid.show_pictures(np.zeros((3, 28, 28), np.uint8), ("a", "b", "c"))
    step = place_of(grid.size(), (28, 28), paired=False).cell.width()
    assert grid._at(QPoint(step + 5, 5)) == 1
    assert grid._at(QPoint(5, SIDE_PX + WORDS_PX + 20)) is None


@pytest.fixture
def pickable(qtbot: QtBot) -> PictureGrid:
    made = PictureGrid(pickable=True)
    qtbot.addWidget(made)
    made.resize(400, 160)
    made.show_pictures(np.zeros((3, 28, 28), np.uint8), ("a", "b", "c"), tips=("A", "B", "C"))
    return made


def test_a_click_tells_the_picture_where_they_can_be_picked(
    pickable: PictureGrid, qtbot: QtBot
) -> None:
    second = QPoint(pickable._place().cell.width() + 5, 5)
    with qtbot.waitSignal(pickable.picked) as told:
        QTest.mouseClick(pickable, Qt.MouseButton.LeftButton, pos=second)
    assert told.args == [1]
    assert pickable.accessibleDescription() == "B"


def test_arrows_mark_pictures_and_turn_the_page_behind_the_last(
    pickable: PictureGrid, qtbot: QtBot
) -> None:
    for _ in range(3):
        QTest.keyClick(pickable, Qt.Key.Key_Right)
    assert pickable.marked == 2
    with qtbot.waitSignal(pickable.page_wished) as told:
        QTest.keyClick(pickable, Qt.Key.Key_Right)
    assert told.args == [1]
    pickable.show_pictures(np.zeros((1, 28, 28), np.uint8), ("a",))
    assert pickable.marked == 0


def test_pictures_that_cannot_be_picked_tell_nothing(grid: PictureGrid) -> None:
    grid.show_pictures(np.zeros((3, 28, 28), np.uint8), ("a", "b", "c"))
    told: list[int] = []
    grid.picked.connect(told.append)
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert told == []
    assert grid.marked is None


def test_words_of_two_lines_need_more_room(pickable: PictureGrid) -> None:
    one = pickable.capacity
    pickable.resize(400, 230)
    tall = pickable.capacity
    pickable.set_form((28, 28), paired=False, lines=2)
    assert pickable.capacity < tall
    assert one <= tall
    pickable.show_pictures(np.zeros((1, 28, 28), np.uint8), ("4 → 9\n98 %",))
    assert not pickable.grab().isNull()


def test_the_frame_of_the_focus_cuts_no_picture(grid: PictureGrid, qtbot: QtBot) -> None:
    grid.show_pictures(np.full((4, 8, 8), 255, np.uint8), ("a",) * 4)
    grid.show()
    calm = grid.grab().toImage()
    grid.setFocus()
    qtbot.waitUntil(grid.hasFocus, timeout=1000)
    framed = grid.grab().toImage()
    assert framed.pixel(0, 100) != calm.pixel(0, 100)
    inner = calm.rect().adjusted(1, 1, -1, -1)
    assert framed.copy(inner) == calm.copy(inner)
