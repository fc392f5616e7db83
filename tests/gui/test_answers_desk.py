"""The desk asks networks beside the window: newest wins, seldom while a network learns."""

from dataclasses import replace

import numpy as np
import pytest

from nnstudio.gui.workbench.answers_desk import LEAST_S
from nnstudio.runs.answers import Answers
from nnstudio.runs.run import RunView
from nnstudio.texts import Text
from nnstudio.training.snapshot import RunState, Snapshot, Weights
from tests.gui.bench_kit import Kit, small_experiment, spirals


def current(kit: Kit) -> RunView:
    return next(one for one in kit.bench.views if one.current)


def after(run: RunView, step: int, *, state: RunState = RunState.RUNNING) -> RunView:
    """Give the same run some steps later."""
    assert run.blueprint is not None
    vector = np.random.default_rng(step).normal(size=run.blueprint.layout.size).astype(np.float32)
    return replace(run, snapshot=Snapshot(state, step, weights=Weights(step, vector)))


@pytest.fixture
def trained(kit: Kit) -> Kit:
    kit.load()
    kit.train(2)
    return kit


def test_answers_come_by_a_signal_and_stay_known(trained: Kit) -> None:
    found: list[Answers] = []
    trained.bench.answers.found.connect(found.append)
    run = current(trained)
    assert trained.bench.answers.want(run, "validation") is None
    trained.bench.poll()
    assert len(found) == 1
    assert found[0].identity == run.identity
    assert trained.bench.answers.want(run, "validation") is found[0]
    assert not trained.bench.answers.asking


def test_a_network_that_learns_is_asked_about_once_a_second(trained: Kit) -> None:
    desk, run = trained.bench.answers, current(trained)
    desk.want(after(run, 3), "validation")
    trained.bench.poll()
    desk.want(after(run, 4), "validation")
    assert not desk.asking
    trained.clock.now += LEAST_S
    desk.want(after(run, 5), "validation")
    assert desk.asking
    trained.bench.poll()
    newest = desk.want(after(run, 5), "validation")
    assert isinstance(newest, Answers)
    assert newest.step == 5


def test_a_network_that_rests_is_asked_at_once(trained: Kit) -> None:
    desk, run = trained.bench.answers, current(trained)
    desk.want(after(run, 3), "validation")
    trained.bench.poll()
    desk.want(after(run, 4, state=RunState.FINISHED), "validation")
    assert desk.asking


def test_older_answers_are_shown_until_newer_ones_are_there(trained: Kit) -> None:
    desk, run = trained.bench.answers, current(trained)
    desk.want(after(run, 3), "validation")
    trained.bench.poll()
    shown = desk.want(after(run, 4), "validation")
    assert isinstance(shown, Answers)
    assert shown.step == 3


def test_one_network_is_asked_at_a_time_and_none_is_forgotten(trained: Kit) -> None:
    desk, run = trained.bench.answers, current(trained)
    found: list[Answers] = []
    desk.found.connect(found.append)
    desk.want(run, "validation")
    desk.want(run, "test")
    trained.bench.poll()
    assert [one.part for one in found] == ["validation"]
    trained.bench.poll()
    assert [one.part for one in found] == ["validation", "test"]
    assert not desk.asking


def test_what_is_wished_for_again_and_again_is_asked_once(trained: Kit) -> None:
    desk, run = trained.bench.answers, current(trained)
    found: list[Answers] = []
    desk.found.connect(found.append)
    for _ in range(3):
        desk.want(run, "validation")
    trained.bench.poll()
    trained.bench.poll()
    assert len(found) == 1


def test_a_run_of_other_data_is_not_asked(trained: Kit) -> None:
    run = current(trained)
    trained.bench.change(small_experiment(data=spirals()))
    trained.settle()
    told = trained.bench.answers.want(run, "validation")
    assert isinstance(told, Text)
    assert "other data" in str(told)


def test_without_data_the_desk_says_so(kit: Kit) -> None:
    kit.load()
    run = current(kit)
    kit.bench.change(small_experiment(data=spirals()))
    assert isinstance(kit.bench.answers.want(run, "validation"), Text)
