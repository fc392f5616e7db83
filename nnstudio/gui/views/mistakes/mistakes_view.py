"""The view of the mistakes: wrong answers by how sure they are; a click sends one to the canvas."""

from typing import ClassVar, Final

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QWidget

from nnstudio.gui.views.answer_listing import Listing, headings_of
from nnstudio.gui.views.answering import AnsweringView
from nnstudio.gui.views.exporting import Exporter, csv_text, picture_of
from nnstudio.gui.views.mistakes.listing import (
    Pair,
    cases_of,
    pairs_of,
    summary_of,
    title_of,
)
from nnstudio.gui.views.sample_shelf import SampleShelf
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.select import Select
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.runs.answers import Answers
from nnstudio.texts import mark, tr
from nnstudio.training.prepared import PreparedData, Rows

LINES: Final = 2


class MistakesView(AnsweringView):
    """Wrong answers, the surest first; of values the samples that are farthest off.

    Knows the pair of classes that is chosen; `sample_chosen` tells the row of a sample.
    """

    name: ClassVar[str] = "mistakes"
    title: ClassVar[str] = mark("Mistakes")

    def __init__(self) -> None:
        super().__init__()
        self._pair: Pair | None = None
        self._pairs: dict[str, Pair] = {}
        self._cases: Rows = np.empty(0, np.int64)
        self.pairs = Select()
        self.pairs.chosen.connect(self._choose_pair)
        self.shelf = SampleShelf()
        self.shelf.picked.connect(self._pick)
        self.sentence = Sentence()
        self.sentence.set_most(LINES)
        self.none = EmptyState("")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.parts)
        top.addStretch(1)
        top.addWidget(self.pairs)
        # a stack without a place shows its first page as a window of its own
        place = QWidget(self)
        self._body = QStackedLayout(place)
        self._body.addWidget(self.shelf)
        self._body.addWidget(self.none)
        self.column.addLayout(top)
        self.column.addWidget(place, 1)
        self.column.addWidget(self.sentence)
        self.exporter = Exporter(
            self,
            title=lambda: tr(self.title),
            picture=self.picture,
            table=self.table,
        )
        self.exporter.failed.connect(self.export_failed)
        self.retell()

    @property
    def cases(self) -> Rows:
        """The mistakes that are shown, by their number among the answers."""
        return self._cases

    def minimumSizeHint(self) -> QSize:
        """Give a small size: samples lie on pages."""
        return QSize(300, 160)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer the picture and the numbers."""
        self.exporter.fill_menu(menu)

    def picture(self) -> QImage:
        """Give what is shown as a picture."""
        return picture_of(self.filled)

    def table(self) -> str:
        """Give the mistakes that are chosen as CSV."""
        answers = self.answers
        if answers is None:
            return ""
        listed = Listing(answers, self._cases, self.names)
        return csv_text(
            [tr("sample"), *headings_of(answers)], [[one.row, *one.columns] for one in listed]
        )

    def show_found(self, answers: Answers, data: PreparedData) -> None:
        """Show the mistakes among `answers`."""
        self._offer_pairs(answers)
        cases = cases_of(answers, self._pair)
        same = np.array_equal(cases, self._cases)
        self._cases = cases
        self.sentence.say(summary_of(answers, cases, self.names))
        if not len(cases):
            self.none.set_texts(
                tr("No mistakes"),
                tr("Every sample of this part is answered right.")
                if self._pair is None
                else tr("There are none of this kind any more."),
            )
            self._body.setCurrentWidget(self.none)
            return
        self._body.setCurrentWidget(self.shelf)
        if not same:
            self.shelf.to_start()
        self.shelf.show_samples(
            data,
            Listing(answers, cases, self.names),
            headings_of(answers),
        )

    def _offer_pairs(self, answers: Answers) -> None:
        found = pairs_of(answers)
        self._pairs = {pair.key: pair for pair, _ in found}
        if self._pair is not None:
            self._pairs.setdefault(self._pair.key, self._pair)
        counts = {pair.key: count for pair, count in found}
        labels = answers.task == "labels"
        items = [("", tr("All pairs"))]
        for key, pair in self._pairs.items():
            called = title_of(pair, self.names, labels=labels)
            items.append((key, f"{called}  ({grouped(counts.get(key, 0))})"))
        self.pairs.set_items(items)
        self.pairs.choose("" if self._pair is None else self._pair.key)
        self.pairs.setVisible(answers.task != "values")

    def _choose_pair(self, key: str) -> None:
        self._pair = self._pairs.get(key)
        self.shelf.to_start()
        if self.answers is not None and self._data is not None:
            self.show_found(self.answers, self._data)

    def _pick(self, at: int) -> None:
        answers = self.answers
        if answers is None or at >= len(self._cases):
            return
        case = int(self._cases[at])
        sample = case if answers.task == "values" else answers.sample_of(case)
        self.sample_chosen.emit(int(answers.rows[sample]))

    def retell(self) -> None:
        """Say everything again, as the theme or with it the language has changed."""
        self.pairs.setAccessibleName(tr("Truth and answer"))
        self.pairs.setToolTip(tr("Show the mistakes of one kind alone."))
        super().retell()
