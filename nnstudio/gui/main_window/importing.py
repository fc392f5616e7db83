"""The import of samples, joined: the dialog asks, the workbench reads, the experiment follows."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtWidgets import QFileDialog, QMainWindow, QWidget

from nnstudio.data.catalogue.imported import Imported
from nnstudio.gui.main_window.deleting_sets import SetDeletion
from nnstudio.gui.views.importing.dropped import path_in
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.gui.workbench import JobProgress, Notice, Workbench
from nnstudio.spec import describe
from nnstudio.texts import text, tr
from nnstudio.training.experiment import DataSettings, Experiment, WeightedSource
from nnstudio.training.mixture import weight_for
from nnstudio.training.sources import called

if TYPE_CHECKING:
    from nnstudio.data.importing.asked import Asked, Preview
    from nnstudio.gui.views.importing.import_dialog import ImportDialog

ADD: Final = "add"
ALONE: Final = "alone"
KEEP: Final = "keep"
MOST: Final = next(one for one in describe(DataSettings) if one.name == "sources").maximum_length
AskPath = Callable[[QWidget, str], Path | None]


def ask_samples(window: QWidget, folder: str) -> Path | None:
    """Let the user choose a file of samples."""
    endings = "*.csv *.tsv *.npz *.zip *.jsonl *.jsonl.gz *.gz *ubyte* *.png *.jpg *.jpeg *.bmp"
    known = f"{tr('Samples')} ({endings});;{tr('All files')} (*)"
    chosen, _ = QFileDialog.getOpenFileName(window, tr("Import samples"), folder, known)
    return Path(chosen) if chosen else None


def ask_samples_folder(window: QWidget, folder: str) -> Path | None:
    """Let the user choose a folder of pictures."""
    title = tr("Import a folder of pictures")
    chosen = QFileDialog.getExistingDirectory(window, title, folder)
    return Path(chosen) if chosen else None


class Importing(QObject):
    """Opens the dialog, hands its wishes to the workbench, and what is found back to it.

    Knows the dialog while it is open, and where its set goes.
    """

    def __init__(
        self,
        window: QMainWindow,
        workbench: Workbench,
        *,
        file_path: AskPath = ask_samples,
        folder_path: AskPath = ask_samples_folder,
    ) -> None:
        super().__init__(window)
        self._window, self._workbench = window, workbench
        self._file_path, self._folder_path = file_path, folder_path
        self._folder = ""
        self._place = KEEP
        self._looked: tuple[Path, int | None] | None = None
        self._count: int | None = None
        self.dialog: ImportDialog | None = None
        self.deletion = SetDeletion(window, workbench)
        desk = workbench.imports
        desk.looked.connect(self._show_preview)
        desk.refused.connect(self._show_refusal)
        desk.taken.connect(self._use)
        desk.cancelled.connect(self._stop)
        desk.progressed.connect(self._show_progress)
        # to a method of this one: the workbench lives on when the window ends
        workbench.polled.connect(self._poll)
        workbench.experiment_changed.connect(self._offer_again)
        workbench.data_changed.connect(self._offer_again)

    def open(self) -> None:
        """Open the dialog; the set would take the place of a single source, or join several."""
        count = len(self._workbench.experiment.data.sources)
        self.open_at(0 if count == 1 else count)

    def open_at(self, place: int) -> None:
        """Open the dialog for a set that takes the place of a source, or is one more."""
        dialog = self._opened()
        sources = self._workbench.experiment.data.sources
        full = MOST is not None and len(sources) >= MOST
        self._offer(dialog, str(place) if place < len(sources) else KEEP if full else ADD)

    def takes(self, dropped: QMimeData) -> bool:
        """Whether what hovers over the window may be samples."""
        return path_in(dropped) is not None and not self._workbench.imports.taking

    def drop(self, dropped: QMimeData) -> None:
        """Look at what was dropped."""
        path = path_in(dropped)
        if path is not None:
            self.open()
            self._look_at(path)

    def _opened(self) -> "ImportDialog":
        if self.dialog is None:
            # most sessions never open it
            from nnstudio.gui.views.importing.import_dialog import (  # noqa: PLC0415 - see above
                ImportDialog,
            )

            self.dialog = dialog = ImportDialog(self._window)
            desk = self._workbench.imports
            dialog.look_wished.connect(self._look)
            dialog.take_wished.connect(self._take)
            dialog.cancel_wished.connect(desk.cancel)
            dialog.file_wished.connect(lambda: self._ask(self._file_path))
            dialog.folder_wished.connect(lambda: self._ask(self._folder_path))
            dialog.finished.connect(self._forget)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        return self.dialog

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _offer(self, dialog: "ImportDialog", chosen: str) -> None:
        sources = [str(called(one.source)) for one in self._workbench.experiment.data.sources]
        places = [
            (str(at), tr("In place of {source}", source=name)) for at, name in enumerate(sources)
        ]
        if MOST is None or len(sources) < MOST:
            mixed = tr("Mixed with {source}", source=sources[0])
            places.append((ADD, mixed if len(sources) == 1 else tr("Mixed with the others")))
        facts = self._workbench.facts
        wanted = {}
        if facts is not None and facts.image_shape is not None:
            mixing = [ADD] if len(sources) == 1 else [key for key, _ in places]
            wanted = dict.fromkeys(mixing, facts.image_shape)
        if len(sources) > 1:
            places.append((ALONE, tr("In place of all sources")))
        dialog.show_places((*places, (KEEP, tr("Only kept for later"))), chosen, wanted=wanted)

    def _offer_again(self, _news: object) -> None:
        # the dialog stands beside the window: sources may come and go meanwhile
        if self.dialog is not None:
            self._offer(self.dialog, self.dialog.foot.place.key)

    def _ask(self, ask: AskPath) -> None:
        if self.dialog is None:
            return
        start = existing_folder(self._folder, self._workbench.settings.last_folder)
        path = ask(self.dialog, start)
        if path is not None:
            self._look_at(path)

    def _look_at(self, path: Path) -> None:
        self._folder = str(path.parent)
        if self.dialog is not None:
            self.dialog.look_at(path)

    def _look(self, path: Path, asked: "Asked") -> None:
        self._workbench.imports.look(path, asked)

    def _take(self, path: Path, asked: "Asked", name: str, place: str) -> None:
        self._place = place
        self._count = self._looked[1] if self._looked and self._looked[0] == path else None
        self._workbench.imports.take(path, asked, name)

    def _show_preview(self, path: Path, preview: "Preview") -> None:
        self._looked = (path, preview.count)
        if self.dialog is not None:
            self.dialog.show_preview(path, preview)

    def _show_refusal(self, why: Notice) -> None:
        if self.dialog is not None:
            self.dialog.show_refusal(str(why.text), "" if why.hint is None else str(why.hint))

    def _show_progress(self, work: JobProgress) -> None:
        if self.dialog is not None:
            self.dialog.show_progress(str(work.title), work.share, work.seconds_left)

    def _poll(self) -> None:
        self._workbench.imports.poll()

    def _stop(self) -> None:
        if self.dialog is not None:
            self.dialog.stop()

    def _use(self, source: Imported) -> None:
        if self.dialog is not None:
            self.dialog.end()
        experiment = self._workbench.experiment
        weight = self._weight_of(source, experiment)
        self._workbench.change(with_set(experiment, source, place=self._place, weight=weight))
        told = text("“{name}” is imported; it stands in the list of sources.", name=source.name)
        self._workbench.tell(Notice(told, topic="import", lasting=False))

    def _weight_of(self, source: Imported, experiment: Experiment) -> float:
        facts = self._workbench.facts
        if facts is None or self._count is None:
            return 1.0
        held = min(sum(source.share_held_out), 1.0)
        weights = tuple(one.weight for one in experiment.data.sources)
        own = round(self._count * (1 - held))
        return weight_for(own, training=facts.training, weights=weights)


def with_set(
    experiment: Experiment, source: Imported, *, place: str, weight: float = 1.0
) -> Experiment:
    """Give the experiment with an imported set in place of a source, as one more, or as it is.

    One more has `weight`.
    """
    sources = experiment.data.sources
    if place == KEEP or (place == ADD and MOST is not None and len(sources) >= MOST):
        return experiment
    if place == ALONE:
        sources = (WeightedSource(source=source),)
    elif place == ADD:
        sources = (*sources, WeightedSource(source=source, weight=weight))
    else:
        # the experiment may have been changed since the place was chosen
        at = min(int(place), len(sources) - 1)
        sources = (*sources[:at], replace(sources[at], source=source), *sources[at + 1 :])
    # other classes have other numbers
    classes = experiment.data.classes if place == ADD else ()
    return replace(experiment, data=replace(experiment.data, sources=sources, classes=classes))
