"""Page: one subject of the explorer; it is given what is set, and says its main point."""

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from nnstudio.gui.views.exporting import picture_of
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts


class Page(QWidget):
    """One subject; `told` says that its sentence is another one.

    `sentence` is the main point of what is drawn, in the language in use.
    """

    key: ClassVar[str]
    title: ClassVar[str]

    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sentence = ""

    @property
    def sentence(self) -> str:
        """The main point of what is drawn."""
        return self._sentence

    def say(self, sentence: str) -> None:
        """Make `sentence` the main point."""
        if sentence != self._sentence:
            self._sentence = sentence
            self.setAccessibleDescription(sentence)
            self.told.emit()

    def header_widgets(self) -> list[QWidget]:
        """Give what stands beside the choice of the subject, from left to right."""
        return []

    def show_experiment(
        self, experiment: Experiment, facts: DataFacts | None, losses: tuple[float, ...]
    ) -> None:
        """Take what is set, what its data are like and the validation losses of its last run."""
        raise NotImplementedError

    def draw(self) -> None:
        """Draw again, as the theme or the language has changed."""
        raise NotImplementedError

    def picture(self) -> QImage:
        """Give what is drawn as a picture."""
        return picture_of(self)

    def table(self) -> str:
        """Give the numbers of what is drawn as CSV."""
        raise NotImplementedError
