"""Settings of the program, not of an experiment: theme, language and where data sets lie."""

from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from nnstudio.gui.theme import font
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.gui.widgets.select import Select
from nnstudio.runs.settings import Settings
from nnstudio.texts import languages, tr

WIDTH_PX: Final = 380


class SettingsPopup(QFrame):
    """A small sheet under its button; it knows the settings it was shown."""

    theme_chosen = Signal(str)
    language_chosen = Signal(str)
    folder_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("settingsPopup")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setFixedWidth(WIDTH_PX)
        self._theme = SegmentedControl(
            [("system", tr("System")), ("light", tr("Light")), ("dark", tr("Dark"))]
        )
        self._theme.chosen.connect(self.theme_chosen)
        self._theme.setAccessibleName(tr("Theme"))
        self._language = Select([("system", tr("System")), *languages().items()])
        self._language.chosen.connect(self.language_chosen)
        self._language.setAccessibleName(tr("Language"))
        self._folder = QLabel()
        self._folder.setFont(font(12))
        self._folder.setProperty("role", "second")
        choose = QPushButton(tr("Choose…"))
        choose.setAccessibleName(tr("Choose data folder"))
        choose.clicked.connect(self._ask)
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        for row, (title, field) in enumerate(
            (
                (tr("Theme"), self._theme),
                (tr("Language"), self._language),
                (tr("Data folder"), choose),
            )
        ):
            label = QLabel(title)
            label.setFont(font(13))
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            holder = QHBoxLayout()
            holder.addStretch(1)
            holder.addWidget(field)
            grid.addLayout(holder, row, 1)
        grid.addWidget(self._folder, 3, 0, 1, 2)
        grid.setColumnStretch(1, 1)

    def open_under(self, button: QWidget, settings: Settings) -> None:
        """Show `settings` under `button`."""
        self._theme.choose(settings.theme)
        self._language.choose(settings.language)
        self._folder.setVisible(bool(settings.data_folder))
        self._folder.setText(
            self._folder.fontMetrics().elidedText(
                settings.data_folder, Qt.TextElideMode.ElideMiddle, WIDTH_PX - 32
            )
        )
        self._folder.setToolTip(settings.data_folder)
        self.adjustSize()
        corner = button.mapToGlobal(button.rect().bottomRight())
        self.move(corner - QPoint(self.width() - 1, -6))
        self.show()
        self._theme.setFocus(Qt.FocusReason.PopupFocusReason)

    def _ask(self) -> None:
        self.hide()
        self.folder_requested.emit()
