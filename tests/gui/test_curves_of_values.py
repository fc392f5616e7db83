"""Curves of data whose targets are values: R² and RMSE in place of an accuracy."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.data.preprocessing import FittedScaling
from nnstudio.gui.theme import theme
from nnstudio.gui.views.curves import AccuracyView, LossView
from nnstudio.gui.views.curves.curve import Curve, Options
from nnstudio.gui.views.curves.readout import readout_at
from nnstudio.nn.network import NetworkSpec, layout_of
from nnstudio.runs.run import Blueprint, RunView
from nnstudio.tasks import Task
from nnstudio.training.history import History
from tests.gui.histories import history_of, run_of


def blueprint_of(task: Task) -> Blueprint:
    network = NetworkSpec()
    return Blueprint(
        network=network,
        layout=layout_of(network, inputs=1, outputs=1),
        class_names=("y",),
        image_shape=None,
        scaling=FittedScaling(np.array(1.0), np.array(0.0)),
        task=task,
    )


def values_run(scores: list[float], *, validation: float = 0.75, name: str = "run 1") -> RunView:
    history = History()
    for at, score in enumerate(scores):
        history.append(1.0, score, 0.01, 0.5 * (at + 1))
    history.append_validation(
        step=len(scores), epoch=1, loss=0.5, score=validation, rmse=0.125, whole=True
    )
    history.end_epoch(len(scores))
    return run_of(history.view(), blueprint=blueprint_of("values"), name=name)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[AccuracyView]:
    made = AccuracyView()
    qtbot.addWidget(made)
    made.resize(400, 240)
    made.show()
    yield made
    made.close()


def test_the_panel_is_called_r_squared_and_accuracy_again_for_classes(view: AccuracyView) -> None:
    titles: list[str] = []
    view.retitled.connect(titles.append)
    view.show_runs((values_run([0.1, 0.5]),))
    assert view.heading == "R²"
    view.show_runs((run_of(history_of([1.0, 0.5])),))
    assert titles == ["R²", "Accuracy"]


def test_the_loss_is_called_loss_whatever_there_is_to_learn(qtbot: QtBot) -> None:
    view = LossView()
    qtbot.addWidget(view)
    view.show_runs((values_run([0.1, 0.5]),))
    assert view.heading == "Loss"


def test_r_squared_is_no_percentage(view: AccuracyView) -> None:
    view.show_runs((values_run([0.5] * 20),))
    train, validation = view.plot.scene.legend
    assert (train.value, validation.value) == ("0.5000", "0.7500")
    assert view.plot.scene.y_unit == ""
    assert view.plot.scene.y.high == 1


def test_a_terrible_start_does_not_hide_the_rest(view: AccuracyView) -> None:
    view.show_runs((values_run([-5000.0, *np.linspace(-3, 0.9, 60).tolist()]),))
    assert -2 < view.plot.scene.y.low < 0


def test_values_that_are_all_far_below_zero_can_be_seen(view: AccuracyView) -> None:
    view.show_runs((values_run([-40.0] * 10, validation=-40.0),))
    assert view.plot.scene.y.low < -40


def test_accuracies_are_not_drawn_beside_r_squared(view: AccuracyView) -> None:
    classes = run_of(history_of([1.0] * 5), name="run 2", current=False)
    view.show_runs((values_run([0.5] * 5), classes))
    assert [one.name for one in view.plot.scene.legend] == ["train", "validation"]


def test_the_readout_says_the_rmse_of_the_validation() -> None:
    run = values_run([0.5] * 20)
    curve = Curve("score", run)
    curve.extend(run)
    found = readout_at(curve, Options(), 20, theme().score)
    assert found is not None
    assert dict(found.rows)["validation"] == "0.7500"
    assert dict(found.rows)["RMSE"] == "0.1250"


def test_the_table_has_columns_for_what_the_runs_are_judged_by(view: AccuracyView) -> None:
    view.show_runs((values_run([0.5] * 2), run_of(history_of([1.0]), name="run 2")))
    header, *rows = view.table().splitlines()
    names = header.split(",")
    assert {"train_accuracy", "train_r_squared", "validation_rmse"} <= set(names)
    first, last = (dict(zip(names, row.split(","), strict=True)) for row in (rows[0], rows[-1]))
    assert (first["train_r_squared"], first["train_accuracy"]) == ("0.5", "")
    assert (last["train_r_squared"], last["train_accuracy"]) == ("", "0.5")


def test_before_the_first_step_it_says_what_will_appear(view: AccuracyView) -> None:
    view.show_runs((run_of(None, blueprint=blueprint_of("values")),))
    assert "R²" in view.plot.scene.words
