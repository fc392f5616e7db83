"""What one frame of one plot costs: `python tests/benchmarks/plots.py [--frames 300] [--ratio 1]`.

Offscreen, 380 x 288, one run of 5,000 steps with 20 validations before two earlier runs; each frame
brings a few steps more. Processor time of the GUI thread: what is shown is worked out (`scene`),
handed to the plot (`update`), painted (`paint`). Fails above 1.5 ms while no other program is busy.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from busy import Watch
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.curves import AccuracyView, CurvesView, LossView
from nnstudio.runs.run import RunView
from nnstudio.training.snapshot import RunState
from tests.gui.histories import cut, history_of, run_of

MOST_MS = 1.5
BUSY_SHARE = 0.1
STEPS = 5000
VALIDATIONS = 20


def past(seed: int, *, steps: int, name: str, state: RunState) -> RunView:
    """Give a run with a noisy curve that falls, and with `VALIDATIONS` validations."""
    rng = np.random.default_rng(seed)
    falling = 2.3 * np.exp(-np.arange(steps) / 700) + 0.05
    losses = falling * rng.lognormal(0, 0.4, steps)
    epoch = steps // VALIDATIONS
    validation = np.maximum(falling[epoch - 1 :: epoch], 0.06)[:VALIDATIONS]
    history = history_of(
        losses.tolist(),
        accuracies=(1 - np.minimum(losses, 2.3) / 2.5).tolist(),
        epoch=epoch,
        validation=(validation / 2.5).tolist(),
    )
    return run_of(history, name=name, state=state, current=state is RunState.RUNNING)


def stages(view: CurvesView) -> dict[str, list[float]]:
    """Count the processor time of working out a scene and of handing it on, in milliseconds."""
    spent: dict[str, list[float]] = {"scene": [], "update": []}

    def counted(name: str, act: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            start = time.thread_time()
            result = act(*given, **named)
            spent[name].append(1000 * (time.thread_time() - start))
            return result

        return call

    view._maker.scene = counted("scene", view._maker.scene)  # type: ignore[method-assign] # only here
    view.plot.show_scene = counted("update", view.plot.show_scene)  # type: ignore[method-assign] # only here
    return spent


def measure(kind: type[CurvesView], *, frames: int, growing: bool) -> dict[str, list[float]]:
    """Give milliseconds of each frame and of its parts."""
    grown = past(0, steps=STEPS, name="now", state=RunState.RUNNING)
    earlier = tuple(
        past(seed, steps=4000, name=f"run {seed}", state=RunState.FINISHED) for seed in (1, 2)
    )
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    view = kind()
    column.addWidget(view)
    window.resize(380, 288)
    window.show()
    history = grown.snapshot.history
    assert history is not None

    def frame(at: int, count: int) -> tuple[float, float]:
        steps = STEPS - 12 * (count - at) if growing else 12
        snapshot = replace(grown.snapshot, step=steps, history=cut(history, steps))
        runs = (replace(grown, snapshot=snapshot), *earlier) if growing else ()
        start = time.thread_time()
        view.show_runs(runs)
        shown = time.thread_time()
        if not growing:
            view.plot.canvas.viewport().update()
        QApplication.processEvents()
        return 1000 * (shown - start), 1000 * (time.thread_time() - shown)

    frame(0, 1)
    for _ in range(3):
        QApplication.processEvents()
    if not growing:
        view.plot.canvas.show()
    for at in range(20):
        frame(at, frames + 20)
    spent = stages(view)
    both = [frame(20 + at, frames + 20) for at in range(frames)]
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    return {
        **spent,
        "show_runs": [shown for shown, _ in both],
        "paint": [painted for _, painted in both],
        "frame": [shown + painted for shown, painted in both],
    }


def line_of(name: str, found: dict[str, list[float]], parts: Sequence[str]) -> str:
    """Give means in one line."""
    means = ", ".join(f"{part} {statistics.fmean(found[part] or [0]):.2f}" for part in parts)
    return f"{name}: {means} (slowest frame {max(found['frame']):.1f})"


def main() -> int:
    """Measure and judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--ratio", type=int, default=1, help="pixels for each of the screen")
    options = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = str(options.ratio)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    themes.dress(application)
    watch, slow = Watch(), False
    empty = statistics.fmean(measure(LossView, frames=options.frames, growing=False)["frame"])
    print(f"mean milliseconds a frame; empty axes: {empty:.2f}")
    for kind in (LossView, AccuracyView):
        found = measure(kind, frames=options.frames, growing=True)
        mean = statistics.fmean(found["frame"])
        slow |= mean > MOST_MS
        parts = ("scene", "update", "show_runs", "paint", "frame")
        print(f"{line_of(kind.name, found, parts)}, {mean / empty:.1f} times empty axes")
    others = watch.others()
    print(f"other programs used {others:.0%} of one processor meanwhile")
    return int(slow and others < BUSY_SHARE)


if __name__ == "__main__":
    sys.exit(main())
