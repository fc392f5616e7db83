"""Entropy, relative entropy and cross-entropy of two distributions that can be typed."""

from math import log
from typing import ClassVar, Final

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, theme
from nnstudio.gui.views.explorer.numbers_field import NumbersField
from nnstudio.gui.views.explorer.page import Page
from nnstudio.gui.views.explorer.sum_bar import SumBar
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.grouped_bars import BarSeries, GroupedBars
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.runs.exploring import Entropies, entropies_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

TRUTH: Final = (0.7, 0.2, 0.1)
ANSWER: Final = (0.4, 0.4, 0.2)
WHOLE: Final = 1e-6


class EntropyPage(Page):
    """Two distributions as bars, and what one costs when the other is true."""

    key: ClassVar[str] = "entropy"
    title: ClassVar[str] = mark("Entropy")

    def __init__(self) -> None:
        super().__init__()
        self.truth = NumbersField(TRUTH, least=0)
        self.answer = NumbersField(ANSWER, least=0)
        for field in (self.truth, self.answer):
            field.taken.connect(self.draw)
        self.unit = SegmentedControl([("nats", ""), ("bits", "")])
        self.unit.chosen.connect(lambda _key: self.draw())
        self.bars, self.sum = GroupedBars(), SumBar()
        self._first, self._second = QLabel(), QLabel()
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget, stretch in (
            (self._first, 0),
            (self.truth, 1),
            (self._second, 0),
            (self.answer, 1),
        ):
            row.addWidget(widget, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.bars, 1)
        column.addWidget(self.sum)
        self.draw()

    def header_widgets(self) -> list[QWidget]:
        """Give the choice of the unit."""
        return [self.unit]

    def show_experiment(
        self, experiment: Experiment, facts: DataFacts | None, losses: tuple[float, ...]
    ) -> None:
        """Take nothing: the distributions are those that are typed."""

    def draw(self) -> None:
        """Draw both distributions and their sum."""
        self._name()
        problem = self._problem()
        if problem:
            self.say(problem)
            return
        truth, answer = self.distributions
        found, now = entropies_of(truth, answer), theme()
        said = self._main_point(found)
        self.bars.show_bars(
            tuple(str(at + 1) for at in range(len(truth))),
            (
                BarSeries(tr("p, true"), now.text3, truth, tuple(f"{one:.2f}" for one in truth)),
                BarSeries(
                    tr("q, answer"), now.accent_text, answer, tuple(f"{one:.2f}" for one in answer)
                ),
            ),
            said,
        )
        self.sum.show_parts(
            (
                (tr("entropy H(p)"), found.entropy, self._shown(found.entropy), now.text3),
                (tr("relative KL(p | q)"), found.relative, self._shown(found.relative), now.loss),
            ),
            tr("cross-entropy H(p, q) = {sum}", sum=self._shown(found.cross)),
        )
        self.say(said)

    @property
    def distributions(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Both, each divided by its sum."""
        first, second = (
            tuple((np.asarray(one.numbers) / sum(one.numbers)).tolist())
            for one in (self.truth, self.answer)
        )
        return first, second

    def table(self) -> str:
        """Give both distributions and the three numbers."""
        truth, answer = self.distributions
        found = entropies_of(truth, answer)
        rows: list[tuple[object, ...]] = [*zip(truth, answer, strict=True), ()]
        rows.append(("entropy", found.entropy))
        rows.append(("relative entropy", found.relative))
        rows.append(("cross-entropy", found.cross))
        return csv_text(("p", "q"), rows)

    def _problem(self) -> str:
        wrong = self.truth.problem or self.answer.problem
        if wrong:
            return wrong
        if len(self.truth.numbers) != len(self.answer.numbers):
            return tr("Both need as many numbers: one for each thing that can happen.")
        return ""

    def _main_point(self, found: Entropies) -> str:
        scaled = any(abs(sum(one.numbers) - 1) > WHOLE for one in (self.truth, self.answer))
        truth, answer = self.distributions
        impossible = [at + 1 for at, q in enumerate(answer) if q == 0 and truth[at] > 0]
        said = [tr("Divided by their sum.")] if scaled else []
        if impossible:
            said.append(
                tr(
                    "The answer calls {number} impossible, and it happens: the cross-entropy would "
                    "be infinite, were a probability of 0 not held at the smallest number.",
                    number=impossible[0],
                )
            )
        elif found.relative < WHOLE:
            said.append(
                tr(
                    "The answer is the truth: the cross-entropy is the entropy, {entropy}, and no "
                    "answer can have less.",
                    entropy=self._shown(found.entropy),
                )
            )
        else:
            said.append(
                tr(
                    "Cross-entropy {cross} = entropy {entropy} + relative entropy {relative}. Only "
                    "the last can be trained away: it is 0 where the answer is the truth.",
                    cross=self._shown(found.cross),
                    entropy=self._shown(found.entropy),
                    relative=self._shown(found.relative),
                )
            )
        return " ".join(said)

    def _shown(self, nats: float) -> str:
        value = abs(nats) if abs(nats) < WHOLE else nats
        return f"{value / log(2):.3f}" if self.unit.key == "bits" else f"{value:.3f}"

    def _name(self) -> None:
        self.unit.set_items([("nats", tr("nats")), ("bits", tr("bits"))])
        self.unit.setAccessibleName(tr("Unit"))
        self.unit.setToolTip(tr("Nats go with e, as the losses do; bits with 2."))
        self._first.setText("p")
        self._second.setText("q")
        help_words = tr(
            "A probability for each thing that can happen; they are divided by their sum."
        )
        for words, field, name in (
            (self._first, self.truth, tr("Truth p")),
            (self._second, self.answer, tr("Answer q")),
        ):
            words.setFont(font())
            words.setToolTip(name)
            field.setAccessibleName(name)
            field.set_help(help_words)
