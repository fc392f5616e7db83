"""ImportDialog: a file of samples is looked at, shown, and taken when a person says so."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data.importing.asked import Asked, Preview
from nnstudio.gui.forms.tab_order import follow_the_eye
from nnstudio.gui.theme import font
from nnstudio.gui.views.importing.class_table import ClassTable
from nnstudio.gui.views.importing.dropped import path_in
from nnstudio.gui.views.importing.foot import Foot
from nnstudio.gui.views.importing.found_pane import FoundPane
from nnstudio.gui.views.importing.head import Head
from nnstudio.gui.views.importing.reading_form import ReadingForm
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.texts import tr, tr_count

SIZE_PX: Final = (1000, 660)
LEAST_PX: Final = (760, 480)
LEFT_PX: Final = 272
RIGHT_PX: Final = 272
AROUND_PX: Final = 24


class ImportDialog(QDialog):
    """What a file holds and what would become of it; stays open beside the window.

    Knows the path, the newest preview and what was asked; who reads files is told by signals.
    """

    look_wished = Signal(object, object)
    take_wished = Signal(object, object, str, str)
    cancel_wished = Signal()
    file_wished = Signal()
    folder_wished = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._preview: Preview | None = None
        self._stale = False
        self._taking = False
        self._wanted: Mapping[str, tuple[int, int]] = {}
        self.setWindowTitle(tr("Import samples"))
        self.setAcceptDrops(True)
        self.setMinimumSize(*LEAST_PX)
        room = parent.window().size()
        self.resize(
            min(SIZE_PX[0], max(room.width() - AROUND_PX, LEAST_PX[0])),
            min(SIZE_PX[1], max(room.height() - AROUND_PX, LEAST_PX[1])),
        )
        self.head = Head()
        self.form = ReadingForm()
        self.table = ClassTable()
        self.found = FoundPane(named=self.table.classes.becomes)
        self.foot = Foot()
        self._remarks = _words()
        self._sum = _words()
        self._how = _words(role="third")
        self._how.setText(tr("Type to rename a class; those with the same name become one."))
        self._lay_out()
        self._join()
        self._show_empty()

    @property
    def path(self) -> Path | None:
        """What is looked at."""
        return self._path

    @property
    def taking(self) -> bool:
        """Whether samples are being taken."""
        return self._taking

    def look_at(self, path: Path) -> None:
        """Ask for a first look at another file or folder."""
        self._path = path
        self._preview = None
        self.head.show_path(path)
        self.form.begin()
        self.table.classes.forget()
        self.foot.suggest(name_of(path))
        self._look(Asked())

    def show_preview(self, path: Path, preview: Preview) -> None:
        """Show what a first look has found; what came too late is passed over."""
        if path != self._path:
            return
        first = self._preview is None
        self._preview, self._stale = preview, False
        self.head.show_facts(_facts(preview))
        self.form.show_preview(preview)
        follow_the_eye(self.head, self.form, self.found, self._right, self.foot)
        self.table.classes.show_classes(preview.classes)
        self.found.show_preview(preview)
        self._remarks.setText("\n".join(str(one) for one in preview.remarks))
        self._remarks.setVisible(bool(preview.remarks))
        self._tell_sum()
        self._settle()
        if first and self.head.isAncestorOf(self.focusWidget() or self.head):
            self.foot.name.setFocus(Qt.FocusReason.OtherFocusReason)
            self.foot.name.selectAll()

    def show_refusal(self, what: str, hint: str) -> None:
        """Say why a look failed or samples were not taken; the settings stay, to be mended."""
        if self._taking:
            self._taking = False
            self.foot.complain(f"{what} {hint}".strip())
        else:
            self._preview, self._stale = None, False
            self.head.show_facts("")
            self.found.say(what, hint)
            self._remarks.hide()
        self._settle()

    def show_progress(self, words: str, share: float | None, seconds: float | None) -> None:
        """Show how far the taking is."""
        if self._taking:
            self.foot.show_progress(words, share, seconds)

    def show_places(
        self,
        places: tuple[tuple[str, str], ...],
        chosen: str,
        *,
        wanted: Mapping[str, tuple[int, int]] = MappingProxyType({}),
    ) -> None:
        """Offer what becomes of the set afterwards, as keys and titles.

        `wanted` says by key of which height and width pictures must be to go there.
        """
        self._wanted = wanted
        self.foot.offer(places, chosen)
        self._settle()

    def end(self) -> None:
        """Close because the samples were taken."""
        self._taking = False
        self.close()

    def stop(self) -> None:
        """Go on as before: the taking was cancelled, nothing was kept."""
        self._taking = False
        self.foot.complain(tr("Nothing was imported."))
        self._settle()

    def _lay_out(self) -> None:
        left = QWidget()
        left.setObjectName("content")
        inner = QVBoxLayout(left)
        inner.setContentsMargins(0, 0, 0, 8)
        inner.addWidget(self.form)
        inner.addSpacing(8)
        beside = QHBoxLayout()
        beside.setContentsMargins(16, 0, 8, 0)
        beside.addWidget(self._remarks)
        inner.addLayout(beside)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(left)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedWidth(LEFT_PX)
        classes = QLabel(tr("Classes"))
        classes.setFont(font(13, 600))
        self._right = right = QWidget()
        right.setFixedWidth(RIGHT_PX)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(classes)
        column.addWidget(self.table, 1)
        column.addWidget(self._sum)
        column.addWidget(self._how)
        self._body = body = QHBoxLayout()
        body.setSpacing(16)
        self._left = scroll
        body.addWidget(scroll)
        body.addWidget(self.found, 1)
        body.addWidget(right)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addLayout(body, 1)
        whole.addWidget(self.foot)

    def _join(self) -> None:
        self.head.file_wished.connect(self.file_wished)
        self.head.folder_wished.connect(self.folder_wished)
        self.found.acted.connect(self.file_wished)
        self.form.asked_changed.connect(self._look)
        self.table.classes.dataChanged.connect(self._retell)
        self.foot.taken.connect(self._take)
        self.foot.left.connect(self._leave)
        self.foot.name_changed.connect(self._settle)
        self.foot.place_changed.connect(self._settle)
        self.foot.misfit.remedy_wished.connect(self._fit)

    def _look(self, asked: Asked) -> None:
        if self._path is not None:
            self._stale = True
            self.foot.complain("")
            if self._preview is None:
                self.found.say(tr("Looking at {name}…", name=self._path.name))
            self._settle()
            self.look_wished.emit(self._path, asked)

    def _take(self) -> None:
        if self._path is None or self._preview is None or self.foot.refusal:
            return
        # what was seen is what is taken, guesses and all
        asked = replace(self._preview.asked, classes=self.table.classes.classes)
        self._taking = True
        self.foot.complain("")
        self._settle()
        self.take_wished.emit(self._path, asked, self.foot.name.text().strip(), self.foot.place.key)

    def _fit(self) -> None:
        height, width = self._wanted[self.foot.place.key]
        self.form.ask(height=height, width=width)

    def _tell_misfit(self) -> None:
        wanted, preview = self._wanted.get(self.foot.place.key), self._preview
        sentence = remedy = ""
        if wanted is not None and preview is not None and preview.pictures.shape[1:] != wanted:
            height, width = wanted
            size = tr("{width} × {height}", width=width, height=height)
            if not preview.pictures.size:
                sentence = tr(
                    "These samples are no pictures; those of the other sources are, {size}.",
                    size=size,
                )
            else:
                found = tr(
                    "{width} × {height}",
                    width=preview.pictures.shape[2],
                    height=preview.pictures.shape[1],
                )
                sentence = tr(
                    "These pictures are {found}; those of the other sources are {size}.",
                    found=found,
                    size=size,
                )
                remedy = tr("Read them at {size}", size=size) if _sized(preview) else ""
        self.foot.misfit.say(sentence, remedy)

    def _leave(self) -> None:
        if self._taking:
            self.cancel_wished.emit()
        else:
            self.close()

    def _retell(self) -> None:
        self.found.retell()
        self._tell_sum()
        self._settle()

    def _tell_sum(self) -> None:
        classes, samples = self.table.classes.taken
        kept = tr_count("{count} class", "{count} classes", classes)
        told = "" if samples is None else tr("{count} samples", count=grouped(samples))
        what = " · ".join(part for part in (kept, told) if part)
        # of a long table only the first rows were looked at
        whole = self._preview is not None and self._preview.count is not None
        taken = tr("Taken: {what}", what=what)
        self._sum.setText(taken if whole else tr("Seen so far: {what}", what=what))

    def _show_empty(self) -> None:
        self.found.say(
            tr("Drop a file or a folder here"),
            tr(
                "IDX, .npz, CSV, a folder or zip of pictures by class, a sheet of pictures, or pen "
                "strokes as JSON lines. Your files are only read, never changed."
            ),
            tr("Choose file…"),
        )
        self._settle()

    def _settle(self) -> None:
        seen = self._preview is not None
        for part in (self._left, self.table, self.head):
            part.setEnabled(not self._taking)
        # what cannot be read as asked may be mended in the form
        has_form = self.form.form is not None and self._path is not None
        self._left.setVisible(has_form)
        # rows of a form have a margin of their own
        self._body.setContentsMargins(0 if has_form else 16, 8, 16, 8)
        self._right.setVisible(seen and bool(self._preview and self._preview.classes))
        self._tell_misfit()
        self.foot.show_state(
            path=self._path is not None,
            seen=seen and not self._stale,
            classes=self.table.classes.taken[0] if seen else 0,
            taking=self._taking,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file or folder."""
        if not self._taking and path_in(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look at what was dropped."""
        path = path_in(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.look_at(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave, or end the taking, on Escape; a key of a field never closes the dialog."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()
            # no button is the default one, so Enter presses the one that has the focus
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End what is under way."""
        self.cancel_wished.emit()
        self._taking = False
        super().closeEvent(event)


def name_of(path: Path) -> str:
    """Give what a set is called at first: the name of its file without its endings."""
    return path.name.split(".")[0] or path.name


def _sized(preview: Preview) -> bool:
    return {"height", "width"} <= set(preview.settings)


def _words(role: str = "second") -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setFont(font(12))
    label.setProperty("role", role)
    return label


def _facts(preview: Preview) -> str:
    kind = str(preview.kind)
    if preview.count is None:
        return kind
    return tr("{kind}, {count} samples", kind=kind, count=grouped(preview.count))
