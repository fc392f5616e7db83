"""The samples of one cell of the matrix, with a title and a button that closes them."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.answer_listing import Listing, headings_of
from nnstudio.gui.views.confusion.matrix import Cell, Grid
from nnstudio.gui.views.confusion.words import cell_in_words
from nnstudio.gui.views.sample_shelf import SampleShelf
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.runs.answers import Answers
from nnstudio.texts import tr
from nnstudio.training.prepared import PreparedData, Rows


class CellSamples(QWidget):
    """Samples of a cell, the surest answer first; tells which one is picked, as its row."""

    closed = Signal()
    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._rows: Rows = np.empty(0, np.int64)
        self._shown: object = None
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.close_button = IconButton("cross", tr("Close"))
        self.close_button.clicked.connect(self.closed)
        self.shelf = SampleShelf()
        self.shelf.picked.connect(lambda at: self.picked.emit(int(self._rows[at])))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.shelf, 1)
        themes.changed.connect(self._dress)
        self._dress()

    def to_start(self) -> None:
        """Show the first page of the next cell."""
        self.shelf.to_start()

    def show_cell(
        self,
        answers: Answers,
        data: PreparedData,
        grid: Grid,
        cell: Cell,
        *,
        label: int,
        names: tuple[str, ...],
    ) -> None:
        """Show the samples of `cell`, of one label where there are several; `names` of outputs."""
        self.title.setText(cell_in_words(grid.table, grid.names, cell))
        cases = np.flatnonzero((answers.truth == cell[0]) & (answers.said == cell[1]))
        if answers.task == "labels":
            cases = cases[cases % answers.outputs.shape[1] == label]
        cases = cases[np.argsort(-answers.confidence[cases], kind="stable")]
        places = [answers.sample_of(int(case)) for case in cases]
        self._rows = answers.rows[places] if places else np.empty(0, np.int64)
        listing = Listing(answers, cases, names, paired=False)
        self.shelf.show_samples(data, listing, headings_of(answers))

    def _dress(self) -> None:
        self.title.setFont(font(12, 600))
        self.close_button.set_tooltip(tr("Close"))
