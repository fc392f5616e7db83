"""The window: keys, menus, who is fed when, and what the next window takes over."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.main_window.keyboard import TYPING_S, Keyboard
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.curves import CurvesView
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.gui.widgets.image_grid import ImageGrid
from nnstudio.gui.workbench import Activity, Notice, Offer
from nnstudio.texts import set_language, text, tr
from nnstudio.training.recipe import Recipe
from nnstudio.training.snapshot import RunState, Snapshot
from tests.gui.bench_kit import Clock, Kit


@pytest.fixture
def clock() -> Clock:
    return Clock()


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


def test_space_trains_and_pauses(window: MainWindow, kit: Kit, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_Space)
    kit.crank()
    assert kit.bench.state.activity is Activity.RUNNING
    QTest.keyClick(window, Qt.Key.Key_Space)
    kit.crank()
    assert kit.bench.state.live
    assert not kit.bench.state.busy


def test_what_is_typed_into_nothing_is_no_command(
    window: MainWindow, kit: Kit, clock: Clock
) -> None:
    window._keyboard = Keyboard(clock)
    for word in ("my slow scans", "sl"):
        # as a name that was meant for a dialog; a letter alone begins nothing either
        QTest.keyClicks(window, word)
        kit.crank()
    assert not kit.bench.state.live
    clock.now += 2 * TYPING_S
    QTest.keyClick(window, Qt.Key.Key_Space)
    kit.crank()
    assert kit.bench.state.busy
    QTest.keyClick(window, Qt.Key.Key_Space)
    kit.crank()
    assert kit.bench.current is not None
    step = kit.bench.current.snapshot.step
    QTest.keyClicks(window, "s")
    kit.crank()
    assert kit.bench.current.snapshot.step == step + 1


def test_a_shortcut_with_a_held_key_acts_while_no_run_is_under_way(qapp: QApplication) -> None:
    event = QKeyEvent(
        QEvent.Type.ShortcutOverride, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier, "s"
    )
    keyboard = Keyboard()
    keyboard.dialog_closed()
    assert not keyboard.leaves_to_widget(event, live=False)


def test_what_is_typed_when_a_dialog_has_closed_is_no_command(
    window: MainWindow, kit: Kit, clock: Clock, qtbot: QtBot
) -> None:
    window._keyboard = Keyboard(clock)
    dialog = QDialog(window)
    dialog.open()
    dialog.close()
    QTest.keyClick(window, Qt.Key.Key_Space)
    kit.crank()
    assert not kit.bench.state.live
    clock.now += 2 * TYPING_S
    QTest.keyClick(window, Qt.Key.Key_Space)
    kit.crank()
    assert kit.bench.state.live


def test_a_notice_lies_over_the_panels_and_moves_none_of_them(
    window: MainWindow, qtbot: QtBot
) -> None:
    place = window.docks["loss"].geometry()
    notices = window.notices
    notices.show_notice(Notice(text("Something happened."), topic="a"))
    QApplication.processEvents()
    assert notices.isVisible()
    assert notices.y() == window.toolbar.mapTo(window, window.toolbar.rect().bottomLeft()).y() + 1
    assert notices.width() == window.width()
    assert notices.height() >= 44
    assert window.docks["loss"].geometry() == place
    notices.end_notice("a")
    assert not notices.isVisible()


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


def test_the_palette_says_when_nothing_is_found(window: MainWindow) -> None:
    window.commands["palette"].trigger()
    palette = window._palette
    assert not palette._nothing.isVisible()
    QTest.keyClicks(palette._edit, "zzz")
    assert palette._nothing.isVisible()
    palette.hide()


def test_the_palette_finds_a_section_of_the_form_and_opens_it(window: MainWindow) -> None:
    view = window.docks["experiment"].view
    assert isinstance(view, ExperimentView)
    view.sections["faults"].set_opened(opened=False)
    window.commands["palette"].trigger()
    QTest.keyClicks(window._palette._edit, "classic")
    found = window._palette.shown()
    assert [one.title for one in found] == ["Classic mistakes"]
    QTest.keyClick(window._palette._edit, Qt.Key.Key_Return)
    assert view.sections["faults"].opened
    assert view.sections["faults"].header.hasFocus()


def test_nothing_is_a_window_of_its_own_while_the_window_is_made(kit: Kit, qtbot: QtBot) -> None:
    class Watch(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[str] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if (
                event.type() == QEvent.Type.Show
                and isinstance(watched, QWidget)
                and watched.isWindow()
            ):
                self.seen.append(type(watched).__name__)
            return False

    watch, application = Watch(), QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    made = MainWindow(kit.bench, show_log=lambda: None)
    qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_asks", False))
    application.removeEventFilter(watch)
    assert watch.seen == []


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


def test_an_illegal_entry_is_gone_with_the_field_it_was_typed_into(
    window: MainWindow, kit: Kit, qtbot: QtBot
) -> None:
    kit.bench.entry_problem(text("must be a number"))
    again = another_window(window, kit, qtbot)
    assert kit.bench.state.refusal is None
    assert again.commands["train"].isEnabled()


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
    window.resize(1024, 680)
    qtbot.waitUntil(lambda: window.width() == 1024)
    QApplication.processEvents()
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
