"""One step is shown as the engine makes it; every number has its sum, the quiz knows the lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.faults import GradientSign
from nnstudio.gui.theme import themes
from nnstudio.gui.views.one_step import OneStepView
from nnstudio.gui.views.one_step.quiz import (
    LineQuestion,
    NumberQuestion,
    line_question,
    number_of,
    number_question,
)
from nnstudio.gui.views.one_step.sum_panel import MOST_TERMS, rows_of
from nnstudio.gui.widgets.beside import Beside
from nnstudio.nn.activations import Relu, Sigmoid, Softmax, Tanh
from nnstudio.nn.dropout import Dropout
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    KullbackLeibler,
    MeanAbsoluteError,
    MeanSquaredError,
)
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.normalization import BatchNorm, LayerNorm
from nnstudio.nn.optimizers import Adam
from nnstudio.nn.penalties import L2
from nnstudio.training.snapshot import RunState
from tests.gui.inside_runs import Trained, at_once, pictures


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[OneStepView]:
    made = OneStepView(beside=Beside(start=at_once), draw=np.random.default_rng(0))
    qtbot.addWidget(made)
    made.resize(758, 400)
    made.show()
    yield made
    themes.choose("light")


def shown(view: OneStepView, trained: Trained, **values: Any) -> OneStepView:
    view.show_data(trained.data, trained.experiment)
    view.show_runs((trained.run(**values),))
    return view


def go(view: OneStepView, key: str) -> None:
    view.path.chosen.emit([one.key for one in view.stops].index(key))


def two_layers(**values: Any) -> dict[str, Any]:
    layers = (
        HiddenLayer(units=3, activation=Relu(), **values),
        HiddenLayer(units=5, activation=Tanh()),
    )
    return {"network": NetworkSpec(layers=layers)}


def test_without_a_run_it_says_what_will_be_here(view: OneStepView) -> None:
    view.show_runs(())
    assert "Train" in view.empty.accessibleDescription()


def test_the_path_goes_to_the_loss_and_back_to_the_updates(view: OneStepView) -> None:
    shown(view, Trained())
    assert [str(one.line.left) for one in view.stops] == [
        *("X", "Z₁", "A₁", "Z₂", "P", "L"),
        *("dZ₂", "dW₂", "db₂", "dA₁", "dZ₁", "dW₁", "db₁"),
        *("ΔW₁", "Δb₁", "ΔW₂", "Δb₂"),
    ]


CASES: dict[str, dict[str, Any]] = {
    "cross-entropy, fused": {},
    "two hidden layers": two_layers(),
    "layer norm": two_layers(normalization=LayerNorm()),
    "batch norm": two_layers(normalization=BatchNorm()),
    "dropout": two_layers(dropout=Dropout(rate=0.5)),
    "penalty": two_layers(penalty=L2()),
    "sigmoid with its loss": {
        "loss": BinaryCrossEntropy(),
        "network": NetworkSpec(
            layers=(HiddenLayer(units=3),), output=OutputLayer(activation=Sigmoid())
        ),
    },
    "mean squared error": {
        "loss": MeanSquaredError(),
        "network": NetworkSpec(
            layers=(HiddenLayer(units=3, bias=False),), output=OutputLayer(activation=Sigmoid())
        ),
    },
    "softmax that is not fused": {
        "loss": CrossEntropy(epsilon=1e-10),
        "network": NetworkSpec(
            layers=(HiddenLayer(units=3),), output=OutputLayer(activation=Softmax())
        ),
    },
    "divergence": {"loss": KullbackLeibler()},
    "absolute error": {"loss": MeanAbsoluteError()},
    "Huber": {"loss": Huber()},
    "Adam": {"optimizer": Adam()},
}


@pytest.mark.parametrize("name", CASES)
def test_every_number_is_what_its_line_says(view: OneStepView, name: str) -> None:
    shown(view, Trained(**CASES[name]).train(2))
    assert view.stops
    for stop in view.stops:
        rows, columns = stop.values.shape
        for row, column in {(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 2)}:
            behind = stop.behind(row, column)
            assert behind.agrees, (stop.key, row, column)
            if stop.key != "loss":
                assert behind.value == pytest.approx(stop.values[row, column]), stop.key


def test_the_updates_are_those_that_the_optimizer_makes(view: OneStepView) -> None:
    trained = Trained().train(1)
    shown(view, trained)
    stops = {one.key: one for one in view.stops}
    np.testing.assert_allclose(stops["uW1"].values, -0.2 * stops["dw1"].values)


def test_a_classic_mistake_stands_in_its_line_and_the_right_one_is_told(view: OneStepView) -> None:
    shown(view, Trained(faults=(GradientSign(),)))
    mistaken = {one.key for one in view.stops if one.instead is not None}
    assert mistaken == {"dw0", "db0", "dw1", "db1"}
    go(view, "dw1")
    assert view.line.text() == "dW₂ = −(A₁ᵀ dZ₂)"
    assert "the right line is dW₂ = A₁ᵀ dZ₂" in view.sentence.text()
    assert "not what this line says" not in view.sum.words


def test_a_click_on_a_number_shows_its_terms(view: OneStepView) -> None:
    shown(view, Trained().train(1))
    go(view, "z0")
    view.table.setFocus()
    view.table.set_cell((0, 0))
    QTest.keyClick(view.table, Qt.Key.Key_Right)
    assert view.table.cell == (0, 1)
    assert view.sum.words.startswith("Z₁[1] =")
    assert "3 terms" in view.sum.words


def test_many_terms_end_in_one_line_for_the_small_ones(view: OneStepView) -> None:
    trained = Trained(pictures(), network=NetworkSpec(layers=(HiddenLayer(units=100),)))
    shown(view, trained)
    stop = next(one for one in view.stops if one.key == "z1")
    rows = rows_of(stop.behind(0, 0))
    assert len(rows) == MOST_TERMS + 2
    assert sum(value for _, _, value in rows) == pytest.approx(stop.behind(0, 0).value)


def test_inputs_that_are_a_picture_lie_as_one(view: OneStepView) -> None:
    shown(view, Trained(pictures()))
    go(view, "x")
    assert view.table.values.shape == (4, 3)


def test_a_long_row_is_wrapped_and_its_cells_keep_their_names(view: OneStepView) -> None:
    trained = Trained(network=NetworkSpec(layers=(HiddenLayer(units=25),)))
    shown(view, trained)
    go(view, "z0")
    assert view.table.values.shape == (3, 10)
    view.table.set_cell((2, 4))
    view.table.picked.emit(2, 4)
    assert view.sum.words.startswith("Z₁[24] =")
    view.table.setFocus()
    QTest.keyClick(view.table, Qt.Key.Key_Right)
    assert view.table.cell == (2, 4)


def test_a_batch_of_four_adds_up_over_its_samples(view: OneStepView) -> None:
    shown(view, Trained(pictures()))
    view.batch.choose("4")
    view.batch.chosen.emit("4")
    stop = next(one for one in view.stops if one.key == "dw1")
    assert len(stop.behind(0, 0).left) == 4


def test_batch_norm_takes_a_batch_by_itself(view: OneStepView) -> None:
    shown(view, Trained(**two_layers(normalization=BatchNorm())))
    assert len(view.stops[0].values) > 1


def test_the_same_parameters_are_not_computed_again(view: OneStepView) -> None:
    trained = Trained()
    run = trained.run()
    shown(view, trained)
    view.show_runs((run,))
    before = view.stops
    view.show_runs((run,))
    assert view.stops is before


def test_numbers_that_are_not_finite_are_said_so(view: OneStepView) -> None:
    trained = Trained()
    vector = np.full_like(trained.initial, np.nan)
    shown(view, trained, vector=vector, state=RunState.DIVERGED)
    assert "not finite" in view.sentence.text()


def test_a_question_hides_its_line_and_tells_the_right_one(view: OneStepView) -> None:
    shown(view, Trained().train(1))
    go(view, "dw1")
    view.quiz.setChecked(True)
    assert view.line.text() == "dW₂ = ?"
    question = view.card._question
    assert isinstance(question, LineQuestion)
    assert question.offered[question.right] == "A₁ᵀ dZ₂"
    wrong = (question.right + 1) % 4
    view.card.choose(wrong)
    assert "dW₂ = A₁ᵀ dZ₂" in view.card.verdict
    marked = [one.accessibleDescription() for one in view.card._buttons]
    assert (marked[question.right], marked[wrong]) == ("right", "your answer, wrong")
    assert sum(map(bool, marked)) == 2
    assert view.score.text() == "0 of 1 right"
    assert view.line.text() == "dW₂ = A₁ᵀ dZ₂"
    view.card.next_wished.emit()
    again = view.card._question
    assert isinstance(again, LineQuestion)
    QTest.keyClick(view.card, Qt.Key(ord(str(again.right + 1))))
    assert view.score.text() == "1 of 2 right"
    view.quiz.setChecked(False)
    assert view.sentence.text()
    assert not view.score.text()


def test_an_open_question_keeps_its_numbers_while_the_run_goes_on(view: OneStepView) -> None:
    trained = Trained()
    shown(view, trained)
    view.quiz.setChecked(True)
    before = view.stops
    view.show_runs((trained.train(3).run(),))
    assert view.stops is before


def test_a_line_that_was_found_is_followed_by_a_number(view: OneStepView) -> None:
    shown(view, Trained().train(1))
    go(view, "dw1")
    view._solved["dw1"] = True
    view.quiz.setChecked(True)
    view._solved["dw1"] = True
    go(view, "dw1")
    question = view.card._question
    assert isinstance(question, NumberQuestion)
    view.card.enter("one")
    assert "Type a number" in view.card.verdict
    view.card.enter(f"{question.value:.4g}".replace(".", ","))
    assert view.card.verdict.startswith("Right.")


def test_every_line_but_the_inputs_can_be_asked_for(view: OneStepView) -> None:
    shown(view, Trained(**two_layers(normalization=BatchNorm(), dropout=Dropout(rate=0.5))))
    draw = np.random.default_rng(1)
    for stop in view.stops:
        question = line_question(stop, draw)
        assert (question is None) == (stop.key == "x")
        if question is not None:
            assert question.offered[question.right] == stop.line.right
            assert len(set(question.offered)) == len(question.offered) == 4, stop.key


def test_numbers_are_asked_only_where_they_can_be_worked_out(view: OneStepView) -> None:
    shown(view, Trained().train(1))
    stops = {one.key: one for one in view.stops}
    draw = np.random.default_rng(1)
    assert number_question(stops["a0"], draw) is None
    found = number_question(stops["dw0"], draw)
    assert found is None or len(found.given) == 2
    assert number_of("−0,25") == -0.25
    assert number_of("x") is None


def test_keys_walk_along_the_path_and_zoom_the_table(view: OneStepView) -> None:
    shown(view, Trained())
    view.path.setFocus()
    QTest.keyClick(view.path, Qt.Key.Key_End)
    assert view.stop is view.stops[-1]
    QTest.keyClick(view.path, Qt.Key.Key_Left)
    assert view.stop is view.stops[-2]
    wide = view.table._wide
    QTest.keyClick(view.table, Qt.Key.Key_Minus)
    assert view.table._wide < wide


def test_the_present_stop_is_exported_as_numbers(view: OneStepView, tmp_path: Path) -> None:
    shown(view, Trained())
    go(view, "dw1")
    view.exporter.write(tmp_path / "step.csv")
    lines = (tmp_path / "step.csv").read_text().splitlines()
    assert lines[0] == ",same,other"
    assert len(lines) == 5


def test_in_a_narrow_panel_the_sum_stands_below(view: OneStepView) -> None:
    shown(view, Trained())
    view.resize(474, 300)
    QApplication.processEvents()
    assert view.sum.geometry().top() >= view.table.geometry().bottom()
