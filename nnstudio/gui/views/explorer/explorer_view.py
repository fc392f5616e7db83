"""The view of the explorer: one subject at a time, with the main point of its drawing under it."""

from typing import ClassVar, Final

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QHideEvent, QImage, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.explorer.activations import ActivationsPage
from nnstudio.gui.views.explorer.entropy import EntropyPage
from nnstudio.gui.views.explorer.losses import LossesPage
from nnstudio.gui.views.explorer.optimizers import OptimizersPage
from nnstudio.gui.views.explorer.page import Page
from nnstudio.gui.views.explorer.pulls import PullsPage
from nnstudio.gui.views.explorer.schedules import SchedulesPage
from nnstudio.gui.views.explorer.shares import SharesPage
from nnstudio.gui.views.exporting import Exporter
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.select import Select
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.runs.run import RunView
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

PAGES: Final[tuple[type[Page], ...]] = (
    ActivationsPage,
    LossesPage,
    PullsPage,
    SharesPage,
    EntropyPage,
    SchedulesPage,
    OptimizersPage,
)

LEAST_PX: Final = 200
MOST_CHOICE_PX: Final = 300
LOW_PX: Final = 270
LOW_LINES: Final = 2
LINES: Final = 5


class ExplorerView(View):
    """The user looks at what networks are made of; what is set in the experiment is marked.

    Knows the experiment, the facts of its data and the validation losses that it was given last;
    a subject is made when it is first looked at.
    """

    name: ClassVar[str] = "explorer"
    title: ClassVar[str] = mark("Explorer")
    rate_hz: ClassVar[float] = 1.0
    enlargeable: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._known: tuple[Experiment, DataFacts | None] | None = None
        self._losses: tuple[float, ...] = ()
        self._pages: dict[str, Page] = {}
        self.subjects = Select()
        self.subjects.chosen.connect(self.choose)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self.subjects.setMaximumWidth(MOST_CHOICE_PX)
        self._head.addWidget(self.subjects, 1)
        self._head.addStretch(0)
        self._beside: dict[str, QWidget] = {}
        self._body = QStackedLayout()
        self.sentence = Sentence()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(6)
        column.addLayout(self._head)
        column.addLayout(self._body, 1)
        column.addWidget(self.sentence)
        self._exporter = Exporter(
            self,
            title=lambda: tr(self.page.title),
            picture=self.picture,
            table=self.table,
        )
        self._exporter.failed.connect(self.export_failed)
        self._key = PAGES[0].key
        self._stale = True
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._show_page)
        themes.changed.connect(self._retell)
        self._retell()

    @property
    def page(self) -> Page:
        """The subject that is shown; made when it is first asked for."""
        if self._key not in self._pages:
            page = next(one for one in PAGES if one.key == self._key)()
            self._pages[self._key] = page
            page.told.connect(self._tell)
            self._body.addWidget(page)
            beside = QWidget()
            row = QHBoxLayout(beside)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(4)
            for at, widget in enumerate(page.header_widgets()):
                row.addWidget(widget, 1 if at == 0 else 0)
            self._beside[self._key] = beside
            beside.setVisible(False)
            beside.setMaximumWidth(MOST_CHOICE_PX)
            self._head.insertWidget(self._head.count() - 1, beside, 1)
        return self._pages[self._key]

    def minimumSizeHint(self) -> QSize:
        """Give a size at which what is drawn can still be read; a smaller place is scrolled."""
        layout, page = self.layout(), self._pages.get(self._key)
        if layout is None or page is None:
            return QSize(LEAST_PX, LEAST_PX)
        # of the subjects behind it some need more
        spare = self._body.minimumSize().height() - page.minimumSizeHint().height()
        return QSize(LEAST_PX, max(LEAST_PX, layout.minimumSize().height() - spare))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sentence short where the plot needs the room."""
        super().resizeEvent(event)
        place = self.parentWidget()
        height = self.height() if place is None else min(self.height(), place.height())
        self.sentence.set_most(LOW_LINES if height < LOW_PX else LINES)

    def choose(self, key: str) -> None:
        """Show another subject."""
        self._key = key
        self.subjects.choose(key)
        self._show_page()

    def show_experiment(self, experiment: Experiment, facts: DataFacts | None) -> None:
        """Take what is set and what its data are like; drawn while it can be seen."""
        self._known = (experiment, facts)
        self._feed()

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Take the validation losses of the current run: a schedule may wait for them."""
        run = next((one for one in views if one.current), None)
        history = None if run is None else run.snapshot.history
        losses: tuple[float, ...] = ()
        if history is not None and len(history.validation):
            whole = history.validation.whole
            losses = tuple(history.validation.loss[whole].tolist())
        if losses != self._losses:
            self._losses = losses
            self._feed()

    def picture(self) -> QImage:
        """Give what is drawn as a picture."""
        return self.page.picture()

    def table(self) -> str:
        """Give the numbers of what is drawn as CSV."""
        return self.page.table()

    def fill_menu(self, menu: QMenu) -> None:
        """Offer picture and numbers of what is drawn."""
        self._exporter.fill_menu(menu)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw soon what has changed while nobody looked: only what is seen is painted."""
        super().paintEvent(event)
        if self._stale:
            self._soon.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing more until it is seen again."""
        super().hideEvent(event)
        self._soon.stop()

    @property
    def _seen(self) -> bool:
        # behind another tab a panel is "visible" as well, but none of it is to be seen
        return not self.visibleRegion().isEmpty()

    def _show_page(self) -> None:
        self._stale = not self._seen
        if self._stale:
            return
        page = self.page
        self._body.setCurrentWidget(page)
        for key, beside in self._beside.items():
            beside.setVisible(key == self._key and bool(page.header_widgets()))
        self._feed()
        self._tell()
        self.updateGeometry()

    def _feed(self) -> None:
        page = self._pages.get(self._key)
        # a subject that is not in front yet comes there with all that belongs beside it
        self._stale = not self._seen or page is None or self._body.currentWidget() is not page
        if self._stale:
            self.update()
        elif self._known is not None and page is not None:
            page.show_experiment(*self._known, self._losses)

    def _tell(self) -> None:
        self.sentence.say(self.page.sentence)

    def _retell(self) -> None:
        self.subjects.set_items([(one.key, tr(one.title)) for one in PAGES])
        self.subjects.choose(self._key)
        self.subjects.setAccessibleName(tr("Subject"))
        self.subjects.setToolTip(tr("What is explored."))
        for page in self._pages.values():
            page.draw()
