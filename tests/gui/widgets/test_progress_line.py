"""The thin line: shows a share, and paints only when a pixel changes."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.progress_line import ProgressLine


class Counting(ProgressLine):
    painted = 0

    def paintEvent(self, event: object) -> None:
        self.painted += 1
        super().paintEvent(event)  # type: ignore[arg-type]  # it is Qt's event


def test_a_share_out_of_bounds_is_held_within(qtbot: QtBot) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.show_share(1.7)
    assert line.share == 1.0
    line.show_share(-1)
    assert line.share == 0.0


def test_a_share_that_moves_no_pixel_paints_nothing(qtbot: QtBot) -> None:
    line = Counting(width=100)
    qtbot.addWidget(line)
    with qtbot.waitExposed(line):
        line.show()
    line.show_share(0.5)
    QApplication.processEvents()
    before = line.painted
    line.show_share(0.5001)
    QApplication.processEvents()
    assert line.painted == before


def test_the_line_grows_with_the_share(qtbot: QtBot) -> None:
    line = ProgressLine(width=100)
    qtbot.addWidget(line)
    line.resize(100, 4)
    line.show_share(0.5)
    picture = line.grab().toImage()
    middle = picture.height() // 2
    done, left = picture.pixelColor(20, middle), picture.pixelColor(80, middle)
    assert done != left
