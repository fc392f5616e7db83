"""Files become sets in the window: nothing is taken unseen; a set replaces or joins a source."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue import DataPlaces, FashionMnist, Imported, Mnist
from nnstudio.data.importing.asked import Asked
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.main_window.deleting_sets import SetDeletion
from nnstudio.gui.main_window.importing import ADD, ALONE, KEEP, Importing, with_set
from nnstudio.gui.views.importing.import_dialog import ImportDialog
from nnstudio.gui.workbench import Notice, Severity
from nnstudio.gui.workbench.background import Background
from nnstudio.gui.workbench.import_desk import ImportDesk
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from tests.gui.bench_kit import Kit, small_experiment

TABLE = "label,a,b\n" + "".join(f"{'xy'[at % 2]},{at}.5,{at % 3}\n" for at in range(40))
SET = Imported(name="mine", sha256="a" * 64)


@pytest.fixture
def kit(qapp: object, tmp_path: Path) -> Iterator[Kit]:
    """A workbench whose own sets lie in a folder of the test."""
    own, rest = tmp_path / "own", tmp_path / "rest"
    made = Kit(
        places=lambda *picked: DataPlaces(folders=picked, cache=rest, downloads=rest, own=own)
    )
    yield made
    # a notice that goes away by itself has a timer
    made.bench.notice_over.emit("import")
    made.bench.close(forget=True)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of numbers with their classes."""
    path = tmp_path / "letters.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def importing(kit: Kit, qtbot: QtBot) -> Importing:
    """What opens the dialog, without the panels of a window."""
    plain = QMainWindow()
    qtbot.addWidget(plain)
    plain.resize(1024, 680)
    kit.load()
    return Importing(plain, kit.bench)


def look(importing: Importing, kit: Kit, path: Path, *, place: int = 0) -> ImportDialog:
    importing.open_at(place)
    importing._look_at(path)
    kit.settle()
    assert importing.dialog is not None
    return importing.dialog


def drop(window: MainWindow, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    nothing, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, left, nothing))


def source_of(kit: Kit, place: int = 0) -> Any:
    return kit.bench.experiment.data.sources[place].source


# ---- in the window


def test_a_file_that_is_dropped_becomes_the_source_and_can_be_undone(
    window: MainWindow, kit: Kit, table: Path
) -> None:
    before = kit.bench.experiment
    drop(window, table)
    kit.settle()
    dialog = window.importing.dialog
    assert dialog is not None
    assert kit.bench.experiment == before
    dialog.foot.take.click()
    kit.settle()
    assert window.importing.dialog is None
    assert source_of(kit).name == "letters"
    assert kit.bench.facts is not None
    assert kit.bench.facts.class_names == ("x", "y")
    kit.bench.undo()
    assert kit.bench.experiment == before


def test_a_set_is_mixed_in_where_it_was_asked_for(
    importing: Importing, kit: Kit, tmp_path: Path
) -> None:
    assert kit.bench.facts is not None
    shape = kit.bench.facts.image_shape
    assert shape is not None
    pictures = np.random.default_rng(0).integers(0, 256, (20, *shape), np.uint8)
    np.savez(tmp_path / "letters.npz", images=pictures, labels=np.arange(20) % 2)
    dialog = look(importing, kit, tmp_path / "letters.npz", place=1)
    assert dialog.foot.place.key == ADD
    dialog.foot.take.click()
    kit.settle()
    assert len(kit.bench.experiment.data.sources) == 2
    assert source_of(kit, 1).name == "letters"
    assert importing._count == 20


def test_a_small_set_that_joins_others_has_a_weight_by_its_size(
    importing: Importing, kit: Kit
) -> None:
    experiment = kit.bench.experiment
    assert kit.bench.facts is not None
    others = kit.bench.facts.training
    importing._count = 1
    weight = importing._weight_of(SET, experiment)
    assert weight == pytest.approx(10 / (others + 1 - 10), rel=0.05)
    made = with_set(experiment, SET, place=ADD, weight=weight)
    assert made.data.sources[-1].weight == weight
    importing._count = None
    assert importing._weight_of(SET, experiment) == 1.0


def test_what_cannot_be_mixed_is_said_before_it_is_taken(
    importing: Importing, kit: Kit, table: Path
) -> None:
    dialog = look(importing, kit, table, place=1)
    assert "no pictures" in dialog.foot.misfit.sentence
    assert not dialog.foot.take.isEnabled()
    dialog.foot.place.choose(KEEP)
    dialog.foot.place.chosen.emit(KEEP)
    assert dialog.foot.take.isEnabled()
    dialog.close()


def test_numbers_that_are_mixed_with_pictures_are_said_at_their_row(
    importing: Importing, kit: Kit, table: Path
) -> None:
    dialog = look(importing, kit, table, place=1)
    dialog.foot.place.choose(KEEP)
    dialog.foot.place.chosen.emit(KEEP)
    dialog.foot.take.click()
    kit.settle()
    (source,) = kit.bench.imports.sets
    kit.bench.change(with_set(kit.bench.experiment, source, place=ADD))
    kit.load()
    # numbers and pictures do not go together, which is said at the row of the second source
    assert kit.bench.problems[-1].path == ("data", "sources", 1, "source")


def test_from_the_menu_a_set_joins_several_sources_and_may_replace_them_all(
    importing: Importing, kit: Kit
) -> None:
    importing.open()
    assert importing.dialog is not None
    assert importing.dialog.foot.place.key == "0"
    sources = kit.bench.experiment.data.sources
    data = replace(kit.bench.experiment.data, sources=sources * 2)
    kit.bench.change(replace(kit.bench.experiment, data=data))
    importing.open()
    assert importing.dialog.foot.place.key == ADD
    alone = with_set(kit.bench.experiment, SET, place=ALONE)
    assert alone.data.sources == (WeightedSource(source=SET),)
    importing.dialog.close()


def test_a_set_that_is_only_kept_is_offered_by_name(
    importing: Importing, kit: Kit, table: Path
) -> None:
    before = kit.bench.experiment
    dialog = look(importing, kit, table)
    dialog.foot.place.choose(KEEP)
    dialog.foot.take.click()
    kit.settle()
    assert kit.bench.experiment == before
    assert [one.name for one in kit.bench.imports.sets] == ["letters"]


def test_places_follow_the_sources_while_the_dialog_is_open(
    importing: Importing, kit: Kit, table: Path
) -> None:
    dialog = look(importing, kit, table, place=1)
    kit.bench.change(sources(Mnist(), FashionMnist(), Mnist()))
    offered = [dialog.foot.place.itemText(at) for at in range(dialog.foot.place.count())]
    assert offered == [
        "In place of MNIST",
        "In place of Fashion-MNIST",
        "In place of MNIST",
        "Mixed with the others",
        "In place of all sources",
        "Only kept for later",
    ]
    assert dialog.foot.place.key == ADD
    dialog.close()


def test_what_cannot_be_read_is_said_in_the_dialog_and_nothing_is_lost(
    importing: Importing, kit: Kit, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"PK\x03\x04 and nothing more")
    before = kit.bench.experiment
    dialog = look(importing, kit, broken)
    assert str(broken) in dialog.found.words.accessibleName()
    assert not dialog.foot.take.isEnabled()
    assert kit.bench.experiment == before
    assert broken.read_bytes() == b"PK\x03\x04 and nothing more"
    dialog.close()
    assert kit.notices == []


def test_the_command_opens_the_dialog_and_closing_it_forgets_the_file(window: MainWindow) -> None:
    window.commands["import"].trigger()
    dialog = window.importing.dialog
    assert dialog is not None
    assert dialog.isVisible()
    window.commands["import"].trigger()
    assert window.importing.dialog is dialog
    dialog.close()
    assert window.importing.dialog is None


def test_a_set_that_is_gone_is_said_at_its_row_where_another_can_be_chosen(
    window: MainWindow, kit: Kit, table: Path
) -> None:
    gone = replace(kit.bench.experiment, data=DataSettings(sources=(WeightedSource(source=SET),)))
    kit.bench.change(gone)
    kit.settle()
    assert kit.bench.state.refusal is not None
    view: Any = window.docks["experiment"].view
    said = view.sources.only.kind.row.complaint.text()
    assert "“mine” is gone" in said
    assert view.sources.only.set_row.sets == ()
    assert view.sources.only.set_row.select.currentText() == "mine"
    kit.bench.imports.take(table, Asked(), "other")
    kit.settle()
    assert [one.name for one in view.sources.only.set_row.sets] == ["other"]
    select = view.sources.only.set_row.select
    select.setCurrentIndex(select.findText("other"))
    select.activated.emit(select.currentIndex())
    kit.settle()
    assert source_of(kit).name == "other"
    assert kit.bench.problems == ()


def test_a_set_that_was_gone_and_is_imported_again_is_loaded(
    importing: Importing, kit: Kit, table: Path, tmp_path: Path
) -> None:
    look(importing, kit, table).foot.take.click()
    kit.settle()
    with_it = kit.bench.experiment
    kit.bench.undo()
    kit.settle()
    for kept in (tmp_path / "own" / "imported").iterdir():
        kept.unlink()
    kit.bench.imports.refresh()
    kit.bench.redo()
    kit.settle()
    assert kit.bench.facts is None
    kit.bench.imports.take(table, Asked(), "letters")
    kit.settle()
    assert kit.bench.experiment == with_it
    assert kit.bench.facts is not None
    assert kit.bench.problems == ()


# ---- the experiment with a set


def sources(*kinds: Any) -> Experiment:
    return replace(
        small_experiment(),
        data=DataSettings(
            sources=tuple(WeightedSource(source=one, weight=3.0) for one in kinds), classes=(0, 1)
        ),
    )


def test_a_set_takes_the_place_of_a_source_and_keeps_its_weight() -> None:
    made = with_set(sources(Mnist(), Mnist()), SET, place="1")
    assert made.data.sources[1] == WeightedSource(source=SET, weight=3.0)
    assert made.data.sources[0].source == Mnist()
    assert made.data.classes == ()


def test_a_place_that_is_gone_meanwhile_is_the_last_one() -> None:
    assert with_set(sources(Mnist()), SET, place="5").data.sources[0].source == SET


def test_a_ninth_source_is_kept_only() -> None:
    full = sources(*[Mnist()] * 8)
    assert with_set(full, SET, place=ADD) == full
    assert with_set(full, SET, place=KEEP) == full
    assert len(with_set(sources(Mnist()), SET, place=ADD).data.sources) == 2


# ---- the desk


class Desk:
    """A desk whose work begins when it is told to, and what it tells."""

    def __init__(self, tmp_path: Path) -> None:
        self.waiting: list[Any] = []
        self.background = Background(start=self.waiting.append)
        self.bugs: list[Any] = []
        self.heard: list[Any] = []
        places = DataPlaces(folders=(), cache=tmp_path, downloads=tmp_path, own=tmp_path / "own")
        self.notices: list[Notice] = []
        self.desk = ImportDesk(
            self.background,
            places=lambda: places,
            failed=self.bugs.append,
            tell=self.notices.append,
        )
        self.desk.looked.connect(lambda path, _preview: self.heard.append(path.name))
        self.desk.refused.connect(lambda told: self.heard.append(str(told.text)))
        self.desk.taken.connect(lambda source: self.heard.append(source.name))
        self.desk.cancelled.connect(lambda: self.heard.append("cancelled"))
        self.desk.progressed.connect(self.heard.append)
        self.own = tmp_path / "own"

    def work(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()
            self.background.poll()


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Desk:
    del qtbot
    return Desk(tmp_path)


def test_a_set_that_is_deleted_can_be_brought_back(desk: Desk, table: Path) -> None:
    desk.desk.take(table, Asked(), "mine")
    desk.work()
    (source,) = desk.desk.sets
    desk.desk.delete(source)
    desk.work()
    assert desk.desk.sets == ()
    (offer,) = desk.notices[-1].offers
    offer.run()
    desk.work()
    assert list(desk.desk.sets) == [source]
    desk.desk.delete(replace(source, name="gone", sha256="b" * 64))
    desk.work()
    assert "could not be deleted" in str(desk.notices[-1].text)
    assert list(desk.desk.sets) == [source]
    assert not desk.bugs


def test_who_deletes_a_set_is_asked_and_told_what_uses_it(
    importing: Importing, kit: Kit, table: Path, qtbot: QtBot
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    told: list[str] = []
    answers = [False, True]

    def sure(_window: object, name: str, used: str) -> bool:
        told.append(f"{name}: {used}")
        return answers.pop(0)

    deletion = SetDeletion(window, kit.bench, which=lambda _window, _names: 0, sure=sure)
    deletion.ask()
    assert "no imported sets" in str(kit.notices[-1].text)
    look(importing, kit, table).foot.take.click()
    kit.settle()
    deletion.ask()
    kit.settle()
    assert told[0].startswith("letters: The experiment that is set uses it.")
    assert len(kit.bench.imports.sets) == 1
    deletion.ask()
    kit.settle()
    assert not kit.bench.imports.sets


def test_a_look_at_something_else_leaves_a_taking_as_it_is(
    desk: Desk, table: Path, tmp_path: Path
) -> None:
    desk.desk.take(table, Asked(), "mine")
    desk.desk.look(tmp_path / "gone.csv", Asked())
    desk.work()
    assert desk.heard == ["mine"]
    desk.desk.look(tmp_path / "gone.csv", Asked())
    desk.desk.take(table, Asked(), "again")
    desk.work()
    assert desk.heard == ["mine", "again"]
    assert not desk.bugs


def test_of_two_looks_the_newer_one_is_told(desk: Desk, table: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(TABLE)
    desk.desk.look(table, Asked())
    desk.desk.look(other, Asked())
    desk.work()
    assert desk.heard == ["other.csv"]


def test_a_taking_that_is_cancelled_writes_nothing(desk: Desk, table: Path) -> None:
    desk.desk.take(table, Asked(), "letters")
    assert desk.desk.taking
    desk.desk.cancel()
    desk.work()
    assert desk.heard == ["cancelled"]
    assert not desk.own.exists()
    assert not desk.desk.taking


def test_one_set_is_taken_at_a_time_and_its_progress_told(desk: Desk, table: Path) -> None:
    desk.desk.poll()
    desk.desk.take(table, Asked(), "letters")
    desk.desk.take(table, Asked(), "again")
    desk.desk.poll()
    assert desk.heard.pop(0).share is None
    desk.work()
    assert desk.heard == ["letters"]


def test_a_set_that_cannot_be_written_is_refused(desk: Desk, table: Path) -> None:
    desk.own.write_text("a file in the place of the folder")
    desk.desk.take(table, Asked(), "letters")
    desk.work()
    assert "could not be saved" in desk.heard[0]
    assert desk.bugs == []
    assert not desk.desk.taking


def test_a_mistake_of_the_program_is_said_and_logged(desk: Desk) -> None:
    strange: Any = None
    desk.desk.look(strange, Asked())
    desk.work()
    assert len(desk.bugs) == 1
    assert "inside nnstudio" in desk.heard[0]


def test_samples_that_are_taken_are_those_that_were_seen(desk: Desk, table: Path) -> None:
    desk.desk.take(table, Asked(), "letters")
    desk.work()
    source = desk.desk.sets[0]
    dataset = source.load(desk.desk._places(), lambda _share, _words: None)
    assert dataset.inputs.shape == (40, 2)
    assert np.allclose(dataset.inputs[:2], [[0.5, 0], [1.5, 1]])


def test_severity_of_a_refusal_is_an_error(desk: Desk, tmp_path: Path) -> None:
    told: list[Any] = []
    desk.desk.refused.connect(told.append)
    desk.desk.look(tmp_path / "none.csv", Asked())
    desk.work()
    assert told[0].severity is Severity.ERROR
