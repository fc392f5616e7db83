"""The list of runs says one useful thing about each."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.preprocessing import FittedScaling
from nnstudio.faults import SoftmaxTwice
from nnstudio.gui.views.run_words import details_of
from nnstudio.gui.views.runs import RunsView
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.training.experiment import Experiment
from nnstudio.training.history import History
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot


def run(number: int, state: RunState, *, current: bool = True, file: str = "") -> RunView:
    name = f"Run {number}" if number else "Untrained network"
    snapshot = Snapshot(state, 7 if state.ended else 0)
    return RunView(f"run-{number}", name, number, current, snapshot, None, file)


@pytest.fixture
def view(qtbot: QtBot) -> RunsView:
    made = RunsView()
    qtbot.addWidget(made)
    made.resize(320, 200)
    made.show()
    return made


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (run(0, RunState.WAITING), "Untrained network: press Train, step 0"),
        (run(1, RunState.WAITING), "Run 1: about to begin, step 0"),
        (run(2, RunState.FINISHED), "Run 2: finished, step 7"),
        (
            run(3, RunState.FINISHED, file="digits.safetensors"),
            "Run 3: finished, from digits.safetensors, step 7",
        ),
    ],
)
def test_the_row_of_the_current_run_is_said(view: RunsView, shown: RunView, said: str) -> None:
    view.show_runs((shown,))
    assert view._rows.accessibleDescription() == said
    assert not view.grab().isNull()


def test_the_newest_run_is_on_top_whichever_is_shown_first(view: RunsView) -> None:
    first = run(1, RunState.STOPPED)
    second = run(2, RunState.STOPPED, current=False)
    view.show_runs((first, second))
    assert [one.number for one in view._rows._runs] == [2, 1]


def test_a_run_says_what_it_was_trained_with(view: RunsView) -> None:
    experiment = Experiment(network=NetworkSpec(layers=(HiddenLayer(units=64),)))
    shown = RunView(
        "run-1",
        "Run 1",
        1,
        current=True,
        snapshot=Snapshot(RunState.FINISHED, 1),
        blueprint=Blueprint(
            network=experiment.network,
            layout=layout_of(experiment.network, inputs=784, outputs=10),
            class_names=(),
            image_shape=None,
            scaling=FittedScaling(factor=np.ones(()), shift=np.zeros(())),
        ),
        recipe=Recipe(experiment),
        test_score=0.981,
    )
    told = details_of(shown)
    assert "784 → 64 → 10" in told
    assert "Adam" in told
    assert {"Activation: ReLU", "Loss: cross-entropy", "Schedule: cosine"} <= set(told.splitlines())
    assert "1 step" in told.splitlines()[-2]
    assert "98.1" in told.splitlines()[-1]
    view.show_runs((shown,))
    assert "test 98.1" in view._rows.accessibleDescription()


def test_the_whole_name_of_the_file_of_an_opened_run_is_told() -> None:
    name = "a name that is far too long for a row.safetensors"
    assert f"Opened from {name}" in details_of(run(1, RunState.FINISHED, file=name)).splitlines()


def test_a_run_of_values_tells_r_squared_in_place_of_a_share(view: RunsView) -> None:
    history = History()
    history.append(1.0, 0.5, 0.1, 1.0)
    history.append_validation(step=1, epoch=1, loss=0.25, score=0.75, rmse=0.5, whole=True)
    network = NetworkSpec()
    shown = RunView(
        "run-1",
        "Run 1",
        1,
        current=True,
        snapshot=Snapshot(RunState.FINISHED, 1, history=history.view()),
        blueprint=Blueprint(
            network=network,
            layout=layout_of(network, inputs=1, outputs=1),
            class_names=("y",),
            image_shape=None,
            scaling=FittedScaling(factor=np.ones(()), shift=np.zeros(())),
            task="values",
        ),
        recipe=Recipe(Experiment()),
        test_score=-0.5,
    )
    told = details_of(shown).splitlines()
    assert told[-3:] == [
        "Best validation: R² 0.7500",
        "Validation RMSE: 0.5000",
        "Test: R² −0.5000",
    ]
    view.show_runs((shown,))
    assert "test R² −0.5000" in view._rows.accessibleDescription()


def test_the_runs_can_be_had_as_numbers(view: RunsView) -> None:
    history = History()
    history.append(1.0, 0.5, 0.1, 0.0)
    history.append_validation(step=1, epoch=1, loss=0.5, score=0.9, whole=True)
    ended = Snapshot(RunState.STOPPED, 1, history=history.view())
    recipe = Recipe(Experiment(faults=(SoftmaxTwice(),)))
    trained = replace(run(2, RunState.STOPPED), snapshot=ended, recipe=recipe)
    view.show_runs((trained, run(1, RunState.DIVERGED, current=False)))
    assert view.numbers().splitlines() == [
        "run,state,steps,best_loss,best_score,test_score,mistakes",
        "Run 2,stopped,1,0.5,0.9,,softmax-twice",
        "Run 1,diverged,7,,,,",
    ]
    menu = QMenu(view)
    view.fill_menu(menu)
    assert any(one.text().startswith("Export") for one in menu.actions())
