"""The pages of a guide: what its author saw, one remedy at a time, and runs beside each other."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from nnstudio.gui.views.guide.progress import Progress, Tried
from nnstudio.gui.views.guide.question_box import QuestionBox, verdict_of
from nnstudio.gui.widgets.cards import Card, Coloured, Sign, Words, clear
from nnstudio.gui.widgets.flow import Flow, GivingButton
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.page import Page
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.runs.cases import case_names, load_case
from nnstudio.runs.guides import Comparison, Guide, Look
from nnstudio.texts import tr


class StoryPage(Page):
    """What the author of the case saw, and where to look."""

    look_wished = Signal(str)
    steps_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title, self._story = Words(weight=600), Words(role="second")
        self._looks = QVBoxLayout()
        self._looks.setSpacing(8)
        self._on = GivingButton(tr("Heal it step by step"))
        self._on.set_tip(tr("One remedy at a time; you say first what it will do."))
        self._on.clicked.connect(self.steps_wished)
        self.column.addWidget(self._title)
        self.column.addWidget(self._story)
        self._heading = Words(weight=600)
        self._heading.say(tr("What to look at"))
        self.column.addWidget(self._heading)
        self.column.addLayout(self._looks)
        self.column.addWidget(self._on, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)

    def show_guide(self, guide: Guide, titles: Mapping[str, str]) -> None:
        """Show the beginning of a guide; `titles` are those of the panels by their names."""
        self._title.say(str(guide.title))
        self._story.say(str(guide.story))
        clear(self._looks)
        for look in guide.looks:
            self._looks.addWidget(self._look(look, titles.get(look.view, look.view)))
        self._heading.setVisible(bool(guide.looks))
        self._on.setVisible(bool(guide.lessons))

    def _look(self, look: Look, title: str) -> QWidget:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(2)
        button = GivingButton(tr("{panel} ›", panel=title), role="link")
        button.set_tip(tr("Brings this panel to the front."))
        button.setAccessibleName(tr("Show the panel {panel}", panel=title))
        button.clicked.connect(lambda: self.look_wished.emit(look.view))
        # the frame of a link reaches beyond its words: these stand over the text below
        button.setStyleSheet("QPushButton { padding: 0; text-align: left }")
        line = QHBoxLayout()
        line.addWidget(button)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(Words(str(look.told), role="second"))
        return card


class StepsPage(Page):
    """One remedy at a time: a prediction, the change, and what came of it."""

    picked = Signal(int)
    try_wished = Signal()
    lesson_wished = Signal(int)
    table_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._where, self._line = Words(role="third", px=12), ProgressLine(width=240)
        self._remedy = Words(weight=600)
        self.question = QuestionBox()
        self.question.picked.connect(self.picked)
        self.try_button = GivingButton(tr("Try it"))
        self.try_button.clicked.connect(self.try_wished)
        self._outcome = Outcome()
        self._back = GivingButton(tr("Back"), role="link")
        self._next = GivingButton(tr("Next step"))
        self._shown: tuple[Guide, int] | None = None
        self._count = self._at = 0
        self._back.clicked.connect(lambda: self.lesson_wished.emit(self._at - 1))
        self._next.clicked.connect(self._go_on)
        buttons = QWidget()
        flow = Flow()
        buttons.setLayout(flow)
        for button in (self._next, self._back):
            flow.addWidget(button)
        for widget in (
            self._where,
            self._line,
            self._remedy,
            self.question,
            self.try_button,
            self._outcome,
            buttons,
        ):
            self.column.addWidget(widget)
        self.column.setAlignment(self.try_button, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)

    @property
    def said(self) -> str:
        """What came of the prediction; empty before it was tried."""
        return self._outcome.said

    def show_lesson(self, guide: Guide, progress: Progress, *, standing: str) -> None:
        """Show the step of `guide` that a person is at."""
        at = min(progress.lesson, len(guide.lessons) - 1)
        lesson, tried = guide.lessons[at], progress.of_lesson(at)
        self._at, self._count = at, len(guide.lessons)
        another, focused = self._shown != (guide, at), self._has_focus()
        if another:
            self._shown = (guide, at)
            question = lesson.question
            self.question.ask(str(question.asked), [str(one) for one in question.answers])
        done = sum(progress.of_lesson(one).tried for one in range(self._count))
        self._where.say(tr("Step {step} of {steps}", step=at + 1, steps=self._count))
        self._line.show_share(done / self._count)
        self._line.setAccessibleName(tr("Progress through the guide"))
        self._remedy.say(str(lesson.remedy))
        right = lesson.question.right
        self.question.show_picked(tried.picked, right=right if tried.tried else None)
        self.try_button.setVisible(not tried.tried)
        self.try_button.setEnabled(tried.picked is not None)
        self.try_button.set_tip(
            tr("Changes the experiment and runs it beside the run so far; it can be undone.")
            if tried.picked is not None
            else tr("Say first what you expect.")
        )
        news = tried.tried and self._outcome.isHidden()
        self._outcome.show_outcome(
            tried, right=right, then=str(lesson.question.then), standing=standing
        )
        self._back.setVisible(at > 0)
        last = at == self._count - 1
        self._next.setVisible(tried.tried and (not last or guide.ablation is not None))
        self._next.set_words(tr("What matters most") if last else tr("Next step"))
        # what was pressed to get here is hidden by now: keys go on where a person does
        if another:
            if focused:
                self.question.take_focus()
            self.to_top()
        elif news:
            if focused and not self._next.isHidden():
                self._next.setFocus(Qt.FocusReason.OtherFocusReason)
            # below the answers, where a small panel ends
            self.show_part(self._outcome, self._next)

    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _go_on(self) -> None:
        if self._at < self._count - 1:
            self.lesson_wished.emit(self._at + 1)
        else:
            self.table_wished.emit()


class Outcome(QWidget):
    """Whether the prediction was right, what happens and why, and how the runs stand."""

    def __init__(self) -> None:
        super().__init__()
        self._sign = Sign("info", "text2")
        self._verdict = Coloured(colour="text2", px=13)
        self._then = Words()
        self._standing = Words(role="second", px=12)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sign)
        head.addWidget(self._verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._then)
        column.addWidget(self._standing)
        self.hide()

    @property
    def said(self) -> str:
        """What it says; empty while it is not shown."""
        return "" if self.isHidden() else self._then.text()

    def show_outcome(self, tried: Tried, *, right: int, then: str, standing: str) -> None:
        """Say what came of what was picked; nothing before it was tried."""
        self.setVisible(tried.tried)
        if not tried.tried or tried.picked is None:
            return
        name, role, words = verdict_of(tried.picked, right)
        self._sign.show_sign(name, role)
        self._verdict.set_colour(role)
        self._verdict.say(words)
        self._then.say(then)
        self._standing.say(standing)


class ComparePage(Page):
    """Comparisons of the case: what they are about, and a button that runs each together."""

    picked = Signal(int, int)
    run_wished = Signal(int)
    tell_wished = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[ComparisonCard] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.column.addLayout(self._list)
        self.column.addStretch(1)
        self._guide: Guide | None = None

    @property
    def cards(self) -> list["ComparisonCard"]:
        """One for each comparison."""
        return self._cards

    def show_comparisons(
        self, guide: Guide, progress: Progress, *, running: int | None, standing: str
    ) -> None:
        """Show the comparisons of `guide`; `standing` is said of the one that was run last."""
        if guide is not self._guide:
            self._guide = guide
            clear(self._list)
            self._cards = [ComparisonCard(one) for one in guide.comparisons]
            for at, card in enumerate(self._cards):
                card.question.picked.connect(lambda one, at=at: self.picked.emit(at, one))
                card.run.clicked.connect(lambda _=False, at=at: self.run_wished.emit(at))
                card.tell.clicked.connect(lambda _=False, at=at: self.tell_wished.emit(at))
                self._list.addWidget(card)
        for at, card in enumerate(self._cards):
            said = standing if at == running else ""
            card.show_tried(progress.of_comparison(at), standing=said)


def length_of(comparison: Comparison) -> str:
    """Say how long a comparison takes before it is begun; empty where nothing is known of it."""
    known = set(case_names())
    stops = [load_case(one.case).stopping for one in comparison.runs if one.case in known]
    epochs = max((one.epochs for one in stops if one.epochs), default=0)
    steps = max((one.steps for one in stops if one.steps), default=0)
    if not epochs and not steps:
        return ""
    counts = {"runs": grouped(len(comparison.runs)), "count": grouped(epochs or steps)}
    if epochs:
        return tr(
            "{runs} runs of up to {count} epochs share the processor: it takes about {runs} times "
            "as long as one of them.",
            **counts,
        )
    return tr(
        "{runs} runs of up to {count} steps share the processor: it takes about {runs} times as "
        "long as one of them.",
        **counts,
    )


class ComparisonCard(Card):
    """One comparison."""

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self._comparison = comparison
        self.question = QuestionBox()
        self.run = GivingButton(tr("Run them together"))
        self.tell = GivingButton(tr("Tell me now"), role="link")
        self.tell.set_tip(tr("What comes of it is told when the runs are over, or now."))
        self._outcome = Outcome()
        self._standing = Words(role="second", px=12)
        names = " · ".join(str(one.name) for one in comparison.runs)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(6)
        for widget in (
            Words(str(comparison.title), weight=600),
            Words(str(comparison.told), role="second"),
            Words(names, role="third", px=12),
            Words(length_of(comparison), role="third", px=12),
            self.question,
            self.run,
            self._outcome,
            self._standing,
            self.tell,
        ):
            column.addWidget(widget)
        column.setAlignment(self.run, Qt.AlignmentFlag.AlignLeft)
        column.setAlignment(self.tell, Qt.AlignmentFlag.AlignLeft)
        asked = comparison.question
        self.question.setVisible(asked is not None)
        if asked is not None:
            self.question.ask(str(asked.asked), [str(one) for one in asked.answers])

    def show_tried(self, tried: Tried, *, standing: str) -> None:
        """Show what was answered, and how the runs stand."""
        asked = self._comparison.question
        self.tell.setVisible(asked is not None and tried.begun and not tried.tried)
        self._standing.say("" if tried.tried and asked is not None else standing)
        self.run.setEnabled(asked is None or tried.picked is not None)
        self.run.set_tip(
            tr("All runs go on at equal steps and are drawn in colours of their own.")
            if self.run.isEnabled()
            else tr("Say first what you expect.")
        )
        if asked is None:
            return
        self.question.show_picked(tried.picked, right=asked.right if tried.tried else None)
        self._outcome.show_outcome(
            tried, right=asked.right, then=str(asked.then), standing=standing
        )
