"""ExperimentView: the control panel, made from the specs; it edits values and knows no run."""

import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from nnstudio.faults import FAULTS
from nnstudio.gui.forms.apart import apart, titles_of
from nnstudio.gui.forms.faults_form import FaultsForm
from nnstudio.gui.forms.foot import Foot
from nnstudio.gui.forms.layers_form import LayersForm
from nnstudio.gui.forms.obstacle import Obstacle
from nnstudio.gui.forms.pinned_preview import PinnedPreview
from nnstudio.gui.forms.rate_preview import RatePreview
from nnstudio.gui.forms.section import Section
from nnstudio.gui.forms.sources_form import SourcesForm
from nnstudio.gui.forms.spec_form import SpecForm
from nnstudio.gui.forms.tab_order import follow_the_eye
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.nn.network import NetworkSpec
from nnstudio.paths import differences, remedied, setting_at
from nnstudio.problems import Remedy
from nnstudio.spec import Path, Problem, SpecError, describe
from nnstudio.texts import Text, mark, tr, tr_count
from nnstudio.training.experiment import Experiment, WeightedSource, dumps
from nnstudio.training.facts import DataFacts
from nnstudio.training.sources import called

if TYPE_CHECKING:
    from nnstudio.gui.forms.field_part import FieldPart
    from nnstudio.gui.forms.spec_form import UnionPart

MERGE_SECONDS: Final = 1.0
MOST_NAMES: Final = 12
NO_EDIT: Final[tuple[tuple[Path, ...], float]] = ((), float("-inf"))
SECTIONS: Final = {
    "data": mark("Data"),
    "network": mark("Network"),
    "learning": mark("Loss and optimizer"),
    "training": mark("Training"),
    "faults": mark("Classic mistakes"),
}
EXPLAINED: Final = ("loss", "optimizer", "schedule")


def waiting_changes(experiment: Experiment, running: Experiment) -> tuple[Path, ...]:
    """Give the paths at which `experiment` differs from `running` and acts only after a restart."""
    return tuple(path for path in apart(experiment, running) if not _live(experiment, path))


def _live(experiment: Experiment, path: Path) -> bool:
    try:
        return setting_at(experiment, path).display.live
    except (SpecError, LookupError):
        # a whole item of a list is no setting
        return False


class ExperimentView(View):
    """The settings of the experiment in sections, and what waits for a restart at the foot.

    Knows the experiment shown, the problems told to it, and what the current run uses.
    """

    name: ClassVar[str] = "experiment"
    title: ClassVar[str] = mark("Experiment")

    experiment_edited = Signal(object, bool)
    restart_requested = Signal()
    folder_requested = Signal()
    import_requested = Signal(int)
    samples_requested = Signal(int)
    legal_changed = Signal(object)

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        draw_seed: Callable[[], int] = lambda: secrets.randbelow(10_000),
    ) -> None:
        super().__init__()
        self._clock = clock
        self._draw_seed = draw_seed
        self._experiment = Experiment()
        self._problems: tuple[Problem, ...] = ()
        self._running: Experiment | None = None
        self._over: Experiment | None = None
        self._facts: DataFacts | None = None
        self._refusal: Text | None = None
        self._last_edit = NO_EDIT
        self.layers = LayersForm()
        self.layers.rows_changed.connect(self._follow_the_eye)
        self.sources = SourcesForm()
        self.sources.rows_changed.connect(self._follow_the_eye)
        self.sources.folder_requested.connect(self.folder_requested)
        self.sources.import_requested.connect(self.import_requested)
        self.faults = FaultsForm()
        self._case = ""
        self.sections: dict[str, Section] = {}
        self.rate_preview = RatePreview()
        self.dice = IconButton("dice", tr("Another seed: other random numbers, another run."))
        self._order: tuple[QWidget, ...] = ()
        self._content = content = QWidget()
        content.setObjectName("content")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 8)
        self._column.setSpacing(0)
        for key, title in SECTIONS.items():
            self._add_section(key, tr(title))
        self._column.addStretch(1)
        self._fill_out()
        self._scroll = scroll = _scrolling(content)
        self.pinned = PinnedPreview(content, scroll=scroll)
        self.obstacle = Obstacle(content, scroll=scroll)
        self.obstacle.remedy_wished.connect(self._apply)
        self.foot = Foot()
        self.foot.restart_requested.connect(self.restart_requested)
        self._whole = whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.pinned)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.obstacle)
        whole.addWidget(self.foot)
        self._show()

    @property
    def experiment(self) -> Experiment:
        """The experiment that is shown."""
        return self._experiment

    @property
    def refusal(self) -> Text | None:
        """What is wrong in a field just now."""
        return self._refusal

    @property
    def scrolled(self) -> int:
        """How many pixels the panel is scrolled down."""
        # a strip above the rows takes its room from what scrolls, without moving it
        over = 0 if self.pinned.isHidden() else self.pinned.height()
        return self._scroll.verticalScrollBar().value() - over

    def show_experiment(
        self,
        experiment: Experiment,
        problems: tuple[Problem, ...] = (),
        running: Experiment | None = None,
        facts: DataFacts | None = None,
        *,
        over: Experiment | None = None,
        case: str = "",
    ) -> None:
        """Show `experiment`, what is wrong with it, and how it differs from the current run.

        `facts` tells how many inputs and outputs the data have; `over` is what the run that is
        shown was trained with, when it has ended and none is under way. `case` is the name of the
        case that was opened last.
        """
        shown = (experiment, problems, running, facts, over, case)
        known = (
            self._experiment,
            self._problems,
            self._running,
            self._facts,
            self._over,
            self._case,
        )
        if shown == known:
            return
        if experiment != self._experiment:
            self._last_edit = NO_EDIT
        if experiment.data != self._experiment.data or case != self._case:
            # another case, not an edit made here: it is read from its beginning
            self._scroll.verticalScrollBar().setValue(0)
        self._experiment, self._problems, self._running = experiment, problems, running
        self._facts, self._over, self._case = facts, over, case
        self._show()

    def show_section(self, key: str) -> None:
        """Open a section and bring it into sight, with the keyboard on its heading."""
        section = self.sections[key]
        section.set_opened(opened=True)
        section.header.setFocus(Qt.FocusReason.OtherFocusReason)
        # what was opened just now has its place after the next layout
        QTimer.singleShot(
            0, section, lambda: self._scroll.verticalScrollBar().setValue(section.y())
        )

    def fill_menu(self, menu: QMenu) -> None:
        """Offer what acts on the whole panel."""
        shown = all(section.more_shown for section in self.sections.values())
        every = menu.addAction(tr("Show all settings"))
        every.setCheckable(True)
        every.setChecked(shown)
        every.triggered.connect(lambda: self._show_all(more=not shown))
        menu.addAction(tr("Close all sections"), lambda: self._open_all(opened=False))
        menu.addAction(tr("Open all sections"), lambda: self._open_all(opened=True))
        menu.addSeparator()
        for place, one in enumerate(self._experiment.data.sources):
            named = tr("Save samples of {source}…", source=called(one.source))
            menu.addAction(named, partial(self.samples_requested.emit, place))
        menu.addAction(tr("Copy as JSON"), self._copy)
        back = menu.addAction(tr("Set everything to the defaults"))
        back.setEnabled(self._experiment != DEFAULT)
        back.triggered.connect(lambda: self._take(DEFAULT))

    def _show_all(self, *, more: bool) -> None:
        for section in self.sections.values():
            section.set_more(more=more)

    def _open_all(self, *, opened: bool) -> None:
        for section in self.sections.values():
            section.set_opened(opened=opened)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(dumps(self._experiment))

    def _show(self) -> None:
        self.layers.show_facts(self._facts)
        self.sources.show_facts(self._facts)
        self.faults.show_setting(self._experiment, self._facts, case=self._case)
        problems = self._problems
        for section in self.sections.values():
            section.content.show_value(self._experiment, problems, self._running, default=DEFAULT)
            parts = section.content.parts
            section.set_concerned(
                concerned=any(one.path and one.path[0] in parts for one in problems)
            )
            section.refresh()
            # what is wrong with the whole is said once, in the first section
            problems = tuple(one for one in self._problems if one.path)
        self._note_faults()
        self.rate_preview.show_rate(self._experiment, self._facts)
        hidden = self.foot.isHidden()
        self._show_differences()
        if self.foot.isHidden() != hidden:
            self._keep_focus_visible()
        self._follow_the_eye()
        self._tell_refusal()

    def _note_faults(self) -> None:
        count = len(self._experiment.faults)
        words = tr_count("{count} on", "{count} on", count) if count else tr("none on")
        self.sections["faults"].note.setText(words)

    def _show_differences(self) -> None:
        experiment, running, over = self._experiment, self._running, self._over
        if over is None or running is not None:
            waiting = () if running is None else waiting_changes(experiment, running)
            names = titles_of(experiment, waiting)[:MOST_NAMES]
            self.foot.show_count(len(waiting), names=names)
            return
        # nothing acts on a run that has ended, live or not
        others = apart(experiment, over)
        names = titles_of(experiment, others)[:MOST_NAMES]
        self.foot.show_count(len(others), over=True, names=names)

    def _keep_focus_visible(self) -> None:
        # the foot takes room from the rows, or gives it back
        self._whole.activate()
        focus = self.focusWidget()
        if focus is not None and self._content.isAncestorOf(focus):
            self._scroll.ensureWidgetVisible(focus, 0, 8)

    def _follow_the_eye(self) -> None:
        panels = (self._content, self.obstacle, self.foot)
        self._order = follow_the_eye(*panels, last=self._order)

    def _add_section(self, key: str, title: str) -> None:
        settings = tuple(one for one in describe(Experiment) if one.display.section == key)
        special = {
            NetworkSpec: lambda: self.layers,
            WeightedSource: lambda: self.sources,
            FAULTS[0]: lambda: self.faults,
        }
        form = SpecForm(Experiment, settings=settings, special=special)
        if form.parts:
            section = Section(title, form)
            self.sections[key] = section
            self._column.addWidget(section)
            form.edited.connect(self._take)
            form.refusal_changed.connect(self._tell_refusal)
            form.remedy_wished.connect(self._apply)
            section.rows_changed.connect(self._follow_the_eye)

    def _fill_out(self) -> None:
        learning = self.sections["learning"].content
        for name in EXPLAINED:
            cast("UnionPart", learning.parts[name]).explain()
        learning.add_under("warm_up", self.rate_preview)
        self.dice.clicked.connect(self._throw_dice)
        seed = cast("FieldPart", self.sections["training"].content.parts["seed"])
        seed.add_beside(self.dice)
        self.sections["faults"].set_opened(opened=False)
        # the switches are made when they are first to be seen
        self.sections["faults"].opened_changed.connect(lambda _opened: self._follow_the_eye())

    def _apply(self, remedy: Remedy) -> None:
        self._take(remedied(self._experiment, remedy))

    def _throw_dice(self) -> None:
        self._take(replace(self._experiment, seed=self._draw_seed()))

    def _take(self, experiment: Experiment) -> None:
        paths = differences(self._experiment, experiment)
        now = self._clock()
        last_paths, last_time = self._last_edit
        merge = paths == last_paths and now - last_time < MERGE_SECONDS
        self._last_edit = (paths, now)
        self._experiment = experiment
        self._show()
        self.experiment_edited.emit(experiment, merge)

    def _tell_refusal(self) -> None:
        found = (section.content.refusal for section in self.sections.values())
        refusal = next((one for one in found if one is not None), None)
        problem = self._problems[0].message if self._problems else None
        reason = refusal or problem
        self.foot.show_refusal(None if reason is None else str(reason))
        # what mends a problem mends no entry
        problems = () if refusal is not None else self._problems[:1]
        self.obstacle.tell("" if reason is None else str(reason), problems)
        if refusal != self._refusal:
            self._refusal = refusal
            self.legal_changed.emit(refusal)


def _scrolling(content: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidget(content)
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = scroll.verticalScrollBar()
    # the gutter is always there, the handle only where there is something to scroll
    bar.setStyleSheet("QScrollBar::handle:disabled { background: transparent; }")
    bar.rangeChanged.connect(lambda _low, high: bar.setEnabled(high > 0))
    return scroll


DEFAULT: Final = Experiment()
