"""The commands as Qt actions, which follow what can be done just now."""

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from nnstudio.gui.commands import COMMANDS, Command
from nnstudio.gui.theme import icon, themes
from nnstudio.gui.workbench import BenchState, Workbench
from nnstudio.texts import tr


class Actions(QObject):
    """The commands as Qt actions; they follow the state of the workbench.

    Parameters
    ----------
    by_window : mapping of str to callable
        How the window does the commands that do not act on the workbench alone.
    before : callable
        Called before every command: what is being typed becomes a value.
    """

    def __init__(
        self,
        workbench: Workbench,
        *,
        by_window: Mapping[str, Callable[[], None]],
        before: Callable[[], None] = lambda: None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._state: BenchState | None = None
        self._refusals: dict[str, str] = {}
        self._by_window = by_window
        self._before = before
        self._actions = {command.key: self._make(command) for command in COMMANDS}
        self._draw_icons()
        self.follow(workbench.state)
        workbench.state_changed.connect(self.follow)
        themes.changed.connect(self._draw_icons)

    def __getitem__(self, key: str) -> QAction:
        """Give the action of a command."""
        return self._actions[key]

    def all(self) -> Iterator[tuple[Command, QAction]]:
        """Give every command with its action, in the order of the table."""
        for command in COMMANDS:
            yield command, self._actions[command.key]

    def refusal(self, key: str) -> str:
        """Give why a command cannot be done just now; empty when it can."""
        return self._refusals.get(key, "")

    def follow(self, state: BenchState) -> None:
        """Enable what can be done in `state`, and say of the rest why not."""
        if state == self._state:
            return
        self._state = state
        for command in COMMANDS:
            refusal = command.refuse(state)
            self._refusals[command.key] = str(refusal) if refusal is not None else ""
            action = self._actions[command.key]
            action.setEnabled(refusal is None)
            if command.key == "train":
                action.setText(tr("Pause") if state.busy else tr("Train"))
            told = refusal or command.tell(state)
            action.setToolTip(self._tooltip(action, str(told) if told is not None else ""))
        self._draw_icons()

    def _make(self, command: Command) -> QAction:
        action = QAction(tr(command.title), self)
        action.setObjectName(command.key)
        action.setCheckable(command.toggle)
        if command.shortcut:
            action.setShortcut(QKeySequence(command.shortcut))
        action.setAutoRepeat(command.key in {"step", "undo", "redo"})
        action.triggered.connect(lambda: self._do(command))
        return action

    def _do(self, command: Command) -> None:
        self._before()
        # what was typed may be a reason not to do it
        if command.refuse(self._workbench.state) is not None:
            return
        if command.run is not None:
            command.run(self._workbench)
        else:
            self._by_window[command.key]()

    def _tooltip(self, action: QAction, told: str) -> str:
        title = action.text().rstrip("…")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        shown = tr("{title} ({keys})", title=title, keys=keys) if keys else title
        return f"{shown}\n{told}" if told else shown

    def _draw_icons(self) -> None:
        for command in COMMANDS:
            name, role = command.icon, "text"
            if command.key == "train":
                name = "pause" if self._state is not None and self._state.busy else "play"
                role = "on_accent"
            if name:
                self._actions[command.key].setIcon(icon(name, role))
