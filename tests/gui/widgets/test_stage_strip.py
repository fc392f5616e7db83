"""Every stage of a photo is shown with its name, and closes by key."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.data.photo import PhotoStages, Stage, read_photo
from nnstudio.gui.widgets.stage_strip import StageStrip
from nnstudio.texts import text


def photo() -> PhotoStages:
    grey = np.full((400, 420), 220, np.uint8)
    grey[120:280, 90:102] = 40
    grey[120:280, 290:302] = 40
    return read_photo(grey)


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(192, 192)
    made.show()
    return made


@pytest.fixture
def strip(owner: QWidget) -> Iterator[StageStrip]:
    made = StageStrip(parent=owner)
    yield made
    made.close()


def test_stages_and_digits_are_named(owner: QWidget, strip: StageStrip) -> None:
    read = photo()
    strip.open_beside(owner, read)
    assert strip.titles == tuple(str(stage.title) for stage in read.stages)
    assert strip.digits == len(read.results) == 2
    assert "2 digits were found" in strip.accessibleDescription()
    strip.grab()


def test_blank_paper_is_said_so(owner: QWidget, strip: StageStrip) -> None:
    blank = np.full((9, 7), 200, np.uint8)
    strip.open_beside(owner, PhotoStages((Stage(text("photo in grey"), blank),), ()))
    assert "No digit" in strip.accessibleDescription()
    strip.grab()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_a_key_closes_it(owner: QWidget, strip: StageStrip, key: Qt.Key) -> None:
    strip.open_beside(owner, photo())
    QTest.keyClick(strip, key)
    assert not strip.isVisible()


def test_it_stays_on_the_screen(owner: QWidget, strip: StageStrip) -> None:
    room = owner.screen().availableGeometry()
    owner.move(room.right() - 100, room.bottom() - 100)
    strip.open_beside(owner, photo())
    # the offscreen screen moves a new window by a frame of 2 px
    assert room.adjusted(0, 0, 2, 2).contains(strip.geometry())


def test_a_click_beside_one_digit_chooses_nothing(owner: QWidget, strip: StageStrip) -> None:
    chosen: list[int] = []
    strip.digit_chosen.connect(chosen.append)
    strip.open_beside(owner, photo(), at=1)
    strip._choose(2)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip._digit_box(1).center())
    assert (chosen, strip.at) == ([], 1)
    strip.open_beside(owner, photo())
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip._digit_box(0).center())
    assert (chosen, strip.at) == ([], None)
