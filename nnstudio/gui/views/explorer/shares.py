"""Softmax of numbers that can be typed, beside the numbers themselves and their maximum."""

from typing import ClassVar

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from nnstudio.gui.theme import font, theme
from nnstudio.gui.views.explorer.numbers_field import NumbersField
from nnstudio.gui.views.explorer.page import Page
from nnstudio.gui.views.explorer.scales import number
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.grouped_bars import BarSeries, GroupedBars
from nnstudio.gui.widgets.numerals import percent
from nnstudio.runs.exploring import softmax_of
from nnstudio.texts import mark, tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.facts import DataFacts

EXAMPLE = (1.0, 2.0, 5.0, 3.0)


class SharesPage(Page):
    """Numbers, their softmax and their maximum as bars on one scale."""

    key: ClassVar[str] = "softmax"
    title: ClassVar[str] = mark("Softmax")

    def __init__(self) -> None:
        super().__init__()
        self.numbers = NumbersField(EXAMPLE)
        self.numbers.taken.connect(self.draw)
        self.bars = GroupedBars()
        self._words = QLabel()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._words)
        row.addWidget(self.numbers, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.bars, 1)
        self.draw()

    def show_experiment(
        self, experiment: Experiment, facts: DataFacts | None, losses: tuple[float, ...]
    ) -> None:
        """Take nothing: the numbers are those that are typed."""

    def draw(self) -> None:
        """Draw numbers, softmax and maximum."""
        self._name()
        if self.numbers.problem:
            self.say(self.numbers.problem)
            return
        given, now = self.numbers.numbers, theme()
        shares = softmax_of(given).tolist()
        best = int(np.argmax(given))
        only = tuple(one if at == best else 0.0 for at, one in enumerate(given))
        said = self._main_point(given, shares)
        self.bars.show_bars(
            tuple(str(at + 1) for at in range(len(given))),
            (
                BarSeries(tr("numbers"), now.text3, given, tuple(number(one) for one in given)),
                BarSeries(
                    tr("softmax"),
                    now.accent_text,
                    tuple(shares),
                    tuple(f"{one:.2f}" if one >= 0.005 else number(one) for one in shares),
                ),
                BarSeries(
                    tr("maximum"),
                    now.score,
                    only,
                    tuple(number(one) if at == best else "" for at, one in enumerate(only)),
                ),
            ),
            said,
        )
        self.say(said)

    def table(self) -> str:
        """Give numbers and shares."""
        given = self.numbers.numbers
        return csv_text(("number", "softmax"), zip(given, softmax_of(given).tolist(), strict=True))

    def _main_point(self, given: tuple[float, ...], shares: list[float]) -> str:
        order = np.argsort(given)
        best, second = int(order[-1]), int(order[-2])
        listed = ", ".join(f"{one:.3f}" for one in shares)
        if given[best] == given[second]:
            return tr(
                "Shares: {shares}. The largest numbers are equal, and so are they.", shares=listed
            )
        return tr(
            "Shares: {shares}. The largest number is ahead by {ahead} and gets {share}: e to that, "
            "{times} times as much as the next one. Only differences count.",
            shares=listed,
            ahead=number(given[best] - given[second]),
            share=percent(shares[best], digits=0),
            times=number(shares[best] / shares[second]) if shares[second] else "∞",
        )

    def _name(self) -> None:
        self._words.setText(tr("Numbers"))
        self._words.setFont(font())
        self.numbers.setAccessibleName(tr("Numbers"))
        self.numbers.set_help(tr("Numbers with commas or spaces between them."))
