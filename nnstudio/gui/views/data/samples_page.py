"""The samples one by one: pictures, points or rows of numbers, by part, class and source."""

from typing import TYPE_CHECKING, Final, cast

import numpy as np
from numpy.random import Generator
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.data.choices import Choices
from nnstudio.gui.views.data.clouds import can_be_points
from nnstudio.gui.views.data.distorting import Distorter
from nnstudio.gui.views.data.number_table import NumberTable
from nnstudio.gui.views.data.page import Names, Page
from nnstudio.gui.views.data.picture_samples import PictureSamples
from nnstudio.gui.views.data.point_samples import PointSamples
from nnstudio.gui.views.data.table import csv_of
from nnstudio.gui.views.samples import PartOfData, kinds_of, rows_of, words_of
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.facts_line import FactsLine
from nnstudio.gui.widgets.numerals import brief, grouped
from nnstudio.gui.widgets.pager import Pager
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData, Rows

if TYPE_CHECKING:
    from nnstudio.runs.run import RunView

ANEW_MS: Final = 1000
MOST_COLUMNS: Final = 64
NARROW_PX: Final = 240
NO_ROWS: Final = np.empty(0, np.int64)


class SamplesPage(Page):
    """Knows the newest data, what of them is chosen, and what augmentation makes of them.

    It draws of its own, so a run is never disturbed.
    """

    def __init__(self, draw: Generator) -> None:
        super().__init__()
        self._data: PreparedData | None = None
        self._experiment: Experiment | None = None
        self._sources: Names = ()
        self._part: PartOfData = "training"
        self._kind: int | None = None
        self._source: int | None = None
        self._rows: Rows = NO_ROWS
        self._live = True
        self._distorter = Distorter(draw)
        self._make_parts()
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setInterval(ANEW_MS)
        self._timer.timeout.connect(self._distort_if_seen)
        themes.changed.connect(self.refresh)

    def _make_parts(self) -> None:
        self.choices = Choices()
        self.head = self.choices
        self.choices.part_chosen.connect(self._choose_part)
        self.choices.kind_chosen.connect(self._choose_kind)
        self.choices.source_chosen.connect(self._choose_source)
        self.choices.play.clicked.connect(self.toggle_live)
        self.choices.anew.clicked.connect(self.distort)
        self.pictures = PictureSamples(self._distorter)
        self.pictures.turned.connect(self._tell)
        self.points = PointSamples()
        self.points.turned.connect(self._tell)
        self.choices.insert(self.points.boundary)
        self.numbers = NumberTable()
        self.numbers.setAccessibleName(tr("Samples"))
        self.words = EmptyState("")
        self.facts = FactsLine()
        self.pager = Pager()
        self.pager.page_requested.connect(self.pictures.turn_to)

    def _lay_out(self) -> None:
        body = QWidget()
        self._body = QStackedLayout(body)
        for widget in (self.pictures, self.points, self.numbers, self.words):
            self._body.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.pager)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(body, 1)
        column.addLayout(foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what else is in the menu where it is narrow."""
        super().resizeEvent(event)
        self.points.set_narrow(narrow=self.width() < NARROW_PX)

    def show_data(self, data: PreparedData, experiment: Experiment, sources: Names) -> None:
        """Show these data; other settings that are not theirs change nothing that is seen."""
        before = None if self._experiment is None else self._experiment.augmentation
        same = data is self._data and experiment.augmentation == before
        self._data, self._experiment, self._sources = data, experiment, sources
        if same:
            if can_be_points(data):
                self.points.show_experiment(data, experiment)
                self._tell()
            return
        self._distorter.use(data, experiment)
        self.refresh()

    def show_runs(self, views: "tuple[RunView, ...]") -> None:
        """Draw what the newest weights of the current run answer, where samples are points."""
        self.points.show_runs(views)
        self._tell()

    def show_class(self, kind: int) -> None:
        """Show the training samples of one class."""
        self._part, self._kind, self._source = "training", kind, None
        self.choices.choose_part("training")
        self.refresh(anew=True)

    def show_sample(self, row: int) -> None:
        """Show one sample by itself, where it is a picture."""
        if self._data is not None and self._data.image_shape is not None:
            self.refresh()
            self.pictures.show_sample(row)

    def distort(self) -> None:
        """Distort the pictures that are shown in another way."""
        self.pictures.distort()

    def toggle_live(self) -> None:
        """Distort the pictures again and again, or no more."""
        self._live = not self._live
        self._settle_live()

    def fill_menu(self, menu: QMenu) -> None:
        """Offer to have pictures distorted again and again, and the layers of the network."""
        live = menu.addAction(tr("Distort the pictures anew every second"))
        live.setCheckable(True)
        live.setChecked(self._live)
        live.setEnabled(self._distorter.active)
        live.triggered.connect(self.toggle_live)
        self.points.fill_menu(menu)

    def table(self) -> str:
        """Give the samples as CSV: all that are no pictures, else those that are seen."""
        data = self._data
        if data is None:
            return ""
        seen = self._body.currentWidget() is self.pictures
        rows = self.pictures.shown_rows if seen else self._rows
        return csv_of(data, rows, self.points.overlay.answers_to(data.dataset.inputs[rows]))

    def wake(self) -> None:
        """Go on: somebody looks again."""
        self._tell()

    def rest(self) -> None:
        """Distort and draw nothing more while nobody looks."""
        self._timer.stop()
        self.points.overlay.rest()

    def refresh(self, *, anew: bool = False) -> None:
        """Show what is chosen; `anew` from its beginning."""
        data = self._data
        if data is None:
            return
        self._offer(data)
        self._rows = rows_of(data, self._part, self._kind)
        if self._source is not None:
            self._rows = self._rows[data.origin[self._rows] == self._source]
        if not can_be_points(data):
            self.points.leave(data)
        if not len(self._rows):
            self.words.set_texts(
                tr("No samples here"), tr("Choose another part of the data or another class.")
            )
            self._body.setCurrentWidget(self.words)
        elif data.image_shape is not None:
            self._body.setCurrentWidget(self.pictures)
            learned = self._part == "training"
            self.pictures.show_rows(
                data, self._rows, learned=learned, sources=self._sources, anew=anew
            )
        elif can_be_points(data):
            self._body.setCurrentWidget(self.points)
            self.points.show_rows(data, self._rows, self._experiment)
        else:
            self._show_numbers(data)
            self._body.setCurrentWidget(self.numbers)
        self._tell()

    def _show_numbers(self, data: PreparedData) -> None:
        rows, columns = self._rows, min(data.inputs, MOST_COLUMNS)
        target = tr("class") if data.labels is not None else tr("target")

        def cell(at: int, column: int) -> str:
            row = int(rows[at])
            if column < 2:
                return grouped(row) if column == 0 else words_of(data, row)
            return brief(float(data.dataset.inputs[row, column - 2]))

        inputs = (tr("input {number}", number=at + 1) for at in range(columns))
        self.numbers.show_cells((tr("sample"), target, *inputs), len(rows), cell)

    def _offer(self, data: PreparedData) -> None:
        names = kinds_of(data)
        self._kind = None if self._kind is None or self._kind >= len(names) else self._kind
        self.choices.offer_kinds(names, self._kind)
        sources = self._sources if data.mixture is not None else ()
        if self._source is not None and self._source >= len(sources):
            self._source = None
        self.choices.offer_sources(sources, self._source)

    def _choose_part(self, key: str) -> None:
        self._part = cast("PartOfData", key)
        self.refresh(anew=True)

    def _choose_kind(self, key: str) -> None:
        self._kind = int(key) if key else None
        self.refresh(anew=True)

    def _choose_source(self, key: str) -> None:
        self._source = int(key) if key else None
        self.refresh(anew=True)

    def _tell(self) -> None:
        data, shown = self._data, self._body.currentWidget()
        if data is None:
            return
        pictures = shown is self.pictures and not self.pictures.at_large
        self.pager.show_page(self.pictures.page, self.pictures.pages if pictures else 1)
        count = tr("{count} samples", count=grouped(len(self._rows)))
        facts = [count]
        if shown is self.points:
            facts = self.points.facts(count)
        elif shown is self.pictures and self.pictures.at_large:
            facts = [self._said_of_versions()]
        elif pictures and self.pictures.paired:
            facts.append(tr("right: distorted, as training sees it"))
        elif shown is self.numbers and data.inputs > MOST_COLUMNS:
            facts.append(
                tr(
                    "the first {count} of {all} inputs",
                    count=grouped(MOST_COLUMNS),
                    all=grouped(data.inputs),
                )
            )
        self.facts.set_facts(facts)
        self._settle_live()

    def _said_of_versions(self) -> str:
        if not self._distorter.active:
            return tr("No augmentation: training sees it as it is.")
        if self.pictures.distorts:
            return tr("Training sees another version each time.")
        return tr("Held out: it is never distorted.")

    def _settle_live(self) -> None:
        shown = self._body.currentWidget() is self.pictures and self.pictures.distorts
        choices = self.choices
        choices.show_distorting(shown=shown)
        choices.play.set_icon("pause" if self._live else "play")
        choices.play.set_tooltip(
            tr("Stop distorting them anew every second.")
            if self._live
            else tr("Distort them anew every second.")
        )
        if shown and self._live and self.isVisible():
            if not self._timer.isActive():
                self._timer.start()
        else:
            self._timer.stop()

    def _distort_if_seen(self) -> None:
        # behind another tab a panel is "visible" as well, but none of it is to be seen
        if not self.visibleRegion().isEmpty():
            self.distort()
