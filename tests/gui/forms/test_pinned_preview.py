"""While the settings of a source that draws its samples are scrolled, its samples stay in sight."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.gui.forms.writing_preview import WritingPreview
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource

WRITTEN = Experiment(data=DataSettings(sources=(WeightedSource(source=Handwriting()),)))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ExperimentView]:
    made = ExperimentView()
    qtbot.addWidget(made)
    made.show_experiment(WRITTEN)
    made.sections["data"].set_more(more=True)
    made.resize(264, 420)
    made.show()
    form: Any = made.sources.only.form
    form.parts["hand"].set_opened(opened=True)
    qtbot.waitUntil(lambda: bool(preview_of(made).strip.pictures.any()))
    settle()
    yield made
    made.hide()


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def preview_of(view: ExperimentView) -> WritingPreview:
    return view.sources.only.preview


def scroll_to(view: ExperimentView, y: int) -> None:
    view._scroll.verticalScrollBar().setValue(y)
    settle()


def y_of(widget: QWidget, view: ExperimentView) -> int:
    return widget.mapTo(view, QPoint(0, 0)).y()


def test_samples_stay_at_the_top_and_the_rows_where_they_are(view: ExperimentView) -> None:
    assert view.pinned.isHidden()
    preview, rows = preview_of(view), view.sources.only
    scroll_to(view, preview.mapTo(view._content, QPoint(0, 0)).y() + 5)
    assert view.pinned.isVisible()
    assert np.array_equal(view.pinned.strip.pictures, preview.strip.pictures)
    bar = view._scroll.verticalScrollBar()
    before = y_of(rows, view)
    scroll_to(view, bar.value() + 40)
    assert y_of(rows, view) == before - 40
    scroll_to(view, 0)
    assert view.pinned.isHidden()


def test_they_follow_an_edit_and_leave_with_the_last_row(view: ExperimentView) -> None:
    preview = preview_of(view)
    scroll_to(view, 200)
    before = view.pinned.strip.pictures
    source = cast("Handwriting", view.experiment.data.sources[0].source)
    other = replace(source, hand=replace(source.hand, slant=0.9))
    preview.show_value(other)
    settle()
    assert not np.array_equal(view.pinned.strip.pictures, before)
    rows = view.sources.only
    end = rows.mapTo(view._content, QPoint(0, rows.height())).y()
    scroll_to(view, end + view.pinned.height())
    assert view.pinned.isHidden()
