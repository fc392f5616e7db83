"""What is hovered, clicked and turned is the tile that is seen there."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import LIGHT, themes
from nnstudio.gui.widgets.image_grid import ImageGrid, TileHit


@pytest.fixture
def grid(qtbot: QtBot) -> ImageGrid:
    themes.choose("light")
    made = ImageGrid()
    qtbot.addWidget(made)
    made.resize(4 * 30 - 2, 2 * 30 - 2)
    made.set_tiles(np.zeros((8, 28, 28)), limit=1.0)
    made.show()
    return made


def colour_at(grid: ImageGrid, x: int, y: int) -> QColor:
    return grid.grab().toImage().pixelColor(x, y)


def test_the_pointer_is_told_tile_row_and_column(qtbot: QtBot, grid: ImageGrid) -> None:
    with qtbot.waitSignal(grid.hovered) as told:
        QTest.mouseMove(grid, QPoint(30 + 5, 30 + 9))
    assert told.args == [TileHit(tile=5, row=9, column=5)]
    with qtbot.waitSignal(grid.hovered) as told:
        QTest.mouseMove(grid, QPoint(29, 29))
    assert told.args == [None]


def test_the_same_pixel_is_told_once(qtbot: QtBot, grid: ImageGrid) -> None:
    QTest.mouseMove(grid, QPoint(5, 5))
    with qtbot.assertNotEmitted(grid.hovered):
        grid._point_at(TileHit(tile=0, row=5, column=5))


def test_a_click_marks_and_a_second_one_unmarks(qtbot: QtBot, grid: ImageGrid) -> None:
    with qtbot.waitSignal(grid.picked) as told:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(35, 5))
    assert told.args == [1]
    assert grid.marked == 1
    with qtbot.waitSignal(grid.picked) as told:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(35, 5))
    assert told.args == [-1]
    assert grid.marked is None


def test_the_marked_tile_is_framed_in_accent(grid: ImageGrid) -> None:
    grid.set_marked(1)
    assert colour_at(grid, 29, 10) == LIGHT.accent


def test_arrows_move_the_mark_and_escape_takes_it_away(qtbot: QtBot, grid: ImageGrid) -> None:
    for key, marked in (
        (Qt.Key.Key_Right, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 5),
        (Qt.Key.Key_Down, 5),
        (Qt.Key.Key_Left, 4),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Escape, None),
    ):
        QTest.keyClick(grid, key)
        assert grid.marked == marked


def test_values_are_seen_in_the_colours_of_the_map(grid: ImageGrid) -> None:
    tiles = np.zeros((8, 28, 28))
    tiles[2] = 1
    tiles[3] = -1
    grid.set_tiles(tiles, limit=1.0)
    assert colour_at(grid, 60 + 14, 14) == LIGHT.plus
    assert colour_at(grid, 90 + 14, 14) == LIGHT.minus
    assert colour_at(grid, 58 + 1, 14) == LIGHT.panel


def test_another_theme_draws_other_colours(grid: ImageGrid) -> None:
    before = colour_at(grid, 14, 14)
    themes.choose("dark")
    after = colour_at(grid, 14, 14)
    themes.choose("light")
    assert before != after


def test_pages_turn_by_key_and_say_so(qtbot: QtBot, grid: ImageGrid) -> None:
    with qtbot.waitSignal(grid.page_changed) as told:
        grid.set_tiles(np.zeros((30, 28, 28)), limit=1.0)
    first, pages = told.args
    assert first == 0
    assert pages > 1
    with qtbot.waitSignal(grid.page_changed) as told:
        QTest.keyClick(grid, Qt.Key.Key_PageDown)
    assert told.args == [1, pages]
    assert grid.shown_tiles.start == len(range(grid.shown_tiles.start))
    grid.set_page(99)
    assert grid.page == pages - 1
    QTest.mouseMove(grid, QPoint(5, 5))


def test_marking_a_tile_turns_to_its_page(grid: ImageGrid) -> None:
    grid.set_tiles(np.zeros((30, 28, 28)), limit=1.0)
    grid.set_marked(29)
    assert 29 in grid.shown_tiles


def test_fewer_tiles_forget_mark_and_page_that_are_gone(grid: ImageGrid) -> None:
    grid.set_tiles(np.zeros((30, 28, 28)), limit=1.0)
    grid.set_marked(29)
    grid.set_tiles(np.zeros((4, 28, 28)), limit=1.0)
    assert grid.marked is None
    assert (grid.page, grid.pages) == (0, 1)


def test_constant_inputs_are_hatched(grid: ImageGrid) -> None:
    plain = grid.grab().toImage()
    mask = np.zeros((28, 28), dtype=np.bool_)
    mask[:, :10] = True
    grid.set_hatching(mask)
    hatched = grid.grab().toImage()
    assert plain != hatched
    assert hatched.pixelColor(20, 14) == plain.pixelColor(20, 14)


def test_nothing_to_show_is_no_error(qtbot: QtBot) -> None:
    empty = ImageGrid()
    qtbot.addWidget(empty)
    empty.resize(200, 100)
    empty.show()
    empty.grab()
    QTest.mouseMove(empty, QPoint(20, 20))
    QTest.keyClick(empty, Qt.Key.Key_Right)
    assert empty.marked is None
    assert empty.pages == 1


def test_the_wheel_turns_pages_only_where_there_are_several(grid: ImageGrid) -> None:
    from tests.gui.widgets.test_log_spin_box import turned

    event = turned(grid, -1)
    QApplication.sendEvent(grid, event)
    assert not event.isAccepted()
    grid.set_tiles(np.zeros((30, 28, 28)), limit=1.0)
    QApplication.sendEvent(grid, turned(grid, -1))
    assert grid.page == 1


def test_a_hovered_tile_costs_no_new_picture(qtbot: QtBot, grid: ImageGrid) -> None:
    grid.grab()
    before = grid._image
    QTest.mouseMove(grid, QPoint(5, 5))
    grid.grab()
    assert before is not None
    assert grid._image is before
