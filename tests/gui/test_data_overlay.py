"""What the network answers is drawn with its data: regions, a curve, and over no other data."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSizeF
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.data.catalogue.toys import Moons, Spirals
from nnstudio.data.preprocessing import Standardized
from nnstudio.data.progress import silent
from nnstudio.gui.theme import kind_colours, theme, themes
from nnstudio.gui.views.data import DataView
from nnstudio.gui.views.data import overlay as overlay_module
from nnstudio.gui.views.data.answers import (
    MOST_MOVING,
    MOST_RESTING,
    Answers,
    affordable,
)
from nnstudio.gui.views.data.regions import blended, grid_of, lead_of, places_of, shades_of
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.run_sources import blueprint_of
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.answers import is_trained_on
from nnstudio.runs.run import RunView
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData, load
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot, Vector, Weights
from tests.gui.bench_kit import Kit, small_experiment, spirals


def experiment_of(source: Any, **values: Any) -> Experiment:
    whole: dict[str, Any] = {
        "data": DataSettings(sources=(WeightedSource(source=source),)),
        "network": NetworkSpec(layers=(HiddenLayer(units=4),)),
    }
    return Experiment(**(whole | values))


MOONS = experiment_of(Moons(samples=90))
CURVE = experiment_of(
    Polynomial(samples=60),
    network=NetworkSpec(layers=(HiddenLayer(units=4),), output=OutputLayer(activation=Identity())),
    loss=MeanSquaredError(),
)


def loaded(experiment: Experiment) -> PreparedData:
    return load(experiment, DataPlaces.standard(), silent)


def run_of(
    experiment: Experiment,
    data: PreparedData,
    *,
    step: int = 5,
    seed: int = 0,
    state: RunState = RunState.RUNNING,
) -> RunView:
    blueprint = blueprint_of(experiment, data, initial=None)
    vector = np.random.default_rng(seed).normal(size=blueprint.layout.size).astype(np.float32)
    snapshot = Snapshot(state, step, weights=Weights(step, vector))
    recipe = Recipe(experiment, data_sha256=data.facts.sha256)
    return RunView(
        identity="run-1",
        name="Run 1",
        number=1,
        current=True,
        snapshot=snapshot,
        blueprint=blueprint,
        recipe=recipe,
    )


def after(run: RunView, seed: int, **values: Any) -> RunView:
    old = run.snapshot.weights
    assert old is not None
    vector: Vector = np.random.default_rng(seed).normal(size=len(old.vector)).astype(np.float32)
    step = run.snapshot.step + 1
    return replace(
        run, snapshot=replace(run.snapshot, step=step, weights=Weights(step, vector), **values)
    )


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[DataView]:
    made = DataView()
    qtbot.addWidget(made)
    made.resize(640, 400)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def test_regions_lie_behind_points_of_two_inputs(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    assert view.samples.points.scatter.backdrop is None
    run = run_of(MOONS, data)
    view.show_runs((run,))
    backdrop = view.samples.points.scatter.backdrop
    assert backdrop is not None
    assert (backdrop.x, backdrop.y) == view.samples.points.scatter.ends
    answers = Answers()
    answers.follow(run)
    rows, columns, _ = backdrop.shades.shape
    places = places_of(backdrop.x, backdrop.y, rows, columns)
    field = blended(answers.to(places), rows, columns)
    assert np.array_equal(backdrop.shades.reshape(-1, 3), shades_of(field, data))


def test_a_curve_goes_through_points_of_one_input(view: DataView) -> None:
    data = loaded(CURVE)
    view.show_data(data, CURVE)
    run = run_of(CURVE, data)
    view.show_runs((run,))
    truth, fitted = view.samples.points.scatter.curves
    assert (truth.name, fitted.name) == ("without noise", "network")
    answers = Answers()
    answers.follow(run)
    assert np.allclose(fitted.y, answers.to(fitted.x[:, None])[:, 0])
    assert (fitted.x[0], fitted.x[-1]) == view.samples.points.scatter.ends[0]


def test_new_weights_are_drawn_and_the_same_ones_are_not_drawn_again(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    run = run_of(MOONS, data)
    view.show_runs((run,))
    first = view.samples.points.scatter.backdrop
    view.show_runs((replace(run),))
    assert view.samples.points.scatter.backdrop is first
    view.show_runs((after(run, 1),))
    second = view.samples.points.scatter.backdrop
    assert first is not None
    assert second is not None
    assert not np.array_equal(first.shades, second.shades)


def test_the_current_run_is_the_one_that_answers(view: DataView) -> None:
    data = loaded(CURVE)
    view.show_data(data, CURVE)
    earlier = replace(run_of(CURVE, data, seed=3), current=False, identity="run-0")
    current = run_of(CURVE, data)
    view.show_runs((earlier, current))
    both = view.samples.points.scatter.curves[-1].y
    view.show_runs((current,))
    assert np.array_equal(view.samples.points.scatter.curves[-1].y, both)


def test_over_data_of_others_nothing_is_drawn_and_that_is_said(view: DataView) -> None:
    other = experiment_of(Spirals(samples=90))
    view.show_data(loaded(MOONS), MOONS)
    view.show_runs((run_of(MOONS, loaded(MOONS)),))
    assert view.samples.points.scatter.backdrop is not None
    view.show_data(loaded(other), other)
    assert view.samples.points.scatter.backdrop is None
    assert "the network was trained on other data" in view.samples.facts.facts


def test_data_split_by_another_seed_are_others() -> None:
    data = loaded(MOONS)
    run = run_of(MOONS, data)
    again = replace(MOONS, seed=MOONS.seed + 1)
    assert is_trained_on(run, loaded(MOONS), MOONS)
    assert not is_trained_on(run, loaded(again), again)


def test_a_run_that_has_only_begun_is_known_by_the_very_data_that_it_was_given() -> None:
    data = loaded(MOONS)
    begun = replace(run_of(MOONS, data), recipe=None)
    assert is_trained_on(begun, data, MOONS)
    assert not is_trained_on(begun, loaded(MOONS), MOONS)


def test_a_network_of_other_ends_is_not_asked() -> None:
    data = loaded(CURVE)
    assert not is_trained_on(run_of(MOONS, loaded(MOONS)), data, MOONS)


def test_both_parts_are_judged_by_the_network_that_is_drawn(view: DataView) -> None:
    data = loaded(CURVE)
    view.show_data(data, CURVE)
    view.show_runs((run_of(CURVE, data),))
    _, rmse, r_squared, step = view.samples.facts.facts
    assert rmse.startswith("RMSE: training ")
    assert r_squared.startswith("R²: training ")
    assert step == "step 5"


def test_classes_are_judged_by_the_share_of_right_answers(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.show_runs((run_of(MOONS, data),))
    assert view.samples.facts.facts[1].startswith("right: training ")


def test_an_untrained_network_is_drawn_and_called_so(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.show_runs((run_of(MOONS, data, step=0, state=RunState.WAITING),))
    assert view.samples.points.scatter.backdrop is not None
    assert view.samples.facts.facts[1:] == ("untrained network",)


def test_another_size_brings_regions_of_another_reach(view: DataView, qtbot: QtBot) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.show_runs((run_of(MOONS, data),))
    view.resize(900, 400)
    qtbot.waitUntil(lambda: not view.samples.points.overlay._soon.isActive())
    backdrop = view.samples.points.scatter.backdrop
    assert backdrop is not None
    assert (backdrop.x, backdrop.y) == view.samples.points.scatter.ends


def test_another_theme_brings_its_colours(view: DataView, qtbot: QtBot) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    view.show_runs((run_of(MOONS, data),))
    light = view.samples.points.scatter.backdrop
    themes.choose("dark")
    try:
        qtbot.waitUntil(lambda: not view.samples.points.overlay._soon.isActive())
        dark = view.samples.points.scatter.backdrop
    finally:
        themes.choose("light")
    assert light is not None
    assert dark is not None
    assert dark.shades.mean() < light.shades.mean() / 2


def test_a_network_that_has_blown_up_is_drawn_without_a_word(view: DataView) -> None:
    data = loaded(CURVE)
    view.show_data(data, CURVE)
    run = run_of(CURVE, data)
    weights = run.snapshot.weights
    assert weights is not None
    for value in (np.float32(np.nan), np.float32(3e38)):
        vector = np.full_like(weights.vector, value)
        broken = replace(run, snapshot=replace(run.snapshot, weights=Weights(5, vector)))
        view.show_runs((broken,))
        view.grab()
    moons = loaded(MOONS)
    view.show_data(moons, MOONS)
    run = run_of(MOONS, moons)
    weights = run.snapshot.weights
    assert weights is not None
    vector = np.full_like(weights.vector, np.nan)
    view.show_runs((replace(run, snapshot=replace(run.snapshot, weights=Weights(5, vector))),))
    view.grab()
    assert view.samples.points.scatter.backdrop is not None


def test_weights_are_wanted_only_for_points(view: DataView) -> None:
    assert not view.wants_weights
    view.show_data(loaded(MOONS), MOONS)
    assert view.wants_weights
    view.show_data(None, MOONS)
    assert not view.wants_weights


def test_a_large_network_is_asked_for_fewer_points_and_for_more_once_it_rests() -> None:
    data = loaded(MOONS)
    small = blueprint_of(MOONS, data, initial=None)
    wide = NetworkSpec(layers=(HiddenLayer(units=512), HiddenLayer(units=512)))
    large = blueprint_of(replace(MOONS, network=wide), data, initial=None)
    assert affordable(small, moving=True) == MOST_MOVING
    assert affordable(large, moving=True) < affordable(large, moving=False) < MOST_RESTING


def test_when_training_ends_it_is_drawn_as_finely_as_it_can_be(
    view: DataView, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counted(blueprint: Any, *, moving: bool) -> int:
        asked.append(moving)
        return affordable(blueprint, moving=moving)

    monkeypatch.setattr(overlay_module, "affordable", counted)
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    run = run_of(MOONS, data)
    view.show_runs((run,))
    assert set(asked) == {True}
    asked.clear()
    ended = replace(run, snapshot=replace(run.snapshot, state=RunState.FINISHED))
    view.show_runs((ended,))
    assert set(asked) == {False}
    asked.clear()
    view.show_runs((replace(ended),))
    assert asked == []


def test_the_ground_shows_where_the_network_only_guesses_and_its_class_where_it_is_sure() -> None:
    data = loaded(MOONS)
    guess, sure, half = shades_of(np.array([[0.5, 0.5], [0.0, 1.0], [0.25, 0.75]]), data).astype(
        int
    )
    ground = np.array([theme().panel.red(), theme().panel.green(), theme().panel.blue()])
    assert np.array_equal(guess, ground)
    colour = kind_colours(2)[1]
    wanted = np.array([colour.red(), colour.green(), colour.blue()]) - ground
    assert np.all((sure - ground) * wanted >= 0)
    assert abs(sure - ground).sum() > 1.8 * abs(half - ground).sum() > 0


def test_outputs_that_all_say_no_keep_the_colour_of_the_answer_that_counts() -> None:
    no, yes, shares = lead_of(np.array([[1e-300, 1e-305], [1.0, 1.0], [0.5, 0.5]]))
    assert no[0] > 0
    assert no[1] == 0
    assert yes[0] > 0
    assert not shares.any()


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_lead_is_nothing_for_a_guess_and_1_for_certainty(classes: int) -> None:
    lead = lead_of(np.vstack([np.full(classes, 1 / classes), np.eye(classes)[0] * 7]))
    assert np.allclose(lead, np.vstack([np.zeros(classes), np.eye(classes)[0]]))


def test_a_grid_has_places_as_wide_as_high(qapp: object) -> None:
    rows, columns = grid_of(9216, QSizeF(600, 150))
    assert columns == pytest.approx(4 * rows, rel=0.02)
    assert rows * columns == pytest.approx(9216, rel=0.02)
    places = places_of((0.0, 4.0), (0.0, 2.0), 2, 4).tolist()
    assert (places[0], places[-1]) == ([0.5, 1.5], [3.5, 0.5])


def test_the_pointer_reads_the_class_that_the_network_sees_there(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    assert view.samples.points.overlay.read(0.5, 0.25) == ""
    run = run_of(MOONS, data)
    view.show_runs((run,))
    answers = Answers()
    answers.follow(run)
    best = int(answers.to(np.array([[0.5, -0.25]]))[0].argmax())
    said = view.samples.points.overlay.read(0.5, -0.25)
    assert said.startswith(f"inputs 0.5, −0.25: {data.class_names[best]}, ")


def test_the_pointer_reads_the_value_that_the_network_gives_there(view: DataView) -> None:
    data = loaded(CURVE)
    view.show_data(data, CURVE)
    run = run_of(CURVE, data)
    view.show_runs((run,))
    answers = Answers()
    answers.follow(run)
    value = float(answers.to(np.array([[0.5]]))[0, 0])
    shown = f"{value:.3g}".replace("-", "−")
    assert view.samples.points.overlay.read(0.5, 9.0) == f"inputs 0.5: the network says {shown}"


def test_a_sharp_border_is_a_seam_in_which_the_network_only_guesses() -> None:
    sides = np.repeat([[1.0, 0.0], [0.0, 1.0]], [3, 3], axis=0)
    field = blended(np.tile(sides, (4, 1)), 4, 6).reshape(4, 6, 2)
    assert np.allclose(field[:, :, 0], [1, 1, 0.75, 0.25, 0, 0])
    assert np.allclose(field.sum(axis=2), 1)


def test_the_step_that_is_named_is_that_of_the_weights_which_are_drawn(view: DataView) -> None:
    data = loaded(MOONS)
    view.show_data(data, MOONS)
    run = run_of(MOONS, data)
    view.show_runs((replace(run, snapshot=replace(run.snapshot, step=8)),))
    assert view.samples.facts.facts[-1] == "step 5"


def test_infinite_answers_are_some_colour(qapp: object) -> None:
    outputs = np.array([[np.inf, -np.inf], [-np.inf, np.inf]] * 8)
    shades = shades_of(blended(outputs, 4, 4), loaded(MOONS))
    assert shades.shape == (16, 3)


def shown_by(bench: Workbench, view: DataView) -> str:
    """Give what the window would show: the data and runs of the workbench as they are now."""
    view.show_data(bench.data, bench.experiment)
    view.show_runs(bench.views)
    return view.samples.points.overlay.state


def test_a_run_of_the_window_is_drawn_over_its_data_however_they_are_scaled(
    qapp: object, view: DataView
) -> None:
    kit = Kit(small_experiment(data=spirals()))
    kit.load()
    assert shown_by(kit.bench, view) == "own"
    assert view.samples.facts.facts[1:] == ("untrained network",)
    kit.bench.watch(weights=True)
    kit.train(3)
    assert shown_by(kit.bench, view) == "own"
    assert view.samples.facts.facts[-1] == "step 3"
    experiment = kit.bench.experiment
    kit.bench.change(replace(experiment, scaling=Standardized()))
    kit.settle()
    assert shown_by(kit.bench, view) == "own"
    kit.bench.change(replace(experiment, seed=experiment.seed + 1))
    kit.settle()
    assert shown_by(kit.bench, view) == "foreign"
    assert view.samples.points.scatter.backdrop is None
    kit.bench.close(forget=True)
