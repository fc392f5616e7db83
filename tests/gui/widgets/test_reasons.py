"""Both pictures have a title and a name; what has no room is left out whole."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.reasons import Reasons


@pytest.fixture
def reasons(qtbot: QtBot) -> Reasons:
    made = Reasons()
    qtbot.addWidget(made)
    made.resize(88, 180)
    made.show()
    return made


def test_in_the_default_window_two_rows_of_samples_fit(reasons: Reasons) -> None:
    assert reasons.spoken.size().width() == 86
    assert reasons.nearest.height() == 57
    assert reasons.rect().contains(reasons.nearest.geometry())


@pytest.mark.parametrize(
    ("height", "side", "shown"), [(150, 86, True), (120, 58, True), (80, 58, False)]
)
def test_in_less_height_there_is_less(
    reasons: Reasons, height: int, side: int, *, shown: bool
) -> None:
    reasons.resize(88, height)
    assert reasons.spoken.width() == side
    assert reasons.nearest.isVisible() is shown
    if shown:
        assert reasons.rect().contains(reasons.nearest.geometry())


def test_nothing_overlaps(reasons: Reasons) -> None:
    parts = [*reasons.findChildren(QLabel), reasons.spoken, reasons.nearest]
    boxes = [QRect(one.geometry()) for one in parts]
    for at, box in enumerate(boxes):
        assert not any(box.intersects(other) for other in boxes[:at])


def test_everything_names_and_explains_itself(reasons: Reasons) -> None:
    for part in (reasons.spoken, reasons.nearest):
        assert part.accessibleName()
        assert part.toolTip()
