"""The window: panels that move and come back, keys, notices, closing, and who is fed when."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.main_window.docks import LEFT_NARROW_PX, LEFT_PX, RIGHT_NARROW_PX, RIGHT_PX
from nnstudio.gui.main_window.files import Answer, Files
from nnstudio.gui.views import VIEWS
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.gui.workbench import Activity, Notice, Offer, Severity
from nnstudio.runs.model_file import load_model
from nnstudio.texts import set_language, text, tr
from tests.gui.bench_kit import Kit


@pytest.fixture
def kit(qapp: object) -> Iterator[Kit]:
    made = Kit()
    yield made
    made.bench.close(forget=True)


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
    assert all(dock.seen for dock in window.docks)


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
    for _ in range(100):
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
    dock = window.docks["runs"]
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
    for name in ("weights", "draw"):
        window.docks[name].close()
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
