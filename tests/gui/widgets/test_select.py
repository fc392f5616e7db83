"""A choice is told when a person makes it, and only then."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.select import Select

ITEMS = [("sgd", "SGD"), ("adam", "Adam")]


def test_choosing_by_program_tells_nobody(qtbot: QtBot) -> None:
    select = Select(ITEMS)
    qtbot.addWidget(select)
    with qtbot.assertNotEmitted(select.chosen):
        select.choose("adam")
    assert select.key == "adam"


def test_a_choice_by_keyboard_is_told(qtbot: QtBot) -> None:
    select = Select(ITEMS)
    qtbot.addWidget(select)
    with qtbot.waitSignal(select.chosen) as told:
        QTest.keyClick(select, Qt.Key.Key_Down)
    assert told.args == ["adam"]


def test_other_items_keep_the_choice_that_is_still_there(qtbot: QtBot) -> None:
    select = Select(ITEMS)
    qtbot.addWidget(select)
    select.choose("adam")
    select.set_items([("rms", "RMSprop"), ("adam", "Adam")])
    assert select.key == "adam"
    select.set_items([("rms", "RMSprop")])
    assert select.key == "rms"


def test_nothing_resizes_the_box_but_its_layout(qtbot: QtBot) -> None:
    select = Select(ITEMS)
    qtbot.addWidget(select)
    select.show()
    select.resize(128, 28)
    select.set_items([("mse", "mean squared error of all outputs together"), *ITEMS])
    qtbot.wait(60)
    assert select.width() == 128
    assert select.sizeHint().width() > 200
    assert select.minimumSizeHint().width() < 64


def test_an_empty_list_has_no_key(qtbot: QtBot) -> None:
    select = Select()
    qtbot.addWidget(select)
    assert select.key == ""


def test_the_wheel_passes_by_without_the_keyboard(qtbot: QtBot) -> None:
    from tests.gui.widgets.test_log_spin_box import turned

    select = Select(ITEMS)
    qtbot.addWidget(select)
    select.choose("adam")
    QApplication.sendEvent(select, turned(select, 1))
    assert select.key == "adam"
