"""The weights are shown as they are: by unit, at one scale, sorted, with their numbers in words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import theme, themes
from nnstudio.gui.views.weights import WeightsView
from nnstudio.gui.views.weights.controls import Choice
from nnstudio.gui.views.weights.facts import facts_of_layer, remark_on_unit
from nnstudio.gui.views.weights.layers import (
    Layer,
    layers_of,
    ordered,
    relative_change,
    weights_in,
)
from nnstudio.gui.widgets.image_grid import TileHit
from nnstudio.gui.widgets.signed_bars import as_strip
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.nn.normalization import BatchNorm
from nnstudio.nn.parameters import Layout
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.training.snapshot import RunState, Weights
from tests.gui.histories import history_of, run_of

NAMES = ("zero", "one", "two")


def blueprint_of(
    shapes: list[tuple[int, int]],
    *,
    picture: tuple[int, int] | None = None,
    constant: NDArray[np.bool_] | None = None,
    initial: NDArray[np.floating] | None = None,
) -> Blueprint:
    parameters: dict[str, tuple[int, ...]] = {}
    for at, shape in enumerate(shapes):
        parameters |= {f"layers.{at}.W": shape, f"layers.{at}.b": (shape[1],)}
    layout = Layout.of(layers=len(shapes), parameters=parameters)
    unused: Any = SimpleNamespace()
    return Blueprint(unused, layout, NAMES, picture, unused, constant, initial)


def picture_run(
    *, scale: float = 1.0, gradient: bool = True, initial: bool = True, epoch: int = 0
) -> RunView:
    """4 units that look at pictures of 3 x 2, and 3 outputs."""
    shapes = [(6, 4), (4, 3)]
    size = sum(rows * columns + columns for rows, columns in shapes)
    start = np.linspace(-0.5, 0.5, size).astype(np.float32)
    vector = start * np.float32(scale)
    vector[:4] = start[:4]  # the weights of input 0, which is always 0
    constant = np.array([True, False, False, False, False, False])
    blueprint = blueprint_of(
        shapes, picture=(3, 2), constant=constant, initial=start if initial else None
    )
    slopes = np.zeros(size, np.float32)
    slopes[4:24] = np.tile([0.3, 0.0, 0.1, 0.2], 5)
    weights = Weights(10, vector, slopes if gradient else None)
    run = run_of(history_of([1.0]), weights=weights, blueprint=blueprint)
    return replace(run, snapshot=replace(run.snapshot, epoch=epoch))


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[WeightsView]:
    made = WeightsView()
    qtbot.addWidget(made)
    made.resize(758, 440)
    made.show()
    yield made
    themes.choose("light")


def tiles_of(view: WeightsView) -> NDArray[np.floating]:
    return view.grid._tiles


def choose(view: WeightsView, **changed: Any) -> None:
    view.choose(replace(view.controls.choice, **changed))


def test_without_a_run_it_says_in_words_what_will_be_here(view: WeightsView) -> None:
    view.show_runs(())
    assert not view.grid.isVisible()
    assert "Train" in view.empty.accessibleDescription()


def test_the_first_layer_is_one_picture_for_each_unit(view: WeightsView) -> None:
    run = picture_run(scale=2.0)
    view.show_runs((run,))
    assert run.blueprint is not None
    assert run.snapshot.weights is not None
    matrix = weights_in(run.blueprint.layout, run.snapshot.weights.vector, 0)
    assert matrix is not None
    assert tiles_of(view).shape == (4, 3, 2)
    np.testing.assert_array_equal(tiles_of(view)[2], matrix[:, 2].reshape(3, 2))


def test_before_the_first_step_the_initial_weights_are_shown(view: WeightsView) -> None:
    run = picture_run()
    view.show_runs((replace(run, snapshot=replace(run.snapshot, weights=None)),))
    assert tiles_of(view).shape == (4, 3, 2)


def test_an_untrained_network_gives_way_to_one_with_fewer_units(view: WeightsView) -> None:
    first = picture_run()
    blueprint = blueprint_of([(6, 2), (2, 3)], picture=(3, 2))
    weights = Weights(0, np.zeros(blueprint.layout.size, np.float32))
    fewer = replace(first, blueprint=blueprint, snapshot=replace(first.snapshot, weights=weights))
    view.show_runs((first,))
    view.show_runs((fewer,))
    assert fewer.identity == first.identity
    assert tiles_of(view).shape == (2, 3, 2)


def test_a_later_layer_is_one_matrix_with_a_row_for_each_unit(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    choose(view, layer=1)
    rows, columns = view._cell
    assert tiles_of(view).shape == (1, 3 * rows, 4 * columns)
    view._point(TileHit(0, 2 * rows, 3 * columns))
    assert view.facts.facts[:2] == ("Unit 2: two", "input 3")


def test_a_network_with_normalization_is_shown_as_any_other(view: WeightsView) -> None:
    layers = tuple(HiddenLayer(units=H, normalization=BatchNorm()) for H in (4, 3))
    layout = layout_of(NetworkSpec(layers=layers), inputs=6, outputs=3)
    blueprint = replace(blueprint_of([(6, 4)], picture=(3, 2)), layout=layout)
    vector = np.linspace(-0.5, 0.5, layout.size)
    weights = Weights(10, vector, vector[: layout.parameters])
    view.show_runs((run_of(history_of([1.0]), weights=weights, blueprint=blueprint),))
    assert tiles_of(view).shape == (4, 3, 2)
    for mode in ("weights", "gradient"):
        choose(view, layer=1, mode=mode)
        rows, columns = view._cell
        assert tiles_of(view).shape == (1, 3 * rows, 4 * columns)
    assert [layer.units for layer in layers_of(blueprint)] == [4, 3, 3]


def test_inputs_of_two_numbers_are_a_matrix(view: WeightsView) -> None:
    vector = np.arange(10, dtype=np.float64)
    run = run_of(
        history_of([1.0]),
        weights=Weights(1, vector),
        blueprint=blueprint_of([(2, 2), (2, 1)]),
    )
    view.show_runs((run,))
    shape = tiles_of(view).shape
    assert shape[0] == 1
    assert shape[1] > 1


def test_the_gradient_of_the_last_step_is_shown(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    choose(view, mode="gradient")
    assert tiles_of(view)[0].max() == np.float32(0.3)
    assert not tiles_of(view)[1].any()


def test_a_gradient_that_is_not_known_is_said_in_words(view: WeightsView) -> None:
    view.show_runs((picture_run(gradient=False),))
    choose(view, mode="gradient")
    assert not view.grid.isVisible()
    assert view._missing.accessibleName() == "No gradient yet"
    choose(view, mode="weights")
    assert view.grid.isVisible()


def test_a_start_that_is_not_known_is_said_in_words(view: WeightsView) -> None:
    view.show_runs((picture_run(initial=False),))
    choose(view, mode="change")
    assert view._missing.accessibleName() == "The start is not known"


def test_the_change_since_the_start_is_shown(view: WeightsView) -> None:
    view.show_runs((picture_run(scale=1.5),))
    choose(view, mode="change")
    start = np.linspace(-0.5, 0.5, 43)[:24].reshape(6, 4)
    np.testing.assert_allclose(tiles_of(view)[3].ravel()[1:], 0.5 * start[1:, 3], atol=1e-6)


def test_one_scale_is_symmetric_and_has_round_ends(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    assert view.bar.labels() == ["+0.50", "+0.25", "0", "−0.25", "−0.50"]
    choose(view, own_scale=True)
    assert view.bar.labels() == []
    assert len(set(view.grid._limits.tolist())) == 4


def test_hovering_tells_unit_input_weight_and_sums(view: WeightsView) -> None:
    view.show_runs((picture_run(scale=2.0),))
    view._point(TileHit(3, 2, 1))
    start = np.linspace(-0.5, 0.5, 43)[:24].reshape(6, 4)
    now = 2 * start
    now[0] = start[0]
    change = np.linalg.norm(now - start) / np.linalg.norm(start)
    assert view.facts.facts == (
        "Unit 3",
        "input (1, 2)",
        "w = +0.095",
        f"Σ|w| = {np.abs(now[:, 3]).sum():.3g}",
        f"change since start = {np.abs(now - start)[:, 3].sum():.3g}",
        f"Σ|W| = {np.abs(now).sum():.3g}",
        f"||ΔW|| / ||W|| since start = {change:.3g}",
    )


def test_an_input_that_is_always_zero_explains_itself(view: WeightsView) -> None:
    view.show_runs((picture_run(scale=2.0),))
    view._point(TileHit(1, 0, 0))
    assert "never changes because this input is always 0" in view.facts.facts
    view._point(TileHit(1, 0, 1))
    assert "never changes because this input is always 0" not in view.facts.facts


def test_constant_inputs_are_hatched_until_the_menu_says_otherwise(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    hatched = view.grid.grab().toImage()
    mask = view.grid._mask
    assert mask is not None
    assert mask.tolist() == [[True, False], [False, False], [False, False]]
    menu = QMenu(view)
    view.fill_menu(menu)
    next(one for one in menu.actions() if one.text().startswith("Hatch")).trigger()
    menu.close()
    assert view.grid.grab().toImage() != hatched


def test_what_is_shown_can_be_had_as_a_picture_and_as_numbers(
    view: WeightsView, tmp_path: Path
) -> None:
    menu = QMenu(view)
    view.fill_menu(menu)
    assert not any(one.text().startswith("Export") for one in menu.actions())
    view.show_runs((picture_run(scale=2.0),))
    view.fill_menu(menu)
    assert any(one.text().startswith("Export") for one in menu.actions())
    view.exporter.write(tmp_path / "weights.csv")
    lines = (tmp_path / "weights.csv").read_text().splitlines()
    assert lines[0] == "input,unit0,unit1,unit2,unit3"
    assert len(lines) == 7
    view.exporter.write(tmp_path / "weights.png")
    assert not QImage(str(tmp_path / "weights.png")).isNull()


def test_units_are_sorted_by_norm_change_and_death(view: WeightsView) -> None:
    view.show_runs((picture_run(scale=2.0),))
    choose(view, order="dead")
    assert view._units.tolist() == [1, 2, 3, 0]
    choose(view, order="norm")
    assert view._units.tolist() == [0, 1, 2, 3]
    view._point(TileHit(0, 0, 0))
    assert view.facts.facts[0] == "Unit 0"


def test_units_keep_their_places_within_an_epoch(view: WeightsView) -> None:
    view.show_runs((picture_run(epoch=1),))
    choose(view, order="dead")
    before = view._units.tolist()
    other = picture_run(epoch=1)
    assert other.snapshot.weights is not None
    assert other.snapshot.weights.gradient is not None
    other.snapshot.weights.gradient[4:24] = np.tile([0.0, 0.1, 0.2, 0.3], 5)
    view.show_runs((other,))
    assert view._units.tolist() == before
    snapshot = replace(other.snapshot, epoch=2, weights=replace(other.snapshot.weights))
    view.show_runs((replace(other, snapshot=snapshot),))
    assert view._units.tolist() == [0, 1, 2, 3]


def test_a_click_shows_one_unit_at_large_and_another_click_closes_it(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    QTest.mouseClick(
        view.grid, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5)
    )
    assert view.panel.isVisible()
    assert view.grid.marked == 0
    assert view.panel._title.text() == "Unit 0"
    assert view.panel._bars._names == NAMES
    view.panel.closed.emit()
    assert not view.panel.isVisible()
    assert view.grid.marked is None


def test_a_click_into_a_matrix_takes_the_row_under_the_pointer(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    choose(view, layer=1)
    size = view.grid.mosaic_size()
    at = QPoint(5, round(size.height() * 0.5))
    QTest.mouseMove(view.grid, at)
    QTest.mouseClick(view.grid, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert view.panel._title.text() == "Unit 1: one"


def test_the_row_of_the_clicked_unit_is_framed_and_named(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    choose(view, layer=1, order="norm")
    rows = tuple(NAMES[unit] for unit in view._units)
    assert view.names.names == rows
    assert view.names.isVisible()
    plain = view.grid.grab().toImage()
    view.show_unit(int(view._units[1]))
    assert view.grid._band == (view._cell[0], 2 * view._cell[0])
    assert view.grid.grab().toImage() != plain
    assert view.panel._in_bars.isVisible()
    assert as_strip(np.zeros((1, 64))).shape == (13, 64)
    choose(view, layer=0)
    assert view.names.names == ()
    assert view.grid._band is None


def test_the_grid_and_its_bar_follow_when_the_detail_opens_and_closes(
    view: WeightsView, qtbot: QtBot
) -> None:
    view.show_runs((picture_run(),))
    for unit in (0, None, 1, None):
        view.show_unit(unit)
        qtbot.wait(1)
        assert view.bar.height() == view.grid.mosaic_size().height()


def test_another_mode_keeps_the_page(view: WeightsView) -> None:
    view.resize(330, 200)
    run = run_of(history_of([1.0]), blueprint=None)
    plan = blueprint_of([(400, 300), (300, 3)], picture=(20, 20))
    vector = np.linspace(-0.5, 0.5, plan.layout.size).astype(np.float32)
    plan = replace(plan, initial=vector)
    weights = Weights(1, 300 * vector, vector)
    run = replace(run, blueprint=plan, snapshot=replace(run.snapshot, weights=weights))
    view.show_runs((run,))
    pages = view.grid.pages
    assert pages > 2
    view.grid.set_page(2)
    for mode in ("gradient", "change", "weights"):
        choose(view, mode=mode)
        QApplication.processEvents()
        assert (view.grid.page, view.grid.pages) == (2, pages)


def test_a_run_that_has_ended_promises_no_gradient(view: WeightsView) -> None:
    run = picture_run(gradient=False)
    ended = replace(run.snapshot, state=RunState.FINISHED)
    view.show_runs((replace(run, snapshot=ended),))
    choose(view, mode="gradient")
    assert view._missing.accessibleDescription() == "A saved model holds no gradient."


def test_the_line_says_why_a_unit_is_dead_or_pale_and_what_hatching_means(
    view: WeightsView,
) -> None:
    view.show_runs((picture_run(),))
    assert "Hatched: inputs that are the same in every sample" in view.facts.facts
    view.grid.hovered.emit(TileHit(1, 1, 1))
    assert "dead: no gradient came back in the last step" in view.facts.facts
    view.grid.hovered.emit(TileHit(0, 1, 1))
    assert not any(fact.startswith(("dead", "pale")) for fact in view.facts.facts)
    shown = np.array([[1.0, 0.02], [-1.0, 0.0]])
    assert remark_on_unit(1, shown=shown, gradient=None, limit=1.0) == (
        "pale: its largest value is 2.0\u00a0% of the scale"
    )
    assert remark_on_unit(1, shown=shown, gradient=None, limit=None) == ""


def test_what_is_shown_already_is_not_made_again(view: WeightsView) -> None:
    run = picture_run()
    view.show_runs((run,))
    shown = tiles_of(view)
    view.show_runs((replace(run, snapshot=replace(run.snapshot, step=11)),))
    assert tiles_of(view) is shown


def test_another_run_brings_its_own_layers(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    choose(view, layer=1)
    run = run_of(
        history_of([1.0]),
        name="run 2",
        weights=Weights(1, np.arange(6.0)),
        blueprint=blueprint_of([(2, 2)]),
    )
    view.show_runs((run,))
    assert view.controls.choice == Choice(layer=0)
    view.show_runs(())
    assert not view.grid.isVisible()


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 1e30])
def test_strange_weights_are_drawn(view: WeightsView, value: float) -> None:
    run = picture_run()
    assert run.snapshot.weights is not None
    vector = np.full_like(run.snapshot.weights.vector, value)
    snapshot = replace(run.snapshot, weights=Weights(1, vector, vector), state=RunState.DIVERGED)
    view.show_runs((replace(run, snapshot=snapshot),))
    for own in (False, True):
        for mode in ("weights", "gradient", "change"):
            choose(view, mode=mode, own_scale=own)
            view.show_unit(1)
            view._point(TileHit(0, 0, 0))
            assert not view.grab().isNull()


def test_many_units_are_put_on_pages(view: WeightsView) -> None:
    units = 5000
    vector = np.random.default_rng(0).normal(size=4 * units + units)
    run = run_of(
        history_of([1.0]),
        weights=Weights(1, vector),
        blueprint=blueprint_of([(4, units)], picture=(2, 2)),
    )
    view.show_runs((run,))
    assert view.grid.pages > 1
    assert view.pager.isVisible()
    view.pager.page_requested.emit(1)
    assert view.grid.page == 1


def test_a_narrow_panel_keeps_the_choices_that_fit(view: WeightsView) -> None:
    view.show_runs((picture_run(),))
    assert view.controls._layer.currentText() == "Layer 1 · 6 → 4"
    view.resize(500, 400)
    assert view.controls._layer.currentText() == "Layer 1"
    assert not view.controls._scale.isVisible()
    assert view.controls._order.isVisible()
    assert view.width() == 500


def test_another_theme_repaints_the_pictures(view: WeightsView) -> None:
    themes.choose("light")
    view.show_runs((picture_run(),))
    light = view.grid.grab().toImage()
    themes.choose("dark")
    dark = view.grid.grab().toImage()
    assert dark != light
    assert theme().dark


def test_units_without_a_gradient_are_dead() -> None:
    gradient = np.array([[1.0, 0.0, 0.5], [1.0, 0.0, 0.5]])
    order = ordered("dead", np.ones((2, 3)), initial=None, gradient=gradient)
    assert order.tolist() == [1, 2, 0]
    assert ordered("dead", np.ones((2, 3)), initial=None, gradient=None).tolist() == [0, 1, 2]


def test_the_relative_change_is_one_norm_by_the_other() -> None:
    assert relative_change(np.array([[3.0, 5.0]]), np.array([[3.0, 4.0]])) == pytest.approx(0.2)
    assert np.isnan(relative_change(np.ones((1, 1)), np.zeros((1, 1))))


def test_only_an_input_that_is_a_picture_has_pictures() -> None:
    layers = layers_of(blueprint_of([(6, 4), (4, 3)], picture=(3, 2)))
    assert layers == (Layer(0, 6, 4, (3, 2)), Layer(1, 4, 3, None))
    assert layers_of(blueprint_of([(6, 4)], picture=(2, 2)))[0].picture is None


def test_no_change_is_measured_beside_weights_that_began_as_zeros() -> None:
    now = np.ones((3, 2), np.float32)
    assert facts_of_layer(now, np.zeros_like(now)) == facts_of_layer(now, None)
    assert len(facts_of_layer(now, now)) == 2
