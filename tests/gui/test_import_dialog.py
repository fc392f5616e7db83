"""The dialog shows what is in a file, takes what a person decides, and says what is wrong."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.data.importing.asked import Asked, ClassName, Preview
from nnstudio.gui.views.importing.class_table import BECOMES, COUNT, FOUND
from nnstudio.gui.views.importing.dropped import path_in
from nnstudio.gui.views.importing.import_dialog import ImportDialog, name_of
from nnstudio.texts import text
from tests.gui.forms.test_editors import enter

FILE = Path("/somewhere/letters.csv")
PLACES = (("0", "In place of MNIST"), ("add", "Mixed with MNIST"), ("keep", "Only kept"))


def preview_of(**values: Any) -> Preview:
    """Give what a look at a table of three classes finds."""
    whole: dict[str, Any] = {
        "kind": text("Table"),
        "count": 60,
        "classes": (("a", 30), ("b", 20), ("c", 10)),
        "pictures": np.zeros((6, 4, 5), np.uint8),
        "labels": ("a", "b", "c", "a", "b", "c"),
        "remarks": (text("One row is empty."),),
        "columns": ("label", "p0", "p1"),
        "rows": (("a", "0", "1"), ("b", "2", "3")),
        "asked": Asked(labels="label", header="yes", height=4, width=5),
        "settings": ("labels", "header", "height", "width", "prepare", "classes"),
    }
    return Preview(**(whole | values))


class Bench:
    """The dialog, and what it has wished."""

    def __init__(self, qtbot: QtBot) -> None:
        self.owner = QWidget()
        qtbot.addWidget(self.owner)
        self.owner.resize(1360, 860)
        self.dialog = ImportDialog(self.owner)
        self.looks: list[tuple[Path, Asked]] = []
        self.takes: list[tuple[Path, Asked, str, str]] = []
        self.cancels = 0
        self.dialog.look_wished.connect(lambda *one: self.looks.append(one))
        self.dialog.take_wished.connect(lambda *one: self.takes.append(one))
        self.dialog.cancel_wished.connect(self._count)
        self.dialog.show_places(PLACES, "0")
        self.dialog.show()

    def _count(self) -> None:
        self.cancels += 1

    def look(self, **values: Any) -> None:
        self.dialog.look_at(FILE)
        self.dialog.show_preview(FILE, preview_of(**values))

    @property
    def classes(self) -> Any:
        return self.dialog.table.classes

    def rename(self, row: int, name: str) -> None:
        self.classes.setData(self.classes.index(row, BECOMES), name)

    def tick(self, row: int, *, on: bool) -> None:
        state = Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        role = Qt.ItemDataRole.CheckStateRole
        self.classes.setData(self.classes.index(row, FOUND), state.value, role)

    def rows(self) -> Any:
        form = self.dialog.form.form
        assert form is not None
        return form.parts

    @property
    def why_not(self) -> str:
        assert not self.dialog.foot.take.isEnabled()
        return self.dialog.foot.take.toolTip()


@pytest.fixture
def bench(qtbot: QtBot) -> Any:
    made = Bench(qtbot)
    yield made
    made.dialog.close()


# ---- looking


def test_without_a_file_it_says_what_can_be_dropped_and_takes_nothing(bench: Bench) -> None:
    assert "Drop" in bench.dialog.found.words.accessibleName()
    assert "Choose" in bench.why_not


def test_a_file_is_looked_at_with_everything_left_to_be_guessed(bench: Bench) -> None:
    bench.dialog.look_at(FILE)
    assert bench.looks == [(FILE, Asked())]
    assert bench.dialog.foot.name.text() == "letters"
    assert not bench.dialog.foot.take.isEnabled()


def test_what_was_found_is_shown_before_anything_is_taken(bench: Bench) -> None:
    bench.look()
    assert bench.dialog.found.grid.shown[0].shape[1:] == (4, 5)
    assert bench.classes.rowCount() == 3
    assert bench.classes.data(bench.classes.index(0, COUNT), Qt.ItemDataRole.DisplayRole) == "30"
    assert "One row is empty." in bench.dialog._remarks.text()
    assert bench.dialog.foot.take.isEnabled()
    assert bench.takes == []


def test_a_look_that_comes_too_late_is_passed_over(bench: Bench) -> None:
    bench.look()
    bench.dialog.look_at(Path("/somewhere/other.csv"))
    bench.dialog.show_preview(FILE, preview_of())
    assert not bench.dialog.foot.take.isEnabled()


def test_only_settings_that_mean_something_have_a_row_and_guesses_are_filled_in(
    bench: Bench,
) -> None:
    bench.look()
    assert list(bench.rows()) == ["labels", "header", "height", "width", "prepare"]
    assert bench.rows()["labels"].editor.key == "label"
    assert bench.rows()["height"].editor.value == 4


def test_a_change_is_looked_at_again_and_the_rest_is_guessed_anew(bench: Bench) -> None:
    bench.look()
    enter(bench.rows()["height"].editor, "8")
    assert bench.looks[-1] == (FILE, Asked(height=8))
    assert not bench.dialog.foot.take.isEnabled()
    bench.rows()["prepare"].editor.click()
    assert bench.looks[-1] == (FILE, Asked(height=8, prepare=True))


def test_a_column_of_labels_is_chosen_by_its_name(bench: Bench) -> None:
    bench.look()
    editor = bench.rows()["labels"].editor
    assert [editor.itemData(at) for at in range(editor.count())] == ["", "label", "p0", "p1"]
    QTest.keyClick(editor, Qt.Key.Key_Down)
    assert bench.looks[-1] == (FILE, Asked(labels="p0"))


def test_what_cannot_be_read_is_said_in_place_and_the_settings_stay_to_mend_it(
    bench: Bench,
) -> None:
    bench.look()
    enter(bench.rows()["height"].editor, "8")
    bench.dialog.show_refusal("letters.csv, row 3: “x” is no number.", "Correct it.")
    assert "row 3" in bench.dialog.found.words.accessibleName()
    assert bench.dialog.form.isVisible()
    assert "nothing to import" in bench.why_not
    bench.dialog.show_preview(FILE, preview_of())
    assert bench.dialog.foot.take.isEnabled()


def test_numbers_that_are_no_pictures_are_shown_as_a_table(bench: Bench) -> None:
    bench.look(pictures=np.zeros((0, 0, 0), np.uint8))
    pane = bench.dialog.found
    assert pane.table.isVisible()
    assert not pane.choice.isVisible()
    found = pane.table.item(1, 2)
    assert found is not None
    assert found.text() == "3"


def test_pictures_and_the_table_that_they_come_from_can_both_be_seen(bench: Bench) -> None:
    bench.look()
    pane = bench.dialog.found
    assert pane.grid.isVisible()
    QTest.keyClick(pane.choice, Qt.Key.Key_Right)
    assert pane.table.isVisible()


def test_tab_goes_from_the_file_over_its_settings_to_the_button_that_takes(bench: Bench) -> None:
    bench.look()
    bench.dialog.activateWindow()
    bench.dialog.head.folder.setFocus()
    order = []
    for _ in range(20):
        QTest.keyClick(bench.dialog.focusWidget(), Qt.Key.Key_Tab)
        order.append(bench.dialog.focusWidget())
    wanted = [
        bench.rows()["labels"].editor,
        bench.rows()["prepare"].editor,
        bench.dialog.found.grid,
        bench.dialog.table,
        bench.dialog.foot.name,
        bench.dialog.foot.take,
    ]
    places = [order.index(one) for one in wanted]
    assert places == sorted(places)


# ---- classes


def test_classes_are_renamed_merged_and_left_out(bench: Bench) -> None:
    bench.look()
    bench.rename(1, "a")
    bench.tick(2, on=False)
    assert bench.classes.classes == (
        ClassName(found="b", becomes="a"),
        ClassName(found="c", becomes=""),
    )
    assert "1 class" in bench.dialog._sum.text()
    assert "50" in bench.dialog._sum.text()
    shown = bench.dialog.found.grid.accessibleDescription()
    assert shown.startswith("a, a, left out")


def test_of_a_file_that_was_not_counted_it_is_said_what_was_seen(bench: Bench) -> None:
    bench.look(count=None, classes=(("a", None), ("b", None)))
    assert bench.dialog._sum.text() == "Seen so far: 2 classes"
    assert bench.dialog.table.isColumnHidden(COUNT)
    bench.look()
    assert not bench.dialog.table.isColumnHidden(COUNT)


def test_an_empty_name_leaves_a_class_out_and_a_tick_brings_it_back(bench: Bench) -> None:
    bench.look()
    bench.rename(0, "first")
    bench.rename(0, "  ")
    assert bench.classes.becomes("a") == ""
    bench.tick(0, on=True)
    assert bench.classes.becomes("a") == "first"


def test_names_of_classes_stay_when_the_file_is_looked_at_again(bench: Bench) -> None:
    bench.look()
    bench.rename(0, "first")
    bench.dialog.show_preview(FILE, preview_of(classes=(("a", 30), ("d", 1))))
    assert bench.classes.classes == (ClassName(found="a", becomes="first"),)
    bench.look()
    assert bench.classes.classes == ()


def test_nothing_is_taken_while_every_class_is_left_out(bench: Bench) -> None:
    bench.look()
    for row in range(3):
        bench.tick(row, on=False)
    assert "left out" in bench.why_not


def test_a_class_that_is_left_out_cannot_be_renamed(bench: Bench) -> None:
    bench.look()
    bench.tick(0, on=False)
    editable = Qt.ItemFlag.ItemIsEditable
    assert not bench.classes.flags(bench.classes.index(0, BECOMES)) & editable
    assert bench.classes.flags(bench.classes.index(1, BECOMES)) & editable
    assert not bench.classes.setData(bench.classes.index(1, COUNT), "7")


# ---- taking


def test_what_was_seen_is_what_is_taken(bench: Bench) -> None:
    bench.look()
    bench.tick(2, on=False)
    bench.dialog.foot.name.setText("my letters")
    bench.dialog.foot.take.click()
    asked = Asked(labels="label", header="yes", height=4, width=5, classes=(ClassName(found="c"),))
    assert bench.takes == [(FILE, asked, "my letters", "0")]


def test_enter_in_the_name_takes_and_no_other_field_does(bench: Bench) -> None:
    bench.look()
    QTest.keyClick(bench.rows()["height"].editor, Qt.Key.Key_Return)
    assert bench.takes == []
    QTest.keyClick(bench.dialog.foot.name, Qt.Key.Key_Return)
    assert len(bench.takes) == 1


def test_a_set_needs_a_name(bench: Bench) -> None:
    bench.look()
    bench.dialog.foot.name.setText("  ")
    assert "name" in bench.why_not
    QTest.keyClick(bench.dialog.foot.name, Qt.Key.Key_Return)
    assert bench.takes == []


def test_while_samples_are_taken_nothing_else_can_be_changed(bench: Bench) -> None:
    bench.look()
    bench.dialog.foot.take.click()
    bench.dialog.show_progress("Reading", 0.5, 12.0)
    assert not bench.dialog.form.isEnabled()
    assert bench.dialog.foot.bar.isVisible()
    assert not bench.dialog.foot.name.isVisible()
    assert bench.why_not


def test_escape_cancels_the_taking_first_and_closes_then(bench: Bench) -> None:
    bench.look()
    bench.dialog.foot.take.click()
    QTest.keyClick(bench.dialog, Qt.Key.Key_Escape)
    assert bench.cancels == 1
    assert bench.dialog.isVisible()
    bench.dialog.stop()
    assert "Nothing was imported" in bench.dialog.foot.complaint.text()
    assert bench.dialog.foot.take.isEnabled()
    QTest.keyClick(bench.dialog, Qt.Key.Key_Escape)
    assert not bench.dialog.isVisible()


def test_a_taking_that_fails_says_so_and_can_be_tried_again(bench: Bench) -> None:
    bench.look()
    bench.dialog.foot.take.click()
    bench.dialog.show_refusal("The disk is full.", "Make room.")
    assert bench.dialog.foot.complaint.text() == "The disk is full. Make room."
    assert bench.dialog.foot.take.isEnabled()


def test_a_name_that_a_person_gave_stays_for_another_file(bench: Bench) -> None:
    bench.look()
    bench.dialog.foot.name.setText("mine")
    bench.dialog.look_at(Path("/somewhere/other.zip"))
    assert bench.dialog.foot.name.text() == "mine"


# ---- dropping


def dropped(*urls: QUrl) -> QMimeData:
    mime = QMimeData()
    mime.setUrls(list(urls))
    return mime


def test_a_file_is_dropped_on_the_dialog(bench: Bench) -> None:
    mime = dropped(QUrl.fromLocalFile(str(FILE)))
    nothing, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    copy = Qt.DropAction.CopyAction
    bench.dialog.dropEvent(QDropEvent(QPointF(5, 5), copy, mime, left, nothing))
    assert bench.looks == [(FILE, Asked())]


def test_only_one_file_of_this_machine_can_be_dropped() -> None:
    here = QUrl.fromLocalFile("/a.csv")
    assert path_in(dropped(here)) == Path("/a.csv")
    assert path_in(dropped(here, here)) is None
    assert path_in(dropped(QUrl("https://example.org/a.csv"))) is None
    assert path_in(QMimeData()) is None


@pytest.mark.parametrize(
    ("path", "name"), [("/x/train.csv", "train"), ("/x/a.jsonl.gz", "a"), ("/x/.hid", ".hid")]
)
def test_a_set_is_first_called_like_its_file(path: str, name: str) -> None:
    assert name_of(Path(path)) == name


def test_pictures_of_another_size_can_be_read_at_the_size_of_the_others(bench: Bench) -> None:
    dialog = bench.dialog
    dialog.show_places(PLACES, "add", wanted={"add": (28, 28)})
    dialog.look_at(FILE)
    dialog.show_preview(FILE, preview_of())
    assert "5 × 4" in dialog.foot.misfit.sentence
    assert not dialog.foot.take.isEnabled()
    dialog.foot.misfit.remedy.click()
    asked = bench.looks[-1][1]
    assert (asked.height, asked.width) == (28, 28)
    dialog.show_preview(FILE, preview_of(pictures=np.zeros((6, 28, 28), np.uint8), asked=asked))
    assert not dialog.foot.misfit.sentence
    assert dialog.foot.take.isEnabled()


def test_the_rows_of_another_file_are_gone_before_a_new_one_is_seen(bench: Bench) -> None:
    bench.dialog.look_at(FILE)
    bench.dialog.show_preview(FILE, preview_of())
    assert bench.dialog.form.form is not None
    bench.dialog.look_at(Path("/somewhere/else.zip"))
    bench.dialog.show_refusal("It is damaged.", "")
    assert bench.dialog.form.form is None


def test_enter_presses_the_button_that_has_the_focus(bench: Bench, qtbot: QtBot) -> None:
    wishes: list[int] = []
    bench.dialog.folder_wished.connect(lambda: wishes.append(1))
    bench.dialog.head.folder.setFocus()
    qtbot.waitUntil(bench.dialog.head.folder.hasFocus, timeout=1000)
    QTest.keyClick(bench.dialog.head.folder, Qt.Key.Key_Return)
    assert wishes == [1]
