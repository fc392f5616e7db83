"""AnsweringView: what views of answers share: the part that is asked about, what empty ones say."""

from typing import ClassVar, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.samples import kinds_of
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.select import Select
from nnstudio.runs.answers import Answers, PartName
from nnstudio.runs.run import RunView
from nnstudio.texts import Text, tr
from nnstudio.training.prepared import PreparedData


class AnsweringView(View):
    """A view of what the current run answers to one part of its data.

    Knows the data, the runs and the answers that it was given last. While it can be seen it asks
    for answers by `answers_wished` (run, part) whenever it is given runs; who joins it gives them
    to `take`.
    """

    rate_hz: ClassVar[float] = 4.0
    enlargeable: ClassVar[bool] = True
    wants_weights = True

    answers_wished = Signal(object, str)
    sample_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._run: RunView | None = None
        self._runs: tuple[RunView, ...] = ()
        self._data: PreparedData | None = None
        self._answers: Answers | None = None
        self._part: PartName = "validation"
        self.parts = Select()
        self.parts.chosen.connect(self._choose_part)
        self.empty = EmptyState("")
        self.filled = QWidget()
        self.column = QVBoxLayout(self.filled)
        self.column.setContentsMargins(16, 8, 16, 6)
        self.column.setSpacing(8)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.filled)
        themes.changed.connect(self.retell)

    @property
    def answers(self) -> Answers | None:
        """What is shown."""
        return self._answers

    @property
    def part(self) -> PartName:
        """Which part of the data is asked about."""
        return self._part

    @property
    def names(self) -> tuple[str, ...]:
        """What the outputs are called."""
        data = self._data
        if data is None:
            return ()
        return kinds_of(data) or tuple(
            tr(data.class_names[at]) if at < len(data.class_names) else f"y{at + 1}"
            for at in range(data.outputs)
        )

    def show_data(self, data: PreparedData | None) -> None:
        """Take the samples that may be asked about; None while they are not there."""
        if data is self._data:
            return
        self._data = data
        self._answers = None
        if data is not None and not len(getattr(data.split, self._part)):
            parts: tuple[PartName, ...] = ("validation", "test", "training")
            self._part = next((one for one in parts if len(getattr(data.split, one))), self._part)
        self._offer_parts()
        self.show_answers(None)

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Ask for the answers of the current run."""
        self._runs = views
        run = next((one for one in views if one.current), None)
        if run is None or self._run is None or run.identity != self._run.identity:
            self._answers = None
        self._run = run
        self._wish()

    def show_answers(self, told: Answers | Text | None) -> None:
        """Show answers; a sentence says why there are none, None that they are on their way."""
        run = self._run
        if isinstance(told, Text):
            self._answers = None
            self._say(tr("No answers to show"), str(told))
            return
        if run is None or self._data is None:
            self._say_nothing_yet()
            return
        if told is None:
            if self._answers is None:
                self._say(tr("Asking the network"), "")
            return
        if (told.identity, told.part) != (run.identity, self._part) or told is self._answers:
            return
        self._answers = told
        if not len(told.rows):
            self._say(
                tr("No answer is a number any more"),
                tr(
                    "At step {step} all {count} answers are NaN or infinite: training has blown "
                    "up. A smaller learning rate is the first thing to try.",
                    step=grouped(told.step),
                    count=grouped(told.lost),
                ),
            )
            return
        self._stack.setCurrentWidget(self.filled)
        self.show_found(told, self._data)

    def take(self, identity: str, told: Answers | Text | None) -> None:
        """Take what there is for the run of this identity."""
        if self._run is not None and identity == self._run.identity:
            self.show_answers(told)

    def show_found(self, answers: Answers, data: PreparedData) -> None:
        """Draw `answers`, of which there are some."""
        raise NotImplementedError

    def retell(self) -> None:
        """Say everything again, as the theme or with it the language has changed."""
        self.parts.setAccessibleName(tr("Part of the data"))
        self.parts.setToolTip(tr("Which samples the network is asked about."))
        self._offer_parts()
        answers, data = self._answers, self._data
        if answers is not None and data is not None and len(answers.rows):
            self.show_found(answers, data)
        elif answers is None:
            self.show_answers(None)

    def _say_nothing_yet(self) -> None:
        self._say(
            tr("No network yet"),
            tr("Press Train: what the network answers to samples is counted here."),
        )

    def _say(self, title: str, words: str) -> None:
        self.empty.set_texts(title, words)
        self._stack.setCurrentWidget(self.empty)

    def _choose_part(self, key: str) -> None:
        self._part = cast("PartName", key)
        self._answers = None
        self._wish()

    def _wish(self) -> None:
        if self._run is None or self._run.blueprint is None:
            self._run = None
            self.show_answers(None)
            return
        self.answers_wished.emit(self._run, self._part)

    def _offer_parts(self) -> None:
        data = self._data
        if data is None:
            return
        same = data.facts.validates_on_test
        titles: tuple[tuple[PartName, str], ...] = (
            ("validation", tr("Validation (test part)") if same else tr("Validation")),
            ("test", tr("Test")),
            ("training", tr("Training")),
        )
        self.parts.set_items(
            [
                (key, title)
                for key, title in titles
                if len(getattr(data.split, key)) and not (same and key == "test")
            ]
        )
        self.parts.choose(self._part)
