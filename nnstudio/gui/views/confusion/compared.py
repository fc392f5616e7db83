"""The run that the current one is compared with, and its answers to the same samples."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from nnstudio.runs.answers import Answers
from nnstudio.runs.run import RunView
from nnstudio.texts import tr


class Compared(QObject):
    """One other run, or none; tells by `changed` that there is another one, or that it answered.

    Knows the runs that may be compared, and the answers of the chosen one.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._runs: tuple[RunView, ...] = ()
        self._identity = ""
        self.answers: Answers | None = None

    @property
    def run(self) -> RunView | None:
        """The run that is compared with."""
        return next((one for one in self._runs if one.identity == self._identity), None)

    def offer(self, views: Sequence[RunView]) -> None:
        """Offer the trained runs among `views` but the current one."""
        self._runs = tuple(
            one
            for one in views
            if not one.current and not one.range_test and one.number and one.snapshot.step
        )
        if self._identity and self.run is None:
            self.choose("")

    def choose(self, identity: str) -> None:
        """Compare with the run of this identity; with none where it is empty."""
        if identity != self._identity:
            self._identity, self.answers = identity, None
            self.changed.emit()

    def take(self, identity: str, told: object) -> bool:
        """Take the answers of the chosen run; gives whether they are its."""
        if not identity or identity != self._identity:
            return False
        answers = told if isinstance(told, Answers) and len(told.rows) else None
        if answers is not self.answers:
            self.answers = answers
            self.changed.emit()
        return True

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the runs in a menu of their own, where there are any."""
        if not self._runs:
            return
        inner = menu.addMenu(tr("Compare with"))
        group = QActionGroup(inner)
        offered = [("", tr("nothing")), *((one.identity, one.name) for one in self._runs)]
        for identity, name in offered:
            action = QAction(name, inner, checkable=True)
            action.setData(identity)
            action.setChecked(identity == self._identity)
            group.addAction(action)
            inner.addAction(action)
        group.triggered.connect(lambda action: self.choose(str(action.data())))
