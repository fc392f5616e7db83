"""SourceChip: one source of several as a chip with its share, and its settings under it."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel

from nnstudio.data.catalogue.imported import Imported
from nnstudio.gui.forms.chips import CHIP_PX, INNER_PX, Chip, ChipLabel
from nnstudio.gui.forms.field_part import FieldPart
from nnstudio.gui.forms.part import UNKNOWN, Part, Shown
from nnstudio.gui.forms.remedies import Remedies
from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX, Complaint, ElidingLabel, Mark
from nnstudio.gui.forms.source_part import SourcePart
from nnstudio.gui.theme import font
from nnstudio.gui.widgets.numerals import grouped, probability
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.spec import describe
from nnstudio.texts import tr, tr_count
from nnstudio.training.experiment import WeightedSource
from nnstudio.training.sources import called

OFTEN: Final = 20
"""Samples that come so many times an epoch are told of, opened or not."""
WEIGHT = next(one for one in describe(WeightedSource) if one.name == "weight")


class SourceChip(Part):
    """A source: its name and share in the chip, weight and settings in rows below.

    Knows its own source, and of the others what share they leave to it.
    """

    remove_wished = Signal()
    opened_changed = Signal()
    import_requested = Signal()
    folder_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown = Shown(None)
        self._more = False
        self._sets: tuple[Imported, ...] = ()
        self.mark = Mark(self)
        self.mark.setFixedHeight(CHIP_PX)
        self.mark.clicked.connect(self._take_back)
        self.chip = Chip(fixed=False)
        self.chip.setToolTip(tr("Click for the weight and all settings of this source."))
        self.chip.opened.connect(lambda: self.set_opened(opened=not self.opened))
        self.chip.remove_wished.connect(self.remove_wished)
        self.title = ElidingLabel(weight=600)
        self.share = ChipLabel(role="text3", px=12)
        self.share.setToolTip(tr("Its share of the samples of an epoch; weights decide."))
        remove = IconButton("cross", tr("Remove this source (Delete)."))
        remove.setFixedSize(INNER_PX, INNER_PX)
        remove.setStyleSheet("QToolButton { padding: 2px; } QToolButton:focus { padding: 1px; }")
        remove.clicked.connect(self.remove_wished)
        self.chip.add(self.title)
        self.chip.line.addStretch(1)
        self.chip.add(self.share)
        self.chip.add(remove)
        self._times = 0.0
        self.counts = QLabel()
        self.counts.setWordWrap(True)
        self.counts.setFont(font(12))
        self.counts.setProperty("role", "second")
        self.counts.setContentsMargins(MARGIN_PX, 2, GUTTER_PX, 4)
        self.counts.hide()
        self.complaint = Complaint(self)
        self.remedies = Remedies()
        self.remedies.wished.connect(self.remedy_wished)
        self._rows: tuple[SourcePart, FieldPart] | None = None
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, GUTTER_PX, 0)
        line.setSpacing(0)
        line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.chip, 1)
        self.column.addLayout(line)
        self.column.addWidget(self.counts)
        self.column.addWidget(self.complaint)
        self.column.addWidget(self.remedies)

    @property
    def source(self) -> SourcePart:
        """The rows of the source; made when they are first to be seen."""
        return self._made()[0]

    @property
    def weight(self) -> FieldPart:
        """The row of the weight."""
        return self._made()[1]

    @property
    def opened(self) -> bool:
        """Whether weight and settings are to be seen."""
        return self._rows is not None and not self._rows[0].isHidden()

    def set_opened(self, *, opened: bool) -> None:
        """Show or hide weight and settings."""
        if opened == self.opened:
            return
        # a row of the weight hides and shows itself as its value changes
        for part in self._made():
            part.setVisible(opened)
        self.chip.show_opened(opened=opened)
        self._settle_counts()
        self.opened_changed.emit()

    def show_sets(self, sets: tuple[Imported, ...]) -> None:
        """Offer these imported sets."""
        self._sets = sets
        if self._rows is not None:
            self._rows[0].show_sets(sets)

    def show_share(self, share: float) -> None:
        """Say which share of an epoch the source has, 0 to 1."""
        self.share.setText(probability(share))
        named = tr("{source}: {share}", source=self.title.text(), share=self.share.text())
        self.chip.setAccessibleName(named)

    def show_counts(self, known: tuple[int, int] | None) -> None:
        """Say how many training samples there are and, of these, how many come in an epoch."""
        own, comes = known or (0, 0)
        self._times = comes / own if own else 0.0
        self.counts.setText(_counts_in_words(own, comes) if own else "")
        self._settle_counts()

    def _settle_counts(self) -> None:
        told = bool(self.counts.text())
        self.counts.setVisible(told and (self.opened or self._times >= OFTEN))

    def show_new(self) -> None:
        """Say that the current run has no such source."""
        self.mark.set_state(tr("Not in the current run; applies at restart."), filled=True)

    def show_this(self, shown: Shown) -> None:
        """Show a weighted source."""
        self._shown = shown
        self.title.setText(str(called(shown.value.source)))
        self._show_rows()
        own = tuple(one for one in shown.problems if not one.path)
        if len(own) < len(shown.problems):
            self.set_opened(opened=True)
        self.complaint.say(*(str(one.message) for one in own))
        self.remedies.show_problems(own)
        waits = shown.running is not UNKNOWN and shown.running != shown.value
        about = tr("Applies at restart; click to go back to what the run uses.") if waits else ""
        self.mark.set_state(about, filled=True)

    def inner(self) -> tuple[Part, ...]:
        """Give the rows, when they were made."""
        return () if self._rows is None else self._rows[::-1]

    @property
    def wrong(self) -> bool:
        """Whether anything here is refused or has a problem."""
        return bool(self.complaint.text()) or super().wrong

    @property
    def advanced_count(self) -> int:
        """How many rows of the source are seen only by those who ask for more."""
        return self._rows[0].advanced_count if self._rows is not None and self.opened else 0

    def set_more(self, *, more: bool) -> None:
        """Show the advanced rows too, or only those that matter."""
        self._more = more
        if self._rows is not None:
            self._rows[0].set_more(more=more)

    def _made(self) -> tuple[SourcePart, FieldPart]:
        if self._rows is None:
            source = SourcePart()
            weight = FieldPart(WEIGHT)
            self._rows = (source, weight)
            source.set_more(more=self._more)
            source.show_sets(self._sets)
            source.import_requested.connect(self.import_requested)
            source.folder_requested.connect(self.folder_requested)
            self.passes(source, lambda value: self._take(source=value))
            self.passes(weight, lambda value: self._take(weight=value))
            self._show_rows()
            # the weight is what a mixture is about, and the rows of a source are many
            for part in (weight, source):
                part.hide()
                self.column.addWidget(part)
        return self._rows

    def _show_rows(self) -> None:
        if self._rows is not None and self._shown.value is not None:
            opened = self.opened
            source, weight = self._rows
            weight.set_more(more=True)
            source.show_this(self._shown.field("source"))
            weight.show_this(self._shown.field("weight"))
            weight.setVisible(opened)

    def _take_back(self) -> None:
        if self._shown.running is not UNKNOWN:
            self._take_whole(self._shown.running)

    def _take(self, **values: Any) -> None:
        self._take_whole(replace(self._shown.value, **values))

    def _take_whole(self, changed: Any) -> None:
        if changed != self._shown.value:
            self.show_this(replace(self._shown, value=changed))
            self.edited.emit(changed)


def _counts_in_words(own: int, comes: int) -> str:
    """Say how many samples a source has, and how often one of them comes in an epoch."""
    times = round(comes / own)
    if times > 1:
        return tr_count(
            "{count} training sample, seen about {times} times an epoch",
            "{count} training samples, each seen about {times} times an epoch",
            own,
            count=grouped(own),
            times=grouped(times),
        )
    return tr_count(
        "{count} training sample; {comes} in each epoch",
        "{count} training samples; {comes} in each epoch",
        own,
        count=grouped(own),
        comes=grouped(comes),
    )
