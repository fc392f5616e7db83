"""The menu of the canvas: everything that can be done with a drawing, and how it is read."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from nnstudio.gui.theme import icon
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.gui.widgets.paper import PAPERS, Paper
from nnstudio.texts import mark, tr

if TYPE_CHECKING:
    from nnstudio.gui.views.canvas.canvas_view import CanvasView

_PAPER_TITLES: Final[dict[Paper, str]] = {
    "theme": mark("Paper as the theme"),
    "light": mark("White paper, dark ink"),
    "dark": mark("Dark paper, light ink"),
}


def fill_menu(menu: QMenu, view: "CanvasView") -> None:
    """Add what `view` can do to its menu."""
    board, canvas = view.board, view.board.canvas
    menu.addAction(icon("image"), tr("Show a sample from the data"), view.samples_requested.emit)
    menu.addAction(icon("folder"), tr("Open a picture…"), view.open_picture)
    paste = menu.addAction(icon("copy"), tr("Paste a picture"), canvas.paste)
    paste.setEnabled(canvas.can_paste)
    stages = menu.addAction(icon("eye"), tr("How the photo was read"), view.show_stages)
    stages.setEnabled(canvas.picture is not None and canvas.picture.photo is not None)
    menu.addSeparator()
    undo = menu.addAction(icon("undo"), tr("Take the last stroke back"), canvas.undo)
    undo.setEnabled(canvas.can_undo)
    clear = menu.addAction(icon("cross"), tr("Clear the drawing"), canvas.clear)
    clear.setEnabled(bool(canvas.items))
    menu.addSeparator()
    several = menu.addAction(tr("Read several digits"))
    several.setCheckable(True)
    several.setChecked(board.several.isChecked())
    several.toggled.connect(board.several.setChecked)
    papers = QActionGroup(menu)
    for paper in PAPERS:
        action = menu.addAction(tr(_PAPER_TITLES[paper]))
        action.setCheckable(True)
        action.setChecked(canvas.paper == paper)
        action.triggered.connect(lambda _=False, wanted=paper: _choose(view, wanted))
        papers.addAction(action)


def _choose(view: "CanvasView", paper: Paper) -> None:
    view.set_paper(paper)
    view.chosen.emit("paper", paper)


def ask_picture(parent: QWidget, take: Callable[[Path], None]) -> None:
    """Let the user choose a picture file; `take` gets it."""
    dialog = QFileDialog(parent, tr("Open a picture"), existing_folder())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setNameFilters(
        [tr("Pictures (*.png *.jpg *.jpeg *.bmp *.gif *.webp)"), tr("All files (*)")]
    )
    dialog.fileSelected.connect(lambda path: take(Path(path)))
    dialog.open()
