"""The explorer: every member of every family, drawn by the engine, what is in use marked."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.theme import themes
from nnstudio.gui.views.explorer import ExplorerView
from nnstudio.gui.views.explorer.activations import ActivationsPage, sentence_of
from nnstudio.gui.views.explorer.entropy import EntropyPage
from nnstudio.gui.views.explorer.explorer_view import PAGES
from nnstudio.gui.views.explorer.losses import LossesPage
from nnstudio.gui.views.explorer.member_page import ALL, MemberPage
from nnstudio.gui.views.explorer.numbers_field import read_numbers
from nnstudio.gui.views.explorer.optimizers import OptimizersPage
from nnstudio.gui.views.explorer.page import Page
from nnstudio.gui.views.explorer.pulls import PullsPage
from nnstudio.gui.views.explorer.schedules import SchedulesPage
from nnstudio.gui.views.explorer.shares import SharesPage
from nnstudio.nn.activations import Relu, Sigmoid, Softmax
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adagrad
from nnstudio.nn.schedules import Constant, Exponential, ReduceOnPlateau
from nnstudio.runs.exploring import RATES
from nnstudio.runs.valleys import VALLEYS
from nnstudio.spec import describe, kind_of
from nnstudio.training.experiment import Experiment, Stopping

EXPERIMENT = Experiment(network=NetworkSpec(layers=(HiddenLayer(activation=Relu()),)))
FAMILIES = [
    (ActivationsPage, next(one for one in describe(HiddenLayer) if one.name == "activation")),
    (LossesPage, next(one for one in describe(Experiment) if one.name == "loss")),
    (SchedulesPage, next(one for one in describe(Experiment) if one.name == "schedule")),
]
MEMBERS = [(page, kind_of(cls)) for page, family in FAMILIES for cls in family.members]


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ExplorerView]:
    made = ExplorerView()
    qtbot.addWidget(made)
    made.resize(380, 300)
    with qtbot.waitExposed(made):
        made.show()
    made.show_experiment(EXPERIMENT, None)
    yield made
    made.hide()


def page_of(qtbot: QtBot, cls: type[MemberPage], experiment: Experiment = EXPERIMENT) -> MemberPage:
    page = cls()  # type: ignore[call-arg]  # each page knows its own setting
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show_experiment(experiment, None, ())
    return page


@pytest.mark.parametrize("cls", PAGES, ids=lambda one: one.key)
def test_every_subject_draws_says_and_counts(view: ExplorerView, cls: type[Page]) -> None:
    view.choose(cls.key)
    assert isinstance(view.page, cls)
    assert view.sentence.text().endswith(".")
    assert len(view.table().splitlines()) > 2
    assert not view.picture().isNull()
    assert not view.grab().isNull()


@pytest.mark.parametrize(("cls", "kind"), MEMBERS, ids=lambda one: getattr(one, "key", one))
def test_every_member_of_a_family_is_drawn(qtbot: QtBot, cls: type[MemberPage], kind: str) -> None:
    page = page_of(qtbot, cls)
    page.choose(kind)
    assert kind_of(type(page.value)) == kind
    scene = page.plot.scene
    assert scene.lines
    assert page.sentence.endswith(".")
    assert page.read((scene.x.low + scene.x.high) / 2) is not None


@pytest.mark.parametrize("cls", [page for page, _ in FAMILIES], ids=lambda one: one.key)
def test_all_members_can_be_seen_at_once_and_picked(qtbot: QtBot, cls: type[MemberPage]) -> None:
    page = page_of(qtbot, cls)
    page.choose(ALL)
    assert page.kind == ALL
    cells = page.gallery._cells
    assert len(cells) == len(dict(FAMILIES)[cls].members)
    assert [cell.button.property("role") for cell in cells].count("soft") >= 1
    cells[-1].button.click()
    assert page.kind == kind_of(dict(FAMILIES)[cls].members[-1])


def test_what_is_in_use_is_shown_first_and_marked(qtbot: QtBot) -> None:
    page = page_of(qtbot, ActivationsPage)
    assert page.kind == "relu"
    titles = [page.members.itemText(at) for at in range(page.members.count())]
    assert "ReLU · in use" in titles
    assert "softmax · in use" in titles
    assert "sigmoid" in titles


def test_what_a_person_chose_stays_when_the_experiment_changes(qtbot: QtBot) -> None:
    page = page_of(qtbot, ActivationsPage)
    page.choose("tanh")
    other = NetworkSpec(layers=(HiddenLayer(activation=Sigmoid()),))
    page.show_experiment(replace(EXPERIMENT, network=other), None, ())
    assert page.kind == "tanh"
    assert page.is_used("sigmoid")


def test_settings_of_a_member_change_its_drawing(qtbot: QtBot) -> None:
    page = page_of(qtbot, SchedulesPage)
    page.choose("exponential")
    before = page.table()
    page._take(Exponential(gamma=0.2))
    assert page.table() != before


def test_an_activation_says_its_slope_and_where_it_saturates() -> None:
    said = sentence_of(Sigmoid())
    assert "at most 0.25, at z = 0" in said
    assert "between 0 and 1" in said
    assert "saturated" in said
    assert "beside 3 others" in sentence_of(Softmax())


def test_a_loss_follows_the_target_that_is_typed(qtbot: QtBot) -> None:
    page = page_of(qtbot, LossesPage)
    assert isinstance(page, LossesPage)
    page.choose("mean_squared_error")
    assert "pushes the output up" in page.sentence
    page.target.set_value(0.0)
    page.target.edited.emit(0.0)
    assert page.plot.scene.flags[0].x == 0


def test_cross_entropy_is_said_to_pull_harder_than_squares(view: ExplorerView) -> None:
    view.choose(PullsPage.key)
    assert "75 times as hard" in view.sentence.text()
    page = view.page
    assert isinstance(page, PullsPage)
    page.choose("softmax")
    assert set(page.pulls()) >= {"cross_entropy", "mean_squared_error"}
    page.choose("identity")
    assert set(page.pulls()) == {"mean_squared_error", "mean_absolute_error", "huber"}


def test_softmax_of_the_numbers_that_are_typed(view: ExplorerView) -> None:
    view.choose(SharesPage.key)
    assert "0.015, 0.041, 0.831, 0.112" in view.sentence.text()
    page = view.page
    assert isinstance(page, SharesPage)
    page.numbers.type_numbers("0 0")
    assert "0.500, 0.500" in view.sentence.text()
    page.numbers.type_numbers("0 x")
    assert "not numbers" in view.sentence.text()
    assert [one.name for one in page.bars.series] == ["numbers", "softmax", "maximum"]


def test_distributions_are_divided_by_their_sum_and_compared(view: ExplorerView) -> None:
    view.choose(EntropyPage.key)
    page = view.page
    assert isinstance(page, EntropyPage)
    page.truth.type_numbers("1 1")
    assert "as many numbers" in page.sentence
    page.answer.type_numbers("2 2")
    assert "Divided by their sum" in page.sentence
    assert "The answer is the truth" in page.sentence
    page.answer.type_numbers("1 0")
    assert "impossible" in page.sentence
    page.answer.type_numbers("3 1")
    before = page.sentence
    QTest.keyClick(page.unit, Qt.Key.Key_Right)
    assert page.sentence != before


def test_a_schedule_that_waits_is_drawn_over_the_losses_of_the_run(qtbot: QtBot) -> None:
    waiting = replace(EXPERIMENT, schedule=ReduceOnPlateau(patience=0), stopping=Stopping(epochs=6))
    page = page_of(qtbot, SchedulesPage, waiting)
    assert "example" in page.sentence
    page.show_experiment(waiting, None, (1.0, 1.0, 1.0))
    assert "of this run" in page.sentence


def test_another_schedule_is_drawn_beside_the_one_in_use(qtbot: QtBot) -> None:
    page = page_of(qtbot, SchedulesPage, replace(EXPERIMENT, schedule=Constant()))
    assert len(page.plot.scene.lines) == 1
    page.choose("cosine")
    assert len(page.plot.scene.lines) == 2


def test_the_optimizer_in_use_walks_with_the_others(qtbot: QtBot) -> None:
    page = OptimizersPage()
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show_experiment(replace(EXPERIMENT, optimizer=Adagrad()), None, ())
    assert set(page.paths()) == {"sgd", "adam", "rmsprop", "adagrad"}
    page.compare("sgd", also=False)
    assert "sgd" not in page.paths()
    for valley in VALLEYS:
        page.choose_valley(valley.kind)
        assert page.sentence.startswith("From height")


def test_a_click_in_the_valley_and_the_arrows_move_the_start(qtbot: QtBot) -> None:
    page = OptimizersPage()
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show_experiment(EXPERIMENT, None, ())
    middle = page.scatter._area().center().toPoint()
    QTest.mouseClick(page.scatter, Qt.MouseButton.LeftButton, pos=middle)
    start = next(iter(page.paths().values())).points[0]
    assert abs(start[0]) < 1
    QTest.keyClick(page.scatter, Qt.Key.Key_Right)
    moved = next(iter(page.paths().values())).points[0]
    assert moved[0] > start[0]


def test_each_optimizer_can_walk_at_its_own_best_rate(qtbot: QtBot) -> None:
    page = OptimizersPage(start=lambda work: work())
    qtbot.addWidget(page)
    page.steps.set_value(20)
    page.show_experiment(EXPERIMENT, None, ())
    page.set_own_rates(own=True)
    assert not page.rate.isEnabled()
    for kind, path in page.paths().items():
        assert path.heights[-1] < path.heights[0]
        assert page.rate_of(kind) in RATES
    assert len({page.rate_of(kind) for kind in page.paths()}) > 1
    page.set_own_rates(own=False)
    assert page.rate_of("sgd") == page.rate_of("adam")


def test_a_rate_that_is_too_high_is_said_to_blow_up(qtbot: QtBot) -> None:
    page = OptimizersPage()
    qtbot.addWidget(page)
    page.show_experiment(EXPERIMENT, None, ())
    page.rate.set_value(3.0)
    page.rate.edited.emit(3.0)
    assert "Blown up: SGD" in page.sentence


def test_both_themes_draw_every_subject(view: ExplorerView) -> None:
    themes.choose("dark")
    try:
        for cls in PAGES:
            view.choose(cls.key)
            assert not view.grab().isNull()
    finally:
        themes.choose("light")


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1, 2, 5, 3", (1.0, 2.0, 5.0, 3.0)),
        ("1 2", (1.0, 2.0)),
        ("1;2", (1.0, 2.0)),
        ("0,5; 1,5", (0.5, 1.5)),
        ("0,5 1,5", (0.5, 1.5)),
        ("−1, 1e-3", (-1.0, 1e-3)),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, numbers: tuple[float, ...]) -> None:
    assert read_numbers(typed) == (numbers, "")


@pytest.mark.parametrize("typed", ["", "1", "1, x", "1, inf", " ".join(["1"] * 13)])
def test_what_are_no_numbers_is_refused_with_a_reason(typed: str) -> None:
    assert read_numbers(typed)[0] == ()
    assert read_numbers(typed)[1].endswith(".") or "not numbers" in read_numbers(typed)[1]


def test_distributions_have_no_negative_numbers_and_no_sum_of_0() -> None:
    assert "below 0" in read_numbers("1, -1", least=0)[1]
    assert "above 0" in read_numbers("0, 0", least=0)[1]


def test_a_case_chosen_before_the_first_drawing_leaves_the_choice_beside_the_subject(
    qtbot: QtBot,
) -> None:
    view = ExplorerView()
    qtbot.addWidget(view)
    view.resize(380, 300)
    with qtbot.waitExposed(view):
        view.show()
    view._stale = False  # as painted once, before anything was known
    view._soon.stop()
    view.show_experiment(EXPERIMENT, None)
    qtbot.waitUntil(lambda: bool(view._beside) and view._beside[view._key].isVisible())
    assert view.page.header_widgets()[0].isVisible()
    view.hide()
