"""Qt's own buttons and keys speak the language of the window."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from nnstudio.gui.app.qt_words import QtWords

CLOSE = QDialogButtonBox.StandardButton.Close


@pytest.fixture
def words(qapp: QApplication) -> Iterator[QtWords]:
    del qapp
    made = QtWords()
    yield made
    made.follow("en")


def close_button(qtbot: QtBot) -> str:
    box = QDialogButtonBox(CLOSE)
    qtbot.addWidget(box)
    return box.button(CLOSE).text().replace("&", "")


def test_a_standard_button_is_translated_until_the_language_changes_back(
    words: QtWords, qtbot: QtBot
) -> None:
    words.follow("zh_CN")
    assert close_button(qtbot).startswith("关闭")
    words.follow("en")
    assert close_button(qtbot) == "Close"


def test_shortcuts_mean_the_same_keys_in_every_language(words: QtWords) -> None:
    written = ("Space", "Esc", "Ctrl+Shift+Z", "Shift+S", "F10")
    english = [QKeySequence(keys) for keys in written]
    words.follow("zh_CN")
    assert [QKeySequence(keys) for keys in written] == english
