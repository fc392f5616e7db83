"""The workbench, cranked by hand: what it tells when something is changed, trained, saved, lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.mnist import Mnist
from nnstudio.data.catalogue.noise import Noise
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.catalogue.toys import Moons
from nnstudio.gui.commands import COMMANDS
from nnstudio.gui.workbench import Activity, BenchState
from nnstudio.gui.workbench.model_desk import model_of
from nnstudio.gui.workbench.openings import random_picture
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.nn.schedules import Constant
from nnstudio.paths import replace_at
from nnstudio.runs.model_file import load_model, save_model
from nnstudio.runs.store import RunStore
from nnstudio.texts import set_language, text, tr
from nnstudio.training.experiment import DataSettings, Experiment, Stopping, WeightedSource
from nnstudio.training.history import history_vectors
from nnstudio.training.pretraining import LayerByLayer
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState
from tests.gui.bench_kit import Kit, small_experiment, spirals


@pytest.fixture
def loaded(kit: Kit) -> Kit:
    kit.load()
    return kit


def with_rate(experiment: Experiment, rate: float) -> Experiment:
    return replace(experiment, optimizer=Adam(learning_rate=rate))


def test_data_load_by_themselves_and_are_told_of(kit: Kit, qtbot: QtBot) -> None:
    with qtbot.waitSignal(kit.bench.data_changed):
        kit.load()
    assert kit.bench.facts is not None
    assert kit.bench.state.activity is Activity.READY


def test_the_untrained_network_can_be_seen_before_training(loaded: Kit) -> None:
    run = loaded.bench.current
    assert run is not None
    assert run.snapshot.state is RunState.WAITING
    assert run.snapshot.weights is not None
    assert run.blueprint is not None


def test_another_seed_shows_another_untrained_network(loaded: Kit) -> None:
    before = loaded.bench.views[0].snapshot.weights
    loaded.bench.change(replace(loaded.bench.experiment, seed=5))
    loaded.settle()
    after = loaded.bench.views[0].snapshot.weights
    assert before is not None
    assert after is not None
    assert not (before.vector == after.vector).all()


def test_train_pressed_before_the_data_are_there_begins_with_them(kit: Kit) -> None:
    kit.bench.begin()
    kit.bench.control.train_or_pause()
    assert kit.bench.state.busy
    assert kit.trainer.sessions == []
    kit.settle()
    kit.crank()
    assert kit.bench.state.activity is Activity.RUNNING


def test_train_pressed_twice_before_the_data_are_there_begins_nothing(kit: Kit) -> None:
    kit.bench.begin()
    kit.bench.control.train_or_pause()
    kit.bench.control.train_or_pause()
    kit.settle()
    assert kit.trainer.sessions == []


def test_train_begins_the_run_with_the_weights_that_were_shown(loaded: Kit) -> None:
    shown = loaded.bench.views[0].snapshot.weights
    loaded.train(1)
    plan = loaded.bench.views[0].blueprint
    assert shown is not None
    assert plan is not None
    assert plan.initial is not None
    assert (plan.initial == shown.vector).all()


def test_train_pauses_and_goes_on(loaded: Kit) -> None:
    seen = []
    for _ in range(3):
        loaded.bench.control.train_or_pause()
        loaded.crank()
        seen.append(loaded.bench.state.activity)
    assert seen == [Activity.RUNNING, Activity.PAUSED, Activity.RUNNING]
    assert len(loaded.bench.views) == 1


def test_what_a_slow_run_is_at_and_what_it_was_asked_for_is_told(loaded: Kit) -> None:
    bench, seen = loaded.bench, []

    def wait() -> None:
        for _ in range(4):
            bench.poll()
        seen.append(bench.state.activity)

    bench.control.train_or_pause()
    wait()
    loaded.crank()
    bench.control.train_or_pause()
    wait()
    bench.control.stop()
    bench.poll()
    seen.append(bench.state.activity)
    loaded.crank()
    seen.append(bench.state.activity)
    assert seen == [
        Activity.PREPARING,
        Activity.PAUSING,
        Activity.STOPPING,
        Activity.STOPPED,
    ]


def test_what_was_asked_for_of_a_slow_run_is_not_asked_again() -> None:
    slow = BenchState(activity=Activity.STOPPING, live=True, busy=True)
    refused = [one.key for one in COMMANDS if one.refuse(slow) is not None]
    assert {"train", "stop", "step"} <= set(refused)
    assert "stop" not in {
        one.key for one in COMMANDS if one.refuse(replace(slow, activity=Activity.PAUSING))
    }


def test_closing_tells_whether_all_has_ended(kit: Kit) -> None:
    kit.trainer.ends = False
    assert not kit.bench.close(forget=True)
    # what is to be kept is waited for
    assert kit.bench.close(forget=False)


def test_a_single_step_makes_one_step(loaded: Kit) -> None:
    loaded.bench.control.step()
    loaded.crank()
    assert loaded.bench.views[0].snapshot.step == 1
    assert loaded.bench.state.activity is Activity.PAUSED


def test_a_single_epoch_ends_with_the_epoch(loaded: Kit) -> None:
    loaded.bench.control.epoch()
    loaded.crank(30)
    snapshot = loaded.bench.views[0].snapshot
    assert snapshot.step == snapshot.steps_per_epoch


def test_stop_ends_the_run_and_train_begins_another(loaded: Kit) -> None:
    loaded.train()
    loaded.bench.control.stop()
    loaded.crank()
    assert loaded.bench.state.activity is Activity.STOPPED
    assert not loaded.bench.state.live
    loaded.train()
    assert [run.name for run in loaded.bench.views] == ["Run 2", "Run 1"]


@pytest.fixture
def short(qapp: object) -> Iterator[Kit]:
    made = Kit(small_experiment(stopping=Stopping(steps=4), schedule=Constant()))
    made.load()
    made.bench.control.train_or_pause()
    made.crank(30)
    assert made.bench.state.over
    yield made
    made.bench.close(forget=True)


def limited(kit: Kit, steps: int) -> Experiment:
    return replace(kit.bench.experiment, stopping=Stopping(steps=steps))


def test_train_goes_on_with_a_run_that_is_over_when_only_its_limit_was_raised(short: Kit) -> None:
    before = short.bench.views[0].snapshot
    short.bench.change(limited(short, 7))
    assert short.bench.state.goes_on
    short.bench.control.train_or_pause()
    short.crank(30)
    (view,) = short.bench.views
    after = view.snapshot
    assert (view.name, after.state, after.step) == ("Run 1", RunState.FINISHED, 7)
    assert before.history is not None
    assert after.history is not None
    assert (after.history.loss[:4] == before.history.loss).all()
    assert not short.bench.state.goes_on


def test_a_run_that_went_on_equals_one_that_was_longer_from_the_start(short: Kit) -> None:
    short.bench.change(limited(short, 7))
    short.bench.control.train_or_pause()
    short.crank(30)
    short.bench.control.restart()
    short.crank(30)
    second, first = (run.snapshot.weights for run in short.bench.views)
    assert first is not None
    assert second is not None
    assert (first.vector == second.vector).all()


def test_limits_of_a_pretrained_run_count_from_where_its_layers_train_together(kit: Kit) -> None:
    short = replace(
        kit.bench.experiment, pretraining=LayerByLayer(epochs=3), stopping=Stopping(epochs=2)
    )
    kit.bench.change(short)
    kit.load()
    kit.bench.control.train_or_pause()
    kit.crank(60)
    assert kit.bench.state.over
    kit.bench.change(replace(short, stopping=Stopping(epochs=1)))
    assert not kit.bench.state.goes_on
    kit.bench.change(replace(short, stopping=Stopping(epochs=4)))
    assert kit.bench.state.goes_on


def test_train_begins_anew_when_more_than_the_limit_differs_or_no_step_is_left(short: Kit) -> None:
    assert not short.bench.state.goes_on
    short.bench.change(limited(short, 3))
    assert not short.bench.state.goes_on
    short.bench.change(replace(limited(short, 7), seed=8))
    assert not short.bench.state.goes_on
    short.bench.control.train_or_pause()
    short.settle()
    short.crank(30)
    assert [run.name for run in short.bench.views] == ["Run 2", "Run 1"]


def test_choosing_an_earlier_run_sets_what_it_was_trained_with(short: Kit) -> None:
    first = short.bench.experiment
    second = replace(first, seed=8)
    short.bench.change(second)
    short.bench.control.train_or_pause()
    short.settle()
    short.crank(30)
    short.bench.run_list.choose("run-1")
    assert short.bench.experiment == first
    short.bench.undo()
    assert short.bench.experiment == second


def test_choosing_an_earlier_run_while_one_is_under_way_sets_nothing(short: Kit) -> None:
    second = replace(short.bench.experiment, seed=8)
    short.bench.change(second)
    short.bench.control.step()
    short.settle()
    short.crank()
    short.bench.run_list.choose("run-1")
    assert short.bench.views[0].name == "Run 1"
    assert short.bench.experiment == second


def test_restart_keeps_the_run_so_far_as_an_earlier_one(loaded: Kit) -> None:
    loaded.train(4)
    loaded.bench.control.restart()
    loaded.crank(2)
    views = loaded.bench.views
    assert [run.current for run in views] == [True, False]
    assert views[1].snapshot.step == 4
    assert views[1].snapshot.state.ended


def test_restart_gives_the_same_numbers_again(loaded: Kit) -> None:
    loaded.train(4)
    loaded.bench.control.stop()
    loaded.crank()
    loaded.train(4)
    first, second = (run.snapshot.weights for run in loaded.bench.views)
    assert first is not None
    assert second is not None
    assert (first.vector == second.vector).all()


def test_a_live_setting_acts_on_the_run_under_way(loaded: Kit) -> None:
    loaded.train(2)
    loaded.bench.change(with_rate(loaded.bench.experiment, 0.5))
    loaded.train(1)
    history = loaded.bench.views[0].snapshot.history
    assert history is not None
    assert [(one.step, one.path, one.value) for one in history.changes] == [
        (2, "optimizer.learning_rate", 0.5)
    ]
    assert loaded.bench.running == loaded.bench.experiment


def test_undoing_a_live_setting_is_another_change_of_the_run(loaded: Kit) -> None:
    rate = loaded.bench.experiment.optimizer.learning_rate
    loaded.train(2)
    loaded.bench.change(with_rate(loaded.bench.experiment, 0.5))
    loaded.train(1)
    loaded.bench.undo()
    loaded.train(1)
    history = loaded.bench.views[0].snapshot.history
    assert history is not None
    assert [one.value for one in history.changes] == [0.5, rate]


def test_a_setting_that_is_not_live_waits_for_a_restart(loaded: Kit) -> None:
    loaded.train(2)
    before = loaded.bench.running
    loaded.bench.change(replace(loaded.bench.experiment, seed=9))
    assert loaded.bench.running == before
    loaded.settle()
    loaded.bench.control.restart()
    loaded.crank()
    assert loaded.bench.running == loaded.bench.experiment


def test_undo_and_redo_go_through_experiments(kit: Kit, qtbot: QtBot) -> None:
    first = kit.bench.experiment
    second = replace(first, seed=1)
    kit.bench.change(second)
    assert kit.bench.state.can_undo
    with qtbot.waitSignal(kit.bench.experiment_changed):
        kit.bench.undo()
    assert kit.bench.experiment == first
    kit.bench.redo()
    assert kit.bench.experiment == second


def test_an_edit_that_goes_on_is_undone_in_one(kit: Kit) -> None:
    first = kit.bench.experiment
    kit.bench.change(replace(first, seed=1), merge=False)
    kit.bench.change(replace(first, seed=12), merge=True)
    kit.bench.change(replace(first, seed=123), merge=True)
    kit.bench.undo()
    assert kit.bench.experiment == first


def test_an_illegal_entry_forbids_training_and_says_why(loaded: Kit) -> None:
    loaded.bench.entry_problem(text("must be greater than {gt}", gt=0))
    assert str(loaded.bench.state.refusal) == "must be greater than 0"
    loaded.bench.control.train_or_pause()
    assert loaded.trainer.sessions == []


def test_a_problem_between_two_settings_forbids_training(loaded: Kit) -> None:
    loaded.bench.change(replace(loaded.bench.experiment, stopping=Stopping(epochs=None)))
    loaded.settle()
    assert loaded.bench.state.refusal is not None
    loaded.bench.control.restart()
    assert loaded.trainer.sessions == []


def test_after_a_run_a_problem_is_what_the_status_tells(loaded: Kit) -> None:
    loaded.train()
    loaded.bench.control.stop()
    loaded.crank()
    told = [loaded.bench.state.activity]
    loaded.bench.change(replace(loaded.bench.experiment, stopping=Stopping(epochs=None)))
    told.append(loaded.bench.state.activity)
    loaded.bench.undo()
    told.append(loaded.bench.state.activity)
    assert told == [Activity.STOPPED, Activity.REFUSED, Activity.STOPPED]


def test_other_data_are_loaded_when_the_edit_has_settled(loaded: Kit) -> None:
    loaded.bench.change(replace(loaded.bench.experiment, data=spirals()))
    assert loaded.bench.facts is None
    loaded.bench.poll()
    assert loaded.bench.facts is None
    loaded.settle()
    assert loaded.bench.facts is not None
    assert loaded.bench.facts.inputs == 2


def test_a_source_with_a_problem_is_not_loaded_to_hear_of_it_again(loaded: Kit) -> None:
    loaded.bench.open_case("polynomial")
    loaded.settle()
    told = len(loaded.notices)
    good = loaded.bench.experiment
    place = ("data", "sources", 0, "source", "low")
    loaded.bench.change(replace_at(good, place, 5.0))
    loaded.settle()
    assert loaded.bench.state.activity is Activity.REFUSED
    assert len(loaded.notices) == told
    loaded.bench.change(replace_at(good, place, -3.0))
    loaded.settle()
    assert loaded.bench.facts is not None


def test_sources_that_cannot_be_mixed_are_told_at_the_row_of_the_second(loaded: Kit) -> None:
    told = len(loaded.notices)
    before = loaded.bench.experiment
    two = tuple(WeightedSource(source=one) for one in (Moons(samples=40), Noise(samples=40)))
    loaded.bench.change(replace(before, data=DataSettings(sources=two)))
    loaded.settle()
    (problem,) = loaded.bench.problems
    assert problem.path == ("data", "sources", 1, "source")
    assert "Two moons and Random noise cannot be mixed" in str(problem.message)
    assert loaded.bench.state.activity is Activity.REFUSED
    assert len(loaded.notices) == told
    loaded.bench.change(before)
    loaded.settle()
    assert loaded.bench.problems == ()


def test_data_that_cannot_be_read_are_refused_and_a_run_goes_on(
    loaded: Kit, tmp_path: Path
) -> None:
    nowhere = DataPlaces(folders=(tmp_path,), cache=tmp_path, downloads=tmp_path)
    loaded.bench._places = lambda *_: nowhere
    loaded.train(2)
    mnist = DataSettings(sources=(WeightedSource(source=Mnist()),))
    loaded.bench.change(replace(loaded.bench.experiment, data=mnist))
    loaded.settle()
    assert loaded.notices[-1].topic == "data"
    assert loaded.bench.state.refusal == loaded.notices[-1].text
    loaded.train(1)
    assert loaded.bench.views[0].snapshot.step == 3


def test_a_refusal_goes_away_with_the_data_it_was_about(loaded: Kit, tmp_path: Path) -> None:
    nowhere = DataPlaces(folders=(tmp_path,), cache=tmp_path, downloads=tmp_path)
    loaded.bench._places = lambda *_: nowhere
    mnist = DataSettings(sources=(WeightedSource(source=Mnist()),))
    over: list[str] = []
    loaded.bench.notice_over.connect(over.append)
    loaded.bench.change(replace(loaded.bench.experiment, data=mnist))
    loaded.settle()
    loaded.bench.undo()
    loaded.settle()
    assert loaded.bench.state.refusal is None
    assert "data" in over


def test_a_model_is_saved_as_it_was_at_that_step(loaded: Kit, tmp_path: Path) -> None:
    loaded.train(3)
    path = tmp_path / "model.safetensors"
    loaded.bench.models.save(path)
    loaded.settle()
    saved, now = load_model(path), loaded.bench.views[0].snapshot.weights
    assert now is not None
    assert (saved.vector == now.vector).all()
    assert saved.recipe.end_step == 3
    assert loaded.bench.settings.recent_files == (str(path),)


def test_saving_what_was_trained_leaves_nothing_unsaved(loaded: Kit, tmp_path: Path) -> None:
    assert not loaded.bench.state.unsaved
    loaded.train(2)
    assert loaded.bench.state.unsaved
    loaded.bench.models.save(tmp_path / "a.safetensors")
    loaded.settle()
    assert not loaded.bench.state.unsaved
    loaded.train(1)
    assert loaded.bench.state.unsaved


def test_a_save_that_fails_is_told_and_the_model_stays_unsaved(loaded: Kit, tmp_path: Path) -> None:
    loaded.train(2)
    loaded.bench.models.save(tmp_path / "no such folder" / "a.safetensors")
    loaded.settle()
    assert loaded.notices[-1].topic == "model"
    assert loaded.bench.state.unsaved


def test_an_opened_model_shows_its_weights_and_its_experiment(
    loaded: Kit, tmp_path: Path, qtbot: QtBot
) -> None:
    loaded.train(3)
    path = tmp_path / "digits.safetensors"
    loaded.bench.models.save(path)
    loaded.settle()
    trained = loaded.bench.experiment
    loaded.bench.change(replace(trained, seed=77))
    loaded.bench.models.open(path)
    with qtbot.waitSignal(loaded.bench.runs_changed):
        loaded.settle()
    assert loaded.bench.views[0].name == "digits"
    assert model_of(loaded.bench.current) is not None
    assert loaded.bench.experiment == trained
    assert loaded.bench.saved is not None
    assert loaded.bench.saved.file == path


def test_an_opened_model_brings_its_curves(loaded: Kit, tmp_path: Path) -> None:
    loaded.train(5)
    path = tmp_path / "digits.safetensors"
    loaded.bench.models.save(path)
    loaded.settle()
    trained = loaded.bench.views[0].snapshot
    loaded.bench.models.open(path)
    loaded.settle()
    opened = loaded.bench.views[0].snapshot
    assert trained.history is not None
    assert opened.history is not None
    assert history_vectors(opened.history).keys() == history_vectors(trained.history).keys()
    for name, column in history_vectors(trained.history).items():
        np.testing.assert_array_equal(history_vectors(opened.history)[name], column)
    for name in ("step", "epoch", "steps_per_epoch", "total_steps"):
        assert getattr(opened, name) == getattr(trained, name)


def test_a_test_of_the_model_is_told_and_stays_with_the_run(loaded: Kit) -> None:
    loaded.train(3)
    loaded.bench.tests.test()
    loaded.settle()
    told = str(loaded.notices[-1].text)
    assert told.startswith("Run 1: test accuracy ")
    assert "step 3" in told
    found = loaded.bench.views[0].test_score
    assert found is not None
    assert 0 <= found <= 1
    loaded.train(1)
    assert loaded.bench.views[0].test_score is None


def test_a_test_of_a_model_of_values_tells_r_squared_and_rmse(loaded: Kit) -> None:
    loaded.bench.open_case("polynomial")
    loaded.settle()
    loaded.train(3)
    loaded.bench.tests.test()
    loaded.settle()
    told = str(loaded.notices[-1].text)
    assert told.startswith("Run 1: test R² ")
    assert "RMSE" in told
    model = model_of(loaded.bench.current)
    assert model is not None
    assert model.task == "values"


def test_a_bad_file_changes_nothing(loaded: Kit, tmp_path: Path) -> None:
    loaded.train(3)
    path = tmp_path / "bad.safetensors"
    path.write_bytes(b"this is no model")
    before = loaded.bench.views[0].identity, loaded.bench.experiment
    loaded.bench.models.open(path)
    loaded.settle()
    assert (loaded.bench.views[0].identity, loaded.bench.experiment) == before
    assert "bad.safetensors" in str(loaded.notices[-1].text)
    assert loaded.notices[-1].details == ""


def test_opening_a_model_does_not_lose_the_run_that_was_trained(
    loaded: Kit, tmp_path: Path
) -> None:
    loaded.train(3)
    path = tmp_path / "digits.safetensors"
    loaded.bench.models.save(path)
    loaded.settle()
    loaded.train(1)
    trained = loaded.bench.current
    loaded.bench.models.open(path)
    loaded.settle()
    assert trained is not None
    loaded.bench.run_list.choose(trained.identity)
    assert model_of(loaded.bench.current) is not None
    assert loaded.bench.state.unsaved


def test_a_run_that_diverges_says_so_and_keeps_its_last_finite_weights(qapp: object) -> None:
    hopeless = small_experiment(
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Identity())),
        loss=MeanSquaredError(),
        optimizer=Sgd(learning_rate=10.0),
        schedule=Constant(),
    )
    kit = Kit(hopeless)
    kit.load()
    kit.bench.control.train_or_pause()
    kit.crank(20)
    weights = kit.bench.views[0].snapshot.weights
    assert kit.bench.state.activity is Activity.DIVERGED
    assert kit.notices[-1].topic == "run"
    assert weights is not None
    assert np.isfinite(weights.vector).all()
    kit.bench.close(forget=True)


def test_a_run_that_fails_by_a_bug_is_told_with_details_and_logged(
    loaded: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    loaded.train(1)

    def broken(*_: Any) -> None:
        raise ZeroDivisionError("a bug")

    loaded.trainer.sessions[0]._do_commands = broken  # type: ignore[method-assign]  # a bug on demand
    loaded.crank()
    told = loaded.notices[-1]
    assert loaded.bench.state.activity is Activity.FAILED
    assert "ZeroDivisionError" in told.details
    assert "Traceback" not in str(told.text)
    assert "ZeroDivisionError" in caplog.text


def test_what_is_set_is_remembered_for_the_next_start(kit: Kit) -> None:
    kit.bench.change(replace(kit.bench.experiment, seed=4))
    kit.bench.close(forget=True)
    again = Kit(kit.bench.experiment)
    assert again.bench.experiment.seed == 4
    again.bench.close(forget=True)


def test_an_interrupted_run_is_offered_and_goes_on_where_it_was(
    qapp: object, tmp_path: Path
) -> None:
    store = RunStore(tmp_path / "runs", threaded=False)
    first = Kit(store=store)
    first.load()
    first.train(3)
    first.bench.close(forget=False)
    store.close()

    later = RunStore(tmp_path / "runs", threaded=False)
    second = Kit(small_experiment(seed=8), store=later)
    second.load()
    offered = second.notices[-1]
    assert offered.topic == "recovery"
    offered.offers[0].run()
    second.settle()
    second.train(1)
    assert second.bench.views[0].snapshot.step == 4
    assert second.bench.experiment == first.bench.experiment
    second.bench.close(forget=True)
    later.close()


def test_an_interrupted_run_that_is_discarded_is_never_offered_again(
    qapp: object, tmp_path: Path
) -> None:
    store = RunStore(tmp_path / "runs", threaded=False)
    first = Kit(store=store)
    first.load()
    first.train(3)
    first.bench.close(forget=False)
    store.close()

    later = RunStore(tmp_path / "runs", threaded=False)
    second = Kit(store=later)
    second.load()
    second.notices[-1].offers[1].run()
    second.bench.close(forget=True)
    later.close()
    assert RunStore(tmp_path / "runs", threaded=False).unfinished() == ()


def test_a_run_that_was_answered_for_is_not_offered_again(qapp: object, tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs", threaded=False)
    kit = Kit(store=store)
    kit.load()
    kit.train(3)
    kit.bench.close(forget=True)
    store.close()
    assert RunStore(tmp_path / "runs", threaded=False).unfinished() == ()


def test_a_sample_is_a_picture_of_the_data_with_its_name(loaded: Kit) -> None:
    data = loaded.bench.data
    assert data is not None
    picture, name = random_picture(data)
    assert picture.shape == (28, 28)
    assert name in data.class_names


def test_data_of_another_source_are_none_of_the_experiment(loaded: Kit) -> None:
    loaded.bench.change(replace(loaded.bench.experiment, data=spirals()))
    assert loaded.bench.data is None
    loaded.settle()
    assert loaded.bench.data is not None
    assert loaded.bench.data.inputs == 2


def test_settings_are_written_when_they_stand_still(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    kit = Kit(settings_path=path)
    kit.bench.change_settings(theme="dark")
    kit.bench.poll()
    assert not path.exists()
    kit.clock.now += 5
    kit.settle()
    assert '"dark"' in path.read_text(encoding="utf-8")
    kit.bench.close(forget=True)


def test_a_run_is_unsaved_whatever_was_opened_or_begun_after_it(
    loaded: Kit, tmp_path: Path
) -> None:
    loaded.train(2)
    path = tmp_path / "digits.safetensors"
    loaded.bench.models.save(path)
    loaded.settle()
    loaded.train(1)
    loaded.bench.models.open(path)
    loaded.settle()
    assert [str(run.name) for run in loaded.bench.run_list.unsaved] == ["Run 1"]
    loaded.bench.control.train_or_pause()
    loaded.settle()
    loaded.bench.control.stop()
    loaded.crank()
    assert [str(run.name) for run in loaded.bench.run_list.unsaved] == ["Run 1"]
    assert loaded.bench.state.unsaved


def test_unsaved_runs_are_named_from_the_one_that_is_shown(loaded: Kit) -> None:
    for _ in range(3):
        loaded.train(1)
        loaded.bench.control.stop()
        loaded.crank()
    loaded.bench.run_list.choose("run-2")
    assert [str(run.name) for run in loaded.bench.run_list.unsaved] == ["Run 2", "Run 3", "Run 1"]


def test_the_newest_run_is_driven_while_an_earlier_one_is_shown(loaded: Kit) -> None:
    loaded.train(1)
    loaded.bench.control.restart()
    loaded.crank(2)
    loaded.bench.run_list.choose("run-1")
    seen = [loaded.bench.state.activity]
    assert loaded.bench.state.busy
    assert loaded.bench.running == loaded.bench.experiment
    assert loaded.bench.driven is not loaded.bench.current
    loaded.bench.control.train_or_pause()
    loaded.crank()
    seen.append(loaded.bench.state.activity)
    assert seen == [Activity.RUNNING, Activity.PAUSED]
    assert len(loaded.bench.views) == 2
    loaded.bench.control.stop()
    loaded.crank()
    assert not loaded.bench.state.live


def test_a_live_setting_acts_on_the_driven_run_while_another_is_shown(loaded: Kit) -> None:
    loaded.train(1)
    loaded.bench.control.restart()
    loaded.crank(2)
    loaded.bench.run_list.choose("run-1")
    loaded.bench.change(with_rate(loaded.bench.experiment, 0.5))
    assert loaded.bench.running == loaded.bench.experiment


def stored_steps(folder: Path) -> list[int]:
    later = RunStore(folder, threaded=False)
    found = [one.step for one in later.unfinished()]
    later.close()
    return found


def test_restart_keeps_the_crash_copy_of_the_unsaved_run_before(
    qapp: object, tmp_path: Path
) -> None:
    store = RunStore(tmp_path / "runs", threaded=False)
    kit = Kit(store=store)
    kit.load()
    kit.train(3)
    kit.bench.control.restart()
    kit.crank()
    kit.bench.close(forget=False)
    store.close()
    assert 3 in stored_steps(tmp_path / "runs")


def test_a_run_that_was_saved_is_not_offered_after_a_crash(qapp: object, tmp_path: Path) -> None:
    store = RunStore(tmp_path / "runs", threaded=False)
    kit = Kit(store=store)
    kit.load()
    kit.train(3)
    store.turn()
    kit.bench.models.save(tmp_path / "kept.safetensors")
    kit.settle()
    kit.bench.close(forget=False)
    store.close()
    assert stored_steps(tmp_path / "runs") == []


def interrupted(folder: Path, *, ended: bool) -> None:
    store = RunStore(folder, threaded=False)
    kit = Kit(store=store)
    kit.load()
    kit.train(3)
    if ended:
        kit.bench.control.stop()
        kit.crank()
    kit.bench.close(forget=False)
    store.close()


def test_a_run_that_ended_and_was_not_saved_is_offered_as_that(
    qapp: object, tmp_path: Path
) -> None:
    interrupted(tmp_path / "runs", ended=True)
    store = RunStore(tmp_path / "runs", threaded=False)
    kit = Kit(store=store)
    kit.load()
    assert "was not saved" in str(kit.notices[-1].text)
    kit.notices[-1].offers[0].run()
    kit.settle()
    kit.crank(3)
    assert kit.bench.state.activity is Activity.PAUSED
    assert kit.bench.views[0].snapshot.step == 3
    assert kit.bench.state.has_model
    assert kit.bench.state.unsaved
    kit.bench.close(forget=True)
    store.close()
    assert stored_steps(tmp_path / "runs") == []


def test_the_old_copy_stays_until_the_run_that_goes_on_has_one(
    qapp: object, tmp_path: Path
) -> None:
    folder = tmp_path / "runs"
    interrupted(folder, ended=False)
    (old,) = folder.iterdir()
    store = RunStore(folder, threaded=False)
    kit = Kit(store=store)
    kit.load()
    kit.notices[-1].offers[0].run()
    for _ in range(60):
        kit.settle()
    assert old.exists()
    kit.train(1)
    store.turn()
    kit.settle()
    assert not old.exists()
    assert len(list(folder.iterdir())) == 1
    kit.bench.close(forget=True)
    store.close()


def test_a_run_that_goes_on_knows_the_weights_it_began_with(qapp: object, tmp_path: Path) -> None:
    first = Kit(store=(store := RunStore(tmp_path / "runs", threaded=False)))
    first.load()
    first.train(3)
    plan = first.bench.views[0].blueprint
    first.bench.close(forget=False)
    store.close()

    later = RunStore(tmp_path / "runs", threaded=False)
    second = Kit(small_experiment(seed=8), store=later)
    second.load()
    second.notices[-1].offers[0].run()
    second.settle()
    second.crank()
    goes_on = second.bench.views[0].blueprint
    assert plan is not None
    assert plan.initial is not None
    assert goes_on is not None
    assert goes_on.initial is not None
    assert (goes_on.initial == plan.initial).all()
    second.bench.close(forget=True)
    later.close()


def test_what_is_set_is_written_a_little_after_a_change(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    kit = Kit(settings_path=path)
    kit.bench.change(replace(kit.bench.experiment, seed=4321))
    kit.settle()
    kit.settle()
    assert "4321" in path.read_text(encoding="utf-8")
    kit.bench.close(forget=True)


def test_an_opened_model_says_from_which_file_and_when_it_was_saved(
    loaded: Kit, tmp_path: Path
) -> None:
    loaded.train(2)
    path = tmp_path / "digits.safetensors"
    model = model_of(loaded.bench.current)
    assert model is not None
    save_model(
        path, replace(model, summary={**model.summary, "saved": "2025-03-04T05:06:07+00:00"})
    )
    loaded.bench.models.open(path)
    loaded.settle()
    assert loaded.bench.views[0].file == "digits.safetensors"
    saved = loaded.bench.saved
    assert saved is not None
    assert saved.when == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_the_recipe_is_that_of_the_run_that_is_shown(loaded: Kit) -> None:
    assert loaded.bench.recipe == Recipe(loaded.bench.experiment)
    loaded.train(2)
    loaded.bench.change(with_rate(loaded.bench.experiment, 0.5))
    loaded.train(1)
    assert [one.path for one in loaded.bench.recipe.changes] == ["optimizer.learning_rate"]


def test_names_of_runs_follow_the_language(loaded: Kit) -> None:
    assert loaded.bench.views[0].name == "Untrained network"
    loaded.train(1)
    assert loaded.bench.views[0].name == "Run 1"
    set_language("zh_CN")
    assert loaded.bench.views[0].name == tr("Run {number}", number=1) != "Run 1"
