"""How the window does the commands that need it: panels, plots, the clipboard, its own dialogs."""

import json
from collections.abc import Callable, Mapping

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.main_window.files import Files
from nnstudio.gui.main_window.help import show_about
from nnstudio.gui.main_window.importing import Importing
from nnstudio.gui.main_window.saving_samples import SampleSaving
from nnstudio.gui.main_window.teaching import Teaching
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.curves import CurvesView
from nnstudio.gui.workbench import Workbench


class ByWindow:
    """What the window does by name of the command, for `Actions`.

    Parameters
    ----------
    open_palette, tell_help : callable
        Show the list of all commands, and the pages of help.
    """

    def __init__(
        self,
        window: QMainWindow,
        workbench: Workbench,
        docks: Docks,
        files: Files,
        *,
        importing: Importing,
        saving: SampleSaving,
        teaching: Teaching,
        open_palette: Callable[[], None],
        tell_help: Callable[[], None],
        show_log: Callable[[], None],
    ) -> None:
        self._window, self._workbench, self._docks = window, workbench, docks
        self.table: Mapping[str, Callable[[], None]] = {
            "open": files.open,
            "train_from": files.train_from,
            "save": files.save,
            "save_as": files.save_as,
            "export": lambda: self._on_curves(CurvesView.ask_export),
            "copy_recipe": self._copy_recipe,
            "import": importing.open,
            "delete_set": importing.deletion.ask,
            "save_samples": saving.save,
            "my_digits": teaching.open,
            "data_folder": files.choose_data_folder,
            "range_test": self._test_rates,
            "quit": lambda: void(window.close()),
            "clear_drawing": self._clear_drawing,
            "show_all": lambda: self._on_curves(CurvesView.show_all, every=True),
            "log_axis": lambda: self._on_curves(CurvesView.toggle_logarithmic),
            "maximize": self._enlarge,
            "full_screen": self._full_screen,
            "reset_layout": docks.arrange,
            "palette": open_palette,
            "help": tell_help,
            "show_log": show_log,
            "about": lambda: show_about(window),
        }

    def _on_curves(self, act: Callable[[CurvesView], object], *, every: bool = False) -> None:
        seen = [one.view for one in self._docks if one.seen and isinstance(one.view, CurvesView)]
        focused = self._window.focusWidget()
        chosen = [view for view in seen if focused is not None and view.isAncestorOf(focused)]
        for view in seen if every else (chosen or seen)[:1]:
            act(view)

    def _test_rates(self) -> None:
        self._docks.bring("range_test")
        self._workbench.control.range_test()

    def _clear_drawing(self) -> None:
        for dock in self._docks:
            if isinstance(dock.view, CanvasView):
                dock.view.clear()

    def _copy_recipe(self) -> None:
        recipe = self._workbench.recipe
        QGuiApplication.clipboard().setText(
            json.dumps(recipe.to_json(), indent=2, ensure_ascii=False) + "\n"
        )

    def _enlarge(self) -> None:
        focused = self._window.focusWidget()
        for dock in self._docks:
            if dock.enlarged or (focused is not None and dock.isAncestorOf(focused)):
                self._docks.enlarge(dock)
                return
        self._docks.enlarge(self._docks["weights"])

    def _full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()


def void(_result: object) -> None:
    """Give nothing: what a menu entry does has no result."""
