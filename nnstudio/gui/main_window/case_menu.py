"""The menu of cases: networks that did not learn, each with its guide, then the presets."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu

from nnstudio.gui.actions import Actions
from nnstudio.gui.theme import font
from nnstudio.gui.workbench.openings import guided_cases, presets
from nnstudio.texts import tr


def fill_case_menu(
    menu: QMenu, actions: Actions, chosen: Callable[[str], None], *, opened: str
) -> None:
    """Put everything that can be opened by name into `menu`, and the commands about cases.

    What is called `opened` gets a tick.
    """
    menu.clear()
    _add_part(menu, tr("Networks that did not learn"), guided_cases(), chosen, opened)
    own = [action for command, action in actions.all() if command.menu == "case"]
    for action in own:
        menu.addAction(action)
    _add_part(menu, tr("Presets"), presets(), chosen, opened)


def _add_part(
    menu: QMenu,
    title: str,
    cases: Sequence[tuple[str, str]],
    chosen: Callable[[str], None],
    opened: str,
) -> None:
    if not cases:
        return
    if not menu.isEmpty():
        menu.addSeparator()
    heading = menu.addAction(title)
    heading.setEnabled(False)
    heading.setFont(font(12, 600))
    for key, words in cases:
        entry = menu.addAction(words)
        entry.setCheckable(words == opened)
        entry.setChecked(words == opened)
        entry.triggered.connect(lambda _=False, key=key: chosen(key))
