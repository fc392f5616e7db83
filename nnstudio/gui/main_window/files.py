"""Files and questions: open, save, drop, and the one question before a model would be lost."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.gui.workbench import Workbench
from nnstudio.runs.run import Run
from nnstudio.texts import tr, tr_count

SUFFIX: Final = ".safetensors"
Answer = Literal["save", "discard", "cancel"]
AskPath = Callable[[QWidget, str], Path | None]


def ask_open(window: QWidget, folder: str) -> Path | None:
    """Let the user choose a model to open."""
    chosen, _ = QFileDialog.getOpenFileName(window, tr("Open model"), folder, _filter())
    return Path(chosen) if chosen else None


def ask_save(window: QWidget, suggested: str) -> Path | None:
    """Let the user choose where a model goes; the ending is added where it is missing."""
    chosen, _ = QFileDialog.getSaveFileName(window, tr("Save model"), suggested, _filter())
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


def ask_folder(window: QWidget, folder: str) -> Path | None:
    """Let the user choose the folder with data sets."""
    chosen = QFileDialog.getExistingDirectory(window, tr("Choose data folder"), folder)
    return Path(chosen) if chosen else None


def ask_models_folder(window: QWidget, folder: str) -> Path | None:
    """Let the user choose where several models go."""
    chosen = QFileDialog.getExistingDirectory(window, tr("Choose a folder for the models"), folder)
    return Path(chosen) if chosen else None


def ask_unsaved(window: QWidget, names: Sequence[str]) -> Answer:
    """Ask what becomes of models that were trained and not saved."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("nnstudio")
    box.setText(question_of(names))
    box.setInformativeText(what_is_lost(names))
    save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
    save.setProperty("role", "primary")
    discard = box.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    if clicked is save:
        return "save"
    return "discard" if clicked is discard else "cancel"


def question_of(names: Sequence[str]) -> str:
    """Give what is asked about the models that nobody has saved, one or more."""
    return tr_count(
        "Save the trained model before closing?",
        "Save the {count} trained models before closing?",
        len(names),
    )


def what_is_lost(names: Sequence[str]) -> str:
    """Give the sentence that names what nobody has saved."""
    if len(names) == 1:
        return tr("{name} is lost if it is not saved.", name=names[0])
    return tr(
        "These are lost if they are not saved: {names}. Save asks for one folder for all.",
        names=", ".join(names),
    )


def _filter() -> str:
    return f"{tr('Models')} (*{SUFFIX});;{tr('All files')} (*)"


class Files:
    """What the user does with model files; it asks for paths and hands them to the workbench."""

    def __init__(
        self,
        window: QWidget,
        workbench: Workbench,
        *,
        open_path: AskPath = ask_open,
        save_path: AskPath = ask_save,
        folder_path: AskPath = ask_folder,
        models_folder: AskPath = ask_models_folder,
        unsaved: Callable[[QWidget, Sequence[str]], Answer] = ask_unsaved,
    ) -> None:
        self._window = window
        self._workbench = workbench
        self._open_path = open_path
        self._save_path = save_path
        self._folder_path = folder_path
        self._models_folder = models_folder
        self._unsaved = unsaved

    def open(self) -> None:
        """Let the user choose a model and open it."""
        path = self._open_path(self._window, existing_folder(self._workbench.settings.last_folder))
        if path is not None:
            self._workbench.models.open(path)

    def train_from(self) -> None:
        """Let the user choose a model and begin a run with its weights."""
        path = self._open_path(self._window, existing_folder(self._workbench.settings.last_folder))
        if path is not None:
            self._workbench.models.read(path, self._workbench.control.train_from)

    def save(self) -> None:
        """Save into the file that is known, or ask for one."""
        saved = self._workbench.saved
        if saved is None:
            self.save_as()
        else:
            self._workbench.models.save(saved.file)

    def save_as(self) -> None:
        """Ask for a file and save into it."""
        path = self._save_path(self._window, self._suggested(self._workbench.current))
        if path is not None:
            self._workbench.models.save(path)

    def choose_data_folder(self) -> None:
        """Let the user say where data sets lie."""
        settings = self._workbench.settings
        path = self._folder_path(
            self._window, existing_folder(settings.data_folder, settings.last_folder)
        )
        if path is not None:
            self._workbench.use_data_folder(path)

    def may_close(self) -> bool:
        """Ask about unsaved models; gives whether the window may go."""
        runs = self._workbench.run_list.unsaved
        if not runs:
            return True
        answer = self._unsaved(self._window, [str(run.name) for run in runs])
        if answer != "save":
            return answer == "discard"
        if len(runs) == 1:
            path = self._save_path(self._window, self._suggested(runs[0]))
            return path is not None and self._workbench.models.save_now(runs[0], path)
        start = existing_folder(self._workbench.settings.last_folder)
        folder = self._models_folder(self._window, start)
        return folder is not None and all(
            self._workbench.models.save_now(run, _free(folder / _file_name(run))) for run in runs
        )

    def takes(self, dropped: QMimeData) -> bool:
        """Whether what hovers over the window is a model file."""
        return model_in(dropped) is not None

    def drop(self, dropped: QMimeData) -> None:
        """Open the model that was dropped."""
        path = model_in(dropped)
        if path is not None:
            self._workbench.models.open(path)

    def _suggested(self, run: Run | None) -> str:
        folder = existing_folder(self._workbench.settings.last_folder)
        return str(Path(folder) / _file_name(run))


def _file_name(run: Run | None) -> str:
    name = str(run.name if run is not None else "model").replace("/", "-").replace(" ", "-")
    return f"{name.lower()}{SUFFIX}"


def _free(path: Path) -> Path:
    """Give a name at which nothing lies yet: nobody was asked whether that may go."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem}-{number}")
    return found


def model_in(dropped: QMimeData) -> Path | None:
    """Give the first local file with the ending of a model, if there is one."""
    paths = (Path(url.toLocalFile()) for url in dropped.urls() if url.isLocalFile())
    return next((path for path in paths if path.suffix == SUFFIX), None)
