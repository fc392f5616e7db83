"""One source is a few plain rows; several are chips that are added, weighed and removed."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.catalogue.imported import Imported
from nnstudio.data.catalogue.mnist import FashionMnist, Mnist
from nnstudio.gui.forms import sources_form
from nnstudio.gui.forms.mixable import FAMILIES, go_together
from nnstudio.gui.forms.part import UNKNOWN, Shown
from nnstudio.gui.forms.set_row import IMPORT
from nnstudio.gui.forms.source_part import SETTING
from nnstudio.gui.forms.sources_form import SourcesForm
from nnstudio.problems import Problem
from nnstudio.texts import text
from nnstudio.training.experiment import WeightedSource
from nnstudio.training.facts import SourceFacts
from tests.gui.forms.test_editors import enter
from tests.gui.forms.test_layers_form import FACTS

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


def test_what_cannot_be_mixed_stands_behind_and_says_why(bench: Bench) -> None:
    bench.show(ONE)
    menu = QMenu()
    bench.qtbot.addWidget(menu)
    bench.form.fill_menu(menu)
    entries = {one.text(): one for one in menu.actions()}
    names = list(entries)
    assert entries["Random noise"].isEnabled()
    assert not entries["Two spirals"].isEnabled()
    assert "Handwriting" in entries["Two spirals"].toolTip()
    assert names.index("My digits") < names.index("Two spirals")
    assert "Not with Handwriting: samples of another kind" in names


def test_every_kind_of_source_goes_with_itself_and_is_in_one_family() -> None:
    kinds = [cls for cls in SETTING.members if cls is not Imported]
    assert sorted(one.__name__ for family in FAMILIES for one in family) == sorted(
        one.__name__ for one in kinds
    )
    assert all(go_together(one, one) and go_together(one, Imported) for one in kinds)


def test_a_source_of_few_samples_says_how_often_each_is_seen(bench: Bench) -> None:
    facts = replace(
        FACTS,
        sources=(SourceFacts("mnist", 55_000, 0.5), SourceFacts("handwriting", 60, 0.5)),
    )
    bench.form.show_facts(facts)
    bench.show((WeightedSource(source=Mnist()), WeightedSource(source=Handwriting())))
    many, few = bench.form.chips
    assert not few.counts.isHidden()
    assert few.counts.text() == "60 training samples, each seen about 459 times an epoch"
    assert many.counts.isHidden()
    many.set_opened(opened=True)
    assert many.counts.text() == "55\u202f000 training samples; 27\u202f530 in each epoch"
    assert not many.counts.isHidden()
    few.set_opened(opened=True)
    enter(few.weight.editor, "0.01")
    assert few.counts.text() == "60 training samples, each seen about 9 times an epoch"
    few.set_opened(opened=False)
    assert few.counts.isHidden()
    # other sources than those that were loaded
    bench.show(TWO[::-1])
    assert all(chip.counts.isHidden() for chip in bench.form.chips)


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
