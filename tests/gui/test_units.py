"""Units are shown as the engine computes them: by layer, one at large, the dead with a step."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.doctor.diagnosis import Diagnosis, Finding, Severity, Shows
from nnstudio.gui.theme import themes
from nnstudio.gui.views.units import UnitsView
from nnstudio.gui.views.units.cells import Layer, arrange, painted
from nnstudio.gui.views.units.probe import Death, Deaths, Probed, closer, flatness_of
from nnstudio.gui.views.units.told import answer_of, sentence_of
from nnstudio.gui.widgets.beside import Beside
from nnstudio.nn.activations import Relu, Sigmoid
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Sgd
from nnstudio.runs.inside import LayerValues
from nnstudio.texts import text
from nnstudio.training.snapshot import RunState
from tests.gui.inside_runs import Trained, at_once, pictures


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[UnitsView]:
    made = UnitsView(beside=Beside(start=at_once), clock=lambda: 0.0)
    qtbot.addWidget(made)
    made.resize(758, 400)
    made.show()
    yield made
    themes.choose("light")


def shown(view: UnitsView, trained: Trained, state: RunState = RunState.FINISHED) -> UnitsView:
    view.show_data(trained.data, trained.experiment)
    view.show_runs((trained.run(state),))
    return view


def relu(units: int = 6) -> dict[str, NetworkSpec]:
    return {"network": NetworkSpec(layers=(HiddenLayer(units=units, activation=Relu()),))}


def killed(trained: Trained, unit: int) -> None:
    """Give a unit of the first layer a bias from which it never comes back."""
    trained.state.network.layout.views(trained.state.network.vector)["layers.0.b"][unit] = -100


def test_without_a_run_it_says_what_will_be_here(view: UnitsView) -> None:
    view.show_runs(())
    assert "Train" in view.empty.accessibleDescription()
    assert not view.map.isVisible()


def test_without_data_it_waits_for_them(view: UnitsView) -> None:
    view.show_runs((Trained().run(),))
    assert view.empty.accessibleName() == "No sample yet"


def test_other_data_than_those_of_the_run_are_not_shown_as_its_own(view: UnitsView) -> None:
    other = Trained(pictures())
    view.show_data(other.data, other.experiment)
    view.show_runs((Trained().run(),))
    assert "not those of the run" in view.empty.accessibleName()


def test_every_layer_shows_what_the_engine_computes(view: UnitsView) -> None:
    trained = Trained().train(3)
    shown(view, trained)
    sample = view.choice.sample
    assert sample is not None
    scaled = np.empty((1, 2))
    trained.data.scaling.into(sample.inputs, scaled)
    expected = trained.state.network.activations(scaled)
    for layer, outputs in zip(view.map.layers, expected, strict=True):
        np.testing.assert_allclose(layer.values, outputs[0])
    assert view.map.layers[-1].names == ("same", "other")


def test_newer_parameters_change_the_map_and_the_same_ones_do_not(view: UnitsView) -> None:
    trained = Trained()
    run = trained.run()
    view.show_data(trained.data, trained.experiment)
    view.show_runs((run,))
    before = view.map.layers
    view.show_runs((replace(run, name="another name"),))
    assert view.map.layers is before
    trained.train(5)
    view.show_runs((trained.run(),))
    assert not np.array_equal(view.map.layers[0].values, before[0].values)


def test_a_drawing_goes_before_the_samples_where_the_network_reads_pictures(
    view: UnitsView,
) -> None:
    draw = np.random.default_rng(0)
    data = pictures()
    big = replace(
        data,
        inputs=draw.integers(0, 255, (24, 784)).astype(np.uint8),
        image_shape=(28, 28),
    )
    shown(view, Trained(big))
    sample = view.choice.sample
    assert sample is not None
    assert sample.row is not None
    view.show_drawing(np.full((28, 28), 9, np.uint8))
    drawn = view.choice.sample
    assert drawn is not None
    assert drawn.row is None
    assert "your drawing" in view.answer.text()
    view.choice.pick(2)
    assert view.choice.sample is not None
    assert view.choice.sample.row is not None


def test_a_clicked_unit_is_shown_at_large_with_its_weights(view: UnitsView) -> None:
    trained = shown(view, Trained(pictures()).train(2))
    view.show_unit((0, 1))
    assert view.card.isVisible()
    assert view.card._picture.isVisible()
    assert view.card._samples.isVisible()
    assert view.card._out_bars.isVisible()
    assert view.map.marked == (0, 1)
    view.card.closed.emit()
    assert not view.card.isVisible()
    assert trained.map.marked is None


def test_a_unit_that_no_sample_moves_is_dead_and_its_step_is_found(view: UnitsView) -> None:
    trained = Trained(pictures(), optimizer=Sgd(learning_rate=1e-4), **relu(12)).train(4)
    alive = int(np.argmax(trained.state.network.layout.views(trained.initial)["layers.0.W"].sum(0)))
    killed(trained, alive)
    trained.train(4)
    shown(view, trained)
    dead = view.map.layers[0].dead
    assert dead is not None
    assert dead[alive]
    assert "dead" in view.sentence.text()
    view.show_unit((0, alive))
    assert "between step 4 and step 8" in view.card.state_words


def test_a_unit_dead_from_the_start_says_so(view: UnitsView) -> None:
    trained = Trained(pictures(), **relu())
    killed(trained, 0)
    trained.kept = (replace(trained.kept[0], vector=trained.state.network.vector.copy()),)
    shown(view, trained)
    view.show_unit((0, 0))
    assert "from the start" in view.card.state_words


def test_a_broken_network_names_the_layer_where_numbers_end(view: UnitsView) -> None:
    trained = Trained()
    vector = trained.state.network.vector.copy()
    vector[:] = np.nan
    view.show_data(trained.data, trained.experiment)
    view.show_runs((trained.run(RunState.DIVERGED, vector=vector),))
    assert "From layer 1 on" in view.sentence.text()
    assert "no number" in view.answer.text()


def test_the_arrows_walk_from_unit_to_unit_and_through_the_layers(view: UnitsView) -> None:
    shown(view, Trained())
    view.map.setFocus()
    for key, mark in (
        (Qt.Key.Key_Right, (0, 0)),
        (Qt.Key.Key_Right, (0, 1)),
        (Qt.Key.Key_Down, (1, 0)),
        (Qt.Key.Key_Left, (0, 3)),
        (Qt.Key.Key_PageDown, (1, 0)),
        (Qt.Key.Key_Escape, None),
    ):
        QTest.keyClick(view.map, key)
        assert view.map.marked == mark


def test_a_click_picks_the_unit_under_the_pointer(view: UnitsView) -> None:
    shown(view, Trained())
    left, top = view.map._blocks[0].place(2)
    QTest.mouseClick(view.map, Qt.MouseButton.LeftButton, pos=QPoint(left + 3, top + 3))
    assert view.map.marked == (0, 2)
    assert view.map.unit_at(QPointF(left + 3, top - 3)) is None


def test_cells_of_many_units_shrink_until_they_fit() -> None:
    layers = tuple(Layer("", "", np.zeros(784), 1.0) for _ in range(3))
    blocks = arrange(layers, width=560, height=300)
    assert blocks[-1].top + blocks[-1].height <= 300
    assert blocks[0].units == 784


def test_a_dead_cell_has_a_dot() -> None:
    layer = Layer("", "", np.zeros(2), 1.0, np.array([False, True]))
    block = arrange((layer,), width=100, height=100)[0]
    colours = np.arange(256, dtype=np.uint32)
    image = painted(layer, block, ratio=1, colours=colours, ground=1, dead=777, unknown=9)
    assert 777 not in image[:, : block.wide]
    assert 777 in image[:, block.wide :]


def test_what_two_looks_say_of_a_death_is_joined() -> None:
    assert closer(Death(3, 9), Death(5, 20)) == Death(5, 9)
    assert closer(Death(None, None), Death(1, 2)) == Death(1, 2)


def test_a_unit_that_came_back_is_alive() -> None:
    deaths = Deaths()
    for step, dead in ((0, False), (5, True), (9, True), (12, False), (15, True)):
        deaths.note(Probed(step, (np.zeros((2, 1)),), (np.array([dead]),), (None,)))
    assert deaths.of(0, 0) == Death(12, 15)


def test_rewinding_changes_nothing_of_what_is_known_of_deaths() -> None:
    deaths = Deaths()
    for step, dead in ((0, False), (9, True), (3, False)):
        deaths.note(Probed(step, (np.zeros((2, 1)),), (np.array([dead]),), (None,)))
    assert deaths.of(0, 0) == Death(0, 9)


def test_what_the_doctor_claims_of_units_goes_before_our_own_sentence(view: UnitsView) -> None:
    trained = Trained()
    claim = text("Half of the units are dead.")
    finding = Finding("dead-units", Severity.SLOW, 3, 0.5, 0.1, claim, claim, shows=Shows.UNITS)
    note = replace(finding, severity=Severity.NOTE, claim=text("A note."))
    elsewhere = replace(finding, shows=Shows.LOSS, claim=text("Something else."))
    view.show_data(trained.data, trained.experiment)
    told = Diagnosis(step=3, findings=(note, elsewhere, finding))
    view.show_runs((trained.run(RunState.FINISHED, diagnosis=told),))
    assert view.sentence.text() == "Half of the units are dead."


def test_all_numbers_are_exported(view: UnitsView, tmp_path: Path) -> None:
    shown(view, Trained())
    view.exporter.write(tmp_path / "units.csv")
    lines = (tmp_path / "units.csv").read_text().splitlines()
    assert lines[0].startswith("layer,unit")
    assert len(lines) == 1 + 4 + 2
    view.exporter.write(tmp_path / "units.png")
    assert (tmp_path / "units.png").stat().st_size > 1000
    menu = QMenu()
    view.fill_menu(menu)
    assert len(menu.actions()) == 3


def test_another_theme_repaints_the_cells(view: UnitsView) -> None:
    themes.choose("light")
    shown(view, Trained())
    light = view.map.grab().toImage()
    themes.choose("dark")
    assert view.map.grab().toImage() != light


def test_a_saturated_layer_says_how_much_of_its_slope_is_left(view: UnitsView) -> None:
    trained = Trained(pictures())
    # flat at every sample, but for none so flat that nothing is left
    trained.state.network.layout.views(trained.state.network.vector)["layers.0.b"][:] = 6
    trained.state.network.layout.views(trained.state.network.vector)["layers.0.W"][:] *= 0.1
    shown(view, trained)
    assert "100\xa0% saturated" in view.map.layers[0].facts
    assert "is saturated in 100\xa0% of its values" in view.sentence.text()
    assert "of the steepest slope is left" in view.sentence.text()


def test_only_a_layer_that_can_saturate_is_said_to_be_flat() -> None:
    sums = np.array([[-20.0, 0.0]])
    found = flatness_of(Sigmoid(), sums, 1 / (1 + np.exp(-sums)))
    assert found is not None
    assert found.saturated == 0.5
    assert found.slope == pytest.approx(0.5)
    assert flatness_of(Relu(), sums, np.maximum(sums, 0)) is None


def test_a_unit_that_gives_next_to_nothing_does_not_answer() -> None:
    values = LayerValues(np.zeros((1, 1)), np.zeros((1, 2)), None, np.array([[9.9e-305, 0.5]]))
    said = sentence_of((values, values), (None, None), probed=5)
    assert said.startswith("1 of 2 units of layer 1")


def test_only_answers_about_classes_are_shares() -> None:
    outputs = np.array([0.71])
    assert answer_of(outputs, ("y",), shares=False) == "y: 0.71"
    assert answer_of(outputs, ("y",), shares=True) == "y: 71.0\xa0%"
