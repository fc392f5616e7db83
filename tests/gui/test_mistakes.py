"""The mistakes: the surest first, one kind alone, sent on by a click; values by how far off."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.polynomial import Polynomial
from nnstudio.data.catalogue.toys import Moons
from nnstudio.gui.views.mistakes import MistakesView
from nnstudio.gui.views.mistakes.listing import Pair, cases_of, pairs_of, summary_of, title_of
from nnstudio.nn.activations import Identity
from nnstudio.nn.layers import HiddenLayer, OutputLayer
from nnstudio.nn.losses import MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.prepared import PreparedData
from tests.gui.answers_kit import PICTURES, answers_to, loaded, run_of, shares, truth_of

CURVE = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Polynomial(samples=60)),)),
    network=NetworkSpec(layers=(HiddenLayer(units=4),), output=OutputLayer(activation=Identity())),
    loss=MeanSquaredError(),
)
MOONS = Experiment(
    data=DataSettings(sources=(WeightedSource(source=Moons(samples=90)),)),
    network=NetworkSpec(layers=(HiddenLayer(units=4),)),
)


@pytest.fixture(scope="module")
def data() -> PreparedData:
    return loaded(PICTURES)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[MistakesView]:
    made = MistakesView()
    qtbot.addWidget(made)
    made.resize(740, 400)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.hide()


def fill(view: MistakesView, data: PreparedData, experiment: Experiment, *, wrong: int) -> None:
    view.show_data(data)
    view.show_runs((run_of(experiment, data),))
    said = truth_of(data).copy()
    said[:wrong] = (said[:wrong] + 1) % data.outputs
    outputs = shares(said, data.outputs)
    outputs[1] = shares(said, data.outputs, sure=0.95)[1]
    view.show_answers(answers_to(data, outputs))


def test_the_surest_mistake_comes_first(view: MistakesView, data: PreparedData) -> None:
    fill(view, data, PICTURES, wrong=4)
    assert view.cases[0] == 1
    assert len(view.cases) == 4
    assert "4 of" in view.sentence.text()
    assert "1 of them was answered with more than 90 %" in view.sentence.text()


def test_a_click_tells_the_row_of_a_sample(
    view: MistakesView, data: PreparedData, qtbot: QtBot
) -> None:
    fill(view, data, PICTURES, wrong=4)
    grid = view.shelf.grid
    with qtbot.waitSignal(view.sample_chosen) as told:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert told.args == [int(data.split.validation[1])]


def test_arrows_and_enter_do_what_a_click_does(
    view: MistakesView, data: PreparedData, qtbot: QtBot
) -> None:
    fill(view, data, PICTURES, wrong=4)
    grid = view.shelf.grid
    for _ in range(2):
        QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.marked == 1
    with qtbot.waitSignal(view.sample_chosen) as told:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    answers = view.answers
    assert answers is not None
    assert told.args == [int(answers.rows[view.cases[1]])]


def test_one_pair_of_classes_can_be_shown_alone(view: MistakesView, data: PreparedData) -> None:
    fill(view, data, PICTURES, wrong=6)
    answers = view.answers
    assert answers is not None
    pair, count = pairs_of(answers)[0]
    view.pairs.choose(pair.key)
    view.pairs.chosen.emit(pair.key)
    assert len(view.cases) == count
    assert (answers.truth[view.cases] == pair.truth).all()
    assert (answers.said[view.cases] == pair.said).all()


def test_without_mistakes_it_says_so(view: MistakesView, data: PreparedData) -> None:
    fill(view, data, PICTURES, wrong=0)
    assert view.none.isVisible()
    assert "answered right" in view.sentence.text()


def test_points_of_the_plane_are_drawn_among_all_others(view: MistakesView) -> None:
    data = loaded(MOONS)
    fill(view, data, MOONS, wrong=2)
    points = view.shelf.scatter.points
    assert view.shelf.scatter.isVisible()
    assert points is not None
    assert [len(one.x) for one in points.clouds] == [90, 2]


def test_values_are_listed_by_how_far_off_they_are(view: MistakesView, qtbot: QtBot) -> None:
    data = loaded(CURVE)
    view.show_data(data)
    view.show_runs((run_of(CURVE, data),))
    targets = data.targets[data.split.validation].astype(float)
    off = np.zeros_like(targets)
    off[2] = 5.0
    view.show_answers(answers_to(data, targets + off))
    assert view.shelf.table.isVisible()
    off_by = view.shelf.table.item(0, 3)
    assert off_by is not None
    assert off_by.text() == "5"
    assert "makes 100" in view.sentence.text()
    with qtbot.waitSignal(view.sample_chosen) as told:
        view.shelf.table.setCurrentCell(0, 0)
        QTest.keyClick(view.shelf.table, Qt.Key.Key_Return)
    assert told.args == [int(data.split.validation[2])]
    assert view.table().splitlines()[0] == "sample,true,said,off by"


def test_labels_are_missed_or_false_alarms(data: PreparedData) -> None:
    answers = answers_to(
        data,
        np.array([[0.9, 0.2], [0.3, 0.4]]),
        task="labels",
        truth=np.array([1, 1, 0, 0]),
        said=np.array([1, 0, 1, 0]),
        shared=False,
    )
    pairs = dict(pairs_of(answers))
    assert pairs == {Pair(1, 1): 1, Pair(0, 0): 1}
    assert title_of(Pair(1, 1), ("cat", "dog"), labels=True) == "dog: missed"
    assert title_of(Pair(0, 0), ("cat", "dog"), labels=True) == "cat: false alarm"
    assert cases_of(answers, Pair(1, 1)).tolist() == [1]
    assert "2 of 4 are wrong" in summary_of(answers, answers.mistakes, ("cat", "dog"))
