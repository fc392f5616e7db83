"""The window: panels that move and come back, keys, notices, closing, and who is fed when."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QMainWindow,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.main_window.docks import (
    ARRANGEMENT,
    LAYOUT_VERSION,
    LEFT_NARROW_PX,
    LEFT_PX,
    RIGHT_NARROW_PX,
    RIGHT_PX,
    Docks,
)
from nnstudio.gui.main_window.files import Answer, Files, question_of, what_is_lost
from nnstudio.gui.main_window.notice_area import MAX_WAITING
from nnstudio.gui.views import VIEWS
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.curves import CurvesView
from nnstudio.gui.views.data import DataView
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.image_grid import ImageGrid
from nnstudio.gui.workbench import Activity, Notice, Offer, Severity
from nnstudio.runs.model_file import load_model
from nnstudio.texts import set_language, text, tr
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot
from tests.gui.bench_kit import Kit, spirals


@pytest.fixture
def window(kit: Kit, qtbot: QtBot) -> MainWindow:
    made = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_asks", False))
    made.resize(1360, 860)
    with qtbot.waitExposed(made):
        made.show()
    kit.load()
    return made


def resize(window: MainWindow, qtbot: QtBot, width: int, height: int) -> None:
    window.resize(width, height)
    qtbot.waitUntil(lambda: window.width() == width)
    QApplication.processEvents()


def columns_are(window: MainWindow, left: int, right: int) -> bool:
    # how wide separators are is a matter of the style, which tests do not put on
    found = window.docks["experiment"].width(), window.docks["draw"].width()
    return abs(found[0] - left) <= 4 and abs(found[1] - right) <= 4


def test_every_view_has_a_dock(window: MainWindow) -> None:
    assert [dock.view.name for dock in window.docks] == [view.name for view in VIEWS]
    behind = {dock.view.name for dock in window.docks if not dock.seen}
    fronts = {next(n for n in p.names if window.docks.get(n)) for p in ARRANGEMENT}
    assert behind == {dock.view.name for dock in window.docks} - fronts


def test_data_wait_behind_the_accuracy_until_they_are_wanted(window: MainWindow) -> None:
    data, accuracy = window.docks["data"], window.docks["accuracy"]
    data.raise_()
    QApplication.processEvents()
    assert data.seen
    assert not accuracy.seen
    view = data.view
    assert isinstance(view, DataView)
    assert len(view.grid.shown[0]) > 0


def test_panels_that_share_a_place_have_tabs_in_their_header(
    window: MainWindow, qtbot: QtBot
) -> None:
    accuracy, data = window.docks["accuracy"], window.docks["data"]
    qtbot.waitUntil(accuracy.header.tabs.isVisible)
    assert accuracy.header.tabs.titles[:2] == ("Accuracy", "Data")
    QTest.keyClick(accuracy.header.tabs, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: data.seen)
    assert data.header.tabs.titles == accuracy.header.tabs.titles
    assert not window.docks["loss"].header.tabs.isVisible()


def test_a_tab_says_what_the_title_of_its_panel_says_by_now(
    window: MainWindow, qtbot: QtBot
) -> None:
    accuracy, data = window.docks["accuracy"], window.docks["data"]
    data.view.retitled.emit("Samples")
    qtbot.waitUntil(lambda: "Samples" in accuracy.header.tabs.titles)


def test_a_panel_that_is_alone_again_has_its_title(window: MainWindow, qtbot: QtBot) -> None:
    header = window.docks["accuracy"].header
    for dock in window.docks.sharing(window.docks["accuracy"]):
        if dock.view.name != "accuracy":
            dock.close()
    qtbot.waitUntil(lambda: not header.tabs.isVisible())
    assert header.title == "Accuracy"


def test_the_outer_columns_keep_their_width(window: MainWindow, qtbot: QtBot) -> None:
    assert columns_are(window, LEFT_PX, RIGHT_PX)
    resize(window, qtbot, 1900, 1000)
    assert columns_are(window, LEFT_PX, RIGHT_PX)
    resize(window, qtbot, 1024, 680)
    assert columns_are(window, LEFT_NARROW_PX, RIGHT_NARROW_PX)


def test_nothing_is_wider_than_the_small_window(window: MainWindow, qtbot: QtBot) -> None:
    resize(window, qtbot, 1024, 680)
    assert window.size().toTuple() == (1024, 680)
    for dock in window.docks:
        dock.raise_()
        QApplication.processEvents()
        assert window.rect().contains(dock.geometry()), dock.view.name


def test_a_closed_panel_comes_back_from_the_view_menu(window: MainWindow) -> None:
    dock = window.docks["runs"]
    dock.close()
    assert not dock.isVisible()
    action = window.findChild(QAction, "view_runs")
    assert isinstance(action, QAction)
    action.trigger()
    assert dock.isVisible()


def test_reset_layout_brings_everything_back(window: MainWindow) -> None:
    window.docks["loss"].close()
    window.docks["draw"].setFloating(True)
    window.commands["reset_layout"].trigger()
    QApplication.processEvents()
    assert all(dock.isVisible() and not dock.isFloating() for dock in window.docks)
    assert columns_are(window, LEFT_PX, RIGHT_PX)


def test_a_floating_panel_lies_aside_and_can_be_resized(window: MainWindow) -> None:
    dock = window.docks["runs"]
    corner = dock.mapToGlobal(QPoint(0, 0))
    dock.float_or_dock()
    assert dock.isFloating()
    assert dock.pos() == corner + QPoint(24, 24)
    assert dock._grip.isVisible()
    dock.float_or_dock()
    assert not dock.isFloating()
    assert not dock._grip.isVisible()


def test_the_menu_marks_what_is_on(window: MainWindow) -> None:
    menu = window.toolbar.menu_button.menu()
    before = window.commands["log_axis"].isChecked()
    view = window.docks["loss"].view
    assert isinstance(view, CurvesView)
    view.toggle_logarithmic()
    menu.aboutToShow.emit()
    assert window.commands["log_axis"].isChecked() == view.options.y_logarithmic
    assert not window.commands["maximize"].isChecked()
    window.docks.enlarge(window.docks["loss"])
    menu.aboutToShow.emit()
    assert window.commands["maximize"].isChecked()
    assert not before


def test_a_panel_fills_the_window_and_goes_back(window: MainWindow) -> None:
    before = window.docks["loss"].geometry()
    window.docks.enlarge(window.docks["loss"])
    assert [dock.view.name for dock in window.docks if dock.isVisible()] == ["loss"]
    window.docks.enlarge(window.docks["loss"])
    assert window.docks["loss"].geometry() == before
    assert all(dock.isVisible() for dock in window.docks)


def test_the_layout_is_there_again_at_the_next_start(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    window.docks["runs"].close()
    window.leave()
    again = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(again, before_close_func=lambda one: setattr(one, "_asks", False))
    again.show()
    assert not again.docks["runs"].isVisible()
    assert again.docks["loss"].isVisible()


def test_space_trains_and_pauses(window: MainWindow, kit: Kit, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_Space)
    kit.crank()
    assert kit.bench.state.activity is Activity.RUNNING
    QTest.keyClick(window, Qt.Key.Key_Space)
    kit.crank()
    assert kit.bench.state.live
    assert not kit.bench.state.busy


def test_space_presses_a_button_that_tab_has_led_to(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    pressed: list[bool] = []
    button = QPushButton("here", window)
    button.clicked.connect(lambda: pressed.append(True))
    button.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for _ in range(250):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        if button.hasFocus():
            break
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True]
    assert not kit.bench.state.busy


def test_space_trains_from_a_button_that_was_only_clicked(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    button = QPushButton("here", window)
    button.show()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.hasFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    kit.crank()
    assert kit.bench.state.activity is Activity.RUNNING


def test_views_that_cannot_be_seen_are_not_fed(
    window: MainWindow, kit: Kit, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    given: list[object] = []
    hidden, seen = window.docks["loss"], window.docks["accuracy"]
    hidden.close()
    monkeypatch.setattr(hidden.view, "show_runs", lambda _: given.append("hidden"))
    monkeypatch.setattr(seen.view, "show_runs", lambda _: given.append("seen"))
    window._feeder._given.clear()
    kit.train(1)
    qtbot.waitUntil(lambda: not window._next_feed.isActive())
    assert given == ["seen"]


def test_a_view_is_fed_no_more_often_than_it_wishes(
    window: MainWindow, kit: Kit, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    given: list[object] = []
    dock = window.docks["doctor"]
    monkeypatch.setattr(dock.view, "show_runs", given.append)
    window._feeder._clock = kit.clock
    window._feeder._given.clear()
    for _ in range(10):
        kit.clock.now += 0.033
        kit.train(1)
        qtbot.waitUntil(lambda: not window._next_feed.isActive())
    assert len(given) == 2


def test_weights_are_asked_for_only_while_a_view_shows_them(window: MainWindow, kit: Kit) -> None:
    assert window._feeder.wants_weights
    for dock in window.docks:
        if dock.view.wants_weights:
            dock.close()
    assert not window._feeder.wants_weights


def test_an_edit_in_the_form_reaches_the_workbench(window: MainWindow, kit: Kit) -> None:
    edited = replace(kit.bench.experiment, seed=6)
    edit = (edited, False)
    view = window.docks["experiment"].view
    assert isinstance(view, ExperimentView)
    view.experiment_edited.emit(*edit)
    assert kit.bench.experiment == edited


def test_a_notice_is_shown_with_its_buttons_and_goes_when_answered(window: MainWindow) -> None:
    answered: list[bool] = []
    offer = Offer(text("Try again"), lambda: answered.append(True))
    window.notices.show_notice(
        Notice(text("Loading failed."), severity=Severity.ERROR, offers=(offer,), topic="a")
    )
    button = next(one for one in window.notices.findChildren(QPushButton) if one.text())
    assert button.text() == "Try again"
    button.click()
    assert answered == [True]
    assert window.notices.newest is None


def test_a_newer_notice_of_a_topic_takes_the_place_of_the_older(window: MainWindow) -> None:
    window.notices.show_notice(Notice(text("first"), topic="a"))
    window.notices.show_notice(Notice(text("second"), topic="b"))
    window.notices.show_notice(Notice(text("third"), topic="a"))
    window.notices.end_notice("a")
    assert window.notices.newest is not None
    assert str(window.notices.newest.text) == "second"


def answering(window: MainWindow, kit: Kit, answer: Answer, path: Path | None = None) -> None:
    window.files = Files(window, kit.bench, save_path=lambda *_: path, unsaved=lambda *_: answer)


def test_closing_without_a_model_asks_nothing(window: MainWindow, kit: Kit) -> None:
    answering(window, kit, "cancel")
    assert window.close()


def test_closing_with_an_unsaved_model_can_be_cancelled(window: MainWindow, kit: Kit) -> None:
    kit.train(2)
    answering(window, kit, "cancel")
    assert not window.close()
    assert window.isVisible()


def test_closing_with_an_unsaved_model_can_save_it(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    kit.train(2)
    path = tmp_path / "kept.safetensors"
    answering(window, kit, "save", path)
    assert window.close()
    assert load_model(path).recipe.end_step == 2


def closing_two(window: MainWindow, kit: Kit, paths: list[Path | None]) -> None:
    for _ in range(2):
        kit.train(2)
        kit.bench.control.stop()
        kit.crank()
    window.files = Files(
        window, kit.bench, save_path=lambda *_: paths.pop(0), unsaved=lambda *_: "save"
    )


def test_closing_saves_one_run_after_another(window: MainWindow, kit: Kit, tmp_path: Path) -> None:
    paths = [tmp_path / "b.safetensors", tmp_path / "a.safetensors"]
    closing_two(window, kit, [*paths])
    assert window.close()
    assert all(path.exists() for path in paths)


def test_cancelling_the_second_file_stops_closing(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    path = tmp_path / "b.safetensors"
    closing_two(window, kit, [path, None])
    assert not window.close()
    assert path.exists()


def test_the_palette_says_when_nothing_is_found(window: MainWindow) -> None:
    window.commands["palette"].trigger()
    palette = window._palette
    assert not palette._nothing.isVisible()
    QTest.keyClicks(palette._edit, "zzz")
    assert palette._nothing.isVisible()
    palette.hide()


def test_closing_stays_open_when_saving_fails(window: MainWindow, kit: Kit, tmp_path: Path) -> None:
    kit.train(2)
    answering(window, kit, "save", tmp_path / "no folder" / "kept.safetensors")
    assert not window.close()
    assert window.notices.newest is not None


def test_closing_can_discard(window: MainWindow, kit: Kit) -> None:
    kit.train(2)
    answering(window, kit, "discard")
    assert window.close()


def test_a_model_dropped_on_the_window_is_opened(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    kit.train(2)
    path = tmp_path / "dropped.safetensors"
    kit.bench.models.save(path)
    kit.settle()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPointF(QPoint(9, 9)),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    kit.settle()
    assert kit.bench.views[0].name == "dropped"


def test_the_palette_finds_a_command_and_does_it(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    window.commands["palette"].trigger()
    palette = window._palette
    QTest.keyClicks(palette.focusWidget() or palette._edit, "one epoch")
    assert [entry.key for entry in palette.shown()] == ["epoch"]
    QTest.keyClick(palette._edit, Qt.Key.Key_Return)
    kit.crank(30)
    snapshot = kit.bench.views[0].snapshot
    assert snapshot.step == snapshot.steps_per_epoch
    assert not palette.isVisible()


def test_the_settings_popup_changes_the_theme(window: MainWindow, kit: Kit) -> None:
    window._settings.theme_chosen.emit("dark")
    assert kit.bench.settings.theme == "dark"


def test_a_window_built_anew_in_another_language_shows_the_same_workbench(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    kit.train(2)
    set_language("zh_CN")
    again = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(again, before_close_func=lambda one: setattr(one, "_asks", False))
    again.show()
    window.leave()
    window.deleteLater()
    QApplication.processEvents()
    kit.train(1)
    kit.bench.change(replace(kit.bench.experiment, seed=3))
    assert again.docks["runs"].windowTitle() == tr("Runs")
    view = again.docks["experiment"].view
    assert isinstance(view, ExperimentView)
    assert view.experiment == kit.bench.experiment


def test_every_control_of_the_bars_has_a_name_for_screen_readers(window: MainWindow) -> None:
    for bar in (window.toolbar, window.status):
        for widget in bar.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                text_of = getattr(widget, "text", str)()
                assert widget.accessibleName() or text_of, widget


def test_closing_asks_about_a_run_that_is_no_longer_shown(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    kit.train(2)
    path = tmp_path / "digits.safetensors"
    kit.bench.models.save(path)
    kit.settle()
    kit.train(1)
    kit.bench.models.open(path)
    kit.settle()
    asked: list[Sequence[str]] = []

    def ask(_window: QWidget, names: Sequence[str]) -> Answer:
        asked.append(names)
        return "cancel"

    window.files = Files(window, kit.bench, unsaved=ask)
    assert not window.close()
    assert asked == [["Run 1"]]


def test_the_question_names_every_run_that_would_be_lost() -> None:
    assert "Run 2" in what_is_lost(["Run 3", "Run 2", "Run 1"])
    assert "Run 1" in what_is_lost(["Run 3", "Run 2", "Run 1"])
    assert what_is_lost(["Run 3"]) == "Run 3 is lost if it is not saved."
    assert question_of(["Run 3"]) == "Save the trained model before closing?"
    assert question_of(["Run 2", "Run 1"]) == "Save the 2 trained models before closing?"


def another_window(window: MainWindow, kit: Kit, qtbot: QtBot) -> MainWindow:
    again = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(again, before_close_func=lambda one: setattr(one, "_asks", False))
    again.show()
    again.take_over(window)
    window.deleteLater()
    QApplication.processEvents()
    return again


def test_what_waits_for_an_answer_waits_in_the_next_window_too(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    kit.bench.tell(Notice(text("first"), topic="a"))
    kit.bench.tell(Notice(text("second"), topic="b"))
    again = another_window(window, kit, qtbot)
    assert [str(one.text) for one in again.notices.waiting] == ["first", "second"]


def test_the_drawing_is_there_in_the_next_window_too(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    drawn = drawn_upon(window).board.canvas.items
    again = another_window(window, kit, qtbot).docks["draw"].view
    assert isinstance(again, CanvasView)
    assert again.board.canvas.items == drawn


def test_dialogs_begin_in_the_folder_used_last(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    kit.bench.change_settings(last_folder=str(tmp_path))
    asked: list[str] = []

    def ask(_window: QWidget, start: str) -> Path | None:
        asked.append(start)
        return None

    files = Files(window, kit.bench, open_path=ask, save_path=ask, folder_path=ask)
    files.open()
    files.save_as()
    files.choose_data_folder()
    assert asked[0] == asked[2] == str(tmp_path)
    assert Path(asked[1]).parent == tmp_path


def test_an_illegal_entry_is_gone_with_the_field_it_was_typed_into(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    kit.bench.entry_problem(text("must be a number"))
    again = another_window(window, kit, qtbot)
    assert kit.bench.state.refusal is None
    assert again.commands["train"].isEnabled()


def test_notices_that_nobody_answers_do_not_pile_up(window: MainWindow) -> None:
    for at in range(2 * MAX_WAITING):
        window.notices.show_notice(Notice(text("number {at}", at=at)))
    assert len(window.notices.waiting) == MAX_WAITING
    window.notices.show_notice(Notice(text("number {at}", at=2 * MAX_WAITING - 1)))
    assert len(set(map(str, (one.text for one in window.notices.waiting)))) == MAX_WAITING


class FurtherView(View):
    name = "further"
    title = "Further"


def test_a_view_that_no_arrangement_names_lies_behind_another(qtbot: QtBot) -> None:
    main = QMainWindow()
    qtbot.addWidget(main)
    docks = Docks(main, [view() for view in (*VIEWS, FurtherView)])
    docks.arrange()
    main.show()
    assert docks["further"] in main.tabifiedDockWidgets(docks["weights"])
    assert docks["weights"].seen


def test_docks_do_with_any_views(qtbot: QtBot) -> None:
    main = QMainWindow()
    qtbot.addWidget(main)
    docks = Docks(main, [FurtherView()])
    docks.arrange()
    main.show()
    assert docks["further"].seen


def drawn_upon(window: MainWindow) -> CanvasView:
    canvas = window.docks["draw"].view
    assert isinstance(canvas, CanvasView)
    canvas.show_sample(np.full((28, 28), 255, np.uint8), "1")
    return canvas


def test_escape_clears_the_drawing(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas = drawn_upon(window)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert canvas.board.canvas.empty


def test_escape_closes_the_notice_that_has_the_keyboard(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas = drawn_upon(window)
    kit.bench.tell(Notice(text("first"), offers=(Offer(text("Try again"), lambda: None),)))
    button = next(one for one in window.notices.findChildren(QPushButton) if one.text())
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Escape)
    assert window.notices.newest is None
    assert not canvas.board.canvas.empty


def test_escape_takes_a_mark_away_before_it_clears(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas = drawn_upon(window)
    grid = window.docks["weights"].findChild(ImageGrid)
    assert isinstance(grid, ImageGrid)
    grid.set_tiles(np.zeros((4, 3, 3), np.float32), limit=1.0)
    grid.setFocus()
    grid.set_marked(2)
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert grid.marked is None
    assert not canvas.board.canvas.empty
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert canvas.board.canvas.empty


def test_escape_puts_an_enlarged_panel_back_and_spares_the_drawing_out_of_sight(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas = drawn_upon(window)
    window.docks.enlarge(window.docks["loss"])
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.docks.enlarged is None
    assert window.docks["runs"].isVisible()
    assert not canvas.board.canvas.empty


def test_escape_in_an_enlarged_drawing_clears_it_before_it_puts_the_panel_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    canvas = drawn_upon(window)
    window.docks.enlarge(window.docks["draw"])
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert canvas.board.canvas.empty
    assert window.docks.enlarged is not None
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.docks.enlarged is None


def test_the_first_steps_name_every_panel_that_lies_behind_another(window: MainWindow) -> None:
    window.commands["help"].trigger()
    page = window.findChild(QDialog)
    assert isinstance(page, QDialog)
    told = " ".join(label.text() for label in page.findChildren(QLabel))
    page.close()
    assert all(window.docks[name].header.title in told for name in ("data", "range_test"))


def test_a_run_that_is_over_is_told_from_what_is_set_now(window: MainWindow, kit: Kit) -> None:
    view = window.docks["experiment"].view
    assert isinstance(view, ExperimentView)
    kit.train(2)
    optimizer = replace(kit.bench.experiment.optimizer, learning_rate=0.5)
    kit.bench.change(replace(kit.bench.experiment, optimizer=optimizer))
    kit.train(1)
    kit.bench.control.stop()
    kit.crank(2)
    assert kit.bench.state.over
    assert view.foot.isHidden()
    kit.bench.change(replace(kit.bench.experiment, seed=7))
    assert view.foot.label.text() == "1 setting differs from the run shown"


def test_the_layout_is_kept_without_an_orderly_close(window: MainWindow, kit: Kit) -> None:
    window._remember_pace._clock, window._remember_pace._last = kit.clock, 0.0
    before = kit.bench.settings.window_layout
    window.docks["runs"].close()
    kit.settle()
    assert kit.bench.settings.window_layout not in {"", before}


def test_a_layout_from_before_a_panel_came_is_left_alone(window: MainWindow) -> None:
    old = window.saveState(LAYOUT_VERSION - 1)
    window.docks["runs"].close()
    window.docks.restore(old)
    assert window.docks["runs"].isHidden()


def test_keeping_the_layout_leaves_an_enlarged_panel_as_it_is(window: MainWindow) -> None:
    window.docks.enlarge(window.docks["loss"])
    window.remember()
    assert window.docks["loss"].enlarged
    assert not window.docks["runs"].isVisible()


def test_the_copied_recipe_reproduces_the_run(window: MainWindow, kit: Kit) -> None:
    kit.train(2)
    window.commands["copy_recipe"].trigger()
    copied = Recipe.from_json(json.loads(QGuiApplication.clipboard().text()))
    assert copied == kit.bench.recipe


def test_the_speed_stays_in_a_narrow_window(window: MainWindow, kit: Kit, qtbot: QtBot) -> None:
    # else, on a busy machine, the next news say that nothing runs
    kit.bench._timer.stop()
    window.toolbar.show_progress(
        Snapshot(RunState.RUNNING, 10, total_steps=100, samples_per_second=1e5)
    )
    resize(window, qtbot, 1024, 680)
    assert window.toolbar._speed.isVisible()
    assert window.toolbar.sizeHint().width() <= 1024


def test_the_progress_is_that_of_the_run_under_way(
    window: MainWindow, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit.train(3)
    kit.bench.control.stop()
    kit.crank()
    kit.bench.control.step()
    kit.crank()
    kit.bench.run_list.choose("run-1")
    shown: list[Snapshot | None] = []
    monkeypatch.setattr(window.toolbar, "show_progress", shown.append)
    window._show_progress()
    assert shown[-1] is not None
    assert shown[-1].step == 1


def test_a_case_of_points_brings_the_data_to_the_front_where_answers_are_drawn(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    window.toolbar.case_chosen.emit("moons")
    kit.load()
    qtbot.waitUntil(lambda: window.docks["data"].seen)


def test_a_case_of_pictures_leaves_the_weights_in_front(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    window.toolbar.case_chosen.emit("handwriting")
    kit.load()
    qtbot.wait(1)
    assert window.docks["weights"].seen
    assert not window.docks["data"].seen


def test_a_window_that_starts_small_has_its_columns_from_the_start(kit: Kit, qtbot: QtBot) -> None:
    made = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_asks", False))
    made.resize(1024, 680)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: columns_are(made, LEFT_NARROW_PX, RIGHT_NARROW_PX))
    qtbot.waitUntil(made.docks["accuracy"].header.tabs.isVisible)
    widths = made.docks["loss"].width(), made.docks["accuracy"].width()
    assert abs(widths[0] - widths[1]) <= 4


def test_the_canvas_gives_way_while_there_is_nothing_to_draw(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    before = window.docks["draw"].height()
    kit.bench.change(replace(kit.bench.experiment, data=spirals()))
    kit.settle()
    qtbot.waitUntil(lambda: window.docks["draw"].height() < before / 2)


def test_the_panels_of_a_place_have_the_order_of_the_arrangement(
    window: MainWindow, qtbot: QtBot
) -> None:
    tabs = window.docks["doctor"].header.tabs
    qtbot.waitUntil(tabs.isVisible)
    assert tabs.titles == ("Doctor", "Runs", "Guide")
