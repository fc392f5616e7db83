"""Confusion and mistakes in the window: asked only while they are seen, sent on to the canvas."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.confusion import ConfusionView
from nnstudio.gui.views.explorer import ExplorerView
from nnstudio.gui.views.mistakes import MistakesView
from tests.gui.bench_kit import Kit

if TYPE_CHECKING:
    from nnstudio.runs.answers import Answers


def look(kit: Kit, window: MainWindow, name: str) -> None:
    """Bring a panel to the front and let all news come."""
    window.docks.bring(name)
    QApplication.processEvents()
    for _ in range(3):
        kit.clock.now += 2.0
        kit.train(1)
        QApplication.processEvents()


def test_a_network_is_asked_only_while_somebody_looks(kit: Kit, window: MainWindow) -> None:
    found: list[Answers] = []
    kit.bench.answers.found.connect(found.append)
    look(kit, window, "weights")
    assert found == []
    look(kit, window, "confusion")
    assert found
    view = window.docks["confusion"].view
    assert isinstance(view, ConfusionView)
    assert view.answers is not None
    assert view.filled.isVisible()


def test_a_mistake_that_is_clicked_is_shown_on_the_canvas(kit: Kit, window: MainWindow) -> None:
    look(kit, window, "mistakes")
    view, canvas = window.docks["mistakes"].view, window.docks["draw"].view
    assert isinstance(view, MistakesView)
    assert isinstance(canvas, CanvasView)
    data = kit.bench.data
    assert data is not None
    view.sample_chosen.emit(int(data.split.validation[0]))
    assert not canvas.board.canvas.empty


def test_the_explorer_is_told_what_is_set(kit: Kit, window: MainWindow) -> None:
    look(kit, window, "explorer")
    view = window.docks["explorer"].view
    assert isinstance(view, ExplorerView)
    view.choose("losses")
    assert view.page.sentence.startswith("cross-entropy")
