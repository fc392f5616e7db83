"""The mean sample of each class: as pictures, or input by input; a click shows its samples."""

from typing import Final

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.data.number_table import NumberTable
from nnstudio.gui.views.data.page import Page
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.views.samples import ends_of, kinds_of, pictures_of
from nnstudio.gui.widgets.facts_line import FactsLine
from nnstudio.gui.widgets.numerals import brief, grouped, signed
from nnstudio.gui.widgets.pager import Pager
from nnstudio.gui.widgets.picture_grid import SIDE_PX, WORDS_PX, PictureGrid, place_of
from nnstudio.runs.data_summary import DataSummary
from nnstudio.texts import tr

SIDES_PX: Final = (168, 140, 112, 84, SIDE_PX)
MOST_COLUMNS: Final = 64


class MeansPage(Page):
    """Knows the summary and which classes have a mean; pictures are as large as all of them fit."""

    def __init__(self) -> None:
        super().__init__()
        self._summary: DataSummary | None = None
        self._kinds: list[int] = []
        self._page = 0
        self.grid = PictureGrid(pickable=True)
        self.grid.picked.connect(self._pick)
        self.grid.resized.connect(self._refresh)
        self.grid.page_wished.connect(lambda turn: self._turn_to(self._page + turn))
        self.numbers = NumberTable()
        self.facts = FactsLine()
        self.pager = Pager()
        self.pager.page_requested.connect(self._turn_to)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.pager)
        body = QWidget()
        self._body = QStackedLayout(body)
        self._body.addWidget(self.grid)
        self._body.addWidget(self.numbers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(body, 1)
        column.addLayout(foot)
        themes.changed.connect(self._name)
        self._name()

    def show_summary(self, summary: DataSummary | None) -> None:
        """Show the mean of each class."""
        self._summary = summary
        self._refresh()

    def table(self) -> str:
        """Give the means as CSV, an input in each row; of values the moments of each input."""
        summary = self._summary
        if summary is None:
            return ""
        if summary.means is not None:
            means = summary.means
            rows = ([at + 1, *means[:, at].tolist()] for at in range(means.shape[1]))
            return csv_text(["input", *kinds_of(summary.data)], rows)
        moments = summary.moments
        if moments is None:
            return ""
        outputs = moments.correlation.shape[1]
        header = ["input", "mean", "deviation"]
        return csv_text(
            [*header, *(f"correlation with y{at + 1}" for at in range(outputs))],
            (
                [at + 1, float(mean), float(deviation), *moments.correlation[at].tolist()]
                for at, (mean, deviation) in enumerate(
                    zip(moments.mean, moments.deviation, strict=True)
                )
            ),
        )

    def _refresh(self) -> None:
        summary = self._summary
        if summary is None:
            return
        pictures = summary.data.image_shape is not None and summary.means is not None
        self._body.setCurrentWidget(self.grid if pictures else self.numbers)
        self.pager.show_page(0, 1)
        if pictures:
            self._show_pictures(summary)
        elif summary.means is not None:
            self._show_means(summary)
        else:
            self._show_moments(summary)

    def _show_pictures(self, summary: DataSummary) -> None:
        data, means, counts = summary.data, summary.means, summary.counts
        if data.image_shape is None or means is None or counts is None:
            return
        names, training = kinds_of(data), counts[0].sum(axis=0)
        there = np.flatnonzero(training).tolist()
        room, shape = self.grid.size(), data.image_shape
        for side in SIDES_PX:
            place = place_of(room, shape, paired=False, words_px=WORDS_PX, side_px=side)
            if place.columns * place.rows >= len(there):
                break
        self.grid.set_form(shape, paired=False, side_px=side)
        capacity = self.grid.capacity
        pages = max(-(-len(there) // capacity), 1)
        self._page = min(max(self._page, 0), pages - 1)
        self._kinds = there[self._page * capacity : (self._page + 1) * capacity]
        self.grid.show_pictures(
            pictures_of(means[self._kinds], shape, ends_of(data)),
            tuple(names[at] for at in self._kinds),
            tips=tuple(
                tr(
                    "{name}: the mean of {count} training samples. A click shows them.",
                    name=names[at],
                    count=grouped(int(training[at])),
                )
                for at in self._kinds
            ),
        )
        self.pager.show_page(self._page, pages)
        self.facts.set_facts([tr("Mean training sample of each class")])

    def _turn_to(self, page: int) -> None:
        self._page = page
        self._refresh()

    def _show_means(self, summary: DataSummary) -> None:
        means, names = summary.means, kinds_of(summary.data)[:MOST_COLUMNS]
        if means is None:
            return

        def cell(row: int, column: int) -> str:
            return grouped(row + 1) if column == 0 else brief(float(means[column - 1, row]))

        self.numbers.show_cells((tr("Input"), *names), means.shape[1], cell)
        self.facts.set_facts([tr("Mean of each input over the training samples of a class")])

    def _show_moments(self, summary: DataSummary) -> None:
        moments = summary.moments
        if moments is None:
            return
        outputs = min(moments.correlation.shape[1], MOST_COLUMNS)
        columns = (moments.mean, moments.deviation)

        def cell(row: int, column: int) -> str:
            if column == 0:
                return grouped(row + 1)
            if column < 3:
                return brief(float(columns[column - 1][row]))
            value = float(moments.correlation[row, column - 3])
            return "–" if np.isnan(value) else signed(value, digits=2)

        with_outputs = (
            tr("with y{number}", number=at + 1) if outputs > 1 else tr("Correlation")
            for at in range(outputs)
        )
        self.numbers.show_cells(
            (tr("Input"), tr("Mean"), tr("Deviation"), *with_outputs),
            len(moments.mean),
            cell,
            tips=(
                "",
                tr("Over the training samples."),
                tr("Standard deviation over the training samples."),
                *(
                    tr("From −1 to +1: how far the value grows in step with the input.")
                    for _ in range(outputs)
                ),
            ),
        )
        self.facts.set_facts([tr("Each input over the training samples")])

    def _pick(self, at: int) -> None:
        if at < len(self._kinds):
            self.class_wished.emit(self._kinds[at])

    def _name(self) -> None:
        self.grid.setAccessibleName(tr("Mean training sample of each class"))
        self.numbers.setAccessibleName(tr("Mean of each input"))
        self._refresh()
