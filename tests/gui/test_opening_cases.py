"""Opening an experiment: the run under way stays what it was, and says what it is a run of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.gui.workbench import openings
from nnstudio.paths import replace_at
from nnstudio.runs.cases import load_case
from nnstudio.runs.settings import Settings
from nnstudio.training.experiment import Experiment, dumps
from nnstudio.training.snapshot import RunState
from nnstudio.training.sources import data_name_of
from tests.gui.bench_kit import Kit, small_experiment, spirals
from tests.gui.test_hunt import first_of

RATE = ("optimizer", "learning_rate")
CASE, STEP, PRESET = "weights-do-not-change", "weights-do-not-change-healed", "moons"


def slower(experiment: Experiment) -> Experiment:
    return replace_at(experiment, RATE, 0.004)


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> dict[str, Experiment]:
    known = {
        CASE: replace_at(small_experiment(), RATE, 0.03),
        STEP: replace_at(small_experiment(), RATE, 0.04),
        PRESET: small_experiment(data=spirals()),
    }
    monkeypatch.setattr(openings, "_LOADED", known)
    return known


@pytest.fixture
def trained(qapp: object, cases: dict[str, Experiment]) -> Iterator[Kit]:
    kit = Kit()
    kit.load()
    kit.train(3)
    yield kit
    kit.bench.close(forget=True)


def test_a_case_that_is_opened_does_not_touch_the_run_under_way(trained: Kit) -> None:
    bench = trained.bench
    bench.open_case(CASE)
    trained.train(2)
    recipe = bench.views[0].recipe
    assert recipe is not None
    assert recipe.changes == ()
    assert bench.running is None
    bench.change(slower(bench.experiment))
    trained.train(2)
    assert bench.views[0].recipe == recipe


def test_undoing_back_to_its_experiment_lets_changes_act_again(trained: Kit) -> None:
    bench = trained.bench
    bench.open_case(CASE)
    bench.undo()
    trained.train(1)
    assert bench.views[0].recipe is not None
    assert bench.views[0].recipe.changes == ()
    bench.change(slower(bench.experiment))
    trained.train(1)
    bench.undo()
    trained.train(1)
    changed = bench.views[0].recipe
    assert changed is not None
    assert [one.path for one in changed.changes] == ["optimizer.learning_rate"] * 2


def test_the_next_run_is_one_of_the_case_and_follows_it(trained: Kit) -> None:
    bench = trained.bench
    bench.open_case(CASE)
    bench.control.restart()
    trained.train(2)
    bench.change(slower(bench.experiment))
    trained.train(2)
    new, old = bench.views[:2]
    assert new.recipe is not None
    assert [change.path for change in new.recipe.changes] == ["optimizer.learning_rate"]
    assert old.recipe is not None
    assert old.recipe.changes == ()


def test_a_run_of_another_experiment_says_what_it_is_of(trained: Kit) -> None:
    bench = trained.bench
    assert bench.views[0].elsewhere == ""
    bench.open_case(CASE)
    assert bench.views[0].elsewhere == data_name_of(small_experiment())
    bench.control.restart()
    trained.train(2)
    assert bench.views[0].elsewhere == ""
    bench.open_case(PRESET)
    assert bench.views[0].elsewhere == openings.title_of_case(CASE)
    bench.undo()
    assert bench.views[0].elsewhere == ""


def test_a_run_that_is_chosen_brings_its_experiment_and_case(trained: Kit) -> None:
    bench = trained.bench
    bench.open_case(CASE)
    bench.control.restart()
    trained.train(2)
    bench.control.stop()
    trained.crank()
    bench.open_case(PRESET)
    assert bench.case == ""
    bench.run_list.choose("run-2")
    assert bench.case == CASE
    assert bench.views[0].elsewhere == ""


def test_a_case_that_is_opened_again_unchanged_is_no_other_experiment(trained: Kit) -> None:
    bench = trained.bench
    bench.open_case(CASE)
    subject = bench.subject
    bench.open_case(CASE)
    assert bench.subject == subject
    bench.change(slower(bench.experiment))
    bench.open_case(CASE)
    assert bench.subject != subject


def told(kit: Kit, topic: str) -> list[str]:
    return [str(one.text) for one in kit.notices if one.topic == topic]


def test_what_goes_on_of_another_experiment_is_named_until_it_is_over(trained: Kit) -> None:
    bench = trained.bench
    over: list[str] = []
    bench.notice_over.connect(over.append)
    bench.open_case(CASE)
    noise = data_name_of(small_experiment())
    assert told(trained, "elsewhere") == [f"Run 1 of “{noise}” goes on untouched."]
    bench.undo()
    assert over.count("elsewhere") == 1
    bench.redo()
    offers = {str(one.text): one for one in trained.notices[-1].offers}
    offers["Restart"].run()
    trained.train(1)
    assert over.count("elsewhere") == 2
    assert bench.views[0].name == "Run 2"


def test_a_race_is_silent_while_another_experiment_is_open(trained: Kit) -> None:
    bench = trained.bench
    bench.races.race(slower(bench.experiment))
    trained.crank()
    assert bench.races.standing is not None
    over: list[str] = []
    bench.notice_over.connect(over.append)
    bench.open_case(CASE)
    assert bench.races.standing is None
    assert "race" in over
    trained.notices.clear()
    trained.crank(40)
    assert bench.races.standing is None
    assert told(trained, "race") == []
    bench.undo()
    trained.crank(60)
    assert bench.races.standing is not None


def test_a_run_of_another_experiment_is_no_rival(trained: Kit) -> None:
    bench = trained.bench
    bench.open_case(CASE)
    bench.races.race(slower(bench.experiment))
    trained.crank(2)
    assert bench.races.standing is None
    assert {view.name: view.snapshot.state for view in bench.views}["Run 1"] is RunState.STOPPED


@pytest.mark.parametrize("way", ["open", "undo"])
def test_another_experiment_ends_the_hunt(trained: Kit, way: str) -> None:
    bench = trained.bench
    bench.open_case(STEP)
    bench.hunt._sample = first_of("softmax-twice")
    bench.hunt.begin()
    assert bench.hunt.hidden
    if way == "open":
        bench.open_case(STEP)
    else:
        bench.undo()
    assert not bench.hunt.state.offered
    assert not bench.hunt.hidden


def test_the_first_start_is_with_everyday_digits_where_mnist_lies(
    shared_data: Path, tmp_path: Path
) -> None:
    found = DataPlaces(folders=(shared_data,), cache=tmp_path, downloads=tmp_path)
    nowhere = DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path, may_download=True)
    for places, case in ((found, "everyday-digits"), (nowhere, "handwriting")):
        assert openings.last_experiment(Settings(), places) == load_case(case)
        unreadable = Settings(last_experiment='{"format_version": 1, "seed": -1}')
        assert openings.last_experiment(unreadable, places) == load_case(case)
    assert not any(tmp_path.iterdir())


def test_what_was_set_last_is_opened_again_whatever_lies_there(tmp_path: Path) -> None:
    places = DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path)
    settings = Settings(last_experiment=dumps(small_experiment()))
    assert openings.last_experiment(settings, places) == small_experiment()
