"""The canvas within the window: its options are remembered, and it knows the data."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.views.canvas import CanvasView
from tests.gui.bench_kit import Kit


def canvas_of(window: MainWindow) -> CanvasView:
    view = window.docks["draw"].view
    assert isinstance(view, CanvasView)
    return view


def test_options_are_remembered_and_used_at_the_next_start(kit: Kit, window: MainWindow) -> None:
    view = canvas_of(window)
    view.set_several(on=True)
    view.chosen.emit("paper", "dark")
    view.board.slider.setValue(22)
    assert kit.bench.settings.several_digits
    assert kit.bench.settings.canvas_paper == "dark"
    again = MainWindow(kit.bench, show_log=lambda: None)
    assert canvas_of(again).board.canvas.paper == "dark"
    assert canvas_of(again).board.several.isChecked()
    assert canvas_of(again).board.canvas.brush == 22
    again.leave()


def test_plots_are_fed_between_two_moves_of_a_pen(kit: Kit, window: MainWindow) -> None:
    kit.train(2)
    view = canvas_of(window)
    QTest.mousePress(view.board.canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    assert view.pen_moves
    assert window._between.isActive()
    QTest.mouseRelease(view.board.canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
