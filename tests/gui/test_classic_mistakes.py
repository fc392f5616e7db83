"""While a classic mistake is on, the window says so wherever its run is seen."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.faults import fault_named
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.main_window.case_menu import fill_case_menu
from nnstudio.gui.views.curves import LossView
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.gui.views.run_words import details_of, state_of
from nnstudio.gui.workbench import Severity
from nnstudio.gui.workbench.openings import guided_cases, name_of, presets
from nnstudio.runs.cases import steps_of
from tests.gui.bench_kit import Kit, small_experiment

TWICE = fault_named("softmax-twice")


@pytest.fixture
def window(kit: Kit, qtbot: QtBot) -> MainWindow:
    made = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_asks", False))
    kit.load()
    return made


def form(window: MainWindow) -> ExperimentView:
    view = window.docks["experiment"].view
    assert isinstance(view, ExperimentView)
    return view


def test_the_section_is_the_last_one_and_closed(window: MainWindow) -> None:
    sections = form(window).sections
    assert list(sections)[-1] == "faults"
    assert not sections["faults"].opened
    assert sections["faults"].note.text() == "none on"


def test_a_switch_is_an_edit_that_can_be_undone(window: MainWindow, kit: Kit) -> None:
    form(window).faults.switches["softmax-twice"].box.click()
    assert kit.bench.experiment.faults == (TWICE,)
    assert form(window).sections["faults"].note.text() == "1 on"
    kit.bench.undo()
    assert not kit.bench.experiment.faults
    assert not form(window).faults.switches["softmax-twice"].box.isChecked()


def test_title_bar_runs_and_legend_name_it(window: MainWindow, kit: Kit) -> None:
    assert "mistake" not in window.windowTitle()
    kit.bench.change(replace(kit.bench.experiment, faults=(TWICE,)))
    assert window.windowTitle() == "nnstudio[*] – built-in mistake: softmax twice"
    kit.train(2)
    run = kit.bench.views[0]
    assert "softmax twice" in state_of(run)
    assert "Built-in mistakes: softmax twice" in details_of(run)
    curves = window.docks["loss"].view
    assert isinstance(curves, LossView)
    curves.show_runs(kit.bench.views)
    assert "softmax twice" in [entry.name for entry in curves.plot.scene.legend]


def test_the_title_names_the_mistake_of_the_run_that_goes_on_when_it_was_switched_off(
    window: MainWindow, kit: Kit
) -> None:
    kit.bench.change(replace(kit.bench.experiment, faults=(TWICE,)))
    kit.train(2)
    kit.bench.change(replace(kit.bench.experiment, faults=()))
    kit.settle()
    assert window.windowTitle().endswith("built-in mistake: softmax twice")
    kit.bench.control.restart()
    kit.train(1)
    kit.settle()
    assert "mistake" not in window.windowTitle()


def test_an_opened_model_says_with_which_mistake_it_was_trained(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    kit.bench.change(replace(small_experiment(), faults=(TWICE,)))
    kit.train(2)
    kit.bench.control.stop()
    kit.crank()
    kit.bench.models.save(tmp_path / "sick.safetensors")
    kit.settle()
    kit.notices.clear()
    kit.bench.models.open(tmp_path / "sick.safetensors")
    kit.settle()
    told = [one for one in kit.notices if one.topic == "mistakes"]
    assert [one.severity for one in told] == [Severity.WARNING]
    assert "softmax twice" in str(told[0].text)
    assert str(told[0].hint) == "Here it answers without it."


def test_the_mistake_of_one_case_is_offered_after_that_case_was_opened(
    window: MainWindow, kit: Kit
) -> None:
    only = form(window).faults.switches["targets-not-clipped"]
    assert only.isHidden()
    kit.bench.open_case("loss-rises-healed")
    assert kit.bench.case == "loss-rises"
    assert not only.isHidden()
    kit.bench.open_case("spirals")
    assert only.isHidden()


# the menu of cases


def test_cases_with_a_guide_come_first_then_the_presets(window: MainWindow) -> None:
    opened: list[str] = []
    menu = QMenu()
    fill_case_menu(menu, window.commands, opened.append, opened=presets()[1][1])
    words = [action.text() for action in menu.actions() if action.isEnabled() and action.text()]
    cases = [title for _, title in guided_cases()]
    assert words[: len(cases)] == cases
    assert words[-len(presets()) :] == [title for _, title in presets()]
    assert [one.text() for one in menu.actions() if one.isChecked()] == [presets()[1][1]]
    next(one for one in menu.actions() if one.text() == cases[0]).trigger()
    assert opened == [guided_cases()[0][0]]


def test_a_step_of_a_case_is_called_as_its_case(kit: Kit) -> None:
    key, title = guided_cases()[0]
    kit.bench.open_case(steps_of(key)[0])
    assert name_of(kit.bench.experiment) == title


def test_a_case_that_was_changed_keeps_its_name_and_train_its_place(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    window.resize(1360, 860)
    with qtbot.waitExposed(window):
        window.show()
    bench, bar = kit.bench, window.toolbar
    bench.open_case("spirals")
    QApplication.processEvents()
    before = bar._train.geometry()
    key, title = guided_cases()[0]
    bench.open_case(key)
    bench.change(replace(bench.experiment, seed=77))
    QApplication.processEvents()
    assert bar.opened == title
    assert bar._name.text().endswith("· changed")
    assert title in bar._name.toolTip()
    assert bar._train.geometry() == before
