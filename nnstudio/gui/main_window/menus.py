"""The menu behind the first button: every command, the views, recent files, and the language."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from nnstudio.gui.actions import Actions
from nnstudio.gui.commands import MENUS
from nnstudio.gui.main_window.case_menu import fill_case_menu
from nnstudio.gui.main_window.dock import Dock
from nnstudio.gui.main_window.docks import Docks
from nnstudio.gui.theme import icon
from nnstudio.texts import mark, tr

_TITLES: Final = {
    "file": mark("File"),
    "case": mark("Case"),
    "edit": mark("Edit"),
    "run": mark("Run"),
    "view": mark("View"),
    "help": mark("Help"),
}


def build_menu(
    parent: QWidget,
    actions: Actions,
    docks: Docks,
    *,
    recent: Callable[[], tuple[str, ...]],
    open_file: Callable[[Path], None],
    open_case: Callable[[str], None],
    opened: Callable[[], str],
) -> QMenu:
    """Give the whole menu; what opens late (recent files) is made when it opens."""
    menu = QMenu(parent)
    parts = {key: menu.addMenu(tr(_TITLES[key])) for key in MENUS}
    for at, action in enumerate(view_actions(parent, docks), start=1):
        if at < 10:
            action.setShortcut(QKeySequence(f"Ctrl+{at}"))
        parent.addAction(action)
        parts["view"].addAction(action)
    cases = parts["case"]

    def fill_cases() -> None:
        fill_case_menu(cases, actions, open_case, opened=opened())

    cases.aboutToShow.connect(fill_cases)
    fill_cases()
    for command, action in actions.all():
        if command.menu == "case":
            continue
        part = parts[command.menu]
        if command.parted:
            part.addSeparator()
        part.addAction(action)
        if command.key == "open":
            _add_recent(part, recent, open_file)
    return menu


def view_actions(parent: QWidget, docks: Docks) -> list[QAction]:
    """Give one action for each view: it brings it back, to the front, or closes it."""
    return [_view_action(parent, docks, dock) for dock in docks]


def _view_action(parent: QWidget, docks: Docks, dock: Dock) -> QAction:
    action = QAction(tr(dock.view.title), parent)
    action.setObjectName(f"view_{dock.view.name}")
    action.setCheckable(True)

    def toggle() -> None:
        if dock.isHidden() or not dock.seen:
            docks.bring(dock.view.name)
        else:
            dock.close()
        follow()

    def follow() -> None:
        action.setChecked(not dock.isHidden())

    action.triggered.connect(toggle)
    dock.visibilityChanged.connect(follow)
    follow()
    return action


def _add_recent(
    menu: QMenu, recent: Callable[[], tuple[str, ...]], open_file: Callable[[Path], None]
) -> None:
    part = menu.addMenu(icon("save"), tr("Recent models"))

    def fill() -> None:
        part.clear()
        for name in recent():
            path = Path(name)
            entry = part.addAction(path.name)
            entry.setToolTip(name)
            entry.triggered.connect(lambda _=False, path=path: open_file(path))
        if part.isEmpty():
            part.addAction(tr("Nothing was opened or saved yet")).setEnabled(False)

    part.setToolTipsVisible(True)
    part.aboutToShow.connect(fill)
    fill()
