"""The ablation table of a case as bars: each cause mended alone, and all but each."""

from itertools import groupby
from math import ceil
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from nnstudio.gui.theme import font, theme, themes
from nnstudio.gui.views.guide.ablation_rows import ShownRow, sentence_of, shown_rows
from nnstudio.gui.widgets.cards import Words, clear
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.page import Page
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.runs.ablations import Ablation, AblationTable
from nnstudio.runs.guides import Guide
from nnstudio.texts import mark, tr

BAR_PX: Final = 6
LINE_PX: Final = 20
BAR_ROOM_PX: Final = 14
NUMBER_PX: Final = 56
HEADINGS: Final = {
    "as it was": "",
    "alone": mark("One cause mended"),
    "all but": mark("All mended but one"),
    "some": mark("Several mended"),
    "healed": "",
}
WRAPPED: Final = int(
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
)
RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Bar(QWidget):
    """One row: its words, which wrap, a bar, and the number."""

    def __init__(self, row: ShownRow) -> None:
        super().__init__()
        self.row = row
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{row.words}: {row.number}")
        self.setToolTip("\n".join(one for one in (row.words, row.number, row.other) if one))
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Give a line of words and a bar."""
        return QSize(160, LINE_PX + BAR_ROOM_PX)

    def hasHeightForWidth(self) -> bool:
        """Need more lines where there is less width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give all lines of its words, and a bar."""
        return ceil(self._words_in(width)) + BAR_ROOM_PX

    def _words_in(self, width: float) -> float:
        room = QRectF(0, 0, width - NUMBER_PX - 8, 1000)
        words = QFontMetricsF(self._font()).boundingRect(room, WRAPPED, self.row.words)
        return max(float(LINE_PX), words.height() + 2)

    def _font(self) -> QFont:
        return font(12, 600 if self.row.marked else 400)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw words and bar; the one that matters most in the accent."""
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, whole = self.row, QRectF(self.rect())
        painter.setFont(self._font())
        painter.setPen(now.text if row.marked else now.text2)
        height = self._words_in(whole.width())
        painter.drawText(QRectF(0, 0, whole.width() - NUMBER_PX - 8, height), WRAPPED, row.words)
        painter.setFont(font(12, 600))
        painter.setPen(now.text)
        # beside the last line, over the end of the bar
        beside = QRectF(0, height - LINE_PX, whole.width(), LINE_PX)
        painter.drawText(beside, RIGHT, row.number)
        trough = QRectF(0, height + 2, whole.width(), BAR_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(now.line)
        painter.drawRoundedRect(trough, 3, 3)
        if row.value:
            painter.setBrush(now.accent if row.marked else now.earlier)
            width = max(BAR_PX, min(1.0, row.value) * trough.width())
            painter.drawRoundedRect(QRectF(0, trough.top(), width, BAR_PX), 3, 3)


class TablePage(Page):
    """The user sees which cause matters; it knows the tables of one case."""

    def __init__(self) -> None:
        super().__init__()
        self._guide: Guide | None = None
        self._ablation: Ablation | None = None
        self.lengths = SegmentedControl(())
        self.lengths.setAccessibleName(tr("Length of the runs"))
        self.lengths.chosen.connect(lambda _key: self._show())
        self.sentence = Words()
        self._told = Words(role="second", px=12)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self._command = Words(role="third", px=11)
        for widget in (self.lengths, self.sentence, self._told):
            self.column.addWidget(widget)
        self.column.addLayout(self._rows)
        self.column.addWidget(self._command)
        self.column.addStretch(1)
        self.bars: list[Bar] = []

    @property
    def table(self) -> AblationTable | None:
        """The table that is shown."""
        if self._ablation is None or not self._ablation.tables:
            return None
        key = self.lengths.key
        return next(
            (one for one in self._ablation.tables if str(one.steps) == key),
            self._ablation.tables[0],
        )

    def show_ablation(self, guide: Guide, ablation: Ablation | None) -> None:
        """Show the tables of a case."""
        if (guide, ablation) == (self._guide, self._ablation):
            return
        self._guide, self._ablation = guide, ablation
        tables = () if ablation is None else ablation.tables
        self.lengths.set_items(
            [(str(one.steps), tr("{steps} steps", steps=grouped(one.steps))) for one in tables]
        )
        self.lengths.setVisible(len(tables) > 1)
        self._show()

    def _show(self) -> None:
        guide, table, ablation = self._guide, self.table, self._ablation
        clear(self._rows)
        self.bars = []
        if guide is None or table is None or ablation is None:
            self.sentence.say(tr("There is no table of this case."))
            return
        self.sentence.say(sentence_of(guide, table))
        self._told.say(
            tr(
                "The same network with some of its causes mended, after {steps} steps each: "
                "accuracy, or loss where nothing else tells them apart.",
                steps=grouped(table.steps),
            )
        )
        for kind, rows in groupby(shown_rows(guide, table), key=lambda row: row.kind):
            heading = HEADINGS[kind]
            if heading:
                words = Words(tr(heading), role="third", px=12, weight=600)
                words.setContentsMargins(0, 8, 0, 2)
                self._rows.addWidget(words)
            for row in rows:
                bar = Bar(row)
                self.bars.append(bar)
                self._rows.addWidget(bar)
        self._command.say(tr("Computed by: {command}", command=ablation.command))
