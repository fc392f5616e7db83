"""A number is sent when it is legal and new, and nothing a person types is changed in silence."""

import pytest
from PySide6.QtCore import QKeyCombination, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.log_spin_box import NumberField


def typed(qtbot: QtBot, field: NumberField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.fixture
def field(qtbot: QtBot) -> NumberField:
    made = NumberField(minimum=0, open_minimum=True, maximum=10, log=True)
    qtbot.addWidget(made)
    made.set_value(0.01)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.mark.parametrize("text", ["0.02", "0,02", "2e-2"])
def test_every_spelling_is_sent_as_the_number(qtbot: QtBot, field: NumberField, text: str) -> None:
    with qtbot.waitSignal(field.edited) as sent:
        typed(qtbot, field, text)
    assert sent.args == [0.02]
    assert field.text() == "0.02"


def test_the_same_number_in_another_spelling_is_not_sent(qtbot: QtBot, field: NumberField) -> None:
    with qtbot.assertNotEmitted(field.edited):
        typed(qtbot, field, "1e-2")
    assert field.text() == "0.01"


def test_an_illegal_number_stays_as_typed_with_its_reason(qtbot: QtBot, field: NumberField) -> None:
    with qtbot.assertNotEmitted(field.edited), qtbot.waitSignal(field.problem_changed) as told:
        typed(qtbot, field, "-1")
    assert field.text() == "-1"
    assert told.args == ["The number must be above 0."]
    assert field.property("state") == "error"
    assert "above 0" in field.toolTip()
    assert "above 0" in field.accessibleDescription()
    assert field.value == 0.01


def test_the_reason_goes_as_soon_as_the_entry_is_legal(qtbot: QtBot, field: NumberField) -> None:
    typed(qtbot, field, "-1")
    field.selectAll()
    QTest.keyClicks(field, "2")
    assert field.problem is None
    assert field.property("state") == ""


def test_escape_takes_the_entry_back(qtbot: QtBot, field: NumberField) -> None:
    field.selectAll()
    QTest.keyClicks(field, "1e")
    with qtbot.assertNotEmitted(field.edited):
        QTest.keyClick(field, Qt.Key.Key_Escape)
        field.commit()
    assert field.text() == "0.01"


def test_escape_takes_the_entry_back_where_the_window_has_a_shortcut_for_it(
    qtbot: QtBot, field: NumberField
) -> None:
    shortcut = QShortcut(QKeySequence("Esc"), field)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    field.setFocus()
    QTest.keyClicks(field, "1e")
    with qtbot.assertNotEmitted(shortcut.activated):
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "0.01"
    with qtbot.waitSignal(shortcut.activated):
        QTest.keyClick(field, Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    "held", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier]
)
@pytest.mark.parametrize("key", [Qt.Key.Key_S, Qt.Key.Key_A, Qt.Key.Key_L, Qt.Key.Key_Space])
def test_a_key_of_no_number_is_left_to_the_window(
    qtbot: QtBot, field: NumberField, key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    shortcut = QShortcut(QKeySequence(QKeyCombination(held, key)), field)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    field.setFocus()
    with qtbot.waitSignal(shortcut.activated):
        QTest.keyClick(field, key, held)
    assert field.text() == "0.01"


@pytest.mark.parametrize("key", ["7", "e", "E", ".", ",", "-", "+"])
def test_a_key_of_a_number_is_typed_though_the_window_has_a_shortcut_for_it(
    qtbot: QtBot, field: NumberField, key: str
) -> None:
    shortcut = QShortcut(QKeySequence(key), field)
    shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
    field.setFocus()
    field.selectAll()
    with qtbot.assertNotEmitted(shortcut.activated):
        QTest.keyClicks(field, key)
    assert field.text() == key


def test_return_sends_and_is_not_told_to_what_holds_the_field(qtbot: QtBot) -> None:
    class Holder(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.keys: list[int] = []

        def keyPressEvent(self, event: QKeyEvent) -> None:
            self.keys.append(event.key())

    holder = Holder()
    qtbot.addWidget(holder)
    inner = NumberField()
    inner.setParent(holder)
    inner.set_value(1)
    holder.show()
    with qtbot.waitSignal(inner.edited) as sent:
        typed(qtbot, inner, "5")
    assert sent.args == [5]
    assert holder.keys == []


def test_arrows_step_and_send(qtbot: QtBot, field: NumberField) -> None:
    with qtbot.waitSignal(field.edited) as sent:
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert sent.args == [0.02]
    QTest.keyClick(field, Qt.Key.Key_PageDown)
    assert field.value == pytest.approx(0.002)


def test_a_step_begins_from_what_is_typed(qtbot: QtBot, field: NumberField) -> None:
    field.selectAll()
    QTest.keyClicks(field, "0.5")
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.value == 1.0


def test_leaving_the_field_sends_what_is_typed(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    field, other = NumberField(unit="s"), QLineEdit()
    column.addWidget(field)
    column.addWidget(other)
    field.set_value(30.0)
    window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    assert field.text() == "30"
    QTest.keyClicks(field, "45")
    with qtbot.waitSignal(field.edited) as sent:
        other.setFocus()
    assert sent.args == [45.0]
    assert field.text() == "45\u00a0s"


def test_a_share_is_shown_as_percent(qtbot: QtBot) -> None:
    field = NumberField(minimum=0, maximum=1, unit="%")
    qtbot.addWidget(field)
    field.set_value(0.1)
    assert field.text() == "10\u00a0%"
    field.set_value(1 / 7)
    assert field.text() == "14.29\u00a0%"
    assert field.value == 1 / 7
    typed(qtbot, field, "7.5")
    assert field.value == 0.075


def test_a_whole_number_comes_as_int_and_in_groups(qtbot: QtBot) -> None:
    field = NumberField(whole=True, minimum=0)
    qtbot.addWidget(field)
    field.set_value(60_000)
    assert field.text() == "60\u202f000"
    typed(qtbot, field, "128")
    assert field.value == 128
    assert isinstance(field.value, int)


def test_an_optional_field_may_be_emptied(qtbot: QtBot) -> None:
    field = NumberField(optional=True)
    qtbot.addWidget(field)
    field.set_value(3.0)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    with qtbot.waitSignal(field.edited) as sent:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert sent.args == [None]


def test_an_error_from_outside_stands_before_the_help(qtbot: QtBot, field: NumberField) -> None:
    field.setToolTip("How far a step goes.")
    field.set_error("Too large for this optimizer.")
    assert field.toolTip() == "Too large for this optimizer.\n\nHow far a step goes."
    assert field.property("state") == "error"
    field.set_error(None)
    assert field.toolTip() == "How far a step goes."
    assert field.property("state") == ""


def test_what_is_being_typed_survives_the_same_value_shown_again(
    qtbot: QtBot, field: NumberField
) -> None:
    field.selectAll()
    QTest.keyClicks(field, "0.0")
    field.set_value(0.01)
    assert field.text() == "0.0"
    field.set_value(0.5)
    assert field.text() == "0.5"


def turned(widget: QWidget, notches: int) -> QWheelEvent:
    middle = QPointF(widget.rect().center())
    return QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 (Qt takes it by position)
    )


def test_the_wheel_turns_only_the_field_that_has_the_keyboard(
    qtbot: QtBot, field: NumberField
) -> None:
    field.clearFocus()
    event = turned(field, 1)
    QApplication.sendEvent(field, event)
    assert field.value == 0.01
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QApplication.sendEvent(field, turned(field, 1))
    assert field.value == 0.02


def test_a_read_only_field_does_not_step(qtbot: QtBot, field: NumberField) -> None:
    field.setReadOnly(True)
    with qtbot.assertNotEmitted(field.edited):
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.value == 0.01


def test_what_is_negative_is_shown_with_a_true_minus(qtbot: QtBot) -> None:
    field = NumberField(unit="px")
    qtbot.addWidget(field)
    field.set_value(-2.5)
    assert field.text() == "−2.5\u00a0px"
    heard: list[object] = []
    field.edited.connect(heard.append)
    field.setText("−3")
    field.setModified(True)
    field.commit()
    assert heard == [-3.0]
