"""One source is a few plain rows; several are chips that are added, weighed and removed."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.catalogue.mnist import FashionMnist, Mnist
from nnstudio.gui.forms import sources_form
from nnstudio.gui.forms.part import UNKNOWN, Shown
from nnstudio.gui.forms.set_row import IMPORT
from nnstudio.gui.forms.sources_form import SourcesForm
from nnstudio.problems import Problem
from nnstudio.texts import text
from nnstudio.training.experiment import WeightedSource
from tests.gui.forms.test_editors import enter

ONE = (WeightedSource(source=Handwriting()),)
TWO = (WeightedSource(source=Mnist(), weight=3.0), WeightedSource(source=Handwriting()))


class Bench:
    """The form, and what it has sent."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.form = SourcesForm()
        qtbot.addWidget(self.form)
        self.heard: list[Any] = []
        self.form.edited.connect(self.heard.append)
        self.form.resize(272, 600)
        self.form.show()

    def show(self, sources: tuple[WeightedSource, ...], **values: Any) -> None:
        self.form.show_this(Shown(sources, **values))

    @property
    def titles(self) -> list[str]:
        return [chip.title.text() for chip in self.form.chips]


@pytest.fixture
def bench(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(sources_form, "MOST", 3)
    return Bench(qtbot)


def test_one_source_is_plain_rows_and_speaks_of_no_weight(bench: Bench) -> None:
    bench.show(ONE)
    assert bench.form.only.isVisible()
    assert bench.form.chips == []
    assert bench.heard == []


def test_several_sources_are_chips_with_their_shares(bench: Bench) -> None:
    bench.show(TWO)
    assert not bench.form.only.isVisible()
    assert bench.titles == ["MNIST", "Handwriting"]
    shares = [chip.share.text() for chip in bench.form.chips]
    assert shares == ["75.0\u00a0%", "25.0\u00a0%"]
    assert bench.form.chips[0].chip.accessibleName() == "MNIST: 75.0\u00a0%"


def test_another_weight_is_one_edit_and_changes_every_share(bench: Bench) -> None:
    bench.show(TWO)
    chip = bench.form.chips[1]
    chip.set_opened(opened=True)
    enter(chip.weight.editor, "3")
    assert bench.heard == [(TWO[0], replace(TWO[1], weight=3.0))]
    assert [one.share.text() for one in bench.form.chips] == ["50.0\u00a0%"] * 2


def test_a_weight_that_is_not_legal_is_refused_at_its_row(bench: Bench) -> None:
    bench.show(TWO)
    chip = bench.form.chips[1]
    chip.set_opened(opened=True)
    enter(chip.weight.editor, "0")
    assert bench.heard == []
    assert "Weight" in str(bench.form.refusal)
    bench.show(ONE)
    assert bench.form.refusal is None


def test_a_setting_of_one_source_changes_that_source_alone(bench: Bench) -> None:
    bench.show(TWO)
    chip = bench.form.chips[1]
    chip.set_opened(opened=True)
    rows: Any = chip.source.form
    enter(rows.parts["training"].editor, "500")
    assert bench.heard == [(TWO[0], replace(TWO[1], source=Handwriting(training=500)))]


def test_a_source_is_added_from_a_menu_of_all_kinds_and_stands_open(bench: Bench) -> None:
    bench.show(ONE)
    menu = QMenu()
    bench.qtbot.addWidget(menu)
    bench.form.fill_menu(menu)
    entry = next(one for one in menu.actions() if one.text() == "Fashion-MNIST")
    entry.trigger()
    assert bench.heard == [(*ONE, WeightedSource(source=FashionMnist()))]
    assert bench.form.chips[1].opened
    assert bench.form.chips[1].chip.hasFocus()


def test_the_menu_and_the_list_of_kinds_offer_an_import(bench: Bench) -> None:
    bench.show(ONE)
    heard: list[int] = []
    bench.form.import_requested.connect(heard.append)
    menu = QMenu()
    bench.qtbot.addWidget(menu)
    bench.form.fill_menu(menu)
    menu.actions()[-1].trigger()
    editor = bench.form.only.kind.editor
    at = editor.findData(IMPORT)
    editor.setCurrentIndex(at)
    editor.activated.emit(at)
    # behind the others, and in the place of the one that is shown
    assert heard == [1, 0]
    assert editor.key == "handwriting"
    assert bench.heard == []


def test_arrows_step_over_the_kinds_and_never_begin_an_import(bench: Bench) -> None:
    bench.show(ONE)
    heard: list[int] = []
    bench.form.import_requested.connect(heard.append)
    QTest.keyClick(bench.form.only.kind.editor, Qt.Key.Key_End)
    assert heard == []
    assert bench.form.only.kind.editor.key != IMPORT


def test_there_is_an_end_to_adding(bench: Bench) -> None:
    bench.show((*TWO, *ONE))
    assert not bench.form.add_button.isEnabled()
    assert "3" in bench.form.add_button.toolTip()


def test_a_source_is_removed_by_key_and_the_last_one_is_plain_rows_again(bench: Bench) -> None:
    bench.show((*TWO, *ONE))
    bench.form.activateWindow()
    QTest.keyClick(bench.form.chips[1].chip, Qt.Key.Key_Delete)
    assert bench.heard == [(TWO[0], ONE[0])]
    assert bench.form.chips[1].chip.hasFocus()
    bench.form.chips[0].remove_wished.emit()
    assert bench.heard[-1] == ONE
    assert bench.form.only.isVisible()
    assert QApplication.focusWidget() is bench.form.only.kind.editor


def test_chips_stay_open_while_others_come_and_settings_change(bench: Bench) -> None:
    bench.show(TWO)
    bench.form.chips[0].set_opened(opened=True)
    bench.form.add(FashionMnist())
    assert [chip.opened for chip in bench.form.chips] == [True, False, True]


def test_what_is_wrong_with_one_source_is_said_at_it(bench: Bench) -> None:
    wrong = (Problem((1,), text("has other pictures")), Problem((), text("too many")))
    bench.show(TWO, problems=wrong)
    assert bench.form.chips[1].complaint.text() == "has other pictures"
    assert bench.form.complaint.text() == "too many"
    assert bench.form.wrong
    bench.show(ONE, problems=(Problem((0,), text("is not there")),))
    assert bench.form.only.kind.row.complaint.text() == "is not there"


def test_what_is_wrong_with_a_setting_opens_its_source(bench: Bench) -> None:
    bench.show(TWO, problems=(Problem((1, "source", "training"), text("too few")),))
    assert bench.form.chips[1].opened
    assert not bench.form.chips[0].opened


def test_what_the_run_does_not_use_carries_a_mark_that_goes_back(bench: Bench) -> None:
    changed = (TWO[0], replace(TWO[1], weight=2.0))
    bench.show(changed, running=TWO)
    first, second = bench.form.chips
    assert not first.mark.shown
    assert second.mark.filled
    second.mark.click()
    assert bench.heard == [TWO]
    bench.show(TWO, running=ONE)
    assert bench.form.chips[1].mark.filled


def test_without_a_run_nothing_is_marked(bench: Bench) -> None:
    bench.show(TWO, running=UNKNOWN)
    assert not any(chip.mark.shown for chip in bench.form.chips)


def test_in_a_mixture_no_kind_is_the_default_but_settings_have_theirs(bench: Bench) -> None:
    bench.show((TWO[0], WeightedSource(source=Handwriting(training=500))))
    for chip in bench.form.chips:
        chip.set_opened(opened=True)
        assert not chip.source.kind.row.mark.shown
    rows: Any = bench.form.chips[1].source.form
    assert rows.parts["training"].row.mark.shown
    rows.parts["training"].row.mark.click()
    assert bench.heard[-1][1].source == Handwriting()
    assert bench.form.chips[0].weight.row.mark.shown
