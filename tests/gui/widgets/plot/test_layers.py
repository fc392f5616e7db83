"""Which part of a plot is painted again when it has grown, and when all of it is."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from nnstudio.gui.widgets.plot.frame import Frame
from nnstudio.gui.widgets.plot.layers import changed_part
from nnstudio.gui.widgets.plot.scene import Line, Scene
from nnstudio.gui.widgets.plot.ticks import Scale

RED = QColor("red")
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def qapp() -> QApplication:
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication([])


def scene_of(points: int, *, origin: object) -> Scene:
    x = np.arange(points, dtype=np.float64)
    line = Line(x, x / 100, RED, origin=origin, settled=points - 5)
    return Scene(Scale(0, 100), Scale(0, 1), lines=(line,))


def frame_of(scene: Scene) -> Frame:
    return Frame.of(scene, QSizeF(400, 250))


def test_only_the_newest_stretch_of_a_line_is_painted_again() -> None:
    old = frame_of(scene_of(50, origin="one"))
    part = changed_part(old, frame_of(scene_of(53, origin="one")))
    assert part is not None
    box = part.boundingRect()
    assert box.left() < float(old.x(44.0)) < float(old.x(52.0)) < box.right()
    assert box.width() < 60


def test_all_is_painted_again_under_other_axes() -> None:
    scene = scene_of(53, origin="one")
    wider = replace(scene, x=Scale(0, 200))
    assert changed_part(frame_of(scene_of(50, origin="one")), frame_of(wider)) is None


def test_all_is_painted_again_when_the_line_is_another_one() -> None:
    old, new = scene_of(50, origin="one"), scene_of(53, origin="two")
    assert changed_part(frame_of(old), frame_of(new)) is None


def test_words_at_the_edge_are_painted_again_when_they_change() -> None:
    scene = scene_of(50, origin="one")
    part = changed_part(frame_of(scene), frame_of(replace(scene, below="3 below")))
    assert part is not None
    assert part.boundingRect().right() > frame_of(scene).area.right()
