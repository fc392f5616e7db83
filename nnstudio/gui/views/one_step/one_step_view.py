"""The view of one step: joins the chosen sample, the engine's numbers, and where one stands."""

from typing import ClassVar, Final

import numpy as np
from numpy.random import Generator
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.exporting import Exporter, csv_text, picture_of
from nnstudio.gui.views.one_step.layout import Table, table_of
from nnstudio.gui.views.one_step.path_strip import Chip, PathStrip
from nnstudio.gui.views.one_step.quiz import QuizCard, cell_name, line_question, number_question
from nnstudio.gui.views.one_step.sentence import sentence_of
from nnstudio.gui.views.one_step.step_source import BATCH, StepSource
from nnstudio.gui.views.one_step.stop import Stop
from nnstudio.gui.views.one_step.sum_panel import WIDTH_PX, SumPanel
from nnstudio.gui.views.sample_choice import SampleChoice
from nnstudio.gui.views.view import View
from nnstudio.gui.widgets.beside import Beside
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.heat_table import HeatTable
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.scale_ends import spread, steady_limit
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.runs.run import RunView
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

BESIDE_FROM_PX: Final = 620
BELOW_PX: Final = 112


class OneStepView(View):
    """One sample on its way through the present network and back, every number to be looked into.

    Knows the current run's newest parameters, the data, the stop and the cell that are looked at,
    and the score of the quiz. `export_failed` carries why a file was not written.
    """

    name: ClassVar[str] = "one_step"
    title: ClassVar[str] = mark("One step")
    rate_hz: ClassVar[float] = 2.0
    enlargeable: ClassVar[bool] = True
    wants_weights = True

    def __init__(self, *, beside: Beside | None = None, draw: Generator | None = None) -> None:
        super().__init__()
        self._draw = draw or np.random.default_rng()
        self._table: Table | None = None
        self._key = "z0"
        self._limits: dict[str, float] = {}
        self._solved: dict[str, bool] = {}
        self.source = StepSource(beside, parent=self)
        self.source.news.connect(self._show)
        self._make_parts()
        self._lay_out()
        themes.changed.connect(self._retell)
        self._retell()

    def _make_parts(self) -> None:
        self._filled = QWidget()
        self.path = PathStrip()
        self.path.chosen.connect(self._go)
        self.choice = SampleChoice()
        self.choice.changed.connect(lambda: self._ask(urgent=True))
        self.batch = SegmentedControl([("1", ""), (str(BATCH), "")])
        self.batch.chosen.connect(lambda _key: self._ask(urgent=True))
        self.quiz = QPushButton()
        self.quiz.setCheckable(True)
        self.quiz.setProperty("role", "soft")
        self.quiz.toggled.connect(self._turn_quiz)
        self.back = IconButton("chevron-left", "")
        self.back.clicked.connect(lambda: self.path.go(self.path.at - 1))
        self.forth = IconButton("chevron-right", "")
        self.forth.clicked.connect(lambda: self.path.go(self.path.at + 1))
        self.line, self.shapes, self.score = QLabel(), QLabel(), QLabel()
        self.table = HeatTable()
        self.table.picked.connect(self._pick)
        self.sum = SumPanel()
        self.card = QuizCard()
        self.card.answered.connect(self._count)
        self.card.next_wished.connect(self._ask_next)
        self.sentence = Sentence()
        self.empty = EmptyState("")
        self.exporter = Exporter(
            self,
            title=lambda: tr(self.title),
            picture=lambda: picture_of(self._filled),
            table=self.numbers,
        )
        self.exporter.failed.connect(self.export_failed)

    def _lay_out(self) -> None:
        top, way, line = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (top, way, line):
            row.setSpacing(8)
        top.addWidget(self.choice)
        top.addWidget(self.batch)
        top.addStretch(1)
        top.addWidget(self.score)
        top.addWidget(self.quiz)
        way.setSpacing(4)
        for widget in (self.back, self.path, self.forth):
            way.addWidget(widget)
        self.line.setWordWrap(True)
        line.addWidget(self.line, 1)
        line.addWidget(self.shapes)
        looked = QWidget()
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight, looked)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(12)
        self._body.addWidget(self.table, 1)
        self._body.addWidget(self.sum)
        inner = QWidget()
        self._inner = QStackedLayout(inner)
        self._inner.addWidget(looked)
        self._inner.addWidget(self.card)
        column = QVBoxLayout(self._filled)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        for row in (top, way, line):
            column.addLayout(row)
        column.addWidget(inner, 1)
        column.addWidget(self.sentence)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._filled)

    def show_data(self, data: PreparedData | None, experiment: Experiment) -> None:
        """Take the data that samples come from; None while they are not there."""
        self.source.set_data(data, experiment)
        self._settle()

    def show_runs(self, views: tuple[RunView, ...]) -> None:
        """Show the step that the current run would make now with the sample."""
        if self.source.set_run(views[0] if views else None):
            self._settle()

    def numbers(self) -> str:
        """Give the numbers of the present stop as CSV."""
        stop = self.stop
        if stop is None:
            return ""
        header = ("", *(stop.names or map(str, range(stop.values.shape[1]))))
        rows = (
            (stop.row_names[at] if stop.row_names else at, *values)
            for at, values in enumerate(stop.values.tolist())
        )
        return csv_text(header, rows)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer zoom, copies and files."""
        if self.stops:
            menu.addAction(tr("Larger cells (+)")).triggered.connect(lambda: self.table.zoom(1))
            menu.addAction(tr("Smaller cells (−)")).triggered.connect(lambda: self.table.zoom(-1))
            self.exporter.fill_menu(menu)

    def minimumSizeHint(self) -> QSize:
        """Give a small size: the table scrolls."""
        return QSize(340, 250)

    @property
    def stop(self) -> Stop | None:
        """The stop that is looked at."""
        return self.stops[self._at] if self.stops else None

    @property
    def stops(self) -> tuple[Stop, ...]:
        """All stops of the step."""
        return self.source.stops

    @property
    def _at(self) -> int:
        """The place of the present stop; the first sums where there is none of that name."""
        keys = [one.key for one in self.stops]
        return keys.index(self._key) if self._key in keys else min(1, len(keys) - 1)

    @property
    def quizzing(self) -> bool:
        """Whether a line is hidden just now."""
        return self.quiz.isChecked()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sum beside the table or, where that is narrow, below it."""
        super().resizeEvent(event)
        wide = self.width() >= BESIDE_FROM_PX
        way = QBoxLayout.Direction
        self._body.setDirection(way.LeftToRight if wide else way.TopToBottom)
        self.sum.setMinimumWidth(WIDTH_PX if wide else 0)
        self.sum.setMaximumSize(WIDTH_PX if wide else 16_777_215, 16_777_215 if wide else BELOW_PX)
        self.shapes.setVisible(wide)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what has changed meanwhile."""
        super().showEvent(event)
        self._settle()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self.source.beside.drop()

    def _settle(self) -> None:
        """Offer the samples that fit, and have the newest step computed."""
        self.choice.set_data(self.source.own_data, drawable=False)
        self._ask()

    def _ask(self, *, urgent: bool = False) -> None:
        """Have the step computed beside the window; while a question is open it stays."""
        sample = self.choice.sample
        if not self.source.ready or sample is None or sample.row is None:
            self.source.forget()
            self._tell_empty()
            return
        waits = self.quizzing and not self.card.verdict and bool(self.stops) and not urgent
        if self.isVisible() and not waits:
            self._stack.setCurrentIndex(1)
            self.source.ask(sample.row, count=int(self.batch.key), urgent=urgent)

    def _show(self) -> None:
        """Show the present stop, or ask for its line."""
        stop = self.stop
        if stop is None:
            return
        self._show_path()
        hidden = self.quizzing and not self.card.verdict
        self.line.setText(f"{stop.line.left} = ?" if hidden else str(stop.line))
        self.shapes.setText("" if hidden else stop.shapes)
        self._inner.setCurrentIndex(1 if self.quizzing else 0)
        limit = steady_limit(spread(stop.values), self._limits.get(stop.key))
        self._limits[stop.key] = limit
        shown = table_of(stop)
        self._table = shown
        self.table.show_values(
            shown.values,
            limit=limit,
            row_name=shown.row_name,
            column_name=shown.column_name,
            count=shown.count,
        )
        if self.table.cell is None and shown.count:
            # the largest number is the one to begin with
            self.table.set_cell(_place_of_largest(shown))
        self._show_sum()
        self.sentence.say("" if hidden else sentence_of(stop))

    def _show_path(self) -> None:
        hidden = self._at if self.quizzing and not self.card.verdict else -1
        chips = tuple(
            Chip(
                one.line.left,
                f"{one.line.left} = ?" if at == hidden else str(one.line),
                one.phase,
                self._solved.get(one.key),
            )
            for at, one in enumerate(self.stops)
        )
        self.path.show_chips(chips, self._at)
        self.back.setEnabled(self._at > 0)
        self.forth.setEnabled(self._at < len(self.stops) - 1)

    def _show_sum(self) -> None:
        stop, cell, shown = self.stop, self.table.cell, self._table
        if stop is None or cell is None or shown is None or stop.key == "x":
            self.sum.show_sum("", None)
            return
        place = shown.place(*cell)
        self.sum.show_sum(cell_name(stop, *place), stop.behind(*place))

    def _go(self, at: int) -> None:
        self._key = self.stops[at].key
        self.table.set_cell(None)
        if self.quizzing:
            self._ask_question()
        else:
            self._show()

    def _pick(self, _row: int, _column: int) -> None:
        self._show_sum()

    # the quiz

    def _turn_quiz(self, on: bool) -> None:  # noqa: FBT001 (the signal of a button gives it so)
        if on:
            self._solved = {}
            self._ask_question()
        else:
            self.score.setText("")
            self._solved = {}
            self._show()

    def _ask_question(self) -> None:
        """Hide the line of the present stop; after it was found, now and then a number of it."""
        stop = self.stop
        if stop is None:
            return
        known = self._solved.get(stop.key)
        question = number_question(stop, self._draw) if known else None
        question_or_line = question or line_question(stop, self._draw)
        if question_or_line is None:
            self._ask_next()
            return
        self.card.ask(question_or_line, told=tr(stop.told))
        self._show()
        self.card.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_next(self) -> None:
        """Go to the next stop that has something to ask; from the last one to the first."""
        for further in range(1, len(self.stops) + 1):
            at = (self._at + further) % len(self.stops)
            if self.stops[at].line.wrong:
                self._key = self.stops[at].key
                self._ask_question()
                return

    def _count(self, right: bool) -> None:  # noqa: FBT001 (the signal gives it so)
        stop = self.stop
        if stop is None:
            return
        self._solved[stop.key] = right
        found = sum(self._solved.values())
        self.score.setText(tr("{right} of {asked} right", right=found, asked=len(self._solved)))
        self._show()

    def _tell_empty(self) -> None:
        self._stack.setCurrentIndex(0)
        run = self.source.run
        if run is None or run.blueprint is None:
            self.empty.set_texts(
                tr("No network yet"),
                tr("Press Train: one sample's way through the network appears here, step by step."),
            )
        elif self.source.data is None:
            self.empty.set_texts(
                tr("No sample yet"), tr("A step can be taken once the data are loaded.")
            )
        else:
            self.empty.set_texts(
                tr("These data are not those of the run"),
                tr("Choose the data that it was trained on."),
            )

    def _retell(self) -> None:
        self.line.setFont(font(15, 600))
        self.shapes.setFont(font(12))
        self.shapes.setProperty("role", "third")
        self.score.setFont(font(12, 600))
        self.batch.set_items([("1", tr("1 sample")), (str(BATCH), tr("Batch of 4"))])
        self.batch.setAccessibleName(tr("How many samples make the step"))
        self.batch.setToolTip(tr("One sample alone, or a batch of four with it."))
        self.quiz.setText(tr("Quiz"))
        self.quiz.setToolTip(tr("Hide one line after the other, and find it."))
        self.back.set_tooltip(tr("The stop before"))
        self.forth.set_tooltip(tr("The next stop"))
        self.path.setAccessibleName(tr("The path through one step"))
        self.table.setAccessibleName(tr("Numbers of this stop"))
        self._show()
        self._settle()


def _place_of_largest(table: Table) -> tuple[int, int]:
    sizes = np.nan_to_num(np.abs(table.values), nan=np.inf)
    row, column = divmod(int(sizes.argmax()), table.values.shape[1])
    return row, column
