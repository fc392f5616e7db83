"""An imported set is chosen by its name; one that is gone is named, with the way to another."""

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.imported import Imported
from nnstudio.data.catalogue.mnist import Mnist
from nnstudio.gui.forms.part import Shown
from nnstudio.gui.forms.set_row import IMPORT, SetRow
from nnstudio.gui.forms.source_part import SourcePart

ONE = Imported(name="one", sha256="1" * 64)
TWO = Imported(name="two", sha256="2" * 64, test=0.0)
SAME = replace(ONE, name="the same samples")


class Bench:
    """The row, and what it has told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.row = SetRow()
        qtbot.addWidget(self.row)
        self.heard: list[Any] = []
        self.row.chosen.connect(self.heard.append)
        self.row.import_requested.connect(lambda: self.heard.append("import"))

    @property
    def offered(self) -> list[str]:
        return [self.row.select.itemText(at) for at in range(self.row.select.count())]

    def pick(self, words: str) -> None:
        select = self.row.select
        select.setCurrentIndex(select.findText(words))
        select.activated.emit(select.currentIndex())


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_only_an_imported_set_has_the_row(bench: Bench) -> None:
    bench.row.show_value(Mnist())
    assert bench.row.isHidden()
    bench.row.show_value(ONE)
    assert not bench.row.isHidden()


def test_the_sets_that_are_there_are_offered_by_name(bench: Bench) -> None:
    bench.row.show_sets((TWO, ONE))
    bench.row.show_value(ONE)
    assert bench.offered == ["two", "one", "Import…"]
    assert bench.row.select.currentText() == "one"
    assert bench.row.link.isHidden()
    assert bench.heard == []


def test_another_set_keeps_what_is_held_out_for_validation(bench: Bench) -> None:
    bench.row.show_sets((TWO, ONE))
    bench.row.show_value(replace(ONE, validation=0.3))
    bench.pick("two")
    assert bench.heard == [replace(TWO, validation=0.3)]


def test_a_set_that_is_gone_is_named_and_an_import_offered(bench: Bench) -> None:
    bench.row.show_sets((TWO,))
    bench.row.show_value(ONE)
    assert bench.offered == ["one", "two", "Import…"]
    assert not bench.row.link.isHidden()
    bench.row.link.click()
    assert bench.heard == ["import"]


def test_while_none_is_chosen_it_asks_for_one(bench: Bench) -> None:
    bench.row.show_value(Imported())
    assert bench.offered == ["Choose…", "Import…"]
    bench.row.show_sets((ONE,))
    assert bench.offered == ["Choose…", "one", "Import…"]


def test_the_import_at_the_end_changes_nothing_by_itself(bench: Bench) -> None:
    bench.row.show_sets((ONE,))
    bench.row.show_value(ONE)
    bench.pick("Import…")
    assert bench.heard == ["import"]
    assert bench.row.select.key != IMPORT


def test_the_same_samples_under_two_names_are_told_apart(bench: Bench) -> None:
    bench.row.show_sets((ONE, SAME))
    bench.row.show_value(SAME)
    assert bench.row.select.currentText() == "the same samples"
    bench.pick("one")
    assert bench.heard == [ONE]


def test_who_chooses_the_kind_gets_the_newest_set(qtbot: QtBot) -> None:
    part = SourcePart()
    qtbot.addWidget(part)
    heard: list[Any] = []
    part.edited.connect(heard.append)
    part.show_this(Shown(Mnist()))
    part.kind.edited.emit(Imported)
    part.show_sets((TWO, ONE))
    part.kind.edited.emit(Imported)
    assert [one.name for one in heard] == ["", "two"]
