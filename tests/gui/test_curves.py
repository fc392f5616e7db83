"""Curves show every step, the best value and every change, and hold what a person zoomed."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue import Spirals
from nnstudio.gui.theme import theme, themes
from nnstudio.gui.views.curves import AccuracyView, CurvesView, LossView
from nnstudio.gui.views.curves.curve import Options
from nnstudio.gui.views.curves.ranges import y_scale
from nnstudio.gui.views.exporting import file_name_of, write_picture
from nnstudio.gui.widgets.plot.frame import width_of
from nnstudio.gui.widgets.plot.legend import LegendRow
from nnstudio.gui.widgets.plot.marks import x_marks, y_marks
from nnstudio.gui.widgets.plot.scene import Entry
from nnstudio.gui.widgets.plot.ticks import Scale
from nnstudio.nn.losses import CrossEntropy, MeanSquaredError
from nnstudio.runs.run import RunView, Subject
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.recipe import Change, Recipe
from nnstudio.training.snapshot import RunState
from tests.gui.histories import cut, history_of, run_of

NAN = float("nan")
NONE = Qt.KeyboardModifier.NoModifier
Maker = Callable[..., CurvesView]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Maker]:
    # qtbot holds them weakly: a view that nobody holds may be cleaned up within its own paint
    held: list[CurvesView] = []

    def made(kind: type[CurvesView] = LossView, width: int = 380, height: int = 288) -> CurvesView:
        view = kind()
        qtbot.addWidget(view)
        view.resize(width, height)
        view.show()
        held.append(view)
        return view

    yield made
    themes.choose("light")
    # Closed views go now, and not when Python cleans up in the middle of another one's paint.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    held.clear()


def colours_of(picture: QImage) -> set[str]:
    return {
        picture.pixelColor(x, y).name()
        for x in range(0, picture.width(), 1)
        for y in range(0, picture.height(), 1)
    }


def wheel(view: CurvesView, x: float, y: float, notches: int) -> None:
    at = QPointF(x, y)
    event = QWheelEvent(
        at,
        view.plot.canvas.viewport().mapToGlobal(at),
        QPoint(0, 0),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 (not inverted; Qt takes it by place)
    )
    QApplication.sendEvent(view.plot.canvas.viewport(), event)


@pytest.mark.parametrize("kind", [LossView, AccuracyView])
def test_without_a_run_the_plot_says_in_words_what_will_be_here(
    make: Maker, kind: type[CurvesView]
) -> None:
    view = make(kind)
    view.show_runs(())
    assert "Train" in view.plot.scene.words
    assert not view.plot.scene.lines
    assert view.plot._empty.isVisible()


@pytest.mark.parametrize("kind", [LossView, AccuracyView])
@pytest.mark.parametrize(
    "losses",
    [[], [2.3], [2.3, 0.1], [NAN, NAN, NAN], [1.0, NAN, float("inf"), 1e300], [0.0, 0.0], [-1, 1]],
)
def test_strange_histories_are_drawn(
    make: Maker, kind: type[CurvesView], losses: list[float]
) -> None:
    view = make(kind)
    history = history_of(losses, accuracies=losses, epoch=1, validation=losses)
    for logarithmic in (True, False):
        view.set_options(Options(x_logarithmic=logarithmic, y_logarithmic=logarithmic))
        for x_axis in ("step", "epoch", "seconds"):
            view.set_options(Options(x_axis=x_axis, y_logarithmic=logarithmic))
            view.show_runs((run_of(history),))
            view.plot.point_at(1.0)
            assert not view.plot.picture().isNull()


def test_a_single_step_is_a_point(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([2.3])),))
    assert theme().loss.name() in colours_of(view.plot.picture(ratio=1.0))
    assert view.plot.scene.legend[0].value == "2.300"


def test_the_legend_reads_the_newest_values(make: Maker) -> None:
    view = make(AccuracyView)
    history = history_of([1.0] * 20, accuracies=[0.25] * 20, epoch=10, validation=[0.5, 0.0268])
    view.show_runs((run_of(history),))
    train, validation = view.plot.scene.legend
    assert (train.name, train.value) == ("train", "25.00\u00a0%")
    assert (validation.name, validation.value) == ("validation", "97.32\u00a0%")


def test_the_band_reaches_from_the_smallest_to_the_largest_loss(make: Maker) -> None:
    losses = np.random.default_rng(0).uniform(1, 2, 4000)
    losses[1234], losses[3210] = 9.0, 0.01
    view = make()
    view.show_runs((run_of(history_of(list(losses))),))
    (band,) = view.plot.scene.bands
    assert np.nanmax(band.high) == 9.0
    assert np.nanmin(band.low) == 0.01
    assert band.edges[0] == 0
    assert band.edges[-1] == 4000


def test_the_lowest_validation_loss_is_marked_while_it_is_not_the_last(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([1.0] * 40, epoch=10, validation=[0.3, 0.083, 0.2, 0.1])),))
    (dot,) = view.plot.scene.dots
    assert (dot.x, dot.y, dot.text) == (20, 0.083, "0.083")
    view.show_runs((run_of(history_of([1.0] * 20, epoch=10, validation=[0.3, 0.083])),))
    assert view.plot.scene.dots == ()


def test_a_stage_is_marked_where_it_begins(make: Maker) -> None:
    view = make()
    history = replace(history_of([1.0] * 40), stages=((0, "layers.0"), (30, "network")))
    view.show_runs((run_of(history),))
    told = [(flag.x, flag.text) for flag in view.plot.scene.flags]
    assert told == [(0, "layer 1 alone"), (30, "whole network")]


def test_a_live_change_stands_at_its_step_with_both_values(make: Maker) -> None:
    changes = [
        Change(100, "optimizer.learning_rate", 0.002),
        Change(200, "optimizer.learning_rate", 0.0005),
        Change(300, "batches.size", 64),
    ]
    view = make()
    view.show_runs((run_of(history_of([1.0] * 400, changes=changes)),))
    told = [(flag.x, flag.text) for flag in view.plot.scene.flags]
    assert told == [
        (100, "rate 0.01 → 2e-3"),
        (200, "rate 2e-3 → 5e-4"),
        (300, "Batch size → 64"),
    ]


def test_a_diverged_run_names_the_step_that_could_not_be_made(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([1.0, 5.0, 1e30]), state=RunState.DIVERGED),))
    (flag,) = view.plot.scene.flags
    assert flag.text == "diverged at step 4"
    assert flag.colour == theme().error


def test_earlier_runs_stay_as_thin_grey_lines(make: Maker) -> None:
    view = make()
    first = run_of(history_of([2.0, 1.0] * 50), state=RunState.FINISHED)
    second = run_of(history_of([1.5] * 30), name="run 2")
    view.show_runs((second, first))
    grey = [line for line in view.plot.scene.lines if line.colour == theme().earlier]
    assert [line.width for line in grey] == [1.0]
    assert [entry.name for entry in view.plot.scene.legend][2:] == ["run 1"]


def trained_as(name: str, **settings: Any) -> RunView:
    run = run_of(history_of([1.5] * 30), name=name, state=RunState.FINISHED)
    return replace(run, recipe=Recipe(Experiment(**settings)))


def test_runs_of_other_data_have_no_place_on_the_axes(make: Maker) -> None:
    spirals = DataSettings(sources=(WeightedSource(source=Spirals()),))
    view = make()
    runs = [trained_as("new"), trained_as("other", data=spirals), trained_as("old")]
    view.show_runs(tuple(runs))
    assert [entry.name for entry in view.plot.scene.legend][2:] == ["old"]
    view.show_runs((runs[1], runs[0]))
    assert len(view.plot.scene.legend) == 2


def test_an_earlier_run_of_another_loss_says_so(make: Maker) -> None:
    runs = (
        trained_as("new"),
        trained_as("squares", loss=MeanSquaredError()),
        trained_as("smooth", loss=CrossEntropy(label_smoothing=0.1)),
    )
    view = make(width=900)
    view.show_runs(runs)
    earlier = view.plot.scene.legend[2:]
    names = [entry.name for entry in earlier]
    assert names == ["other loss: squares", "other loss: smooth"]
    assert "mean squared error" in earlier[0].tip
    assert all(entry.colour != theme().earlier for entry in earlier)
    score = make(AccuracyView)
    score.show_runs(runs)
    assert [entry.name for entry in score.plot.scene.legend[2:]] == ["squares", "smooth"]
    assert all(entry.colour == theme().earlier for entry in score.plot.scene.legend[2:])


def of_another(run: RunView, number: int = 7) -> RunView:
    return replace(run, subject=Subject(number))


def test_runs_of_another_experiment_are_beside_it_where_data_and_loss_are_the_same(
    make: Maker,
) -> None:
    new = trained_as("new")
    runs = (
        new,
        of_another(trained_as("squares", loss=MeanSquaredError())),
        of_another(trained_as("same")),
    )
    view = make(width=900)
    view.show_runs(runs)
    assert [entry.name for entry in view.plot.scene.legend[2:]] == ["same"]


def test_the_axes_fit_the_runs_of_the_experiment_that_is_shown(make: Maker) -> None:
    alone, view = make(), make()
    new = run_of(history_of([1.5] * 60), state=RunState.FINISHED)
    huge = run_of(history_of([9e8] * 900), name="run 2", state=RunState.FINISHED)
    alone.show_runs((new,))
    view.show_runs((new, of_another(huge)))
    assert view.plot.scene.x == alone.plot.scene.x
    assert view.plot.scene.y == alone.plot.scene.y
    view = make()
    view.show_runs((new, huge))
    assert view.plot.scene.x.high > 800
    assert view.plot.scene.y.high > 8e8


def test_a_run_says_what_it_is_of_while_another_experiment_is_open(make: Maker) -> None:
    view = make(width=900)
    run = run_of(history_of([1.5] * 60), state=RunState.FINISHED)
    view.show_runs((run,))
    before = view.plot.scene.legend
    view.show_runs((replace(run, elsewhere="Digits"),))
    (whose,) = view.plot.scene.legend[len(before) :]
    assert whose.name == f"{run.name} of “Digits”"
    assert "no longer open" in whose.tip
    assert view.sentence.text() == whose.name
    assert theme().loss not in [line.colour for line in view.plot.scene.lines]


def test_hovering_reads_step_epoch_and_values(make: Maker) -> None:
    losses = [1.0 / step for step in range(1, 41)]
    history = history_of(losses, epoch=10, validation=[0.5, 0.4, 0.3, 0.2])
    view = make()
    view.set_options(Options(smoothing="off", y_logarithmic=True))
    view.show_runs((run_of(history, state=RunState.FINISHED),))
    view.plot.point_at(16.2)
    readout = view.plot.readout()
    assert readout is not None
    assert dict(readout.rows) == {
        "epoch": "2",
        "step": "16",
        "train": "0.0625",
        "validation": "0.5000",
        "rate": "0.01",
    }
    assert readout.x == 16


def test_the_pointer_reads_what_is_under_it(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([1.0] * 100), state=RunState.FINISHED),))
    frame = view.plot.frame()
    x = float(frame.x(50.0))
    QTest.mouseMove(view.plot.canvas.viewport(), QPoint(round(x), round(frame.area.center().y())))
    readout = view.plot.readout()
    assert readout is not None
    assert readout.x == pytest.approx(50, abs=1)


def clicked(view: CurvesView, x: float) -> None:
    view.plot.canvas.pointed.emit(x)
    view.plot.canvas.clicked.emit()


def test_a_click_pins_the_read_out_and_says_how_to_let_it_go(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([1.0] * 100), state=RunState.FINISHED),))
    clicked(view, 50.0)
    view.plot.canvas.pointed.emit(20.0)
    pinned = view.plot.readout()
    assert pinned is not None
    assert pinned.x == pytest.approx(50, abs=1)
    assert pinned.pinned == "Click or Esc lets go"
    QTest.keyClick(view.plot, Qt.Key.Key_Escape)
    assert view.plot.readout() is None
    view.plot.canvas.pointed.emit(20.0)
    free = view.plot.readout()
    assert free is not None
    assert (free.x, free.pinned) == (20, "")


def test_the_next_run_lets_go_of_what_was_pinned(make: Maker) -> None:
    view = make()
    first = run_of(history_of([1.0] * 100), state=RunState.FINISHED)
    view.show_runs((first,))
    clicked(view, 50.0)
    view.show_runs((first,))
    assert view.plot.pinned
    second = run_of(history_of([1.0] * 10), name="run 2")
    view.show_runs((second, replace(first, current=False)))
    assert not view.plot.pinned
    assert view.plot.readout() is None


def test_a_circle_of_validation_draws_the_hair_line_to_itself(make: Maker) -> None:
    view = make()
    history = history_of([1.0] * 1000, epoch=100, validation=[0.1] * 10)
    view.show_runs((run_of(history, state=RunState.FINISHED),))
    view.plot.point_at(295.0)
    readout = view.plot.readout()
    assert readout is not None
    assert readout.x == 300


@pytest.mark.parametrize(("x_axis", "unit", "end"), [("epoch", "epoch", 4), ("seconds", "s", 20)])
def test_the_x_axis_counts_what_is_asked_for(
    make: Maker, x_axis: str, unit: str, end: float
) -> None:
    view = make()
    view.set_options(Options(x_axis=x_axis))  # type: ignore[arg-type] # from the table above
    view.show_runs((run_of(history_of([1.0] * 40, epoch=10), state=RunState.FINISHED),))
    assert view.plot.scene.x_unit == unit
    assert view.plot.scene.lines[0].x[-1] == pytest.approx(end, rel=0.01)


def test_zooming_holds_the_axis_until_all_is_shown_again(make: Maker) -> None:
    view = make()
    history = history_of([1.0] * 4000)
    view.show_runs((run_of(cut(history, 2000)),))
    middle = view.plot.frame().area.center()
    wheel(view, middle.x(), middle.y(), 3)
    held = view.plot.scene.x
    assert held.high - held.low < 1600
    view.show_runs((run_of(history),))
    assert view.plot.scene.x == held
    assert not view.plot.follows
    port, at = view.plot.canvas.viewport(), middle.toPoint()
    QTest.mouseDClick(port, Qt.MouseButton.LeftButton, NONE, at)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, NONE, at)
    assert view.plot.follows
    assert view.plot.scene.x.high >= 4000


def test_dragging_moves_along_the_x_axis_only_while_it_stays_level(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([1.0] * 4000)),))
    before = view.plot.scene
    start = view.plot.frame().area.center().toPoint()
    port, end = view.plot.canvas.viewport(), start - QPoint(60, 3)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, NONE, start)
    QTest.mouseMove(port, end)
    QTest.mouseRelease(
        view.plot.canvas.viewport(), Qt.MouseButton.LeftButton, NONE, start - QPoint(60, 3)
    )
    assert view.plot.scene.x.low > before.x.low
    assert view.plot.scene.y == before.y
    assert view.plot.y_held is None


def test_the_keyboard_shows_all_again(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([1.0] * 400)),))
    QTest.keyClick(view.plot, Qt.Key.Key_Plus)
    assert not view.plot.follows
    QTest.keyClick(view.plot, Qt.Key.Key_A)
    assert view.plot.follows


def test_the_loss_axis_is_logarithmic_until_switched(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([1.0, 0.1, 0.01] * 10)),))
    assert view.plot.scene.y.logarithmic
    view.toggle_logarithmic()
    assert not view.plot.scene.y.logarithmic
    assert view.plot.scene.y.low == 0


def test_a_loss_of_zero_does_not_stop_a_logarithmic_axis(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([0.0, 0.5, 0.0, 0.25])),))
    assert view.plot.scene.y.logarithmic
    assert view.plot.scene.y.low > 0


def test_a_million_steps_are_drawn_with_as_few_points_as_a_thousand(make: Maker) -> None:
    losses = np.random.default_rng(0).uniform(0.5, 1, 1_000_000)
    view = make()
    history = history_of([1.0])
    grown = run_of(
        type(history)(
            steps=len(losses),
            loss=losses,
            score=losses,
            rate=losses,
            seconds=np.arange(1.0, len(losses) + 1),
            validation=history.validation,
            changes=(),
            epoch_ends=history.epoch_ends,
        )
    )
    view.show_runs((grown,))
    (line,) = view.plot.scene.lines
    (band,) = view.plot.scene.bands
    assert len(line.x) <= 160
    assert 60 <= len(band.low) <= 160
    assert np.nanmin(band.low) == losses.min()


def test_steps_beyond_the_edge_are_counted(make: Maker) -> None:
    accuracies = [0.1] * 30 + [0.97, 0.98] * 1000
    view = make(AccuracyView)
    view.show_runs((run_of(history_of([1.0] * len(accuracies), accuracies=accuracies)),))
    assert view.plot.scene.y.low > 50
    assert view.plot.scene.below.startswith("▾")


def test_all_curves_are_in_one_table(make: Maker) -> None:
    view = make()
    first = run_of(history_of([2.0, 1.0], epoch=2, validation=[0.25]))
    second = run_of(history_of([NAN]), name="run 2")
    view.show_runs((second, first))
    rows = list(csv.DictReader(io.StringIO(view.table())))
    assert [(row["run"], row["step"], row["epoch"]) for row in rows] == [
        ("run 2", "1", "1"),
        ("run 1", "1", "1"),
        ("run 1", "2", "1"),
    ]
    assert rows[0]["train_loss"] == ""
    assert rows[2]["train_loss"] == "1.0"
    assert rows[2]["validation_loss"] == "0.25"
    assert rows[2]["validation_part"] == "whole"
    assert rows[1]["validation_loss"] == ""


def test_the_ending_of_the_file_says_what_is_exported(make: Maker, tmp_path: Path) -> None:
    view = make()
    view.show_runs((run_of(history_of([2.0, 1.0])),))
    for ending in ("png", "svg", "csv"):
        view.export(tmp_path / f"loss.{ending}")
    picture = QImage(str(tmp_path / "loss.png"))
    assert picture.width() == 2 * view.plot.width()
    assert ET.parse(tmp_path / "loss.svg").getroot().tag.endswith("svg")  # noqa: S314 (our own file)
    assert (tmp_path / "loss.csv").read_text(encoding="utf-8") == view.table()


def test_a_picture_that_cannot_be_made_leaves_the_older_file(tmp_path: Path) -> None:
    older = tmp_path / "loss.nonsense"
    older.write_bytes(b"older")
    with pytest.raises(OSError, match="no format"):
        write_picture(older, QImage(4, 4, QImage.Format.Format_RGB32))
    assert older.read_bytes() == b"older"


def test_names_of_files_have_only_letters_and_lines() -> None:
    assert file_name_of("Loss: 1/2 epochs") == "loss--1-2-epochs"


def test_a_file_that_cannot_be_written_is_told(make: Maker, tmp_path: Path) -> None:
    view = make()
    told: list[object] = []
    view.export_failed.connect(told.append)
    view._export_to(str(tmp_path / "no" / "loss.png"))
    assert len(told) == 1
    assert "loss.png" in str(told[0])


def test_picture_and_numbers_are_copied(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(history_of([2.0, 1.0])),))
    view.copy_table()
    assert QGuiApplication.clipboard().text() == view.table()
    view.copy_picture()
    assert not QGuiApplication.clipboard().image().isNull()


def test_the_menu_offers_what_can_be_chosen(make: Maker) -> None:
    view = make()
    menu = QMenu(view)
    view.fill_menu(menu)
    titles = [action.text() for action in menu.actions()]
    assert titles[:5] == [
        "Show all",
        "Smoothing",
        "x axis",
        "Logarithmic x axis",
        "Logarithmic y axis",
    ]
    menu.actions()[3].trigger()
    assert view.options.x_logarithmic
    menu.close()


def test_another_theme_repaints_the_curves(make: Maker) -> None:
    themes.choose("light")
    view = make()
    view.show_runs((run_of(history_of([2.0, 1.0] * 20)),))
    light = theme().loss
    themes.choose("dark")
    colours = colours_of(view.plot.picture(ratio=1.0))
    assert view.plot.scene.lines[0].colour == theme().loss != light
    assert QColor(theme().panel).name() in colours


@pytest.mark.parametrize("highest", [2.0, 3e3, 2e5, 2e6, 9e6, 5e12])
def test_what_is_written_at_the_y_axis_fits_beside_it(make: Maker, highest: float) -> None:
    view = make()
    view.toggle_logarithmic()
    view.show_runs((run_of(history_of(list(np.linspace(highest, 1, 60)))),))
    frame = view.plot.frame()
    _ticks, labels = y_marks(frame)
    assert len(labels) > 2
    assert all(width_of(words, 11) <= frame.area.left() - 8 for words in labels)


@pytest.mark.parametrize(
    ("width", "words"),
    [(400, ["train", "validation"]), (230, ["train", "valid."]), (190, ["", ""])],
)
def test_the_legend_says_less_where_it_is_narrow_but_never_leaves_a_value_out(
    make: Maker, width: int, words: list[str]
) -> None:
    view = make(LossView, 220)
    view.show_runs((run_of(history_of([1.0] * 20, epoch=10, validation=[0.5, 0.25])),))
    row = LegendRow.of(view.plot.scene, QSizeF(width, 200))
    assert [row.style.words_of(entry) for entry, _ in row.boxes] == words
    assert all(box.right() <= width for _, box in row.boxes)
    assert row.rest == ()


def test_names_without_room_are_counted_and_told(make: Maker) -> None:
    scene = replace(
        make().plot.scene,
        legend=tuple(Entry(f"a schedule {one}", "", QColor("red")) for one in range(9)),
    )
    row = LegendRow.of(scene, QSizeF(380, 200))
    assert len(row.boxes) + len(row.rest) == 9
    assert row.rest
    assert row.more.right() <= 380
    assert row.tip_at(row.more.center()).splitlines()[-1] == "a schedule 8"


def test_a_narrow_plot_has_two_numbers_at_its_x_axis(make: Maker) -> None:
    view = make(LossView, 220)
    frame = replace(view.plot.frame(), scene=replace(view.plot.scene, x=Scale(0, 4500)))
    ticks, _labels = x_marks(frame)
    assert np.count_nonzero(ticks) > 1


def test_what_hardly_changes_lies_in_the_middle_of_a_logarithmic_axis() -> None:
    scale = y_scale([np.array([11.9, 12.3])], np.empty(0), quantity="loss", logarithmic=True)
    assert 0.25 < float(scale.share(12.1)) < 0.75
    assert scale.high / scale.low < 1.6


@pytest.mark.parametrize("kind", [LossView, AccuracyView])
@pytest.mark.parametrize("before", ["busy", "hidden", "held"])
def test_the_last_snapshot_is_drawn_whatever_the_view_did_before(
    make: Maker, kind: type[CurvesView], before: str
) -> None:
    view = make(kind)
    grown = history_of([1.0 / step for step in range(1, 3141)], epoch=500, validation=[0.3] * 6)
    view.show_runs((run_of(cut(grown, 530)),))
    if before == "hidden":
        view.hide()
    if before == "held":
        view.plot.zoom(0.5)
    view.show_runs((run_of(cut(grown, 3140)),))
    ended = run_of(grown, state=RunState.FINISHED)
    view.show_runs((ended,))
    view.show()
    view.plot.show_all()
    assert view.plot.scene.lines[0].x[-1] == 3140
    assert view.plot.scene.x.high == pytest.approx(3140, rel=0.01)
    seen = view.plot.grab().toImage()
    other = make(kind)
    other.show_runs((ended,))
    fresh = other.plot.grab().toImage()
    assert _share_of_other_pixels(seen, fresh) < 0.01


def test_growing_frame_by_frame_looks_like_all_at_once(make: Maker) -> None:
    losses = np.random.default_rng(0).lognormal(0, 0.4, 3000) * np.linspace(2, 0.1, 3000)
    history = history_of(losses.tolist())
    grown, whole = make(), make()
    grown.plot.grab()
    for steps in range(20, 3001, 20):
        grown.show_runs((run_of(cut(history, steps)),))
        grown.plot.grab()
    whole.show_runs((run_of(history),))
    share = _share_of_other_pixels(grown.plot.grab().toImage(), whole.plot.grab().toImage())
    assert share < 0.01


def test_the_same_runs_again_are_not_drawn_again(make: Maker) -> None:
    view = make()
    run = run_of(history_of([1.0, 0.5]))
    view.show_runs((run,))
    scene = view.plot.scene
    view.show_runs((run_of(run.snapshot.history),))
    assert view.plot.scene is scene


def test_a_model_without_a_history_does_not_ask_to_press_train(make: Maker) -> None:
    view = make()
    view.show_runs((run_of(None, state=RunState.FINISHED),))
    assert "Train" not in view.plot.scene.words
    assert "saved model" in view.plot.scene.words


def _share_of_other_pixels(one: QImage, other: QImage) -> float:
    pixels = [
        np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8)
        for image in (one, other)
    ]
    far = np.abs(pixels[0].astype(int) - pixels[1].astype(int)) > 40
    return float(far.mean())
