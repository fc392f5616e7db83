"""The list of runs: renamed, hidden and removed, by menu and keyboard; undo brings back."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.views.runs import ROW_PX, RunsView
from nnstudio.gui.workbench.shelf import RUNS_KEPT, RunShelf
from nnstudio.runs.run import Run
from nnstudio.training.snapshot import RunState
from tests.gui.bench_kit import Kit


@pytest.fixture
def loaded(kit: Kit) -> Kit:
    """Two runs, the second one under way."""
    kit.load()
    kit.train(2)
    kit.bench.control.stop()
    kit.crank()
    kit.train(1)
    return kit


@pytest.fixture
def view(qtbot: QtBot, loaded: Kit) -> RunsView:
    made = RunsView()
    qtbot.addWidget(made)
    made.resize(320, 200)
    made.show()
    made.show_runs(loaded.bench.views)
    return made


def names(kit: Kit) -> list[str]:
    return [run.name for run in kit.bench.views]


# what can be done with the list


def test_a_run_is_called_what_a_person_calls_it(loaded: Kit) -> None:
    loaded.bench.run_list.rename("run-1", "  wide  ")
    assert names(loaded) == ["Run 2", "wide"]
    loaded.bench.run_list.rename("run-1", "   ")
    assert names(loaded) == ["Run 2", "wide"]


def test_a_hidden_run_says_so_to_the_views_and_can_be_shown_again(loaded: Kit) -> None:
    loaded.bench.run_list.hide("run-1", hidden=True)
    assert [run.hidden for run in loaded.bench.views] == [False, True]
    loaded.bench.run_list.hide("run-1", hidden=False)
    assert not any(run.hidden for run in loaded.bench.views)


def test_a_removed_run_can_be_brought_back_where_it_was(loaded: Kit) -> None:
    loaded.train(1)
    loaded.bench.run_list.remove("run-1")
    assert names(loaded) == ["Run 2"]
    notice = loaded.notices[-1]
    assert str(notice.text) == "Run 1 was removed."
    notice.offers[0].run()
    assert names(loaded) == ["Run 2", "Run 1"]


def test_the_run_under_way_is_not_removed(loaded: Kit) -> None:
    loaded.bench.run_list.remove("run-2")
    assert names(loaded) == ["Run 2", "Run 1"]
    assert str(loaded.notices[-1].text) == "Run 2 is under way."


def test_removing_the_run_that_is_shown_shows_the_newest_that_is_left(loaded: Kit) -> None:
    loaded.bench.control.stop()
    loaded.crank()
    experiment = loaded.bench.experiment
    loaded.bench.run_list.remove("run-2")
    assert names(loaded) == ["Run 1"]
    assert loaded.bench.views[0].current
    assert loaded.bench.experiment == experiment


def test_removing_the_last_run_shows_the_untrained_network_again(loaded: Kit) -> None:
    loaded.bench.control.stop()
    loaded.crank()
    for identity in ("run-1", "run-2"):
        loaded.bench.run_list.remove(identity)
    loaded.settle()
    assert names(loaded) == ["Untrained network"]
    assert not loaded.bench.state.begun
    assert not loaded.bench.state.unsaved


def test_a_removed_run_that_comes_back_is_shown_and_unsaved_again(loaded: Kit) -> None:
    loaded.bench.control.stop()
    loaded.crank()
    loaded.bench.run_list.remove("run-2")
    loaded.notices[-1].offers[0].run()
    assert loaded.bench.views[0].name == "Run 2"
    assert "Run 2" in [str(run.name) for run in loaded.bench.run_list.unsaved]


def test_what_is_gone_cannot_be_renamed_hidden_or_removed(loaded: Kit) -> None:
    before = names(loaded), len(loaded.notices)
    loaded.bench.run_list.rename("run-9", "x")
    loaded.bench.run_list.hide("run-9", hidden=True)
    loaded.bench.run_list.remove("run-9")
    assert (names(loaded), len(loaded.notices)) == before


def test_the_shelf_keeps_so_many_runs_and_tells_which_had_to_go(loaded: Kit) -> None:
    shelf = RunShelf()
    source = loaded.bench.current
    assert source is not None

    def another(number: int) -> Run:
        return replace(source, identity=f"run-{number}", number=number)

    gone = [shelf.add(another(number)) for number in range(RUNS_KEPT + 2)]
    assert [run.number for runs in gone for run in runs] == [0, 1]
    assert len(shelf.runs) == RUNS_KEPT


# the view


def test_f2_takes_another_name(view: RunsView, qtbot: QtBot) -> None:
    rows = view._rows
    QTest.keyClick(rows, Qt.Key.Key_F2)
    assert rows._entry.text() == "Run 2"
    rows._entry.setText("narrow")
    with qtbot.waitSignal(view.run_renamed) as renamed:
        QTest.keyClick(rows._entry, Qt.Key.Key_Return)
    assert renamed.args == ["run-2", "narrow"]
    assert not rows._entry.isVisible()


def test_escape_leaves_the_name_as_it_was(view: RunsView, qtbot: QtBot) -> None:
    rows = view._rows
    rows.rename("run-1")
    rows._entry.setText("narrow")
    with qtbot.assertNotEmitted(view.run_renamed):
        QTest.keyClick(rows._entry, Qt.Key.Key_Escape)
    assert not rows._entry.isVisible()


def test_news_of_the_runs_leave_a_name_that_is_being_typed(view: RunsView, loaded: Kit) -> None:
    view._rows.rename("run-1")
    view._rows._entry.setText("half")
    view.show_runs(loaded.bench.views)
    assert view._rows._entry.isVisible()
    assert view._rows._entry.text() == "half"


def test_h_hides_and_delete_removes_the_run_that_is_shown(view: RunsView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.run_hidden) as hidden:
        QTest.keyClick(view._rows, Qt.Key.Key_H)
    assert hidden.args == ["run-2", True]
    with qtbot.waitSignal(view.run_removed) as removed:
        QTest.keyClick(view._rows, Qt.Key.Key_Delete)
    assert removed.args == ["run-2"]


def test_a_double_click_renames_the_run_under_the_pointer(view: RunsView) -> None:
    QTest.mouseDClick(view._rows, Qt.MouseButton.LeftButton, pos=QPoint(60, ROW_PX + ROW_PX // 2))
    assert view._rows._entry.text() == "Run 1"


def test_the_menu_names_the_keys_and_keeps_the_run_under_way(view: RunsView) -> None:
    menu = QMenu(view)
    view.fill_menu(menu)
    rename, hide, remove = menu.actions()[:3]
    keys = [action.shortcut().toString() for action in (rename, hide, remove)]
    assert keys == ["F2", "H", "Del"]
    assert not remove.isEnabled()


def test_the_right_button_opens_the_menu_of_the_run_under_the_pointer(
    view: RunsView, qtbot: QtBot
) -> None:
    at = QPoint(60, ROW_PX + 10)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(view._rows, QContextMenuEvent(reason, at, view._rows.mapToGlobal(at)))
    menu = view._rows.findChild(QMenu)
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(view.run_removed) as removed:
        menu.actions()[-1].trigger()
    assert removed.args == ["run-1"]
    menu.close()


def test_the_untrained_network_has_nothing_to_be_done_with(kit: Kit, qtbot: QtBot) -> None:
    kit.load()
    view = RunsView()
    qtbot.addWidget(view)
    view.show_runs(kit.bench.views)
    menu = QMenu(view)
    view.fill_menu(menu)
    view._rows.rename(kit.bench.views[0].identity)
    assert menu.isEmpty()
    assert not view._rows._entry.isVisible()


def test_a_hidden_run_is_said_to_be_hidden(view: RunsView, loaded: Kit) -> None:
    loaded.bench.run_list.hide("run-2", hidden=True)
    view.show_runs(loaded.bench.views)
    assert "hidden" in view._rows.accessibleDescription()


# files


def test_a_model_says_when_it_is_opened_how_its_run_stood(loaded: Kit, tmp_path: Path) -> None:
    path = tmp_path / "digits.safetensors"
    loaded.bench.control.stop()
    loaded.crank()
    loaded.bench.models.save(path)
    loaded.settle()
    loaded.bench.models.open(path)
    loaded.settle()
    assert loaded.bench.views[0].snapshot.state is RunState.STOPPED


def test_the_title_names_the_file_of_the_model(loaded: Kit, tmp_path: Path, qtbot: QtBot) -> None:
    window = MainWindow(loaded.bench, show_log=lambda: None)
    qtbot.addWidget(window, before_close_func=lambda one: setattr(one, "_asks", False))
    assert (window.windowTitle(), window.isWindowModified()) == ("nnstudio[*]", True)
    loaded.bench.models.save(tmp_path / "digits.safetensors")
    loaded.settle()
    assert window.windowTitle() == "digits.safetensors[*] – nnstudio"
    assert not window.isWindowModified()
    loaded.train(1)

    def polled() -> bool:
        loaded.bench.poll()
        return window.isWindowModified()

    qtbot.waitUntil(polled)
