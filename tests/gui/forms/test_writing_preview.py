"""Samples of a source that draws them are shown at once, sorted by class, and more on a click."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.mnist import Mnist
from nnstudio.errors import NnstudioError
from nnstudio.gui.forms.writing_preview import (
    COLUMNS,
    ROWS,
    SHEET_COLUMNS,
    WritingPreview,
    by_class,
)


@dataclass(frozen=True)
class Numbered:
    """Pictures that hold their class number, as a source that previews would draw them."""

    ink: int = 0
    refuses: bool = False

    def preview(self, count: int, *, seed: int) -> tuple[NDArray[np.uint8], NDArray[Any]]:
        if self.refuses:
            raise NnstudioError("Not known here.", hint="")
        labels = np.arange(count) % COLUMNS
        pixels = np.broadcast_to(labels[:, None, None] + self.ink + 100 * seed, (count, 2, 2))
        return pixels.astype(np.uint8), labels


@pytest.fixture
def preview(qtbot: QtBot) -> Iterator[WritingPreview]:
    made = WritingPreview()
    qtbot.addWidget(made)
    made.show_value(Numbered())
    qtbot.waitUntil(lambda: bool(made.strip.pictures.any()))
    yield made
    if made.sheet is not None:
        made.sheet.close()


def test_what_nobody_sees_is_not_drawn_but_keeps_its_place(qtbot: QtBot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    made = WritingPreview()
    QVBoxLayout(panel).addWidget(made)
    made.show_value(Numbered(ink=7))
    assert len(made.strip.pictures) == ROWS * COLUMNS
    assert not made.strip.pictures.any()
    panel.show()
    qtbot.waitUntil(lambda: bool(made.strip.pictures.any()))


def test_every_column_of_the_strip_is_one_class(preview: WritingPreview) -> None:
    preview.show_value(Numbered())
    shown = preview.strip.pictures[:, 0, 0].reshape(ROWS, COLUMNS)
    assert (shown == np.arange(COLUMNS)).all()


def test_an_edit_is_seen_at_once(preview: WritingPreview) -> None:
    preview.show_value(Numbered())
    preview.show_value(Numbered(ink=50))
    assert preview.strip.pictures[0, 0, 0] == 50


def test_a_source_that_cannot_be_previewed_takes_no_room(preview: WritingPreview) -> None:
    assert not preview.isHidden()
    preview.show_value(Numbered(refuses=True))
    assert preview.isHidden()
    preview.show_value(Mnist())
    assert preview.isHidden()


def test_a_class_that_was_drawn_too_rarely_leaves_blanks() -> None:
    class Ones:
        def preview(self, count: int, *, seed: int) -> tuple[NDArray[np.uint8], NDArray[Any]]:
            del seed
            return np.full((count, 2, 2), 255, np.uint8), np.ones(count, int)

    found = by_class(Ones(), each=2, classes=3, seed=0)
    assert found.shape == (3, 2, 2, 2)
    assert found.max(axis=(1, 2, 3)).tolist() == [0, 255, 0]


def test_a_click_shows_a_row_of_each_class_and_other_hands_on_demand(
    preview: WritingPreview,
) -> None:
    preview.strip.click()
    sheet = preview.sheet
    assert sheet is not None
    shown = sheet.strip.pictures[:, 0, 0].reshape(COLUMNS, SHEET_COLUMNS)
    assert (shown == np.arange(COLUMNS)[:, None]).all()
    sheet.others.click()
    assert sheet.strip.pictures[0, 0, 0] == 100


def test_the_sheet_stays_open_and_follows_every_edit(preview: WritingPreview, qtbot: QtBot) -> None:
    preview.strip.click()
    sheet = preview.sheet
    assert sheet is not None
    preview.show_value(Numbered(ink=50))
    qtbot.waitUntil(lambda: sheet.strip.pictures[0, 0, 0] == 50)
    preview.show_value(Numbered(refuses=True))
    qtbot.waitUntil(lambda: not sheet._later.isActive())
    assert sheet.strip.pictures[0, 0, 0] == 50


def test_the_sheet_closes_with_a_source_that_has_no_preview(preview: WritingPreview) -> None:
    preview.strip.click()
    preview.show_value(Mnist())
    assert preview.sheet is None
