"""Every editor shows a value, gives back the same, sends what a person enters, and refuses."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from nnstudio.gui.forms.editors import EDITORS, Editor, KindEditor
from nnstudio.nn.optimizers import Adam, Sgd
from nnstudio.spec import Choice, Display, Kind, Setting

CHOICES = (Choice("l", "Left"), Choice("r", "Right"))
TITLED: dict[Kind, dict[str, Any]] = {
    "choice": {"choices": CHOICES},
    "union": {"members": (Sgd, Adam)},
}


def setting(kind: Kind, **values: Any) -> Setting:
    return Setting(
        **{"name": "n", "title": "T", "help": "H", "kind": kind, "default": None}
        | TITLED.get(kind, {})
        | values
    )


def made(qtbot: QtBot, kind: Kind, **values: Any) -> tuple[Editor, list[Any]]:
    editor = EDITORS[kind](setting(kind, **values))
    qtbot.addWidget(editor)
    heard: list[Any] = []
    editor.edited.connect(heard.append)
    return editor, heard


def enter(field: QLineEdit, written: str) -> None:
    """Type into a field as a person would, and leave it with Enter."""
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    if written.isascii():
        QTest.keyClicks(field, written)
    else:
        # a test can press no other keys; a person would paste this
        field.insert(written)
    QTest.keyClick(field, Qt.Key.Key_Return)


ROUND_TRIPS: list[tuple[Kind, str, Any, Any]] = [
    ("integer", "64", 64, 7),
    ("number", "0.25", 0.25, 1.0),
    ("text", "word", "word", "other"),
    ("list", "0, 1, 7", (0, 1, 7), (3,)),
]


@pytest.mark.parametrize(("kind", "written", "value", "before"), ROUND_TRIPS)
def test_what_is_typed_is_sent_once(
    qtbot: QtBot, kind: Kind, written: str, value: Any, before: Any
) -> None:
    editor, heard = made(qtbot, kind)
    editor.set_value(before)
    enter(editor, written)
    assert heard == [value]
    assert editor.problem is None


@pytest.mark.parametrize(("kind", "written", "value", "before"), ROUND_TRIPS)
def test_what_is_shown_can_be_entered_again(
    qtbot: QtBot, kind: Kind, written: str, value: Any, before: Any
) -> None:
    editor, heard = made(qtbot, kind)
    editor.set_value(value)
    shown = editor.text()
    editor.set_value(before)
    enter(editor, shown)
    assert heard == [value]


@pytest.mark.parametrize(("kind", "written", "value", "before"), ROUND_TRIPS)
def test_leaving_a_field_untouched_sends_nothing(
    qtbot: QtBot, kind: Kind, written: str, value: Any, before: Any
) -> None:
    editor, heard = made(qtbot, kind)
    editor.set_value(value)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert heard == []
    assert editor.text() == written


@pytest.mark.parametrize(("kind", "written", "value", "before"), ROUND_TRIPS[:3])
def test_an_optional_field_is_off_while_it_is_empty(
    qtbot: QtBot, kind: Kind, written: str, value: Any, before: Any
) -> None:
    editor, heard = made(qtbot, kind, optional=True)
    editor.set_value(None)
    assert editor.text() == ""
    enter(editor, written)
    enter(editor, "")
    assert heard == [value, None]


@pytest.mark.parametrize(
    ("kind", "written"), [("integer", "1.5"), ("number", "1e"), ("list", "1, 2.5"), ("list", "1-")]
)
def test_what_cannot_be_read_is_a_problem_and_is_not_sent(
    qtbot: QtBot, kind: Kind, written: str
) -> None:
    editor, heard = made(qtbot, kind)
    editor.set_value({"integer": 1, "number": 1.0, "list": (1,)}[kind])
    with qtbot.waitSignal(editor.problem_changed):
        enter(editor, written)
    assert heard == []
    assert editor.problem


def test_a_letter_is_not_typed_into_a_list_of_numbers(qtbot: QtBot) -> None:
    editor, heard = made(qtbot, "list")
    enter(editor, "1S, a3")
    assert heard == [(1, 3)]


def test_a_number_that_is_off_still_names_its_unit(qtbot: QtBot) -> None:
    editor, _ = made(qtbot, "number", optional=True, display=Display(unit="s"))
    editor.set_value(None)
    assert (editor.text(), editor.placeholderText()) == ("", "off (in s)")


def test_another_value_takes_the_problem_away(qtbot: QtBot) -> None:
    editor, _ = made(qtbot, "list")
    editor.set_value((1,))
    enter(editor, "1.5")
    assert editor.property("state") == "error"
    editor.set_value((2,))
    assert (editor.problem, editor.text(), editor.property("state")) == (None, "2", "")


@pytest.mark.parametrize("written", ["0 1 7", "0,1,7", " 0，1，7 ", "0, 1, 7,"])
def test_numbers_may_be_parted_in_any_way(qtbot: QtBot, written: str) -> None:
    editor, heard = made(qtbot, "list")
    enter(editor, written)
    assert heard == [(0, 1, 7)]


@pytest.mark.parametrize("written", ["0-3", "0–3"])
def test_a_range_stands_for_its_numbers(qtbot: QtBot, written: str) -> None:
    editor, heard = made(qtbot, "list")
    enter(editor, written)
    assert heard == [(0, 1, 2, 3)]
    assert editor.text() == "0, 1, 2, 3"


def test_a_flag_is_ticked_by_mouse_and_keyboard(qtbot: QtBot) -> None:
    editor, heard = made(qtbot, "flag")
    editor.set_value(True)
    assert heard == []
    editor.click()
    QTest.keyClick(editor, Qt.Key.Key_Space)
    assert heard == [False, True]


def test_a_choice_sends_the_value_behind_its_title(qtbot: QtBot) -> None:
    editor, heard = made(qtbot, "choice")
    editor.set_value("l")
    QTest.keyClick(editor, Qt.Key.Key_Down)
    assert (editor.currentText(), heard) == ("Right", ["r"])


def test_an_optional_choice_offers_off(qtbot: QtBot) -> None:
    editor, heard = made(qtbot, "choice", optional=True)
    editor.set_value(None)
    assert editor.currentText() == "off"
    QTest.keyClick(editor, Qt.Key.Key_Down)
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert heard == ["l", None]


def test_a_union_sends_the_class_that_was_chosen(qtbot: QtBot) -> None:
    editor, heard = made(qtbot, "union")
    editor.set_value(Sgd())
    QTest.keyClick(editor, Qt.Key.Key_Down)
    assert (editor.currentText(), heard) == ("Adam", [Adam])


def test_a_union_explains_each_of_its_kinds(qtbot: QtBot) -> None:
    editor, _ = made(qtbot, "union")
    assert "heavy ball" in editor.itemData(0, Qt.ItemDataRole.ToolTipRole)


def test_a_blank_is_offered_only_while_it_is_shown(qtbot: QtBot) -> None:
    editor = KindEditor(setting("union"), blank="various")
    qtbot.addWidget(editor)
    editor.set_value(None)
    assert [editor.itemText(at) for at in range(editor.count())] == ["various", "SGD", "Adam"]
    editor.set_value(Adam())
    assert (editor.currentText(), editor.count()) == ("Adam", 2)


def test_an_optional_union_can_be_switched_off(qtbot: QtBot) -> None:
    editor, heard = made(qtbot, "union", optional=True)
    editor.set_value(Sgd())
    QTest.keyClick(editor, Qt.Key.Key_Up)
    assert (editor.currentText(), heard) == ("off", [None])


@pytest.mark.parametrize("kind", EDITORS)
def test_an_error_is_framed_and_the_frame_taken_away(qtbot: QtBot, kind: Kind) -> None:
    editor, _ = made(qtbot, kind)
    editor.set_error("wrong")
    assert editor.property("state") == "error"
    editor.set_error(None)
    assert editor.property("state") == ""


@pytest.mark.parametrize("kind", EDITORS)
def test_showing_a_value_sends_nothing(qtbot: QtBot, kind: Kind) -> None:
    values: dict[Kind, tuple[Any, Any]] = {
        "integer": (1, 2),
        "number": (0.5, 1.5),
        "flag": (True, False),
        "choice": ("l", "r"),
        "text": ("a", "b"),
        "union": (Sgd(), Adam()),
        "list": ((1,), (2, 3)),
    }
    editor, heard = made(qtbot, kind)
    for value in (*values[kind], values[kind][0]):
        editor.set_value(value)
    assert heard == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.5, -1, 2e-3", (0.5, -1.0, 0.002)),
        ("1 2;3", (1.0, 2.0, 3.0)),
        ("0.5，−1", (0.5, -1.0)),
    ],
)
def test_real_numbers_are_read_as_people_part_them(
    qtbot: QtBot, written: str, value: tuple[float, ...]
) -> None:
    editor, heard = made(qtbot, "list", members=(float,))
    editor.set_value((7.0,))
    enter(editor, written)
    assert heard == [value]
    editor.set_value(())
    editor.set_value(value)
    assert editor.read(editor.text()) == (value, None)


def test_what_is_no_number_in_a_list_of_real_numbers_is_said(qtbot: QtBot) -> None:
    editor, heard = made(qtbot, "list", members=(float,))
    enter(editor, "1, e")
    assert heard == []
    assert editor.problem == "This is not a number: e"
