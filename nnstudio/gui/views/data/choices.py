"""What of the data is shown: the part, one class or source alone, and whether it is distorted."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.data.menu_choice import MenuChoice, Offer
from nnstudio.gui.views.samples import PARTS
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.select import Select
from nnstudio.texts import tr

SPACING_PX: Final = 8
LEAST_KIND_PX: Final = 76
LEAST_SOURCE_PX: Final = 112


class Choices(QWidget):
    """One row. Where it is narrow the parts drop down; where it is narrower all is one menu.

    `part_chosen`, `kind_chosen` and `source_chosen` tell keys; an empty kind or source means all.
    """

    part_chosen = Signal(str)
    kind_chosen = Signal(str)
    source_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.parts = SegmentedControl([(key, tr(title)) for key, title in PARTS])
        self.parts.chosen.connect(self._choose_part)
        self.part_list = Select()
        self.part_list.chosen.connect(self._choose_part)
        self.kinds = Select()
        self.kinds.chosen.connect(self.kind_chosen)
        self.sources = Select()
        self.sources.chosen.connect(self.source_chosen)
        self.menu = MenuChoice()
        self._offered = {self.kinds: False, self.sources: False}
        self.play = IconButton("pause", "")
        self.anew = IconButton("dice", "")
        self._inserted: QWidget | None = None
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING_PX)
        row.addWidget(self.parts)
        row.addWidget(self.part_list)
        row.addWidget(self.menu)
        row.addStretch(1)
        row.addWidget(self.anew)
        row.addWidget(self.play)
        row.addWidget(self.sources)
        row.addWidget(self.kinds)
        themes.changed.connect(self._name)
        self._name()

    def offer_kinds(self, names: Sequence[str], chosen: int | None) -> None:
        """Offer these classes; none where there are none."""
        self.kinds.set_items([("", tr("All")), *((str(at), name) for at, name in enumerate(names))])
        self.kinds.choose("" if chosen is None else str(chosen))
        self._offered[self.kinds] = bool(names)
        self._fit()

    def insert(self, widget: QWidget) -> None:
        """Have another choice stand between the parts and the classes."""
        self._inserted = widget
        self._row.insertWidget(3, widget)
        self._fit()

    def offer_sources(self, names: Sequence[str], chosen: int | None) -> None:
        """Offer these sources of a mixture; none where there is one source."""
        items = [("", tr("All sources")), *((str(at), name) for at, name in enumerate(names))]
        self.sources.set_items(items)
        self.sources.choose("" if chosen is None else str(chosen))
        self._offered[self.sources] = len(names) > 1
        self._fit()

    def show_distorting(self, *, shown: bool) -> None:
        """Offer to distort the pictures anew, or do not."""
        if shown == self.anew.isHidden():
            self.anew.setVisible(shown)
            self.play.setVisible(shown)
            self._fit()

    def choose_part(self, key: str) -> None:
        """Show that this part is chosen."""
        self.parts.choose(key)
        self.part_list.choose(key)
        self._offer_in_menu()

    def minimumSizeHint(self) -> QSize:
        """Give the room of the narrow row."""
        return QSize(self.least_px, self.kinds.sizeHint().height())

    @property
    def least_px(self) -> int:
        """How narrow the row may be."""
        shown = self._always()
        widths = [one.minimumSizeHint().width() for one in (self.menu, *shown)]
        return sum(widths) + SPACING_PX * len(shown)

    def _always(self) -> list[QWidget]:
        """Give what stands beside the choices however narrow it is."""
        beside: list[QWidget] = [self.anew, self.play]
        if self._inserted is not None:
            beside.append(self._inserted)
        return [one for one in beside if not one.isHidden()]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the parts drop down where there is no room beside them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        beside = sum(SPACING_PX + one.sizeHint().width() for one in self._always())
        for part, most in ((self.sources, LEAST_SOURCE_PX), (self.kinds, LEAST_KIND_PX)):
            if self._offered[part]:
                beside += SPACING_PX + min(part.sizeHint().width(), most)
        aligned = self.width() >= self.parts.sizeHint().width() + beside
        apart = aligned or self.width() >= self.part_list.sizeHint().width() + beside
        # a part alone has nothing to share a menu with
        apart = apart or not any(self._offered.values())
        self.parts.setVisible(aligned)
        self.part_list.setVisible(apart and not aligned)
        for part, offered in self._offered.items():
            part.setVisible(offered and apart)
        self.menu.setVisible(not apart)
        self._offer_in_menu()

    def _offer_in_menu(self) -> None:
        parts = [(key, tr(title)) for key, title in PARTS]
        offers = [Offer(tr("Part of the data"), parts, self.parts.key, self._choose_part)]
        for part, title in ((self.sources, tr("Source")), (self.kinds, tr("Class"))):
            if self._offered[part]:
                items = [(str(part.itemData(at)), part.itemText(at)) for at in range(part.count())]
                offers.append(Offer(title, items, part.key, part.chosen.emit))
        self.menu.show_offers(offers)

    def _choose_part(self, key: str) -> None:
        self.choose_part(key)
        self.part_chosen.emit(key)

    def _name(self) -> None:
        items = [(key, tr(title)) for key, title in PARTS]
        self.parts.set_items(items)
        self.part_list.set_items(items)
        for part in (self.parts, self.part_list):
            part.setAccessibleName(tr("Part of the data"))
            part.setToolTip(tr("Which part of the data is shown."))
        self.menu.setAccessibleName(tr("What of the data is shown"))
        self.menu.setToolTip(tr("Which part, source and class of the data are shown."))
        self.kinds.setAccessibleName(tr("Class"))
        self.kinds.setToolTip(tr("Show the samples of one class alone."))
        self.sources.setAccessibleName(tr("Source"))
        self.sources.setToolTip(tr("Show the samples of one source of the mixture alone."))
        self.anew.set_tooltip(tr("Distort the pictures anew."))
        self._fit()
