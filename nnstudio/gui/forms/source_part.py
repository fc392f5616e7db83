"""SourcePart: where samples come from: the kind of source, its settings, its files, a preview."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from nnstudio.data.catalogue.mnist import FashionMnist, Mnist
from nnstudio.gui.forms.part import Shown
from nnstudio.gui.forms.row import Row
from nnstudio.gui.forms.spec_form import UnionPart
from nnstudio.gui.forms.writing_preview import WritingPreview
from nnstudio.gui.theme import font
from nnstudio.spec import describe
from nnstudio.texts import tr
from nnstudio.training.experiment import WeightedSource

FROM_FILES: Final = (Mnist, FashionMnist)
IMPORT: Final = "import"
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
        self.preview = WritingPreview()
        self.add_picture(self.preview)

    def show_this(self, shown: Shown) -> None:
        """Show a source."""
        super().show_this(shown)
        self._files.setVisible(type(shown.value) in FROM_FILES)

    def _tell_wish(self, _key: str) -> None:
        self.import_requested.emit()
