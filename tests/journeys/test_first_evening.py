"""One person's evening: open a case, train a little, draw, save, close, come back, draw again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.data.augmentation import NoAugmentation
from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.main_window.files import Files
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.workbench import Activity, Workbench
from nnstudio.nn.schedules import NoWarmUp
from nnstudio.runs.settings import load_settings
from nnstudio.runs.store import RunStore
from nnstudio.training.experiment import DataSettings, Stopping, WeightedSource
from nnstudio.training.trainer import Trainer

WAIT_MS = 20_000
SEVEN = ((0.25, 0.2), (0.5, 0.2), (0.75, 0.2), (0.65, 0.45), (0.55, 0.65), (0.45, 0.85))


class Evening:
    """The program as it starts: settings, runs and window, with real threads."""

    def __init__(self, folder: Path, qtbot: QtBot, *, save_as: Path | None = None) -> None:
        settings, _ = load_settings(folder / "settings.json")
        self.store = RunStore(folder / "runs")
        self.bench = Workbench(
            trainer=Trainer(),
            settings=settings,
            settings_path=folder / "settings.json",
            store=self.store,
        )
        self.window = MainWindow(
            self.bench,
            show_log=lambda: None,
            make_files=lambda window, bench: Files(
                window, bench, save_path=lambda *_: save_as, unsaved=lambda *_: "discard"
            ),
        )
        qtbot.addWidget(self.window)
        self.window.resize(1360, 860)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.bench.begin()

    @property
    def canvas(self) -> CanvasView:
        view = self.window.docks["draw"].view
        assert isinstance(view, CanvasView)
        return view

    def reads_with_newest(self) -> bool:
        """Whether the canvas answers by the weights that the run has now."""
        weights = self.bench.views[0].snapshot.weights
        return weights is not None and self.canvas._reader._shown is weights.vector

    def draw(self, points: tuple[tuple[float, float], ...]) -> None:
        """Draw with the mouse, as a hand would."""
        paper = self.canvas.board.canvas
        places = [QPoint(round(x * paper.width()), round(y * paper.height())) for x, y in points]
        left = Qt.MouseButton.LeftButton
        QTest.mousePress(paper, left, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(paper, place)
        QTest.mouseRelease(paper, left, pos=places[-1])
        QApplication.processEvents()

    def answered(self) -> bool:
        """Whether there is an answer to the whole drawing."""
        return not self.canvas._soon.isActive() and self.canvas.board.bars.best is not None

    def end(self) -> None:
        """Close the window and the program."""
        assert self.window.close()
        self.bench.close(forget=True)
        self.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_an_evening_with_the_program(folder: Path, qtbot: QtBot) -> None:
    file = folder / "digits.safetensors"
    first = Evening(folder, qtbot, save_as=file)
    first.bench.open_case("handwriting")
    small = Handwriting(training=600, validation=60, test=60)
    first.bench.change(
        replace(
            first.bench.experiment,
            data=DataSettings(sources=(WeightedSource(source=small),)),
            augmentation=NoAugmentation(),
            warm_up=NoWarmUp(),
            stopping=Stopping(epochs=6),
        )
    )
    QTest.keyClick(first.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: first.bench.state.activity is Activity.FINISHED, timeout=WAIT_MS)
    history = first.bench.views[0].snapshot.history
    assert history is not None
    assert history.loss[-1] < history.loss[0] / 2

    qtbot.waitUntil(first.reads_with_newest, timeout=WAIT_MS)
    first.draw(SEVEN)
    qtbot.waitUntil(first.answered, timeout=WAIT_MS)
    answer = first.canvas.board.bars.best
    QTest.keyClick(first.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not first.bench.state.unsaved, timeout=WAIT_MS)
    weights = first.bench.views[0].snapshot.weights
    first.end()

    second = Evening(folder, qtbot)
    assert second.bench.settings.recent_files == (str(file),)
    second.bench.models.open(file)
    qtbot.waitUntil(lambda: second.bench.saved is not None, timeout=WAIT_MS)
    again = second.bench.views[0].snapshot.weights
    assert weights is not None
    assert again is not None
    assert np.array_equal(weights.vector, again.vector)
    qtbot.waitUntil(second.reads_with_newest, timeout=WAIT_MS)
    second.draw(SEVEN)
    qtbot.waitUntil(second.answered, timeout=WAIT_MS)
    assert second.canvas.board.bars.best == answer
    assert second.bench.experiment.stopping == Stopping(epochs=6)
    second.end()
