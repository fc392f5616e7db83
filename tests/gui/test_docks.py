"""Panels of the window: where they lie, behind which, how wide, and that they come back."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
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
from nnstudio.gui.views import VIEWS
from nnstudio.gui.views.data import DataView
from nnstudio.gui.views.view import View
from tests.gui.bench_kit import Kit, spirals


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
    assert len(view.samples.pictures.grid.shown[0]) > 0


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
