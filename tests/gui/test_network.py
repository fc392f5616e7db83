"""A network is drawn as it is: small ones weight by weight, large ones as blocks; live."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import themes
from nnstudio.gui.views.network import NetworkView
from nnstudio.gui.views.network.plan import bands_of
from nnstudio.nn.activations import Relu
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.training.snapshot import RunState
from tests.gui.inside_runs import Trained, pictures


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[NetworkView]:
    made = NetworkView()
    qtbot.addWidget(made)
    made.resize(758, 400)
    made.show()
    yield made
    themes.choose("light")


def shown(view: NetworkView, trained: Trained) -> NetworkView:
    view.show_data(trained.data, trained.experiment)
    view.show_runs((trained.run(),))
    return view


def wide() -> Trained:
    layers = (HiddenLayer(units=40, activation=Relu(), dropout=Dropout()),)
    return Trained(pictures(), network=NetworkSpec(layers=layers))


def test_without_a_run_it_says_what_will_be_here(view: NetworkView) -> None:
    view.show_runs(())
    assert "Train" in view.empty.accessibleDescription()


def test_a_small_network_shows_every_weight_of_the_run(view: NetworkView) -> None:
    trained = Trained().train(2)
    shown(view, trained)
    drawing = view.picture.drawing
    assert drawing is not None
    assert drawing.small
    weights = trained.state.network.layout.views(trained.state.network.vector)
    np.testing.assert_array_equal(drawing.matrices[0], weights["layers.0.W"])
    assert drawing.columns[0].names == ("x₁", "x₂")
    assert drawing.columns[-1].names == ("same", "other")


def test_what_the_sample_makes_of_every_unit_is_shown(view: NetworkView) -> None:
    trained = Trained().train(2)
    shown(view, trained)
    drawing, sample = view.picture.drawing, view.choice.sample
    assert drawing is not None
    assert sample is not None
    scaled = np.empty((1, 2))
    trained.data.scaling.into(sample.inputs, scaled)
    expected = trained.state.network.activations(scaled)
    for column, outputs in zip(drawing.columns[1:], expected, strict=True):
        assert column.values is not None
        np.testing.assert_allclose(column.values, outputs[0])


def test_without_data_the_weights_are_drawn_alone(view: NetworkView) -> None:
    view.show_runs((Trained().run(),))
    drawing = view.picture.drawing
    assert drawing is not None
    assert drawing.columns[1].values is None


def test_lines_can_show_the_gradient_and_the_change(view: NetworkView) -> None:
    trained = Trained().train(2)
    shown(view, trained)
    view.modes.chosen.emit("gradient")
    view.modes.choose("gradient")
    view._choose_mode()
    drawing = view.picture.drawing
    assert drawing is not None
    gradient = trained.state.network.layout.views(trained.state.network.gradient)
    np.testing.assert_array_equal(drawing.matrices[0], gradient["layers.0.W"])
    assert "largest slope" in view.sentence.text()
    view.modes.choose("change")
    view._choose_mode()
    assert "changed most" in view.sentence.text()


def test_the_sentence_names_the_strongest_weight(view: NetworkView) -> None:
    trained = Trained()
    trained.state.network.layout.views(trained.state.network.vector)["layers.1.W"][2, 1] = -9
    shown(view, trained)
    assert "−9, from unit 2 of layer 1 to other" in view.sentence.text()


def test_a_large_network_is_blocks_with_sizes_and_parameters(view: NetworkView) -> None:
    shown(view, wide())
    drawing = view.picture.drawing
    assert drawing is not None
    assert not drawing.small
    assert [one.units for one in drawing.columns] == [12, 40, 2]
    assert drawing.columns[1].under == "ReLU · dropout"
    assert "602 parameters" in view.sentence.text()
    assert drawing.columns[0].picture == (4, 3)
    place = view.picture._places[1]
    assert "520 parameters" in view.picture.words_at(QPointF(place.x, 100))


def test_numbers_that_are_not_finite_are_said_so(view: NetworkView) -> None:
    trained = Trained()
    vector = np.full_like(trained.initial, np.nan)
    view.show_data(trained.data, trained.experiment)
    view.show_runs((trained.run(RunState.DIVERGED, vector=vector),))
    assert "broken down" in view.sentence.text()
    view.picture.grab()


def test_a_click_on_a_unit_lets_its_lines_stand_out(view: NetworkView) -> None:
    shown(view, Trained())
    before = view.picture.grab().toImage()
    place = view.picture._places[1]
    at = QPoint(round(place.x), round(place.y(2)))
    QTest.mouseClick(view.picture, Qt.MouseButton.LeftButton, pos=at)
    assert view.picture.marked == (1, 2)
    assert view.picture.grab().toImage() != before
    QTest.keyClick(view.picture, Qt.Key.Key_Up)
    assert view.picture.marked == (1, 1)
    QTest.keyClick(view.picture, Qt.Key.Key_Right)
    assert view.picture.marked == (2, 1)
    QTest.keyClick(view.picture, Qt.Key.Key_Escape)
    assert view.picture.marked is None


def test_a_line_under_the_pointer_says_what_it_is(view: NetworkView) -> None:
    shown(view, Trained())
    left, right = view.picture._places[:2]
    middle = QPointF((left.x + right.x) / 2, (left.y(0) + right.y(0)) / 2)
    assert "from x₁" in view.picture.words_at(middle)
    assert not view.picture.words_at(QPointF(1, 1))


def test_the_same_parameters_are_painted_once(view: NetworkView) -> None:
    run = shown(view, Trained())._run
    assert run is not None
    view.picture.grab()
    painted = view.picture.painted
    view.show_runs((replace(run, name="other"),))
    view.picture.grab()
    assert view.picture.painted == painted


def test_of_many_units_the_strongest_are_seen() -> None:
    values = np.zeros(784)
    values[300] = -5
    assert bands_of(values, 40).min() == -5
    assert len(bands_of(values, 40)) == 40


def test_numbers_of_small_and_large_networks_are_exported(
    view: NetworkView, tmp_path: Path
) -> None:
    shown(view, Trained())
    view.exporter.write(tmp_path / "small.csv")
    assert len((tmp_path / "small.csv").read_text().splitlines()) == 1 + 8 + 8
    shown(view, wide())
    view.exporter.write(tmp_path / "large.csv")
    assert len((tmp_path / "large.csv").read_text().splitlines()) == 1 + 3


def test_another_theme_repaints_the_drawing(view: NetworkView) -> None:
    themes.choose("light")
    shown(view, Trained())
    light = view.picture.grab().toImage()
    themes.choose("dark")
    assert view.picture.grab().toImage() != light
