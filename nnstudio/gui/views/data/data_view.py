"""DataView: what the network learns from, sample by sample and as a whole."""

from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.random import Generator
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.data.balance_page import BalancePage
from nnstudio.gui.views.data.clouds import can_be_points
from nnstudio.gui.views.data.copies_page import CopiesPage
from nnstudio.gui.views.data.means_page import MeansPage
from nnstudio.gui.views.data.modes import LEAST_PX, ModeChoice
from nnstudio.gui.views.data.page import Page
from nnstudio.gui.views.data.samples_page import SamplesPage
from nnstudio.gui.views.data.values_page import ValuesPage
from nnstudio.gui.views.exporting import Exporter, picture_of
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.runs.data_summary import DataSummary
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData
from nnstudio.training.sources import called, sources_of

if TYPE_CHECKING:
    from nnstudio.runs.run import RunView

SAMPLES: Final = "samples"
SIDE_PX: Final = 16
LOW_PX: Final = 300


class DataView(View):
    """The samples of the chosen sources, and what they are like together.

    With points, what the network of the current run answers. Knows the newest data, experiment
    and run. `summary_wished` asks to look at all of the data, when a page needs that;
    `summary_dropped` tells that nobody wants to know it any more.
    """

    name: ClassVar[str] = "data"
    title: ClassVar[str] = mark("Data")
    rate_hz: ClassVar[float] = 5.0
    enlargeable: ClassVar[bool] = True

    summary_wished = Signal(object)
    summary_dropped = Signal()

    def __init__(self, *, draw: Generator | None = None) -> None:
        super().__init__()
        self._data: PreparedData | None = None
        self._experiment: Experiment | None = None
        self._summary: DataSummary | None = None
        self._refusal, self._loading = "", False
        self._stale = False
        self.samples = SamplesPage(draw or np.random.default_rng())
        self.balance, self.means = BalancePage(), MeansPage()
        self.values, self.copies = ValuesPage(), CopiesPage()
        self._pages: dict[str, Page] = {
            SAMPLES: self.samples,
            "balance": self.balance,
            "means": self.means,
            "values": self.values,
            "copies": self.copies,
        }
        self.modes = ModeChoice()
        self.modes.chosen.connect(lambda _key: self._refresh())
        for page in self._pages.values():
            page.class_wished.connect(self._show_class)
            page.sample_wished.connect(self._show_sample)
        self.exporter = Exporter(
            self,
            title=lambda: tr(self.title),
            picture=lambda: picture_of(self._filled),
            table=self.table,
        )
        self.exporter.failed.connect(self.export_failed)
        self.empty, self.waiting = EmptyState(""), EmptyState("")
        self._lay_out()
        themes.changed.connect(self._name)
        self._name()

    def _lay_out(self) -> None:
        body = QWidget()
        self._body = QStackedLayout(body)
        for widget in (*self._pages.values(), self.waiting):
            self._body.addWidget(widget)
        self._heads = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._heads.setSpacing(8)
        self._heads.addWidget(self.modes)
        for page in self._pages.values():
            if page.head is not None:
                self._heads.addWidget(page.head)
        self._filled = filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(SIDE_PX, 8, SIDE_PX, 4)
        column.setSpacing(8)
        column.addLayout(self._heads)
        column.addWidget(body, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(filled)

    @property
    def mode(self) -> str:
        """Which way the data are looked at."""
        return self.modes.key

    @property
    def page(self) -> Page:
        """The page of the mode that is chosen."""
        return self._pages[self.mode]

    def minimumSizeHint(self) -> QSize:
        """Give a size at which samples can still be seen."""
        return QSize(180, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put all choices into one row where there is little room."""
        super().resizeEvent(event)
        self._settle_heads()

    def _settle_heads(self) -> None:
        """Show what belongs to the page, in the row of the modes where these drop down anyway."""
        waits = self._body.currentWidget() is self.waiting
        for page in self._pages.values():
            if page.head is not None and (page is not self.page or waits):
                page.head.hide()
        if self.page is self.samples:
            self.samples.choices.show()
        room = self.width() - 2 * SIDE_PX
        beside = LEAST_PX + 8 + self.samples.choices.least_px
        fits = beside <= room < self.modes.whole_px
        compact = fits and self.page is self.samples and self.height() < LOW_PX
        self.modes.set_compact(compact=compact)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._heads.setDirection(across if compact else down)

    def show_data(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Show these data; None while they are not there. `experiment` says how they are used."""
        if data is not self._data:
            self._summary = None
            self.summary_dropped.emit()
        self._data, self._experiment = data, experiment
        self.wants_weights = data is not None and can_be_points(data)
        self._stale = True
        if self.isVisible():
            self._refresh()

    def show_refusal(self, why: str, *, loading: bool) -> None:
        """Say why there are no data, or that they are on their way."""
        if (why, loading) != (self._refusal, self._loading):
            self._refusal, self._loading = why, loading
            self._name()

    def show_summary(self, summary: DataSummary) -> None:
        """Show what the data are like, where these are the data that are shown."""
        if summary.data is self._data:
            self._summary = summary
            if self.isVisible():
                self._refresh()

    def show_runs(self, views: "tuple[RunView, ...]") -> None:
        """Draw what the newest weights of the current run answer, where samples are points."""
        self.samples.show_runs(views)

    def take_over(self, old: View) -> None:
        """Look at the data in the same way as before."""
        if isinstance(old, DataView):
            self.modes.choose(old.mode)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer what the page can do, and to write what is shown."""
        self.page.fill_menu(menu)
        menu.addSeparator()
        self.exporter.fill_menu(menu)

    def table(self) -> str:
        """Give what is shown as CSV."""
        return "" if self._data is None else self.page.table()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what has changed meanwhile."""
        super().showEvent(event)
        self._stale = True
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        for page in self._pages.values():
            page.rest()

    def _refresh(self) -> None:
        data, experiment = self._data, self._experiment
        self._stack.setCurrentIndex(0 if data is None else 1)
        if data is None or experiment is None:
            self.samples.rest()
            return
        if self._stale:
            sources = tuple(str(called(one)) for one in sources_of(experiment))
            for page in self._pages.values():
                page.show_data(data, experiment, sources)
            self._stale = False
        if self.mode == SAMPLES:
            self._body.setCurrentWidget(self.samples)
            self.samples.wake()
            self._settle_heads()
            return
        self.samples.rest()
        if self._summary is None:
            self._body.setCurrentWidget(self.waiting)
            self.summary_wished.emit(data)
        if self._summary is not None:
            self._body.setCurrentWidget(self.page)
            self.page.show_summary(self._summary)
        self._settle_heads()

    def _show_class(self, kind: int) -> None:
        self.modes.choose(SAMPLES)
        self.samples.show_class(kind)

    def _show_sample(self, row: int) -> None:
        self.modes.choose(SAMPLES)
        self.samples.show_sample(row)

    def _name(self) -> None:
        title, words = (
            tr("No data yet"),
            tr("The samples of the source appear here once they are loaded."),
        )
        if self._loading:
            title = tr("Loading the data")
        elif self._refusal:
            title, words = tr("There are no data to show"), self._refusal
        self.empty.set_texts(title, words)
        self.waiting.set_texts(
            tr("Looking at the data"), tr("Every sample is looked at once; this takes a moment.")
        )
