"""Samples that are there more than once: pairs side by side, with their classes and parts."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.data.number_table import NumberTable
from nnstudio.gui.views.data.page import Names, Page
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.views.samples import PARTS, ends_of, pictures_of, words_of
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.facts_line import FactsLine
from nnstudio.gui.widgets.numerals import grouped, percent
from nnstudio.gui.widgets.pager import Pager
from nnstudio.gui.widgets.picture_grid import PictureGrid
from nnstudio.gui.widgets.select import Select
from nnstudio.runs.data_summary import DataSummary, Twins
from nnstudio.texts import tr, tr_count
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows

Places = NDArray[np.int64]
NOTHING: Final = np.empty(0, np.int64)
MOST_WRITTEN: Final = 100_000


class CopiesPage(Page):
    """Knows the summary, which pairs are wanted, and the page; a click shows the second sample."""

    def __init__(self) -> None:
        super().__init__()
        self._summary: DataSummary | None = None
        self._sources: Names = ()
        self._places: Places = NOTHING
        self._key = "all"
        self._page = 0
        self.which = Select()
        self.which.chosen.connect(self._choose)
        self.grid = PictureGrid(pickable=True)
        self.grid.picked.connect(self._pick)
        self.grid.page_wished.connect(lambda turn: self._turn_to(self._page + turn))
        self.grid.resized.connect(self._show_page)
        self.numbers = NumberTable()
        self.none = EmptyState("")
        self.facts = FactsLine()
        self.pager = Pager()
        self.pager.page_requested.connect(self._turn_to)
        self.head = QWidget()
        head = QHBoxLayout(self.head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.which)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.pager)
        body = QWidget()
        self._body = QStackedLayout(body)
        for widget in (self.grid, self.numbers, self.none):
            self._body.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(body, 1)
        column.addLayout(foot)
        themes.changed.connect(self._name)
        self._name()

    def show_data(self, data: PreparedData, experiment: Experiment, sources: Names) -> None:
        """Take what the sources are called."""
        del data, experiment
        self._sources = sources

    def show_summary(self, summary: DataSummary | None) -> None:
        """Show the pairs of these data."""
        if summary is not self._summary:
            self._page = 0
        self._summary = summary
        self._refresh()

    def table(self) -> str:
        """Give the pairs that are chosen as CSV."""
        summary = self._summary
        if summary is None:
            return ""
        twins = summary.twins
        header = ["first", "part", "true", "second", "part", "true", "distance"]
        return csv_text(
            header,
            (
                [
                    *_told(summary, at, twins.first),
                    *_told(summary, at, twins.second),
                    float(twins.share[at]),
                ]
                for at in self._places[:MOST_WRITTEN].tolist()
            ),
        )

    def _refresh(self) -> None:
        summary = self._summary
        if summary is None:
            return
        masks = _kinds(summary.twins)
        items = [(key, title) for key, title, mask in masks if key == "all" or mask.any()]
        self.which.set_items(items)
        if self._key not in dict(items):
            self._key = "all"
        self.which.choose(self._key)
        self._show_head(shown=len(items) > 1)
        self._places = next(np.flatnonzero(mask) for key, _, mask in masks if key == self._key)
        if not len(self._places):
            self._say_none(summary)
            self._body.setCurrentWidget(self.none)
            self.pager.show_page(0, 1)
        elif summary.data.image_shape is not None:
            self.grid.set_form(summary.data.image_shape, paired=True, lines=2)
            self._body.setCurrentWidget(self.grid)
            self._show_page()
        else:
            self._show_numbers(summary)
            self._body.setCurrentWidget(self.numbers)
            self.pager.show_page(0, 1)
        self.facts.set_facts(_in_words(summary.twins) if len(summary.twins.first) else [])

    def _show_head(self, *, shown: bool) -> None:
        if self.head is not None:
            self.head.setVisible(shown)

    def _say_none(self, summary: DataSummary) -> None:
        compared = grouped(int(np.count_nonzero(summary.part >= 0)))
        if summary.data.image_shape is None:
            words = tr(
                "{count} samples were compared: no two have the same inputs.", count=compared
            )
        else:
            words = tr(
                "{count} samples were compared: no two are equal, and none that are nearly the "
                "same were found.",
                count=compared,
            )
        self.none.set_texts(tr("No sample is there twice"), words)

    def _show_page(self) -> None:
        summary = self._summary
        if summary is None or summary.data.image_shape is None or not len(self._places):
            return
        data, twins, shape = summary.data, summary.twins, summary.data.image_shape
        self._page = min(max(self._page, 0), self._pages - 1)
        start = self._page * self.grid.capacity
        places = self._places[start : start + self.grid.capacity]
        inputs, ends = data.dataset.inputs, ends_of(data)
        self.grid.show_pictures(
            pictures_of(inputs[twins.first[places]], shape, ends),
            tuple(self._words(summary, at) for at in places.tolist()),
            beside=pictures_of(inputs[twins.second[places]], shape, ends),
            tips=tuple(self._tip(summary, at) for at in places.tolist()),
        )
        self.pager.show_page(self._page, self._pages)

    @property
    def _pages(self) -> int:
        return max(-(-len(self._places) // self.grid.capacity), 1)

    def _words(self, summary: DataSummary, at: int) -> str:
        data, twins = summary.data, summary.twins
        first, second = int(twins.first[at]), int(twins.second[at])
        parts = [tr(PARTS[_part_of(summary, at, rows)][1]) for rows in (twins.first, twins.second)]
        sign = "≠" if twins.differ[at] else "="
        named = f"{words_of(data, first)} {sign} {words_of(data, second)}"
        if twins.share[at]:
            named += f" · {percent(float(twins.share[at]), digits=1)}"
        return f"{named}\n{parts[0] if parts[0] == parts[1] else ' · '.join(parts)}"

    def _tip(self, summary: DataSummary, at: int) -> str:
        twins = summary.twins
        said = [self._of(summary, at, rows) for rows in (twins.first, twins.second)]
        share = float(twins.share[at])
        how = (
            tr("Nearly the same: {share} of the usual distance.", share=percent(share, digits=1))
            if share
            else tr("Exactly the same inputs.")
        )
        return "\n".join([*said, how])

    def _of(self, summary: DataSummary, at: int, rows: Rows) -> str:
        row, part = int(rows[at]), tr(PARTS[_part_of(summary, at, rows)][1])
        words = tr(
            "Sample {number}: {words}, {part}",
            number=grouped(row),
            words=words_of(summary.data, row),
            part=part,
        )
        if len(self._sources) < 2:
            return words
        return f"{words} · {self._sources[int(summary.data.origin[row])]}"

    def _show_numbers(self, summary: DataSummary) -> None:
        data, twins, places = summary.data, summary.twins, self._places

        def cell(row: int, column: int) -> str:
            at = int(places[row])
            rows = twins.first if column < 3 else twins.second
            sample = int(rows[at])
            shown = (
                grouped(sample),
                tr(PARTS[_part_of(summary, at, rows)][1]),
                words_of(data, sample),
            )
            return shown[column % 3]

        named = tr("class") if data.labels is not None else tr("target")
        self.numbers.show_cells(
            (tr("sample"), tr("part"), named, tr("copy"), tr("part"), named), len(places), cell
        )

    def _choose(self, key: str) -> None:
        self._key, self._page = key, 0
        self._refresh()

    def _turn_to(self, page: int) -> None:
        self._page = page
        self._show_page()

    def _pick(self, at: int) -> None:
        summary = self._summary
        place = self._page * self.grid.capacity + at
        if summary is not None and place < len(self._places):
            self.sample_wished.emit(int(summary.twins.second[self._places[place]]))

    def _name(self) -> None:
        self.which.setAccessibleName(tr("Which pairs"))
        self.which.setToolTip(tr("Which pairs of samples are shown."))
        self.grid.setAccessibleName(tr("Samples that are there more than once"))
        self.numbers.setAccessibleName(tr("Samples that are there more than once"))
        self._refresh()


def _part_of(summary: DataSummary, at: int, rows: Rows) -> int:
    """Give the part of one of a pair; what is learned from may be held out as well."""
    twins = summary.twins
    return 0 if twins.leaks[at] and rows is twins.first else int(summary.part[rows[at]])


def _told(summary: DataSummary, at: int, rows: Rows) -> tuple[object, ...]:
    row = int(rows[at])
    return row, PARTS[_part_of(summary, at, rows)][0], words_of(summary.data, row)


def _kinds(twins: Twins) -> list[tuple[str, str, NDArray[np.bool_]]]:
    equal = twins.equal
    count = grouped
    every = np.ones(len(equal), bool)
    return [
        ("all", tr("All pairs: {count}", count=count(len(equal))), every),
        (
            "leaks",
            tr("In training and held out: {count}", count=count(int(twins.leaks.sum()))),
            twins.leaks,
        ),
        (
            "differ",
            tr("With different answers: {count}", count=count(int(twins.differ.sum()))),
            twins.differ,
        ),
        ("equal", tr("Exactly the same: {count}", count=count(int(equal.sum()))), equal),
        ("near", tr("Nearly the same: {count}", count=count(int((~equal).sum()))), ~equal),
    ]


def _in_words(twins: Twins) -> list[str]:
    equal = int(twins.equal.sum())
    contradictory = int((twins.equal & twins.differ).sum())
    near = len(twins.first) - equal
    told = []
    if equal or not near:
        told.append(
            tr_count("{count} exact copy", "{count} exact copies", equal, count=grouped(equal))
        )
    if twins.leaked:
        told.append(
            tr_count(
                "{count} held-out sample is in training too",
                "{count} held-out samples are in training too",
                twins.leaked,
                count=grouped(twins.leaked),
            )
        )
    if contradictory:
        told.append(
            tr_count(
                "{count} contradicts its first copy",
                "{count} contradict their first copy",
                contradictory,
                count=grouped(contradictory),
            )
        )
    if near:
        told.append(tr("{count} nearly the same", count=grouped(near)))
    return told
