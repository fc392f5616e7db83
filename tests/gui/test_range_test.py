"""The range test in the window: beside what goes on, drawn live, one click to use its rate."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.views.curves import LossView
from nnstudio.gui.views.range_test import RangeTestView
from nnstudio.gui.views.range_test.picture import readout_of, shown_rate, y_scale
from nnstudio.runs.run import RunView
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import History
from nnstudio.training.loop import train
from nnstudio.training.range_test import curve_of, range_experiment
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot
from nnstudio.training.state import TrainingState
from tests.gui.bench_kit import Kit, small_experiment

STEPS = 300


def losses() -> np.ndarray:
    place = np.linspace(-6, 1, STEPS)
    noise = 0.02 * np.random.default_rng(0).standard_normal(STEPS)
    fall, rise = 1.5 / (1 + np.exp(-6 * (place + 3))), np.minimum(np.exp(6 * (place + 0.5)), 20)
    return np.asarray(2 - fall + rise + noise)


def made(
    steps: int = STEPS,
    *,
    state: RunState = RunState.FINISHED,
    number: int = 1,
    experiment: Experiment | None = None,
    **values: Any,
) -> RunView:
    history = History()
    known = list(zip(losses(), np.geomspace(1e-6, 10, STEPS), strict=True))
    for loss, rate in known[:steps]:
        history.append(float(loss), 0.5, float(rate), 0.0)
    whole: dict[str, Any] = {
        "identity": f"run-{number}",
        "name": f"Range test {number}",
        "number": number,
        "current": False,
        "snapshot": Snapshot(state, steps, history=history.view(), total_steps=STEPS),
        "blueprint": None,
        "recipe": Recipe(range_experiment(experiment or Experiment())),
        "hidden": True,
        "range_test": True,
    }
    return RunView(**(whole | values))


@pytest.fixture
def view(qtbot: QtBot) -> RangeTestView:
    one = RangeTestView()
    qtbot.addWidget(one)
    one.resize(476, 320)
    one.show()
    return one


@pytest.fixture
def loaded(kit: Kit) -> Kit:
    kit.load()
    return kit


def range_run(kit: Kit) -> RunView:
    return next(run for run in kit.bench.views if run.range_test)


def finish(kit: Kit) -> RunView:
    while not range_run(kit).snapshot.state.ended:
        kit.crank()
    return range_run(kit)


# the view


def test_an_empty_view_tells_what_it_is_for_and_begins(view: RangeTestView, qtbot: QtBot) -> None:
    assert view.empty.isVisible()
    assert "raises the learning rate" in view.empty.accessibleDescription()
    with qtbot.waitSignal(view.test_requested):
        view.empty.acted.emit()


def test_what_cannot_be_tested_is_not_offered(view: RangeTestView) -> None:
    view.show_experiment(Experiment(), "Loading the data was cancelled.")
    assert not view.empty._button.isVisible()


def test_a_test_that_goes_on_is_drawn_so_far_and_can_be_stopped(
    view: RangeTestView, qtbot: QtBot
) -> None:
    view.show_runs((made(40, state=RunState.RUNNING),))
    assert len(view.plot.scene.lines[0].x) == 40
    assert view.plot.scene.x.high == pytest.approx(10)
    assert view.suggested is None
    with qtbot.waitSignal(view.stop_requested):
        view._again.click()


def test_the_suggestion_is_marked_and_one_click_uses_it(view: RangeTestView, qtbot: QtBot) -> None:
    view.show_runs((made(),))
    assert view.suggested is not None
    (dot,) = view.plot.scene.dots
    assert (dot.x, dot.text) == (view.suggested, shown_rate(view.suggested))
    assert [flag.text for flag in view.plot.scene.flags] == ["falls fastest", "lowest"]
    with qtbot.waitSignal(view.rate_chosen) as chosen:
        view._use.click()
    assert chosen.args == [view.suggested]


def test_a_rate_that_is_used_is_not_offered_again(view: RangeTestView) -> None:
    view.show_runs((made(),))
    assert view.suggested is not None
    used = Experiment()
    used = replace(used, optimizer=replace(used.optimizer, learning_rate=view.suggested))
    view.show_experiment(used)
    assert not view._use.isEnabled()
    assert "In use" in view._use.text()
    assert "other settings" not in view._words.text()


def test_a_test_of_other_settings_says_so(view: RangeTestView) -> None:
    view.show_runs((made(),))
    view.show_experiment(replace(Experiment(), seed=5))
    assert "other settings" in view._words.text()


def test_where_the_loss_blew_up_is_marked(view: RangeTestView) -> None:
    view.show_runs((made(280),))
    assert view.plot.scene.flags[-1].text == "blows up"
    view.show_runs((made(280, state=RunState.STOPPED, number=2),))
    assert "blows up" not in [flag.text for flag in view.plot.scene.flags]


def test_a_test_in_which_nothing_fell_suggests_nothing(view: RangeTestView) -> None:
    view.show_runs((made(60),))
    assert view.suggested is None
    assert not view._use.isVisible()
    assert "no rate the loss fell clearly" in view._words.text()


def test_a_test_that_saw_nothing_offers_a_longer_one(view: RangeTestView, qtbot: QtBot) -> None:
    view.show_runs((made(60),))
    with qtbot.waitSignal(view.test_requested) as longer:
        view._again.click()
    assert longer.args == [4 * STEPS]
    view.show_runs((made(),))
    with qtbot.waitSignal(view.test_requested) as again:
        view._again.click()
    assert again.args == [STEPS]


def test_the_newest_test_is_shown_unless_another_was_picked(view: RangeTestView) -> None:
    runs = (made(number=1), made(120, number=2))
    view.show_runs(runs)
    assert len(view.plot.scene.lines[0].x) == 120
    view.show_runs((replace(runs[0], current=True), runs[1]))
    assert len(view.plot.scene.lines[0].x) == STEPS


def test_a_test_that_was_removed_leaves_the_empty_view(view: RangeTestView) -> None:
    view.show_runs((made(),))
    view.show_runs(())
    assert view.empty.isVisible()


def test_the_menu_offers_the_picture_once_there_is_one(view: RangeTestView) -> None:
    menu = QMenu(view)
    view.fill_menu(menu)
    assert menu.isEmpty()
    view.show_runs((made(),))
    view.fill_menu(menu)
    assert len(menu.actions()) == 2


def test_the_read_out_is_the_nearest_step() -> None:
    history = made().snapshot.history
    assert history is not None
    curve = curve_of(history)
    found = readout_of(curve, 1.02e-3)
    assert found is not None
    assert found.x == pytest.approx(1e-3, rel=0.1)
    assert [name for name, _ in found.rows] == ["rate", "smoothed loss", "this batch"]
    assert readout_of(curve, 0.0) is None


def test_what_blows_up_does_not_squeeze_the_fall() -> None:
    history = made().snapshot.history
    assert history is not None
    scale = y_scale(curve_of(history))
    assert scale.high < 10
    assert scale.low < 0.5


# beside what goes on


def test_a_test_leaves_run_experiment_and_unsaved_work_as_they_are(loaded: Kit) -> None:
    loaded.train(2)
    before, experiment = loaded.bench.current, loaded.bench.experiment
    loaded.bench.control.range_test()
    finish(loaded)
    assert loaded.bench.current is before
    assert loaded.bench.experiment == experiment
    assert loaded.bench.state.live
    assert [str(run.name) for run in loaded.bench.run_list.unsaved] == ["Run 1"]
    loaded.train(1)
    assert before is not None
    assert before.snapshot.step == 3


def test_a_test_before_any_run_leaves_the_untrained_network_in_front(loaded: Kit) -> None:
    loaded.bench.control.range_test()
    finish(loaded)
    assert loaded.bench.views[0].number == 0
    assert not loaded.bench.state.begun
    loaded.bench.control.train_or_pause()
    assert str(loaded.bench.views[0].name) == "Run 1"


def test_the_same_seed_gives_the_same_test(loaded: Kit) -> None:
    histories = []
    for _ in range(2):
        loaded.bench.control.range_test()
        finish(loaded)
        histories.append(max(loaded.bench.views, key=lambda one: one.number).snapshot.history)
    first, second = histories
    assert first is not None
    assert second is not None
    assert first is not second
    assert np.array_equal(first.loss, second.loss)


def test_a_test_has_the_same_bits_without_the_window(loaded: Kit) -> None:
    loaded.bench.control.range_test()
    shown = finish(loaded).snapshot.history
    data = loaded.bench.data
    assert shown is not None
    assert data is not None
    state = TrainingState.start(range_experiment(loaded.bench.experiment), data)
    for _ in train(state):
        pass
    assert np.array_equal(state.history.view().loss, shown.loss)


def test_another_test_stops_the_one_that_goes_on(loaded: Kit) -> None:
    loaded.bench.control.range_test()
    loaded.bench.control.range_test()
    loaded.crank(2)
    states = {run.name: run.snapshot.state for run in loaded.bench.views if run.range_test}
    assert states["Range test 1"] is RunState.STOPPED
    assert states["Range test 2"] is not RunState.STOPPED


def test_a_test_that_goes_on_can_be_stopped(loaded: Kit) -> None:
    loaded.bench.control.range_test()
    loaded.bench.control.stop_range_test()
    loaded.crank()
    assert range_run(loaded).snapshot.state is RunState.STOPPED


def test_picking_a_test_does_not_set_its_rising_rate(loaded: Kit) -> None:
    experiment = loaded.bench.experiment
    loaded.bench.control.range_test()
    run = finish(loaded)
    loaded.bench.run_list.choose(run.identity)
    assert loaded.bench.views[0].range_test
    assert loaded.bench.experiment == experiment


def test_a_test_that_diverges_alarms_nobody(loaded: Kit) -> None:
    loaded.bench.control.range_test()
    finish(loaded)
    assert [one.topic for one in loaded.notices if one.topic == "run"] == []


def test_curves_leave_a_test_out_until_it_is_picked(loaded: Kit, qtbot: QtBot) -> None:
    curves = LossView()
    qtbot.addWidget(curves)
    loaded.bench.control.range_test()
    finish(loaded)
    curves.show_runs(loaded.bench.views)
    assert curves.plot.scene.lines == ()
    loaded.bench.run_list.choose(range_run(loaded).identity)
    curves.show_runs(loaded.bench.views)
    assert len(curves.plot.scene.lines) > 0


# the window


def test_the_command_brings_the_panel_to_the_front_and_a_click_sets_the_rate(
    kit: Kit, qtbot: QtBot
) -> None:
    window = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(window, before_close_func=lambda one: setattr(one, "_asks", False))
    with qtbot.waitExposed(window):
        window.show()
    kit.load()
    assert window.commands["range_test"].shortcut().toString() == "Ctrl+L"
    window.commands["range_test"].trigger()
    view = window.docks["range_test"].view
    assert isinstance(view, RangeTestView)
    assert view.isVisible()
    view.show_runs((made(experiment=small_experiment()),))
    before = kit.bench.experiment
    view._use.click()
    assert kit.bench.experiment.optimizer.learning_rate == view.suggested
    kit.bench.undo()
    assert kit.bench.experiment == before
