"""Runs that another one takes the place of wait for its end; several that were left are offered."""

from pathlib import Path

import pytest

from nnstudio.gui.workbench import Activity
from nnstudio.runs.store import RunStore
from nnstudio.training.snapshot import RunState
from tests.gui.bench_kit import Kit, small_experiment
from tests.gui.test_teaching import shortened, taught


def left_behind(folder: Path, *, lesson: bool = False, stopped: bool = False) -> None:
    store = RunStore(folder, threaded=False)
    kit = Kit(store=store)
    kit.bench.teach.make_lesson = shortened(steps=400)
    kit.load()
    kit.train(3)
    if lesson:
        taught(kit, "7", "1")
        kit.bench.teach.learn()
        kit.settle()
        kit.train(2)
    if stopped:
        kit.bench.control.stop()
        kit.crank()
    kit.bench.close(forget=False)
    store.close()


def later(folder: Path, seed: int = 8) -> tuple[Kit, RunStore]:
    store = RunStore(folder, threaded=False)
    kit = Kit(small_experiment(seed=seed), store=store)
    kit.load()
    return kit, store


def end(kit: Kit, store: RunStore) -> None:
    kit.bench.close(forget=True)
    store.close()


def test_a_lesson_pauses_the_training_which_can_go_on_after_it(kit: Kit) -> None:
    kit.bench.teach.make_lesson = shortened(steps=4)
    kit.load()
    kit.train(3)
    kit.bench.control.train_or_pause()
    kit.crank()
    run = kit.bench.current
    assert run is not None
    taught(kit, "7", "1")
    kit.bench.teach.learn()
    kit.settle()
    kit.crank()
    assert run.snapshot.state is RunState.PAUSED
    assert run is not kit.bench.current
    assert any("is paused, and can go on" in str(one.text) for one in kit.notices)
    while kit.bench.teach.state.learning:
        kit.crank()
    step = run.snapshot.step
    assert kit.bench.current is not run
    assert kit.bench.state.activity is Activity.PAUSED
    offered = next(one for one in reversed(kit.notices) if one.topic == "set aside")
    offered.offers[0].run()
    kit.crank(2)
    assert kit.bench.current is run
    assert kit.bench.state.busy
    assert run.snapshot.step > step


def test_a_run_that_waits_for_a_lesson_ends_where_another_is_begun(kit: Kit) -> None:
    kit.bench.teach.make_lesson = shortened(steps=400)
    kit.load()
    kit.train(3)
    kit.bench.control.train_or_pause()
    kit.crank()
    run = kit.bench.current
    taught(kit, "7")
    kit.bench.teach.learn()
    kit.settle()
    kit.bench.control.restart()
    kit.crank(2)
    assert run is not None
    assert run.snapshot.state is RunState.STOPPED


def test_a_run_that_is_opened_leaves_the_one_under_way_paused(qapp: object, tmp_path: Path) -> None:
    left_behind(tmp_path, stopped=True)
    kit, store = later(tmp_path)
    kit.train(2)
    run = kit.bench.current
    next(one for one in reversed(kit.notices) if one.topic == "recovery").offers[0].run()
    kit.settle()
    kit.crank(2)
    assert run is not None
    assert run.snapshot.state is RunState.PAUSED
    assert kit.bench.current is not run
    assert kit.bench.views[0].snapshot.step == 3
    end(kit, store)


def test_several_runs_that_were_left_are_all_offered(qapp: object, tmp_path: Path) -> None:
    left_behind(tmp_path)
    left_behind(tmp_path, stopped=True)
    kit, store = later(tmp_path)
    first = kit.notices[-1]
    assert "1 of 2" in str(first.hint)
    assert [str(one.text) for one in first.offers][1:] == ["Discard", "Next"]
    first.offers[2].run()
    second = kit.notices[-1]
    assert "2 of 2" in str(second.hint)
    assert {str(one.offers[0].text) for one in (first, second)} == {"Open", "Continue"}
    second.offers[1].run()
    assert kit.notices[-1].text == first.text
    assert len(kit.notices[-1].offers) == 2
    end(kit, store)


def test_a_lesson_that_goes_on_stays_a_lesson(qapp: object, tmp_path: Path) -> None:
    left_behind(tmp_path, lesson=True)
    kit, store = later(tmp_path)
    before = kit.bench.experiment
    offered = [one for one in kit.notices if one.topic == "recovery"][-1]
    if not str(offered.text).startswith("“Lesson"):
        offered.offers[2].run()
        offered = kit.notices[-1]
    assert str(offered.text).startswith("“Lesson 1: 2 digits” was interrupted")
    offered.offers[0].run()
    kit.settle()
    kit.crank()
    run = kit.bench.current
    assert run is not None
    assert run.lesson
    assert str(run.name) == "Lesson 1: 2 digits"
    assert run.snapshot.step >= 2
    assert kit.bench.teach.state.learning
    assert kit.bench.experiment == before
    end(kit, store)


@pytest.mark.parametrize("there", [True, False])
def test_the_model_saved_last_is_offered_when_it_is_there(
    kit: Kit, tmp_path: Path, *, there: bool
) -> None:
    path = tmp_path / "mine.safetensors"
    kit.load()
    kit.train(2)
    kit.bench.models.save(path)
    kit.settle()
    if not there:
        path.unlink()
    kit.bench.models.offer_last(kit.bench.settings.recent_files)
    kit.settle()
    offered = [one for one in kit.notices if "You saved mine" in str(one.text)]
    assert bool(offered) == there
    if there:
        offered[0].offers[0].run()
        kit.settle()
        assert kit.bench.current is not None
        assert kit.bench.current.file == path.name
