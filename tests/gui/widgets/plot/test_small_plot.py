"""A small plot keeps its picture, and its keys share the width there is."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.widgets.plot.scene import Line, Scene
from nnstudio.gui.widgets.plot.small_plot import Key, Sketch, SmallPlot
from nnstudio.gui.widgets.plot.ticks import Scale


@pytest.fixture
def plot(qtbot: QtBot) -> SmallPlot:
    made = SmallPlot()
    qtbot.addWidget(made)
    made.resize(264, made.height())
    return made


def sketch(**values: object) -> Sketch:
    x = np.linspace(0, 1, 20)
    line = Line(x, x, theme().accent_text)
    given: dict[str, object] = {"scene": Scene(Scale(0, 1), Scale(0, 1), lines=(line,))}
    return Sketch(**(given | values))  # type: ignore[arg-type]  # the caller names fields of it


def test_the_picture_is_kept_until_something_changes(plot: SmallPlot) -> None:
    plot.show_sketch(sketch())
    plot.grab()
    plot.grab()
    assert plot.painted == 1
    plot.resize(300, plot.height())
    plot.grab()
    assert plot.painted == 2


def test_another_theme_is_painted_anew(plot: SmallPlot) -> None:
    plot.show_sketch(sketch())
    before = plot.grab().toImage()
    themes.choose("dark")
    try:
        assert plot.grab().toImage() != before
    finally:
        themes.choose("light")


def test_shaded_stretches_are_seen(plot: SmallPlot) -> None:
    plot.show_sketch(sketch())
    plain = plot.grab().toImage()
    plot.show_sketch(sketch(shaded=((0.2, 0.4),)))
    assert plot.grab().toImage() != plain


def test_a_key_without_room_is_left_out_whole(plot: SmallPlot) -> None:
    keys = (Key("start", "1e-3"), Key("a name that is far too long for what is left of the line"))
    plot.show_sketch(sketch(keys=keys[:1]))
    one = plot.grab().toImage()
    plot.show_sketch(sketch(keys=keys))
    assert plot.grab().toImage() == one


def test_it_reads_only_within_its_axes(plot: SmallPlot) -> None:
    plot.show_sketch(sketch(read=lambda x: f"{x:.1f}"))
    assert plot._read_at(0) == ""
    assert plot._read_at(263) == ""
    middle = plot._frame(sketch()).area.center().x()
    assert plot._read_at(round(middle)) == "0.5"
