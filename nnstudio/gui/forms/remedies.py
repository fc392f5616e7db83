"""Remedies: links under a problem that set what mends it; each is one change of the whole."""

from dataclasses import is_dataclass
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX
from nnstudio.gui.forms.words import value_of
from nnstudio.gui.theme import font
from nnstudio.paths import setting_at
from nnstudio.problems import Problem, Remedy
from nnstudio.spec import Path, SpecError, title_of
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment

DEFAULT: Final = Experiment()


class Remedies(QWidget):
    """A link for each remedy; no room while there is none. Knows the remedies that it offers."""

    wished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._remedies: tuple[Remedy, ...] = ()
        self.links: list[QPushButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN_PX - 8, 0, GUTTER_PX, 6)
        self._column.setSpacing(0)
        self.setVisible(False)

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Offer what mends `problems`."""
        remedies = tuple(dict.fromkeys(one.remedy for one in problems if one.remedy))
        if remedies == self._remedies:
            return
        self._remedies = remedies
        for link in self.links:
            link.hide()
            link.deleteLater()
        self.links = [self._link(remedy) for remedy in remedies]
        self.setVisible(bool(remedies))

    def _link(self, remedy: Remedy) -> QPushButton:
        link = QPushButton(words_of(remedy))
        link.setProperty("role", "link")
        link.setFont(font(12, 500))
        link.setToolTip(tr("Sets this for you; it can be undone."))
        link.clicked.connect(lambda: self.wished.emit(remedy))
        line = QHBoxLayout()
        line.addWidget(link)
        line.addStretch(1)
        self._column.addLayout(line)
        return link


def words_of(remedy: Remedy) -> str:
    """Give what a remedy sets, in a few words."""
    return tr("Use {values}", values=", ".join(_named(path, value) for path, value in remedy))


def _named(path: Path, value: Any) -> str:
    if is_dataclass(value):
        return tr(title_of(type(value)))
    try:
        setting = setting_at(DEFAULT, path)
    except SpecError:
        # a place that the default has not, such as the second layer
        return str(value)
    return tr("{title} {value}", title=tr(setting.title), value=value_of(value, setting))
