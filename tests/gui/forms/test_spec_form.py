"""A form made from a spec shows it, edits it, refuses what is not legal, and says why."""

from dataclasses import replace
from typing import Annotated, Any, Literal, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.field_part import FieldPart
from nnstudio.gui.forms.part import Part
from nnstudio.gui.forms.spec_form import SpecForm, UnionPart
from nnstudio.nn.optimizers import Adam, Optimizer, Sgd
from nnstudio.spec import Display, Field, Problem, describe, spec
from nnstudio.texts import text
from nnstudio.training.experiment import Experiment
from tests.gui.forms.test_editors import enter
from tests.test_spec import SPECS


@spec(title="Inside")
class Inside:
    speed: Annotated[
        float, Field(gt=0, le=5, title="Speed", description="How fast."), Display(live=True)
    ] = 1.0
    numbers: Annotated[tuple[int, ...], Field(max_length=2, title="Numbers")] = ()


@spec(title="Nothing")
class Nothing:
    kind: Literal["nothing"] = "nothing"


@spec(title="Whole")
class Whole:
    optimizer: Optimizer = Sgd()
    inside: Inside = Inside()
    items: Annotated[tuple[Inside, ...], Field(min_length=1, max_length=1, title="Items")] = (
        Inside(),
    )
    nothing: Nothing = Nothing()
    only: Annotated[int, Field(ge=1, le=1, title="Only")] = 1
    later: Annotated[
        int, Field(ge=0, le=9, title="Later", description="Rarely."), Display(advanced=True)
    ] = 0
    limit: Annotated[int | None, Field(ge=1, title="Limit")] = None


ADVANCED_OF_SGD = [one for one in describe(Sgd) if one.display.advanced]


class Bench:
    """A form, and what it has sent."""

    def __init__(self, qtbot: QtBot, value: Any = None) -> None:
        self.qtbot = qtbot
        self.form = SpecForm(Whole)
        qtbot.addWidget(self.form)
        self.heard: list[Any] = []
        self.form.edited.connect(self.heard.append)
        self.form.show_value(Whole() if value is None else value, default=Whole())
        self.form.show()

    def part(self, *names: str) -> Part:
        found: Part = self.form
        for name in names:
            forms = {SpecForm: lambda one: one, UnionPart: lambda one: one.form}
            holder = forms.get(type(found), lambda one: one.form)(found)
            found = holder.parts[name]
        return found

    def field(self, *names: str) -> FieldPart:
        found = self.part(*names)
        return cast("FieldPart", found.kind if isinstance(found, UnionPart) else found)

    def enter(self, written: str, *names: str) -> None:
        enter(self.field(*names).editor, written)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


# ---- every spec


@pytest.mark.parametrize("cls", SPECS)
def test_every_spec_has_a_form_that_shows_it_without_sending_anything(
    qtbot: QtBot, cls: type
) -> None:
    form = SpecForm(cls)
    qtbot.addWidget(form)
    heard: list[Any] = []
    form.edited.connect(heard.append)
    form.show_value(cls())
    form.set_more(more=True)
    form.show_value(cls(), running=cls(), default=cls())
    assert heard == []
    assert form.refusal is None
    assert not form.wrong


def fields_of(part: Part) -> list[FieldPart]:
    own = [part] if isinstance(part, FieldPart) else []
    return own + [found for inner in part.inner() for found in fields_of(inner)]


@pytest.mark.parametrize("cls", SPECS)
def test_every_control_has_a_name_a_tooltip_and_can_be_reached_by_keyboard(
    qtbot: QtBot, cls: type
) -> None:
    form = SpecForm(cls)
    qtbot.addWidget(form)
    form.show_value(cls())
    for field in fields_of(form):
        assert field.editor.accessibleName() == field.setting.title
        assert field.setting.title in field.editor.toolTip()
        assert field.editor.focusPolicy() & Qt.FocusPolicy.TabFocus


# ---- showing and editing


def test_an_edit_makes_a_new_value_and_shows_it(bench: Bench) -> None:
    bench.enter("2.5", "inside", "speed")
    assert bench.heard == [Whole(inside=Inside(speed=2.5))]


def test_edits_add_up_without_anybody_showing_the_value_again(bench: Bench) -> None:
    bench.enter("2.5", "inside", "speed")
    bench.enter("3", "limit")
    assert bench.heard[-1] == Whole(inside=Inside(speed=2.5), limit=3)


def test_the_one_item_of_a_list_is_edited_in_place(bench: Bench) -> None:
    bench.enter("2", "items", "speed")
    assert bench.heard == [Whole(items=(Inside(speed=2.0),))]


def test_another_kind_brings_its_own_rows_and_its_own_rate(bench: Bench) -> None:
    bench.enter("0.5", "optimizer", "learning_rate")
    QTest.keyClick(bench.field("optimizer").editor, Qt.Key.Key_Down)
    assert bench.heard[-1] == Whole(optimizer=Adam())
    union = cast("UnionPart", bench.part("optimizer"))
    assert union.form is not None
    assert list(union.form.parts) == ["learning_rate", "beta1", "beta2", "epsilon"]


def test_a_value_that_is_shown_already_leaves_an_entry_alone(bench: Bench) -> None:
    editor = bench.field("inside", "speed").editor
    QTest.keyClicks(editor, "77")
    bench.form.show_value(Whole(), default=Whole())
    assert editor.text().endswith("77")


def test_what_has_nothing_to_set_has_no_row(bench: Bench) -> None:
    assert list(bench.form.parts) == ["optimizer", "inside", "items", "later", "limit"]


# ---- refusing


def test_a_number_out_of_bounds_is_refused_under_its_own_row(bench: Bench) -> None:
    bench.enter("9", "inside", "speed")
    field = bench.field("inside", "speed")
    assert bench.heard == []
    assert field.row.complaint.isVisible()
    assert str(bench.form.refusal) == f"Speed: {field.row.complaint.text()}"


def test_what_the_spec_alone_can_judge_is_refused_under_its_row(bench: Bench) -> None:
    bench.enter("1, 2, 3", "inside", "numbers")
    assert bench.heard == []
    assert bench.field("inside", "numbers").row.complaint.text() == "Numbers: takes at most 2"
    assert str(bench.form.refusal) == "Numbers: takes at most 2"


def test_a_legal_entry_takes_the_reason_away(bench: Bench) -> None:
    bench.enter("1, 2, 3", "inside", "numbers")
    with bench.qtbot.waitSignal(bench.form.refusal_changed):
        bench.enter("1, 2", "inside", "numbers")
    assert bench.form.refusal is None
    assert not bench.field("inside", "numbers").row.complaint.isVisible()
    assert bench.heard == [Whole(inside=Inside(numbers=(1, 2)))]


def test_going_back_to_the_old_value_takes_the_reason_away_and_sends_nothing(
    bench: Bench,
) -> None:
    bench.enter("1, 2, 3", "inside", "numbers")
    bench.enter("", "inside", "numbers")
    assert bench.form.refusal is None
    assert bench.heard == []


def test_an_entry_that_is_refused_stays_while_others_are_edited(bench: Bench) -> None:
    bench.enter("9", "inside", "speed")
    bench.enter("3", "limit")
    assert bench.field("inside", "speed").editor.text() == "9"
    assert bench.form.refusal is not None


def test_another_value_from_outside_replaces_a_refused_entry(bench: Bench) -> None:
    bench.enter("9", "inside", "speed")
    bench.form.show_value(Whole(inside=Inside(speed=3.0)))
    assert bench.form.refusal is None
    assert bench.field("inside", "speed").editor.text() == "3"


def test_a_kind_that_is_gone_takes_its_refused_entries_along(bench: Bench) -> None:
    bench.enter("-1", "optimizer", "learning_rate")
    assert bench.form.refusal is not None
    QTest.keyClick(bench.field("optimizer").editor, Qt.Key.Key_Down)
    assert bench.form.refusal is None


# ---- problems told from outside


def test_a_problem_is_shown_at_the_field_that_its_path_names(bench: Bench) -> None:
    path = ("items", 0, "speed")
    bench.form.show_value(Whole(), (Problem(path, text("is too fast")),))
    assert bench.field("items", "speed").row.complaint.text() == "is too fast"
    assert bench.form.wrong
    # what is wrong with legal values is not a refused entry
    assert bench.form.refusal is None


def test_a_problem_of_a_kind_is_shown_at_its_combo(bench: Bench) -> None:
    bench.form.show_value(Whole(), (Problem(("optimizer",), text("does not fit")),))
    assert bench.field("optimizer").row.complaint.text() == "does not fit"


def test_a_problem_without_a_row_is_shown_under_the_rows(bench: Bench) -> None:
    bench.form.show_value(Whole(), (Problem(("nothing",), text("one")), Problem((), text("two"))))
    assert bench.form.wrong


def test_a_problem_that_is_gone_is_no_longer_shown(bench: Bench) -> None:
    bench.form.show_value(Whole(), (Problem(("limit",), text("is too small")),))
    bench.form.show_value(Whole())
    assert not bench.form.wrong


# ---- marks


def test_a_value_that_is_not_the_default_has_a_mark_that_resets_it(bench: Bench) -> None:
    bench.enter("3", "limit")
    mark = bench.field("limit").row.mark
    assert mark.shown
    assert not mark.filled
    assert "off" in mark.toolTip()
    mark.click()
    assert bench.heard[-1] == Whole()
    assert not mark.shown


def test_a_value_that_waits_for_a_restart_has_a_filled_mark_that_goes_back(bench: Bench) -> None:
    bench.form.show_value(Whole(limit=3), (), Whole(limit=7), default=Whole())
    mark = bench.field("limit").row.mark
    assert mark.filled
    assert "7" in mark.toolTip()
    mark.click()
    assert bench.heard == [Whole(limit=7)]


def test_a_live_value_does_not_wait_for_a_restart(bench: Bench) -> None:
    bench.form.show_value(
        Whole(inside=Inside(speed=2.0)), (), Whole(inside=Inside(speed=3.0)), default=Whole()
    )
    assert not bench.field("inside", "speed").row.mark.filled


def test_the_settings_of_another_kind_are_not_compared(bench: Bench) -> None:
    bench.form.show_value(Whole(optimizer=Adam()), (), Whole(optimizer=Sgd()), default=Whole())
    assert bench.field("optimizer").row.mark.filled
    assert not bench.field("optimizer", "beta1").row.mark.shown


def test_resetting_a_kind_brings_back_the_whole_default(bench: Bench) -> None:
    bench.form.show_value(Whole(optimizer=Adam(learning_rate=0.5)), default=Whole())
    bench.field("optimizer").row.mark.click()
    assert bench.heard == [Whole()]


# ---- what is advanced


def test_an_advanced_setting_is_shown_when_asked_for(bench: Bench) -> None:
    assert not bench.part("later").isVisible()
    assert bench.form.advanced_count == 1 + len(ADVANCED_OF_SGD)
    bench.form.set_more(more=True)
    assert bench.part("later").isVisible()
    bench.form.set_more(more=False)
    assert not bench.part("later").isVisible()


def test_an_advanced_setting_is_shown_when_it_is_not_the_default(bench: Bench) -> None:
    bench.form.show_value(Whole(later=3), default=Whole())
    assert bench.part("later").isVisible()
    assert bench.form.advanced_count == len(ADVANCED_OF_SGD)


def test_an_advanced_setting_is_shown_when_something_is_wrong_with_it(bench: Bench) -> None:
    bench.form.show_value(Whole(), (Problem(("later",), text("x")),), default=Whole())
    assert bench.part("later").isVisible()


def test_new_rows_of_a_kind_are_as_open_as_the_others(bench: Bench) -> None:
    bench.form.set_more(more=True)
    bench.form.show_value(replace(Whole(), optimizer=Adam()), default=Whole())
    bench.qtbot.waitUntil(bench.part("optimizer", "beta1").isVisible)


def test_the_default_of_the_whole_counts_not_that_of_the_class(qtbot: QtBot) -> None:
    learning = tuple(one for one in describe(Experiment) if one.name == "optimizer")
    form = SpecForm(Experiment, settings=learning)
    qtbot.addWidget(form)
    # the default experiment has another learning rate than Adam by itself
    form.show_value(Experiment(), default=Experiment())
    assert not any(field.row.mark.shown for field in fields_of(form))
