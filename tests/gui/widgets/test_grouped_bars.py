from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.grouped_bars import KEYS_PX, WORDS_PX, BarSeries, GroupedBars

RED, BLUE = QColor("#ff0000"), QColor("#0000ff")


def height_of(bars: GroupedBars, colour: QColor) -> int:
    """Give the tallest column of pixels of one colour."""
    image = bars.grab().toImage()
    below = KEYS_PX + WORDS_PX - 2
    columns = [
        sum(image.pixelColor(QPoint(x, y)) == colour for y in range(below, image.height()))
        for x in range(0, image.width(), 2)
    ]
    return max(columns)


def test_bars_stand_to_one_scale(qtbot: QtBot) -> None:
    bars = GroupedBars()
    qtbot.addWidget(bars)
    bars.resize(300, 260)
    bars.show_bars(
        ("1",),
        (BarSeries("given", RED, (4.0,), ("4",)), BarSeries("share", BLUE, (1.0,), ("1",))),
        "four and one",
    )
    assert abs(height_of(bars, RED) - 4 * height_of(bars, BLUE)) <= 4
    assert bars.accessibleName() == "four and one"


def test_numbers_below_zero_hang_from_the_line(qtbot: QtBot) -> None:
    bars = GroupedBars()
    qtbot.addWidget(bars)
    bars.resize(300, 260)
    bars.show_bars(("1",), (BarSeries("given", RED, (-2.0,), ("−2",)),), "minus two")
    assert height_of(bars, RED) > 100


def test_without_numbers_nothing_is_drawn(qtbot: QtBot) -> None:
    bars = GroupedBars()
    qtbot.addWidget(bars)
    bars.show_bars((), (), "")
    assert not bars.grab().isNull()
    assert bars.series == ()
