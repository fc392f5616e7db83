"""How the inputs are spread, raw and scaled, and which of them never change."""

from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.theme import font, themes
from nnstudio.gui.views.data.number_table import NumberTable
from nnstudio.gui.views.data.page import Page
from nnstudio.gui.views.data.spreads import SpreadRow, numbers_in_words
from nnstudio.gui.views.exporting import csv_text
from nnstudio.gui.widgets.colour_bar import ColourBar
from nnstudio.gui.widgets.facts_line import FactsLine
from nnstudio.gui.widgets.image_grid import ImageGrid, TileHit
from nnstudio.gui.widgets.numerals import brief, grouped
from nnstudio.runs.data_summary import DataSummary
from nnstudio.texts import tr, tr_count

BESIDE_PX: Final = 300
MANY_ZEROS: Final = 0.3
"""With so many zeros the other bars could not be seen without a logarithm."""
LISTED: Final = 6
LEAST_WORDS_PX: Final = 48


class ValuesPage(Page):
    """Two histograms; under them a map of inputs that never change, or a table of all inputs.

    Knows the summary and whether bars are by the logarithm of counts.
    """

    def __init__(self) -> None:
        super().__init__()
        self._summary: DataSummary | None = None
        self._logarithmic: bool | None = None
        self.spreads = SpreadRow(2)
        mapped = self._mapped()
        self.numbers = NumberTable()
        self.facts = FactsLine()
        body = QWidget()
        self._body = QStackedLayout(body)
        self._body.addWidget(mapped)
        self._body.addWidget(self.numbers)
        content = QWidget()
        content.setObjectName("content")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(8)
        inner.addWidget(self.spreads, 2)
        inner.addWidget(body, 3)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(scroll, 1)
        column.addWidget(self.facts)
        themes.changed.connect(self._name)
        self._name()

    def _mapped(self) -> QWidget:
        self.map = ImageGrid()
        self.map.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.map.setMinimumSize(84, 84)
        self.map.hovered.connect(self._hover)
        self.bar = ColourBar()
        self.map_title = QLabel()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setProperty("role", "second")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # by itself it would ask for the height that it needs where it is one word wide
        self.sentence.setMinimumSize(1, LEAST_WORDS_PX)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        mapped = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, mapped)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        legend = QVBoxLayout()
        legend.setSpacing(4)
        coloured = QHBoxLayout()
        coloured.setSpacing(8)
        coloured.addWidget(self.bar)
        coloured.addWidget(self.map, 1)
        legend.addWidget(self.map_title)
        legend.addLayout(coloured, 1)
        self._row.addLayout(legend, 1)
        self._row.addWidget(self.sentence, 1)
        return mapped

    def show_summary(self, summary: DataSummary | None) -> None:
        """Show how the inputs of these data are spread."""
        self._summary = summary
        self._refresh()

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the other scale for the bars."""
        entry = menu.addAction(tr("Bars by the logarithm of the counts"))
        entry.setCheckable(True)
        entry.setChecked(self._is_logarithmic())
        entry.triggered.connect(self._turn_logarithmic)

    def table(self) -> str:
        """Give the ends of every input as CSV; the bins of both spreads follow."""
        summary = self._summary
        if summary is None:
            return ""
        lines: list[list[object]] = [
            [at + 1, float(low), float(high), bool(constant)]
            for at, (low, high, constant) in enumerate(
                zip(summary.lowest, summary.highest, summary.constant, strict=True)
            )
        ]
        written = csv_text(["input", "lowest", "highest", "constant"], lines)
        if summary.raw is None or summary.scaled is None:
            return written
        bins: list[list[object]] = []
        for name, one in (("raw", summary.raw), ("scaled", summary.scaled)):
            edges = zip(one.edges[:-1].tolist(), one.edges[1:].tolist(), strict=True)
            counted = zip(edges, one.counts.tolist(), strict=True)
            bins += [[name, low, high, count] for (low, high), count in counted]
        return written + "\n" + csv_text(["values", "from", "to", "count"], bins)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sentence under the map where there is no room beside it."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        beside = self.width() >= BESIDE_PX
        self._row.setDirection(across if beside else down)
        self._row.setStretch(1, 1 if beside else 0)

    def _refresh(self) -> None:
        summary = self._summary
        if summary is None:
            return
        logarithmic = self._is_logarithmic()
        titles = (tr("Raw (log)"), tr("Scaled (log)")) if logarithmic else (tr("Raw"), tr("Scaled"))
        spreads = list(zip(titles, (summary.raw, summary.scaled), strict=True))
        self.spreads.show_spreads(spreads, logarithmic=logarithmic)
        pictures = summary.data.image_shape
        if pictures is None:
            self._show_numbers(summary)
        else:
            shades = (summary.mean - np.nanmin(summary.mean)).reshape(1, *pictures)
            self.map.set_tiles(
                shades.astype(np.float32), limit=float(np.nanmax(shades, initial=0.0)) or 1.0
            )
            low, high = np.nanmin(summary.mean), np.nanmax(summary.mean)
            self.bar.set_ends(float(low), float(high))
            self.map.set_hatching(summary.constant.reshape(pictures))
            self.sentence.setText("\n".join(constants_in_words(summary)))
        self._body.setCurrentIndex(1 if pictures is None else 0)
        self._say()

    def _show_numbers(self, summary: DataSummary) -> None:
        moments = summary.moments
        low, high, same = summary.lowest, summary.highest, summary.constant

        def cell(row: int, column: int) -> str:
            if column == 0:
                return grouped(row + 1)
            if column in {1, 2}:
                return brief(float((low, high)[column - 1][row]))
            if column == 3:
                return "" if moments is None else brief(float(moments.mean[row]))
            if column == 4:
                return "" if moments is None else brief(float(moments.deviation[row]))
            return tr("never changes") if same[row] else ""

        self.numbers.show_cells(
            (
                tr("Input"),
                tr("Lowest"),
                tr("Highest"),
                tr("Mean"),
                tr("Deviation"),
                *([""] if same.any() else []),
            ),
            len(low),
            cell,
        )

    def _hover(self, hit: TileHit | None) -> None:
        summary = self._summary
        if summary is None or hit is None or summary.data.image_shape is None:
            self._say()
            return
        at = hit.row * summary.data.image_shape[1] + hit.column
        place = tr("input ({row}, {column})", row=hit.row, column=hit.column)
        low, high = (brief(float(one[at])) for one in (summary.lowest, summary.highest))
        self.facts.set_facts(
            [place, tr("always {value}", value=low)]
            if summary.constant[at]
            else [
                place,
                tr("from {low} to {high}", low=low, high=high),
                tr("mean {mean}", mean=brief(float(summary.mean[at]))),
            ]
        )

    def _say(self) -> None:
        summary = self._summary
        if summary is None:
            return
        told = numbers_in_words(summary.raw)
        if summary.data.image_shape is None:
            told = [*constants_in_words(summary)[:1], *told]
        self.facts.set_facts(told)

    def _is_logarithmic(self) -> bool:
        raw = None if self._summary is None else self._summary.raw
        if self._logarithmic is not None or raw is None:
            return bool(self._logarithmic)
        return raw.zeros > MANY_ZEROS * int(raw.counts.sum())

    def _turn_logarithmic(self) -> None:
        self._logarithmic = not self._is_logarithmic()
        self._refresh()

    def _name(self) -> None:
        self.sentence.setFont(font(12))
        self.map_title.setFont(font(11))
        self.map_title.setProperty("role", "second")
        self.map_title.setText(tr("Mean of each input"))
        self.bar.setAccessibleName(tr("Mean of each input"))
        self.map.setAccessibleName(tr("Mean of each input; hatched ones never change"))
        self.map.setToolTip(
            tr(
                "The stronger the colour, the larger an input is on average. Hatched ones "
                "never change."
            )
        )
        self.numbers.setAccessibleName(tr("Ends of each input"))
        self._refresh()


def constants_in_words(summary: DataSummary) -> list[str]:
    """Say how many inputs never change in training, and what that means for the network."""
    same = summary.constant
    count, all_of = int(same.sum()), len(same)
    if not count:
        return [
            tr_count(
                "The one input changes", "All {count} inputs change", all_of, count=grouped(all_of)
            )
        ]
    if summary.data.image_shape is None and count <= LISTED:
        places = ", ".join(str(at + 1) for at in np.flatnonzero(same).tolist())
        first = tr_count(
            "Input {places} never changes", "Inputs {places} never change", count, places=places
        )
    else:
        first = tr_count(
            "{count} of {all} inputs never changes",
            "{count} of {all} inputs never change",
            count,
            count=grouped(count),
            all=grouped(all_of),
        )
    told = [first]
    zeros = int(np.count_nonzero(same & (summary.lowest == 0)))
    if zeros == count:
        told.append(tr("A weight there never changes because this input is always 0."))
    elif zeros:
        told.append(
            tr_count(
                "{count} of them is always 0: a weight there never changes.",
                "{count} of them are always 0: a weight there never changes.",
                zeros,
                count=grouped(zeros),
            )
        )
    waking = int(np.count_nonzero(summary.waking))
    if waking:
        told.append(
            tr_count(
                "{count} of them does change in samples that are held out.",
                "{count} of them do change in samples that are held out.",
                waking,
                count=grouped(waking),
            )
        )
    return told
