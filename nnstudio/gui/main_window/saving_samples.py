"""Samples saved from the window: which source, and into which kind of file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from nnstudio.gui.views.exporting import file_name_of
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.gui.workbench import Workbench
from nnstudio.texts import mark, tr
from nnstudio.training.sources import called, sources_of

# ending of the name -> what such a file holds
KINDS: Final = {
    ".npz": mark("Arrays of NumPy"),
    ".zip": mark("Pictures with labels.csv"),
    ".jsonl.gz": mark("Strokes as JSON lines"),
}
FROM_ALL: Final = (".npz", ".zip")
MOST: Final = 1_000_000
DRAWINGS: Final = 1000
AskPath = Callable[[QWidget, str, str, tuple[str, ...]], Path | None]
AskWhich = Callable[[QWidget, Sequence[str]], int | None]
AskCount = Callable[[QWidget, str, int], int | None]


def ask_path(window: QWidget, title: str, suggested: str, endings: tuple[str, ...]) -> Path | None:
    """Let the user choose where samples go; the ending of the chosen kind is added."""
    dialog = save_dialog(window, title, suggested, endings)
    path = None
    while dialog.exec():
        chosen = Path(dialog.selectedFiles()[0])
        if chosen.name.lower().endswith(endings):
            path = chosen
            break
        # the dialog stays: what was chosen in it is not lost
        told = tr("The name must end in one of these: {endings}.", endings=", ".join(endings))
        QMessageBox.warning(window, title, told)
    dialog.deleteLater()
    return path


def save_dialog(
    window: QWidget, title: str, suggested: str, endings: tuple[str, ...]
) -> QFileDialog:
    """Give the dialog; it adds the ending before it asks whether a file may be replaced."""
    filters = {f"{tr(KINDS[ending])} (*{ending})": ending for ending in endings}
    place = Path(suggested)
    dialog = QFileDialog(window, title, str(place.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters))
    dialog.setDefaultSuffix(endings[0].removeprefix("."))
    dialog.filterSelected.connect(
        lambda chosen: dialog.setDefaultSuffix(filters[chosen].removeprefix("."))
    )
    dialog.selectFile(place.name)
    return dialog


def ask_which(window: QWidget, names: Sequence[str]) -> int | None:
    """Let the user choose one of several sources."""
    titles = [f"{at}. {name}" for at, name in enumerate(names, start=1)]
    chosen, taken = QInputDialog.getItem(
        window, tr("Save samples"), tr("Of which source?"), titles, editable=False
    )
    return titles.index(chosen) if taken else None


def ask_count(window: QWidget, name: str, usual: int) -> int | None:
    """Let the user choose how many samples are saved at most."""
    count, taken = QInputDialog.getInt(
        window,
        tr("Save samples of {source}", source=name),
        tr("How many at most? They are taken evenly from all that there are."),
        usual,
        1,
        MOST,
    )
    return count if taken else None


class SampleSaving:
    """Asks which samples go where, and has the workbench write them."""

    def __init__(
        self,
        window: QWidget,
        workbench: Workbench,
        *,
        path: AskPath = ask_path,
        which: AskWhich = ask_which,
        count: AskCount = ask_count,
    ) -> None:
        self._window, self._workbench = window, workbench
        self._path, self._which, self._count = path, which, count

    def save(self) -> None:
        """Ask of which source, where there are several, and save its samples."""
        names = [str(called(one)) for one in sources_of(self._workbench.experiment)]
        place = 0 if len(names) == 1 else self._which(self._window, names)
        if place is not None:
            self.save_of(place)

    def save_of(self, place: int) -> None:
        """Ask where the samples of the source of that number go, and save them."""
        # what writes samples is loaded when it is needed
        from nnstudio.data.exporting import endings_of  # noqa: PLC0415 - see above

        source = sources_of(self._workbench.experiment)[place]
        name = str(called(source))
        endings = tuple(one for one in endings_of(source) if one in KINDS)
        folder = existing_folder(self._workbench.settings.last_folder)
        suggested = str(Path(folder) / file_name_of(name))
        path = self._path(
            self._window, tr("Save samples of {source}", source=name), suggested, endings
        )
        if path is None:
            return
        # strokes are written anew, as many as are wanted
        drawn = not path.name.lower().endswith(FROM_ALL)
        count = self._count(self._window, name, DRAWINGS if drawn else MOST)
        if count is not None:
            self._workbench.sample_export.write(source, path, count=count)
