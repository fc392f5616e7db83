"""How soon the answer follows the pen: `python tests/benchmarks/stroke_latency.py [--seconds 20]`.

A whole window offscreen while mnist-quick trains at full speed. The pointer writes a long line; of
every move is noted when the ink of it, and when the answer to it was painted, and where the time
went. The bar: 99 of 100 answers within 8 ms. The machine must be quiet: see the last line.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from busy import Watch
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from window import Watched, experiments, wait

from nnstudio.data.catalogue.places import DataPlaces
from nnstudio.gui.app.garbage import Garbage
from nnstudio.gui.theme import themes
from nnstudio.gui.views.canvas import CanvasView

BAR_MS = 8.0
EVERY_MS = 11  # about as often as a mouse of 90 Hz, and in no step with 16 ms
ROUND_S = 3.0  # then the paper is cleared, as a person does between two digits


@dataclass
class Move:
    """When a move was due, came, was drawn and was answered; seconds of one clock.

    `queued` is how long this thread waited meanwhile for a processor that others had.
    """

    due: float
    sent: float
    taken: float = 0.0
    answered: float = 0.0
    queued: float = 0.0


@dataclass
class Spent:
    """How long one part of the work took, each time."""

    seconds: list[float] = field(default_factory=list)

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """Give `act` with its time noted."""

        def timed(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return act(*arguments, **named)
            finally:
                self.seconds.append(time.perf_counter() - start)

        return timed


class Hand(QObject):
    """Writes eights with the pointer, and notes when the answer to each move was painted."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.paper = canvas.board.canvas
        self.moves: list[Move] = []
        self._open: list[Move] = []
        self._began = 0.0
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._move)
        canvas.board.seen.installEventFilter(self)

    def start(self) -> None:
        """Put the pen down on clean paper."""
        self.paper.clear()
        self._began = time.perf_counter()
        self._due = self._began + EVERY_MS / 1000
        self._send(QEvent.Type.MouseButtonPress)
        self._timer.start()

    def stop(self) -> None:
        """Lift the pen."""
        self._timer.stop()
        self._open.clear()
        self._send(QEvent.Type.MouseButtonRelease)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note the moment after the paint that answers the open moves."""
        if event.type() == QEvent.Type.Paint and self._open:
            answered, self._open = self._open, []
            # what is queued now is done when this paint and those beside it are through
            QTimer.singleShot(0, lambda: self._note(answered))
        return super().eventFilter(watched, event)

    def _note(self, answered: list[Move]) -> None:
        now = time.perf_counter()
        waited = queued()
        for move in answered:
            move.answered = now
            move.queued = waited - move.queued
        self.moves += answered

    def _move(self) -> None:
        now = time.perf_counter()
        if now - self._began > ROUND_S:
            self.stop()
            self.start()
            return
        move = Move(due=self._due, sent=now, queued=queued())
        self._due += EVERY_MS / 1000 * max(1, round((now - self._due) / (EVERY_MS / 1000)) + 1)
        self._open.append(move)
        self._send(QEvent.Type.MouseMove)
        move.taken = time.perf_counter()

    def _send(self, kind: QEvent.Type) -> None:
        turn = 2 * np.pi * (time.perf_counter() - self._began) / 0.8
        middle, radius = self.paper.width() / 2, 0.3 * self.paper.width()
        at = QPointF(middle + 0.6 * radius * np.sin(2 * turn), middle - radius * np.cos(turn))
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        event = QMouseEvent(
            kind,
            at,
            self.paper.mapToGlobal(at),
            none if kind == QEvent.Type.MouseMove else left,
            none if kind == QEvent.Type.MouseButtonRelease else left,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(self.paper, event)


def queued() -> float:
    """Give how long this thread has waited for a processor, in seconds; 0 where nobody knows."""
    known = Path("/proc/thread-self/schedstat")
    return int(known.read_text().split()[1]) / 1e9 if known.exists() else 0.0


def told(name: str, seconds: list[float]) -> str:
    """Give a line with percentiles in milliseconds."""
    if not seconds:
        return f"{name:<34} never"
    at = [1000 * float(np.quantile(seconds, share)) for share in (0.5, 0.9, 0.99, 1.0)]
    return (
        f"{name:<34} median {at[0]:5.2f}  p90 {at[1]:5.2f}  p99 {at[2]:5.2f}  "
        f"most {at[3]:5.2f} ms  ({len(seconds)})"
    )


def measure(options: argparse.Namespace, places: DataPlaces) -> bool:
    """Print everything and give whether the bar was met."""
    watched = Watched(experiments()["mnist-quick"], places)
    if options.switch:
        sys.setswitchinterval(options.switch / 1000)
    canvas = watched.window.docks["draw"].view
    assert isinstance(canvas, CanvasView)
    garbage = Garbage()
    parts = instrument(canvas) if options.parts else {}
    hand, watch = Hand(canvas), Watch()
    before = watched.bench.views[0].snapshot.step
    start = time.perf_counter()
    hand.start()
    wait(options.seconds)
    hand.stop()
    wait(0.1)
    speed = (watched.bench.views[0].snapshot.step - before) / (time.perf_counter() - start)
    garbage.close()
    watched.close()
    answers = [one.answered - one.sent for one in hand.moves]
    print(told("move to painted answer", answers))
    print(told("  the same from when it was due", [one.answered - one.due for one in hand.moves]))
    rested = [one.answered - one.sent - one.queued for one in hand.moves]
    print(told("  less waiting for a processor", rested))
    print(told("  of it: taking the move", [one.taken - one.sent for one in hand.moves]))
    for name, spent in parts.items():
        print(told(f"  {name}", spent.seconds))
    print(f"training meanwhile: {speed:.0f} steps/s")
    print(f"other programs: {watch.others():.2f} processors")
    return 1000 * float(np.quantile(answers, 0.99)) <= BAR_MS


def instrument(canvas: CanvasView) -> dict[str, Spent]:
    """Note what the parts of an answer cost; costs a little itself."""
    board = canvas.board
    parts = {}
    for name, owner, method in (
        ("seeing and answering", canvas, "_look"),
        ("answering alone", canvas, "_answer"),
        ("painting the paper", board.canvas, "paintEvent"),
        ("painting what is seen", board.seen, "paintEvent"),
        ("painting the answer", board.answer, "paintEvent"),
        ("painting the bars", board.bars, "paintEvent"),
    ):
        parts[name] = Spent()
        setattr(owner, method, parts[name].around(getattr(owner, method)))
    return parts


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--parts", action="store_true", help="also what the parts cost")
    parser.add_argument("--switch", type=float, help="ms after which a thread gives the GIL up")
    parser.add_argument("--data", type=Path, help="folder with mnist/ in it")
    options = parser.parse_args()
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    themes.dress(application)
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder)
        shared = [one / "shared" / "data" for one in Path(__file__).resolve().parents]
        found = [options.data] if options.data else [one for one in shared if one.is_dir()]
        places = DataPlaces(folders=tuple(found), cache=own, downloads=own, may_download=True)
        return int(not measure(options, places))


if __name__ == "__main__":
    sys.exit(main())
