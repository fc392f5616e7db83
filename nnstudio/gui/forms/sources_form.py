"""SourcesForm: where samples come from; one source as plain rows, several as chips with shares."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from nnstudio.data.catalogue.imported import Imported
from nnstudio.gui.forms.mixable import hindering
from nnstudio.gui.forms.part import Part, Shown
from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX, Complaint
from nnstudio.gui.forms.source_chip import SourceChip
from nnstudio.gui.forms.source_part import SETTING, SourcePart
from nnstudio.gui.forms.words import broken
from nnstudio.gui.theme import font, icon, themes
from nnstudio.spec import describe, help_of, title_of
from nnstudio.texts import tr
from nnstudio.training.experiment import DataSettings, WeightedSource
from nnstudio.training.facts import DataFacts
from nnstudio.training.mixture import apportioned
from nnstudio.training.sources import called

MOST: Final = next(one for one in describe(DataSettings) if one.name == "sources").maximum_length
BETWEEN_PX: Final = 4
MOST_IN_MENU: Final = 12


class SourcesForm(Part):
    """The sources of a mixture: add, remove, weigh. Of one alone no weight is spoken of.

    Knows the sources shown.
    """

    rows_changed = Signal()
    import_requested = Signal(int)
    folder_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: Shown | None = None
        self._more = False
        self._sets: tuple[Imported, ...] = ()
        self._facts: DataFacts | None = None
        self.only = SourcePart()
        self.only.import_requested.connect(lambda: self.import_requested.emit(0))
        self.only.folder_requested.connect(self.folder_requested)
        self.passes(self.only, lambda source: self._take(0, source=source))
        self.chips: list[SourceChip] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(BETWEEN_PX)
        self.complaint = Complaint(self)
        self.add_button = QPushButton(tr("Add source"))
        self.add_button.setProperty("role", "link")
        self.add_button.setFont(font(13, 500))
        self.add_button.clicked.connect(self._open_menu)
        self._add_line = QWidget()
        line = QHBoxLayout(self._add_line)
        line.setContentsMargins(MARGIN_PX, 2, GUTTER_PX, 2)
        line.addWidget(self.add_button)
        line.addStretch(1)
        self.column.addWidget(self.only)
        self.column.addLayout(self._list)
        self.column.addWidget(self.complaint)
        self.column.addWidget(self._add_line)
        self._draw()
        themes.changed.connect(self._draw)

    @property
    def several(self) -> bool:
        """Whether there is a mixture to speak of."""
        return self._shown is not None and len(self._shown.value) > 1

    def show_this(self, shown: Shown) -> None:
        """Show the sources."""
        count = len(shown.value)
        if len(self.chips) != (count if count > 1 else 0):
            self._renew(count if count > 1 else 0)
        self._shown = shown
        own = tuple(one for one in shown.problems if not one.path)
        self.complaint.say(*(str(one.message) for one in own))
        self.only.setVisible(count == 1)
        if count == 1:
            self._show_only(shown.item(0))
        else:
            self._show_chips(shown)
        full = MOST is not None and count >= MOST
        self._add_line.setVisible(MOST != 1)
        self.add_button.setEnabled(not full)
        self.add_button.setToolTip(
            tr("There are at most {count} sources.", count=MOST)
            if full
            else tr("Mix samples of another source with these; weights decide how many.")
        )

    def inner(self) -> tuple[Part, ...]:
        """Give the rows of the only source, or the chips of all."""
        return tuple(self.chips) if self.several else (self.only,)

    @property
    def wrong(self) -> bool:
        """Whether anything here is refused or has a problem."""
        return bool(self.complaint.text()) or super().wrong

    def refuse(self, reason: str | None) -> None:
        """Say under the sources why they were not taken."""
        self.complaint.say(*((reason,) if reason else ()))

    def set_more(self, *, more: bool) -> None:
        """Show the advanced rows too, or only those that matter."""
        self._more = more
        self.only.set_more(more=more)
        for chip in self.chips:
            chip.set_more(more=more)

    def show_sets(self, sets: tuple[Imported, ...]) -> None:
        """Offer these imported sets."""
        self._sets = sets
        self.only.show_sets(sets)
        for chip in self.chips:
            chip.show_sets(sets)

    def show_facts(self, facts: DataFacts | None) -> None:
        """Say how often samples come, as the data that are loaded tell it."""
        self._facts = facts
        if self._shown is not None and self.several:
            self._tell_counts(self._shown.value)

    def fill_menu(self, menu: QMenu) -> None:
        """Offer what can be added: kinds of sources, imported sets by name, the import of one.

        Kinds that cannot be mixed with the sources that are there stand behind, with the reason.
        """
        sources = () if self._shown is None else tuple(one.source for one in self._shown.value)
        # an imported set is nothing before it is known which
        kinds = [cls for cls in SETTING.members if cls is not Imported]
        others = [cls for cls in kinds if hindering(cls, sources) is not None]
        for cls in kinds:
            if cls not in others:
                entry = menu.addAction(tr(title_of(cls)))
                entry.setToolTip(broken(tr(help_of(cls))))
                entry.triggered.connect(lambda _=False, cls=cls: self.add(cls()))
        menu.addSeparator()
        for own in self._sets[:MOST_IN_MENU]:
            entry = menu.addAction(own.name)
            entry.triggered.connect(lambda _=False, own=own: self.add(own))
        self._fill_with_others(menu, others, sources)
        menu.addAction(tr("Import…"), lambda: self.import_requested.emit(len(sources)))

    def _fill_with_others(self, menu: QMenu, others: list[type], sources: tuple[Any, ...]) -> None:
        """Show what cannot be mixed, and why."""
        if not others:
            return
        menu.addSeparator()
        # the kinds of a mixture that trains are one family
        here = called(sources[0])
        why = tr("Not with {source}: samples of another kind", source=here)
        menu.addAction(why).setEnabled(False)
        for cls in others:
            entry = menu.addAction(tr(title_of(cls)))
            entry.setToolTip(
                broken(
                    tr(
                        "Its samples are of another kind than those of {source}: no network can "
                        "learn both. Choose it in place of {source} instead.",
                        source=here,
                    )
                )
            )
            entry.setEnabled(False)
        menu.addSeparator()

    def add(self, source: Any) -> None:
        """Put `source` behind the others, open, with the keyboard on it."""
        if self._shown is None:
            return
        sources = (*self._shown.value, WeightedSource(source=source))
        self._arrange(sources)
        last = self.chips[-1]
        last.set_opened(opened=True)
        last.chip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        self.fill_menu(menu)
        menu.popup(self.add_button.mapToGlobal(self.add_button.rect().bottomLeft()))

    def _show_only(self, item: Shown) -> None:
        # what is wrong with the item as a whole is said at its kind
        own = tuple(one for one in item.problems if not one.path)
        source = item.field("source")
        self.only.show_this(replace(source, problems=own + source.problems))

    def _show_chips(self, shown: Shown) -> None:
        whole = sum(one.weight for one in shown.value)
        known = shown.running if isinstance(shown.running, tuple) else None
        for index, chip in enumerate(self.chips):
            # no kind of source is more usual than another in a mixture
            usual = WeightedSource(source=type(shown.value[index].source)())
            item = replace(shown.item(index), default=usual)
            chip.show_this(item)
            chip.show_share(item.value.weight / whole)
            if known is not None and index >= len(known):
                chip.show_new()
        self._tell_counts(shown.value)

    def _tell_counts(self, sources: tuple[WeightedSource, ...]) -> None:
        facts = () if self._facts is None else self._facts.sources
        # what is loaded may still be what stood here before
        known = [one.kind for one in facts] == [one.source.kind for one in sources]
        if not known:
            for chip in self.chips:
                chip.show_counts(None)
            return
        whole = sum(one.training for one in facts)
        comes = apportioned(whole, tuple(one.weight for one in sources))
        for chip, one, count in zip(self.chips, facts, comes, strict=True):
            chip.show_counts((one.training, count))

    def _renew(self, count: int) -> None:
        for chip in self.chips:
            self._list.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [SourceChip() for _ in range(count)]
        for index, chip in enumerate(self.chips):
            self._list.addWidget(chip)
            chip.set_more(more=self._more)
            chip.show_sets(self._sets)
            self.passes(chip, partial(self._take_whole, index))
            chip.remove_wished.connect(partial(self._remove, index))
            chip.opened_changed.connect(self.rows_changed)
            chip.import_requested.connect(partial(self.import_requested.emit, index))
            chip.folder_requested.connect(self.folder_requested)

    def _remove(self, index: int) -> None:
        if self._shown is None:
            return
        sources = self._shown.value
        self._arrange((*sources[:index], *sources[index + 1 :]))
        if self.chips:
            chip = self.chips[min(index, len(self.chips) - 1)].chip
            chip.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.only.kind.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self, sources: tuple[WeightedSource, ...]) -> None:
        # new chips: what was typed into one must not stay behind for another source
        opened = [chip.opened for chip in self.chips]
        self._renew(0)
        self._send(sources)
        if len(opened) < len(self.chips):
            for chip, was_open in zip(self.chips, opened, strict=False):
                chip.set_opened(opened=was_open)
        self.rows_changed.emit()

    def _take(self, index: int, **values: Any) -> None:
        if self._shown is not None:
            self._take_whole(index, replace(self._shown.value[index], **values))

    def _take_whole(self, index: int, item: WeightedSource) -> None:
        if self._shown is not None:
            sources = self._shown.value
            self._send((*sources[:index], item, *sources[index + 1 :]))

    def _send(self, sources: tuple[WeightedSource, ...]) -> None:
        if self._shown is not None and sources != self._shown.value:
            self.show_this(replace(self._shown, value=sources))
            self.edited.emit(sources)

    def _draw(self) -> None:
        self.add_button.setIcon(icon("plus", "accent_text"))
