"""GuideView: a case with its story, remedies, comparisons and table; or the hunt for a mistake."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.views.exporting import Exporter, csv_text, picture_of
from nnstudio.gui.views.guide.ablation_rows import shown_rows
from nnstudio.gui.views.guide.ablation_table import TablePage
from nnstudio.gui.views.guide.hunt_page import HuntPage
from nnstudio.gui.views.guide.pages import ComparePage, StepsPage, StoryPage
from nnstudio.gui.views.guide.progress import Progress, Tried
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.page import Page
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.runs.ablations import Ablation
from nnstudio.runs.guides import Comparison, Guide, Lesson
from nnstudio.texts import mark, tr

STORY, STEPS, COMPARE, TABLE = "story", "steps", "compare", "table"
PAGES: Final = (
    (STORY, mark("Case")),
    (STEPS, mark("Heal")),
    (COMPARE, mark("Compare")),
    (TABLE, mark("Table")),
)


class GuideView(View):
    """What stands beside the plots while a case is open.

    Knows the guide, and how far a person is in every guide of this session.
    """

    name: ClassVar[str] = "guide"
    title: ClassVar[str] = mark("Guide")
    rate_hz: ClassVar[float] = 2.0
    enlargeable: ClassVar[bool] = True

    look_wished = Signal(str)
    lesson_wished = Signal(object)
    comparison_wished = Signal(object)
    hunt_wished = Signal()
    guess_wished = Signal(str)
    switch_wished = Signal()
    hunt_ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._guide: Guide | None = None
        self._ablation: Ablation | None = None
        self._titles: Mapping[str, str] = {}
        self._progress: dict[str, Progress] = {}
        self._standing = ""
        self._compared: int | None = None
        self.pages = SegmentedControl(())
        self.pages.setAccessibleName(tr("Part of the guide"))
        self.pages.chosen.connect(lambda key: self._put(replace(self.progress, page=key)))
        self.story, self.steps, self.compare = StoryPage(), StepsPage(), ComparePage()
        self.table = TablePage()
        self.empty = EmptyState(
            tr("No case is open"),
            tr(
                "Cases are real networks that did not learn. Choose one under the name at the top "
                "left: what its author saw and how it is healed appears here. Or let a mistake "
                "be hidden in the network that is set, and find it."
            ),
            tr("Find the fault"),
        )
        self.hunt = HuntPage()
        self._hunted: tuple[tuple[str, ...], str, str, tuple[str, ...]] = ((), "", "", ())
        self.exporter = Exporter(
            self,
            title=lambda: tr("Table of causes"),
            picture=lambda: picture_of(self._body),
            table=self._csv,
        )
        self._lay_out()
        self._join()
        self._show()

    def _lay_out(self) -> None:
        self._top = QWidget()
        row = QHBoxLayout(self._top)
        row.setContentsMargins(16, 4, 16, 4)
        row.addWidget(self.pages)
        row.addStretch(1)
        self._body = QWidget()
        self._stack = QStackedLayout(self._body)
        for page in (self.empty, self.story, self.steps, self.compare, self.table, self.hunt):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(self._body, 1)

    def _join(self) -> None:
        self.story.look_wished.connect(self.look_wished)
        self.story.steps_wished.connect(lambda: self._put(replace(self.progress, page=STEPS)))
        self.steps.picked.connect(self._pick)
        self.steps.try_wished.connect(self._try)
        self.steps.lesson_wished.connect(
            lambda at: self._put(replace(self.progress, lesson=max(0, at)))
        )
        self.steps.table_wished.connect(lambda: self._put(replace(self.progress, page=TABLE)))
        self.compare.picked.connect(self._pick_about)
        self.compare.run_wished.connect(self._run)
        self.compare.tell_wished.connect(self._tell_outcome)
        self.empty.acted.connect(self.hunt_wished)
        self.hunt.again_wished.connect(self.hunt_wished)
        self.hunt.guess_wished.connect(self.guess_wished)
        self.hunt.switch_wished.connect(self.switch_wished)
        self.hunt.close_wished.connect(self.hunt_ended)

    @property
    def guide(self) -> Guide | None:
        """The guide that is open."""
        return self._guide

    @property
    def ablation(self) -> Ablation | None:
        """Its tables."""
        return self._ablation

    @property
    def all_progress(self) -> dict[str, Progress]:
        """How far a person is in every guide of this session."""
        return dict(self._progress)

    @property
    def progress(self) -> Progress:
        """How far a person is in it."""
        return (
            Progress() if self._guide is None else self._progress.get(self._guide.name, Progress())
        )

    def show_titles(self, titles: Mapping[str, str]) -> None:
        """Call panels by these titles, given by their names."""
        self._titles = titles

    def show_guide(self, guide: Guide | None, ablation: Ablation | None) -> None:
        """Open a guide where a person has left it; None shows how to get one."""
        self._guide, self._ablation, self._compared = guide, ablation, None
        if guide is not None:
            there = [(STEPS, bool(guide.lessons)), (COMPARE, bool(guide.comparisons))]
            there += [(STORY, True), (TABLE, ablation is not None)]
            known = {key for key, is_there in there if is_there}
            self.pages.set_items([(key, tr(words)) for key, words in PAGES if key in known])
            self.story.show_guide(guide, self._titles)
            self.table.show_ablation(guide, ablation)
        self._show()

    def show_standing(self, told: str, *, over: bool = False) -> None:
        """Say how the runs stand that were begun from here; what came of it when that is over."""
        if told != self._standing:
            self._standing = told
            self._show()
        if over and self._compared is not None:
            self._tell_outcome(self._compared)

    def show_hunt(
        self, offered: tuple[str, ...], *, guess: str, answer: str, tried: tuple[str, ...] = ()
    ) -> None:
        """Show the hunt for a hidden mistake in place of a guide; nothing offered ends it."""
        if (offered, guess, answer, tried) != self._hunted:
            self._hunted = (offered, guess, answer, tried)
            if offered:
                self.hunt.show_hunt(offered, guess=guess, answer=answer, tried=tried)
            self._show()

    def take_over(self, old: View) -> None:
        """Be where a person was in the view whose place this one takes."""
        if isinstance(old, GuideView):
            self._progress = old.all_progress
            self.show_guide(old.guide, old.ablation)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the table as picture and numbers, and to begin the guide again."""
        again = menu.addAction(tr("Begin the guide again"))
        again.setEnabled(self._guide is not None)
        again.triggered.connect(lambda: self._put(Progress()))
        self.exporter.fill_menu(menu)

    def _put(self, progress: Progress) -> None:
        if self._guide is not None:
            self._progress[self._guide.name] = progress
            self._show()

    def _pick(self, answer: int) -> None:
        at, progress = self._lesson_at(), self.progress
        self._put(progress.with_lesson(at, Tried(answer)))

    def _try(self) -> None:
        guide, at, progress = self._guide, self._lesson_at(), self.progress
        if guide is not None:
            lesson: Lesson = guide.lessons[at]
            picked = progress.of_lesson(at).picked
            self._compared = None
            self._put(progress.with_lesson(at, Tried(picked, tried=True)))
            self.lesson_wished.emit(lesson)

    def _pick_about(self, at: int, answer: int) -> None:
        begun = self.progress.of_comparison(at).begun
        self._put(self.progress.with_comparison(at, Tried(answer, begun=begun)))

    def _tell_outcome(self, at: int) -> None:
        tried = self.progress.of_comparison(at)
        if tried.begun and tried.picked is not None:
            self._put(self.progress.with_comparison(at, replace(tried, tried=True)))

    def _run(self, at: int) -> None:
        guide, progress = self._guide, self.progress
        if guide is not None:
            comparison: Comparison = guide.comparisons[at]
            self._compared = at
            tried = progress.of_comparison(at)
            self._put(progress.with_comparison(at, replace(tried, begun=True)))
            self.comparison_wished.emit(comparison)

    def _lesson_at(self) -> int:
        count = len(self._guide.lessons) if self._guide is not None else 0
        return max(0, min(self.progress.lesson, count - 1))

    def _show(self) -> None:
        guide, progress = self._guide, self.progress
        hunts = bool(self._hunted[0])
        self._top.setVisible(guide is not None and not hunts)
        if hunts:
            self._bring(self.hunt)
            return
        if guide is None:
            self._stack.setCurrentWidget(self.empty)
            return
        self.pages.choose(progress.page)
        if guide.lessons:
            standing = self._standing if self._compared is None else ""
            self.steps.show_lesson(guide, progress, standing=standing)
        self.compare.show_comparisons(
            guide, progress, running=self._compared, standing=self._standing
        )
        pages = {STORY: self.story, STEPS: self.steps, COMPARE: self.compare, TABLE: self.table}
        self._bring(pages[self.pages.key])

    def _bring(self, page: Page) -> None:
        """Put a page in front from its first line on, whatever has the focus by then."""
        if page is not self._stack.currentWidget():
            self._stack.setCurrentWidget(page)
            page.to_top()

    def _csv(self) -> str:
        guide, table = self._guide, self.table.table
        if guide is None or table is None:
            return ""
        rows = zip(shown_rows(guide, table), table.rows, strict=True)
        return csv_text(
            ("run", "mended", "first_loss", "loss", "accuracy", "ended"),
            (
                (
                    shown.words,
                    " ".join(row.mended),
                    row.first_loss,
                    row.loss,
                    row.accuracy,
                    row.ended,
                )
                for shown, row in rows
            ),
        )
