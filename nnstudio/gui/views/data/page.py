"""Page: one way to look at the data; the view shows one of them at a time."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from nnstudio.runs.data_summary import DataSummary
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

Names = tuple[str, ...]


class Page(QWidget):
    """Shows the data that it was given last, and what is known of them as a whole.

    `class_wished` tells the number of a class whose samples are to be seen, `sample_wished` the
    row of one sample.
    """

    class_wished = Signal(int)
    sample_wished = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.head: QWidget | None = None
        """What is chosen on this page; the view finds a place for it."""

    def show_data(self, data: PreparedData, experiment: Experiment, sources: Names) -> None:
        """Show these data; `sources` is what each source of a mixture is called."""

    def show_summary(self, summary: DataSummary | None) -> None:
        """Show what is known of the data; None while that is being found out."""

    def table(self) -> str:
        """Give the numbers that are shown as CSV."""
        return ""

    def fill_menu(self, menu: QMenu) -> None:
        """Put what concerns this page alone into the menu of the panel."""

    def rest(self) -> None:
        """Do nothing more until something is shown again: nobody looks."""
