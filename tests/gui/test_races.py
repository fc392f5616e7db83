"""Several runs at once: raced until one has clearly won, compared at equal steps, told apart."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnstudio.data.catalogue.mnist import Mnist
from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.data.catalogue.random_targets import RandomTargets
from nnstudio.data.catalogue.toys import Moons
from nnstudio.data.preprocessing import Standardized
from nnstudio.gui.workbench.run_sources import StillSource
from nnstudio.gui.workbench.standings import Standing, standing_of_comparison
from nnstudio.nn.activations import Sigmoid, Softmax
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import BinaryCrossEntropy, CrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam
from nnstudio.paths import replace_at
from nnstudio.runs.run import Run
from nnstudio.runs.store import RunStore
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
)
from nnstudio.training.history import History
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot
from tests.gui.bench_kit import Kit, small_experiment

RATE = ("optimizer", "learning_rate")
SLOW, GOOD = 1e-7, 0.02
PLAIN = Experiment()


def sick(**values: object) -> Experiment:
    """Give an experiment on points whose rate is far too low."""
    return small_experiment(
        data=DataSettings(sources=(WeightedSource(source=Moons(samples=400)),)),
        network=NetworkSpec(layers=(HiddenLayer(units=16),)),
        optimizer=Adam(learning_rate=SLOW),
        batches=Batches(size=16),
        **values,
    )


@pytest.fixture
def sick_kit(qapp: object) -> object:
    made = Kit(sick())
    made.load()
    yield made
    made.bench.close(forget=True)


def names(kit: Kit) -> list[str]:
    return [view.name for view in kit.bench.views]


def states(kit: Kit) -> dict[str, RunState]:
    return {view.name: view.snapshot.state for view in kit.bench.views}


def race_on(kit: Kit, turns: int = 400) -> Standing:
    for _ in range(turns):
        kit.crank()
        standing = kit.bench.races.standing
        if standing is not None and standing.over:
            return standing
    raise AssertionError(kit.bench.races.standing)


# a race


def test_a_remedy_that_keeps_the_start_forks_where_the_run_is(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    sick_kit.train(5)
    bench.races.race(replace_at(bench.experiment, RATE, GOOD))
    sick_kit.crank(3)
    new, old = bench.views[:2]
    assert (new.name, old.name) == ("Run 2", "Run 1")
    assert new.current
    assert new.recipe is not None
    assert new.recipe.parent is not None
    assert new.recipe.parent.step >= 5
    assert old.recipe is not None
    assert old.recipe.changes == ()
    assert old.recipe.latest.optimizer.learning_rate == SLOW
    assert np.array_equal(new.snapshot.history.loss[:5], old.snapshot.history.loss[:5])  # type: ignore[union-attr]  # both have begun


def test_one_that_changes_shapes_begins_at_step_0_with_the_same_seed(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    sick_kit.train(5)
    wider = replace(bench.experiment, network=NetworkSpec(layers=(HiddenLayer(units=24),)))
    assert not bench.races.forks(wider)
    bench.races.race(wider)
    bench.control.stop()
    sick_kit.crank(2)
    new = bench.views[0]
    assert new.recipe is not None
    assert new.recipe.parent is None
    assert new.recipe.experiment == wider


def test_the_change_is_one_that_can_be_undone(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    before = bench.experiment
    sick_kit.train(5)
    bench.races.race(replace_at(before, RATE, GOOD))
    assert bench.experiment.optimizer.learning_rate == GOOD
    bench.undo()
    assert bench.experiment == before
    assert not bench.state.can_undo


def test_the_better_run_wins_the_other_is_stopped_and_a_sentence_says_so(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    told: list[Standing | None] = []
    bench.race_changed.connect(told.append)
    sick_kit.train(5)
    sick_kit.notices.clear()
    bench.races.race(replace_at(bench.experiment, RATE, GOOD))
    assert "race" in str(bench.races.standing.told)  # type: ignore[union-attr]  # it was just begun
    standing = race_on(sick_kit)
    sick_kit.crank()
    assert standing.winner == "run-2"
    assert str(standing.told).startswith("Run 2 has clearly won at step ")
    assert str(sick_kit.notices[-1].text) == str(standing.told)
    assert states(sick_kit) == {"Run 2": RunState.RUNNING, "Run 1": RunState.STOPPED}
    assert told[-1] == standing
    assert {view.place for view in bench.views} == {0, 1}


def test_a_change_for_the_worse_loses_and_can_be_taken_back(qapp: object) -> None:
    kit = Kit(replace_at(sick(), RATE, GOOD))
    kit.load()
    bench = kit.bench
    kit.train(5)
    good = bench.experiment
    bench.races.race(replace_at(good, RATE, SLOW))
    standing = race_on(kit)
    kit.crank()
    assert standing.winner == "run-1"
    notice = kit.notices[-1]
    assert str(notice.hint) == "The change has not helped."
    notice.offers[0].run()
    kit.crank()
    assert bench.experiment == good
    assert bench.views[0].name == "Run 1"
    assert states(kit)["Run 1"] is RunState.RUNNING
    bench.close(forget=True)


def test_what_was_undone_is_no_longer_offered_to_be_taken_back(qapp: object) -> None:
    kit = Kit(replace_at(sick(), RATE, GOOD))
    kit.load()
    kit.train(5)
    kit.bench.races.race(replace_at(kit.bench.experiment, RATE, SLOW))
    race_on(kit)
    assert [str(offer.text) for offer in kit.notices[-1].offers] == ["Take the change back"]
    over: list[str] = []
    kit.bench.notice_over.connect(over.append)
    kit.bench.undo()
    assert over == ["race"]
    kit.bench.close(forget=True)


def test_a_run_that_has_ended_is_compared_as_it_was(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    bench.change(replace(bench.experiment, stopping=Stopping(epochs=1000, steps=300)))
    bench.control.train_or_pause()
    while not bench.state.over:
        sick_kit.crank()
    bench.races.race(replace_at(bench.experiment, RATE, GOOD))
    standing = race_on(sick_kit)
    assert standing.winner == "run-2"
    assert len(bench.views) == 2
    new = bench.views[0]
    assert new.recipe is not None
    assert new.recipe.parent is None


def test_the_runs_of_a_race_stay_at_equal_steps(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    sick_kit.train(40)
    bench.races.race(
        replace(bench.experiment, network=NetworkSpec(layers=(HiddenLayer(units=200),)))
    )
    sick_kit.crank()
    rival, wide = (drive.session for drive in bench._runs.live)
    before = rival.steps_made
    while wide.steps_made < before:
        assert rival.steps_made == before
        sick_kit.crank()
    bench.control.train_or_pause()
    sick_kit.crank()
    assert set(states(sick_kit).values()) == {RunState.PAUSED}


def test_without_a_run_a_race_begins_one(sick_kit: Kit) -> None:
    sick_kit.bench.races.race(replace_at(sick_kit.bench.experiment, RATE, GOOD))
    sick_kit.crank()
    assert names(sick_kit) == ["Run 1"]
    assert sick_kit.bench.races.standing is None


def test_an_experiment_that_is_not_legal_does_not_race(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    sick_kit.train(5)
    before = bench.experiment
    wrong = replace(before, stopping=Stopping(epochs=None))
    assert bench.races.refusal(wrong) is not None
    bench.races.race(wrong)
    assert bench.experiment == before
    assert len(sick_kit.notices) == 1


def test_a_race_waits_for_data_that_are_scaled_otherwise(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    sick_kit.train(5)
    bench.races.race(replace(bench.experiment, scaling=Standardized()))
    assert bench.control.waits
    sick_kit.settle()
    sick_kit.crank()
    assert names(sick_kit) == ["Run 2", "Run 1"]
    assert bench.views[0].recipe is not None
    assert bench.views[0].recipe.parent is None


def test_who_gives_up_waiting_goes_on_with_the_run_so_far(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    sick_kit.train(5)
    bench.races.race(replace(bench.experiment, scaling=Standardized()))
    bench.control.train_or_pause()
    sick_kit.settle()
    assert names(sick_kit) == ["Run 1"]
    assert bench.running is not None


def test_another_start_ends_a_race(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    sick_kit.train(5)
    bench.races.race(replace_at(bench.experiment, RATE, GOOD))
    sick_kit.crank()
    bench.control.restart()
    sick_kit.crank(2)
    assert bench.races.standing is None
    assert [view.place for view in bench.views] == [None] * 3
    assert states(sick_kit) == {
        "Run 3": RunState.RUNNING,
        "Run 2": RunState.STOPPED,
        "Run 1": RunState.STOPPED,
    }


def test_who_stops_a_race_is_not_told_that_nobody_won(sick_kit: Kit) -> None:
    bench = sick_kit.bench
    sick_kit.train(5)
    bench.races.race(replace_at(bench.experiment, RATE, GOOD))
    sick_kit.crank()
    sick_kit.notices.clear()
    bench.control.stop()
    sick_kit.crank(2)
    assert sick_kit.notices == []
    assert not bench.state.live


def test_both_runs_of_a_race_are_kept_against_a_crash(qapp: object, tmp_path: Path) -> None:
    kit = Kit(sick(), store=RunStore(tmp_path, threaded=False))
    kit.load()
    kit.train(5)
    kit.bench.races.race(replace_at(kit.bench.experiment, RATE, GOOD))
    kit.crank()
    assert all(one.stored is not None for one in kit.bench._runs.live)
    assert {str(run.name) for run in kit.bench.run_list.unsaved} == {"Run 1", "Run 2"}
    kit.bench.close(forget=True)


def unsaved(kit: Kit) -> set[str]:
    return {str(run.name) for run in kit.bench.run_list.unsaved}


def test_nobody_is_asked_to_save_what_a_guide_began(sick_kit: Kit) -> None:
    sick_kit.train(5)
    sick_kit.bench.races.race(replace_at(sick_kit.bench.experiment, RATE, GOOD), decides=False)
    sick_kit.crank(2)
    assert unsaved(sick_kit) == {"Run 1"}
    sick_kit.bench.control.begin_anew(shown_off=True)
    sick_kit.crank(2)
    assert unsaved(sick_kit) == {"Run 1"}


@pytest.mark.parametrize(("before", "after"), [(SLOW, GOOD), (GOOD, SLOW)], ids=["won", "lost"])
def test_nobody_is_asked_to_save_a_change_that_has_lost(
    qapp: object, before: float, after: float
) -> None:
    kit = Kit(replace_at(sick(), RATE, before))
    kit.load()
    kit.train(5)
    kit.bench.races.race(replace_at(kit.bench.experiment, RATE, after))
    race_on(kit)
    kit.crank()
    assert unsaved(kit) == ({"Run 1", "Run 2"} if after == GOOD else {"Run 1"})
    kit.bench.close(forget=True)


# a comparison


@pytest.fixture
def compared(sick_kit: Kit) -> Kit:
    base = sick_kit.bench.experiment
    sick_kit.bench.races.compare(
        "Rates",
        [
            (str(rate), replace_at(replace(base, seed=seed), RATE, rate))
            for seed, rate in ((0, SLOW), (0, GOOD), (1, 0.01))
        ],
    )
    sick_kit.settle()
    return sick_kit


def test_all_runs_of_a_comparison_go_on_together_by_their_names(compared: Kit) -> None:
    compared.crank(3)
    views = compared.bench.views
    assert [view.name for view in views] == [str(SLOW), "0.01", str(GOOD)]
    assert [view.place for view in views] == [0, 2, 1]
    assert all(view.snapshot.step > 0 for view in views)


def test_train_pause_and_stop_act_on_all_of_them(compared: Kit) -> None:
    bench = compared.bench
    compared.crank()
    assert bench.state.busy
    bench.control.train_or_pause()
    compared.crank()
    assert set(states(compared).values()) == {RunState.PAUSED}
    assert not bench.state.busy
    bench.control.train_or_pause()
    compared.crank()
    assert set(states(compared).values()) == {RunState.RUNNING}
    bench.control.stop()
    compared.crank()
    assert set(states(compared).values()) == {RunState.STOPPED}
    assert not bench.state.live


def test_what_is_set_stays_and_live_changes_leave_a_comparison_alone(compared: Kit) -> None:
    bench = compared.bench
    compared.crank()
    assert bench.experiment == sick()
    bench.change(replace_at(bench.experiment, RATE, 0.5))
    compared.crank()
    rates = {view.recipe.latest.optimizer.learning_rate for view in bench.views if view.recipe}
    assert rates == {SLOW, GOOD, 0.01}
    assert bench.running is None


def test_a_sentence_says_who_is_ahead_and_in_the_end_who_was_best(qapp: object) -> None:
    kit = Kit(sick(stopping=Stopping(epochs=1000, steps=300)))
    kit.load()
    base = kit.bench.experiment
    kit.bench.races.compare("Rates", [("low", base), ("right", replace_at(base, RATE, GOOD))])
    kit.settle()
    standing = race_on(kit)
    assert str(standing.told).startswith("After 300 steps “right” is best: validation accuracy ")
    assert standing.winner == "run-2"
    assert str(kit.notices[-1].text) == str(standing.told)
    kit.bench.close(forget=True)


def test_nobody_is_asked_to_save_what_a_button_makes_again(compared: Kit) -> None:
    compared.bench.control.stop()
    compared.crank(2)
    assert compared.bench.run_list.unsaved == ()


def test_the_run_that_goes_on_longest_keeps_the_controls(qapp: object) -> None:
    kit = Kit(sick())
    kit.load()
    base = kit.bench.experiment
    short = replace(base, stopping=Stopping(epochs=1000, steps=10))
    kit.bench.races.compare("Lengths", [("short", short), ("long", base)])
    kit.settle()
    kit.crank(3)
    assert states(kit) == {"short": RunState.FINISHED, "long": RunState.RUNNING}
    assert kit.bench.state.live
    kit.bench.control.train_or_pause()
    kit.crank()
    assert states(kit)["long"] is RunState.PAUSED
    kit.bench.close(forget=True)


def test_runs_of_the_same_data_share_them(compared: Kit) -> None:
    one, other, another = (drive.session.data for drive in compared.bench._runs.live)
    assert one is other
    assert one is not another


def test_what_cannot_be_loaded_is_told_and_nothing_begins(sick_kit: Kit, tmp_path: Path) -> None:
    bench = sick_kit.bench
    bench._places = lambda *_more: DataPlaces((tmp_path,), tmp_path, tmp_path)
    missing = DataSettings(sources=(WeightedSource(source=Mnist()),))
    network = NetworkSpec(layers=(HiddenLayer(units=4),))
    bench.races.compare(
        "Both",
        [
            ("here", bench.experiment),
            ("gone", Experiment(data=missing, network=network)),
        ],
    )
    sick_kit.settle()
    assert not bench.state.live
    assert "MNIST" in str(sick_kit.notices[-1].text)


def test_where_the_longer_run_goes_on_both_ends_are_told(qapp: object) -> None:
    kit = Kit(sick(stopping=Stopping(epochs=1000, steps=100)))
    kit.load()
    bench = kit.bench
    bench.control.train_or_pause()
    kit.crank(40)
    assert bench.views[0].snapshot.step == 100
    longer = replace(bench.experiment, stopping=Stopping(epochs=100_000))
    bench.races.race(replace_at(longer, RATE, SLOW * 2), decides=False)
    said: list[str] = []
    bench.race_changed.connect(lambda one: said.append("" if one is None else str(one.told)))
    for _ in range(400):
        kit.crank()
        if said and said[-1].endswith("Run 2 goes on."):
            break
    assert "when Run 1 ended" in said[-1]
    bench.control.stop()
    standing = race_on(kit)
    assert str(standing.told).startswith("Run 1 ended after 100 steps with validation accuracy ")
    assert "Run 2 after " in str(standing.told)
    kit.bench.close(forget=True)


def test_where_the_longer_run_ends_between_two_looks_both_ends_are_told(qapp: object) -> None:
    kit = Kit(sick(stopping=Stopping(epochs=1000, steps=100)))
    kit.load()
    bench = kit.bench
    bench.control.train_or_pause()
    kit.crank(40)
    longer = replace(bench.experiment, stopping=Stopping(epochs=1000, steps=160))
    bench.races.race(replace_at(longer, RATE, SLOW * 2), decides=False)
    told = str(race_on(kit).told)
    assert "Run 1 ended after 100 steps" in told
    assert "Run 2 after 160 with" in told
    kit.bench.close(forget=True)


def test_outputs_of_two_kinds_have_no_winner(qapp: object) -> None:
    labels = DataSettings(sources=(WeightedSource(source=RandomTargets(samples=40, inputs=5)),))
    base = replace(
        sick(stopping=Stopping(epochs=1000, steps=200)),
        data=labels,
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Softmax())),
        loss=CrossEntropy(),
    )
    kit = Kit(base)
    kit.load()
    kit.train(5)
    other = replace(
        base,
        network=NetworkSpec(layers=(), output=OutputLayer(activation=Sigmoid())),
        loss=BinaryCrossEntropy(),
    )
    kit.bench.races.race(other)
    standing = race_on(kit)
    assert standing.winner == ""
    assert "outputs of two kinds" in str(standing.told)
    kit.bench.close(forget=True)


def compared_by(*runs: Run) -> Standing:
    standing = standing_of_comparison(runs)
    assert standing is not None
    return standing


def ended(name: str, score: float, loss: float, experiment: Experiment = PLAIN) -> Run:
    history = History()
    for _ in range(60):
        history.append(loss, score, 0.1, 0.0)
    return Run(
        name,
        name,
        1,
        Recipe(experiment),
        None,
        StillSource(Snapshot(RunState.FINISHED, 60)),
        Snapshot(RunState.FINISHED, 60, history=history.view()),
    )


def test_a_comparison_names_a_best_run_only_where_it_is_clearly_the_best() -> None:
    told = str(compared_by(ended("a", 0.90, 0.3), ended("b", 0.95, 0.2)).told)
    assert (
        told == "After 60 steps “b” is best: accuracy of the batches 95.0\xa0%; “a” has 90.0\xa0%."
    )
    close = compared_by(ended("a", 0.9, 0.3), ended("b", 0.951, 0.2), ended("c", 0.95, 0.2))
    assert "“b” and “c” lead, too close to tell apart" in str(close.told)
    assert close.winner == ""


def test_a_comparison_is_told_by_its_losses_where_scores_are_alike() -> None:
    told = compared_by(ended("a", 0.502, 2.0), ended("b", 0.499, 1.0))
    assert "“b” is best: loss of the batches 1" in str(told.told)
    alike = compared_by(ended("a", 0.502, 1.1), ended("b", 0.499, 1.0))
    assert "no clear difference" in str(alike.told)
    other = ended("b", 0.499, 1.0, Experiment(loss=MeanSquaredError()))
    assert "accuracy" in str(compared_by(ended("a", 0.502, 2.0), other).told)
