"""Widgets that wrap like words, and buttons that break their words before they cut them."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.flow import HEIGHT_PX, SPACING_PX, Flow, GivingButton

LONG = "Take sigmoid and binary cross-entropy in the output layer"


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    qtbot.addWidget(made)
    flow = Flow()
    made.setLayout(flow)
    for words in ("One", "Another", "A third one"):
        flow.addWidget(GivingButton(words))
    made.show()
    yield made
    made.hide()


def tops(line: QWidget, width: int) -> list[int]:
    line.resize(width, 200)
    layout = line.layout()
    assert layout is not None
    layout.activate()
    return [one.y() for one in line.findChildren(GivingButton)]


def test_all_stand_in_one_line_where_there_is_room(line: QWidget) -> None:
    assert len(set(tops(line, 900))) == 1


def test_what_has_no_room_goes_into_the_next_line(line: QWidget) -> None:
    widths = [one.sizeHint().width() for one in line.findChildren(GivingButton)]
    found = tops(line, widths[0] + widths[1] + SPACING_PX)
    assert found[0] == found[1] < found[2]
    layout = line.layout()
    assert layout is not None
    assert layout.heightForWidth(1000) == HEIGHT_PX
    assert layout.heightForWidth(max(widths)) == 3 * HEIGHT_PX + 2 * SPACING_PX


def test_a_button_breaks_its_words_before_it_cuts_them(qtbot: QtBot) -> None:
    button = GivingButton(LONG)
    qtbot.addWidget(button)
    button.show()
    button.resize(button.sizeHint())
    assert button.text() == LONG
    half = round(button.sizeHint().width() * 0.7)
    assert button.heightForWidth(half) > HEIGHT_PX
    button.resize(half, 60)
    assert button.text().replace("\n", " ") == LONG
    assert not button.toolTip()
    button.resize(90, 60)
    assert "…" in button.text()
    assert button.toolTip() == LONG


def test_a_button_has_a_name_and_a_tip(qtbot: QtBot) -> None:
    button = GivingButton("Check")
    qtbot.addWidget(button)
    button.set_tip("what it does")
    button.resize(button.sizeHint())
    assert (button.accessibleName(), button.toolTip()) == ("Check", "what it does")
    button.set_words("Cancel")
    assert (button.words, button.text()) == ("Cancel", "Cancel")


def test_a_line_of_chinese_ends_anywhere(qtbot: QtBot) -> None:
    words = "按各激活函数的规则抽取初始权重"
    button = GivingButton(words)
    qtbot.addWidget(button)
    button.show()
    button.resize(round(button.sizeHint().width() * 0.7), 60)
    assert button.text().replace("\n", "") == words
    assert button.text().count("\n") == 1
