"""The control panel shows an experiment, sends edited ones, says what waits and what is wrong."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.mnist import Mnist
from nnstudio.gui.forms.chips import QuietKind
from nnstudio.gui.forms.explanation import Explanation
from nnstudio.gui.forms.remedies import Remedies
from nnstudio.gui.forms.row import ElidingLabel, Row
from nnstudio.gui.theme import themes
from nnstudio.gui.views.experiment import ExperimentView, waiting_changes
from nnstudio.gui.widgets.select import Select
from nnstudio.nn.activations import Identity
from nnstudio.nn.clipping import ByNorm
from nnstudio.nn.layers import HiddenLayer
from nnstudio.nn.losses import BinaryCrossEntropy, MeanSquaredError
from nnstudio.nn.network import NetworkSpec
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.paths import replace_at, setting_at
from nnstudio.spec import Path, Problem, Setting, describe, help_of
from nnstudio.texts import Text, text
from nnstudio.training.averaging import Exponential
from nnstudio.training.experiment import Experiment, Stopping, loads
from nnstudio.training.problems import problems
from tests.gui.forms.test_editors import enter
from tests.gui.forms.test_layers_form import FACTS, units_of
from tests.gui.forms.test_spec_form import fields_of

DEFAULT = Experiment()
MNIST = replace_at(DEFAULT, ("data", "sources", 0, "source"), Mnist())


class Bench:
    """The view, a clock turned by hand, and what was sent."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now = 0.0
        self.view = ExperimentView(clock=lambda: self.now, draw_seed=lambda: 77)
        qtbot.addWidget(self.view)
        self.qtbot = qtbot
        self.edits: list[tuple[Any, bool]] = []
        self.legal: list[Text | None] = []
        self.view.experiment_edited.connect(lambda one, merge: self.edits.append((one, merge)))
        self.view.legal_changed.connect(self.legal.append)
        self.view.resize(272, 800)
        self.view.show()

    def field(self, *names: str) -> Any:
        for section in self.view.sections.values():
            for field in fields_of(section.content):
                if field.setting.name == names[-1]:
                    return field
        raise LookupError(names)

    def enter(self, name: str, written: str) -> None:
        enter(self.field(name).editor, written)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_the_sections_follow_the_specs(bench: Bench) -> None:
    assert list(bench.view.sections) == ["data", "network", "learning", "training", "faults"]


def test_an_edit_sends_the_whole_experiment(bench: Bench) -> None:
    bench.enter("learning_rate", "0.01")
    assert bench.edits == [(replace(DEFAULT, optimizer=Adam(learning_rate=0.01)), False)]


def test_showing_an_experiment_sends_nothing(bench: Bench) -> None:
    for experiment in (MNIST, DEFAULT, replace(DEFAULT, optimizer=Sgd(), seed=5)):
        bench.view.show_experiment(experiment, (), DEFAULT, FACTS)
    assert bench.edits == []
    assert bench.legal == []


def test_edits_of_different_settings_are_not_merged(bench: Bench) -> None:
    bench.enter("learning_rate", "0.01")
    bench.enter("seed", "3")
    assert [merge for _, merge in bench.edits] == [False, False]


def test_quick_edits_of_one_setting_are_one_step_back(bench: Bench) -> None:
    bench.enter("learning_rate", "0.01")
    bench.now = 0.5
    bench.enter("learning_rate", "0.02")
    bench.now = 5.0
    bench.enter("learning_rate", "0.03")
    assert [merge for _, merge in bench.edits] == [False, True, False]


def test_an_undo_in_between_ends_the_merging(bench: Bench) -> None:
    bench.enter("learning_rate", "0.01")
    bench.view.show_experiment(DEFAULT)
    bench.enter("learning_rate", "0.02")
    assert [merge for _, merge in bench.edits] == [False, False]


def test_what_the_workbench_shows_again_does_not_end_the_merging(bench: Bench) -> None:
    bench.enter("learning_rate", "0.01")
    bench.view.show_experiment(bench.edits[0][0], (), None, FACTS)
    bench.enter("learning_rate", "0.02")
    assert [merge for _, merge in bench.edits] == [False, True]


def test_the_view_gives_what_it_shows(bench: Bench) -> None:
    bench.view.show_experiment(MNIST)
    assert bench.view.experiment == MNIST


def test_the_dice_give_another_seed(bench: Bench) -> None:
    bench.view.dice.click()
    assert bench.edits == [(replace(DEFAULT, seed=77), False)]


def test_files_are_asked_for_only_where_a_source_reads_them(bench: Bench) -> None:
    assert not bench.view.sources.only.folder_button.isVisible()
    bench.view.show_experiment(MNIST)
    assert bench.view.sources.only.folder_button.isVisible()
    with bench.qtbot.waitSignal(bench.view.folder_requested):
        bench.view.sources.only.folder_button.click()


def test_layers_know_the_sizes_of_the_data(bench: Bench) -> None:
    bench.view.show_experiment(DEFAULT, (), None, FACTS)
    assert bench.view.layers.chips[0].parameters.text() == "200\u202f960"


# ---- what waits for a restart


def changed(path: Path, value: Any) -> Experiment:
    return replace_at(DEFAULT, path, value)


@pytest.mark.parametrize(
    ("path", "value", "count"),
    [
        (("seed",), 1, 1),
        (("optimizer", "learning_rate"), 0.5, 0),
        (("batches", "size"), 7, 0),
        (("optimizer",), Sgd(), 1),
        (("network", "layers"), (), 1),
        (("network", "layers"), (HiddenLayer(units=3),), 1),
        (("data", "classes"), (1, 7), 1),
    ],
)
def test_only_what_is_not_live_waits_for_a_restart(path: Path, value: Any, count: int) -> None:
    assert len(waiting_changes(changed(path, value), DEFAULT)) == count


def test_a_whole_item_of_a_list_waits_too() -> None:
    two = replace(DEFAULT, network=NetworkSpec(layers=(HiddenLayer(), HiddenLayer(units=2))))
    three = replace_at(two, ("network", "layers", 1, "units"), 3)
    assert waiting_changes(three, two) == (("network", "layers", 1, "units"),)
    some = replace_at(DEFAULT, ("data", "classes"), (1, 2))
    others = replace_at(DEFAULT, ("data", "classes"), (1, 3))
    assert waiting_changes(some, others) == (("data", "classes", 1),)


def test_the_foot_counts_what_waits_and_offers_a_restart(bench: Bench) -> None:
    bench.view.show_experiment(changed(("seed",), 1), (), DEFAULT)
    assert bench.view.foot.label.text() == "1 change applies at restart"
    assert bench.view.foot.isVisible()
    with bench.qtbot.waitSignal(bench.view.restart_requested):
        bench.view.foot.restart.click()
    bench.view.show_experiment(replace(changed(("seed",), 1), scaling=MNIST.scaling), (), DEFAULT)
    both = replace(changed(("seed",), 1), precision="float64")
    bench.view.show_experiment(both, (), DEFAULT)
    assert bench.view.foot.label.text() == "2 changes apply at restart"


def test_a_restart_is_not_offered_while_something_is_wrong(bench: Bench) -> None:
    changed = replace(DEFAULT, seed=3)
    bench.view.show_experiment(changed, running=DEFAULT)
    assert bench.view.foot.restart.isEnabled()
    bench.enter("size", "0")
    assert not bench.view.foot.restart.isEnabled()
    assert "Batch size" in bench.view.foot.restart.toolTip()
    bench.enter("size", "32")
    assert bench.view.foot.restart.isEnabled()
    problem = Problem(("stopping", "epochs"), text("No end."))
    bench.view.show_experiment(changed, (problem,), running=DEFAULT)
    assert bench.view.foot.restart.toolTip() == "No end."
    assert not bench.view.foot.restart.isEnabled()


def test_a_problem_brings_all_settings_of_its_section_into_sight(bench: Bench) -> None:
    endless = replace(DEFAULT, stopping=Stopping(epochs=None))
    bench.view.show_experiment(endless, problems(endless, None))
    for name in ("steps", "patience", "seconds", "target"):
        assert bench.field(name).isVisible(), name
    training = bench.view.sections["training"]
    training.set_more(more=False)
    bench.enter("size", "64")
    assert not training.more_shown
    assert not bench.view.sections["data"].more_shown


def impossible(bench: Bench) -> Experiment:
    """An output activation that the loss cannot take, with the row of the loss out of sight."""
    pair = replace_at(DEFAULT, ("network", "output", "activation"), Identity())
    pair = replace(pair, loss=BinaryCrossEntropy())
    bench.view.resize(272, 460)
    bench.view.show_experiment(pair, problems(pair, FACTS), None, FACTS)
    QApplication.processEvents()
    return pair


def test_what_makes_a_run_impossible_is_said_while_its_field_is_out_of_sight(bench: Bench) -> None:
    pair = impossible(bench)
    obstacle = bench.view.obstacle
    assert obstacle.isVisible()
    assert str(problems(pair, FACTS)[0].message) in obstacle.label.text()
    obstacle.show_link.click()
    QApplication.processEvents()
    assert bench.view.scrolled > 0
    assert obstacle.isHidden()
    # the keyboard is where it is mended
    assert bench.field("loss").editor.hasFocus()


def test_what_makes_a_run_impossible_is_mended_where_it_is_said(bench: Bench) -> None:
    impossible(bench)
    bench.view.obstacle.remedies.links[0].click()
    assert not problems(bench.view.experiment, FACTS)
    bench.view.show_experiment(bench.view.experiment, (), None, FACTS)
    QApplication.processEvents()
    assert bench.view.obstacle.isHidden()


@pytest.mark.parametrize("width", [264, 272, 340])
def test_no_label_and_no_choice_is_cut(bench: Bench, width: int) -> None:
    bench.view.resize(width, 900)
    for section in bench.view.sections.values():
        section.set_more(more=True)
    bench.view.show_experiment(replace(DEFAULT, loss=MeanSquaredError()))
    QApplication.processEvents()
    for label in bench.view.findChildren(ElidingLabel):
        if label.isVisible() and label.text():
            assert label.width() >= label.sizeHint().width(), label.text()
    for select in bench.view.findChildren(Select):
        if select.isVisible() and not isinstance(select, QuietKind):
            assert select.width() >= select.hint_for([select.currentText()]).width()


def test_controls_with_room_for_their_words_share_one_edge(bench: Bench) -> None:
    QApplication.processEvents()
    rows = [row for row in bench.view.findChildren(Row) if row.isVisible()]
    lefts = {row._box.x() for row in rows if not isinstance(row._control, QCheckBox)}
    assert len(rows) > 5
    assert len(lefts) == 1


# a scroll bar without the style of the window is 6 pixels wider
@pytest.mark.parametrize("width", [264 + 6, 272 + 6, 340])
def test_whatever_is_chosen_there_are_two_left_edges_at_most(bench: Bench, width: int) -> None:
    def edges() -> set[int]:
        QApplication.processEvents()
        rows = [row for row in bench.view.findChildren(Row) if row.isVisible()]
        boxes = [row._box for row in rows if not isinstance(row._control, QCheckBox)]
        return {row_box.width() for row_box in boxes}

    bench.view.resize(width, 900)
    seen = edges()
    for name in ("loss", "optimizer", "schedule", "averaging"):
        setting = next(one for one in describe(Experiment) if one.name == name)
        for member in setting.members:
            bench.view.show_experiment(replace(DEFAULT, **{name: member()}), (), None, FACTS)
            seen |= edges()
    assert len(seen) == 2


def test_what_stands_in_the_place_of_the_usual_is_explained(bench: Bench) -> None:
    def words() -> set[str]:
        found = bench.view.findChildren(Explanation)
        return {one.text() for one in found if one.isVisible()}

    usual = {help_of(type(getattr(DEFAULT, one))) for one in ("loss", "optimizer", "schedule")}
    assert words() == usual
    averaged = replace(DEFAULT, averaging=Exponential(), clipping=ByNorm())
    bench.view.show_experiment(averaged)
    assert words() == usual | {help_of(Exponential), help_of(ByNorm)}
    bench.view.show_experiment(DEFAULT)
    assert words() == usual


def test_of_an_entry_and_the_value_before_it_only_the_entry_is_judged(bench: Bench) -> None:
    endless = replace(DEFAULT, stopping=Stopping(epochs=None))
    bench.view.show_experiment(endless, problems(endless, None))
    field = bench.field("epochs")
    assert field.row.complaint.text() == str(problems(endless, None)[0].message)
    bench.enter("epochs", "0")
    assert field.row.complaint.text() == field.editor.problem


def test_another_case_is_shown_from_its_beginning(bench: Bench) -> None:
    bench.view.resize(272, 400)
    QApplication.processEvents()
    bar = bench.view._scroll.verticalScrollBar()
    bar.setValue(150)
    bench.view.show_experiment(replace(DEFAULT, seed=3))
    assert bench.view.scrolled == 150
    bench.view.show_experiment(MNIST)
    assert bench.view.scrolled == 0


def test_the_foot_is_hidden_when_nothing_waits(bench: Bench) -> None:
    live = changed(("optimizer", "learning_rate"), 0.5)
    for running in (None, DEFAULT, live):
        bench.view.show_experiment(live, (), running)
        assert not bench.view.foot.isVisible()


def test_what_is_set_otherwise_than_in_a_run_that_is_over_is_said_live_or_not(
    bench: Bench,
) -> None:
    other = replace(changed(("optimizer", "learning_rate"), 0.5), seed=1)
    bench.view.show_experiment(other, over=DEFAULT)
    foot = bench.view.foot
    assert foot.isVisible()
    assert foot.label.text() == "2 settings differ from the run shown"
    assert foot.label.toolTip().splitlines()[1:] == ["Learning rate", "Seed"]
    assert not foot.restart.isVisible()
    bench.view.show_experiment(other, running=DEFAULT)
    assert foot.label.text() == "1 change applies at restart"
    assert foot.restart.isVisible()
    bench.view.show_experiment(other, over=other)
    assert not foot.isVisible()


def test_the_foot_does_not_cover_what_is_being_edited(bench: Bench) -> None:
    bench.view.show_experiment(DEFAULT, (), DEFAULT)
    bench.view.resize(272, 400)
    bench.qtbot.waitUntil(lambda: bench.view._scroll.verticalScrollBar().maximum() > 100)
    editor = bench.field("epochs").editor
    editor.setFocus()
    bench.view._scroll.ensureWidgetVisible(editor, 0, 0)
    under = QPoint(0, editor.height())
    assert editor.mapTo(bench.view, under).y() > 400 - 48
    bench.enter("epochs", "5")
    assert bench.view.foot.isVisible()
    assert editor.mapTo(bench.view, under).y() <= bench.view.foot.y()


def test_an_edit_is_counted_at_once(bench: Bench) -> None:
    bench.view.show_experiment(DEFAULT, (), DEFAULT)
    bench.enter("seed", "5")
    assert bench.view.foot.count == 1


# ---- what is wrong


def test_an_illegal_entry_is_told_with_its_name_and_taken_back(bench: Bench) -> None:
    bench.enter("learning_rate", "0")
    assert bench.edits == []
    assert [str(one) for one in bench.legal] == ["Learning rate: The number must be above 0."]
    bench.enter("learning_rate", "0.5")
    assert bench.legal[-1] is None


def test_an_illegal_number_of_units_is_told_too(bench: Bench) -> None:
    enter(units_of(bench.view.layers.chips[0]), "0")
    assert str(bench.legal[-1]).startswith("Layer 1: ")


def test_an_illegal_entry_that_is_gone_with_its_kind_is_legal_again(bench: Bench) -> None:
    bench.enter("learning_rate", "0")
    bench.view.show_experiment(replace(DEFAULT, optimizer=Sgd()))
    assert bench.legal[-1] is None


def test_a_problem_is_shown_at_its_field(bench: Bench) -> None:
    bench.view.show_experiment(DEFAULT, (Problem(("loss",), text("needs softmax outputs")),))
    assert bench.field("loss").row.complaint.text() == "needs softmax outputs"
    others = [one for key, one in bench.view.sections.items() if key != "learning"]
    assert not any(section.content.wrong for section in others)


def test_a_remedy_under_its_problem_is_one_change(bench: Bench) -> None:
    output, loss = Identity(), MeanSquaredError()
    remedy = ((("network", "output", "activation"), output), (("loss",), loss))
    wrong = Problem(("loss",), text("not for values"), remedy)
    bench.view.show_experiment(DEFAULT, (wrong,))
    (remedies,) = [one for one in bench.view.findChildren(Remedies) if one.isVisible()]
    (link,) = remedies.links
    assert link.text() == "Use identity, mean squared error"
    link.click()
    ((changed, merge),) = bench.edits
    assert changed.network.output.activation == output
    assert changed.loss == loss
    assert not merge
    bench.view.show_experiment(changed)
    assert remedies.isHidden()


def test_a_section_opens_where_something_is_wrong(bench: Bench) -> None:
    bench.view.sections["training"].set_opened(opened=False)
    path = ("stopping", "patience")
    bench.view.show_experiment(DEFAULT, (Problem(path, text("needs validation")),))
    assert bench.view.sections["training"].opened
    assert bench.field("patience").row.complaint.isVisible()


def test_a_problem_of_the_whole_is_shown_once(bench: Bench) -> None:
    bench.view.show_experiment(DEFAULT, (Problem((), text("cannot be")),))
    assert sum(section.content.wrong for section in bench.view.sections.values()) == 1


# ---- sections


def test_a_section_closes_and_opens_by_its_heading(bench: Bench) -> None:
    section = bench.view.sections["data"]
    QTest.keyClick(section.header, Qt.Key.Key_Space)
    assert not section.content.isVisible()
    section.header.click()
    assert section.content.isVisible()


def test_more_shows_the_advanced_settings_of_its_section_alone(bench: Bench) -> None:
    assert not bench.field("patience").isVisible()
    bench.view.sections["training"].more.click()
    assert bench.field("patience").isVisible()
    assert not bench.field("limit").isVisible()
    bench.view.sections["training"].more.click()
    assert not bench.field("patience").isVisible()


def test_a_section_without_advanced_settings_has_no_more(bench: Bench) -> None:
    bench.view.show_experiment(replace(DEFAULT, network=NetworkSpec(layers=())))
    assert bench.view.sections["training"].more.isVisible()
    assert not bench.view.sections["network"].more.isVisible()


# ---- mouse and keyboard


def test_the_wheel_changes_no_value_that_has_no_focus(bench: Bench) -> None:
    for section in bench.view.sections.values():
        section.content.set_more(more=True)
    for field in [one for s in bench.view.sections.values() for one in fields_of(s.content)]:
        if not field.editor.hasFocus():
            turn(field.editor)
    assert bench.edits == []


def turn(widget: QWidget) -> None:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(widget.mapToGlobal(QPoint(5, 5))),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - the signature is Qt's
    )
    QApplication.sendEvent(widget, event)


def test_undo_belongs_to_the_window_unless_something_is_typed(bench: Bench) -> None:
    undo = QAction(bench.view)
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    bench.view.addAction(undo)
    undone: list[str] = []
    undo.triggered.connect(lambda: undone.append("undone"))
    bench.view.sections["data"].set_more(more=True)
    control = Qt.KeyboardModifier.ControlModifier
    for name in ("seed", "classes"):
        editor = bench.field(name).editor
        editor.setFocus()
        QTest.keyClick(editor, Qt.Key.Key_Z, control)
        assert len(undone) == 1
        QTest.keyClicks(editor, "12")
        QTest.keyClick(editor, Qt.Key.Key_Z, control)
        assert len(undone) == 1
        undone.clear()


@pytest.fixture
def dark() -> Iterator[None]:
    yield
    themes.choose("light")


@pytest.mark.usefixtures("dark")
def test_another_theme_reaches_every_row_and_none_that_is_gone(bench: Bench) -> None:
    themes.choose("light")
    bench.view.show_experiment(replace(DEFAULT, optimizer=Sgd(), seed=1), (), DEFAULT, FACTS)
    bench.view.show_experiment(replace(DEFAULT, network=NetworkSpec(layers=())), (), None, None)
    bench.view.show_experiment(replace(DEFAULT, seed=1), (), DEFAULT, FACTS)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    bench.field("seed").row.mark.setFocus()
    light = bench.view.grab().toImage()
    themes.choose("dark")
    assert bench.view.grab().toImage() != light


# ---- the menu of the panel


def chosen(bench: Bench, title: str) -> QAction:
    menu = QMenu(bench.view)
    bench.view.fill_menu(menu)
    return next(action for action in menu.actions() if action.text() == title)


def test_the_menu_shows_all_settings_and_hides_them_again(bench: Bench) -> None:
    chosen(bench, "Show all settings").trigger()
    assert bench.field("patience").isVisible()
    assert bench.field("classes").isVisible()
    assert chosen(bench, "Show all settings").isChecked()
    chosen(bench, "Show all settings").trigger()
    assert not bench.field("patience").isVisible()


def test_the_menu_closes_and_opens_all_sections(bench: Bench) -> None:
    chosen(bench, "Close all sections").trigger()
    assert not any(section.opened for section in bench.view.sections.values())
    chosen(bench, "Open all sections").trigger()
    assert all(section.opened for section in bench.view.sections.values())


def test_the_menu_copies_the_experiment_as_json(bench: Bench) -> None:
    bench.view.show_experiment(MNIST)
    chosen(bench, "Copy as JSON").trigger()
    assert loads(QApplication.clipboard().text()) == MNIST


def test_the_menu_sets_everything_back(bench: Bench) -> None:
    assert not chosen(bench, "Set everything to the defaults").isEnabled()
    bench.view.show_experiment(MNIST)
    chosen(bench, "Set everything to the defaults").trigger()
    assert bench.edits == [(DEFAULT, False)]


def test_the_tab_key_goes_down_the_panel(bench: Bench) -> None:
    bench.view.show_experiment(replace(MNIST, seed=3), (), MNIST, FACTS)
    bench.view.sections["data"].header.setFocus()
    places = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus is None or not bench.view.isAncestorOf(focus):
            break
        at = focus.mapTo(bench.view, QPoint(0, focus.height() // 2))
        places.append((at.y() + bench.view.scrolled, at.x()))
        QTest.keyClick(focus, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is bench.view.sections["data"].header:
            break
    assert len(places) > 15
    for (y, x), (next_y, next_x) in pairwise(places):
        assert next_y > y + 8 or (abs(next_y - y) <= 8 and next_x > x)


def test_nothing_is_wider_than_the_panel(bench: Bench) -> None:
    for section in bench.view.sections.values():
        section.content.set_more(more=True)
    bench.view.layers.expand(0)
    bench.view.resize(264, 680)
    QApplication.processEvents()
    for child in bench.view.findChildren(QWidget):
        if child.isVisible():
            right = child.mapTo(bench.view, QPoint(child.width(), 0)).x()
            assert right <= 264, child


# ---- everything that can be set


def members() -> list[tuple[Path, type]]:
    layer = ("network", "layers", 0)
    places: list[Path] = [
        *((one.name,) for one in describe(Experiment) if one.kind == "union"),
        *((*layer, one.name) for one in describe(HiddenLayer) if one.kind == "union"),
        ("data", "sources", 0, "source"),
    ]
    return [(place, one) for place in places for one in setting_at(DEFAULT, place).members]


def settable(cls: type) -> Iterator[Setting]:
    """What can be set of a spec, also what stands in groups of it."""
    for setting in describe(cls):
        # where only one value is legal there is nothing to set
        fixed = setting.minimum == setting.maximum is not None
        if setting.kind == "spec":
            yield from settable(setting.members[0])
        elif not fixed and not setting.display.hidden:
            yield setting


def test_every_field_of_every_member_has_a_row(bench: Bench) -> None:
    bench.view.layers.expand(0)
    bench.view.layers.chips[0].rows.set_more(more=True)
    for section in bench.view.sections.values():
        section.set_more(more=True)
    for place, member in members():
        bench.view.show_experiment(replace_at(DEFAULT, place, member()))
        contents = [section.content for section in bench.view.sections.values()]
        found = [field for content in contents for field in fields_of(content)]
        shown = [field.setting for field in found if not field.isHidden()]
        for setting in settable(member):
            assert setting in shown, (member.__name__, setting.name)


def test_the_rate_is_drawn_under_the_schedule_and_follows_what_is_set(bench: Bench) -> None:
    bench.view.show_experiment(DEFAULT, facts=FACTS)
    before = bench.view.rate_preview.plot.sketch
    assert before is not None
    bench.enter("epochs", "33")
    assert bench.view.rate_preview.plot.sketch is not before


def test_tab_goes_through_the_rows_of_a_layer_that_was_opened(bench: Bench) -> None:
    bench.view.layers.expand(0)
    chip = bench.view.layers.chips[0]
    rows: Any = chip.rows.form.parts
    order = list(bench.view._order)
    places = [
        order.index(one)
        for one in (
            chip.activation,
            rows["activation"].kind.editor,
            rows["dropout"].kind.editor,
            bench.view.layers.output.activation,
        )
    ]
    assert places == sorted(places)
