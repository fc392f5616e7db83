"""How many samples of each class there are, by part or source; of values, how they are spread."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from nnstudio.gui.theme import kind_colours, mixed, theme, themes
from nnstudio.gui.views.data.number_table import NumberTable
from nnstudio.gui.views.data.page import Names, Page
from nnstudio.gui.views.data.spreads import SpreadRow, numbers_in_words, rows_of_spread
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.views.samples import PARTS, kinds_of
from nnstudio.gui.widgets.facts_line import FactsLine
from nnstudio.gui.widgets.numerals import grouped, percent
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.select import Select
from nnstudio.runs.data_summary import DataSummary
from nnstudio.texts import tr
from nnstudio.training.experiment import Experiment
from nnstudio.training.prepared import PreparedData

FAINT: Final = 0.5
EVEN: Final = 1.005
"""Classes that differ by less than this are as good as equal."""


class BalancePage(Page):
    """A row for each class with a bar for each part; a click shows its samples.

    Knows the summary, the names of the sources, and by which of the two columns it counts.
    """

    def __init__(self) -> None:
        super().__init__()
        self._summary: DataSummary | None = None
        self._sources: Names = ()
        self._output = 0
        self.by = SegmentedControl(_ways())
        self.by.chosen.connect(lambda _key: self._refresh())
        self.outputs = Select()
        self.outputs.chosen.connect(self._choose_output)
        self.classes = NumberTable()
        self.classes.picked.connect(self.class_wished)
        self.spreads = SpreadRow(3)
        self.facts = FactsLine()
        self.head = QWidget()
        head = QHBoxLayout(self.head)
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.by)
        head.addWidget(self.outputs)
        head.addStretch(1)
        body = QWidget()
        self._body = QStackedLayout(body)
        self._body.addWidget(self.classes)
        self._body.addWidget(self.spreads)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(body, 1)
        column.addWidget(self.facts)
        themes.changed.connect(self._name)
        self._name()

    def show_data(self, data: PreparedData, experiment: Experiment, sources: Names) -> None:
        """Take what the sources are called."""
        del data, experiment
        self._sources = sources

    def show_summary(self, summary: DataSummary | None) -> None:
        """Show how many samples of each class there are."""
        self._summary = summary
        self._refresh()

    def table(self) -> str:
        """Give the counts of every class, part and source as CSV; of values their spread."""
        summary = self._summary
        if summary is None:
            return ""
        parts = [key for key, _ in PARTS]
        if summary.counts is None:
            return csv_text(
                ["output", "part", "from", "to", "samples"],
                (
                    [at + 1, part, *row]
                    for at, spreads in enumerate(summary.targets)
                    for part, one in zip(parts, spreads, strict=True)
                    for row in rows_of_spread(one)
                ),
            )
        names, counts = kinds_of(summary.data), summary.counts
        sources = self._sources if len(self._sources) == counts.shape[1] else ("",)
        return csv_text(
            ["class", "part", "source", "samples"],
            (
                [name, part, source, int(counts[at_part, at_source, at])]
                for at, name in enumerate(names)
                for at_part, part in enumerate(parts)
                for at_source, source in enumerate(sources)
            ),
        )

    def _refresh(self) -> None:
        summary = self._summary
        if summary is None:
            return
        self.by.setVisible(summary.counts is not None and summary.data.mixture is not None)
        several = summary.counts is None and len(summary.targets) > 1
        self.outputs.setVisible(several)
        if self.head is not None:
            self.head.setVisible(not (self.by.isHidden() and self.outputs.isHidden()))
        if summary.counts is None:
            self._show_values(summary)
            return
        self._body.setCurrentWidget(self.classes)
        by_source = self.by.key == "source" and summary.data.mixture is not None
        counts = summary.counts[0] if by_source else summary.counts.sum(axis=1)
        names = self._sources if by_source else tuple(tr(title) for _, title in PARTS)
        colours = kind_colours(len(names)) if by_source else _part_colours()
        self._show_classes(summary, counts, names, colours)
        self.facts.set_facts(self._in_words(summary, by_source=by_source))

    def _show_classes(
        self,
        summary: DataSummary,
        counts: NDArray[np.int64],
        names: Names,
        colours: tuple[QColor, ...],
    ) -> None:
        # a part or a source without samples has nothing to compare
        shown = [at for at in range(len(counts)) if counts[at].any()]
        kinds = kinds_of(summary.data)
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        longest = float(shares.max(initial=0)) or 1.0
        training = counts.sum(axis=0) if len(names) != len(PARTS) else counts[0]
        total = int(training.sum()) or 1

        def cell(row: int, column: int) -> str:
            if column < 2:
                return kinds[row] if column == 0 else ""
            if column == 2 + len(shown):
                return percent(training[row] / total, digits=1)
            return grouped(int(counts[shown[column - 2], row]))

        self.classes.show_cells(
            (tr("Class"), "", *(names[at] for at in shown), tr("Share")),
            len(kinds),
            cell,
            bars=lambda row: tuple((colours[at], shares[at, row] / longest) for at in shown),
            tips=(
                tr("A click shows the samples of the class."),
                tr("How large the share of the class is in each column."),
                *("" for _ in shown),
                tr("Share of the training samples."),
            ),
            keys=(None, None, *(colours[at] for at in shown)),
        )

    def _in_words(self, summary: DataSummary, *, by_source: bool) -> list[str]:
        if summary.counts is None:
            return []
        counts, names = summary.counts[0].sum(axis=0), kinds_of(summary.data)
        if by_source:
            drawn = ", ".join(
                f"{name} {percent(one.share, digits=0)}"
                for name, one in zip(self._sources, summary.data.facts.sources, strict=True)
            )
            return [tr("Drawn in an epoch: {shares}", shares=drawn)]
        most, least = int(counts.argmax()), int(counts.argmin())
        if not counts[least]:
            return [tr("No training sample of {name}", name=names[least])]
        times = counts[most] / counts[least]
        if times < EVEN:
            return [tr("All classes have the same number of training samples")]
        return [
            tr("Most: {name}, {count}", name=names[most], count=grouped(int(counts[most]))),
            tr("fewest: {name}, {count}", name=names[least], count=grouped(int(counts[least]))),
            tr("{times} times as many", times=f"{times:.3g}"),
        ]

    def _show_values(self, summary: DataSummary) -> None:
        self._body.setCurrentWidget(self.spreads)
        names = summary.data.class_names or tuple(
            tr("Output {number}", number=at + 1) for at in range(len(summary.targets))
        )
        self.outputs.set_items([(str(at), tr(name)) for at, name in enumerate(names)])
        self._output = min(self._output, len(summary.targets) - 1)
        self.outputs.choose(str(self._output))
        parts = summary.targets[self._output]
        self.spreads.show_spreads(
            [(tr(title), one) for (_, title), one in zip(PARTS, parts, strict=True)], common=True
        )
        self.facts.set_facts(numbers_in_words(parts[0]))

    def _choose_output(self, key: str) -> None:
        self._output = int(key)
        self._refresh()

    def _name(self) -> None:
        self.by.set_items(_ways())
        self.by.setAccessibleName(tr("What is compared"))
        self.by.setToolTip(tr("Compare the parts, or the sources of the mixture."))
        self.outputs.setAccessibleName(tr("Output"))
        self.outputs.setToolTip(tr("Which of the values is shown."))
        self.classes.setAccessibleName(tr("Samples of each class"))
        self._refresh()


def _ways() -> list[tuple[str, str]]:
    return [("part", tr("By part")), ("source", tr("By source"))]


def _part_colours() -> tuple[QColor, ...]:
    now = theme()
    return now.score, mixed(now.score, now.panel, FAINT), now.earlier
