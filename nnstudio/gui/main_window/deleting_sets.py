"""Imported sets deleted from the window: which one, what uses it; a notice brings it back."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from nnstudio.data.catalogue.imported import Imported
from nnstudio.gui.workbench import Notice, Workbench
from nnstudio.texts import text, tr, tr_count
from nnstudio.training.experiment import Experiment
from nnstudio.training.sources import sources_of

AskSet = Callable[[QWidget, Sequence[str]], int | None]
AskSure = Callable[[QWidget, str, str], bool]


def ask_set(window: QWidget, names: Sequence[str]) -> int | None:
    """Let the user choose one of the sets."""
    titles = [f"{at}. {name}" for at, name in enumerate(names, start=1)]
    chosen, taken = QInputDialog.getItem(
        window, tr("Delete an imported set"), tr("Which set?"), titles, editable=False
    )
    return titles.index(chosen) if taken else None


def ask_sure(window: QWidget, name: str, used: str) -> bool:
    """Ask whether a set shall go; `used` says what uses it."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(tr("Delete an imported set"))
    box.setText(tr("Delete the imported set “{name}”?", name=name))
    box.setInformativeText(used)
    delete = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    return box.clickedButton() is delete


class SetDeletion:
    """Asks which set goes, and has the workbench put it away."""

    def __init__(
        self,
        window: QWidget,
        workbench: Workbench,
        *,
        which: AskSet = ask_set,
        sure: AskSure = ask_sure,
    ) -> None:
        self._window, self._workbench = window, workbench
        self._which, self._sure = which, sure

    def ask(self) -> None:
        """Ask which of the sets goes, and whether it shall."""
        sets = self._workbench.imports.sets
        if not sets:
            told = text("There are no imported sets.")
            self._workbench.tell(Notice(told, topic="import", lasting=False))
            return
        place = self._which(self._window, [one.name for one in sets])
        if place is None:
            return
        chosen = sets[place]
        if self._sure(self._window, chosen.name, self._used(chosen)):
            self._workbench.imports.delete(chosen)

    def _used(self, chosen: Imported) -> str:
        shown = uses(self._workbench.experiment, chosen)
        recipes = (view.recipe for view in self._workbench.views)
        runs = sum(one is not None and uses(one.experiment, chosen) for one in recipes)
        parts = [tr("The experiment that is set uses it.")] if shown else []
        if runs:
            parts.append(
                tr_count(
                    "{count} run was trained on it; it cannot go on without it.",
                    "{count} runs were trained on it; they cannot go on without it.",
                    runs,
                )
            )
        parts.append(tr("The notice that tells of it can bring it back."))
        return " ".join(parts)


def uses(experiment: Experiment, chosen: Imported) -> bool:
    """Tell whether samples of an experiment are from a set."""
    known = (one for one in sources_of(experiment) if isinstance(one, Imported))
    return any(one.sha256 == chosen.sha256 for one in known)
