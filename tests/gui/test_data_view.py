"""The data are seen: pictures, points or facts, by part and class, and distorted anew."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from nnstudio.data.augmentation import Distortions
from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.data.dataset import Dataset
from nnstudio.gui.views.data import DataView
from nnstudio.gui.views.samples import ends_of, kinds_of, rows_of, words_of
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData, prepare

EXPERIMENT = Experiment()
DISTORTED = replace(EXPERIMENT, augmentation=Distortions())


def pictures(count: int = 400, **values: Any) -> PreparedData:
    generator = np.random.default_rng(0)
    given: dict[str, Any] = {
        "targets": np.arange(count) % 4,
        "class_names": ("a", "b", "c", "d"),
        "image_shape": (8, 8),
    }
    inputs = generator.integers(0, 256, (count, 64)).astype(np.uint8)
    made = Dataset.of(inputs, source="test", test_count=40, **(given | values))
    return prepare(EXPERIMENT, made)


def numbers(inputs: int, *, task: Any = "values", outputs: int = 1) -> PreparedData:
    generator = np.random.default_rng(0)
    classes = task == "classes"
    targets: Any = np.arange(90) % 3 if classes else generator.normal(size=(90, outputs))
    made = Dataset.of(
        generator.normal(size=(90, inputs)),
        targets,
        class_names=("a", "b", "c") if classes else (),
        source="test",
        task=task,
    )
    return prepare(EXPERIMENT, made)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[DataView]:
    made = DataView(draw=np.random.default_rng(1))
    qtbot.addWidget(made)
    made.resize(640, 320)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def facts_of(view: DataView) -> str:
    return view.samples.facts.facts[0]


def test_without_data_it_says_what_will_be_seen(view: DataView) -> None:
    view.show_data(None, EXPERIMENT)
    assert view.empty.isVisible()
    assert view.empty.accessibleName() == "No data yet"


def test_a_page_of_pictures_has_the_class_of_each(view: DataView) -> None:
    data = pictures()
    view.show_data(data, EXPERIMENT)
    (shown,) = view.samples.pictures.grid.shown
    first = int(data.split.training[0])
    assert len(shown) == min(view.samples.pictures.grid.capacity, len(data.split.training))
    assert np.array_equal(shown[0].ravel(), data.dataset.inputs[first])
    assert view.samples.pictures.grid.accessibleDescription().startswith(words_of(data, first))


def test_each_part_is_shown_by_itself(view: DataView) -> None:
    data = pictures()
    view.show_data(data, EXPERIMENT)
    view.samples.choices.parts.setFocus()
    QTest.keyClick(view.samples.choices.parts, Qt.Key.Key_End)
    assert facts_of(view) == "40 samples"
    assert np.array_equal(view.samples.pictures.grid.shown[0][0].ravel(), data.dataset.inputs[360])


def test_one_class_can_be_picked(view: DataView) -> None:
    data = pictures()
    view.show_data(data, EXPERIMENT)
    view.samples.choices.kinds.choose("2")
    view.samples.choices.kinds.chosen.emit("2")
    assert set(view.samples.pictures.grid.accessibleDescription().split(", ")) == {"c"}


def test_keys_turn_pages_and_stop_at_the_ends(view: DataView) -> None:
    view.show_data(pictures(), EXPERIMENT)
    first = view.samples.pictures.grid.shown[0]
    view.samples.pictures.grid.page_wished.emit(-1)
    assert np.array_equal(view.samples.pictures.grid.shown[0], first)
    QTest.keyClick(view.samples.pictures.grid, Qt.Key.Key_PageDown)
    assert not np.array_equal(view.samples.pictures.grid.shown[0], first)
    QTest.keyClick(view.samples.pictures.grid, Qt.Key.Key_PageUp)
    assert np.array_equal(view.samples.pictures.grid.shown[0], first)


def test_pages_are_counted_anew_when_another_number_fits(view: DataView) -> None:
    data = pictures()
    view.show_data(data, EXPERIMENT)
    pages, grid = view.samples.pager, view.samples.pictures.grid
    count = len(data.split.training)

    def said() -> str:
        return pages.findChildren(QLabel)[0].text()

    assert said() == f"1 / {-(-count // grid.capacity)}"
    QTest.keyClick(grid, Qt.Key.Key_PageDown)
    first = grid.shown[0][0]
    few = grid.capacity
    view.resize(300, 260)
    QApplication.processEvents()
    assert grid.capacity < few
    at, all_of = few // grid.capacity + 1, -(-count // grid.capacity)
    assert said() == f"{at} / {all_of}"
    view.resize(640, 320)
    QApplication.processEvents()
    assert grid.capacity == few
    assert said() == f"2 / {-(-count // few)}"
    assert np.array_equal(grid.shown[0][0], first)


def test_a_part_without_samples_says_so(view: DataView) -> None:
    data = pictures(count=60)
    none = replace(data, split=replace(data.split, validation=np.empty(0, np.int64)))
    view.show_data(none, EXPERIMENT)
    view.samples.choices.parts.chosen.emit("validation")
    assert not view.samples.pictures.isVisible()
    assert facts_of(view) == "0 samples"


def test_augmentation_is_shown_beside_the_originals(view: DataView) -> None:
    view.show_data(pictures(), DISTORTED)
    original, distorted = view.samples.pictures.grid.shown
    assert original.shape == distorted.shape
    assert not np.array_equal(original, distorted)
    view.show_data(view._data, EXPERIMENT)
    assert len(view.samples.pictures.grid.shown) == 1


def test_what_is_held_out_is_never_distorted(view: DataView) -> None:
    view.show_data(pictures(), DISTORTED)
    view.samples.choices.parts.chosen.emit("test")
    assert len(view.samples.pictures.grid.shown) == 1
    assert view.samples.choices.anew.isHidden()


def test_pictures_are_distorted_anew_on_wish_and_the_data_stay_as_they_are(
    view: DataView,
) -> None:
    data = pictures()
    view.show_data(data, DISTORTED)
    original, first = view.samples.pictures.grid.shown
    view.samples.choices.anew.click()
    again, second = view.samples.pictures.grid.shown
    assert np.array_equal(original, again)
    assert not np.array_equal(first, second)


def test_it_distorts_by_itself_only_while_it_is_seen_and_not_stopped(view: DataView) -> None:
    view.show_data(pictures(), DISTORTED)
    assert view.samples._timer.isActive()
    view.samples.choices.play.click()
    assert not view.samples._timer.isActive()
    view.samples.choices.play.click()
    assert view.samples._timer.isActive()
    view.hide()
    assert not view.samples._timer.isActive()


def test_nothing_is_drawn_while_it_is_hidden(view: DataView) -> None:
    view.hide()
    view.show_data(pictures(), EXPERIMENT)
    assert view.samples.pictures.grid.shown == ()
    view.show()
    assert len(view.samples.pictures.grid.shown) == 1


def test_two_inputs_are_points_in_the_colours_of_their_classes(view: DataView) -> None:
    data = numbers(2, task="classes")
    view.show_data(data, EXPERIMENT)
    points = view.samples.points.scatter.points
    assert view.samples.points.scatter.isVisible()
    assert points is not None
    assert [cloud.name for cloud in points.clouds] == ["a", "b", "c"]
    assert sum(len(cloud.x) for cloud in points.clouds) == len(data.split.training)
    assert len({cloud.colour.name() for cloud in points.clouds}) == 3


def test_values_of_two_inputs_are_shades(view: DataView) -> None:
    data = numbers(2)
    view.show_data(data, EXPERIMENT)
    points = view.samples.points.scatter.points
    assert points is not None
    assert sum(len(cloud.x) for cloud in points.clouds) == len(data.split.training)
    assert view.samples.choices.kinds.isHidden()
    reach = np.abs(data.dataset.targets).max()
    named = [cloud.name for cloud in points.clouds if cloud.name]
    assert named == [f"−{reach:.3g}", f"{reach:.3g}"]


def test_labels_of_two_inputs_are_told_by_the_first_one(view: DataView) -> None:
    generator = np.random.default_rng(0)
    targets = (generator.normal(size=(90, 2)) > 0).astype(float)
    made = Dataset.of(
        generator.normal(size=(90, 2)),
        targets,
        class_names=("warm", "wet"),
        source="test",
        task="labels",
    )
    data = prepare(EXPERIMENT, made)
    view.show_data(data, EXPERIMENT)
    points = view.samples.points.scatter.points
    assert points is not None
    filled = {cloud.name: len(cloud.x) for cloud in points.clouds if len(cloud.x)}
    warm = int(targets[data.split.training, 0].sum())
    assert filled == {"not warm": len(data.split.training) - warm, "warm": warm}


def test_one_input_is_a_plot_and_a_polynomial_brings_its_curve(view: DataView) -> None:
    source = WeightedSource(source=Polynomial())
    experiment = replace(EXPERIMENT, data=DataSettings(sources=(source,)))
    view.show_data(numbers(1), experiment)
    points = view.samples.points.scatter.points
    assert points is not None
    (curve,) = points.curves
    assert (curve.name, curve.dashed) == ("without noise", True)
    assert np.allclose(curve.y, Polynomial().value(curve.x))


def test_other_data_are_rows_of_numbers(view: DataView) -> None:
    data = numbers(5, outputs=2)
    view.show_data(data, EXPERIMENT)
    assert not view.samples.pictures.isVisible()
    assert not view.samples.points.isVisible()
    assert view.samples.numbers.rows == len(data.split.training)
    assert view.samples.numbers.headings[:3] == ("sample", "target", "input 1")


def test_labels_are_named_and_picked_where_they_hold() -> None:
    targets = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 1.0, 1.0]] * 20)
    made = Dataset.of(np.zeros((60, 4)), targets, class_names=(), source="test", task="labels")
    data = prepare(EXPERIMENT, made)
    assert kinds_of(data) == ("0", "1", "2")
    assert [words_of(data, row) for row in range(3)] == ["0, 2", "–", "1, 2"]
    assert set((rows_of(data, "training", 1) % 3).tolist()) == {2}


def test_inputs_that_are_no_bytes_lie_between_what_they_hold() -> None:
    low, high = ends_of(numbers(5))
    assert low < 0 < high
    assert ends_of(pictures()) == (0.0, 255.0)
