"""A live plot repaints for hours: no repaint may cost a reference that Python cannot spare."""

import gc
import sys
from dataclasses import replace

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from nnstudio.gui.views.curves import LossView
from tests.gui.histories import history_of, run_of

FRAMES = 500


def repaint(view: LossView, frames: int) -> None:
    """Show one step more and paint it, `frames` times."""
    picture = QImage(view.size(), QImage.Format.Format_RGB32)
    history = history_of([1.0 / step for step in range(1, frames + 20)])
    for frame in range(frames):
        steps = 20 + frame
        grown = replace(
            history,
            steps=steps,
            loss=history.loss[:steps],
            score=history.score[:steps],
            rate=history.rate[:steps],
            seconds=history.seconds[:steps],
        )
        view.show_runs((run_of(grown),))
        view.render(picture)


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="None is immortal from CPython 3.12 on and is not counted"
)
def test_five_hundred_frames_of_a_live_plot_do_not_use_up_none(qtbot: QtBot) -> None:
    view = LossView()
    qtbot.addWidget(view)
    view.resize(380, 288)
    repaint(view, 20)
    gc.collect()  # what earlier tests left behind holds references that may go at any time
    before = sys.getrefcount(None)
    repaint(view, FRAMES)
    gc.collect()
    # PySide6 6.12.0 on 3.11 lost several references at every frame: thousands in all.
    assert sys.getrefcount(None) > before - FRAMES // 2
