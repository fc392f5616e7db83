"""SourcePart: where samples come from: the kind of source, its settings, its files, a preview."""

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from nnstudio.data.catalogue.imported import Imported
from nnstudio.data.catalogue.mnist import FashionMnist, Mnist
from nnstudio.gui.forms.part import Shown
from nnstudio.gui.forms.row import Row
from nnstudio.gui.forms.set_row import IMPORT, SetRow
from nnstudio.gui.forms.spec_form import UnionPart
from nnstudio.gui.forms.writing_preview import WritingPreview
from nnstudio.gui.theme import font
from nnstudio.spec import describe
from nnstudio.texts import tr
from nnstudio.training.experiment import WeightedSource

FROM_FILES: Final = (Mnist, FashionMnist)
SETTING: Final = next(one for one in describe(WeightedSource) if one.name == "source")


class SourcePart(UnionPart):
    """The kind of a source and the settings of that kind; "Import…" ends the list of kinds."""

    import_requested = Signal()
    folder_requested = Signal()

    def __init__(self) -> None:
        super().__init__(SETTING, wishes=((IMPORT, tr("Import…")),))
        self.wished.connect(self._tell_wish)
        self.folder_button = QPushButton(tr("Choose folder…"))
        self.folder_button.setFont(font())
        self.folder_button.setToolTip(
            tr("Choose the folder that holds the files of this data set.")
        )
        self.folder_button.clicked.connect(self.folder_requested)
        self._files = Row(tr("Files"), self.folder_button)
        self.column.addWidget(self._files)
        self.set_row = SetRow()
        self.set_row.chosen.connect(self.edited)
        self.set_row.import_requested.connect(self.import_requested)
        # which set it is comes before what is held out of it
        self.add_above(self.set_row)
        self.preview = WritingPreview()
        # above the rows, which are many: what they change stays in sight
        self.add_above(self.preview)

    def show_this(self, shown: Shown) -> None:
        """Show a source."""
        super().show_this(shown)
        self.set_row.show_value(shown.value)
        self.preview.show_value(shown.value)
        self._files.setVisible(type(shown.value) in FROM_FILES)

    def show_sets(self, sets: tuple[Imported, ...]) -> None:
        """Offer these imported sets."""
        self.set_row.show_sets(sets)

    def _choose(self, chosen: Any) -> None:
        # the newest set is what most mean; another one is a choice away
        newest = self.set_row.sets[0] if chosen is Imported and self.set_row.sets else chosen
        super()._choose(newest)

    def _tell_wish(self, _key: str) -> None:
        self.import_requested.emit()
