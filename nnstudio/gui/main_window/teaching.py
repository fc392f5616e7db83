"""Teaching, joined: the bar under the canvas, the dialog of my digits, and the desk behind both."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox, QWidget

from nnstudio.errors import NnstudioError
from nnstudio.gui.views.canvas import CanvasView
from nnstudio.gui.views.my_digits import MyDigitsDialog
from nnstudio.gui.widgets.drawing import InkPicture
from nnstudio.gui.widgets.folders import existing_folder
from nnstudio.gui.widgets.teach_bar import TeachBar
from nnstudio.gui.workbench import Workbench
from nnstudio.gui.workbench.notices import notice_of
from nnstudio.gui.workbench.teach_desk import TOPIC
from nnstudio.texts import tr, tr_count

if TYPE_CHECKING:
    from nnstudio.gui.workbench.teach_desk import TeachState

SUFFIX: Final = ".jsonl.gz"
_SAMPLES: Final = frozenset(
    (".csv", ".tsv", ".txt", ".npz", ".zip", ".png", ".jpg", ".jpeg", ".bmp", ".idx")
)
AskPath = Callable[[QWidget, str], Path | None]


def ask_drawings(window: QWidget, folder: str) -> Path | None:
    """Let the user choose a file of drawings."""
    known = f"{tr('Drawings')} (*.jsonl *.jsonl.gz);;{tr('All files')} (*)"
    chosen, _ = QFileDialog.getOpenFileName(window, tr("Import drawings"), folder, known)
    return Path(chosen) if chosen else None


def ask_where(window: QWidget, folder: str) -> Path | None:
    """Let the user choose where drawings go; the ending is added where it is missing."""
    known = f"{tr('Drawings')} (*{SUFFIX} *.jsonl)"
    suggested = str(Path(folder) / f"my-digits{SUFFIX}")
    chosen, _ = QFileDialog.getSaveFileName(window, tr("Export my digits"), suggested, known)
    if not chosen:
        return None
    path = Path(chosen)
    return path if ".jsonl" in path.suffixes else path.with_name(path.name + SUFFIX)


def ask_delete_all(window: QWidget, count: int) -> bool:
    """Ask whether all drawings shall go for good."""
    box = QMessageBox(window)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(tr("My digits"))
    box.setText(
        tr_count("Delete {count} drawing for good?", "Delete all {count} drawings for good?", count)
    )
    box.setInformativeText(tr("Nothing brings them back; export them first to keep a copy."))
    delete = box.addButton(tr("Delete all"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    return box.clickedButton() is delete


def _is_drawn(view: CanvasView) -> bool:
    """Tell whether somebody drew or pasted what is shown; asked at every move of the pen."""
    canvas = view.board.canvas
    samples = (isinstance(one, InkPicture) and one.exact for one in canvas.items)
    return not canvas.empty and not any(samples)


class Teaching(QObject):
    """Puts a bar under every canvas, and hands its wishes and those of the dialog to the desk.

    Knows the dialog while it is open.
    """

    def __init__(
        self,
        window: QMainWindow,
        workbench: Workbench,
        canvases: tuple[CanvasView, ...],
        *,
        open_path: AskPath = ask_drawings,
        save_path: AskPath = ask_where,
        sure: Callable[[QWidget, int], bool] = ask_delete_all,
    ) -> None:
        super().__init__(window)
        self._window, self._workbench, self._desk = window, workbench, workbench.teach
        self._open_path, self._save_path, self._sure = open_path, save_path, sure
        self._version: tuple[int, int] | None = None
        self._bars = [(view, self._bar_under(view)) for view in canvases]
        self.dialog: MyDigitsDialog | None = None
        self._desk.changed.connect(self._show)
        self._show()

    @property
    def bars(self) -> tuple[TeachBar, ...]:
        """The bars under the canvases."""
        return tuple(bar for _view, bar in self._bars)

    def open(self) -> None:
        """Open the dialog."""
        self._desk.look()
        if self.dialog is None:
            self.dialog = dialog = MyDigitsDialog(self._window)
            dialog.delete_requested.connect(self._delete)
            dialog.restore_requested.connect(self._desk.restore)
            dialog.rename_requested.connect(self._rename)
            dialog.delete_all_requested.connect(self._delete_all)
            dialog.import_requested.connect(self._import)
            dialog.export_requested.connect(self._export)
            dialog.mix_requested.connect(self._desk.mix)
            dialog.finished.connect(self._forget)
            self._version = None
            self._show()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _bar_under(self, view: CanvasView) -> TeachBar:
        bar = TeachBar()
        view.board.set_foot(bar)
        bar.listen_in(view.board)
        bar.taught.connect(lambda label: self._teach(view, label))
        bar.undo_requested.connect(self._desk.take_back)
        bar.learn_requested.connect(self._desk.learn)
        bar.review_requested.connect(self.open)
        view.board.canvas.strokes_changed.connect(self._drawing_news)
        # the next of several digits on the paper is another drawing too
        view.drawing_changed.connect(self._drawing_news)
        return bar

    def _teach(self, view: CanvasView, label: str) -> None:
        drawing = view.drawing()
        if drawing is not None:
            self._desk.keep(drawing, label)

    def _drawing_news(self, _seen: object = None) -> None:
        self._desk.settle_kept()
        self._show()

    def _show(self, _state: object = None) -> None:
        state: TeachState = self._desk.state
        for view, bar in self._bars:
            bar.show_state(
                count=state.count,
                kept=state.kept,
                drawn=_is_drawn(view),
                learning=state.learning,
            )
        if self.dialog is not None:
            if state.version != self._version:
                self._version = state.version
                self.dialog.show_kept(self._desk.drawings)
            self.dialog.show_mixed(state.mixed)

    def _delete(self, identity: str) -> None:
        if self._desk.delete(identity) and self.dialog is not None:
            self.dialog.keep_in_mind(identity)

    def _rename(self, identity: str, label: str) -> None:
        """Keep a drawing as another digit: nothing in what is kept is ever changed."""
        drawings = (one.drawing for one in self._desk.drawings if one.identity == identity)
        drawing = next(drawings, None)
        if drawing is not None and self._desk.keep(drawing, label):
            self._desk.delete(identity)

    def _delete_all(self) -> None:
        dialog = self.dialog
        sure = dialog is not None and self._sure(dialog, self._desk.state.count)
        if sure and self._desk.delete_all() and dialog is not None:
            dialog.forget_deleted()

    def _import(self) -> None:
        path = self._open_path(self.dialog or self._window, self._folder())
        if path is None:
            return
        if _SAMPLES & {one.lower() for one in path.suffixes}:
            error = NnstudioError(
                "{file} holds no drawings: these are lines of JSON, as Export writes them.",
                hint="“Import samples” in the File menu reads pictures and tables.",
                file=path.name,
            )
            self._workbench.tell(notice_of(error, topic=TOPIC))
            return
        self._desk.take_in(path)

    def _export(self) -> None:
        path = self._save_path(self.dialog or self._window, self._folder())
        if path is not None:
            self._desk.export(path)

    def _folder(self) -> str:
        return existing_folder(self._workbench.settings.last_folder)

    def _forget(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
