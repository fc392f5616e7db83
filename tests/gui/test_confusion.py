"""The confusion matrix: counted right, picked by mouse and key, empty, diverged, narrow."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.gui.theme import themes
from nnstudio.gui.views.confusion import ConfusionView
from nnstudio.gui.views.confusion.calibration_plot import readout_of, scene_of
from nnstudio.gui.views.confusion.confusion_view import WIDE_PX
from nnstudio.gui.views.confusion.matrix import shares_of
from nnstudio.gui.views.confusion.words import (
    calibration_in_words,
    cell_in_words,
    comparison_in_words,
    matrix_in_words,
)
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.run import RunView
from nnstudio.texts import text
from nnstudio.training.calibration import calibration
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData
from tests.gui.answers_kit import PICTURES, answers_to, loaded, lost, run_of, shares, truth_of

CURVE = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Polynomial(samples=60)),)),
    network=NetworkSpec(layers=(HiddenLayer(units=4),), output=OutputLayer(activation=Identity())),
    loss=MeanSquaredError(),
)


@pytest.fixture(scope="module")
def data() -> PreparedData:
    return loaded(PICTURES)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ConfusionView]:
    made = ConfusionView()
    qtbot.addWidget(made)
    made.resize(740, 400)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def fill(view: ConfusionView, data: PreparedData, *, wrong: int = 3) -> None:
    """Show answers of which the first `wrong` are taken for the next class."""
    view.show_data(data)
    view.show_runs((run_of(PICTURES, data),))
    said = truth_of(data).copy()
    said[:wrong] = (said[:wrong] + 1) % data.outputs
    view.show_answers(answers_to(data, shares(said, data.outputs)))


def test_while_it_is_shown_it_asks_for_the_answers_of_the_current_run(
    view: ConfusionView, data: PreparedData, qtbot: QtBot
) -> None:
    view.show_data(data)
    run = run_of(PICTURES, data)
    with qtbot.waitSignal(view.answers_wished) as wish:
        view.show_runs((run,))
    assert wish.args == [run, "validation"]


def test_the_matrix_and_its_main_point_are_shown(view: ConfusionView, data: PreparedData) -> None:
    fill(view, data)
    assert view.filled.isVisible()
    count = len(data.split.validation)
    assert f"of {count} samples are right" in view.sentence.text()
    assert "Most often" in view.sentence.text()
    assert view.plot.isVisible()
    assert "calibration error" in view.sureness.text()


def test_a_cell_picked_with_the_keyboard_shows_its_samples(
    view: ConfusionView, data: PreparedData
) -> None:
    fill(view, data)
    QTest.keyClick(view.matrix, Qt.Key.Key_Right)
    assert view.matrix.marked == (0, 0)
    assert view.samples.isVisible()
    found = int(view.answers.table[0, 0]) if view.answers is not None else -1
    assert view.samples.shelf.facts.facts[0].startswith(str(found))
    QTest.keyClick(view.matrix, Qt.Key.Key_Escape)
    assert view.matrix.marked is None
    assert view.plot.isVisible()


def test_a_click_on_the_marked_cell_closes_its_samples(
    view: ConfusionView, data: PreparedData
) -> None:
    fill(view, data)
    middle = view.matrix._box((1, 1)).center().toPoint()
    QTest.mouseClick(view.matrix, Qt.MouseButton.LeftButton, pos=middle)
    assert view.matrix.marked == (1, 1)
    QTest.mouseClick(view.matrix, Qt.MouseButton.LeftButton, pos=middle)
    assert view.matrix.marked is None


def test_a_picked_sample_is_told_as_its_row(
    view: ConfusionView, data: PreparedData, qtbot: QtBot
) -> None:
    fill(view, data, wrong=0)
    kind = int(truth_of(data)[0])
    view.matrix.picked.emit(kind, kind)
    view.matrix.mark((kind, kind))
    view._show_cell()
    with qtbot.waitSignal(view.sample_chosen) as told:
        view.samples.shelf.grid.picked.emit(0)
    assert data.labels is not None
    assert data.labels[told.args[0]] == kind


def test_a_narrow_panel_shows_matrix_and_calibration_in_turn(
    view: ConfusionView, data: PreparedData
) -> None:
    view.resize(WIDE_PX - 100, 300)
    fill(view, data)
    assert view.matrix.isVisible()
    assert not view.plot.isVisible()
    QTest.keyClick(view.side_mode, Qt.Key.Key_Right)
    assert view.plot.isVisible()
    assert not view.matrix.isVisible()


def test_answers_that_have_blown_up_are_said_so(view: ConfusionView, data: PreparedData) -> None:
    fill(view, data)
    view.show_answers(lost(data))
    assert view.empty.isVisible()
    assert view.empty.accessibleName() == "No answer is a number any more"


def test_a_reason_takes_the_place_of_old_answers(view: ConfusionView, data: PreparedData) -> None:
    fill(view, data)
    view.show_answers(text("This run learned from other data than those that are set now."))
    assert view.empty.isVisible()
    assert "other data" in view.empty.accessibleDescription()
    assert view.table() == ""


def test_before_a_network_it_says_what_will_be_seen(view: ConfusionView) -> None:
    view.show_runs(())
    assert view.empty.isVisible()
    assert view.empty.accessibleName() == "No network yet"


def test_answers_of_another_part_are_not_taken(view: ConfusionView, data: PreparedData) -> None:
    fill(view, data)
    before = view.answers
    view.show_answers(answers_to(data, shares(truth_of(data), data.outputs), part="test"))
    assert view.answers is before


def test_values_are_drawn_over_what_would_be_right(view: ConfusionView) -> None:
    data = loaded(CURVE)
    view.show_data(data)
    view.show_runs((run_of(CURVE, data),))
    rows = data.split.validation
    view.show_answers(answers_to(data, data.targets[rows].astype(float) + 0.1))
    assert view.scatter.isVisible()
    assert "R²" in view.sentence.text()
    assert view.table().splitlines()[0] == "sample,true y,said y"


def test_the_numbers_of_the_matrix_are_written_as_csv(
    view: ConfusionView, data: PreparedData, tmp_path: Path
) -> None:
    fill(view, data, wrong=0)
    view.exporter.write(tmp_path / "matrix.csv")
    lines = (tmp_path / "matrix.csv").read_text().splitlines()
    assert len(lines[0].split(",")) == data.outputs + 2
    assert lines[-1].startswith("expected calibration error")


def test_a_file_that_cannot_be_written_is_told(
    view: ConfusionView, data: PreparedData, tmp_path: Path, qtbot: QtBot
) -> None:
    fill(view, data)
    with qtbot.waitSignal(view.export_failed):
        view.exporter.write_to(str(tmp_path / "none" / "matrix.png"))


def test_both_themes_paint_the_matrix(view: ConfusionView, data: PreparedData) -> None:
    fill(view, data)
    light = view.matrix.grab().toImage().pixelColor(QPoint(1, 1))
    themes.choose("dark")
    try:
        dark = view.matrix.grab().toImage().pixelColor(QPoint(1, 1))
    finally:
        themes.choose("light")
    assert light != dark


def test_shares_are_of_the_true_class_and_unknown_without_samples() -> None:
    shares_found = shares_of(np.array([[3, 1], [0, 0]]))
    assert shares_found[0].tolist() == [0.75, 0.25]
    assert np.isnan(shares_found[1]).all()


def test_a_cell_is_said_in_words() -> None:
    table = np.array([[3, 1], [0, 2]])
    assert cell_in_words(table, ("cat", "dog"), (0, 1)) == "cat taken for dog: 1 of 4, 25.0\u00a0%"
    assert (
        cell_in_words(table, ("cat", "dog"), (1, 1)) == "dog: 2 of 2 answered right, 100.0\u00a0%"
    )


def test_always_the_same_answer_is_normal_before_the_first_step() -> None:
    table = np.array([[5, 0], [5, 0]])
    assert "which is normal" in matrix_in_words(table, ("a", "b"), step=0)
    assert matrix_in_words(table, ("a", "b"), step=9).startswith("Every sample is answered a")


def test_without_mistakes_none_is_taken_for_another() -> None:
    said = matrix_in_words(np.diag([4, 4]), ("a", "b"), step=9)
    assert "None is taken for another" in said


def test_labels_that_are_shifted_are_said_so() -> None:
    shifted = np.roll(np.diag([9, 9, 9, 9]), 1, axis=1) + 1
    said = matrix_in_words(shifted, ("a", "b", "c", "d"), step=9)
    assert "(a → b, b → c, c → d)" in said
    one_class = np.zeros((4, 4), int)
    one_class[:, 0] = 8
    one_class[0, 1] = 1
    assert "shifted" not in matrix_in_words(one_class, ("a", "b", "c", "d"), step=9)


def test_the_calibration_says_whether_it_is_too_sure() -> None:
    sure = calibration(np.full(10, 0.9), np.arange(10) < 5)
    shy = calibration(np.full(10, 0.5), np.arange(10) < 9)
    fits = calibration(np.full(10, 0.5), np.arange(10) < 5)
    assert "40.0\u00a0% surer than" in calibration_in_words(sure)
    assert "less sure than" in calibration_in_words(shy)
    assert "as sure as" in calibration_in_words(fits)
    assert "no probabilities" in calibration_in_words(None)


def test_bins_of_a_few_answers_are_not_joined() -> None:
    confidence = np.concatenate([np.full(20, 0.95), np.full(20, 0.55), [0.15]])
    found = calibration(confidence, np.ones(41, bool))
    *_, alone, joined = scene_of(found).lines
    assert len(joined.x) == 2
    assert np.isnan(alone.y[1::2]).all()
    read = readout_of(found, 20)
    assert read is not None
    assert dict(read.rows)["answers"] == "1"


def other_run(data: PreparedData) -> RunView:
    return replace(run_of(PICTURES, data), identity="run-0", name="Run 0", current=False)


def test_another_run_is_asked_about_the_same_samples(
    view: ConfusionView, data: PreparedData, qtbot: QtBot
) -> None:
    fill(view, data, wrong=2)
    run, other = run_of(PICTURES, data), other_run(data)
    view.compared.offer((run, other))
    view.compared.choose("run-0")
    wished: list[RunView] = []
    view.answers_wished.connect(lambda one, _part: wished.append(one))
    view.show_runs((run, other))
    assert [one.identity for one in wished] == ["run-1", "run-0"]


def test_the_change_against_another_run_is_shown_in_every_cell(
    view: ConfusionView, data: PreparedData
) -> None:
    fill(view, data, wrong=2)
    view.show_runs((run_of(PICTURES, data), other_run(data)))
    view.compared.choose("run-0")
    worse = (truth_of(data) + 1) % data.outputs
    view.take("run-0", answers_to(data, shares(worse, data.outputs), identity="run-0"))
    right = len(truth_of(data)) - 2
    assert view.sentence.text().startswith(f"{right} more are right than in Run 0.")
    for _ in range(2):
        QTest.keyClick(view.mode, Qt.Key.Key_Right)
    assert view.mode.key == "change"
    assert not view.matrix.grab().isNull()
    assert [one.name for one in view.plot.scene.legend] == ["right", "answers", "Run 0"]


def test_what_is_not_known_of_the_other_run_leaves_the_matrix_as_it_is(
    view: ConfusionView, data: PreparedData
) -> None:
    fill(view, data)
    view.show_runs((run_of(PICTURES, data), other_run(data)))
    view.compared.choose("run-0")
    view.take("run-0", text("The weights of this run are not known."))
    assert view.filled.isVisible()
    assert view.compared.answers is None


def test_a_run_that_is_gone_is_compared_no_more(view: ConfusionView, data: PreparedData) -> None:
    fill(view, data)
    view.show_runs((run_of(PICTURES, data), other_run(data)))
    view.compared.choose("run-0")
    menu = QMenu()
    view.fill_menu(menu)
    assert "Compare with" in [action.text() for action in menu.actions()]
    view.show_runs((run_of(PICTURES, data),))
    assert view.compared.run is None


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ([[5, 0], [0, 5]], "2 more are right"),
        ([[4, 1], [0, 5]], "1 more is right"),
        ([[4, 1], [1, 4]], "As many are right"),
        ([[3, 2], [1, 4]], "1 fewer is right"),
    ],
)
def test_a_comparison_counts_the_right_answers(now: list[list[int]], said: str) -> None:
    words = comparison_in_words(np.array(now), np.array([[4, 1], [1, 4]]), "Run 0")
    assert words.startswith(said)
