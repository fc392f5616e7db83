"""A table of numbers shows what is seen of it, picks cells by pointer and keys, and zooms."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.heat_table import HEAD_PX, HeatTable


@pytest.fixture
def table(qtbot: QtBot) -> HeatTable:
    made = HeatTable()
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    made.show_values(np.arange(12.0).reshape(3, 4), limit=12)
    return made


def test_a_click_picks_the_cell_under_the_pointer(table: HeatTable, qtbot: QtBot) -> None:
    at = QPoint(table._left + table._wide + 5, HEAD_PX + table._tall + 5)
    with qtbot.waitSignal(table.picked) as caught:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert caught.args == [1, 1]
    assert table.cell == (1, 1)
    assert table.accessibleDescription() == "1, 1: 5"
    assert table.cell_at(QPointF(1, 1)) is None


def test_the_arrows_move_within_the_table(table: HeatTable) -> None:
    for key, cell in (
        (Qt.Key.Key_Left, (0, 0)),
        (Qt.Key.Key_Left, (0, 0)),
        (Qt.Key.Key_Down, (1, 0)),
        (Qt.Key.Key_Right, (1, 1)),
        (Qt.Key.Key_Up, (0, 1)),
    ):
        QTest.keyClick(table, key)
        assert table.cell == cell


def test_a_wrapped_list_has_no_cells_behind_its_end(table: HeatTable) -> None:
    table.show_values(np.zeros((2, 4)), limit=1, count=6)
    table.set_cell((1, 1))
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert table.cell == (1, 1)


def test_another_shape_lets_go_of_the_cell(table: HeatTable) -> None:
    table.set_cell((2, 3))
    table.show_values(np.ones((3, 4)), limit=1)
    assert table.cell == (2, 3)
    table.show_values(np.ones((2, 2)), limit=1)
    assert table.cell is None


def test_a_picked_cell_is_brought_into_view(table: HeatTable) -> None:
    table.show_values(np.ones((500, 300)), limit=1)
    table.set_cell((499, 299))
    rows, columns = table._seen()
    assert 499 in rows
    assert 299 in columns


def test_small_cells_show_colours_alone_and_numbers_that_are_none_an_error(
    table: HeatTable,
) -> None:
    table.show_values(np.array([[np.nan, 1.0]]), limit=1)
    with_numbers = table.grab().toImage()
    QTest.keyClick(table, Qt.Key.Key_Minus)
    QTest.keyClick(table, Qt.Key.Key_Minus)
    QTest.keyClick(table, Qt.Key.Key_Minus)
    assert table.grab().toImage() != with_numbers
    QTest.keyClick(table, Qt.Key.Key_Plus)
    assert table.words_of(0, 1) == "0, 1: 1"
