"""Words in a plot stand where no curve is, as far as there is such a place."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter, QPicture

from nnstudio.gui.widgets.plot import marks
from nnstudio.gui.widgets.plot.frame import Frame
from nnstudio.gui.widgets.plot.scene import Dot, Level, Line, Scene
from nnstudio.gui.widgets.plot.ticks import Scale

RED = QColor("red")
pytestmark = pytest.mark.usefixtures("qapp")


def frame_of(*values: float) -> Frame:
    y = np.array(values, dtype=np.float64)
    line = Line(np.linspace(0, 100, len(y)), y, RED)
    level = Level(0.5, "loss of a guess 2.303", RED)
    scene = Scene(Scale(0, 100), Scale(0, 1), lines=(line,), levels=(level,))
    return Frame.of(scene, QSizeF(400, 250))


def painted(frame: Frame) -> QRectF:
    picture = QPicture()
    painter = QPainter(picture)
    marks.paint_marks(painter, frame)
    painter.end()
    return QRectF(picture.boundingRect())


def test_words_of_a_level_leave_a_curve_that_begins_there_alone() -> None:
    frame = frame_of(*np.linspace(0.56, 0.1, 60))
    box = painted(frame)
    assert box.height() >= 14
    assert marks.covered(frame, box) == 0
    assert box.left() > frame.area.center().x()


def test_what_lies_under_a_box_is_counted_with_the_numbers_of_dots() -> None:
    frame = frame_of(*[0.5] * 101)
    middle = QPointF(float(frame.x(50.0)), float(frame.y(0.5)))
    box = QRectF(middle.x() - 1, middle.y() - 1, 2, 2)
    assert marks.covered(frame, box) == 1
    assert marks.covered(frame, box.translated(0, 30)) == 0
    marked = replace(frame.scene, dots=(Dot(50, 0.5, "0.5", RED),))
    over = box.translated(0, -20)
    assert marks.covered(replace(frame, scene=marked), over) == 1
