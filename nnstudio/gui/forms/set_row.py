"""SetRow: which of the imported sets a source is, and the way to import another one."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from nnstudio.data.catalogue.imported import Imported
from nnstudio.gui.forms.row import GUTTER_PX, MARGIN_PX, Row
from nnstudio.gui.theme import font
from nnstudio.gui.widgets.select import Select
from nnstudio.texts import tr

IMPORT = "import"


class SetRow(QWidget):
    """A row with the sets that are there; one that is gone is named as well.

    Knows the sets and the source that is shown; seen for an imported set alone.
    """

    chosen = Signal(object)
    import_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sets: tuple[Imported, ...] = ()
        self._source: Any = None
        self.select = Select()
        about = tr("Which imported set the samples come from; the list ends with an import.")
        self.select.setToolTip(about)
        self.select.chosen.connect(self._tell)
        self.row = Row(tr("Set"), self.select)
        self.row.set_about(about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        self.link = QPushButton(tr("Import a file…"))
        self.link.setProperty("role", "link")
        self.link.setFont(font(12, 500))
        self.link.setToolTip(tr("Look at a file of samples and keep them as a set."))
        self.link.clicked.connect(self.import_requested)
        line = QHBoxLayout()
        line.setContentsMargins(MARGIN_PX - 8, 0, GUTTER_PX, 0)
        line.addWidget(self.link)
        line.addStretch(1)
        column.addLayout(line)
        self.hide()

    @property
    def sets(self) -> tuple[Imported, ...]:
        """The sets that are there."""
        return self._sets

    def show_sets(self, sets: tuple[Imported, ...]) -> None:
        """Offer these sets."""
        if sets != self._sets:
            self._sets = sets
            self._offer()

    def show_value(self, source: Any) -> None:
        """Show which set `source` is."""
        if source != self._source:
            self._source = source
            self._offer()
        self.setVisible(isinstance(source, Imported))

    def _offer(self) -> None:
        source = self._source
        if not isinstance(source, Imported):
            return
        items = {_key(one): one.name for one in self._sets}
        # where no set is at hand, the way to one stands in sight
        self.link.setVisible(all(one.sha256 != source.sha256 for one in self._sets))
        first = {_key(source): source.name or tr("Choose…")}
        offered = items if _key(source) in items else first | items
        self.select.set_items([*offered.items(), (IMPORT, tr("Import…"))])
        self.select.choose(_key(source))

    def _tell(self, key: str) -> None:
        if key == IMPORT:
            self.select.choose(_key(self._source))
            self.import_requested.emit()
            return
        found = next((one for one in self._sets if _key(one) == key), None)
        if found is not None and key != _key(self._source):
            # how much is held out was decided for the source, not for the set
            self.chosen.emit(replace(found, validation=self._source.validation))


def _key(source: Imported) -> str:
    # the same samples may have been kept under two names
    return f"{source.sha256} {source.name}"
