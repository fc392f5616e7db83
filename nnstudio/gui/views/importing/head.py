"""Head: which file is looked at, what it is, and the buttons that choose another one."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from nnstudio.gui.theme import font, icon, theme, themes
from nnstudio.texts import tr

HEIGHT_PX: Final = 56


class _Told(QWidget):
    """Name and facts, each in one line that ends in an ellipsis."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.facts = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Write both lines."""
        now, painter = theme(), QPainter(self)
        middle = self.height() // 2
        lines = (
            (self.name, font(13, 600), now.text, Qt.TextElideMode.ElideMiddle),
            (self.facts, font(12), now.text2, Qt.TextElideMode.ElideRight),
        )
        for at, (words, cut, colour, elide) in enumerate(line for line in lines if line[0]):
            painter.setFont(cut)
            painter.setPen(colour)
            top = middle - 20 + 20 * at if self.facts else middle - 10
            shown = painter.fontMetrics().elidedText(words, elide, self.width())
            painter.drawText(QRect(0, top, self.width(), 20), Qt.AlignmentFlag.AlignVCenter, shown)


class Head(QWidget):
    """Name and kind of the file at the left, the choice of another one at the right."""

    file_wished = Signal()
    folder_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT_PX)
        self._told = _Told()
        self.file = QPushButton(tr("Choose file…"))
        self.folder = QPushButton(tr("Choose folder…"))
        self.file.setToolTip(tr("Look at another file; nothing is taken yet."))
        self.folder.setToolTip(tr("Look at a folder with a folder of pictures for each class."))
        self.file.clicked.connect(self.file_wished)
        self.folder.clicked.connect(self.folder_wished)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self._told, 1)
        for button in (self.file, self.folder):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.show_facts("")
        themes.changed.connect(self._draw)
        self._draw()

    def show_path(self, path: Path) -> None:
        """Say what is looked at."""
        self._told.name, self._told.facts = path.name or str(path), ""
        self.setToolTip(str(path))
        self._tell()

    def show_facts(self, facts: str) -> None:
        """Say what kind of file it is and how much is in it."""
        self._told.name = self._told.name or tr("No file yet")
        self._told.facts = facts
        self._tell()

    def _tell(self) -> None:
        self._told.setAccessibleName(f"{self._told.name}\n{self._told.facts}")
        self._told.update()

    def _draw(self) -> None:
        self.file.setIcon(icon("image"))
        self.folder.setIcon(icon("folder"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line under it."""
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().line)
