"""Samples of a source are saved from the window: pictures of all, strokes of those who write."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue.handwriting import Handwriting
from nnstudio.data.catalogue.noise import Noise
from nnstudio.gui.main_window.saving_samples import SampleSaving, ask_path, save_dialog
from nnstudio.gui.views.experiment import ExperimentView
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from tests.gui.bench_kit import Kit

TWO = DataSettings(
    sources=(
        WeightedSource(source=Noise(samples=60)),
        WeightedSource(source=Handwriting(training=10, validation=10, test=10)),
    )
)
ALL = (".npz", ".zip", ".jsonl.gz")


class Person:
    """Chooses the same again and again, and remembers what was offered."""

    def __init__(
        self, path: Path | None, which: int | None = 0, count: int | None = 1_000_000
    ) -> None:
        self.path, self.which, self.count = path, which, count
        self.usual = 0
        self.endings: tuple[str, ...] = ()
        self.suggested = ""
        self.names: Sequence[str] = ()

    def choose_path(
        self, _window: QWidget, _title: str, suggested: str, endings: tuple[str, ...]
    ) -> Path | None:
        self.suggested, self.endings = suggested, endings
        return self.path

    def choose_which(self, _window: QWidget, names: Sequence[str]) -> int | None:
        self.names = names
        return self.which

    def choose_count(self, _window: QWidget, _name: str, usual: int) -> int | None:
        self.usual = usual
        return self.count


def saving(qtbot: QtBot, kit: Kit, person: Person) -> SampleSaving:
    window = QWidget()
    qtbot.addWidget(window)
    return SampleSaving(
        window,
        kit.bench,
        path=person.choose_path,
        which=person.choose_which,
        count=person.choose_count,
    )


def test_the_only_source_is_saved_without_a_question(
    qtbot: QtBot, kit: Kit, tmp_path: Path
) -> None:
    person = Person(tmp_path / "noise.npz")
    saving(qtbot, kit, person).save()
    kit.settle()
    assert person.names == ()
    assert person.endings == (".npz", ".zip")
    with np.load(tmp_path / "noise.npz") as held:
        assert len(held["labels"]) == 60
    assert "60 samples" in str(kit.notices[-1].text)


def test_of_several_sources_one_is_chosen(qtbot: QtBot, kit: Kit, tmp_path: Path) -> None:
    kit.bench.change(replace(kit.bench.experiment, data=TWO))
    person = Person(tmp_path / "digits.zip", which=1)
    saving(qtbot, kit, person).save()
    kit.settle()
    assert list(person.names) == ["Random noise", "Handwriting"]
    assert person.endings == ALL
    assert person.suggested.endswith("handwriting")
    assert (tmp_path / "digits.zip").is_file()


@pytest.mark.parametrize(
    "person",
    [Person(None), Person(None, which=None), Person(Path("a.npz"), count=None)],
    ids=["path", "source", "count"],
)
def test_who_changes_their_mind_writes_nothing(qtbot: QtBot, kit: Kit, person: Person) -> None:
    kit.bench.change(replace(kit.bench.experiment, data=TWO))
    saving(qtbot, kit, person).save()
    kit.settle()
    assert kit.notices == []


@pytest.mark.parametrize(("name", "usual"), [("a.npz", 1_000_000), ("a.jsonl.gz", 1000)])
def test_how_many_are_saved_is_asked(
    qtbot: QtBot, kit: Kit, tmp_path: Path, name: str, usual: int
) -> None:
    kit.bench.change(replace(kit.bench.experiment, data=TWO))
    person = Person(tmp_path / name, which=1, count=7)
    saving(qtbot, kit, person).save()
    kit.settle()
    assert person.usual == usual
    assert "7 samples" in str(kit.notices[-1].text)


def test_what_cannot_be_written_is_said(qtbot: QtBot, kit: Kit, tmp_path: Path) -> None:
    saving(qtbot, kit, Person(tmp_path / "no folder" / "noise.npz")).save()
    kit.settle()
    assert "noise.npz could not be saved" in str(kit.notices[-1].text)


def test_the_ending_of_the_chosen_kind_is_added_by_the_dialog(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = save_dialog(window, "Save samples", "noise", ALL)
    assert dialog.defaultSuffix() == "npz"
    filters = dialog.nameFilters()
    assert [one.rpartition("*")[2] for one in filters] == [".npz)", ".zip)", ".jsonl.gz)"]
    dialog.filterSelected.emit(filters[2])
    assert dialog.defaultSuffix() == "jsonl.gz"


def test_the_menu_of_the_panel_names_every_source(qtbot: QtBot) -> None:
    view = ExperimentView()
    qtbot.addWidget(view)
    view.show_experiment(replace(Experiment(), data=TWO))
    menu = QMenu()
    qtbot.addWidget(menu)
    view.fill_menu(menu)
    heard: list[int] = []
    view.samples_requested.connect(heard.append)
    named = [one for one in menu.actions() if one.text().startswith("Save samples of")]
    assert [one.text() for one in named] == [
        "Save samples of Random noise…",
        "Save samples of Handwriting…",
    ]
    named[1].trigger()
    assert heard == [1]


def test_another_ending_is_refused_while_the_dialog_is_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    chosen = [tmp_path / "a.txt", tmp_path / "a.npz"]
    told: list[str] = []
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(chosen.pop(0))])
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: told.append(words[-1]))
    assert ask_path(window, "Save samples", "a", ALL) == tmp_path / "a.npz"
    assert [".npz, .zip, .jsonl.gz" in one for one in told] == [True]
