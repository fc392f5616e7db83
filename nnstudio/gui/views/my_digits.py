"""MyDigitsDialog: the drawings that a person kept, by digit; deleted, brought back, mixed in."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data.my_digits import LABELS, KeptDrawing
from nnstudio.data.strokes import SIDE
from nnstudio.gui.theme import font
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.numerals import grouped
from nnstudio.gui.widgets.pager import Pager
from nnstudio.gui.widgets.picture_grid import PictureGrid
from nnstudio.gui.widgets.segmented import SegmentedControl
from nnstudio.texts import tr, tr_count

SIZE_PX: Final = (720, 520)
ALL: Final = "all"
STANDARD_SHARE: Final = 5.0  # %


class MyDigitsDialog(QDialog):
    """Drawings in a grid; stays open beside the window.

    Knows what is kept, which digit is looked through, and what was deleted since it opened, so
    that it can be brought back.
    """

    delete_requested = Signal(str)
    restore_requested = Signal(str)
    rename_requested = Signal(str, str)
    delete_all_requested = Signal()
    import_requested = Signal()
    export_requested = Signal()
    mix_requested = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept: tuple[KeptDrawing, ...] = ()
        self._deleted: list[str] = []
        self._page = 0
        self.setWindowTitle(tr("My digits"))
        self.resize(*SIZE_PX)
        self.setMinimumSize(600, 360)
        self._sum = QLabel()
        self._sum.setFont(font(15, 600))
        self._labels = SegmentedControl([(ALL, tr("All"))])
        self.grid = PictureGrid(pickable=True)
        self.grid.setAccessibleName(tr("My digits"))
        self._pager = Pager()
        self._empty = EmptyState(
            tr("You have kept no digits yet"),
            tr(
                "Draw one on the canvas and say which it is, by a button under the drawing or by "
                "its key. It is kept here; a lesson or a training that it is mixed into learns it."
            ),
        )
        self.delete = QPushButton(tr("Delete"))
        self.restore = QPushButton(tr("Bring back"))
        self.rename = QPushButton(tr("It is a"))
        self._digits = QMenu(self)
        self.delete_all = QPushButton(tr("Delete all…"))
        self.take_in = QPushButton(tr("Import…"))
        self.export = QPushButton(tr("Export…"))
        self.share = QDoubleSpinBox()
        self.mix = QPushButton(tr("Mix in"))
        self.take_out = QPushButton(tr("Take out"))
        self._mixed = QLabel()
        self._lay_out()
        self._join()
        self._show_page()

    def show_kept(self, kept: Sequence[KeptDrawing]) -> None:
        """Show these drawings."""
        self._kept = tuple(kept)
        there = {one.identity for one in kept}
        self._deleted = [one for one in self._deleted if one not in there]
        self._show_page()

    def show_mixed(self, share: float) -> None:
        """Say which share of the training samples are these digits; 0 is none."""
        self._mixed.setText(
            tr("The next training has them mixed in: see My digits under Data in the experiment.")
            if share
            else tr("They are not part of the training.")
        )
        self.mix.setText(tr("Change the share") if share else tr("Mix in"))
        self.take_out.setVisible(share > 0)
        if share:
            self.share.setValue(100 * share)

    def keep_in_mind(self, identity: str) -> None:
        """Offer to bring back what was deleted."""
        self._deleted.append(identity)
        self._show_page()

    def forget_deleted(self) -> None:
        """Offer to bring back nothing: everything is gone."""
        self._deleted.clear()
        self._show_page()

    @property
    def shown(self) -> tuple[KeptDrawing, ...]:
        """The drawings of the digit that is looked through."""
        key = self._labels.key
        return tuple(one for one in self._kept if key in {ALL, one.drawing.label})

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the grid for the size that it has now."""
        super().showEvent(event)
        self._show_page()
        # no ring until a key says where it goes
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self.share.setRange(0.1, 90.0)
        self.share.setDecimals(1)
        self.share.setValue(STANDARD_SHARE)
        self.share.setSuffix(" %")
        self.share.setAccessibleName(tr("Share of the training samples"))
        self.share.setToolTip(
            tr(
                "So many of the samples of every epoch are your digits, each of them as often as "
                "that takes."
            )
        )
        place = QWidget(self)
        self._empty_place = QStackedLayout(place)
        self._empty_place.setContentsMargins(0, 0, 0, 0)
        page = QWidget(place)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.grid, 1)
        self._empty_place.addWidget(page)
        self._empty_place.addWidget(self._empty)
        head = self._row(self._sum, None, self._pager)
        acts = self._row(
            self.rename,
            self.delete,
            self.restore,
            self.delete_all,
            None,
            self.take_in,
            self.export,
        )
        line = QFrame()
        line.setProperty("role", "line")
        line.setFixedHeight(1)
        share = QLabel(tr("Share of the training samples"))
        share.setBuddy(self.share)
        mixing = self._row(share, self.share, self.mix, self.take_out, None)
        self._mixed.setProperty("role", "second")
        self._mixed.setFont(font(12))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._labels)
        column.addWidget(place, 1)
        column.addLayout(acts)
        column.addWidget(line)
        column.addLayout(mixing)
        column.addWidget(self._mixed)

    def _row(self, *widgets: QWidget | None) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in widgets:
            if widget is None:
                row.addStretch(1)
            else:
                row.addWidget(widget)
        return row

    def _join(self) -> None:
        for button in (self.delete, self.restore, self.delete_all, self.take_in, self.export):
            button.setAutoDefault(False)
        for button in (self.mix, self.take_out, self.rename):
            button.setAutoDefault(False)
        self._offer_digits()
        self.delete.setToolTip(tr("Delete the drawing that is framed (Del)"))
        self.restore.setToolTip(tr("Bring back what was deleted last (Ctrl+Z)"))
        self.grid.picked.connect(lambda _at: self._settle())
        self.grid.page_wished.connect(self._turn)
        self.grid.resized.connect(self._show_page)
        self._pager.page_requested.connect(self._go_to)
        self._labels.chosen.connect(lambda _key: self._go_to(0))
        self.delete.clicked.connect(self._delete)
        self.restore.clicked.connect(self._restore)
        self.delete_all.clicked.connect(self.delete_all_requested)
        self.take_in.clicked.connect(self.import_requested)
        self.export.clicked.connect(self.export_requested)
        self.mix.clicked.connect(lambda: self.mix_requested.emit(self.share.value() / 100))
        self.take_out.clicked.connect(lambda: self.mix_requested.emit(0.0))
        for key, act in (
            (QKeySequence.StandardKey.Delete, self._delete),
            (QKeySequence.StandardKey.Undo, self._restore),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(act)

    def _offer_digits(self) -> None:
        """Let the framed drawing be named anew, by the menu or the keys 0 to 9."""
        self.rename.setToolTip(tr("Say which digit the framed drawing is (keys 0 to 9)"))
        self.rename.setMenu(self._digits)
        for label in LABELS:
            act = self._digits.addAction(label)
            act.triggered.connect(partial(self._rename, label))
            shortcut = QShortcut(QKeySequence(label), self.grid)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._rename, label))

    def _rename(self, label: str, _checked: object = None) -> None:
        marked = self._marked()
        if marked is not None and marked.drawing.label != label:
            self.rename_requested.emit(marked.identity, label)
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turn(self, by: int) -> None:
        self._go_to(self._page + by)

    def _go_to(self, page: int) -> None:
        self._page = page
        self._show_page()

    def _show_page(self) -> None:
        count = len(self._kept)
        self._sum.setText(
            tr_count("{count} of my digits", "{count} of my digits", count, count=grouped(count))
            if count
            else tr("My digits")
        )
        by_label = dict.fromkeys(LABELS, 0)
        for one in self._kept:
            by_label[one.drawing.label] = by_label.get(one.drawing.label, 0) + 1
        self._labels.set_items(
            [
                (ALL, tr("All")),
                *(
                    (label, tr("{digit}: {count}", digit=label, count=grouped(found)))
                    for label, found in by_label.items()
                    if found
                ),
            ]
        )
        self._labels.setVisible(bool(count))
        shown, room = self.shown, max(self.grid.capacity, 1)
        pages = max(-(-len(shown) // room), 1)
        self._page = min(max(self._page, 0), pages - 1)
        part = shown[self._page * room :][:room]
        pictures = [one.drawing.pixels() for one in part]
        blank = np.zeros((SIDE, SIDE), dtype=np.uint8)
        self.grid.show_pictures(
            np.array([blank if one is None else one for one in pictures], dtype=np.uint8).reshape(
                -1, SIDE, SIDE
            ),
            tuple(one.drawing.label for one in part),
        )
        self._pager.show_page(self._page, pages)
        self._empty_place.setCurrentIndex(0 if count else 1)
        self._settle()

    def _settle(self) -> None:
        self.delete.setEnabled(self._marked() is not None)
        self.rename.setEnabled(self._marked() is not None)
        self.restore.setEnabled(bool(self._deleted))
        self.delete_all.setEnabled(bool(self._kept))
        self.export.setEnabled(bool(self._kept))
        self.mix.setEnabled(bool(self._kept))

    def _marked(self) -> KeptDrawing | None:
        at = self.grid.marked
        place = self._page * max(self.grid.capacity, 1) + (at or 0)
        shown = self.shown
        return shown[place] if at is not None and place < len(shown) else None

    def _delete(self) -> None:
        marked = self._marked()
        if marked is not None:
            self.delete_requested.emit(marked.identity)
            # the button may be off by now, and the next one along would open a file dialog
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _restore(self) -> None:
        if self._deleted:
            self.restore_requested.emit(self._deleted[-1])
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
