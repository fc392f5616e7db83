"""Foot: what the set will be called, what becomes of it, and the button that takes it."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from nnstudio.data.catalogue.imported import LONGEST_NAME
from nnstudio.gui.forms.row import ElidingLabel
from nnstudio.gui.theme import font, theme
from nnstudio.gui.widgets.numerals import time_left
from nnstudio.gui.widgets.progress_line import ProgressLine
from nnstudio.gui.widgets.select import Select
from nnstudio.texts import tr

DOING_PX: Final = 300


class Misfit(QWidget):
    """Why the set cannot go where it is meant to, and what would mend it; hidden when it can."""

    remedy_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setFont(font(12))
        self._words.setProperty("role", "error")
        self.remedy = QPushButton()
        self.remedy.setFont(font(12, 500))
        self.remedy.setAutoDefault(False)
        self.remedy.clicked.connect(self.remedy_wished)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._words, 1)
        row.addWidget(self.remedy)
        self.hide()

    @property
    def sentence(self) -> str:
        """Why it cannot; empty when it can."""
        return self._words.text()

    def say(self, sentence: str, remedy: str) -> None:
        """Say why it cannot, and offer what would mend it; both may be empty."""
        self._words.setText(sentence)
        self.remedy.setText(remedy)
        self.remedy.setVisible(bool(remedy))
        self.setVisible(bool(sentence))


class Foot(QWidget):
    """Name, use and the two buttons; while samples are taken, how far that is.

    Knows why nothing can be taken just now.
    """

    taken = Signal()
    left = Signal()
    name_changed = Signal()
    place_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.refusal = self._suggested = ""
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        self.complaint.setFont(font(12))
        self.complaint.setProperty("role", "error")
        self.complaint.hide()
        self.misfit = Misfit()
        self.name = QLineEdit()
        self.name.setFont(font())
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setFixedWidth(176)
        self.name.setAccessibleName(tr("Name of the set"))
        self.name.setToolTip(tr("What the set is called in the list of sources."))
        self.name.textChanged.connect(self.name_changed)
        self.name.returnPressed.connect(self.taken)
        self.place = Select()
        self.place.setAccessibleName(tr("What becomes of it"))
        self.place.setToolTip(tr("What becomes of the experiment; it can be undone."))
        self.place.chosen.connect(lambda _key: self.place_changed.emit())
        # it may name a file by its whole path
        self._doing = ElidingLabel(px=12)
        self._doing.setMaximumWidth(DOING_PX)
        self.bar = ProgressLine(width=220)
        self.bar.setAccessibleName(tr("Progress of the import"))
        self._rest = QLabel()
        self._rest.setFont(font(12))
        self._rest.setProperty("role", "second")
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.left)
        self.take = QPushButton(tr("Import"))
        self.take.setProperty("role", "primary")
        self.take.setFont(font(13, 500))
        self.take.setAutoDefault(False)
        self.take.clicked.connect(self.taken)
        named, then = _label(tr("Name"), self.name), _label(tr("Then"), self.place)
        self._settings: tuple[QWidget, ...] = (named, self.name, then, self.place)
        self._working: tuple[QWidget, ...] = (self._doing, self.bar, self._rest)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (*self._settings, *self._working):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.complaint)
        column.addWidget(self.misfit)
        column.addLayout(row)

    def suggest(self, name: str) -> None:
        """Fill in a name, unless a person has written another one."""
        if self.name.text() in {"", self._suggested}:
            self.name.setText(name)
        self._suggested = self.name.text()

    def offer(self, places: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer what becomes of the set, as keys and titles."""
        self.place.set_items(places)
        self.place.choose(chosen)

    def complain(self, sentence: str) -> None:
        """Say what went wrong; nothing takes the sentence away."""
        self.complaint.setText(sentence)
        self.complaint.setVisible(bool(sentence))

    def show_progress(self, words: str, share: float | None, seconds: float | None) -> None:
        """Show how far the work is."""
        self._doing.setText(words)
        self._doing.setToolTip(words)
        self.bar.show_share(share or 0.0)
        self._rest.setText("" if seconds is None else tr("{time} left", time=time_left(seconds)))

    def show_state(self, *, path: bool, seen: bool, classes: int, taking: bool) -> None:
        """Say whether there is something to take, and whether it is being taken."""
        self.refusal = ""
        if taking:
            self.refusal = tr("The samples are being read.")
        elif not path:
            self.refusal = tr("Choose a file or folder first.")
        elif not seen:
            self.refusal = tr("There is nothing to import as the file is read now.")
        elif not classes:
            self.refusal = tr("Every class is left out: tick one at least.")
        elif not self.name.text().strip():
            self.refusal = tr("Give the set a name.")
        else:
            self.refusal = self.misfit.sentence
        self.take.setEnabled(not self.refusal)
        self.take.setToolTip(self.refusal or tr("Read all samples and keep them as a set."))
        for widget in self._settings:
            widget.setVisible(path and not taking)
        for widget in self._working:
            widget.setVisible(taking)
        if not taking:
            self.show_progress("", None, None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line above it."""
        QPainter(self).fillRect(0, 0, self.width(), 1, theme().line)


def _label(words: str, buddy: QWidget) -> QLabel:
    label = QLabel(words)
    label.setFont(font())
    label.setBuddy(buddy)
    return label
