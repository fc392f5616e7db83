"""What of the data is shown: the part, one class or source alone, and whether it is distorted."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nnstudio.gui.theme import themes
from nnstudio.gui.views.samples import PARTS
from nnstudio.gui.widgets.panel_header import IconButton
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.select import Select
from nnstudio.texts import tr

SPACING_PX: Final = 8
LEAST_KIND_PX: Final = 72
LEAST_LIST_PX: Final = 48


class Choices(QWidget):
    """One row; where it is narrow the parts drop down instead of standing side by side.

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
        self.sources.hide()
        self.play = IconButton("pause", "")
        self.anew = IconButton("dice", "")
        self._inserted: QWidget | None = None
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING_PX)
        row.addWidget(self.parts)
        row.addWidget(self.part_list)
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
        self.kinds.setVisible(bool(names))
        self._fit()

    def insert(self, widget: QWidget) -> None:
        """Have another choice stand between the parts and the classes."""
        self._inserted = widget
        self._row.insertWidget(2, widget)
        self._fit()

    def offer_sources(self, names: Sequence[str], chosen: int | None) -> None:
        """Offer these sources of a mixture; none where there is one source."""
        items = [("", tr("All sources")), *((str(at), name) for at, name in enumerate(names))]
        self.sources.set_items(items)
        self.sources.choose("" if chosen is None else str(chosen))
        self.sources.setVisible(len(names) > 1)
        self._fit()

    def choose_part(self, key: str) -> None:
        """Show that this part is chosen."""
        self.parts.choose(key)
        self.part_list.choose(key)

    def minimumSizeHint(self) -> QSize:
        """Give the room of the narrow row."""
        return QSize(self.least_px, self.kinds.sizeHint().height())

    @property
    def least_px(self) -> int:
        """How narrow the row may be."""
        shown = [one for one in self._beside() if not one.isHidden()]
        widths = (LEAST_LIST_PX, *(one.minimumSizeHint().width() for one in shown))
        return sum(widths) + SPACING_PX * len(shown)

    def _beside(self) -> list[QWidget]:
        """Give what stands beside the parts."""
        beside: list[QWidget] = [self.anew, self.play, self.sources, self.kinds]
        if self._inserted is not None:
            beside.append(self._inserted)
        return beside

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the parts drop down where there is no room beside them."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = self.parts.sizeHint().width() + sum(
            SPACING_PX + self._wanted_px(one) for one in self._beside() if not one.isHidden()
        )
        self.parts.setVisible(self.width() >= needed)
        self.part_list.setVisible(self.width() < needed)

    def _wanted_px(self, part: QWidget) -> int:
        wide = part.sizeHint().width()
        return wide if part is self._inserted else min(wide, LEAST_KIND_PX)

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
        self.kinds.setAccessibleName(tr("Class"))
        self.kinds.setToolTip(tr("Show the samples of one class alone."))
        self.sources.setAccessibleName(tr("Source"))
        self.sources.setToolTip(tr("Show the samples of one source of the mixture alone."))
        self.anew.set_tooltip(tr("Distort the pictures anew."))
        self._fit()
