"""Units of a network drawn with its data: a layer as small pictures, one unit behind the points."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.gui.views.data import DataView
from nnstudio.gui.views.data.units import Units, curves_of, layer_in_words, unit_in_words
from nnstudio.nn.network import build
from tests.gui.test_data_overlay import CURVE, MOONS, after, loaded, run_of


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[DataView]:
    made = DataView()
    qtbot.addWidget(made)
    made.resize(640, 400)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def pick(view: DataView, layer: int, unit: int = -1) -> None:
    view.samples.points.boundary.choose(layer, unit, tell=True)


def test_a_layer_is_shown_as_one_picture_for_each_unit(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    run = run_of(MOONS, data)
    view.show_runs((run,))
    assert view.samples.points.boundary.layers.count() == 2
    pick(view, 0)
    assert view.samples.points.unit_grid.isVisible()
    assert view.samples.points.unit_grid.shown_tiles == range(4)
    assert "Layer 1" in view.samples.facts.facts[0]


def test_a_click_on_a_picture_puts_the_unit_behind_the_points(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.show_runs((run_of(MOONS, data),))
    pick(view, 0)
    QTest.keyClick(view.samples.points.unit_grid, Qt.Key.Key_Right)
    assert view.samples.points.scatter.isVisible()
    assert view.samples.points.scatter.backdrop is not None
    assert view.samples.points.boundary.units.key == "0"
    assert view.samples.facts.facts[0] == "Layer 1, unit 0"
    assert view.samples.facts.facts[1].startswith("from ")


def test_the_pictures_follow_the_newest_weights(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    run = run_of(MOONS, data)
    view.show_runs((run,))
    pick(view, 0)
    before = view.samples.points.unit_grid._tiles.copy()
    view.show_runs((after(run, 3),))
    assert not np.array_equal(before, view.samples.points.unit_grid._tiles)


def test_the_answer_comes_back_when_it_is_chosen(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.show_runs((run_of(MOONS, data),))
    pick(view, 0)
    pick(view, -1)
    assert view.samples.points.scatter.isVisible()
    assert view.samples.points.scatter.backdrop is not None
    assert view.samples.facts.facts[0].endswith("samples")


def test_a_network_without_that_layer_shows_its_answer_again(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.show_runs((run_of(MOONS, data),))
    pick(view, 0, 3)
    view.samples.points.boundary.offer((2,), single=True)
    assert (view.samples.points.boundary.layer, view.samples.points.boundary.unit) == (-1, -1)


def test_along_one_input_units_are_thin_curves(view: DataView) -> None:
    data = loaded(CURVE)
    view.show_data(data, CURVE)
    view.show_runs((run_of(CURVE, data),))
    pick(view, 0)
    assert view.samples.points.scatter.isVisible()
    assert [one.thin for one in view.samples.points.scatter.curves].count(True) == 4
    assert "adds" in view.samples.facts.facts[1]


def test_what_the_last_units_add_makes_the_answer() -> None:
    data = loaded(CURVE)
    run = run_of(CURVE, data)
    units = Units()
    units.follow(run)
    inputs = data.dataset.inputs[:5]
    network = build(CURVE.network, inputs=1, outputs=1, loss=CURVE.loss, dtype=np.float32)
    assert run.snapshot.weights is not None
    network.vector[:] = run.snapshot.weights.vector
    scaled = np.empty_like(inputs, np.float32)
    data.scaling.into(inputs, scaled)
    answer = network.predict(scaled)[:, 0]
    bias = network.layout.views(network.vector)["layers.1.b"][0]
    assert units.shares_of(inputs).sum(axis=1) + bias == pytest.approx(answer, rel=1e-4, abs=1e-5)


def test_units_that_say_the_same_everywhere_are_counted() -> None:
    said = np.stack([np.linspace(0, 1, 5), np.zeros(5)], axis=1)
    assert layer_in_words(said, 0)[1] == "1 of 2 units say the same everywhere"
    assert layer_in_words(np.zeros((5, 2)), 1) == ("Layer 2", "all units say the same everywhere")
    assert layer_in_words(said[:, :1], 0)[1].endswith("in its own way")
    assert unit_in_words(np.full(3, np.nan), 0, 1)[1] == "no number at all"
    assert len(curves_of(np.arange(5.0), said)) == 2


def test_samples_and_answers_are_written_as_csv(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    assert view.table().splitlines()[0] == "sample,x1,x2,true"
    view.show_runs((run_of(MOONS, data),))
    lines = view.table().splitlines()
    assert lines[0] == "sample,x1,x2,true,answer1,answer2"
    assert len(lines) == 1 + len(data.split.training)


def test_a_narrow_panel_keeps_the_layers_in_the_menu_alone(
    view: DataView,
) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.show_runs((run_of(MOONS, data),))
    assert view.samples.points.boundary.isVisible()
    view.resize(220, 200)
    assert not view.samples.points.boundary.isVisible()
    assert view.samples.choices.part_list.isVisible()
    menu = QMenu()
    view.fill_menu(menu)
    layers = next(one for one in menu.findChildren(QMenu) if "network" in one.title())
    layers.actions()[1].trigger()
    assert view.samples.points.boundary.layer == 0
    assert view.samples.points.unit_grid.isVisible()


def test_a_part_that_drops_down_is_chosen_as_one_that_stands_there(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.resize(220, 300)
    view.samples.choices.part_list.chosen.emit("validation")
    assert view.samples.choices.parts.key == "validation"
    count = len(data.split.validation)
    assert view.samples.facts.facts[0].startswith(str(count))
