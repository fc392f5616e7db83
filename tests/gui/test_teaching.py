"""A wrong answer is corrected on the spot, kept, learned in a lesson, and mixed into training."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from nnstudio.data.catalogue import Handwriting, MyDigits
from nnstudio.data.drawings import Drawing
from nnstudio.data.my_digits import DigitLog
from nnstudio.data.strokes import Stroke
from nnstudio.errors import NnstudioError
from nnstudio.gui.main_window.teaching import Teaching
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.widgets.drawing import InkPicture, PenStroke
from nnstudio.gui.workbench import teach_desk
from nnstudio.gui.workbench.model_desk import model_of
from nnstudio.places import data_folder
from nnstudio.runs.model import Model
from nnstudio.runs.teaching import lesson
from nnstudio.training.experiment import (
    Batches,
    DataSettings,
    Experiment,
    Stopping,
    WeightedSource,
    dumps,
    loads,
)
from tests.gui.bench_kit import Kit, small_experiment, spirals


def drawing(shift: float = 0.0) -> Drawing:
    return Drawing("", (Stroke(np.array([(10.0 + shift, 10.0), (60.0, 120.0)])),), width=15.0)


def taught(kit: Kit, *labels: str) -> None:
    for at, label in enumerate(labels):
        assert kit.bench.teach.keep(drawing(float(at)), label)


def mine(kit: Kit) -> list[MyDigits]:
    sources = kit.bench.experiment.data.sources
    return [one.source for one in sources if isinstance(one.source, MyDigits)]


def shortened(*, steps: int) -> Callable[..., Experiment]:
    def short(experiment: Experiment, **values: Any) -> Experiment:
        found = lesson(experiment, **values)
        return replace(found, stopping=Stopping(epochs=None, steps=steps), batches=Batches(size=8))

    return short


@pytest.fixture
def trained(kit: Kit) -> Kit:
    kit.bench.teach.make_lesson = shortened(steps=4)
    kit.load()
    kit.train(3)
    return kit


@pytest.fixture
def trained_model() -> Iterator[Model]:
    kit = Kit()
    kit.load()
    kit.train(1)
    model = model_of(kit.bench.current)
    assert model is not None
    yield model
    kit.bench.close(forget=True)


def test_what_is_corrected_is_on_the_disk_at_once(kit: Kit) -> None:
    taught(kit, "7")
    log = DigitLog(data_folder())
    log.refresh()
    assert [one.drawing.label for one in log.drawings] == ["7"]
    assert kit.bench.teach.state.kept == "7"


def test_a_correction_can_be_taken_back(kit: Kit) -> None:
    taught(kit, "7", "8")
    kit.bench.teach.take_back()
    assert [one.drawing.label for one in kit.bench.teach.drawings] == ["7"]
    kit.bench.teach.take_back()
    assert kit.bench.teach.state.count == 1


def test_the_drawings_of_another_window_are_seen(kit: Kit) -> None:
    taught(kit, "7")
    DigitLog(data_folder()).keep(Drawing("3", drawing().strokes))
    kit.bench.teach.look()
    assert kit.bench.teach.state.count == 2


def test_what_was_kept_before_is_there_when_the_window_opens(kit: Kit) -> None:
    DigitLog(data_folder()).keep(replace(drawing(), label="3"))
    kit.load()
    assert kit.bench.teach.state.count == 1


def test_many_drawings_are_read_beside_the_window(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teach_desk, "_MOST_AT_ONCE", 1)
    log = DigitLog(data_folder())
    for label in "345":
        log.keep(replace(drawing(), label=label))
    kit.bench.teach.look()
    assert kit.bench.teach.state.count == 0
    taught(kit, "6")
    kit.settle()
    assert [one.drawing.label for one in kit.bench.teach.drawings] == list("3456")
    kit.bench.teach.take_back()
    assert kit.bench.teach.state.count == 3


def test_a_torn_line_is_told_when_the_window_opens(kit: Kit) -> None:
    log = DigitLog(data_folder())
    log.keep(replace(drawing(), label="3"))
    log.keep(replace(drawing(), label="4"))
    log.path.write_bytes(log.path.read_bytes()[:-30])
    kit.load()
    assert kit.bench.teach.state.count == 1
    assert "was put aside" in str(kit.notices[0].text)


def test_a_lesson_is_a_run_of_its_own_from_the_present_weights(trained: Kit) -> None:
    before = trained.bench.current
    assert before is not None
    assert before.snapshot.weights is not None
    weights = before.snapshot.weights.vector.copy()
    taught(trained, "7", "1")
    trained.bench.teach.learn()
    trained.settle()
    run = trained.bench.current
    assert run is not None
    assert run is not before
    assert trained.bench.teach.state.learning
    assert run.blueprint is not None
    assert run.blueprint.initial is not None
    np.testing.assert_array_equal(run.blueprint.initial, weights)
    trained.crank()
    assert run.recipe is not None
    taught_source = run.recipe.experiment.data.sources[-1].source
    assert isinstance(taught_source, MyDigits)
    assert taught_source.entries == 2
    assert run.recipe.experiment.data.sources[0] == trained.bench.experiment.data.sources[0]


def test_a_lesson_leaves_what_is_set_alone_and_is_not_changed_by_it(trained: Kit) -> None:
    before = trained.bench.experiment
    taught(trained, "7")
    trained.bench.teach.learn()
    trained.settle()
    assert trained.bench.experiment == before
    assert trained.bench.running is None


def test_the_network_that_ships_replays_the_digits_that_are_set(
    kit: Kit, trained_model: Model
) -> None:
    asked: list[Experiment] = []

    def refuse(experiment: Experiment, **_values: Any) -> Experiment:
        asked.append(experiment)
        raise NnstudioError("Enough.")

    teach = kit.bench.teach
    teach._ready, teach.make_lesson = (lambda: trained_model), refuse
    taught(kit, "7")
    teach.learn()
    digits = DataSettings(sources=(WeightedSource(source=Handwriting(seed=3)),))
    kit.bench.change(replace(kit.bench.experiment, data=digits))
    teach.learn()
    own = trained_model.recipe.experiment.data.sources
    assert [one.data.sources for one in asked] == [own, digits.sources]


def test_the_end_of_a_lesson_is_told(trained: Kit) -> None:
    taught(trained, "7")
    trained.bench.teach.learn()
    trained.settle()
    while trained.bench.teach.state.learning:
        trained.crank()
    assert not trained.bench.teach.state.learning
    assert "has learned your digits" in str(trained.notices[-1].text)


def test_without_drawings_a_lesson_says_what_to_do(trained: Kit) -> None:
    trained.bench.teach.learn()
    assert "drawn no digits yet" in str(trained.notices[-1].text)


def test_a_network_that_reads_no_digits_is_not_taught(kit: Kit) -> None:
    kit.bench.change(small_experiment(data=spirals()))
    kit.load()
    kit.train(2)
    taught(kit, "7")
    kit.bench.teach.learn()
    assert not kit.bench.teach.state.learning
    assert "does not read digits" in str(kit.notices[-1].text) or "Train first" in str(
        kit.notices[-1].hint
    )


def test_mixing_in_is_a_change_that_can_be_undone(kit: Kit) -> None:
    kit.load()
    taught(kit, "7", "8")
    before = kit.bench.experiment
    kit.bench.teach.mix(0.2)
    assert [one.entries for one in mine(kit)] == [2]
    weights = [one.weight for one in kit.bench.experiment.data.sources]
    assert weights[-1] / sum(weights) == pytest.approx(0.2)
    kit.bench.undo()
    assert kit.bench.experiment == before
    kit.bench.redo()
    kit.bench.teach.mix(0.0)
    assert mine(kit) == []


def test_another_share_leaves_what_a_person_set_of_the_drawings(kit: Kit) -> None:
    kit.load()
    taught(kit, "7")
    own = WeightedSource(source=MyDigits(retraced=3, validation=0.2))
    sources = (*kit.bench.experiment.data.sources, own)
    kit.bench.change(replace(kit.bench.experiment, data=DataSettings(sources=sources)))
    kit.bench.teach.mix(0.5)
    assert [(one.retraced, one.validation) for one in mine(kit)] == [(3, 0.2)]


def test_what_is_drawn_later_is_mixed_in_too(kit: Kit) -> None:
    kit.load()
    taught(kit, "7")
    kit.bench.teach.mix(0.2)
    taught(kit, "8")
    assert [one.entries for one in mine(kit)] == [2]
    kit.settle()
    assert kit.bench.facts is not None


def test_what_a_run_of_before_used_stays_what_it_was(kit: Kit) -> None:
    kit.load()
    taught(kit, "7")
    kit.bench.teach.mix(0.2)
    written = dumps(kit.bench.experiment)
    taught(kit, "8")
    taught(kit, "9")
    kit.bench.open_experiment(loads(written))
    taught(kit, "0")
    assert [one.entries for one in mine(kit)] == [1]


def test_a_disk_that_takes_nothing_is_one_sentence(kit: Kit, tmp_path: Path) -> None:
    data_folder().parent.mkdir(parents=True, exist_ok=True)
    data_folder().write_text("a file in place of the folder")
    assert not kit.bench.teach.keep(drawing(), "7")
    assert "could not be saved" in str(kit.notices[-1].text)
    assert kit.bench.teach.state.kept == ""


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[CanvasView]:
    made = CanvasView(ready=lambda: None)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


@pytest.fixture
def teaching(kit: Kit, canvas: CanvasView, qtbot: QtBot) -> Teaching:
    window = QMainWindow()
    qtbot.addWidget(window)
    return Teaching(window, kit.bench, (canvas,))


def draw(canvas: CanvasView, shift: float = 0.0) -> None:
    points = np.array([(30.0 + shift, 30.0), (120.0, 160.0)])
    canvas.board.canvas.set_items((PenStroke(points, np.full(2, 15.0)),))


def test_a_key_on_the_canvas_keeps_the_drawing(
    teaching: Teaching, canvas: CanvasView, kit: Kit
) -> None:
    (bar,) = teaching.bars
    draw(canvas)
    assert bar.asks
    bar.taught.emit("5")
    assert bar.told == "Kept as 5"
    assert kit.bench.teach.drawings[0].drawing.width == pytest.approx(15.0)
    draw(canvas, 20.0)
    assert bar.asks


def test_a_sample_out_of_the_data_is_not_taught(teaching: Teaching, canvas: CanvasView) -> None:
    canvas.show_sample(np.full((28, 28), 200, dtype=np.uint8), "3")
    (bar,) = teaching.bars
    assert not bar.asks


def test_a_pasted_photo_is_kept_as_the_network_sees_it(
    teaching: Teaching, canvas: CanvasView, kit: Kit
) -> None:
    photo = np.zeros((60, 50), dtype=np.uint8)
    photo[10:50, 22:28] = 255
    canvas.board.canvas.set_items((InkPicture(photo),))
    (bar,) = teaching.bars
    bar.taught.emit("1")
    (kept,) = kit.bench.teach.drawings
    assert kept.drawing.picture is not None
    assert kept.drawing.picture.shape == (28, 28)


def test_the_dialog_shows_deletes_and_brings_back(teaching: Teaching, kit: Kit) -> None:
    taught(kit, "1", "2")
    teaching.open()
    dialog = teaching.dialog
    assert dialog is not None
    assert len(dialog.shown) == 2
    dialog.grid._mark(0)
    dialog._delete()
    assert [one.drawing.label for one in dialog.shown] == ["2"]
    assert dialog.restore.isEnabled()
    dialog.restore.click()
    assert [one.drawing.label for one in dialog.shown] == ["1", "2"]
    dialog.close()


def test_nothing_is_brought_back_that_could_not_be_deleted(
    teaching: Teaching, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught(kit, "1")
    teaching.open()
    dialog = teaching.dialog
    assert dialog is not None

    def refuse(_log: DigitLog, _identity: str) -> None:
        raise NnstudioError("Full.")

    monkeypatch.setattr(DigitLog, "delete", refuse)
    dialog.grid._mark(0)
    dialog._delete()
    assert str(kit.notices[-1].text) == "Full."
    assert not dialog.restore.isEnabled()
    assert len(dialog.shown) == 1
    dialog.close()


def test_a_drawing_can_be_named_anew(teaching: Teaching, kit: Kit) -> None:
    taught(kit, "1", "2")
    teaching.open()
    dialog = teaching.dialog
    assert dialog is not None
    assert not dialog.rename.isEnabled()
    points = dialog.shown[0].drawing.strokes[0].points
    dialog.grid._mark(0)
    dialog._digits.actions()[7].trigger()
    assert [one.drawing.label for one in dialog.shown] == ["2", "7"]
    np.testing.assert_array_equal(dialog.shown[1].drawing.strokes[0].points, points)
    dialog.close()


def test_a_table_is_not_taken_for_drawings(teaching: Teaching, kit: Kit, tmp_path: Path) -> None:
    file = tmp_path / "train.csv"
    file.write_text("label,a\n1,2\n")
    teaching._open_path = lambda _window, _folder: file
    teaching._import()
    kit.settle()
    assert "holds no drawings" in str(kit.notices[-1].text)
    assert "Import samples" in str(kit.notices[-1].hint)


@pytest.mark.parametrize(("answered", "left"), [("yes", 0), ("no", 2)])
def test_everything_is_deleted_only_by_who_is_sure(
    teaching: Teaching, kit: Kit, answered: str, left: int
) -> None:
    taught(kit, "1", "2")
    asked: list[int] = []

    def answer(_window: object, count: int) -> bool:
        asked.append(count)
        return answered == "yes"

    teaching._sure = answer
    teaching.open()
    assert teaching.dialog is not None
    teaching.dialog.delete_all.click()
    assert asked == [2]
    assert kit.bench.teach.state.count == left
    teaching.dialog.close()


def test_an_export_is_taken_in_again(teaching: Teaching, kit: Kit, tmp_path: Path) -> None:
    taught(kit, "1", "2")
    file = tmp_path / "mine.jsonl.gz"
    teaching._save_path = teaching._open_path = lambda _window, _folder: file
    teaching.open()
    assert teaching.dialog is not None
    teaching.dialog.export.click()
    kit.settle()
    assert str(kit.notices[-1].text) == "Drawings saved as mine.jsonl.gz: 2."
    kit.bench.teach.delete_all()
    teaching.dialog.take_in.click()
    kit.settle()
    assert kit.bench.teach.state.count == 2
    assert [one.drawing.label for one in teaching.dialog.shown] == ["1", "2"]
    teaching.dialog.close()


def test_the_share_of_the_dialog_is_mixed_in(teaching: Teaching, kit: Kit) -> None:
    taught(kit, "1")
    teaching.open()
    dialog = teaching.dialog
    assert dialog is not None
    dialog.share.setValue(20.0)
    dialog.mix.click()
    assert kit.bench.teach.state.mixed == pytest.approx(0.2)
    assert not dialog.take_out.isHidden()
    dialog.take_out.click()
    assert mine(kit) == []
    dialog.close()


def test_an_empty_dialog_says_how_to_begin(teaching: Teaching) -> None:
    teaching.open()
    assert teaching.dialog is not None
    assert not teaching.dialog.delete.isEnabled()
    assert not teaching.dialog.export.isEnabled()
    teaching.dialog.reject()
    assert teaching.dialog is None
