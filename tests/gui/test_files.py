"""Models are opened and saved from the window, and it asks before one is lost."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QWidget,
)

from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.main_window.files import Answer, Files, question_of, what_is_lost
from nnstudio.runs.model_file import load_model
from tests.gui.bench_kit import Kit


def answering(window: MainWindow, kit: Kit, answer: Answer, path: Path | None = None) -> None:
    window.files = Files(window, kit.bench, save_path=lambda *_: path, unsaved=lambda *_: answer)


def test_closing_without_a_model_asks_nothing(window: MainWindow, kit: Kit) -> None:
    answering(window, kit, "cancel")
    assert window.close()


def test_closing_with_an_unsaved_model_can_be_cancelled(window: MainWindow, kit: Kit) -> None:
    kit.train(2)
    answering(window, kit, "cancel")
    assert not window.close()
    assert window.isVisible()


def test_closing_with_an_unsaved_model_can_save_it(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    kit.train(2)
    path = tmp_path / "kept.safetensors"
    answering(window, kit, "save", path)
    assert window.close()
    assert load_model(path).recipe.end_step == 2


def closing_two(window: MainWindow, kit: Kit, folder: Path | None) -> None:
    for _ in range(2):
        kit.train(2)
        kit.bench.control.stop()
        kit.crank()
    window.files = Files(
        window, kit.bench, models_folder=lambda *_: folder, unsaved=lambda *_: "save"
    )


def test_closing_saves_several_runs_into_one_folder_over_nothing_that_is_there(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    there = tmp_path / "run-1.safetensors"
    there.write_text("kept")
    closing_two(window, kit, tmp_path)
    assert window.close()
    assert there.read_text() == "kept"
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"run-1.safetensors", "run-1-2.safetensors", "run-2.safetensors"}
    assert load_model(tmp_path / "run-1-2.safetensors").recipe.end_step == 2


def test_without_a_folder_the_window_stays(window: MainWindow, kit: Kit) -> None:
    closing_two(window, kit, None)
    assert not window.close()


def test_closing_stays_open_when_saving_fails(window: MainWindow, kit: Kit, tmp_path: Path) -> None:
    kit.train(2)
    answering(window, kit, "save", tmp_path / "no folder" / "kept.safetensors")
    assert not window.close()
    assert window.notices.newest is not None


def test_closing_can_discard(window: MainWindow, kit: Kit) -> None:
    kit.train(2)
    answering(window, kit, "discard")
    assert window.close()


def test_a_model_dropped_on_the_window_is_opened(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    kit.train(2)
    path = tmp_path / "dropped.safetensors"
    kit.bench.models.save(path)
    kit.settle()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPointF(QPoint(9, 9)),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    kit.settle()
    assert kit.bench.views[0].name == "dropped"


def test_closing_asks_about_a_run_that_is_no_longer_shown(
    window: MainWindow, kit: Kit, tmp_path: Path
) -> None:
    kit.train(2)
    path = tmp_path / "digits.safetensors"
    kit.bench.models.save(path)
    kit.settle()
    kit.train(1)
    kit.bench.models.open(path)
    kit.settle()
    asked: list[Sequence[str]] = []

    def ask(_window: QWidget, names: Sequence[str]) -> Answer:
        asked.append(names)
        return "cancel"

    window.files = Files(window, kit.bench, unsaved=ask)
    assert not window.close()
    assert asked == [["Run 1"]]


def test_the_question_names_every_run_that_would_be_lost() -> None:
    assert "Run 2" in what_is_lost(["Run 3", "Run 2", "Run 1"])
    assert "Run 1" in what_is_lost(["Run 3", "Run 2", "Run 1"])
    assert what_is_lost(["Run 3"]) == "Run 3 is lost if it is not saved."
    assert question_of(["Run 3"]) == "Save the trained model before closing?"
    assert question_of(["Run 2", "Run 1"]) == "Save the 2 trained models before closing?"


def test_dialogs_begin_in_the_folder_used_last(kit: Kit, tmp_path: Path) -> None:
    kit.bench.change_settings(last_folder=str(tmp_path))
    asked: list[str] = []

    def ask(_window: QWidget, start: str) -> Path | None:
        asked.append(start)
        return None

    files = Files(QWidget(), kit.bench, open_path=ask, save_path=ask, folder_path=ask)
    files.open()
    files.save_as()
    files.choose_data_folder()
    assert asked[0] == asked[2] == str(tmp_path)
    assert Path(asked[1]).parent == tmp_path
