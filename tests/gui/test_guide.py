"""The guide: a prediction first, then one remedy at a time, each an undoable change and a run."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window.joining.guide import GuideJoint
from nnstudio.gui.main_window.joining.hub import Hub
from nnstudio.gui.views.guide import GuideView
from nnstudio.gui.views.guide.ablation_rows import sentence_of, shown_rows
from nnstudio.gui.views.guide.ablation_table import Bar
from nnstudio.gui.views.guide.pages import length_of
from nnstudio.gui.workbench import openings
from nnstudio.paths import replace_at
from nnstudio.runs.ablations import Ablation, AblationRow, AblationTable, load_ablation
from nnstudio.runs.checked_json import Words
from nnstudio.runs.guides import (
    Cause,
    Compared,
    Comparison,
    Guide,
    Lesson,
    Look,
    Question,
    guides,
    load_guide,
)
from nnstudio.texts import set_language
from nnstudio.training.experiment import Experiment
from tests.gui.bench_kit import Kit, small_experiment


def words(english: str) -> Words:
    return Words((("en", english), ("zh_CN", f"中{english}")))


def question(right: int) -> Question:
    return Question(
        words("What comes?"), (words("this"), words("that"), words("nothing")), right, words("So.")
    )


GUIDE = Guide(
    name="case",
    order=1,
    title=words("A case"),
    story=words("It did not learn."),
    looks=(Look("weights", words("They stay.")),),
    causes=tuple(
        Cause(name, words(f"cause {name}"), (), (), ()) for name in ("rate", "start", "units")
    ),
    lessons=(
        Lesson("case", words("Look first."), question(0)),
        Lesson("case-1", words("Raise the rate."), question(2)),
    ),
    comparisons=(
        Comparison(
            words("Both"),
            words("Together."),
            (Compared(words("old"), "case"), Compared(words("new"), "case-1")),
            question(1),
        ),
    ),
    ablation="ablations/case.json",
)


def row(*mended: str, accuracy: float | None, ended: str = "finished") -> AblationRow:
    loss = None if accuracy is None else 2 - accuracy
    return AblationRow(mended, 2.3, loss, accuracy, (), ended)


TABLE = AblationTable(
    1000,
    (
        row(accuracy=0.4),
        row("rate", accuracy=0.9),
        row("start", accuracy=0.5),
        row("units", accuracy=0.3),
        row("start", "units", accuracy=0.6),
        row("rate", "units", accuracy=0.94),
        row("rate", "start", accuracy=0.95),
        row("rate", "start", "units", accuracy=0.97),
    ),
)
ABLATION = Ablation("case", "python tables.py case", (), (TABLE,))


@pytest.fixture
def view(qtbot: QtBot) -> GuideView:
    made = GuideView()
    qtbot.addWidget(made)
    made.resize(328, 400)
    made.show_titles({"weights": "Weights"})
    made.show_guide(GUIDE, ABLATION)
    made.show()
    return made


def answer(view: GuideView, at: int) -> None:
    view.pages.chosen.emit("steps")
    view.steps.question.answers[at].button.click()


# the view


def test_without_a_case_it_says_how_to_get_one(qtbot: QtBot) -> None:
    made = GuideView()
    qtbot.addWidget(made)
    made.show()
    assert made.empty.isVisible()
    assert not made.pages.isVisible()


def test_a_guide_begins_with_its_story_and_links_to_what_to_look_at(
    view: GuideView, qtbot: QtBot
) -> None:
    assert view.story.isVisible()
    (link,) = [
        one for one in view.story.findChildren(type(view.steps.try_button)) if "›" in one.text()
    ]
    with qtbot.waitSignal(view.look_wished) as wished:
        link.click()
    assert wished.args == ["weights"]


def test_a_prediction_comes_before_the_remedy(view: GuideView, qtbot: QtBot) -> None:
    view.pages.chosen.emit("steps")
    assert not view.steps.try_button.isEnabled()
    assert view.steps.said == ""
    answer(view, 1)
    assert view.steps.try_button.isEnabled()
    with qtbot.waitSignal(view.lesson_wished) as wished:
        view.steps.try_button.click()
    assert wished.args == [GUIDE.lessons[0]]
    assert view.steps.said == "So."
    assert not view.steps.question.answers[0].button.isEnabled()
    assert not view.steps.question.answers[0].sign.isHidden()


def test_answers_are_picked_by_keyboard_and_by_their_words(view: GuideView, qtbot: QtBot) -> None:
    view.pages.chosen.emit("steps")
    answers = view.steps.question.answers
    with qtbot.waitSignal(view.steps.picked) as picked:
        QTest.keyClick(answers[2].button, Qt.Key.Key_Space)
    assert picked.args == [2]
    with qtbot.waitSignal(view.steps.picked) as picked:
        QTest.mouseClick(answers[1], Qt.MouseButton.LeftButton)
    assert picked.args == [1]


def test_the_steps_lead_to_the_table_and_remember_what_was_answered(view: GuideView) -> None:
    for at, right in enumerate((0, 2)):
        answer(view, right)
        view.steps.try_button.click()
        assert view.progress.of_lesson(at).picked == right
        view.steps._next.click()
    assert view.table.isVisible()
    view.pages.chosen.emit("steps")
    assert view.steps._line.share == 1
    view.steps._back.click()
    assert view.steps.said == "So."
    view.show_guide(None, None)
    view.show_guide(GUIDE, ABLATION)
    assert view.progress.of_lesson(1).tried


def test_the_next_step_is_shown_from_its_top_with_the_first_answer_in_focus(
    view: GuideView, qtbot: QtBot
) -> None:
    view.resize(328, 120)
    answer(view, 0)
    view.steps.try_button.setFocus()
    view.steps.try_button.click()
    assert view.steps._next.hasFocus()
    bar = view.steps.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    view.steps._next.click()
    assert view.steps.question.answers[0].button.hasFocus()
    QApplication.processEvents()
    assert bar.value() == 0


def test_long_names_of_causes_wrap(view: GuideView) -> None:
    bar = view.table.bars[1]
    long = Bar(replace(bar.row, words="a very long name of a cause " * 4))
    assert long.heightForWidth(200) > long.heightForWidth(900) == bar.heightForWidth(900)


def test_how_the_runs_stand_is_said_where_they_were_begun(view: GuideView) -> None:
    answer(view, 0)
    view.steps.try_button.click()
    view.show_standing("Run 2 is ahead.")
    assert view.steps._outcome._standing.text() == "Run 2 is ahead."
    view.pages.chosen.emit("compare")
    card = view.compare.cards[0]
    assert not card.run.isEnabled()
    card.question.answers[1].button.click()
    card.run.click()
    view.show_standing("new is ahead.")
    assert card._standing.text() == "new is ahead."
    assert view.steps._outcome._standing.text() == ""


@pytest.mark.parametrize("way", ["over", "asked"])
def test_what_comes_of_a_comparison_is_told_when_it_is_over_or_when_asked(
    view: GuideView, way: str
) -> None:
    view.pages.chosen.emit("compare")
    card = view.compare.cards[0]
    assert card.tell.isHidden()
    card.question.answers[1].button.click()
    card.run.click()
    view.show_standing("new is ahead.")
    assert card._outcome.said == ""
    assert not card.tell.isHidden()
    if way == "over":
        view.show_standing("new is best.", over=True)
        assert card._outcome._standing.text() == "new is best."
    else:
        card.tell.click()
    assert card._outcome.said == "So."
    assert card.tell.isHidden()


def test_the_words_of_a_guide_follow_the_language(view: GuideView, qtbot: QtBot) -> None:
    set_language("zh_CN")
    try:
        made = GuideView()
        qtbot.addWidget(made)
        made.take_over(view)
        assert made.guide is GUIDE
        assert made.story._title.text() == "中A case"
    finally:
        set_language("en")


def test_every_shipped_guide_can_be_shown(qtbot: QtBot) -> None:
    made = GuideView()
    qtbot.addWidget(made)
    for guide in guides():
        made.show_guide(guide, None)
        for at in range(len(guide.lessons)):
            made.steps.lesson_wished.emit(at)
            assert made.steps._remedy.text() == str(guide.lessons[at].remedy)


def test_a_comparison_says_how_long_it_takes_before_it_is_begun() -> None:
    said = {len(one.runs): length_of(one) for one in load_guide("which-activation").comparisons[:3]}
    assert said[10].startswith("10 runs of up to 20 epochs share the processor")
    steps = load_guide("always-zero-gradient").comparisons[0]
    assert length_of(steps).startswith("5 runs of up to 100 steps")
    assert not length_of(GUIDE.comparisons[0])


def test_questions_offer_what_is_run() -> None:
    """Of the hidden activations in comparison A, none is missing among the answers."""
    comparison = load_guide("which-activation").comparisons[1]
    assert comparison.question is not None
    offered = {str(one) for one in comparison.question.answers}
    assert {str(one.name) for one in comparison.runs if "," not in str(one.name)} == offered


# the table


def test_rows_say_what_is_mended_or_what_alone_is_not() -> None:
    rows = shown_rows(GUIDE, TABLE)
    assert [(one.kind, one.words) for one in rows] == [
        ("as it was", "As it was"),
        ("alone", "cause rate"),
        ("alone", "cause start"),
        ("alone", "cause units"),
        ("all but", "cause rate"),
        ("all but", "cause start"),
        ("all but", "cause units"),
        ("healed", "Everything mended"),
    ]
    assert [one.number for one in rows][:2] == ["40.0\xa0%", "90.0\xa0%"]


def test_what_matters_most_is_marked_and_said() -> None:
    marked = [(one.kind, one.words) for one in shown_rows(GUIDE, TABLE) if one.marked]
    assert marked == [("alone", "cause rate"), ("all but", "cause rate")]
    said = sentence_of(GUIDE, TABLE)
    assert "Alone, “cause rate” helps most: 40.0\xa0% → 90.0\xa0%." in said
    assert "Left as it was, “cause rate” costs most: 97.0\xa0% → 60.0\xa0%." in said


def test_where_nothing_alone_helps_the_table_says_so() -> None:
    rows = tuple(
        row(*one.mended, accuracy=0.1 if len(one.mended) < 3 else 0.9) for one in TABLE.rows
    )
    said = sentence_of(GUIDE, AblationTable(100, rows))
    assert said.startswith("Alone, none of the remedies helps.")
    assert "costs most" in said


def test_what_chance_may_do_is_not_told_as_an_effect() -> None:
    rows = tuple(row(*one.mended, accuracy=0.45 + 0.01 * at) for at, one in enumerate(TABLE.rows))
    said = sentence_of(GUIDE, AblationTable(100, rows))
    assert said == (
        "Alone, none of the remedies helps. "
        "With everything mended it has not learned yet after 100 steps: 52.0\xa0%."
    )
    assert not any(one.marked for one in shown_rows(GUIDE, AblationTable(100, rows)))


def table_without(*, rate: float, others: float) -> AblationTable:
    """Give a table in which all mended reaches 90 %, and so much with one cause left."""
    values = {1: 0.1, 2: others, 3: 0.9}
    rows = (
        row(*one.mended, accuracy=rate if one.mended == ("start", "units") else values[mended])
        for one in TABLE.rows
        if (mended := len(one.mended))
    )
    as_it_was = row(accuracy=0.1)
    return AblationTable(1000, (as_it_was, *rows))


def test_any_cause_may_be_left_only_where_all_were_tried_and_none_costs() -> None:
    assert sentence_of(GUIDE, table_without(rate=0.89, others=0.9)) == (
        "Alone, none of the remedies helps. Any one of the causes may be left as it was."
    )
    costs = sentence_of(GUIDE, table_without(rate=0.82, others=0.9))
    assert "Left as it was, “cause rate” costs most: 90.0\xa0% → 82.0\xa0%." in costs
    whole = table_without(rate=0.89, others=0.9)
    part = AblationTable(1000, tuple(one for one in whole.rows if one.mended != ("start", "units")))
    assert "may be left" not in sentence_of(GUIDE, part)


def test_a_cause_that_helped_is_told() -> None:
    said = sentence_of(GUIDE, table_without(rate=0.95, others=0.8))
    assert said.endswith(
        "With “cause rate” left as it was it gets even farther: 90.0\xa0% → 95.0\xa0%."
    )


def test_a_run_too_short_to_learn_tells_what_was_fastest() -> None:
    rows = tuple(
        row(*one.mended, accuracy=0.6 if one.mended == ("start", "units") else 0.1)
        for one in TABLE.rows
    )
    said = sentence_of(GUIDE, AblationTable(100, rows))
    assert said.endswith("By then it gets farthest with “cause rate” left as it was: 60.0\xa0%.")
    assert "may be left" not in said


def test_where_mending_lowers_an_accuracy_of_chance_the_loss_is_shown() -> None:
    guide, shipped = load_guide("gradient-check"), load_ablation("gradient-check")
    said = sentence_of(guide, shipped.tables[0])
    assert "12.095 → 6.932" in said


def test_losses_are_drawn_where_no_accuracy_tells_the_runs_apart() -> None:
    rows = (
        AblationRow((), 12.1, 12.0, None, (), "finished"),
        AblationRow(("rate",), 12.1, None, None, (), "diverged"),
        AblationRow(("rate", "start", "units"), 6.9, 6.0, None, (), "finished"),
    )
    shown = shown_rows(GUIDE, AblationTable(100, rows))
    assert [one.value for one in shown] == [1.0, None, 0.5]
    assert shown[1].number == "diverged"


def test_the_table_can_be_had_as_numbers(view: GuideView) -> None:
    lines = view._csv().splitlines()
    assert lines[0] == "run,mended,first_loss,loss,accuracy,ended"
    assert lines[2] == "cause rate,rate,2.3,1.1,0.9,finished"
    assert len(view.table.bars) == len(TABLE.rows)


# joined with the workbench


class _Docks:
    """Stands for the panels of a window."""

    def __init__(self) -> None:
        self.brought: list[str] = []

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def bring(self, name: str) -> None:
        self.brought.append(name)


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> dict[str, Experiment]:
    known = {
        "case": small_experiment(),
        "case-1": replace_at(small_experiment(), ("optimizer", "learning_rate"), 0.05),
    }
    monkeypatch.setattr(openings, "_LOADED", known)
    return known


def test_a_lesson_is_one_undoable_change_and_a_run_beside_the_last(
    kit: Kit, view: GuideView, cases: dict[str, Experiment]
) -> None:
    kit.load()
    hub = Hub()
    GuideJoint(view, kit.bench, _Docks(), hub)  # type: ignore[arg-type]  # as much as it needs
    kit.bench.change(cases["case"])
    answer(view, 0)
    view.steps.try_button.click()
    kit.crank(2)
    assert [one.name for one in kit.bench.views] == ["Run 1"]
    view.steps._next.click()
    answer(view, 2)
    view.steps.try_button.click()
    kit.crank(2)
    assert kit.bench.experiment == cases["case-1"]
    assert [(one.name, one.place) for one in kit.bench.views] == [("Run 2", 1), ("Run 1", 0)]
    assert kit.bench.views[0].recipe is not None
    assert kit.bench.views[0].recipe.parent is None
    assert kit.bench.races.standing is not None
    kit.bench.undo()
    assert kit.bench.experiment == cases["case"]


def test_a_comparison_runs_all_of_its_runs(
    kit: Kit, view: GuideView, cases: dict[str, Experiment]
) -> None:
    kit.load()
    hub, docks = Hub(), _Docks()
    GuideJoint(view, kit.bench, docks, hub)  # type: ignore[arg-type]  # as much as it needs
    view.pages.chosen.emit("compare")
    view.compare.cards[0].question.answers[0].button.click()
    view.compare.cards[0].run.click()
    kit.settle()
    kit.crank()
    assert {one.name for one in kit.bench.views} == {"old", "new"}
    assert docks.brought == ["loss"]


def test_opening_a_case_opens_its_guide_in_front_and_a_preset_closes_it(
    kit: Kit, view: GuideView
) -> None:
    hub, docks = Hub(), _Docks()
    GuideJoint(view, kit.bench, docks, hub)  # type: ignore[arg-type]  # as much as it needs
    hub.case_opened.emit("weights-do-not-change-healed")
    assert view.guide is not None
    assert view.guide.name == "weights-do-not-change"
    assert view.ablation is not None
    assert docks.brought == ["guide"]
    hub.case_opened.emit("mnist-quick")
    assert view.guide is None


def test_undoing_to_another_experiment_brings_its_guide(kit: Kit, view: GuideView) -> None:
    docks = _Docks()
    GuideJoint(view, kit.bench, docks, Hub())  # type: ignore[arg-type]  # as much as it needs
    kit.bench.open_case("weights-do-not-change")
    kit.bench.open_case("moons")
    assert view.guide is None
    kit.bench.undo()
    assert view.guide is not None
    assert view.guide.name == "weights-do-not-change"
    kit.bench.undo()
    assert view.guide is None


def test_the_guide_of_a_case_takes_the_place_of_a_hunt(kit: Kit, view: GuideView) -> None:
    kit.load()
    hub, docks = Hub(), _Docks()
    GuideJoint(view, kit.bench, docks, hub)  # type: ignore[arg-type]  # as much as it needs
    kit.bench.hunt.begin()
    kit.crank()
    assert not view.hunt.isHidden()
    kit.bench.open_case("weights-do-not-change")
    hub.case_opened.emit("weights-do-not-change")
    assert view.hunt.isHidden()
    assert not view.story.isHidden()


def test_the_guide_of_the_case_that_was_set_last_is_there_at_the_next_start(
    view: GuideView, qapp: object
) -> None:
    kit = Kit(openings.case("weights-do-not-change"))
    docks = _Docks()
    GuideJoint(view, kit.bench, docks, Hub())  # type: ignore[arg-type]  # as much as it needs
    assert view.guide is not None
    assert view.guide.name == "weights-do-not-change"
    assert docks.brought == []
    kit.bench.close(forget=True)
