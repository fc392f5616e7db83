"""Gradients are shown by layer and step as they were handed out; words follow from the numbers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import themes
from nnstudio.gui.views.gradients import GradientsView, told
from nnstudio.gui.views.gradients.course import MOST_POINTS, Track, norms_of, ratios_of
from nnstudio.gui.views.gradients.scenes import HEALTHY, MOST_LINES, chosen_layers
from nnstudio.gui.widgets.beside import Beside
from nnstudio.nn.losses import CrossEntropy
from nnstudio.runs.inside import Inside
from nnstudio.runs.run import RunView, Subject
from nnstudio.training.experiment import Batches
from nnstudio.training.loop import advance
from nnstudio.training.moments import Moment, Moments
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState
from tests.gui.inside_runs import XOR, Trained, at_once

TITLES = ("layer 1", "outputs")


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[GradientsView]:
    made = GradientsView(beside=Beside(start=at_once))
    qtbot.addWidget(made)
    made.resize(758, 400)
    made.show()
    yield made
    themes.choose("light")


def moment_of(trained: Trained) -> Moment:
    """Make one step and give its Moment."""
    moments = Moments(also=frozenset({trained.state.step}))
    advance(trained.state, moments=moments)
    found = moments.take()
    assert found is not None
    return found


def followed(view: GradientsView, trained: Trained, steps: int = 4) -> RunView:
    for _ in range(steps):
        run = trained.train(1).run()
        view.show_runs((run,))
    return run


def test_without_a_run_it_says_what_will_be_here(view: GradientsView) -> None:
    view.show_runs(())
    assert "Train" in view.empty.accessibleDescription()


def test_before_the_first_step_there_is_no_gradient(view: GradientsView) -> None:
    view.show_runs((Trained().run(),))
    assert view.norms.scene.title == "No gradient yet"


def test_every_step_that_was_seen_is_a_point_of_every_layer(view: GradientsView) -> None:
    run = followed(view, Trained())
    assert run.snapshot.weights is not None
    assert run.snapshot.weights.gradient is not None
    assert run.blueprint is not None
    course = view.measurer.courses["run 1"]
    assert course.norms.steps.tolist() == [1, 2, 3, 4]
    expected = norms_of(run.blueprint.layout, run.snapshot.weights.gradient)
    np.testing.assert_allclose(course.norms.values[-1], expected)
    assert len(view.norms.scene.lines) == 2
    assert [one.name for one in view.norms.scene.legend] == ["layer 1", "outputs"]


def test_the_same_copies_draw_nothing_anew(view: GradientsView) -> None:
    run = followed(view, Trained())
    scene = view.norms.scene
    view.show_runs((replace(run, name="other"),))
    assert view.norms.scene is scene


def test_a_norm_is_that_of_weights_and_biases_together() -> None:
    trained = Trained().train(1)
    gradient = trained.state.network.gradient
    views = trained.state.network.layout.views(gradient)
    first = np.sqrt((views["layers.0.W"] ** 2).sum() + (views["layers.0.b"] ** 2).sum())
    assert norms_of(trained.state.network.layout, gradient)[0] == pytest.approx(first)


def test_an_update_is_measured_against_the_weights_that_can_move() -> None:
    trained = Trained()
    moment = moment_of(trained)
    layout = trained.state.network.layout
    before = layout.views(moment.before)["layers.0.W"]
    after = layout.views(moment.after)["layers.0.W"]
    unlit = np.array([True, False])
    expected = np.abs(after - before)[1].mean() / np.abs(before)[1].mean()
    assert ratios_of(layout, moment, unlit=unlit)[0] == pytest.approx(expected)
    assert np.isnan(ratios_of(layout, replace(moment, before=moment.before * 0))[0])


def test_a_moment_adds_a_point_to_the_updates_within_the_healthy_band(view: GradientsView) -> None:
    trained = Trained()
    for _ in range(2):
        moment = moment_of(trained)
        view.show_runs((trained.run(),))
        view.measurer.beside._rests_until = 0.0
        view.show_moments({"run 1": moment})
        view.show_moments({"run 1": moment})
    assert view.measurer.courses["run 1"].ratios.steps.tolist() == [1, 2]
    (band,) = view.ratios.scene.bands
    assert (band.low[0], band.high[0]) == HEALTHY
    assert len(view.ratios.scene.lines) == 2


def test_another_run_is_grey_beside_the_current_one(view: GradientsView) -> None:
    trained = Trained()
    other = replace(
        Trained().train(3).run(), identity="run 2", name="the other", current=False, number=2
    )
    run = followed(view, trained, 3)
    view.show_runs((run, other))
    assert len(view.norms.scene.lines) == 4
    assert view.norms.scene.legend[-1].name == "the other"
    view.show_runs((run, replace(other, hidden=True)))
    assert len(view.norms.scene.lines) == 2


def test_a_run_of_another_experiment_with_another_loss_is_not_beside_it(
    view: GradientsView,
) -> None:
    trained = Trained()
    experiment = trained.experiment
    other = replace(
        Trained().train(3).run(),
        identity="run 2",
        name="the other",
        current=False,
        number=2,
        subject=Subject(5),
        recipe=Recipe(replace(experiment, loss=CrossEntropy(label_smoothing=0.1))),
    )
    run = replace(followed(view, trained, 3), recipe=Recipe(experiment))
    view.show_runs((run, other))
    assert len(view.norms.scene.lines) == 2
    view.show_runs((run, replace(other, recipe=Recipe(experiment))))
    assert len(view.norms.scene.lines) == 4


def test_kept_parameters_tell_of_the_time_before_the_panel_was_open(view: GradientsView) -> None:
    trained = Trained().train(2).train(3)
    view.show_data(trained.data, trained.experiment)
    view.show_runs((trained.run(),))
    course = view.measurer.courses["run 1"]
    assert course.past.steps.tolist() == [0, 2]
    batch = trained.data.split.training[: trained.experiment.batches.size]
    inside = Inside(trained.blueprint, trained.experiment)
    inside.show(trained.initial)
    gradient = inside.gradient(XOR.inputs[batch], trained.data.targets[batch])
    expected = norms_of(trained.blueprint.layout, gradient)
    np.testing.assert_allclose(course.past.values[0], expected)
    assert [one.text for one in view.norms.scene.flags] == ["watched from here"]
    assert sum(one.dashed for one in view.norms.scene.lines) == 2


def test_the_past_is_of_the_size_of_a_batch_also_where_losses_are_summed(
    view: GradientsView,
) -> None:
    trained = Trained().train(2).train(3)
    summed = replace(
        trained.experiment, loss=CrossEntropy(over_batch="sum"), batches=Batches(size=2)
    )
    view.show_data(trained.data, summed)
    view.show_runs((replace(trained.run(), recipe=Recipe(summed)),))
    batch = trained.data.split.training[:2]
    inside = Inside(trained.blueprint, summed)
    inside.show(trained.initial)
    gradient = inside.gradient(XOR.inputs[batch], trained.data.targets[batch])
    expected = norms_of(trained.blueprint.layout, gradient)
    np.testing.assert_allclose(view.measurer.courses["run 1"].past.values[0], expected)


def test_no_past_gives_a_hidden_mistake_away(view: GradientsView) -> None:
    trained = Trained().train(2).train(3)
    view.show_data(trained.data, trained.experiment)
    view.show_runs((replace(trained.run(), planted=True),))
    assert len(view.measurer.courses["run 1"].past.steps) == 0


def test_a_run_that_is_over_is_told_by_its_kept_parameters(view: GradientsView) -> None:
    trained = Trained().train(2).train(3)
    run = trained.run(RunState.FINISHED)
    assert run.snapshot.weights is not None
    bare = replace(run.snapshot, weights=replace(run.snapshot.weights, gradient=None))
    view.show_data(trained.data, trained.experiment)
    view.show_runs((replace(run, snapshot=bare),))
    assert view.measurer.courses["run 1"].past.steps.tolist() == [0, 2, 5]
    assert not view.norms.scene.title
    view.grab()


def test_the_spread_of_a_layer_has_weights_gradients_and_updates(view: GradientsView) -> None:
    trained = Trained()
    moment = moment_of(trained)
    view.show_runs((trained.run(),))
    view.show_moments({"run 1": moment})
    view.modes.choose("spreads")
    view.measurer.beside._rests_until = 0.0
    view._refresh()
    counted = [one.spread for one in view.histograms]
    assert [int(one.counts.sum()) if one else 0 for one in counted] == [8, 8, 8]
    view.choose_layer(1)
    assert view.measurer.spreads is not None
    assert view.measurer.spreads.layer == 1
    assert "exactly 0" in view.sentence.text()


def test_a_model_from_a_file_shows_its_weights_and_says_that_no_gradient_is_known(
    view: GradientsView,
) -> None:
    trained = Trained().train(2)
    run = trained.run(RunState.FINISHED)
    assert run.snapshot.weights is not None
    bare = replace(run.snapshot, weights=replace(run.snapshot.weights, gradient=None))
    view.show_runs((replace(run, snapshot=bare),))
    assert view.norms.scene.title == "Nothing was seen"
    view.modes.choose("spreads")
    view._refresh()
    assert view.histograms[0].spread is not None
    assert view.histograms[1].spread is None


def test_a_narrow_panel_shows_one_plot_at_a_time(view: GradientsView) -> None:
    followed(view, Trained(), 2)
    assert view.norms.isVisible()
    assert view.ratios.isVisible()
    view.resize(474, 290)
    assert view.norms.isVisible()
    assert not view.ratios.isVisible()
    view.modes.choose("ratios")
    view._refresh()
    assert view.ratios.isVisible()


def test_the_read_out_gives_the_nearest_step(view: GradientsView) -> None:
    followed(view, Trained())
    found = view._read("norms", 2.2)
    assert found is not None
    assert found.rows[0] == ("step", "2")
    assert len(found.points) == 2


def test_thinning_keeps_the_spikes() -> None:
    track = Track(1)
    for step in range(1, MOST_POINTS + 100):
        track.add(step, np.array([9.0 if step == 777 else 1.0]))
    assert len(track.steps) <= MOST_POINTS
    assert track.values.max() == 9
    assert not track.add(3, np.array([1.0]))
    _, values = track.thinned(100)
    assert values.max() == 9


def test_of_many_layers_the_first_the_last_and_some_between_are_drawn() -> None:
    assert chosen_layers(3) == [0, 1, 2]
    many = chosen_layers(40)
    assert (many[0], many[-1], len(many)) == (0, 39, MOST_LINES)


@pytest.mark.parametrize(
    ("norms", "words"),
    [
        ([1.0, 2.0], "reaches every layer"),
        ([1e-5, 1.0], "fades"),
        ([1e3, 1.0], "grows"),
        ([0.0, 1.0], "layer 1 gets no gradient at all"),
        ([0.0, 0.0], "No layer gets any gradient"),
        ([np.nan, 1.0], "no finite number"),
        ([2.0], "only layer"),
    ],
)
def test_the_sentence_on_norms_names_the_main_point(norms: list[float], words: str) -> None:
    assert words in told.of_norms(np.array(norms), TITLES)


@pytest.mark.parametrize(
    ("ratios", "words"),
    [
        ([1e-3, 1e-2], "healthy"),
        ([0.5, 1e-2], "layer 1 moves by 0.5"),
        ([1e-3, 1e-7], "hardly learning"),
        ([np.nan, np.nan], "not known yet"),
    ],
)
def test_the_sentence_on_updates_names_the_worst_layer(ratios: list[float], words: str) -> None:
    assert words in told.of_ratios(np.array(ratios), TITLES)


def test_all_numbers_are_exported(view: GradientsView, tmp_path: Path) -> None:
    followed(view, Trained(), 3)
    view.exporter.write(tmp_path / "gradients.csv")
    lines = (tmp_path / "gradients.csv").read_text().splitlines()
    assert lines[0] == "run,quantity,step,layer,value"
    assert len(lines) == 1 + 3 * 2
    menu = QMenu()
    view.fill_menu(menu)
    assert len(menu.actions()) == 4
