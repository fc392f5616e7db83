"""Numbers and their shares: as tall as its rows, and said in words too."""

from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.example_bars import HEAD_PX, ROW_PX, ExampleBars


def test_it_is_as_tall_as_its_rows_and_says_them(qtbot: QtBot) -> None:
    bars = ExampleBars()
    qtbot.addWidget(bars)
    bars.show_bars((1.0, 3.0), (0.25, 0.75))
    assert bars.height() == HEAD_PX + 2 * ROW_PX
    assert bars.accessibleName() == "Example: 1, 3 becomes 0.250, 0.750."


def test_the_largest_share_is_emphasised(qtbot: QtBot) -> None:
    bars = ExampleBars()
    qtbot.addWidget(bars)
    bars.resize(240, 62)
    bars.show_bars((1.0, 3.0), (0.25, 0.75))
    first = bars.grab().toImage()
    bars.show_bars((1.0, 3.0), (0.75, 0.25))
    assert bars.grab().toImage() != first
