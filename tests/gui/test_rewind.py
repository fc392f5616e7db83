"""Rewind: earlier weights are looked at, everything else stays; a run begins from there."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window.rewind_bar import RewindBar
from nnstudio.gui.workbench.rewind import RewindState
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.runs.model_file import load_model
from nnstudio.runs.run import RunView
from nnstudio.texts import text
from nnstudio.training.replay import replay
from nnstudio.training.snapshot import RunState
from tests.gui.bench_kit import Kit, spirals


@pytest.fixture
def trained(kit: Kit) -> Kit:
    """A run of 12 steps that stands still; some of them were kept."""
    kit.load()
    kit.train(12)
    return kit


def shown(kit: Kit) -> RunView:
    return kit.bench.views[0]


def vector(kit: Kit) -> bytes:
    weights = shown(kit).snapshot.weights
    assert weights is not None
    return weights.vector.tobytes()


# what is looked at


def test_the_steps_that_were_kept_can_be_looked_at(trained: Kit) -> None:
    state = trained.bench.rewind.state
    assert state.steps[:4] == (0, 1, 2, 5)
    assert (state.now, state.at) == (12, None)


def test_views_are_given_the_weights_of_the_chosen_step(trained: Kit) -> None:
    bench = trained.bench
    newest = vector(trained)
    bench.rewind.go_to(2)
    view = shown(trained)
    assert view.rewound == 2
    assert view.snapshot.weights is not None
    assert view.snapshot.weights.step == 2
    again = replay(trained.bench.recipe, bench.data, until=2)  # type: ignore[arg-type]  # the data are loaded
    assert vector(trained) == again.network.vector.tobytes()
    bench.rewind.go_to(None)
    assert (vector(trained), shown(trained).rewound) == (newest, None)


def test_the_run_goes_on_while_an_earlier_step_is_looked_at(trained: Kit) -> None:
    trained.bench.rewind.go_to(2)
    before = vector(trained)
    trained.train(3)
    assert shown(trained).snapshot.step == 15
    assert vector(trained) == before


def test_what_is_saved_stays_the_newest(trained: Kit, tmp_path: Path) -> None:
    newest = vector(trained)
    trained.bench.rewind.go_to(2)
    trained.bench.models.save(tmp_path / "model.safetensors")
    trained.settle()
    assert load_model(tmp_path / "model.safetensors").vector.tobytes() == newest


def test_a_step_that_was_not_kept_is_not_gone_to(trained: Kit) -> None:
    trained.bench.rewind.go_to(7)
    assert trained.bench.rewind.state.at is None


def test_another_run_is_shown_as_it_is(trained: Kit) -> None:
    trained.bench.rewind.go_to(2)
    trained.bench.control.restart()
    trained.crank()
    assert shown(trained).rewound is None
    assert all(view.rewound is None for view in trained.bench.views)


# fork from here


def test_a_run_goes_on_from_there_under_what_is_set(trained: Kit) -> None:
    bench = trained.bench
    before = shown(trained).snapshot.history
    bench.rewind.go_to(5)
    bench.change(
        replace(bench.experiment, optimizer=replace(bench.experiment.optimizer, learning_rate=0.5))
    )
    bench.rewind.fork()
    trained.crank(3)
    new = shown(trained)
    assert new.name == "Run 1 from step 5"
    assert new.rewound is None
    assert new.recipe is not None
    assert new.recipe.parent is not None
    assert new.recipe.parent.step == 5
    assert new.snapshot.history is not None
    assert before is not None
    assert np.array_equal(new.snapshot.history.loss[:5], before.loss[:5])
    assert new.snapshot.step > 5
    assert [one.step for one in new.snapshot.kept][:4] == [0, 1, 2, 5]
    assert bench.views[1].snapshot.state in {RunState.STOPPED, RunState.PAUSED}


def test_where_nothing_was_changed_it_stands_still_at_the_fork(trained: Kit) -> None:
    bench = trained.bench
    bench.rewind.go_to(5)
    trained.notices.clear()
    bench.rewind.fork()
    trained.crank(3)
    assert shown(trained).snapshot.state is RunState.PAUSED
    assert shown(trained).snapshot.step == 5
    (notice,) = trained.notices
    assert str(notice.text) == "Run 1 is made again up to step 5."
    assert "pauses" in str(notice.hint)
    bench.change(
        replace(bench.experiment, optimizer=replace(bench.experiment.optimizer, learning_rate=0.5))
    )
    bench.control.train_or_pause()
    trained.crank(2)
    new = shown(trained)
    assert new.snapshot.step > 5
    assert new.recipe is not None
    assert new.recipe.latest.optimizer.learning_rate == 0.5


def test_other_layers_and_other_data_are_refused_with_a_reason(trained: Kit) -> None:
    bench = trained.bench
    bench.rewind.go_to(5)
    right = bench.experiment
    bench.change(replace(right, network=NetworkSpec(layers=(HiddenLayer(units=9),))))
    assert "other layers" in str(bench.rewind.state.refusal)
    bench.change(replace(right, data=spirals()))
    trained.settle()
    assert "other data" in str(bench.rewind.state.refusal)
    bench.rewind.fork()
    trained.crank()
    assert len(bench.views) == 1
    bench.change(right)
    trained.settle()
    assert bench.rewind.state.refusal is None


def test_without_a_chosen_step_nothing_is_forked(trained: Kit) -> None:
    trained.bench.rewind.fork()
    trained.crank()
    assert len(trained.bench.views) == 1


# the bar


@pytest.fixture
def bar(qtbot: QtBot) -> RewindBar:
    made = RewindBar()
    qtbot.addWidget(made)
    made.resize(600, 28)
    made.show()
    return made


def test_the_bar_comes_with_the_second_moment(bar: RewindBar) -> None:
    bar.show_state(RewindState(steps=(0,), now=1))
    assert not bar.isVisible()
    bar.show_state(RewindState(steps=(0, 1), now=2))
    assert bar.isVisible()
    assert not bar._back.isVisible()
    bar.show_state(RewindState())
    assert not bar.isVisible()


def test_keys_move_through_the_kept_steps_and_back_to_now(bar: RewindBar, qtbot: QtBot) -> None:
    bar.show_state(RewindState(steps=(0, 5, 10), now=12))
    with qtbot.waitSignal(bar.step_chosen) as chosen:
        QTest.keyClick(bar._slider, Qt.Key.Key_Left)
    assert chosen.args == [10]
    bar.show_state(RewindState(steps=(0, 5, 10), now=12, at=10))
    assert bar._where.text() == "step 10"
    with qtbot.waitSignal(bar.step_chosen) as chosen:
        QTest.keyClick(bar._slider, Qt.Key.Key_Right)
    assert chosen.args == [None]
    with qtbot.waitSignal(bar.step_chosen) as chosen:
        bar._back.click()
    assert chosen.args == [None]


def test_news_of_a_run_move_nothing_that_a_person_chose(bar: RewindBar, qtbot: QtBot) -> None:
    bar.show_state(RewindState(steps=(0, 5, 10), now=12, at=5))
    with qtbot.assertNotEmitted(bar.step_chosen):
        bar.show_state(RewindState(steps=(0, 5, 10, 20), now=22, at=5))
    assert bar._slider.value() == 1


def test_why_nothing_can_be_forked_is_told(bar: RewindBar) -> None:
    bar.show_state(RewindState(steps=(0, 5), now=6, at=5, refusal=text("Other data.")))
    assert not bar._fork.isEnabled()
    assert bar._fork.toolTip() == "Other data."


def test_the_words_of_the_buttons_go_where_there_is_no_room(bar: RewindBar) -> None:
    bar.show_state(RewindState(steps=(0, 5), now=6, at=5))
    assert bar._fork.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    bar.resize(300, 28)
    assert bar._fork.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly


def test_the_slider_stays_where_it_is_when_it_leaves_now(bar: RewindBar) -> None:
    state = RewindState(steps=tuple(range(0, 24_000, 1000)), now=24_000)
    bar.show_state(state)
    QApplication.processEvents()
    before = bar._slider.geometry()
    bar.show_state(replace(state, at=21_000))
    QApplication.processEvents()
    assert bar._back.isVisible()
    assert bar._slider.geometry() == before


def test_a_press_in_the_track_goes_there(bar: RewindBar) -> None:
    wished: list[object] = []
    bar.step_chosen.connect(wished.append)
    bar.show_state(RewindState(steps=tuple(range(101)), now=101))
    QApplication.processEvents()
    middle = bar._slider.rect().center()
    QTest.mouseClick(bar._slider, Qt.MouseButton.LeftButton, pos=middle)
    assert len(wished) == 1
    assert wished[0] == pytest.approx(50, abs=3)
